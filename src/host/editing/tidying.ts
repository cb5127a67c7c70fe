import type { KeptBytes } from './keptBytes.ts';
import type { Replacements } from './replacements.ts';

/** How many bytes of sent and replaced pictures a workspace keeps before the oldest of them go. */
const mostBytes = 2 * 1024 ** 3;
/** Whatever was sent, replaced or looked at in this time stays, however much it is, in milliseconds. */
const recentMs = 30 * 24 * 60 * 60 * 1000;

/** How many bytes may stay, and since when what was used stays all the same, in milliseconds since 1970. */
interface Room {
  readonly most: number;
  readonly before: number;
}

/** The room that copies have by themselves. */
export const usualRoom = (now: number): Room => ({ most: mostBytes, before: now - recentMs });

/**
 * Keeps the copies of the user's own pictures from growing for ever. A replacement whose bytes
 * go cannot be undone any more and is forgotten with them. Pictures that were bought are never touched: they
 * are in the vault of their job.
 */
export async function tidyKept(
  kept: Pick<KeptBytes, 'shrink'>,
  replacements: Pick<Replacements, 'load' | 'forget'>,
  room: Room,
): Promise<void> {
  const gone = await kept.shrink(room);
  if (gone.length === 0) return;
  await replacements.load();
  await replacements.forget(gone);
}
