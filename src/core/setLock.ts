import * as z from 'zod/mini';
import { mostOfSetFile } from './setFile.ts';

const digest = z.string().check(z.regex(/^[0-9a-f]{64}$/));

/** What is known of one picture's file. */
export const LockedPicture = z.strictObject({
  /** Digest of what it was made from; see `wordsOf`. */
  words: digest,
  /** Of the bytes that were written. */
  sha256: digest,
  /**
   * `made` by the service; `practice`: drawn by practice mode; `placeholder`: drawn until there is a real one; `kept`: a
   * file of the user's own, which stands for these words because the user said so.
   */
  as: z.enum(['made', 'practice', 'placeholder', 'kept']),
  /** The job it came from, on the machine that ran it: what was paid for there need not be bought again. */
  job: z.optional(z.string().check(z.regex(/^[0-9a-z-]{1,60}$/))),
});
export type LockedPicture = z.infer<typeof LockedPicture>;

/**
 * What the pictures of a set file were made from, `*.wanset.lock.json`. It is a file of its own: the set file is written by
 * people, with their order and layout, and this one by us. A review shows both beside the pictures, and a file under a name
 * by the name alone, so that two branches that add pictures merge.
 */
export const SetLock = z.strictObject({
  version: z.literal(1),
  pictures: z.record(z.string().check(z.maxLength(60)), LockedPicture),
});
export type SetLock = z.infer<typeof SetLock>;

export const emptyLock: SetLock = { version: 1, pictures: {} };

/** Reads the text of a lock; undefined where it is none. */
export function readLock(text: string): SetLock | undefined {
  if (text.length > mostOfSetFile.text) return undefined;
  try {
    const parsed = SetLock.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** What a lock says of a picture. */
export function lockedIn({ pictures }: SetLock, name: string): LockedPicture | undefined {
  return Object.hasOwn(pictures, name) ? pictures[name] : undefined;
}

/** A lock as text: in the order of the names, a line for each field, so that a change of one picture is a change of its lines. */
export function writeLock({ pictures }: SetLock): string {
  const sorted = Object.entries(pictures).sort(([one], [other]) => (one < other ? -1 : 1));
  const lock: SetLock = { version: 1, pictures: Object.fromEntries(sorted) };
  return `${JSON.stringify(lock, null, 2)}\n`;
}

/** The name of the lock that belongs to a set file; undefined for a file that is none. */
export function lockNameOf(fileName: string): string | undefined {
  return /^.+(?=\.wanset\.json$)/i.test(fileName) ? fileName.replace(/\.json$/i, '.lock.json') : undefined;
}
