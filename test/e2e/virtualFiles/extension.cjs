// Files in memory under `writable:` and `readonly:`, each with a folder /project and a README.md in it.
const vscode = require('vscode');

exports.activate = (context) => {
  for (const isReadonly of [false, true]) {
    const scheme = isReadonly ? 'readonly' : 'writable';
    context.subscriptions.push(
      vscode.workspace.registerFileSystemProvider(scheme, new MemoryFiles(), { isReadonly, isCaseSensitive: true }),
    );
  }
};

class MemoryFiles {
  #changed = new vscode.EventEmitter();
  #entries = new Map([
    ['/', undefined],
    ['/project', undefined],
    ['/project/README.md', new TextEncoder().encode('# Virtual\n')],
  ]);
  onDidChangeFile = this.#changed.event;

  watch() {
    return { dispose() {} };
  }

  stat({ path }) {
    if (!this.#entries.has(path)) throw vscode.FileSystemError.FileNotFound(path);
    const bytes = this.#entries.get(path);
    return {
      type: bytes ? vscode.FileType.File : vscode.FileType.Directory,
      ctime: 0,
      mtime: 0,
      size: bytes?.length ?? 0,
    };
  }

  readDirectory({ path }) {
    const start = path === '/' ? '/' : `${path}/`;
    const names = [...this.#entries.keys()].filter(
      (key) => key.startsWith(start) && key !== path && !key.slice(start.length).includes('/'),
    );
    return names.map((key) => [
      key.slice(start.length),
      this.#entries.get(key) ? vscode.FileType.File : vscode.FileType.Directory,
    ]);
  }

  readFile({ path }) {
    const bytes = this.#entries.get(path);
    if (!bytes) throw vscode.FileSystemError.FileNotFound(path);
    return bytes;
  }

  createDirectory(uri) {
    this.#entries.set(uri.path, undefined);
    this.#changed.fire([{ type: vscode.FileChangeType.Created, uri }]);
  }

  writeFile(uri, bytes) {
    this.#entries.set(uri.path, bytes);
    this.#changed.fire([{ type: vscode.FileChangeType.Created, uri }]);
  }

  rename(from, to, { overwrite }) {
    if (!overwrite && this.#entries.has(to.path)) throw vscode.FileSystemError.FileExists(to);
    this.writeFile(to, this.readFile(from));
    this.delete(from);
  }

  delete(uri) {
    this.#entries.delete(uri.path);
    this.#changed.fire([{ type: vscode.FileChangeType.Deleted, uri }]);
  }
}
