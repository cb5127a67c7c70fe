import { randomUUID } from 'node:crypto';
import { access, constants, open, readFile, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { syncFolder } from '../../jobs/durable.ts';
import { codeOf, SaveError } from '../saving/saveError.ts';
import { isFolderInWorkspace, isInWorkspace, realPathOf } from './places.ts';

/** What stands in a place of the workspace; undefined where nothing does. Follows links inside the workspace and refuses others. */
export async function readStanding(uri: vscode.Uri): Promise<Uint8Array | undefined> {
  const place = vscode.workspace.asRelativePath(uri);
  if (await isInWorkspace(uri)) return readIfThere(uri);
  // Where nothing stands, the folder decides; a link to nothing stands there too, and leads nobody knows where.
  if ((await readIfThere(uri)) === undefined && (await isFolderInWorkspace(uri))) return undefined;
  throw new SaveError('outside', place);
}

async function readIfThere(uri: vscode.Uri): Promise<Uint8Array | undefined> {
  try {
    return uri.scheme === 'file' ? await readFile(uri.fsPath) : await vscode.workspace.fs.readFile(uri);
  } catch (error) {
    if (['ENOENT', 'FileNotFound'].includes(codeOf(error) ?? '')) return undefined;
    throw error;
  }
}

/**
 * Puts bytes in the place of a file: they are whole beside it before they take its name, so that whatever happens either
 * the old or the new file is there. A link stays a link. Throws SaveError or the file system's own error.
 */
export async function overwrite(uri: vscode.Uri, bytes: Uint8Array): Promise<void> {
  if (uri.scheme !== 'file') return overwriteElsewhere(uri, bytes);
  const real = (await realPathOf(uri.fsPath)) ?? uri.fsPath;
  const mode = await modeOf(real, vscode.workspace.asRelativePath(uri));
  const part = join(dirname(real), `.wan-image-${randomUUID()}.part`);
  try {
    await writeWhole(part, bytes, mode);
    await rename(part, real);
  } catch (error) {
    await unlink(part).catch(() => undefined); // It may not have been made; the first error is the one to tell.
    throw error;
  }
  await syncFolder(dirname(real)).catch(() => undefined); // Some network disks cannot; the file itself is on the disk.
}

/** The access rights of the file, which its successor gets. A file that is not to be written is not replaced either. */
async function modeOf(real: string, place: string): Promise<number | undefined> {
  const found = await stat(real).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (!found) return undefined;
  if ((found.mode & 0o222) === 0) throw new SaveError('read-only', place);
  await access(real, constants.W_OK);
  return found.mode & 0o7777;
}

async function writeWhole(part: string, bytes: Uint8Array, mode: number | undefined): Promise<void> {
  const handle = await open(part, 'wx');
  try {
    await handle.writeFile(bytes);
    if (mode !== undefined) await handle.chmod(mode);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function overwriteElsewhere(uri: vscode.Uri, bytes: Uint8Array): Promise<void> {
  const files = vscode.workspace.fs;
  if (files.isWritableFileSystem(uri.scheme) === false)
    throw new SaveError('read-only', vscode.workspace.asRelativePath(uri));
  const part = vscode.Uri.joinPath(uri, '..', `.wan-image-${randomUUID()}.part`);
  try {
    await files.writeFile(part, bytes);
    await files.rename(part, uri, { overwrite: true });
  } catch (error) {
    // The first error is the one to tell; the part may not even have been made.
    await files.delete(part).then(undefined, () => undefined);
    throw error;
  }
}
