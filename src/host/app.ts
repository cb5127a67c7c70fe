import { join } from 'node:path';
import * as vscode from 'vscode';
import { l10n } from 'vscode';
import { usualPreparation } from '../core/preparation.ts';
import type { ImageRequest } from '../core/request.ts';
import { createPixels, type Pixels } from '../pixels/client.ts';
import { Actions } from './actions.ts';
import { Announcer } from './announcer.ts';
import type { CommandHandlers } from './commands.ts';
import { Drafts } from './drafts.ts';
import { BoxMemory } from './editing/boxMemory.ts';
import { ChangeMeasurer } from './editing/changeMeasurer.ts';
import { editedInput } from './editing/editedInput.ts';
import { Editing } from './editing/editing.ts';
import { InputPreparer } from './editing/inputs.ts';
import { KeptBytes } from './editing/keptBytes.ts';
import { meantPictures } from './editing/pictureChoice.ts';
import { Previews } from './editing/previews.ts';
import { Replacements } from './editing/replacements.ts';
import { Replacer } from './editing/replacer.ts';
import { Replacing } from './editing/replacing.ts';
import { SentPictures } from './editing/sentPictures.ts';
import { Sources } from './editing/sources.ts';
import { tidyKept } from './editing/tidying.ts';
import { LastEditor } from './inserting/insertTarget.ts';
import { keyInEnvironment } from './environmentKey.ts';
import type { KeyVault } from './key.ts';
import { KeyCommands } from './keyCommands.ts';
import { loadInspection } from './lazy.ts';
import type { Log } from './log.ts';
import { networkSettings } from './network.ts';
import { generate } from './palette/generate.ts';
import { generateAndInsert, type InsertParts } from './palette/generateAndInsert.ts';
import { PracticeService } from './practice.ts';
import { confirmPrice, offerKey } from './questions.ts';
import type { RecentLines } from './recentLines.ts';
import { reportProblem } from './report/report.ts';
import { Results, shortPath } from './results.ts';
import { Runner } from './runner.ts';
import { Saver } from './saving/saver.ts';
import { Services } from './services.ts';
import { parseServiceUrl } from './settings.ts';
import { readSetting, startingRequest, writeUserSetting } from './settingsReader.ts';
import type { StorageFolders } from './storageFolders.ts';
import { Studio } from './studio/studio.ts';
import { alreadySmallSentence, type Telling } from './telling.ts';
import { WindowTeller } from './windowTeller.ts';

/** What the activation hands over: things that exist once in a window. */
export interface AppParts {
  readonly context: Pick<vscode.ExtensionContext, 'extensionUri' | 'extensionPath' | 'extension' | 'workspaceState'>;
  readonly keys: KeyVault;
  readonly folders: StorageFolders;
  readonly log: Log;
  readonly recent: RecentLines;
  readonly showLog: () => void;
}

/** The composition root: builds every part from those above it, and wires them. Loaded when something is asked of the extension. */
export class App {
  readonly #showLog: () => void;
  readonly #reportProblem: () => Promise<void>;
  readonly #subscriptions: vscode.Disposable;

  readonly keys: KeyVault;
  readonly practice: PracticeService;
  readonly services: Services;
  readonly drafts: Drafts;
  readonly lastEditor = new LastEditor();
  readonly results: Results;
  readonly pixels: Pixels;
  readonly kept: KeptBytes;
  readonly replacements: Replacements;
  readonly sources: Sources;
  readonly editing: Editing;
  readonly replacer: Replacer;
  readonly replacing: Replacing;
  readonly measurer: ChangeMeasurer;
  readonly keyCommands: KeyCommands;
  readonly runner: Runner;
  readonly actions: Actions;
  readonly teller: WindowTeller;
  readonly studio: Studio;
  readonly announcer: Announcer;

