import { homedir } from 'node:os';
import { posix } from 'node:path';
import * as vscode from 'vscode';
import { l10n } from 'vscode';
import { asList, asText } from '../core/joining.ts';
import { asItCame, type SaveOptions } from '../core/saveOptions.ts';
import { editedInput } from './editing/editedInput.ts';
import { InsideError } from './editing/insideError.ts';
import type { InsidePictures } from './editing/insidePictures.ts';
import { shownSavedAs, versionKeepingOutside } from './editing/versions.ts';
import { InsertError } from './inserting/insertError.ts';
import { insertReferences, type SavedPicture, type SavedVariant } from './inserting/inserter.ts';
import type { InsertTarget } from './inserting/insertTarget.ts';
import { altFromPrompt } from './inserting/reference.ts';
import type { Log } from './log.ts';
import { placesOf } from '../jobs/resultMarks.ts';
import { plainText } from './plainText.ts';
import type { RecipeGiver } from './recipes/giving.ts';
import { askForFolder } from './saving/folderDialog.ts';
import type { Destination, Destinations, NamedFile } from './saving/destinations.ts';
import { numberedName } from './saving/fileName.ts';
import type { MadeResult, Making } from './saving/making.ts';
import { formatOfTarget, isStill } from './saving/fixedTarget.ts';
import { indexOf, keptPicture, namedFile, promptOf, slotLineOf, slotOf } from './saving/named.ts';
import type { SaveChoices } from './saving/choices.ts';
import { SaveError } from './saving/saveError.ts';
import type { Saver } from './saving/saver.ts';
import type { FoundResult, Services } from './services.ts';
import type { Sites } from './site.ts';
import {
  insertSentence,
  type Telling,
  tellInsideError,
  tellSavedGone,
  tellUnsaved,
  type UnsavedPicture,
} from './telling.ts';

/** How saving ends. `files` are those that were written, also when a later one failed. */
export type SaveOutcome =
  | { readonly kind: 'saved'; readonly files: readonly vscode.Uri[] }
  | { readonly kind: 'declined'; readonly files: readonly vscode.Uri[] }
  | { readonly kind: 'failed'; readonly files: readonly vscode.Uri[]; readonly telling: Telling };

/** How inserting ends. */
export type InsertOutcome =
  | SaveOutcome
  | { readonly kind: 'inserted'; readonly files: readonly vscode.Uri[]; readonly document: vscode.Uri };

/** Pictures as files that a document can refer to; `saved` are those that were written for it. */
export interface PictureFiles {
  readonly kind: 'files';
  readonly saved: readonly vscode.Uri[];
  readonly pictures: readonly SavedPicture[];
}

interface Parts {
  readonly services: Pick<Services, 'findResult'>;
  /** A picture in the version that the user has chosen. Throws InsideError where that cannot be had. */
  readonly shown: InsidePictures['shown'];
  readonly saver: Pick<Saver, 'save' | 'saveAs' | 'saveExactly'>;
  /** Gives a picture its recipe on the way to its file. */
  readonly recipes: Pick<RecipeGiver, 'save'>;
  readonly destinations: Pick<Destinations, 'of' | 'forDocument' | 'name'>;
  readonly making: Pick<Making, 'made' | 'madeFor'>;
  readonly choices: Pick<SaveChoices, 'usual'>;
  /** Told of every file that was written. */
  readonly saved: (made: FoundResult, file: vscode.Uri) => Promise<void>;
  /** A document whose workspace folder is meant where there are several. */
  readonly nearby: () => vscode.Uri | undefined;
  /** What kind of project a document belongs to. */
  readonly sites: Pick<Sites, 'siteOf'>;
  readonly log: Log;
}

interface SavedForm {
  readonly result: Pick<FoundResult['result'], 'width' | 'height' | 'format'>;
  readonly variants: readonly SavedVariant[];
}

/** What can be done with a kept picture, by its id. An id that does not exist any more does nothing. */
export class Results {
  readonly #parts: Parts;
  /** What was written by this window, by URI: its size and format, and the narrower files of the same picture. */
  readonly #savedForms = new Map<string, SavedForm>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Saves pictures as new files: edits beside the picture they were made from, others in the save folder. Asks for a place
   * where no folder is open.
   * @param near the document that they are saved for
   * @param options instead of what is usual in the workspace folder
   */
  async save(ids: readonly string[], near?: vscode.Uri, options?: SaveOptions): Promise<SaveOutcome> {
    return this.#withShown(ids, (found) => this.#save(found, near, options));
  }

