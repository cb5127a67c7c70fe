import * as vscode from 'vscode';
import { l10n } from 'vscode';
import type { Mills, Prices } from '../../core/modelCard.ts';
import { setFileSentences } from '../../core/setFileRules.ts';
import { fill } from '../../core/sentences.ts';
import type { Job } from '../../jobs/engineTypes.ts';
import type { Pixels } from '../../pixels/client.ts';
import type { Announcer } from '../announcer.ts';
import type { CommandHandlers } from '../commands.ts';
import type { KeptBytes } from '../editing/keptBytes.ts';
import type { Log } from '../log.ts';
import { plainLabel } from '../plainText.ts';
import type { Results } from '../results.ts';
import type { Runner } from '../runner.ts';
import type { Saver } from '../saving/saver.ts';
import type { Service, Services } from '../services.ts';
import type { WindowTeller } from '../windowTeller.ts';
import { SetGenerating, type ToMake } from './generating.ts';
import { LensOrder, lensesOf, rangeOf } from './lenses.ts';
import { noteOrTell } from './lockFile.ts';
import { ordersOf, orderedSet } from './orders.ts';
import { choosePlaceholders, fillWithPlaceholders, findPlaceholders, tellNoPlaceholders } from './placeholders.ts';
import { renameFiles } from './renaming.ts';
import { setProblemSentence, stateWord, tellKept, tellNothingToMake, tellUnusable } from './setTelling.ts';
import {
  isSetFile,
  readSetDocument,
  setFilePattern,
  type SetPicture,
  type SetView,
  StandingMemory,
  viewSet,
} from './setView.ts';
import { SetSettling } from './settling.ts';

interface Parts {
  readonly services: Pick<Services, 'current' | 'mode' | 'findResult' | 'onDidChangeJob' | 'onDidChange'>;
  readonly runner: Pick<Runner, 'run'>;
  readonly announcer: Pick<Announcer, 'end' | 'claim'>;
  readonly results: Pick<Results, 'saveExactly'>;
  readonly teller: Pick<WindowTeller, 'tell' | 'tellSaved'>;
  readonly saver: Pick<Saver, 'saveExactly'>;
  readonly pixels: Pick<Pixels, 'placeholder'>;
  readonly kept: KeptBytes;
  readonly prices: () => Prices;
  readonly confirmAbove: () => Mills;
  readonly offerKey: () => Promise<boolean>;
  /** Makes placeholders real that documents refer to, as `makePagesReal`. */
  readonly makePagesReal: (placeholders: ReadonlyMap<string, string>) => Promise<number | undefined>;
  readonly log: Log;
}

type SetCommands =
  | 'wanImage.generateSetMissing'
  | 'wanImage.generateSetChanged'
  | 'wanImage.generateSetPicture'
  | 'wanImage.keepSetPicture'
  | 'wanImage.renameSetFiles'
  | 'wanImage.fillWithPlaceholders'
  | 'wanImage.makePlaceholdersReal';

/** Most set files of a workspace that are looked at in a search. */
const mostSetFiles = 200;

/** Set files in the editor: what is shown of them, and what their commands do. */
export class SetFiles implements vscode.Disposable {
  readonly #parts: Parts;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #problems = vscode.languages.createDiagnosticCollection('wanImage');
  readonly #memory = new StandingMemory();
  readonly #settling: SetSettling;
  readonly #generating: SetGenerating;
  readonly #subscriptions: vscode.Disposable;