  constructor({ context, keys, folders, log, recent, showLog }: AppParts) {
    this.#showLog = showLog;
    this.keys = keys;
    this.practice = new PracticeService({
      workerFile: join(context.extensionPath, 'dist', 'simulator.cjs'),
      stateFolder: folders.practice,
      runningAt: process.env['WAN_IMAGE_SIMULATOR_URL'],
      log,
    });
    this.services = new Services({
      folder: folders.here,
      spoolFolder: folders.spool,
      mode: () => (readSetting('service') === 'simulator' ? 'practice' : 'live'),
      address: () => parseServiceUrl(readSetting('serviceUrl')),
      network: () => networkSettings(log),
      keys,
      practice: this.practice,
      userAgent: `wan-image-studio/${String((context.extension.packageJSON as { version?: unknown }).version)}`,
      log,
    });
    this.#reportProblem = () =>
      reportProblem({ services: this.services, keys, recent, manifest: context.extension.packageJSON, log });
    this.drafts = new Drafts(context.workspaceState, startingRequest);
    this.results = new Results({
      services: this.services,
      saver: new Saver(),
      saveFolder,
      nearby: () => this.lastEditor.target?.document,
      log,
    });
    this.pixels = createPixels(join(context.extensionPath, 'dist', 'pixels.cjs'));
    this.kept = new KeptBytes(join(folders.pictures, 'kept'));
    const verify = async (file: string) => (await loadInspection()).verifyFile(file);
    const previews = new Previews(join(folders.pictures, 'previews'), this.pixels, verify);
    this.sources = new Sources({ memento: context.workspaceState, pixels: this.pixels, previews, log });
    this.editing = new Editing({
      sources: this.sources,
      boxes: new BoxMemory(context.workspaceState),
      drafts: this.drafts,
      results: this.results,
      startingRequest,
    });
    this.replacements = new Replacements(folders.replacements);
    this.replacer = new Replacer({
      services: this.services,
      pixels: this.pixels,
      kept: this.kept,
      replacements: this.replacements,
      changed: () => this.#afterReplacing(),
      log,
    });
    this.measurer = new ChangeMeasurer({ services: this.services, pixels: this.pixels, kept: this.kept, log });
    const sent = new SentPictures({ kept: this.kept, previews, changed: () => this.studio.refresh(), log });
    this.keyCommands = new KeyCommands({
      keys,
      services: this.services,
      mode: () => this.services.mode,
      leavePractice: () => this.#setPractice(false),
      keyInEnvironment: () => keyInEnvironment(process.env),
      log,
    });
    this.runner = new Runner({
      services: this.services,
      keys,
      inputs: new InputPreparer({ sources: this.sources, pixels: this.pixels, kept: this.kept, log }),
      boxForm,
      confirmAbove: () => Math.round(readSetting('confirmAbove') * 1000),
      confirm: confirmPrice,
    });
    this.actions = new Actions({
      setKey: () => this.keyCommands.set(),
      testKey: () => this.keyCommands.test(),
      setPractice: (isOn) => this.#setPractice(isOn),
      showLog,
      reportProblem: this.#reportProblem,
      editRequest: (jobId) => this.#editRequest(jobId),
      sendSmaller: (jobId) => this.#sendSmaller(jobId),
      saveElsewhere: (ids) => this.#saveElsewhere(ids),
    });
    this.teller = new WindowTeller(this.actions);
    this.replacing = new Replacing({
      replacer: this.replacer,
      results: this.results,
      tell: (telling) => this.teller.tell(telling),
      log,
    });
    this.studio = new Studio({
      extensionUri: context.extensionUri,
      pictureFolders: [folders.here, folders.pictures],
      editing: this.editing,
      replacing: this.replacing,
      sourceOf: ({ record }, src) => {
        const edited = editedInput(record);
        return edited && sent.view(edited.source, edited.input.name, src);
      },
      replaceView: (job, resultId) => this.replacer.view(job, resultId),
      services: this.services,
      drafts: this.drafts,
      keys,
      runner: this.runner,
      results: this.results,
      actions: this.actions,
      lastEditor: this.lastEditor,
      boxForm,
      saveFolder,
      log,
    });
    this.announcer = new Announcer({
      services: this.services,
      results: this.results,
      teller: this.teller,
      studio: this.studio,
      target: () => this.lastEditor.target,
      log,
    });
    this.#subscriptions = vscode.Disposable.from(
      this.sources,
      this.measurer,
      this.sources.onDidChange(() => this.studio.refresh()),
      this.lastEditor,
      this.announcer,
      this.studio,
      vscode.workspace.onDidChangeConfiguration((event) => this.#afterSettings(event)),
    );
    void this.#lookAtReplaced(log);
  }

  /** What each command does. */
  handlers(): CommandHandlers {
    const { services, runner, drafts, studio, announcer, teller, results } = this;
    const usePractice = () => this.#setPractice(true);
    const parts: InsertParts = {
      services,
      runner,
      drafts,
      studio,
      announcer,
      teller,
      results,
      startingRequest,
      boxForm,
      offerKey: () => offerKey(this.keyCommands, usePractice),
    };
    return {
      'wanImage.generate': () => generate(parts),
      'wanImage.generateAndInsert': () => generateAndInsert(parts),
      'wanImage.edit': (...handed) => this.#edit(handed),
      'wanImage.undoReplace': () => this.replacing.undoLatest(),
      'wanImage.openStudio': () => studio.open(),
      'wanImage.setKey': () => this.keyCommands.set(),
      'wanImage.testKey': () => this.keyCommands.test(),
      'wanImage.deleteKey': () => this.keyCommands.delete(),
      'wanImage.usePractice': usePractice,
      'wanImage.leavePractice': () => this.#setPractice(false),
      'wanImage.showLog': this.#showLog,
      'wanImage.reportProblem': this.#reportProblem,
    };
  }