  async #save(
    found: readonly FoundResult[],
    near: vscode.Uri | undefined,
    options: SaveOptions | undefined,
  ): Promise<SaveOutcome> {
    const [first] = found;
    if (!first) return { kind: 'declined', files: [] };
    const edited = editedInput(first.job.record);
    const source = edited && vscode.Uri.parse(edited.source.uri);
    const isOneJob = found.every(({ job }) => job === first.job);
    const home = source && isOneJob ? vscode.workspace.getWorkspaceFolder(source) : undefined;
    if (source && home) return this.#saveBeside(found, source, home, options);
    if (!vscode.workspace.workspaceFolders?.length) return this.#saveElsewhere(found);
    const workspaceFolder = await chooseWorkspaceFolder(near ?? this.#parts.nearby());
    if (!workspaceFolder) return { kind: 'declined', files: [] };
    const { destinations, nearby } = this.#parts;
    const placeOf = (file: NamedFile) =>
      near ? destinations.forDocument(file, workspaceFolder, near) : destinations.of(file, workspaceFolder, nearby());
    return this.#saveIn(workspaceFolder, found, placeOf, options);
  }

  /** Saves a picture as the user has chosen it: in what form, and under which name in which folder. */
  async saveSo(
    id: string,
    options: SaveOptions,
    workspaceFolder: vscode.WorkspaceFolder,
    placeOf: (file: NamedFile) => Promise<Destination>,
  ): Promise<SaveOutcome> {
    return this.#withShown([id], (found) => this.#saveIn(workspaceFolder, found, placeOf, options));
  }

  /** Saves pictures as new files in the folder of another, under names like that one's, or under those of their slots. */
  async saveBeside(ids: readonly string[], neighbour: vscode.Uri): Promise<SaveOutcome> {
    const workspaceFolder = vscode.workspace.getWorkspaceFolder(neighbour);
    if (!workspaceFolder) return this.save(ids);
    return this.#withShown(ids, (found) => this.#saveBeside(found, neighbour, workspaceFolder));
  }

  async #saveBeside(
    found: readonly FoundResult[],
    neighbour: vscode.Uri,
    workspaceFolder: vscode.WorkspaceFolder,
    options?: SaveOptions,
  ): Promise<SaveOutcome> {
    // Its names are taken as they are: in a setting, a tilde and a backslash mean something.
    const way = posix.relative(workspaceFolder.uri.path, posix.dirname(neighbour.path));
    const folder = way === '' ? [] : way.split('/');
    const prompt = posix.basename(neighbour.path, posix.extname(neighbour.path));
    const nameOf = (one: MadeResult) =>
      this.#parts.destinations.name(namedFile(one, slotLineOf(one) ?? prompt), workspaceFolder.uri);
    return this.#saveIn(workspaceFolder, found, async (_file, one) => ({ folder, name: nameOf(one) }), options);
  }

  /**
   * Saves the pictures of a job as exactly these files, which were fixed before they were paid for, whole or as was agreed
   * on with them; one that cannot be saved keeps no other from it. One whose file stands there already is left as it is, so
   * that this can be repeated.
   * @param targets by the places of the pictures in their answer; one without stays unsaved
   * @param replaced the same, sha256 of the files that they may take the place of
   */
  async saveExactly(
    ids: readonly string[],
    targets: readonly (string | undefined)[],
    replaced: readonly (string | undefined)[] = [],
  ): Promise<SaveOutcome> {
    const outcomes: SaveOutcome[] = [];
    for (const found of this.#find(ids)) {
      const target = targets[indexOf(found)];
      const uri = target === undefined ? undefined : vscode.Uri.parse(target);
      if (!uri) continue;
      const replaces = replaced[indexOf(found)];
      const isSaved = placesOf(found.result).includes(uri.toString());
      if (isSaved && (await isThere(uri)) && !(await isStill(uri, replaces))) continue;
      const one = await this.#asAgreed(found, uri);
      const save = async () => {
        const made = await this.#madeFor(uri, one);
        return this.#parts.recipes.save(made, keptPicture(made, ''), vscode.Uri.joinPath(uri, '..'), ({ file }) =>
          this.#parts.saver.saveExactly(file, made.result.format, uri, replaces),
        );
      };
      outcomes.push(await this.#keepTrack([one], asItCame, save));
    }
    const files = outcomes.flatMap((outcome) => outcome.files);
    const failed = outcomes.flatMap((outcome) => (outcome.kind === 'failed' ? outcome.telling : []));
    const [first] = failed;
    if (!first) return { kind: 'saved', files };
    return { kind: 'failed', files, telling: { ...first, unsaved: failed.flatMap(({ unsaved = [] }) => unsaved) } };
  }

  /** All of a picture, or, where that was agreed on and can be had, with what was there before outside its boxes. */
  async #asAgreed(found: FoundResult, target: vscode.Uri): Promise<FoundResult> {
    const { job, result, service } = found;
    const { intent } = job.record;
    const version =
      intent.kind === 'save' && intent.keepOutside
        ? versionKeepingOutside(job.record, result, formatOfTarget(target) ?? '')
        : undefined;
    if (!version) return whole(found);
    try {
      const agreed = await this.#parts.shown({ ...found, result: { ...result, shown: version } });
      // What the file has is what people see of it.
      await service.jobs.markShown(result.id, version);
      return agreed;
    } catch (error) {
      if (!(error instanceof InsideError)) throw error;
      this.#parts.log.error(`A picture could not be put into its boxes: ${error.kind}.`, error.cause);
      return whole(found);
    }
  }

  /** Saves pictures where the user points: one under a name, several in a folder. */
  async saveElsewhere(ids: readonly string[]): Promise<SaveOutcome> {
    return this.#withShown(ids, (found) => this.#saveElsewhere(found));
  }

  async #saveElsewhere(found: readonly FoundResult[]): Promise<SaveOutcome> {
    const [only, ...more] = found;
    if (!only) return { kind: 'declined', files: [] };
    if (more.length > 0) return this.#saveInChosenFolder(found);
    const { extension, values } = namedFile(only);
    const chosen = await vscode.window.showSaveDialog({
      defaultUri: vscode.Uri.joinPath(startOfDialogs(), numberedName(values.slug, extension, 1)),
      filters: { [l10n.t('Picture')]: [...new Set([extension, 'png', 'jpg', 'webp', 'avif'])] },
      title: l10n.t('Save Picture'),
    });
    if (!chosen) return { kind: 'declined', files: [] };
    return this.#keepTrack([only], asItCame, async () => {
      const made = await this.#madeFor(chosen, only);
      return this.#parts.recipes.save(
        made,
        keptPicture(made, values.slug),
        vscode.Uri.joinPath(chosen, '..'),
        (given) => this.#parts.saver.saveAs(given, chosen),
      );
    });
  }

  /** A picture in the format that the name of a file asks for. */
  #madeFor(target: vscode.Uri, found: FoundResult): Promise<FoundResult> {
    const folder = vscode.workspace.getWorkspaceFolder(target);
    return this.#parts.making.madeFor(target, found, this.#parts.choices.usual(folder?.uri).quality);
  }

  /** Writes references to pictures at a place in a document, after saving those that are no files yet. */
  async insert(ids: readonly string[], target: InsertTarget): Promise<InsertOutcome> {
    const files = await this.filesFor(ids, target.document);
    return files.kind === 'files' ? this.#insert(files.pictures, target) : files;
  }

  /** Pictures as files for a document, after saving those that are none yet. */
  async filesFor(ids: readonly string[], document: vscode.Uri): Promise<PictureFiles | SaveOutcome> {
    const unsaved = await this.#unsaved(ids);
    const saving = unsaved.length > 0 ? await this.save(unsaved, document) : ({ kind: 'saved', files: [] } as const);
    if (saving.kind !== 'saved') return saving;
    return this.#withShown<PictureFiles | SaveOutcome>(ids, async (found) => ({
      kind: 'files',
      saved: saving.files,
      pictures: found.flatMap((one) => this.#savedPicture(one)),
    }));
  }

  async #insert(pictures: readonly SavedPicture[], target: InsertTarget): Promise<InsertOutcome> {
    const files = pictures.map((picture) => picture.file);
    try {
      const document = await insertReferences(target, pictures, this.#parts.sites);
      return { kind: 'inserted', files, document: document.uri };
    } catch (error) {
      if (!(error instanceof InsertError)) throw error;
      this.#parts.log.error(`A reference was not inserted: ${error.kind}.`, error.cause);
      const saved = l10n.t('Saved {0}.', asList(files.map(shortPath), vscode.env.language));
      return {
        kind: 'failed',
        files,
        telling: {
          severity: 'warning',
          text: asText([saved, insertSentence(error.kind, shortPath(target.document))]),
          actions: [],
        },
      };
    }
  }

  /** The file a picture was saved as last, if it is still there. */
  async savedFile(id: string): Promise<vscode.Uri | undefined> {
    const savedAs = this.#shownSavedAs(id);
    if (savedAs === undefined) return undefined;
    const file = vscode.Uri.parse(savedAs, true);
    return (await isThere(file)) ? file : undefined;
  }

  /** A picture as a file that can be sent along: the one it was saved as, else the kept copy under a name made from its prompt. */
  async pictureFile(id: string): Promise<{ readonly file: vscode.Uri; readonly name: string } | undefined> {
    const found = this.#parts.services.findResult(id);
    if (!found) return undefined;
    const saved = await this.savedFile(id);
    if (saved) return { file: saved, name: shortPath(saved) };
    const shown = await this.#parts.shown(found);
    const { values, extension } = namedFile(shown);
    return { file: vscode.Uri.file(shown.file), name: numberedName(values.slug, extension, 1) };
  }

  /** Those pictures that are no files yet, or whose files are gone. */
  async #unsaved(ids: readonly string[]): Promise<string[]> {
    const files = await Promise.all(ids.map((id) => this.savedFile(id)));
    return ids.filter((_, index) => files[index] === undefined);
  }

  /** Saves the pictures of a job that are no files yet, in the order of its slots. */
  async saveAll(ids: readonly string[]): Promise<SaveOutcome> {
    const inOrder = this.#find(ids).toSorted((one, other) => slotOf(one) - slotOf(other));
    return this.save(await this.#unsaved(inOrder.map(({ result }) => result.id)));
  }

  /**
   * Shows a saved picture in the Explorer, or the file system's own window where it is outside the workspace. Answers what
   * stands in the way.
   */
  async reveal(id: string): Promise<Telling | undefined> {
    const file = await this.savedFile(id);
    if (!file) return this.#tellGone(id);
    await showInExplorer(file);
    return undefined;
  }

  /** Copies the whole path of a saved picture, and says so. */
  async copyPath(id: string): Promise<Telling | undefined> {
    const file = await this.savedFile(id);
    if (!file) return this.#tellGone(id);
    await vscode.env.clipboard.writeText(file.scheme === 'file' ? file.fsPath : file.toString());
    return { severity: 'info', text: l10n.t('The path of {0} is in the clipboard.', shortPath(file)), actions: [] };
  }

  #tellGone(id: string): Telling | undefined {
    const savedAs = this.#parts.services.findResult(id)?.result.savedAs;
    return savedAs === undefined ? undefined : tellSavedGone(shortPath(vscode.Uri.parse(savedAs)));
  }

  /** Opens a picture in an editor: its file, or the kept copy. */
  async open(id: string): Promise<void> {
    const found = this.#parts.services.findResult(id);
    if (!found) return;
    const saved = await this.savedFile(id);
    const file = saved ?? vscode.Uri.file((await this.#parts.shown(found)).file);
    await vscode.commands.executeCommand('vscode.open', file);
  }

  /** Does something with pictures in the versions that the user has chosen; where one cannot be had, nothing is done. */
  async #withShown<Outcome>(
    ids: readonly string[],
    use: (found: readonly FoundResult[]) => Promise<Outcome>,
  ): Promise<Outcome | SaveOutcome> {
    const shown: FoundResult[] = [];
    for (const found of this.#find(ids)) {
      try {
        shown.push(await this.#parts.shown(found));
      } catch (error) {
        if (!(error instanceof InsideError)) throw error;
        this.#parts.log.error(`A picture was not saved: ${error.kind}.`, error.cause);
        return { kind: 'failed', files: [], telling: tellInsideError(error) };
      }
    }
    return use(shown);
  }

  #shownSavedAs(id: string): string | undefined {
    const found = this.#parts.services.findResult(id);
    return found && shownSavedAs(found.job.record, found.result);
  }

  #find(ids: readonly string[]): FoundResult[] {
    return ids.flatMap((id) => this.#parts.services.findResult(id) ?? []);
  }

  async #saveInChosenFolder(found: readonly FoundResult[]): Promise<SaveOutcome> {
    const folder = await askForFolder(l10n.t('Save {0} Pictures', found.length), l10n.t('Save Here'), startOfDialogs());
    if (!folder) return { kind: 'declined', files: [] };
    const name = (file: NamedFile) => this.#parts.destinations.name(file, folder);
    return this.#saveIn({ uri: folder, name: shortPath(folder), index: 0 }, found, async (file) => ({
      folder: [],
      name: name(file),
    }));
  }

  async #saveIn(
    workspaceFolder: vscode.WorkspaceFolder,
    found: readonly FoundResult[],
    placeOf: (file: NamedFile, made: MadeResult) => Promise<Destination>,
    options = this.#parts.choices.usual(workspaceFolder.uri),
  ): Promise<SaveOutcome> {
    return this.#keepTrack(found, options, async (made) => {
      const { folder, name } = await placeOf(namedFile(made), made);
      const target = vscode.Uri.joinPath(workspaceFolder.uri, ...folder);
      return this.#parts.recipes.save(made, keptPicture(made, name), target, (given) =>
        this.#parts.saver.save(given, { workspaceFolder, folder }),
      );
    });
  }

  /** The picture is in its file whether or not the journal takes the note: without it, it is saved once more one day. */
  async #markSaved({ service, result }: FoundResult, file: vscode.Uri): Promise<void> {
    try {
      await service.jobs.markSaved(result.id, file.toString(), result.shown);
    } catch (error) {
      this.#parts.log.error('It could not be noted where a picture was saved.', error);
    }
  }

  #savedPicture({ job, result }: FoundResult): SavedPicture[] {
    if (result.savedAs === undefined) return [];
    const known = this.#savedForms.get(result.savedAs);
    const { width, height, format } = known?.result ?? result;
    const file = vscode.Uri.parse(result.savedAs, true);
    const picture = { file, alt: altFromPrompt(promptOf({ job, result })), width, height, type: `image/${format}` };
    return [{ ...picture, ...(known && known.variants.length > 0 && { variants: known.variants }) }];
  }

  /**
   * Saves one after the other, each in the form that is asked for, and remembers where; one that cannot be saved keeps no
   * other from it. Of one in several widths it remembers the widest.
   */
  async #keepTrack(
    found: readonly FoundResult[],
    options: SaveOptions,
    save: (one: MadeResult) => Promise<vscode.Uri>,
  ): Promise<SaveOutcome> {
    const files: vscode.Uri[] = [];
    const failed: UnsavedPicture[] = [];
    for (const one of found) {
      try {
        const written: SavedVariant[] = [];
        for (const made of await this.#parts.making.made(one, options)) {
          const file = await save(made);
          this.#savedForms.set(file.toString(), { result: made.result, variants: [...written] });
          await this.#parts.saved(made, file);
          files.push(file);
          written.push({ file, width: made.result.width, type: `image/${made.result.format}` });
        }
        const widest = written.at(-1);
        if (widest) await this.#markSaved(one, widest.file);
      } catch (error) {
        if (!(error instanceof SaveError)) throw error;
        this.#parts.log.error(`A picture was not saved: ${error.kind}.`, error.cause);
        failed.push({ id: one.result.id, name: nameOf(one), kind: error.kind, place: error.place });
      }
    }
    return failed.length === 0
      ? { kind: 'saved', files }
      : { kind: 'failed', files, telling: tellUnsaved(failed, found.length) };
  }
}

