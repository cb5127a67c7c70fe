import { lstat, realpath } from 'node:fs/promises';
import { dirname, posix } from 'node:path';
import * as vscode from 'vscode';
import { isInside } from '../saving/insideFolder.ts';
import { codeOf } from '../saving/saveError.ts';

/** True where a file lies in a folder of the workspace, after every link is followed. False where it does not exist. */
export async function isInWorkspace(uri: vscode.Uri): Promise<boolean> {
  if (uri.scheme !== 'file') return vscode.workspace.getWorkspaceFolder(uri) !== undefined;
  const real = await realPathOf(uri.fsPath);
  return real !== undefined && isRealPathInWorkspace(real);
}

/** The same for a path without links. */
async function isRealPathInWorkspace(real: string): Promise<boolean> {
  for (const folder of vscode.workspace.workspaceFolders ?? []) {
    if (folder.uri.scheme !== 'file') continue;
    const root = await realPathOf(folder.uri.fsPath);
    if (root !== undefined && isInside(root, real)) return true;
  }
  return false;
}

/** Where a file really is, after links; undefined where it is missing. */
export async function realPathOf(file: string): Promise<string | undefined> {
  return realpath(file).catch(undefinedIfMissing);
}

/** True where a missing file would lie in the workspace: the nearest folder above it that exists does, after every link is followed. */
export async function isMissingInWorkspace(uri: vscode.Uri): Promise<boolean> {
  if (uri.scheme !== 'file') return vscode.workspace.getWorkspaceFolder(uri) !== undefined;
  for (let folder = dirname(uri.fsPath); folder !== dirname(folder); folder = dirname(folder)) {
    const real = await realPathOf(folder);
    if (real !== undefined) return isRealPathInWorkspace(real);
    // A link to nothing leads nobody knows where.
    if (await lstat(folder).catch(undefinedIfMissing)) return false;
  }
  return false;
}

/** True where a tab of this window shows the file. */
export function isOpenInTab(uri: vscode.Uri): boolean {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.some((tab) => uriOfTab(tab)?.toString() === uri.toString());
}

/** The file that a tab shows, if it shows one. */
export function uriOfTab(tab: vscode.Tab | undefined): vscode.Uri | undefined {
  const input = tab?.input;
  return input instanceof vscode.TabInputCustom || input instanceof vscode.TabInputText ? input.uri : undefined;
}

/**
 * A URI as the panel names a file, in the one form in which a file is known here. In a remote window the browser's side
 * calls the files of this machine by another scheme.
 */
export function claimedUri(text: string): vscode.Uri | undefined {
  try {
    const claim = vscode.Uri.parse(text.trim(), true);
    // A way up would lead out of a workspace that is looked for by words alone.
    const uri = claim.with({ path: posix.normalize(claim.path) });
    if (uri.scheme === 'vscode-remote' && vscode.env.remoteName !== undefined) return vscode.Uri.file(uri.path);
    if (uri.scheme !== 'file') return uri;
    // Only to look at a file of another machine would tell that machine who asks.
    return isKnownMachine(uri.authority) ? uri.with({ query: '', fragment: '' }) : undefined;
  } catch {
    return undefined; // Not an address at all.
  }
}

/** True for this machine, and for those whose folders the user has opened. */
function isKnownMachine(authority: string): boolean {
  const isSame = (uri: vscode.Uri) => uri.authority.toLowerCase() === authority.toLowerCase();
  return authority === '' || (vscode.workspace.workspaceFolders ?? []).some(({ uri }) => isSame(uri));
}

function undefinedIfMissing(error: unknown): undefined {
  if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(codeOf(error) ?? '')) return undefined;
  throw error;
}