  /** To be called when the key was set, replaced or deleted. */
  afterKeyChange(): void {
    this.services.resume();
    this.studio.refresh();
  }

  /** Ends what works in the background. Nothing is lost: the next window goes on. */
  async stop(): Promise<void> {
    this.#subscriptions.dispose();
    await this.services.dispose();
    await this.practice.dispose();
    this.pixels.dispose();
  }

  #afterSettings(event: vscode.ConfigurationChangeEvent): void {
    const isAbout = (...sections: string[]) => sections.some((section) => event.affectsConfiguration(section));
    if (isAbout('wanImage.service', 'wanImage.serviceUrl', 'http')) this.services.reconfigure();
    if (isAbout('wanImage.defaultModel', 'wanImage.defaultResolution', 'wanImage.responseFormat'))
      this.drafts.startAnew();
  }

  async #setPractice(isOn: boolean): Promise<void> {
    await writeUserSetting('service', isOn ? 'simulator' : 'empiriolabs');
    const sentence = isOn
      ? l10n.t('Practice mode is on: pictures are drawn placeholders, free, and nothing leaves this machine.')
      : l10n.t('Practice mode is off: pictures are made by the service and cost money.');
    void vscode.window.showInformationMessage(sentence);
  }

  /** Opens the studio on pictures: those a menu hands over, the one in the active tab, or those the user chooses. */
  async #edit(handed: readonly unknown[]): Promise<void> {
    const uris = await meantPictures(handed);
    if (uris.length === 0) return;
    const telling = await this.editing.begin(uris);
    this.studio.open();
    this.studio.tell(telling);
  }

  /** Reads what can be undone, and only then takes away old copies: until it is read, nothing seems to be there to undo. */
  async #lookAtReplaced(log: Log): Promise<void> {
    try {
      await this.replacements.load();
      this.#afterReplacing();
      await tidyKept(this.kept, this.replacements, Date.now());
      this.#afterReplacing();
    } catch (error) {
      log.error('What was replaced could not be read or tidied.', error);
    }
  }

  #afterReplacing(): void {
    const canUndo = this.replacements.latest !== undefined;
    void vscode.commands.executeCommand('setContext', 'wanImage.canUndoReplace', canUndo);
    this.studio.refresh();
  }

  async #editRequest(jobId: string | undefined): Promise<void> {
    const request = this.#requestOf(jobId);
    if (request) await this.studio.openWith(request);
    else this.studio.open();
  }

  async #sendSmaller(jobId: string | undefined): Promise<Telling | undefined> {
    const request = this.#requestOf(jobId);
    if (!request) {
      this.studio.open();
      return undefined;
    }
    const files = request.inputs.filter(({ url }) => url === undefined);
    if (files.length > 0 && files.every(({ preparation }) => preparation?.size === 'small'))
      return { severity: 'warning', text: alreadySmallSentence(), actions: ['edit-request'], ...(jobId && { jobId }) };
    const inputs = request.inputs.map((input) => ({
      ...input,
      preparation: { ...usualPreparation, ...input.preparation, size: 'small' as const },
    }));
    await this.studio.openWith({ ...request, inputs });
    return undefined;
  }

  /** The request of a job as it was asked for, with its pictures known again. */
  #requestOf(jobId: string | undefined): ImageRequest | undefined {
    const record = jobId === undefined ? undefined : this.services.find(jobId)?.job.record;
    for (const { id, uri } of record?.sources ?? []) {
      const name = record?.asked?.inputs.find((input) => input.id === id)?.name;
      this.sources.add(vscode.Uri.parse(uri, true), name ?? shortPath(vscode.Uri.parse(uri)));
    }
    return record?.asked ?? record?.request;
  }

  async #saveElsewhere(ids: readonly string[]): Promise<void> {
    const outcome = await this.results.saveElsewhere(ids);
    const telling: Telling | undefined = outcome.kind === 'failed' ? outcome.telling : undefined;
    if (telling) await this.teller.tell(telling);
    else await this.teller.tellSaved(outcome.files);
  }
}

const boxForm = () => readSetting('boxForm');
const saveFolder = (workspaceFolder: vscode.Uri) => readSetting('saveFolder', workspaceFolder);