  constructor(parts: Parts) {
    this.#parts = parts;
    const changed = () => this.#changed.fire();
    this.#settling = new SetSettling({ ...parts, changed });
    this.#generating = new SetGenerating({ ...parts, settling: this.#settling, changed });
    const watcher = vscode.workspace.createFileSystemWatcher('**/*.{png,jpg,jpeg,webp,avif,wanset.lock.json}');
    this.#subscriptions = vscode.Disposable.from(
      this.#changed,
      this.#problems,
      watcher,
      watcher.onDidCreate(changed),
      watcher.onDidChange(changed),
      watcher.onDidDelete(changed),
      parts.services.onDidChange(changed),
      parts.services.onDidChangeJob(({ service, jobId }) => {
        const job = service.jobs.get(jobId);
        if (job && orderedSet(job)) changed();
      }),
    );
  }

  /** Fires when what is shown of set files may be another. */
  get onDidChange(): vscode.Event<void> {
    return this.#changed.event;
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  /** What each command about set files does. */
  handlers(): Pick<CommandHandlers, SetCommands> {
    return {
      'wanImage.generateSetMissing': (...handed) => this.#make(handed, ({ state }) => state === 'missing'),
      'wanImage.generateSetChanged': (...handed) => this.#make(handed, ({ state }) => state === 'changed'),
      'wanImage.generateSetPicture': (...handed) => this.#makeOne(handed),
      'wanImage.keepSetPicture': (...handed) => this.#keep(handed),
      'wanImage.renameSetFiles': (...handed) => this.#rename(handed),
      'wanImage.fillWithPlaceholders': (...handed) => this.#fill(handed),
      'wanImage.makePlaceholdersReal': (...handed) => this.#makeReal(handed),
    };
  }

  /** Makes files of what a job has brought that a set file asked for, and tells of it; for a job that nobody waits for. */
  async finish(service: Service, job: Job): Promise<void> {
    await this.#generating.tell([await this.#settling.settle(service, job)]);
  }

  async lenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    const { services, prices } = this.#parts;
    const view = await this.#shown(document);
    const orders = ordersOf((await services.current()).jobs.list(), document.uri.toString());
    const making = new Set(
      orders.filter(({ isRunning }) => isRunning).flatMap(({ pictures }) => pictures.map(({ name }) => name)),
    );
    return lensesOf(view, document, { isPractice: services.mode === 'practice', prices: prices(), making });
  }

  /** Shows what is wrong with an open set file beyond what the JSON schema says; a closed one has no problems. */
  async diagnose(document: vscode.TextDocument): Promise<void> {
    if (document.isClosed) {
      this.#problems.delete(document.uri);
      return;
    }
    const { problems, spanOf } = readSetDocument(document);
    const { badLock } = await this.#shown(document);
    const lockProblem =
      badLock === undefined ? undefined : fill(l10n.t(setFileSentences['set-lock-unreadable']), [badLock]);
    this.#problems.set(document.uri, [
      ...problems
        .filter(({ isAboutShape }) => !isAboutShape)
        .map((problem) =>
          diagnostic(rangeOf(document, problem), setProblemSentence(problem), problem.severity, problem.code),
        ),
      ...(lockProblem === undefined
        ? []
        : [diagnostic(rangeOf(document, spanOf([])), lockProblem, 'error', 'set-lock-unreadable')]),
    ]);
  }

  #view(uri: vscode.Uri): Promise<SetView> {
    return viewSet(uri, this.#parts.services.mode === 'practice');
  }

  #shown(document: vscode.TextDocument): Promise<SetView> {
    return viewSet(document.uri, this.#parts.services.mode === 'practice', this.#memory.look, document);
  }

  async #make(handed: readonly unknown[], isMeant: (picture: SetPicture) => boolean): Promise<void> {
    const found = await this.#usable(handed);
    if (!found) return;
    const pictures = found.view.pictures.filter(isMeant);
    if (pictures.length === 0) return this.#parts.teller.tell(tellNothingToMake());
    await this.#generating.generate([{ ...found, pictures }], { shownPrice: found.order?.shownPrice });
  }

  async #makeOne(handed: readonly unknown[]): Promise<void> {
    const found = await this.#usable(handed);
    const picture = found && (await this.#chosen(found.view.pictures, found.order, l10n.t('Generate Which Picture?')));
    if (!picture) return;
    const isAnew = picture.state === 'current' || picture.state === 'edited';
    await this.#generating.generate([{ view: found.view, pictures: [picture] }], {
      shownPrice: found.order?.shownPrice,
      isAnew,
    });
  }

  async #keep(handed: readonly unknown[]): Promise<void> {
    const found = await this.#usable(handed);
    const standing = found?.view.pictures.filter(
      (picture) => picture.state === 'edited' || picture.state === 'changed',
    );
    if (standing?.length === 0) return this.#parts.teller.tell(tellNothingToMake());
    const picture = standing && (await this.#chosen(standing, found?.order, l10n.t('Keep Which Picture as It Is?')));
    if (!found || !picture?.standing) return;
    const { entry, words } = picture;
    const noted = { [entry.name]: { words, sha256: picture.standing.sha256, as: 'kept' } } as const;
    const telling = await noteOrTell(found.view.uri, noted, this.#parts.log);
    this.#changed.fire();
    await this.#parts.teller.tell(telling ?? tellKept(entry.name));
  }

  /** Gives files the names of their entries, of one as its lens says, or of all. Nothing is bought and nothing replaced. */
  async #rename(handed: readonly unknown[]): Promise<void> {
    const found = await this.#usable(handed);
    if (!found) return;
    const { name } = found.order ?? {};
    const pictures = found.view.pictures.filter(
      ({ state, entry }) => state === 'renamed' && (name === undefined || entry.name === name),
    );
    if (pictures.length === 0) return this.#parts.teller.tell(tellNothingToMake());
    const telling = await renameFiles({ ...found, pictures }, this.#parts);
    this.#changed.fire();
    await this.#parts.teller.tell(telling);
  }

  async #fill(handed: readonly unknown[]): Promise<void> {
    const found = await this.#usable(handed);
    if (!found) return;
    const { teller } = this.#parts;
    const name = found.order?.name;
    const isMeant = ({ state, entry }: SetPicture) =>
      state === 'missing' && (name === undefined || entry.name === name);
    const pictures = found.view.pictures.filter(isMeant);
    if (pictures.length === 0) return teller.tell(tellNothingToMake());
    const { files, noted, telling } = await fillWithPlaceholders({ ...found, pictures }, this.#parts);
    const notNoted = files.length > 0 ? await noteOrTell(found.view.uri, noted, this.#parts.log) : undefined;
    this.#changed.fire();
    const first = telling ?? notNoted;
    await Promise.all([teller.tellSaved(files), first && teller.tell(first)]);
  }

  /**
   * Of one set file, as its lens says, or of the whole workspace, where those of documents come first: their jobs are not
   * waited for. The price is always asked about last.
   */
  async #makeReal(handed: readonly unknown[]): Promise<void> {
    const { teller } = this.#parts;
    const [order] = handed;
    const files =
      order instanceof LensOrder
        ? [order.uri]
        : await vscode.workspace.findFiles(setFilePattern, '**/node_modules/**', mostSetFiles);
    const views: SetView[] = [];
    for (const file of files) views.push(await this.#view(file));
    const { found, others } = await findPlaceholders(views);
    const ofPages = order instanceof LensOrder ? 0 : await this.#parts.makePagesReal(others);
    if (ofPages === undefined) return;
    if (found.length === 0) return ofPages === 0 ? teller.tell(tellNoPlaceholders(others)) : undefined;
    const chosen = await choosePlaceholders(found);
    const toMake = new Map<ToMake['view'], SetPicture[]>();
    for (const { view, picture } of chosen) toMake.set(view, [...(toMake.get(view) ?? []), picture]);
    if (toMake.size > 0)
      await this.#generating.generate(
        [...toMake].map(([view, pictures]) => ({ view, pictures })),
        {},
      );
  }

  /** The set file that a command is about, where something can be made from it; else says why not. */
  async #usable(
    handed: readonly unknown[],
  ): Promise<{ readonly view: ToMake['view']; readonly order: LensOrder | undefined } | undefined> {
    const [first] = handed;
    const order = first instanceof LensOrder ? first : undefined;
    const uri = order?.uri ?? (first instanceof vscode.Uri && isSetFile(first) ? first : await this.#chosenFile());
    if (!uri) return undefined;
    const view = await this.#view(uri);
    const { set } = view;
    if (set) return { view: { ...view, set }, order };
    await this.#parts.teller.tell(tellUnusable(view));
    return undefined;
  }

  async #chosenFile(): Promise<vscode.Uri | undefined> {
    const open = vscode.window.activeTextEditor?.document.uri;
    if (open && isSetFile(open)) return open;
    const files = await vscode.workspace.findFiles(setFilePattern, '**/node_modules/**', mostSetFiles);
    if (files.length === 0) {
      const text = l10n.t('There is no set file in this workspace. Make a file whose name ends in .wanset.json.');
      await this.#parts.teller.tell({ severity: 'info', text, actions: [] });
    }
    if (files.length <= 1) return files[0];
    const rows = files.map((file) => ({ label: plainLabel(vscode.workspace.asRelativePath(file)), file }));
    return (await vscode.window.showQuickPick(rows, { title: l10n.t('Which Set File?') }))?.file;
  }

  async #chosen(
    pictures: readonly SetPicture[],
    order: LensOrder | undefined,
    title: string,
  ): Promise<SetPicture | undefined> {
    if (order?.name !== undefined) return pictures.find(({ entry }) => entry.name === order.name);
    const rows = pictures.map((picture) => ({
      label: plainLabel(picture.entry.name),
      description: stateWord(picture.state),
      detail: plainLabel(picture.entry.prompt),
      picture,
    }));
    return (await vscode.window.showQuickPick(rows, { title }))?.picture;
  }
}

function diagnostic(
  range: vscode.Range,
  sentence: string,
  severity: 'error' | 'warning',
  code: string,
): vscode.Diagnostic {
  const level = severity === 'error' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning;
  const found = new vscode.Diagnostic(range, sentence, level);
  found.source = 'Wan Image';
  found.code = code;
  return found;
}
