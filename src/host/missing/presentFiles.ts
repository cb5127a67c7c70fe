import { posix } from 'node:path';
import * as vscode from 'vscode';
import { pictureName } from '../../core/foundReferences.ts';

/** Files that are asked for at once; more would only fill the memory. */
const mostKnown = 5000;

/** How long nothing more must have come or gone before it is told, in milliseconds. */
const restMs = 300;

/** Whether files are there, remembered until a file of their kind or a folder comes or goes. Folders are never listed. */
export class PresentFiles implements vscode.Disposable {
  readonly #known = new Map<string, Promise<boolean>>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #watcher: vscode.FileSystemWatcher;
  #telling: NodeJS.Timeout | undefined;

  constructor() {
    // All names: of a folder that comes or goes with what is in it, only the folder may be told, and a pattern cannot say
    // “folder”. VS Code watches the workspace once, whatever the patterns are; they only choose what is told here.
    this.#watcher = vscode.workspace.createFileSystemWatcher('**/*', false, true, false);
    const forget = (uri: vscode.Uri) => this.#forget(uri);
    this.#watcher.onDidCreate(forget);
    this.#watcher.onDidDelete(forget);
  }

  /** Fires when an answer may be another one. */
  get onDidChange(): vscode.Event<void> {
    return this.#changed.event;
  }

  /** A place that cannot be looked at counts as having the file: nobody is to be told that it is missing by mistake. */
  has(file: vscode.Uri): Promise<boolean> {
    const key = file.toString();
    const known = this.#known.get(key) ?? isThere(file);
    if (this.#known.size >= mostKnown) this.#known.clear();
    this.#known.set(key, known);
    return known;
  }

  dispose(): void {
    clearTimeout(this.#telling);
    this.#watcher.dispose();
    this.#changed.dispose();
  }

  #forget(uri: vscode.Uri): void {
    const name = posix.basename(uri.path);
    if (pictureName.test(name)) this.#known.delete(uri.toString());
    else if (name.includes('.')) return;
    else this.#known.clear();
    clearTimeout(this.#telling);
    this.#telling = setTimeout(() => this.#changed.fire(), restMs);
  }
}

/** Whether a file is there; what cannot be looked at counts as being there. */
export async function isThere(file: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(file);
    return true;
  } catch (error) {
    return !(error instanceof vscode.FileSystemError && error.code === 'FileNotFound');
  }
}
