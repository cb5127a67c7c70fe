import * as vscode from 'vscode';
import type { ImageRequest } from '../core/request.ts';
import type { Log } from './log.ts';
import { probeFolderInside } from './saving/folderProbe.ts';
import { asSaveError } from './saving/saveError.ts';
import type { TargetTrouble } from './saving/fixedTarget.ts';
import { probeVault, roomFor, type VaultState, type VaultTrouble, vaultTrouble } from './vaultProbe.ts';

interface Parts {
  /** Where this workspace's pictures are kept. */
  readonly vault: string;
  /** The save folder of a workspace folder, as the setting has it. */
  readonly saveFolder: (workspaceFolder: vscode.Uri) => string;
  /** The names of the folders that this means, from the workspace folder down. Throws SaveError. */
  readonly partsOf: (workspaceFolder: vscode.Uri) => Promise<readonly string[]>;
  /** Called when something may stand otherwise. */
  readonly changed: () => void;
  readonly log: Log;
}

/** How long an answer is good for a look, in milliseconds; before anything is paid the vault is always tried anew. */
const freshMs = 10_000;

/** Knows, before anything is paid, whether pictures can be kept and saved. Makes nothing in the workspace. */
export class StorageProbe implements vscode.Disposable {
  readonly #parts: Parts;
  readonly #subscriptions: vscode.Disposable[];
  readonly #known = new Map<string, { readonly at: number; readonly answer: Promise<unknown> }>();
  #logged = '';

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#subscriptions = [
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.forget()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('wanImage.saveFolder')) this.forget();
      }),
      vscode.window.onDidChangeWindowState(({ focused }) => {
        if (!focused) return;
        this.forget();
        parts.changed();
      }),
    ];
  }

  /** Looks anew from now on. */
  forget(): void {
    this.#known.clear();
  }

  /** What keeps the pictures of this request from being kept, tried at this moment. */
  async vault(request: ImageRequest): Promise<VaultTrouble | undefined> {
    this.forget();
    return this.glance(request);
  }

  /** The same for a look, which may be some seconds old. */
  async glance(request: ImageRequest): Promise<VaultTrouble | undefined> {
    const state: VaultState = await this.#remembered('vault', () => probeVault(this.#parts.vault));
    const trouble = vaultTrouble(state, roomFor(request));
    const line = trouble ? `${trouble.kind}${'cause' in trouble ? ` ${String(trouble.cause)}` : ''}` : '';
    if (line !== this.#logged && line !== '') this.#parts.log.error(`Pictures cannot be kept: ${line}.`);
    this.#logged = line;
    return trouble;
  }

  /** What keeps pictures from being saved into the save folder of this workspace folder; for a look. */
  folder({ uri, name }: vscode.WorkspaceFolder): Promise<TargetTrouble | undefined> {
    const setting = this.#parts.saveFolder(uri);
    return this.#remembered(`${uri.toString()} ${setting}`, async () => {
      const place = setting === '' ? name : setting;
      if (vscode.workspace.fs.isWritableFileSystem(uri.scheme) === false) return { kind: 'read-only', place };
      try {
        const parts = await this.#parts.partsOf(uri);
        const kind = uri.scheme === 'file' ? await probeFolderInside(uri.fsPath, parts) : undefined;
        return kind && { kind, place };
      } catch (error) {
        const { kind, place: at } = asSaveError(error, place);
        return { kind, place: at };
      }
    });
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #remembered<T>(what: string, look: () => Promise<T>): Promise<T> {
    const now = Date.now();
    const known = this.#known.get(what);
    // A clock that was moved back makes nothing last longer.
    if (known && Math.abs(now - known.at) < freshMs) return known.answer as Promise<T>;
    const answer = look();
    this.#known.set(what, { at: now, answer });
    return answer;
  }
}