/** Shows a file in the Explorer if it is in the workspace. */
export async function showInExplorer(file: vscode.Uri): Promise<void> {
  const isInside = vscode.workspace.getWorkspaceFolder(file) !== undefined;
  await vscode.commands.executeCommand(isInside ? 'revealInExplorer' : 'revealFileInOS', file);
}

const isThere = (file: vscode.Uri): Thenable<boolean> =>
  vscode.workspace.fs.stat(file).then(
    () => true,
    () => false,
  );

/** A file as the user would name it: from the workspace folder on, where it is in one. */
export const shortPath = (file: vscode.Uri): string => plainText(vscode.workspace.asRelativePath(file));

const whole = (found: FoundResult): FoundResult => ({ ...found, result: { ...found.result, shown: 'whole' } });

/** What the user knows a picture by that is one of several. */
const nameOf = (one: FoundResult): string => slotLineOf(one) ?? l10n.t('Picture {0}', slotOf(one) + 1);

async function chooseWorkspaceFolder(near: vscode.Uri | undefined): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const nearest = near && vscode.workspace.getWorkspaceFolder(near);
  if (nearest || folders.length <= 1) return nearest ?? folders[0];
  return vscode.window.showWorkspaceFolderPick({ placeHolder: l10n.t('Save the picture in which folder?') });
}

export function startOfDialogs(): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.find(
    ({ uri }) => vscode.workspace.fs.isWritableFileSystem(uri.scheme) !== false,
  );
  return folder?.uri ?? vscode.Uri.file(homedir());
}
