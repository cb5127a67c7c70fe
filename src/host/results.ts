import { homedir } from 'node:os';
import { posix } from 'node:path';
import * as vscode from 'vscode';
import { l10n } from 'vscode';
import { asList, asText } from '../core/joining.ts';
import { lineOf, slotsOf } from '../jobs/slots.ts';
import { extensionFor, type ImageFormat } from '../pixels/format.ts';
import { editedInput } from './editing/editedInput.ts';
import { InsideError } from './editing/insideError.ts';
import type { InsidePictures } from './editing/insidePictures.ts';
import { shownSavedAs } from './editing/versions.ts';
import { InsertError } from './inserting/insertError.ts';
import { insertReferences, type SavedPicture } from './inserting/inserter.ts';
import type { InsertTarget } from './inserting/insertTarget.ts';
import { altFromPrompt } from './inserting/reference.ts';
import type { Log } from './log.ts';
import { plainText } from './plainText.ts';
import type { RecipeGiver } from './recipes/giving.ts';
import { fileNameFromPrompt, numberedName } from './saving/fileName.ts';
import { SaveError } from './saving/saveError.ts';
import { folderOf, type KeptPicture, type Saver, type SavePlace } from './saving/saver.ts';
import type { FoundResult, Services } from './services.ts';
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

interface Parts {
  readonly services: Pick<Services, 'findResult'>;
  /** A picture in the version that the user has chosen. Throws InsideError where that cannot be had. */
  readonly shown: InsidePictures['shown'];
  readonly saver: Pick<Saver, 'save' | 'saveAs' | 'saveExactly'>;
  /** Gives a picture its recipe on the way to its file. */
  readonly recipes: Pick<RecipeGiver, 'save'>;
  /** The save folder of a workspace folder, as the setting has it. */
  readonly saveFolder: (workspaceFolder: vscode.Uri) => string;
  /** A document whose workspace folder is meant where there are several. */
  readonly nearby: () => vscode.Uri | undefined;
  readonly log: Log;
}

/** What can be done with a kept picture, by its id. An id that does not exist any more does nothing. */
export class Results {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Saves pictures as new files: edits beside the picture they were made from, others in the save folder. Asks for a place
   * where no folder is open.
   */
  async save(ids: readonly string[], near?: vscode.Uri): Promise<SaveOutcome> {
    return this.#withShown(ids, (found) => this.#save(found, near));
  }

