import { posix } from 'node:path';
import * as vscode from 'vscode';
import { l10n } from 'vscode';
import { extensionOfSaved, wantedFiles } from '../../core/saveOptions.ts';
import type { SaveAsk, SavingView } from '../../core/saving.ts';
import { editedInput } from '../editing/editedInput.ts';
import type { Log } from '../log.ts';
import type { Results, SaveOutcome } from '../results.ts';
import type { FoundResult, Services } from '../services.ts';
import { readSetting } from '../settingsReader.ts';
import { saveSentence } from '../telling.ts';
import type { SaveChoices } from './choices.ts';
import type { Destination, Destinations, NamedFile } from './destinations.ts';
import { freePath } from './freePath.ts';
import type { MadeResult, Making } from './making.ts';
import { keptPicture, namedFile } from './named.ts';
import { SaveError } from './saveError.ts';

interface Parts {
  readonly services: Pick<Services, 'findResult'>;
  /** A picture in the version that the user has chosen. Throws InsideError. */
  readonly shown: (found: FoundResult) => Promise<FoundResult>;
  readonly results: Pick<Results, 'saveSo'>;
  readonly destinations: Destinations;
  readonly making: Pick<Making, 'made'>;
  readonly choices: SaveChoices;
  /** A document whose workspace folder is meant where there are several. */
  readonly nearby: () => vscode.Uri | undefined;
  readonly changed: () => void;
  readonly log: Log;
}

interface Opened {
  readonly found: FoundResult;
  /** Where it is saved; undefined where no folder is open. */
  readonly home: vscode.WorkspaceFolder | undefined;
  readonly start: SavingView['start'];
  /** The folder as it is without a choice: then none is remembered. */
  readonly usualFolder: string;
  answer?: NonNullable<SavingView['answer']>;
  stop?: AbortController;
}

