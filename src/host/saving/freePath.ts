import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Destination } from './destinations.ts';
import { numberedName } from './fileName.ts';
import { probeFolderInside } from './folderProbe.ts';
import { asSaveError, codeOf, SaveError } from './saveError.ts';

/**
 * Where a new file would be written at this moment, under the first name that is free. Makes nothing. Throws SaveError for
 * what would keep it from being written.
 * @param taken names that others of the same saving will have
 */
export async function freePath(
  { uri }: Pick<vscode.WorkspaceFolder, 'uri'>,
  { folder, name }: Destination,
  extension: string,
  taken: readonly string[] = [],
): Promise<vscode.Uri> {
  const target = vscode.Uri.joinPath(uri, ...folder);
  const place = vscode.workspace.asRelativePath(target);
  try {
    if (vscode.workspace.fs.isWritableFileSystem(uri.scheme) === false) throw new SaveError('read-only', place);
    const trouble = uri.scheme === 'file' ? await probeFolderInside(uri.fsPath, folder) : undefined;
    if (trouble) throw new SaveError(trouble, place);
    for (let attempt = 1; ; attempt++) {
      const candidate = numberedName(name, extension, attempt);
      const file = vscode.Uri.joinPath(target, candidate);
      if (!taken.includes(candidate) && !(await stands(file, join(uri.fsPath, ...folder, candidate)))) return file;
    }
  } catch (error) {
    throw asSaveError(error, place);
  }
}

async function stands(file: vscode.Uri, path: string): Promise<boolean> {
  try {
    await (file.scheme === 'file' ? lstat(path) : vscode.workspace.fs.stat(file));
    return true;
  } catch (error) {
    if (['ENOENT', 'FileNotFound'].includes(codeOf(error) ?? '')) return false;
    throw error;
  }
}
