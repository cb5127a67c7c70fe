import { realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
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

/** True where the folder of a missing file lies in the workspace, after every link is followed. */
export async function isFolderInWorkspace(uri: vscode.Uri): Promise<boolean> {
  if (uri.scheme !== 'file') return vscode.workspace.getWorkspaceFolder(uri) !== undefined;
  const folder = await realPathOf(dirname(uri.fsPath));
  return folder !== undefined && isRealPathInWorkspace(folder);
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

/** A URI as the panel names a file. In a remote window the browser's side calls the files of this machine by another scheme. */
export function claimedUri(text: string): vscode.Uri | undefined {
  try {
    const uri = vscode.Uri.parse(text.trim(), true);
    return uri.scheme === 'vscode-remote' && vscode.env.remoteName !== undefined ? vscode.Uri.file(uri.path) : uri;
  } catch {
    return undefined; // Not an address at all.
  }
}

function undefinedIfMissing(error: unknown): undefined {
  if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(codeOf(error) ?? '')) return undefined;
  throw error;
}
