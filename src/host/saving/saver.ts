import { realpath } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { numberedName } from './fileName.ts';
import { folderParts, makeFolderInside } from './insideFolder.ts';
import { overwrite, readStanding } from '../editing/standingFile.ts';
import { namesFormat, placeOfTarget, standingAs } from './fixedTarget.ts';
import { replaceFile, writeExactly, writeNewFile } from './newFile.ts';
import { asSaveError, codeOf, SaveError } from './saveError.ts';

/** A kept picture that is to become a file of the project. */
export interface KeptPicture {
  /** Absolute path in the vault. */
  readonly file: string;
  /** Of the file, without its extension, as every system can have it. */
  readonly name: string;
  /** True to the bytes, without the dot. */
  readonly extension: string;
}

/** Where a picture goes: a folder of the workspace, and a folder in it. */
export interface SavePlace {
  readonly workspaceFolder: vscode.WorkspaceFolder;
  /** Relative to the workspace folder: as the setting has it, or the names of folders that are there. */
  readonly folder: string | readonly string[];
}

/** Copies kept pictures into the workspace as new files. A copy can be repeated, and never replaces a file unasked. */
export class Saver {
  /** Saves under the first free name and answers where. Throws SaveError and nothing else. */
  async save(picture: KeptPicture, { workspaceFolder, folder }: SavePlace): Promise<vscode.Uri> {
    const words = typeof folder === 'string' ? folder : folder.join('/');
    const place = words === '' ? workspaceFolder.name : words;
    try {
      const parts = typeof folder === 'string' ? folderParts(folder) : folder;
      if (parts.includes('..')) throw new SaveError('outside', place);
      const target = vscode.Uri.joinPath(workspaceFolder.uri, ...parts);
      const { name } = picture;
      if (workspaceFolder.uri.scheme !== 'file') return await saveElsewhere(picture, target, name);
      const real = await makeFolderInside(workspaceFolder.uri.fsPath, parts);
      const written = await writeNewFile(picture.file, real, name, picture.extension);
      return vscode.Uri.joinPath(target, written);
    } catch (error) {
      throw asSaveError(error, place);
    }
  }

  /**
   * Saves where the user has pointed in a dialog, which has asked before replacing a file. A name whose extension belies
   * the bytes gets the true one, and then a free name, since nobody was asked about that. Throws SaveError.
   */
  async saveAs(picture: KeptPicture, chosen: vscode.Uri): Promise<vscode.Uri> {
    try {
      const { name, isTrue } = trueName(basename(chosen.path), picture.extension);
      if (chosen.scheme !== 'file') return await saveElsewhere(picture, vscode.Uri.joinPath(chosen, '..'), name);
      const folder = await realpath(dirname(chosen.fsPath)); // the user has pointed through whatever links there are
      if (isTrue) {
        await replaceFile(picture.file, folder, basename(chosen.fsPath));
        return chosen;
      }
      return vscode.Uri.joinPath(chosen, '..', await writeNewFile(picture.file, folder, name, picture.extension));
    } catch (error) {
      throw asSaveError(error, vscode.workspace.asRelativePath(chosen));
    }
  }

  /**
   * Saves a kept picture as exactly this file, which was fixed before the picture was paid for. Throws SaveError, and then nothing was
   * written: 'exists' where something has the name by now, 'other-format' where the name would belie the bytes.
   * @param replaces sha256 of the file that it may take the place of; 'changed' where another stands there by now
   */
  async saveExactly(kept: string, format: string, target: vscode.Uri, replaces?: string): Promise<vscode.Uri> {
    const shown = vscode.workspace.asRelativePath(target);
    if (!namesFormat(target, format)) throw new SaveError('other-format', shown);
    try {
      placeOfTarget(target);
      if (replaces === undefined || (await readStanding(target)) === undefined)
        return await this.writeNew(kept, target);
      const standing = await standingAs(target, replaces);
      if (!standing) throw new SaveError('changed', shown);
      await overwrite(target, standing, await readKept(kept));
      return target;
    } catch (error) {
      throw asSaveError(error, shown);
    }
  }

