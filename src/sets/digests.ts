import { createHash } from 'node:crypto';
import { type SetEntry, type SetFile, wordsOf } from '../core/setFile.ts';
import type { StandingPicture } from '../core/setState.ts';
import { isUntouchedPlaceholder } from '../pixels/placeholderMark.ts';

/** The digest of what a picture is made from, as the lock has it. */
export function wordsDigest(set: SetFile, entry: SetEntry): string {
  return createHash('sha256').update(wordsOf(set, entry)).digest('hex');
}

/** What is known of a picture's file by its bytes. */
export function standingPicture(bytes: Uint8Array): StandingPicture {
  return { sha256: createHash('sha256').update(bytes).digest('hex'), isPlaceholder: isUntouchedPlaceholder(bytes) };
}
