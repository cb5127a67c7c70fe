import { randomUUID } from 'node:crypto';
import { access, constants, mkdir, open, readFile, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { syncFolder } from '../../jobs/durable.ts';
import { removeAbandoned } from '../saving/newFile.ts';
import { codeOf, SaveError } from '../saving/saveError.ts';
import { isInWorkspace, isMissingInWorkspace, realPathOf } from './places.ts';

/** What stands in a place of the workspace; undefined where nothing does. Follows links inside the workspace and refuses others. */
export async function readStanding(uri: vscode.Uri): Promise<Uint8Array | undefined> {
  const place = vscode.workspace.asRelativePath(uri);
  if (await isInWorkspace(uri)) return readIfThere(uri);
  if ((await readIfThere(uri)) === undefined && (await isMissingInWorkspace(uri))) return undefined;
  throw new SaveError('outside', place);
}

async function readIfThere(uri: vscode.Uri): Promise<Uint8Array | undefined> {
  try {
    if (uri.scheme !== 'file') return await vscode.workspace.fs.readFile(uri);
    // Looked at before it is opened: opening a pipe would wait for ever.
    if (!(await stat(uri.fsPath)).isFile()) throw new SaveError('unexpected', vscode.workspace.asRelativePath(uri));
    return await readFile(uri.fsPath);
  } catch (error) {
    if (['ENOENT', 'FileNotFound'].includes(codeOf(error) ?? '')) return undefined;
    throw error;
  }
}

/**
 * Puts bytes in the place of `standing`, which was read there and is kept: they are whole beside it before they take its
 * name, so that whatever happens either the old or the new file is there. A link to a file stays a link. Throws SaveError,
 * with 'changed' where something else stands there by now, or the file system's own error.
 */
export async function overwrite(uri: vscode.Uri, standing: Uint8Array | undefined, bytes: Uint8Array): Promise<void> {
  if (uri.scheme !== 'file') return overwriteElsewhere(uri, standing, bytes);
  const real = await realOrMissing(uri);
  const mode = await modeOf(real, vscode.workspace.asRelativePath(uri));
  if (!standing) await mkdir(dirname(real), { recursive: true });
  await removeAbandoned(dirname(real)).catch(() => undefined); // It takes away nothing that the file needs.
  const part = join(dirname(real), `.wan-image-${randomUUID()}.part`);
  try {
    await writeWhole(part, bytes, mode);
    await needUnchanged(uri, standing);
    if ((await realOrMissing(uri)) !== real) throw new SaveError('changed', vscode.workspace.asRelativePath(uri));
    await rename(part, real);
  } catch (error) {
    await unlink(part).catch(() => undefined); // It may not have been made; the first error is the one to tell.
    throw error;
  }
  await syncFolder(dirname(real)).catch(() => undefined); // Some network disks cannot; the file itself is on the disk.
}

/** Takes away a file that still holds what was read there; of a link to a file only the link goes. Throws as `overwrite`. */
export async function takeAway(uri: vscode.Uri, standing: Uint8Array): Promise<void> {
  await needUnchanged(uri, standing);
  await vscode.workspace.fs.delete(uri);
}

const realOrMissing = async ({ fsPath }: vscode.Uri): Promise<string> => (await realPathOf(fsPath)) ?? fsPath;

/** The last look before a file is replaced: questions wait for their answers, and links can be turned meanwhile. */
async function needUnchanged(uri: vscode.Uri, standing: Uint8Array | undefined): Promise<void> {
  const now = await readStanding(uri);
  const isSame = now && standing ? Buffer.compare(now, standing) === 0 : now === standing;
  if (!isSame) throw new SaveError('changed', vscode.workspace.asRelativePath(uri));
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

async function overwriteElsewhere(uri: vscode.Uri, standing: Uint8Array | undefined, bytes: Uint8Array): Promise<void> {
  const files = vscode.workspace.fs;
  if (files.isWritableFileSystem(uri.scheme) === false)
    throw new SaveError('read-only', vscode.workspace.asRelativePath(uri));
  const part = vscode.Uri.joinPath(uri, '..', `.wan-image-${randomUUID()}.part`);
  try {
    await files.writeFile(part, bytes);
    await needUnchanged(uri, standing);
    await files.rename(part, uri, { overwrite: true });
  } catch (error) {
    // The first error is the one to tell; the part may not even have been made.
    await files.delete(part).then(undefined, () => undefined);
    throw error;
  }
}