/** The sheet in which one picture is saved in another form or place. What it shows is worked out here; the last question counts. */
export class SaveSheet {
  readonly #parts: Parts;
  #opened: Opened | undefined;
  /** A question may come before the picture that it is about is there. */
  #opening: Promise<void> = Promise.resolve();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get view(): SavingView | undefined {
    const opened = this.#opened;
    if (!opened) return undefined;
    const { found, start, answer } = opened;
    return { resultId: found.result.id, start, ...(answer && { answer }) };
  }

  /** Shows the sheet for a picture, with what was chosen last. An id that does not exist does nothing. */
  async open(resultId: string): Promise<void> {
    const opening = this.#open(resultId);
    this.#opening = opening.catch(() => undefined); // told by whoever opens
    await opening;
  }

  async #open(resultId: string): Promise<void> {
    const kept = this.#parts.services.findResult(resultId);
    if (!kept) return;
    this.close();
    const found = await this.#parts.shown(kept);
    const { home, beside } = this.#home(found);
    const { options, folder, isUsual } = this.#parts.choices.last(home?.uri);
    const usualFolder = beside ?? readSetting('saveFolder', home?.uri);
    this.#opened = {
      found,
      home,
      usualFolder,
      start: {
        options,
        isUsual,
        ...(home && { folder: beside ?? folder ?? usualFolder }),
        name: this.#startingName(found, home),
      },
    };
    this.#parts.changed();
  }

  /** What would be written for these choices: first where, then how heavy it is. */
  async preview(ask: SaveAsk): Promise<void> {
    await this.#opening;
    const opened = this.#take(ask);
    if (!opened) return;
    const stop = (opened.stop = new AbortController());
    const answer = (state: 'making' | 'ready', files: NonNullable<SavingView['answer']>['files'], trouble?: string) => {
      if (stop.signal.aborted) return;
      opened.answer = { askId: ask.askId, state, files, ...(trouble !== undefined && { trouble }) };
      this.#parts.changed();
    };
    answer('making', []);
    try {
      answer('making', await this.#files(opened, ask, plannedFiles(opened.found, ask)));
      const made = await this.#parts.making.made(opened.found, ask.options, stop.signal);
      answer('ready', await this.#files(opened, ask, made, true));
    } catch (error) {
      if (stop.signal.aborted) return; // a later question has taken its place
      answer('ready', [], this.#sentence(error));
    }
  }

  /** Saves the picture as it is asked for, and closes the sheet; what stands in the way is said in it. */
  async save(ask: SaveAsk): Promise<SaveOutcome | undefined> {
    await this.#opening;
    const opened = this.#take(ask);
    if (!opened) return undefined;
    const home = opened.home ?? (await pickFolder());
    if (!home) return { kind: 'declined', files: [] };
    opened.answer = { askId: ask.askId, state: 'saving', files: [] };
    this.#parts.changed();
    const outcome = await this.#parts.results.saveSo(opened.found.result.id, ask.options, home, (file) =>
      this.#placeOf(opened, home, ask, file),
    );
    if (outcome.kind === 'saved') {
      const { options, isUsual, folder } = ask;
      const isChosen = opened.home && folder !== opened.usualFolder && !this.#home(opened.found).beside;
      await this.#parts.choices.remember(opened.home?.uri, { options, isUsual, ...(isChosen && { folder }) });
      if (this.#opened === opened) this.close();
    } else if (outcome.kind === 'failed') {
      opened.answer = { askId: ask.askId, state: 'failed', files: [], trouble: outcome.telling.text };
      this.#parts.changed();
    }
    return outcome;
  }

  close(): void {
    this.#opened?.stop?.abort();
    this.#opened = undefined;
    this.#parts.changed();
  }

  /** The opened picture, if the question is about it; what was worked out for a former question stops. */
  #take({ resultId }: SaveAsk): Opened | undefined {
    const opened = this.#opened;
    if (opened?.found.result.id !== resultId) return undefined;
    opened.stop?.abort();
    return opened;
  }

  /** An edit belongs beside what it was made from. */
  #home(found: FoundResult): { home: vscode.WorkspaceFolder | undefined; beside?: string } {
    const edited = editedInput(found.job.record);
    const source = edited && vscode.Uri.parse(edited.source.uri);
    const folder = source && vscode.workspace.getWorkspaceFolder(source);
    if (source && folder) return { home: folder, beside: posix.relative(folder.uri.path, posix.dirname(source.path)) };
    const near = this.#parts.nearby();
    return {
      home: (near && vscode.workspace.getWorkspaceFolder(near)) ?? vscode.workspace.workspaceFolders?.[0],
    };
  }

  /** A name that is wrong in the settings is shown as it is written, so that it can be seen. */
  #startingName(found: FoundResult, home: vscode.WorkspaceFolder | undefined): string {
    const edited = editedInput(found.job.record);
    const former = edited && posix.basename(vscode.Uri.parse(edited.source.uri).path);
    const prompt = former?.slice(0, former.length - posix.extname(former).length);
    const named = namedFile(found, prompt);
    try {
      return this.#parts.destinations.name(named, home?.uri);
    } catch (error) {
      if (error instanceof SaveError) return named.values.slug;
      throw error;
    }
  }

  async #placeOf(
    { home }: Opened,
    folder: vscode.WorkspaceFolder,
    ask: SaveAsk,
    file: NamedFile,
  ): Promise<Destination> {
    const { destinations, nearby } = this.#parts;
    // Where the user has pointed there is no folder to be made.
    if (!home) return { folder: [], name: destinations.name(file, undefined, ask.name) };
    return destinations.of(file, folder, nearby(), ask);
  }

  async #files(
    opened: Opened,
    ask: SaveAsk,
    made: readonly MadeResult[],
    areMade = false,
  ): Promise<NonNullable<SavingView['answer']>['files']> {
    const taken: string[] = [];
    const files = [];
    for (const one of made) {
      const { width, height, byteLength } = one.result;
      files.push({ path: await this.#path(opened, ask, one, taken), width, height, ...(areMade && { byteLength }) });
    }
    return files;
  }

  async #path(opened: Opened, ask: SaveAsk, made: MadeResult, taken: string[]): Promise<string> {
    const { home } = opened;
    const named = namedFile(made);
    const { extension } = keptPicture(made, '');
    if (!home) return `${this.#parts.destinations.name(named, undefined, ask.name)}.${extension}`;
    const place = await this.#placeOf(opened, home, ask, named);
    const file = await freePath(home, place, extension, taken);
    taken.push(posix.basename(file.path));
    return vscode.workspace.asRelativePath(file);
  }

  #sentence(error: unknown): string {
    if (!(error instanceof SaveError)) throw error;
    this.#parts.log.error(`What would be saved could not be shown: ${error.kind}.`, error.cause);
    return saveSentence(error.kind, error.place);
  }
}

/** The files as they are known before they are made. */
function plannedFiles(found: FoundResult, { options }: SaveAsk): MadeResult[] {
  return wantedFiles(options, found.result).map(({ variant, width }) => {
    const format = variant ? variant.format : found.result.format;
    const extension = variant ? extensionOfSaved(variant.format) : undefined;
    const size = variant?.size ?? found.result;
    return {
      ...found,
      result: {
        ...found.result,
        width: size.width,
        height: size.height,
        format: extension === 'png' ? 'png' : format,
      },
      ...(width !== undefined && { oneOfWidths: width }),
    };
  });
}

async function pickFolder(): Promise<vscode.WorkspaceFolder | undefined> {
  const [uri] =
    (await vscode.window.showOpenDialog({
      canSelectFiles: false,
      canSelectFolders: true,
      canSelectMany: false,
      openLabel: l10n.t('Save Here'),
      title: l10n.t('Save Picture'),
    })) ?? [];
  return uri && { uri, name: posix.basename(uri.path), index: 0 };
}
