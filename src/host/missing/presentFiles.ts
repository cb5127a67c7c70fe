import * as vscode from 'vscode';

/** Files that are asked for at once; more would only fill the memory. */
const mostKnown = 5000;

/** Whether files are there, remembered until one of their kind comes or goes. Folders are never listed. */
export class PresentFiles implements vscode.Disposable {
  readonly #known = new Map<string, Promise<boolean>>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #subscriptions: vscode.Disposable[];

  constructor() {
    const watcher = vscode.workspace.createFileSystemWatcher('**/*.{png,PNG,jpg,JPG,jpeg,JPEG,webp,WEBP,avif,AVIF}');
    const forget = (uri: vscode.Uri) => {
      this.#known.delete(uri.toString());
      this.#changed.fire(uri);
    };
    // A folder that is moved or deleted is one event of its own.
    const forgetAll = () => this.#known.clear();
    this.#subscriptions = [
      watcher,
      watcher.onDidCreate(forget),
      watcher.onDidDelete(forget),
      vscode.workspace.onDidDeleteFiles(forgetAll),
      vscode.workspace.onDidRenameFiles(forgetAll),
      this.#changed,
    ];
  }

  /** Fires with a file that has come or gone. */
  get onDidChange(): vscode.Event<vscode.Uri> {
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
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

async function isThere(file: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(file);
    return true;
  } catch (error) {
    return !(error instanceof vscode.FileSystemError && error.code === 'FileNotFound');
  }
}
