import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** What is looked for in a journal: jobs that have not ended, or also those whose end nobody has been told. */
export type WorkLeft = 'unfinished' | 'unfinished or untold';

/** Addresses of results work for a week at most, so an entry that nobody has written to for longer is history. */
const recentMs = 8 * 24 * 60 * 60 * 1000;

/** Says cheaply whether a journal is worth opening. `now` in milliseconds since 1970. */
export async function hasWorkLeft(journal: string, work: WorkLeft, now: number): Promise<boolean> {
  const names = await readdir(journal).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
  // Job ids begin with their time and folders are mostly listed in order, so the newest come last.
  const newestFirst = names.toReversed();
  for (let at = 0; at < newestFirst.length; at += lookedAtOnce) {
    const some = newestFirst.slice(at, at + lookedAtOnce).map((name) => isWork(join(journal, name), work, now));
    if ((await Promise.all(some)).includes(true)) return true;
  }
  return false;
}

/** A journal may hold thousands of jobs, and every start looks at them. */
const lookedAtOnce = 32;

async function isWork(folder: string, work: WorkLeft, now: number): Promise<boolean> {
  const { mtimeMs } = await stat(folder);
  if (now - mtimeMs > recentMs) return false;
  const entry = await readFile(join(folder, 'job.json'), 'utf8').catch(() => ''); // The bell is a file; a folder without an entry holds no job.
  if (entry === '') return false;
  const hasEnded = /"status":\{"state":"(done|failed)"/.test(entry);
  return !hasEnded || (work === 'unfinished or untold' && !(await isTold(folder)));
}

async function isTold(folder: string): Promise<boolean> {
  return stat(join(folder, 'announced')).then(
    () => true,
    () => false,
  );
}
