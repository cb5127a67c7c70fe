import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { l10n } from 'vscode';
import { chosenBoxForm } from '../core/boxList.ts';
import { type BoxForm, modelCard } from '../core/modelCard.ts';
import { usualPreparation } from '../core/preparation.ts';
import type { ImageRequest } from '../core/request.ts';
import { Ledger } from '../jobs/ledger.ts';
import { createPixels, type Pixels } from '../pixels/client.ts';
import { Actions } from './actions.ts';
import { callerInWords } from './agents/agentNotice.ts';
import { copyAgentCall } from './agents/callText.ts';
import { Agents } from './agents/parts.ts';
import { Again } from './again.ts';
import { Announcer } from './announcer.ts';
import { ReportDocument } from './check/reportDocument.ts';
import { ServiceCheck } from './check/serviceCheck.ts';
import { ServiceFacts } from './check/serviceFacts.ts';
import type { CommandHandlers } from './commands.ts';
import { Drafts } from './drafts.ts';
import { BoxMemory } from './editing/boxMemory.ts';
import { ChangeMeasurer } from './editing/changeMeasurer.ts';
import { ColourReader } from './editing/colourReader.ts';
import { editedInput } from './editing/editedInput.ts';
import { Editing } from './editing/editing.ts';
import { InputPreparer } from './editing/inputs.ts';
import { InsideFiles } from './editing/insideFiles.ts';
import { InsidePictures } from './editing/insidePictures.ts';
import { KeptBytes } from './editing/keptBytes.ts';
import { Pasting } from './editing/pasting.ts';
import { meantPictures } from './editing/pictureChoice.ts';
import { describeIfPicture, readPictureFile } from './editing/pictureFile.ts';
import { Previews } from './editing/previews.ts';
import { Replacements } from './editing/replacements.ts';
import { Replacer } from './editing/replacer.ts';
import { Replacing } from './editing/replacing.ts';
import { SentPictures } from './editing/sentPictures.ts';
import { Sources } from './editing/sources.ts';
import { tidyKept, usualRoom } from './editing/tidying.ts';
import { cleanUp } from './history/cleanUp.ts';
import { Entries } from './history/entries.ts';
import { Gallery } from './history/gallery.ts';
import { Reopening } from './history/reopening.ts';
import { RoomTeller } from './history/roomTeller.ts';
import { StorageUse } from './history/storageUse.ts';
import { Thumbnails } from './history/thumbnails.ts';
import { draftAlt } from './inserting/draftAlt.ts';
import type { WriteCopied } from './inserting/copied.ts';
import { writeCopied } from './inserting/copiedPictures.ts';
import { writeDropped } from './inserting/droppedPictures.ts';
import type { WriteDropped } from './inserting/dropping.ts';
import { LastEditor } from './inserting/insertTarget.ts';
import { keyInEnvironment } from './environmentKey.ts';
import type { KeyVault } from './key.ts';
import { KeyCommands } from './keyCommands.ts';
import { loadInspection } from './lazy.ts';
import type { Log } from './log.ts';
import { networkSettings } from './network.ts';
import { Packs } from './packs/parts.ts';
import { PastDrafts } from './pastDrafts.ts';
import { generate } from './palette/generate.ts';
import { generateMissing, type MissingParts, withDocument } from './missing/generateMissing.ts';
import { fillMissing, makePagesReal } from './missing/pagePlaceholders.ts';
import { generateAndInsert, type InsertParts } from './palette/generateAndInsert.ts';
import { PracticeService } from './practice.ts';
import { askAboutChanged, confirmPrice, offerKey } from './questions.ts';
import type { RecentLines } from './recentLines.ts';
import { recipeCommands, recipeGiver } from './recipes/parts.ts';
import { reportProblem } from './report/report.ts';
import { Results, shortPath } from './results.ts';
import { Runner } from './runner.ts';
import { targetTrouble } from './saving/fixedTarget.ts';
import { HeavyPictures } from './saving/heavy.ts';
import { createSaving, type SavingParts, shownFolder } from './saving/parts.ts';
import { pickSaveFolder } from './saving/pickSaveFolder.ts';
import { Saver } from './saving/saver.ts';
import { SaveSheet } from './saving/sheet.ts';
import { type Service, Services } from './services.ts';
import { parseServiceUrl } from './settings.ts';
import { readCap, readLimits, readSetting, startingRequest, writeUserSetting } from './settingsReader.ts';
import { Sites } from './site.ts';
import { Spending } from './spending/spending.ts';
import { SpendingView } from './spending/spendingView.ts';
import type { StorageFolders } from './storageFolders.ts';
import { StorageProbe } from './storageProbe.ts';
import { deleteStoredData } from './storedData.ts';
import { SetFiles } from './setFiles/setFiles.ts';
import { Studio } from './studio/studio.ts';
import { alreadySmallSentence, type Telling, tellVault } from './telling.ts';
import { WindowTeller } from './windowTeller.ts';