  async #save(found: readonly FoundResult[], near: vscode.Uri | undefined): Promise<SaveOutcome> {
    const [first] = found;
    if (!first) return { kind: 'declined', files: [] };
    const edited = editedInput(first.job.record);
    const source = edited && vscode.Uri.parse(edited.source.uri);
    const isOneJob = found.every(({ job }) => job === first.job);
    const home = source && isOneJob ? vscode.workspace.getWorkspaceFolder(source) : undefined;
    if (source && home) return this.#saveBeside(found, source, home);
    if (!vscode.workspace.workspaceFolders?.length) return this.#saveElsewhere(found);
    const workspaceFolder = await chooseWorkspaceFolder(near ?? this.#parts.nearby());
    if (!workspaceFolder) return { kind: 'declined', files: [] };
    return this.#saveIn({ workspaceFolder, folder: this.#parts.saveFolder(workspaceFolder.uri) }, found);
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
  ): Promise<SaveOutcome> {
    // Its names are taken as they are: in a setting, a tilde and a backslash mean something.
    const way = posix.relative(workspaceFolder.uri.path, posix.dirname(neighbour.path));
    const folder = way === '' ? [] : way.split('/');
    const prompt = posix.basename(neighbour.path, posix.extname(neighbour.path));
    const place = { workspaceFolder, folder };
    return this.#keepTrack(found, (one) => {
      const picture = { ...keptPicture(one), prompt: slotLineOf(one) ?? prompt };
      return this.#parts.recipes.save(one, picture, folderOf(place), (given) => this.#parts.saver.save(given, place));
    });
  }

  /**
   * Saves the pictures of a job as exactly these files, which were fixed before they were paid for; one that cannot be
   * saved keeps no other from it. One whose file stands there already is left as it is, so that this can be repeated.
   * @param targets by the places of the pictures in their answer; one without stays unsaved
   * @param replaced the same, sha256 of the files that they may take the place of
   */
  async saveExactly(
    ids: readonly string[],
    targets: readonly (string | undefined)[],
    replaced: readonly (string | undefined)[] = [],
  ): Promise<SaveOutcome> {
    const outcomes: SaveOutcome[] = [];
    for (const one of this.#find(ids).map(asItCame)) {
      const target = targets[indexOf(one)];
      const uri = target === undefined ? undefined : vscode.Uri.parse(target);
      if (!uri) continue;
      const replaces = replaced[indexOf(one)];
      if (replaces === undefined && one.result.savedAs === uri.toString() && (await isThere(uri))) continue;
      const save = () =>
        this.#parts.recipes.save(one, keptPicture(one), vscode.Uri.joinPath(uri, '..'), ({ file }) =>
          this.#parts.saver.saveExactly(file, one.result.format, uri, replaces),
        );
      outcomes.push(await this.#keepTrack([one], save));
    }
    const files = outcomes.flatMap((outcome) => outcome.files);
    const failed = outcomes.flatMap((outcome) => (outcome.kind === 'failed' ? outcome.telling : []));
    const [first] = failed;
    if (!first) return { kind: 'saved', files };
    return { kind: 'failed', files, telling: { ...first, unsaved: failed.flatMap(({ unsaved = [] }) => unsaved) } };
  }

  /** Saves pictures where the user points: one under a name, several in a folder. */
  async saveElsewhere(ids: readonly string[]): Promise<SaveOutcome> {
    return this.#withShown(ids, (found) => this.#saveElsewhere(found));
  }

  async #saveElsewhere(found: readonly FoundResult[]): Promise<SaveOutcome> {
    const [only, ...more] = found;
    if (!only) return { kind: 'declined', files: [] };
    if (more.length > 0) return this.#saveInChosenFolder(found);
    const picture = keptPicture(only);
    const chosen = await vscode.window.showSaveDialog({
      defaultUri: vscode.Uri.joinPath(
        startOfDialogs(),
        numberedName(fileNameFromPrompt(picture.prompt), picture.extension, 1),
      ),
      filters: { [l10n.t('Picture')]: [picture.extension] },
      title: l10n.t('Save Picture'),
    });
    if (!chosen) return { kind: 'declined', files: [] };
    return this.#keepTrack([only], (one) =>
      this.#parts.recipes.save(one, picture, vscode.Uri.joinPath(chosen, '..'), (given) =>
        this.#parts.saver.saveAs(given, chosen),
      ),
    );
  }

  /** Writes references to pictures at a place in a document, after saving those that are no files yet. */
  async insert(ids: readonly string[], target: InsertTarget): Promise<InsertOutcome> {
    const unsaved = await this.#unsaved(ids);
    const saving =
      unsaved.length > 0 ? await this.save(unsaved, target.document) : ({ kind: 'saved', files: [] } as const);
    if (saving.kind !== 'saved') return saving;
    return this.#withShown<InsertOutcome>(ids, (found) => this.#insert(found.flatMap(savedPicture), target));
  }

  async #insert(pictures: readonly SavedPicture[], target: InsertTarget): Promise<InsertOutcome> {
    const files = pictures.map((picture) => picture.file);
    try {
      const document = await insertReferences(target, pictures);
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
    const { prompt, extension } = keptPicture(shown);
    return { file: vscode.Uri.file(shown.file), name: numberedName(fileNameFromPrompt(prompt), extension, 1) };
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
    const [folder] =
      (await vscode.window.showOpenDialog({
        canSelectFiles: false,
        canSelectFolders: true,
        canSelectMany: false,
        defaultUri: startOfDialogs(),
        openLabel: l10n.t('Save Here'),
        title: l10n.t('Save {0} Pictures', found.length),
      })) ?? [];
    if (!folder) return { kind: 'declined', files: [] };
    return this.#saveIn({ workspaceFolder: { uri: folder, name: shortPath(folder), index: 0 }, folder: '' }, found);
  }

  async #saveIn(place: SavePlace, found: readonly FoundResult[]): Promise<SaveOutcome> {
    return this.#keepTrack(found, (one) =>
      this.#parts.recipes.save(one, keptPicture(one), folderOf(place), (given) => this.#parts.saver.save(given, place)),
    );
  }

  /** The picture is in its file whether or not the journal takes the note: without it, it is saved once more one day. */
  async #markSaved({ service, result }: FoundResult, file: vscode.Uri): Promise<void> {
    try {
      await service.jobs.markSaved(result.id, file.toString(), result.shown);
    } catch (error) {
      this.#parts.log.error('It could not be noted where a picture was saved.', error);
    }
  }

  /** Saves one after the other and remembers where; one that cannot be saved keeps no other from it. */
  async #keepTrack(
    found: readonly FoundResult[],
    save: (one: FoundResult) => Promise<vscode.Uri>,
  ): Promise<SaveOutcome> {
    const files: vscode.Uri[] = [];
    const failed: UnsavedPicture[] = [];
    for (const one of found) {
      try {
        const file = await save(one);
        files.push(file);
        await this.#markSaved(one, file);
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

function keptPicture({ file, job, result }: FoundResult): KeptPicture {
  return { file, prompt: promptOf({ job, result }), extension: extensionOf(result.format) };
}

const asItCame = (found: FoundResult): FoundResult => ({ ...found, result: { ...found.result, shown: 'whole' } });

function savedPicture({ job, result }: FoundResult): SavedPicture[] {
  if (result.savedAs === undefined) return [];
  return [
    {
      file: vscode.Uri.parse(result.savedAs, true),
      alt: altFromPrompt(promptOf({ job, result })),
      width: result.width,
      height: result.height,
    },
  ];
}

/** The place of a picture in its job, from 0. */
const indexOf = ({ job, result }: Pick<FoundResult, 'job' | 'result'>): number =>
  Number(result.id.slice(job.record.id.length + 1));

const slotOf = ({ job, result }: Pick<FoundResult, 'job' | 'result'>): number => slotsOf(job.record).indexOf(result.id);

const slotLineOf = ({ job, result }: Pick<FoundResult, 'job' | 'result'>): string | undefined =>
  lineOf(job.record, result.id);

/** What this picture shows: in a set with a line for each picture that of its slot, else the prompt. */
const promptOf = (one: Pick<FoundResult, 'job' | 'result'>): string => slotLineOf(one) ?? one.job.record.request.prompt;

/** What the user knows a picture by that is one of several. */
const nameOf = (one: FoundResult): string => slotLineOf(one) ?? l10n.t('Picture {0}', slotOf(one) + 1);

function extensionOf(format: string): string {
  const usual: string | undefined = extensionFor(format as ImageFormat);
  return usual ?? format.replace(/[^a-z0-9]/gi, '').toLowerCase();
}

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
