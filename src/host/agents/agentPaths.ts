import { posix } from 'node:path';
import * as vscode from 'vscode';
import { l10n } from 'vscode';

/** A path of a caller that names no file of the workspace, and why, for the caller to mend. */
export interface PathTrouble {
  readonly sentence: string;
}

/**
 * The file that a caller's path names: from the workspace folder on, in a workspace of several from the name of a folder on,
 * or absolute. By its words alone it is inside the workspace; what links make of it is for whoever reads or writes to see.
 */
export function fileNamed(path: string): vscode.Uri | PathTrouble {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length === 0) return { sentence: l10n.t('No folder is open. Ask the person to open one.') };
  const words = process.platform === 'win32' ? path.replaceAll('\\', '/') : path;
  // A scheme would be somebody else's file system; control characters and tildes are nobody's file names.
  if (/^~|[\\\p{Cc}]|^[a-z][a-z0-9+.-]+:/iu.test(words))
    return {
      sentence: l10n.t('{0} is not a path. Write it from the workspace folder on, with forward slashes.', path),
    };
  if (words.split('/').includes('..')) return outside(path);
  return /^(\/|[A-Za-z]:)/.test(words) ? absolute(words, folders) : relative(words, folders);
}

function absolute(path: string, folders: readonly vscode.WorkspaceFolder[]): vscode.Uri | PathTrouble {
  const file = vscode.Uri.file(path);
  for (const folder of folders) {
    // In a folder that is on no disk a path is one of that folder's file system; no path names another machine's there.
    const authority = folder.uri.scheme === 'file' ? folder.uri.authority : '';
    if (file.authority.toLowerCase() !== authority.toLowerCase()) continue;
    const uri = folder.uri.with({ path: posix.normalize(file.path) });
    // Where letters may be large or small, the folder's own are the ones by which its files are known.
    if (isBelow(uri, folder)) return uri.with({ path: folder.uri.path + uri.path.slice(folder.uri.path.length) });
  }
  return outside(path);
}

function relative(path: string, folders: readonly vscode.WorkspaceFolder[]): vscode.Uri | PathTrouble {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  const [only, ...others] = folders;
  if (only && others.length === 0) return fileIn(only, parts, path);
  const [first, ...rest] = parts;
  const [folder, ...alike] = folders.filter(({ name }) => name === first);
  if (folder && alike.length > 0)
    return {
      sentence: l10n.t('Several open folders have the name {0}. Name the file by its absolute path.', first ?? ''),
    };
  if (folder) return fileIn(folder, rest, path);
  const names = folders.map(({ name }) => name).join(', ');
  return { sentence: l10n.t('Several folders are open. Begin {0} with the name of one of them: {1}.', path, names) };
}

function fileIn(folder: vscode.WorkspaceFolder, parts: readonly string[], path: string): vscode.Uri | PathTrouble {
  return parts.length > 0 ? vscode.Uri.joinPath(folder.uri, ...parts) : outside(path);
}

function isBelow(uri: vscode.Uri, folder: vscode.WorkspaceFolder): boolean {
  return (
    vscode.workspace.getWorkspaceFolder(uri)?.uri.toString() === folder.uri.toString() && uri.path !== folder.uri.path
  );
}

const outside = (path: string): PathTrouble => ({
  sentence: l10n.t('{0} is not a file inside the workspace. Name one that is.', path),
});