/** What the activation hands over: things that exist once in a window. */
export interface AppParts {
  readonly context: Pick<
    vscode.ExtensionContext,
    'extensionUri' | 'extensionPath' | 'extension' | 'workspaceState' | 'globalState'
  >;
  readonly keys: KeyVault;
  readonly folders: StorageFolders;
  readonly log: Log;
  readonly recent: RecentLines;
  readonly showLog: () => void;
}

/** The composition root: builds every part from those above it, and wires them. Loaded when something is asked of the extension. */
export class App {
  /** Fills what a document lacks with placeholders. */
  readonly #fillMissing: (document: vscode.TextDocument) => Promise<void>;
  readonly #showLog: () => void;
  readonly #reportProblem: () => Promise<void>;
  readonly #folders: StorageFolders;
  readonly #boxes: BoxMemory;
  readonly #log: Log;
  readonly #subscriptions: vscode.Disposable;

  readonly keys: KeyVault;
  readonly practice: PracticeService;
  readonly ledger: Ledger;
  readonly services: Services;
  readonly spending: Spending;
  readonly spendingView: SpendingView;
  readonly pastDrafts: PastDrafts;
  readonly drafts: Drafts;
  readonly lastEditor = new LastEditor();
  readonly sites = new Sites();
  readonly making: SavingParts;
  readonly heavy: HeavyPictures;
  readonly results: Results;
  readonly saving: SaveSheet;
  readonly pixels: Pixels;
  readonly kept: KeptBytes;
  readonly inside: InsidePictures;
  readonly replacements: Replacements;
  readonly sources: Sources;
  readonly editing: Editing;
  readonly pasting: Pasting;
  readonly colours: ColourReader;
  readonly replacer: Replacer;
  readonly replacing: Replacing;
  readonly measurer: ChangeMeasurer;
  readonly keyCommands: KeyCommands;
  readonly storage: StorageProbe;
  readonly gallery: Gallery;
  readonly entries: Entries;
  readonly reopening: Reopening;
  readonly cleanUp: () => Promise<void>;
  readonly room: RoomTeller;
  readonly runner: Runner;
  readonly again: Again;
  readonly actions: Actions;
  readonly teller: WindowTeller;
  readonly packs: Packs;
  readonly studio: Studio;
  readonly announcer: Announcer;
  readonly setFiles: SetFiles;
  readonly agents: Agents;
  readonly facts: ServiceFacts;
  readonly check: ServiceCheck;

