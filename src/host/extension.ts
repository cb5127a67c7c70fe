import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { registerAgentTools } from './agents/registering.ts';
import { offeredApi } from './api/offering.ts';
import type { Finished, WanImageStudio } from './api/wanImageStudio.ts';
import type { App } from './app.ts';
import { registerCommands } from './commands.ts';
import { hasReplacements } from './editing/replacementsLeft.ts';
import { registerCopiedPictures } from './inserting/copied.ts';
import { registerPictureDrops } from './inserting/dropping.ts';
import { KeyVault } from './key.ts';
import { loadApp, loadReferences } from './lazy.ts';
import { scrubbedLog } from './log.ts';
import { RecentLines } from './recentLines.ts';
import { registerSetFiles } from './setFiles/registering.ts';
import { referenceLanguages } from '../core/foundReferences.ts';
import { storageFolders } from './storageFolders.ts';
import { studioViewType } from './studio/viewType.ts';
import { hasWorkLeft, type WorkLeft } from './workLeft.ts';

/** How long after the start other workspaces' unfinished jobs are looked for, in milliseconds. */
const elsewhereDelay = 10_000;

/**
 * What is there from the start: commands and the studio's name are known to VS Code, and unfinished jobs are looked for.
 * All the rest is in `App`, which is loaded when there is something to do.
 */
class Extension {
  readonly #context: vscode.ExtensionContext;
  readonly #channel = vscode.window.createOutputChannel('Wan Image', { log: true });
  readonly #recent = new RecentLines();
  readonly #log = scrubbedLog(this.#channel, this.#recent);
  readonly #keys: KeyVault;
  readonly #folders;
  readonly #finished = new vscode.EventEmitter<Finished>();
  #app: Promise<App> | undefined;

  constructor(context: vscode.ExtensionContext) {
    this.#context = context;
    this.#keys = new KeyVault(context.secrets);
    this.#folders = storageFolders(context.globalStorageUri);
  }

  start(): void {
    const { subscriptions, secrets } = this.#context;
    const showLog = () => this.#channel.show();
    subscriptions.push(
      this.#channel,
      registerCommands(async () => (await this.app()).handlers(), this.#log, showLog),
      registerSetFiles(async () => (await this.app()).setFiles, this.#log),
      vscode.window.registerWebviewPanelSerializer(studioViewType, {
        deserializeWebviewPanel: async (panel, state) => (await this.app()).studio.restore(panel, state),
      }),
      registerPictureDrops(async () => (await this.app()).writeDropped, this.#log),
      registerCopiedPictures(async () => (await this.app()).writeCopied, this.#log),
      this.#finished,
      secrets.onDidChange((event) => {
        if (this.#keys.isMeantBy(event))
          void this.#guard('The new key could not be taken up.', () => this.#afterKeyChange());
      }),
    );
    void this.#guard('The secret storage could not be read.', () => this.#showWhetherKey());
    void this.#guard('Replaced pictures could not be looked for.', () => this.#showWhetherReplaced());
    void this.#guard('The tools for language models could not be made known.', async () => {
      subscriptions.push(registerAgentTools(async () => (await this.app()).agents.tools));
    });
    void this.#guard('Unfinished jobs could not be looked for.', () => this.#goOn());
    this.#startReferencesWhenMeant();
    const elsewhere = setTimeout(
      () =>
        void this.#guard('Unfinished jobs of other workspaces could not be looked for.', () => this.#goOnElsewhere()),
      elsewhereDelay,
    );
    subscriptions.push({ dispose: () => clearTimeout(elsewhere) });
  }

  /** The whole extension, loaded on first use. */
  app(): Promise<App> {
    this.#app ??= this.#load().catch((error: unknown) => {
      this.#app = undefined; // the next call tries again
      throw error;
    });
    return this.#app;
  }

  async #load(): Promise<App> {
    const { App } = await loadApp();
    const parts = { context: this.#context, keys: this.#keys, folders: this.#folders, log: this.#log };
    const app = new App({ ...parts, recent: this.#recent, showLog: () => this.#channel.show() });
    app.agents.onDidFinish((finished) => this.#finished.fire(finished));
    return app;
  }

  /** What other extensions get. */
  api(): WanImageStudio {
    return offeredApi(async () => (await this.app()).agents.calls, this.#finished.event);
  }

  /** Ends what works in the background. Nothing is lost: the next window goes on. */
  async stop(): Promise<void> {
    await (await this.#app)?.stop();
  }

  /** Goes on with what a closed window of this workspace left, and tells of what nobody was told. */
  async #goOn(): Promise<void> {
    if (await this.#hasWork(this.#folders.here, 'unfinished or untold')) await (await this.app()).services.goOn();
  }

  /**
   * Collects what other workspaces left unfinished: the service forgets a job after an hour, which may be sooner than
   * that workspace is opened again. Its pictures then wait in its vault.
   */
  async #goOnElsewhere(): Promise<void> {
    for (const name of await foldersIn(this.#folders.all)) {
      const folder = join(this.#folders.all, name);
      if (folder === this.#folders.here || !(await this.#hasWork(folder, 'unfinished'))) continue;
      await (await this.app()).services.goOnElsewhere(folder);
    }
  }

  /** Documents that can refer to pictures are looked at as soon as there is one. */
  #startReferencesWhenMeant(): void {
    const { subscriptions } = this.#context;
    let isStarted = false;
    const consider = ({ languageId, uri }: vscode.TextDocument) => {
      if (isStarted || !referenceLanguages.includes(languageId) || !vscode.workspace.getWorkspaceFolder(uri)) return;
      isStarted = true;
      opening.dispose();
      void this.#guard('References to pictures cannot be looked at.', async () => {
        subscriptions.push((await loadReferences()).startReferences(this.#log));
      });
    };
    const opening = vscode.workspace.onDidOpenTextDocument(consider);
    subscriptions.push(opening);
    for (const document of vscode.workspace.textDocuments) consider(document);
  }

  async #hasWork(workspaceFolder: string, work: WorkLeft): Promise<boolean> {
    for (const service of await foldersIn(workspaceFolder)) {
      if (await hasWorkLeft(join(workspaceFolder, service), work, Date.now())) return true;
    }
    return false;
  }

  async #afterKeyChange(): Promise<void> {
    (await this.#app)?.afterKeyChange();
    await this.#showWhetherKey();
  }

  async #showWhetherKey(): Promise<void> {
    await vscode.commands.executeCommand('setContext', 'wanImage.hasKey', (await this.#keys.read()) !== undefined);
  }

  async #showWhetherReplaced(): Promise<void> {
    await vscode.commands.executeCommand(
      'setContext',
      'wanImage.canUndoReplace',
      await hasReplacements(this.#folders.replacements),
    );
  }

  async #guard(sentence: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#log.error(sentence, error);
    }
  }
}

async function foldersIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

// VS Code ends an extension without handing back what it began; this is the one thing that must be found again.
let running: Extension | undefined;

export function activate(context: vscode.ExtensionContext): WanImageStudio {
  const extension = new Extension(context);
  running = extension;
  extension.start();
  const api = extension.api();
  // Tests in the extension host look at the parts; other extensions do not.
  return context.extensionMode === vscode.ExtensionMode.Test
    ? ({ ...api, app: () => extension.app() } as WanImageStudio)
    : api;
}

export async function deactivate(): Promise<void> {
  await running?.stop();
}
