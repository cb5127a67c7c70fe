import type { KeptBytes } from './keptBytes.ts';
import type { Replacements } from './replacements.ts';

/** How many bytes of sent and replaced pictures a workspace keeps before the oldest of them go. */
const mostBytes = 2 * 1024 ** 3;
/** Whatever was sent, replaced or looked at in this time stays, however much it is, in milliseconds. */
const recentMs = 30 * 24 * 60 * 60 * 1000;

/**
 * Keeps the copies of the user's own pictures from growing for ever. What was replaced in the last thirty days can always
 * be undone; an older replacement is forgotten together with its bytes. Pictures that were bought are never touched: they
 * are in the vault of their job.
 */
export async function tidyKept(
  kept: Pick<KeptBytes, 'shrink'>,
  replacements: Pick<Replacements, 'load' | 'forget'>,
  now: number,
  most = mostBytes,
): Promise<void> {
  const gone = await kept.shrink({ most, before: now - recentMs });
  if (gone.length === 0) return;
  await replacements.load();
  await replacements.forget(gone);
}