  constructor({ context, keys, folders, log, recent, showLog }: AppParts) {
    this.#showLog = showLog;
    this.#folders = folders;
    this.#log = log;
    this.keys = keys;
    this.practice = new PracticeService({
      workerFile: join(context.extensionPath, 'dist', 'simulator.cjs'),
      stateFolder: folders.practice,
      runningAt: process.env['WAN_IMAGE_SIMULATOR_URL'],
      log,
    });
    this.ledger = new Ledger({
      folder: folders.ledger,
      limits: readLimits,
      now: Date.now,
      log: (line) => log.info(line),
    });
    this.services = new Services({
      folder: folders.here,
      allFolder: folders.all,
      claimsFolder: folders.claims,
      spoolFolder: folders.spool,
      paceFolder: folders.pace,
      mode: () => (readSetting('service') === 'simulator' ? 'practice' : 'live'),
      address: () => parseServiceUrl(readSetting('serviceUrl')),
      network: () => networkSettings(log),
      keys,
      practice: this.practice,
      ledger: this.ledger,
      userAgent: `wan-image-studio/${String((context.extension.packageJSON as { version?: unknown }).version)}`,
      log,
    });
    const workspace = basename(folders.here);
    this.spending = new Spending({
      ledger: this.ledger,
      workspace,
      mode: () => this.services.mode,
      account: () => this.services.account(),
      log,
    });
    this.spendingView = new SpendingView({
      ledger: this.ledger,
      spending: this.spending,
      workspace,
      tell: (telling) => this.teller.tell(telling),
      log,
    });
    const liveAddress = () => (this.services.mode === 'live' ? parseServiceUrl(readSetting('serviceUrl')) : undefined);
    this.facts = new ServiceFacts({
      memento: context.globalState,
      address: liveAddress,
      changed: () => this.studio.refresh(),
    });
    const known = () => this.facts.known;
    this.#reportProblem = () =>
      reportProblem({ services: this.services, keys, recent, manifest: context.extension.packageJSON, log });
    this.pastDrafts = new PastDrafts(context.workspaceState, Date.now, () => this.studio.refresh());
    this.drafts = new Drafts(context.workspaceState, startingRequest, (draft) => this.pastDrafts.keep(draft));
    this.pixels = createPixels(join(context.extensionPath, 'dist', 'pixels.cjs'));
    this.kept = new KeptBytes(join(folders.pictures, 'kept'));
    this.inside = new InsidePictures({
      services: this.services,
      files: new InsideFiles({
        pixels: this.pixels,
        kept: this.kept,
        readSource: async (uri) => {
          const file = vscode.Uri.parse(uri, true);
          return readPictureFile(file, shortPath(file));
        },
      }),
      changed: () => this.studio.refresh(),
      log,
    });
    const saver = new Saver();
    const tell = (telling: Telling) => this.teller.tell(telling);
    const recipes = recipeGiver({ extension: context.extension, folders, tell, log });
    const nearby = () => this.lastEditor.target?.document;
    this.making = createSaving({
      workerFile: join(context.extensionPath, 'dist', 'pixels.cjs'),
      folder: folders.pictures,
      memento: context.workspaceState,
      publicRootOf: async (uri) => (await this.sites.siteOf(uri))?.publicRoot,
    });
    this.heavy = new HeavyPictures({
      services: this.services,
      shown: (found) => this.inside.shown(found),
      saver,
      recipes,
      ...this.making,
      sites: this.sites,
      changed: () => this.studio.refresh(),
      log,
    });
    this.results = new Results({
      recipes,
      services: this.services,
      shown: (found) => this.inside.shown(found),
      saver,
      ...this.making,
      saved: (made, file) => this.heavy.remember(made, file),
      nearby,
      sites: this.sites,
      log,
    });
    this.saving = new SaveSheet({
      services: this.services,
      shown: (found) => this.inside.shown(found),
      results: this.results,
      ...this.making,
      nearby,
      changed: () => this.studio.refresh(),
      log,
    });
    const partsOf = (uri: vscode.Uri) => this.making.destinations.folder({ uri }, nearby());
    const verify = async (file: string) => (await loadInspection()).verifyFile(file);
    const previews = new Previews(join(folders.pictures, 'previews'), this.pixels, verify);
    this.sources = new Sources({ memento: context.workspaceState, pixels: this.pixels, previews, log });
    this.#boxes = new BoxMemory(context.workspaceState);
    this.editing = new Editing({
      sources: this.sources,
      boxes: this.#boxes,
      drafts: this.drafts,
      results: this.results,
      startingRequest,
    });
    this.pasting = new Pasting({
      kept: new KeptBytes(join(folders.pictures, 'pasted')),
      pixels: this.pixels,
      verify,
      add: (file, name) => this.editing.addKept(file, name),
      deleted: (file) => this.sources.lookAgain(file),
      names: () => this.editing.inputs.map(({ name }) => name),
      log,
    });
    this.colours = new ColourReader({
      document: () => this.lastEditor.document,
      picture: (id) => this.#pictureOf(id),
      pixels: this.pixels,
      changed: () => this.studio.refresh(),
      log,
    });
    this.replacements = new Replacements(folders.replacements);
    this.replacer = new Replacer({
      services: this.services,
      pixels: this.pixels,
      inside: this.inside,
      recipes,
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
    this.storage = new StorageProbe({
      vault: folders.here,
      saveFolder,
      partsOf,
      changed: () => this.studio.refresh(),
      log,
    });
    this.runner = new Runner({
      storage: this.storage,
      services: this.services,
      keys,
      inputs: new InputPreparer({ sources: this.sources, pixels: this.pixels, kept: this.kept, log }),
      targetTrouble,
      boxForm: this.#boxForm,
      known,
      refusal: (highestPrice, askedBy) => this.spending.refusal(highestPrice, askedBy),
      confirmAbove: () => readCap('confirmAbove'),
      confirm: confirmPrice,
    });
    this.again = new Again({
      services: this.services,
      sources: this.sources,
      kept: this.kept,
      runner: this.runner,
      ask: askAboutChanged,
    });
    this.actions = new Actions({
      setKey: () => this.keyCommands.set(),
      testKey: () => this.keyCommands.test(),
      setPractice: (isOn) => this.#setPractice(isOn),
      showLog,
      showSpending: () => this.spendingView.show(),
      exportSpending: () => this.spendingView.export(),
      reportProblem: this.#reportProblem,
      editRequest: (jobId) => this.#editRequest(jobId),
      sendSmaller: (jobId) => this.#sendSmaller(jobId),
      findPictures: (jobId) => this.#findPictures(jobId),
      pickSaveFolder,
      checkStorage: () => this.#checkStorage(),
      saveElsewhere: (ids) => this.#saveElsewhere(ids),
      checkService: () => this.check.run(),
      saveLighter: (files, document) => this.heavy.lighten(files, document),
      undoLighter: () => this.heavy.undo(),
    });
    this.teller = new WindowTeller(this.actions, this.heavy);
    this.packs = new Packs({
      pixels: this.pixels,
      results: this.results,
      folder: join(folders.pictures, 'packs'),
      saveFolder: partsOf,
      sites: this.sites,
      lastEditor: this.lastEditor,
      teller: this.teller,
      askAnew: (resultId, words) => this.#askAnew(resultId, words),
      start: () => createPixels(join(context.extensionPath, 'dist', 'pixels.cjs')),
      openStudio: () => this.studio.open(),
      changed: () => this.studio.refresh(),
      log,
    });
    this.replacing = new Replacing({
      replacer: this.replacer,
      results: this.results,
      tell: (telling) => this.teller.tell(telling),
      log,
    });
    const refresh = () => this.studio.refresh();
    const use = new StorageUse({
      folders,
      current: () => this.services.current(),
      limit: () => readSetting('storageLimit'),
      changed: refresh,
      log,
    });
    const thumbnails = new Thumbnails({ pixels: this.pixels, changed: refresh, log });
    this.gallery = new Gallery({ thumbnails, storage: use, callerName: callerInWords, changed: refresh });
    this.entries = new Entries({ services: this.services, storage: use });
    this.reopening = new Reopening({
      services: this.services,
      sources: this.sources,
      kept: this.kept,
      drafts: this.drafts,
      memento: context.workspaceState,
      log,
    });
    this.cleanUp = () => cleanUp({ services: this.services, storage: use, changed: refresh });
    this.room = new RoomTeller({
      storage: use,
      cleanUp: this.cleanUp,
      openSettings: () => this.actions.perform('open-settings'),
    });
    this.studio = new Studio({
      gallery: this.gallery,
      entries: this.entries,
      reopening: this.reopening,
      cleanUp: this.cleanUp,
      packs: this.packs,
      copyAgentCall: this.copyAgentCall,
      extensionUri: context.extensionUri,
      pictureFolders: [folders.here, folders.pictures],
      editing: this.editing,
      pasting: this.pasting,
      colours: this.colours,
      pastDrafts: this.pastDrafts,
      replacing: this.replacing,
      sourceOf: ({ record }, src) => {
        const edited = editedInput(record);
        return edited && sent.view(edited.source, edited.input.name, src);
      },
      storage: this.storage,
      replaceView: (job, resultId) => this.replacer.view(job, resultId),
      inside: this.inside,
      services: this.services,
      drafts: this.drafts,
      keys,
      runner: this.runner,
      again: this.again,
      results: this.results,
      actions: this.actions,
      spending: this.spending,
      lastEditor: this.lastEditor,
      boxForm: this.#boxForm,
      known,
      shownFolder: (uri) => shownFolder(partsOf, uri),
      saving: this.saving,
      heavy: this.heavy,
      log,
    });
    this.announcer = new Announcer({
      services: this.services,
      results: this.results,
      teller: this.teller,
      studio: this.studio,
      target: () => this.lastEditor.target,
      finishSet: (service, job) => this.setFiles.finish(service, job),
      tellMadeByAgent: (service, jobId, written) => this.agents.jobs.tell(service, jobId, written),
      log,
    });
    this.setFiles = new SetFiles({
      services: this.services,
      runner: this.runner,
      announcer: this.announcer,
      results: this.results,
      teller: this.teller,
      saver,
      pixels: this.pixels,
      kept: this.making.kept,
      prices: () => known().prices,
      confirmAbove: () => readCap('confirmAbove'),
      offerKey: () => this.#offerKey(),
      makePagesReal: (placeholders) => makePagesReal(placeholders, this.#generateParts()),
      log,
    });
    this.#fillMissing = (document) =>
      fillMissing(document, { ...this.#generateParts(), pixels: this.pixels, kept: this.making.kept, saver, log });
    this.agents = new Agents({
      services: this.services,
      runner: this.runner,
      announcer: this.announcer,
      results: this.results,
      sources: this.sources,
      inside: this.inside,
      pixels: this.pixels,
      prices: () => known().prices,
      teller: this.teller,
      show: (jobId) => this.#showEntry(jobId),
      own: context.extension.id,
      log,
    });
    const report = new ReportDocument(log);
    this.check = new ServiceCheck({
      services: this.services,
      address: liveAddress,
      keys,
      offerKey: () => this.#offerKey(),
      facts: this.facts,
      sources: this.sources,
      runner: this.runner,
      announcer: this.announcer,
      pixels: this.pixels,
      teller: this.teller,
      report,
      startingRequest,
      boxForm: () => readSetting('boxForm'),
      probeFile: join(folders.pictures, 'check', 'grey.png'),
      log,
    });
    this.#subscriptions = vscode.Disposable.from(
      this.spending,
      this.spendingView,
      this.services.onDidChange(() => this.spending.forgetBalance()),
      this.services.onDidChangeJob(({ service, jobId }) => this.#afterJob(service, jobId)),
      report,
      thumbnails,
      this.sources,
      this.pasting,
      this.storage,
      this.measurer,
      this.making.making,
      this.sources.onDidChange(() => this.studio.refresh()),
      this.lastEditor,
      this.sites,
      this.announcer,
      this.setFiles,
      this.agents,
      this.studio,
      vscode.workspace.onDidChangeConfiguration((event) => this.#afterSettings(event)),
    );
    void this.#lookAtReplaced(log);
  }

  /** References to pictures that were dropped into a document. */
  readonly writeDropped: WriteDropped = (document, ranges, files) =>
    writeDropped(document, ranges, files, {
      sites: this.sites,
      describe: (file) => describeIfPicture(file, this.pixels),
    });

  /** References to pictures that were copied in the studio. */
  readonly writeCopied: WriteCopied = (document, range, ids) => writeCopied(document, range, ids, this);

  /** Copies what asks an agent for pictures like those of a job. */
  readonly copyAgentCall = (jobId: string): Promise<Telling | undefined> =>
    copyAgentCall(this.services.find(jobId)?.job.record);

  #generateParts(): InsertParts & MissingParts {
    const { services, runner, drafts, studio, announcer, teller, results, sites } = this;
    return {
      services,
      runner,
      drafts,
      studio,
      announcer,
      teller,
      results,
      sites,
      startingRequest,
      boxForm: this.#boxForm,
      prices: () => this.facts.known.prices,
      offerKey: () => this.#offerKey(),
    };
  }

  /** What each command does. */
  handlers(): CommandHandlers {
    const { services, runner, studio, announcer, teller } = this;
    const usePractice = () => this.#setPractice(true);
    const parts = this.#generateParts();
    return {
      'wanImage.generate': () => generate(parts),
      'wanImage.generateAndInsert': () => generateAndInsert(parts),
      'wanImage.draftAlt': () => this.#draftAlt(),
      'wanImage.generateMissing': (...handed) =>
        withDocument(handed, (document, place) => generateMissing(document, place, parts)),
      'wanImage.fillMissing': (...handed) => withDocument(handed, (document) => this.#fillMissing(document)),
      'wanImage.edit': (...handed) => this.#edit(handed),
      'wanImage.makePacks': (...handed) => this.packs.make(handed),
      'wanImage.undoPacks': () => this.packs.undo(),
      'wanImage.cutOut': (...handed) => this.packs.cutOut(handed),
      'wanImage.undoReplace': () => this.replacing.undoLatest(),
      ...recipeCommands({
        services,
        sources: this.sources,
        reopening: this.reopening,
        runner,
        announcer,
        replacer: this.replacer,
        startingRequest,
        prices: () => this.facts.known.prices,
        askAboutChanged,
        open: () => studio.open(),
        say: (telling) => studio.tell(telling),
        tell: (telling) => teller.tell(telling),
      }),
      'wanImage.openStudio': () => studio.open(),
      'wanImage.showHistory': () => this.#showHistory(),
      ...this.setFiles.handlers(),
      'wanImage.setKey': () => this.keyCommands.set(),
      'wanImage.testKey': () => this.keyCommands.test(),
      'wanImage.deleteKey': () => this.keyCommands.delete(),
      'wanImage.deleteStored': () => this.#deleteStored(),
      'wanImage.usePractice': usePractice,
      'wanImage.leavePractice': () => this.#setPractice(false),
      'wanImage.showSpending': () => this.spendingView.show(),
      'wanImage.exportSpending': () => this.spendingView.export(),
      'wanImage.checkService': () => this.check.run(),
      'wanImage.forgetCheck': () => this.check.forget(),
      'wanImage.showLog': this.#showLog,
      'wanImage.reportProblem': this.#reportProblem,
    };
  }

  #draftAlt(): Promise<void> {
    return draftAlt(vscode.window.activeTextEditor, {
      models: () => vscode.lm.selectChatModels(),
      sites: this.sites,
      picture: async (file) =>
        await this.pixels.preview(await readPictureFile(file, shortPath(file)), 1024, { give: true }),
      tell: (telling) => this.teller.tell(telling),
      log: this.#log,
    });
  }

  /** To be called when the key was set, replaced or deleted. */
  afterKeyChange(): void {
    this.services.resume();
    this.spending.forgetBalance();
    this.studio.refresh();
  }

  /** Ends what works in the background. Nothing is lost: the next window goes on. */
  async stop(): Promise<void> {
    this.#subscriptions.dispose();
    await this.services.dispose();
    await this.practice.dispose();
    this.pixels.dispose();
  }

  /** A job that has ended may have cost something. */
  #afterJob(service: Service, jobId: string): void {
    const status = service.jobs.get(jobId)?.record.status;
    const state = status?.state;
    if (service.mode === 'live' && (state === 'done' || state === 'failed')) this.spending.noteEnd(jobId);
    // Not for those that are only brought to hand.
    if (status?.state === 'done' && Date.now() - status.endedAt < 60_000)
      void this.room.look().catch((error: unknown) => this.#log.error('Room was not looked at.', error));
  }

  #showHistory(): void {
    this.gallery.open();
    this.studio.open();
  }

  #showEntry(jobId: string): void {
    this.gallery.open();
    this.gallery.show(jobId);
    this.studio.open();
  }

  /** The form that boxes are written in: by the setting, and where that leaves it open, by what was found to work. */
  readonly #boxForm = (): BoxForm => chosenBoxForm(readSetting('boxForm'), this.facts.known.boxForm);

  #offerKey(): Promise<boolean> {
    return offerKey(this.keyCommands, () => this.#setPractice(true));
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

  async #deleteStored(): Promise<void> {
    const forgetCopies = async () => {
      await tidyKept(this.kept, this.replacements, { most: 0, before: Date.now() });
      await this.making.kept.shrink({ most: 0, before: Date.now() });
      this.#afterReplacing();
    };
    const { pasting, pastDrafts } = this;
    await deleteStoredData({
      folders: this.#folders,
      forgetCopies,
      boxes: this.#boxes,
      pasting,
      pastDrafts,
      log: this.#log,
    });
    this.studio.refresh();
  }

  /** Reads what can be undone, and only then takes away old copies: until it is read, nothing seems to be there to undo. */
  async #lookAtReplaced(log: Log): Promise<void> {
    try {
      await this.replacements.load();
      this.#afterReplacing();
      await tidyKept(this.kept, this.replacements, usualRoom(Date.now()));
      this.#afterReplacing();
      const inForm = this.editing.inputs.flatMap(({ id }) => this.sources.get(id)?.uri ?? []);
      await this.pasting.tidy(inForm, usualRoom(Date.now()));
      await this.making.tidy();
    } catch (error) {
      log.error('What was replaced or pasted could not be read or tidied.', error);
    }
  }

  #afterReplacing(): void {
    const canUndo = this.replacements.latest !== undefined;
    void vscode.commands.executeCommand('setContext', 'wanImage.canUndoReplace', canUndo);
    this.studio.refresh();
  }

  /** A picture of the form or of a job, by the id that the panel knows it by. */
  async #pictureOf(id: string): Promise<{ readonly uri: vscode.Uri; readonly name: string } | undefined> {
    const found = this.sources.get(id) ?? (await this.results.pictureFile(id));
    return found && { uri: 'uri' in found ? found.uri : found.file, name: found.name };
  }

