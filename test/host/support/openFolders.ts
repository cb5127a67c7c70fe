import { posix } from 'node:path';
import * as vscode from 'vscode';

/**
 * Other folders in the place of the one that the test window has open, as far as the extension asks VS Code for them. To
 * open them for real would start the extension host anew, and the tests with it.
 */
export class OpenFolders {
  readonly folders: readonly vscode.WorkspaceFolder[];
  /** The questions which of the folders is meant. */
  asked = 0;
  readonly #restorers: readonly (() => void)[];

  /** @param chosen the folder that the user picks where they are asked for one */
  constructor(uris: readonly vscode.Uri[], chosen?: number) {
    const folders = uris.map((uri, index) => ({ uri, index, name: posix.basename(uri.path) }));
    this.folders = folders;
    this.#restorers = [
      replace(vscode.workspace, {
        workspaceFolders: folders,
        getWorkspaceFolder: (uri: vscode.Uri) => folderOf(folders, uri),
        asRelativePath: (place: vscode.Uri | string) => shown(folders, place),
      }),
      replace(vscode.window, {
        showWorkspaceFolderPick: () => {
          this.asked++;
          return Promise.resolve(chosen === undefined ? undefined : folders[chosen]);
        },
      }),
    ];
  }

  dispose(): void {
    for (const restore of this.#restorers) restore();
  }
}

/** Answers what puts everything back. */
function replace(target: object, values: Readonly<Record<string, unknown>>): () => void {
  const before = Object.keys(values).map((name) => [name, Object.getOwnPropertyDescriptor(target, name)] as const);
  for (const [name, value] of Object.entries(values))
    Object.defineProperty(target, name, { value, configurable: true });
  return () => {
    for (const [name, descriptor] of before) if (descriptor) Object.defineProperty(target, name, descriptor);
  };
}

/** The innermost one, as VS Code has it. */
function folderOf(folders: readonly vscode.WorkspaceFolder[], uri: vscode.Uri): vscode.WorkspaceFolder | undefined {
  return folders
    .filter(
      ({ uri: { scheme, authority, path } }) =>
        scheme === uri.scheme && authority === uri.authority && (uri.path === path || uri.path.startsWith(`${path}/`)),
    )
    .toSorted((one, other) => other.uri.path.length - one.uri.path.length)
    .at(0);
}

/** With the name of the folder before it where there are several, as VS Code does by itself. */
function shown(folders: readonly vscode.WorkspaceFolder[], place: vscode.Uri | string): string {
  if (typeof place === 'string') return place;
  const folder = folderOf(folders, place);
  if (!folder || folder.uri.path === place.path) return place.scheme === 'file' ? place.fsPath : place.path;
  const way = posix.relative(folder.uri.path, place.path);
  return folders.length > 1 ? `${folder.name}/${way}` : way;
}
