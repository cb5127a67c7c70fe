import { mostOfSetFile, type SetFile } from './setFile.ts';
import { foldedName, isFileName } from './setFileRules.ts';
import type { LockedPicture, SetLock } from './setLock.ts';
import { type StandingPicture, stateOf } from './setState.ts';

/** A picture that a lock knows and no entry of its set file names any more. */
export interface FormerPicture {
  readonly name: string;
  readonly locked: LockedPicture;
  /** What stands under that name. */
  readonly standing: StandingPicture | undefined;
}

/** A picture of a set file as far as its name is concerned. */
interface NamedPicture {
  readonly name: string;
  readonly words: string;
  readonly locked: LockedPicture | undefined;
  readonly standing: StandingPicture | undefined;
}

/**
 * What the name of a picture was before. `renamed`: the picture is there, and only its file or its note in the lock has the
 * former name. `unclear`: one of several files could be it, or it could be one of several pictures.
 */
export type FormerName =
  | { readonly kind: 'renamed'; readonly from: string }
  | { readonly kind: 'unclear'; readonly files: readonly string[] };

/**
 * The names in a lock that may be former ones of pictures: no entry has them, and they were made from the words of an entry
 * that the lock does not know. A lock is read from the repository: names that are no file names are left out, and more than a
 * set file has pictures are not looked at.
 */
export function formerNames(
  set: SetFile,
  lock: SetLock,
  pictures: readonly Pick<NamedPicture, 'words' | 'locked'>[],
): (readonly [name: string, locked: LockedPicture])[] {
  const wanted = new Set(pictures.filter(({ locked }) => !locked).map(({ words }) => words));
  if (wanted.size === 0) return [];
  const present = new Set(set.pictures.map(({ name }) => foldedName(name)));
  const found = Object.entries(lock.pictures).filter(
    ([name, { words }]) => wanted.has(words) && isFileName(name) && !present.has(foldedName(name)),
  );
  return found.length > mostOfSetFile.pictures ? [] : found;
}

/**
 * Finds the pictures whose entries were only given another name: made from the same words, unchanged, and one for one.
 * @param isPractice where practice mode is on: then its drawings are the pictures
 */
export function renamesAmong(
  pictures: readonly NamedPicture[],
  former: readonly FormerPicture[],
  isPractice: boolean,
): Map<string, FormerName> {
  const found = new Map<string, FormerName>();
  const isCurrent = (words: string, locked: LockedPicture, standing: StandingPicture | undefined) =>
    stateOf(words, locked, standing, isPractice) === 'current';
  const left = new Set(former);
  // A file that was moved along with its entry says by its bytes which one it is.
  for (const { name, words, locked, standing } of pictures) {
    if (locked || !standing) continue;
    const [same, another] = [...left].filter((one) => isCurrent(words, one.locked, standing));
    if (!same || another) continue;
    found.set(name, { kind: 'renamed', from: same.name });
    left.delete(same);
  }
  const missing = pictures.filter(({ locked, standing }) => !locked && !standing);
  for (const { name, words } of missing) {
    const files = [...left].filter((one) => isCurrent(words, one.locked, one.standing)).map((one) => one.name);
    const [from] = files;
    if (from === undefined) continue;
    const isOneForOne = files.length === 1 && missing.filter((one) => one.words === words).length === 1;
    found.set(name, isOneForOne ? { kind: 'renamed', from } : { kind: 'unclear', files });
  }
  return found;
}
