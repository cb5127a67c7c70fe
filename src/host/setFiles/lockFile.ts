import { posix } from 'node:path';
import * as vscode from 'vscode';
import { emptyLock, type LockedPicture, lockNameOf, readLock, type SetLock, writeLock } from '../../core/setLock.ts';
import { overwrite, readStanding } from '../editing/standingFile.ts';
import type { Log } from '../log.ts';
import { asSaveError, SaveError } from '../saving/saveError.ts';
import type { Telling } from '../telling.ts';
import { tellNotNoted } from './setTelling.ts';

/** How often a lock that another window writes at the same moment is read anew. */
const mostTries = 10;

/**
 * Notes what pictures were made from, and answers what stands in the way: without the note files pass for the user's own.
 * @param gone names that no picture has any more
 */
export async function noteOrTell(
  setFile: vscode.Uri,
  pictures: Readonly<Record<string, LockedPicture>>,
  log: Log,
  gone: readonly string[] = [],
): Promise<Telling | undefined> {
  try {
    await noteInLock(setFile, pictures, gone);
    return undefined;
  } catch (error) {
    const { kind, place } = asSaveError(error, vscode.workspace.asRelativePath(lockUriOf(setFile)));
    log.error(`The lock of a set file was not written: ${kind}.`, error);
    return tellNotNoted(kind, place);
  }
}

/** The lock of a set file. */
export function lockUriOf(setFile: vscode.Uri): vscode.Uri {
  const name = lockNameOf(posix.basename(setFile.path));
  if (name === undefined) throw new Error('This is no set file.');
  return vscode.Uri.joinPath(setFile, '..', name);
}

/** What is in the lock of a set file; undefined where it cannot be read. One that is not there is an empty one. */
export async function lockOf(setFile: vscode.Uri): Promise<SetLock | undefined> {
  try {
    return read(await readStanding(lockUriOf(setFile)));
  } catch (error) {
    // A lock behind a link out of the workspace is as good as none that can be read.
    if (error instanceof SaveError) return undefined;
    throw error;
  }
}

/**
 * Notes what pictures of a set file were made from. Other windows may do the same: what they have noted stays. Throws
 * SaveError, 'changed' where the lock is not one that can be read, or the file system's own error.
 */
async function noteInLock(
  setFile: vscode.Uri,
  pictures: Readonly<Record<string, LockedPicture>>,
  gone: readonly string[],
): Promise<void> {
  const uri = lockUriOf(setFile);
  for (let tries = 1; ; tries++) {
    const standing = await readStanding(uri);
    const lock = read(standing);
    if (!lock) throw new SaveError('changed', vscode.workspace.asRelativePath(uri));
    const others = Object.fromEntries(Object.entries(lock.pictures).filter(([name]) => !gone.includes(name)));
    const text = writeLock({ version: 1, pictures: { ...others, ...pictures } });
    try {
      await overwrite(uri, standing, Buffer.from(text));
      return;
    } catch (error) {
      if (!(error instanceof SaveError && error.kind === 'changed') || tries === mostTries) throw error;
    }
  }
}

const read = (bytes: Uint8Array | undefined): SetLock | undefined =>
  bytes ? readLock(new TextDecoder().decode(bytes)) : emptyLock;
