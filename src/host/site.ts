import { posix } from 'node:path';
import * as vscode from 'vscode';
import { type Framework, isSiteFile, largestSiteFile, type Site, siteFilePattern, siteFrom } from '../core/site.ts';

/** The project that a file belongs to. */
export interface FoundSite {
  /** The project's own folder: the nearest upwards that is of a known kind, else the workspace folder. */
  readonly root: vscode.Uri;
  readonly framework: Framework;
  /** The folder whose files are served as they are; it need not exist. Left out where none can be known. */
  readonly publicRoot?: vscode.Uri;
  /** The URL path at which that folder is served, with a slash at both ends; left out where only running the configuration would tell. */
  readonly base?: string;
}

/**
 * Finds what kind of project files belong to, by what stands in configuration files; nothing is run. Looks no further up
 * than the workspace folder, and looks again when such a file changes.
 */
export class Sites implements vscode.Disposable {
  readonly #found = new Map<string, Promise<Site | undefined>>();
  readonly #subscriptions: vscode.Disposable[];

  constructor() {
    const watcher = vscode.workspace.createFileSystemWatcher(siteFilePattern);
    const forget = () => this.#found.clear();
    this.#subscriptions = [
      watcher,
      watcher.onDidChange(forget),
      watcher.onDidCreate(forget),
      watcher.onDidDelete(forget),
      vscode.workspace.onDidChangeWorkspaceFolders(forget),
    ];
  }

  /** The project of a file or a folder, which need not exist. Undefined for what is in no workspace folder. */
  async siteOf(uri: vscode.Uri): Promise<FoundSite | undefined> {
    const workspaceFolder = vscode.workspace.getWorkspaceFolder(uri)?.uri;
    if (!workspaceFolder) return undefined;
    const way = posix.relative(workspaceFolder.path, uri.path);
    const parts = way.split('/').filter((part) => part !== '' && part !== '..');
    for (let length = parts.length; length >= 0; length--) {
      const folder = vscode.Uri.joinPath(workspaceFolder, ...parts.slice(0, length));
      const site = await this.#siteIn(folder);
      if (!site) continue;
      const { framework, publicFolder, base } = site;
      return {
        root: folder,
        framework,
        ...(publicFolder !== undefined && { publicRoot: vscode.Uri.joinPath(folder, publicFolder) }),
        ...(base !== undefined && { base }),
      };
    }
    return { root: workspaceFolder, framework: 'plain' };
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #siteIn(folder: vscode.Uri): Promise<Site | undefined> {
    const key = folder.toString();
    const known = this.#found.get(key) ?? readSite(folder);
    this.#found.set(key, known);
    return known;
  }
}

async function readSite(folder: vscode.Uri): Promise<Site | undefined> {
  const entries = await entriesOf(folder);
  const names = entries.map(([name]) => name).filter(isSiteFile);
  const folders = entries.filter(([, type]) => type & vscode.FileType.Directory).map(([name]) => name);
  const contents = await Promise.all(names.map((name) => contentOf(vscode.Uri.joinPath(folder, name))));
  const files = names.flatMap((name, index) => {
    const content = contents[index];
    return content === undefined ? [] : [[name, content] as const];
  });
  return siteFrom(new Map(files), folders);
}

/** None for what is a file, is not there or cannot be read: a folder about which nothing can be known is no project. */
async function entriesOf(folder: vscode.Uri): Promise<[string, vscode.FileType][]> {
  return vscode.workspace.fs.readDirectory(folder).then(
    (entries) => entries,
    () => [],
  );
}

/** Undefined for what is too large, no file (a device has no end), or cannot be read. */
async function contentOf(file: vscode.Uri): Promise<string | undefined> {
  try {
    const { type, size } = await vscode.workspace.fs.stat(file);
    if (!(type & vscode.FileType.File) || size > largestSiteFile) return undefined;
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  } catch (error) {
    if (error instanceof vscode.FileSystemError) return undefined;
    throw error;
  }
}
