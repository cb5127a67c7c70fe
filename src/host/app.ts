import { join } from 'node:path';
import * as vscode from 'vscode';
import { l10n } from 'vscode';
import { Actions } from './actions.ts';
import { Announcer } from './announcer.ts';
import type { CommandHandlers } from './commands.ts';
import { Drafts } from './drafts.ts';
import { LastEditor } from './inserting/insertTarget.ts';
import type { KeyVault } from './key.ts';
import { KeyCommands } from './keyCommands.ts';
import type { Log } from './log.ts';
import { networkSettings } from './network.ts';
import { generate } from './palette/generate.ts';
import { generateAndInsert, type InsertParts } from './palette/generateAndInsert.ts';
import { PracticeService } from './practice.ts';
import { confirmPrice, offerKey } from './questions.ts';
import { Results } from './results.ts';
import { Runner } from './runner.ts';
import { Saver } from './saving/saver.ts';
import { Services } from './services.ts';
import { parseServiceUrl } from './settings.ts';
import { readSetting, startingRequest, writeUserSetting } from './settingsReader.ts';
import type { StorageFolders } from './storageFolders.ts';
import { Studio } from './studio/studio.ts';
import type { Telling } from './telling.ts';
import { WindowTeller } from './windowTeller.ts';

/** What the activation hands over: things that exist once in a window. */
export interface AppParts {
  readonly context: Pick<vscode.ExtensionContext, 'extensionUri' | 'extensionPath' | 'extension' | 'workspaceState'>;
  readonly keys: KeyVault;
  readonly folders: StorageFolders;
  readonly log: Log;
  readonly showLog: () => void;
}

/** The composition root: builds every part from those above it, and wires them. Loaded when something is asked of the extension. */
export class App {
  readonly #showLog: () => void;
  readonly #subscriptions: vscode.Disposable;

  readonly keys: KeyVault;
  readonly practice: PracticeService;
  readonly services: Services;
  readonly drafts: Drafts;
  readonly lastEditor = new LastEditor();
  readonly results: Results;
  readonly keyCommands: KeyCommands;
  readonly runner: Runner;
  readonly actions: Actions;
  readonly teller: WindowTeller;
  readonly studio: Studio;
  readonly announcer: Announcer;

  constructor({ context, keys, folders, log, showLog }: AppParts) {
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
    this.drafts = new Drafts(context.workspaceState, startingRequest);
    this.results = new Results({
      services: this.services,
      saver: new Saver(),
      saveFolder,
      nearby: () => this.lastEditor.target?.document,
      log,
    });
    this.keyCommands = new KeyCommands({
      keys,
      services: this.services,
      mode: () => this.services.mode,
      leavePractice: () => this.#setPractice(false),
      log,
    });
    this.runner = new Runner({
      services: this.services,
      keys,
      boxForm,
      confirmAbove: () => Math.round(readSetting('confirmAbove') * 1000),
      confirm: confirmPrice,
    });
    this.actions = new Actions({
      setKey: () => this.keyCommands.set(),
      testKey: () => this.keyCommands.test(),
      setPractice: (isOn) => this.#setPractice(isOn),
      showLog,
      editRequest: (jobId) => this.#editRequest(jobId),
      saveElsewhere: (ids) => this.#saveElsewhere(ids),
    });
    this.teller = new WindowTeller(this.actions);
    this.studio = new Studio({
      extensionUri: context.extensionUri,
      vaultFolder: folders.here,
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
      this.lastEditor,
      this.announcer,
      this.studio,
      vscode.workspace.onDidChangeConfiguration((event) => this.#afterSettings(event)),
    );
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
      'wanImage.openStudio': () => studio.open(),
      'wanImage.setKey': () => this.keyCommands.set(),
      'wanImage.testKey': () => this.keyCommands.test(),
      'wanImage.deleteKey': () => this.keyCommands.delete(),
      'wanImage.usePractice': usePractice,
      'wanImage.leavePractice': () => this.#setPractice(false),
      'wanImage.showLog': this.#showLog,
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

  async #editRequest(jobId: string | undefined): Promise<void> {
    const request = jobId === undefined ? undefined : this.services.find(jobId)?.job.record.request;
    if (request) await this.studio.openWith(request);
    else this.studio.open();
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
