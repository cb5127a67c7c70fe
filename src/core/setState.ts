import type { LockedPicture } from './setLock.ts';

/**
 * How a picture of a set file stands:
 * `missing`: there is no file. `changed`: its words are others than those it was made from. `placeholder`: it stands there
 * until there is a real one. `edited`: the file is not the one that was written, or nobody knows how it came to be; it is
 * never made anew unasked. `renamed`: it is there, under a former name (`setRenames.ts`). `current`: nothing to do.
 */
export type SetEntryState = 'missing' | 'changed' | 'placeholder' | 'edited' | 'renamed' | 'current';

/** What is known of the file of a picture. */
export interface StandingPicture {
  /** Of its bytes; lowercase hexadecimal. */
  readonly sha256: string;
  /** It is a placeholder of ours that nobody has changed, by its own bytes. */
  readonly isPlaceholder: boolean;
}

/**
 * The state of one picture by itself; whether it is `renamed` is seen from all of them.
 * @param words digest of what it is made from now
 * @param isPractice where practice mode is on: then its drawings are the pictures
 */
export function stateOf(
  words: string,
  locked: LockedPicture | undefined,
  standing: StandingPicture | undefined,
  isPractice: boolean,
): Exclude<SetEntryState, 'renamed'> {
  if (!standing) return 'missing';
  // Its own bytes say so, also where the lock was lost or belongs to another branch.
  if (standing.isPlaceholder) return 'placeholder';
  if (!locked || locked.sha256 !== standing.sha256) return 'edited';
  if (locked.as === 'practice' && !isPractice) return 'placeholder';
  return locked.words === words ? 'current' : 'changed';
}
