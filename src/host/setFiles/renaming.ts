import * as vscode from 'vscode';
import { fileNameOf } from '../../core/setFile.ts';
import { type LockedPicture, lockedIn } from '../../core/setLock.ts';
import type { KeptBytes } from '../editing/keptBytes.ts';
import { realPathOf } from '../editing/places.ts';
import { readStanding, takeAway } from '../editing/standingFile.ts';
import type { Log } from '../log.ts';
import { standingAs } from '../saving/fixedTarget.ts';
import { asSaveError, SaveError } from '../saving/saveError.ts';
import type { Saver } from '../saving/saver.ts';
import type { Telling } from '../telling.ts';
import type { ToMake } from './generating.ts';
import { lockOf, noteOrTell } from './lockFile.ts';
import { tellNothingToMake, tellNotRenamed, tellRenamed } from './setTelling.ts';
import type { SetPicture } from './setView.ts';

interface Parts {
  readonly kept: KeptBytes;
  readonly saver: Pick<Saver, 'saveExactly'>;
  readonly log: Log;
}

/** A file that has the former name of a picture, and the one that has its name. */
interface Former {
  readonly name: string;
  readonly file: vscode.Uri;
  readonly locked: LockedPicture;
  readonly picture: vscode.Uri;
}

/**
 * Gives pictures the names of their entries: first the file under its new name, then the note in the lock, and last the
 * former file goes, if nobody has changed it. Wherever it ends, the picture is there, and what is left can be done by a
 * second press. Answers what has become of it.
 */
export async function renameFiles({ view, pictures }: ToMake, { kept, saver, log }: Parts): Promise<Telling> {
  const lock = await lockOf(view.uri);
  const noted: Record<string, LockedPicture> = {};
  const former: Former[] = [];
  let trouble: Telling | undefined;
  for (const picture of pictures) {
    const name = formerNameOf(picture);
    const locked = name !== undefined && lock ? lockedIn(lock, name) : undefined;
    if (name === undefined || !locked) continue;
    const file = vscode.Uri.joinPath(picture.file, '..', fileNameOf(view.set, { name }));
    try {
      if (!picture.standing) {
        const bytes = await standingAs(file, locked.sha256);
        if (!bytes) throw new SaveError('changed', vscode.workspace.asRelativePath(file));
        const format = view.set.format ?? 'png';
        const copy = kept.fileOf(await kept.keep(bytes, locked.sha256, format));
        await saver.saveExactly(copy, format, picture.file);
      }
      noted[picture.entry.name] = locked;
      former.push({ name, file, locked, picture: picture.file });
    } catch (error) {
      const { kind, place, cause } = asSaveError(error, vscode.workspace.asRelativePath(file));
      log.error(`A picture of a set file was not renamed: ${kind}.`, cause);
      trouble ??= tellNotRenamed(kind, place);
    }
  }
  if (former.length === 0) return trouble ?? tellNothingToMake();
  const names = former.map(({ name }) => name);
  const notNoted = await noteOrTell(view.uri, noted, log, names);
  // The lock still knows the former files: they stay.
  if (notNoted) return notNoted;
  const left: vscode.Uri[] = [];
  for (const one of former) if (!(await isTakenAway(one, log))) left.push(one.file);
  return trouble ?? tellRenamed(former.length, left);
}

const formerNameOf = ({ former }: SetPicture): string | undefined =>
  former?.kind === 'renamed' ? former.from : undefined;

/** Deletes a file whose picture has another name now; true where it is gone. */
async function isTakenAway({ file, locked: { sha256 }, picture }: Former, log: Log): Promise<boolean> {
  try {
    const bytes = await standingAs(file, sha256);
    // Through a link the new name may be only another one of this file, which would leave it a name of nothing.
    if (bytes && (await isSameFile(file, picture))) return false;
    if (bytes) await takeAway(file, bytes);
    return bytes !== undefined || (await readStanding(file)) === undefined;
  } catch (error) {
    log.error('The former file of a renamed picture was not deleted.', error);
    return false;
  }
}

const isSameFile = async (one: vscode.Uri, other: vscode.Uri): Promise<boolean> =>
  one.scheme === 'file' && (await realPathOf(one.fsPath)) === (await realPathOf(other.fsPath));