  /** Copies a file of the extension to exactly this place in the workspace, whatever it holds. Throws SaveError, and then nothing was written: 'exists' where something has the name. */
  async writeNew(kept: string, target: vscode.Uri): Promise<vscode.Uri> {
    const shown = vscode.workspace.asRelativePath(target);
    try {
      const { workspaceFolder, parts, name } = placeOfTarget(target);
      const isWritten =
        target.scheme === 'file'
          ? await writeExactly(kept, await makeFolderInside(workspaceFolder.uri.fsPath, parts), name)
          : await writeElsewhere(kept, vscode.Uri.joinPath(target, '..'), (part) => renamed(part, target));
      if (!isWritten) throw new SaveError('exists', shown);
      return target;
    } catch (error) {
      throw asSaveError(error, shown);
    }
  }
}

/**
 * Writes a kept file under exactly this name, beside a picture that was just saved there; false, and nothing is written,
 * where something has the name. Throws SaveError or the file system's own error.
 */
export async function saveNextTo(kept: string, target: vscode.Uri): Promise<boolean> {
  if (target.scheme !== 'file')
    return writeElsewhere(kept, vscode.Uri.joinPath(target, '..'), (part) => renamed(part, target));
  const { fsPath } = target;
  if (!vscode.workspace.getWorkspaceFolder(target))
    return writeExactly(kept, await realpath(dirname(fsPath)), basename(fsPath));
  const { workspaceFolder, parts, name } = placeOfTarget(target);
  return writeExactly(kept, await makeFolderInside(workspaceFolder.uri.fsPath, parts), name);
}

/** The chosen name without its extension, and whether that extension tells the truth. */
function trueName(chosen: string, extension: string): { name: string; isTrue: boolean } {
  const dot = chosen.lastIndexOf('.');
  const given = dot > 0 ? chosen.slice(dot + 1).toLowerCase() : '';
  const isTrue = given === extension || (extension === 'jpg' && given === 'jpeg');
  const isPicture = /^(png|jpe?g|webp|bmp|gif|avif|tiff?|svg|ico)$/.test(given);
  return { name: isTrue || isPicture ? chosen.slice(0, dot) : chosen, isTrue };
}

/** The same promise through VS Code's file systems, which know no links: a temporary file, renamed without overwriting. */
async function saveElsewhere(picture: KeptPicture, folder: vscode.Uri, name: string): Promise<vscode.Uri> {
  return writeElsewhere(picture.file, folder, async (part) => {
    for (let attempt = 1; ; attempt++) {
      const file = vscode.Uri.joinPath(folder, numberedName(name, picture.extension, attempt));
      if (await renamed(part, file)) return file;
    }
  });
}

async function writeElsewhere<T>(kept: string, folder: vscode.Uri, use: (part: vscode.Uri) => Promise<T>): Promise<T> {
  const files = vscode.workspace.fs;
  if (files.isWritableFileSystem(folder.scheme) === false)
    throw new SaveError('read-only', vscode.workspace.asRelativePath(folder));
  const bytes = await readKept(kept);
  await files.createDirectory(folder);
  const part = vscode.Uri.joinPath(folder, `.wan-image-${crypto.randomUUID()}.part`);
  try {
    await files.writeFile(part, bytes);
    const result = await use(part);
    if (result === false) await files.delete(part);
    return result;
  } catch (error) {
    // The first error is the one to tell; the part may not even have been made.
    await files.delete(part).then(undefined, () => undefined);
    throw error;
  }
}

async function readKept(file: string): Promise<Uint8Array> {
  try {
    return await vscode.workspace.fs.readFile(vscode.Uri.file(file));
  } catch (error) {
    throw new SaveError('lost', file, { cause: error });
  }
}

async function renamed(from: vscode.Uri, to: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.rename(from, to, { overwrite: false });
    return true;
  } catch (error) {
    if (codeOf(error) === 'FileExists') return false;
    throw error;
  }
}
