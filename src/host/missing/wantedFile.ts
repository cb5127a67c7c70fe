import { posix } from 'node:path';
import * as vscode from 'vscode';
import type { Sites } from '../site.ts';

/**
 * The file that a path in a document means; undefined where that is outside of the document's workspace folder, or only
 * running the project would tell.
 * @param path with slashes, from the document's folder, or from the root of its site where it begins with a slash
 */
export async function wantedFile(
  document: vscode.Uri,
  path: string,
  sites: Pick<Sites, 'siteOf'>,
): Promise<vscode.Uri | undefined> {
  const workspaceFolder = vscode.workspace.getWorkspaceFolder(document);
  if (!workspaceFolder) return undefined;
  const file = path.startsWith('/')
    ? await fromSiteRoot(document, path, sites)
    : vscode.Uri.joinPath(document, '..', path);
  if (!file) return undefined;
  const way = posix.relative(workspaceFolder.uri.path, file.path);
  return way === '' || way.startsWith('..') ? undefined : file;
}

async function fromSiteRoot(
  document: vscode.Uri,
  path: string,
  sites: Pick<Sites, 'siteOf'>,
): Promise<vscode.Uri | undefined> {
  const site = await sites.siteOf(document);
  if (!site) return undefined;
  if (site.framework === 'plain') return vscode.Uri.joinPath(site.root, path);
  const { publicRoot, base } = site;
  if (!publicRoot || base === undefined) return undefined;
  // A path that does not begin with the base is written for a page at the root; the frameworks warn of it, and serve it in development.
  const inside = path.startsWith(base) ? path.slice(base.length) : path.slice(1);
  return vscode.Uri.joinPath(publicRoot, inside);
}
