import * as vscode from 'vscode';
import { until } from './extension.ts';

/** A file system in memory, for what a virtual workspace does. */
export class MemoryFiles implements vscode.FileSystemProvider {
  readonly #scheme: string;
  readonly #files = new Map<string, Uint8Array>();
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly #registration: vscode.Disposable;
  readonly onDidChangeFile = this.#changed.event;
  /** Thrown by the next write. */
  trouble: vscode.FileSystemError | undefined;
  /** Thrown by each renaming. */
  renameTrouble: vscode.FileSystemError | undefined;

  constructor(scheme: string, options: { readonly isReadonly?: boolean } = {}) {
    this.#scheme = scheme;
    this.#registration = vscode.workspace.registerFileSystemProvider(scheme, this, {
      isCaseSensitive: true,
      isReadonly: options.isReadonly ?? false,
    });
  }

  /** VS Code tells what a file system can do a moment after it was registered. */
  async isKnown(): Promise<void> {
    await until('the file system is known', () => vscode.workspace.fs.isWritableFileSystem(this.#scheme) !== undefined);
  }

  uri(path: string): vscode.Uri {
    return vscode.Uri.from({ scheme: this.#scheme, path });
  }

  put(path: string, content: string | Uint8Array): void {
    this.#files.set(path, Buffer.from(content as Uint8Array));
  }

  get names(): string[] {
    return [...this.#files.keys()];
  }

  read(path: string): string | undefined {
    const bytes = this.bytes(path);
    return bytes && Buffer.from(bytes).toString();
  }

  bytes(path: string): Uint8Array | undefined {
    return this.#files.get(path);
  }

  stat(uri: vscode.Uri): vscode.FileStat {
    const bytes = this.#files.get(uri.path);
    if (bytes) return { type: vscode.FileType.File, ctime: 0, mtime: 0, size: bytes.length };
    const isFolder = uri.path === '/' || [...this.#files.keys()].some((path) => path.startsWith(`${uri.path}/`));
    if (isFolder) return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
    throw vscode.FileSystemError.FileNotFound(uri);
  }

  readFile(uri: vscode.Uri): Uint8Array {
    const bytes = this.#files.get(uri.path);
    if (!bytes) throw vscode.FileSystemError.FileNotFound(uri);
    return bytes;
  }

  writeFile(uri: vscode.Uri, content: Uint8Array): void {
    if (this.trouble) throw this.trouble;
    this.#files.set(uri.path, content);
  }

  rename(from: vscode.Uri, to: vscode.Uri, options: { readonly overwrite: boolean }): void {
    if (this.renameTrouble) throw this.renameTrouble;
    if (this.#files.has(to.path) && !options.overwrite) throw vscode.FileSystemError.FileExists(to);
    this.#files.set(to.path, this.readFile(from));
    this.#files.delete(from.path);
  }

  delete(uri: vscode.Uri): void {
    if (!this.#files.delete(uri.path)) throw vscode.FileSystemError.FileNotFound(uri);
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(): void {
    // Folders are what the names of files say.
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }
}