  async #editRequest(jobId: string | undefined): Promise<void> {
    if (jobId !== undefined) await this.reopening.reopen(jobId);
    this.studio.open();
    this.studio.refresh();
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

  /** The request of a result in the form, with words added to its prompt. It is sent when the user says so. */
  async #askAnew(resultId: string, words: string): Promise<boolean> {
    const request = this.#requestOf(this.services.findResult(resultId)?.job.record.id);
    const prompt = request && `${request.prompt.trimEnd()}, ${words}`;
    if (!request || !prompt || prompt.length > modelCard.prompt.maxCharacters) return false;
    await this.studio.openWith({ ...request, prompt });
    return true;
  }

  /** The studio shows what is found, and the user says what it is. */
  async #findPictures(jobId: string | undefined): Promise<void> {
    this.studio.open();
    if (jobId !== undefined) await this.services.find(jobId)?.service.recovery.look(jobId);
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

  async #checkStorage(): Promise<Telling> {
    this.storage.forget();
    this.studio.refresh();
    const trouble = await this.storage.glance(this.drafts.request);
    return trouble ? tellVault(trouble) : { severity: 'info', text: l10n.t('Pictures can be kept now.'), actions: [] };
  }

  async #saveElsewhere(ids: readonly string[]): Promise<void> {
    const outcome = await this.results.saveElsewhere(ids);
    const telling: Telling | undefined = outcome.kind === 'failed' ? outcome.telling : undefined;
    if (telling) await this.teller.tell(telling);
    else await this.teller.tellSaved(outcome.files);
  }
}

const saveFolder = (workspaceFolder: vscode.Uri) => readSetting('saveFolder', workspaceFolder);
