import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { noneIfMissing, putOutOfSight, sweep } from './deleting.ts';
import { makeFolderDurably, syncFolder } from './durable.ts';
import type { JobStore } from './store.ts';

/** How long what was deleted can be brought back, in milliseconds. */
export const binMs = 24 * 60 * 60 * 1000;

/** Jobs that were deleted together and can be brought back. */
export interface Batch {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly ids: readonly string[];
}

/** Not the name of a job. */
const folderOf = (journal: string): string => join(journal, '.bin');

/**
 * Moves jobs that have ended out of a journal, with their pictures, to where they can be brought back from, and answers
 * which. One that goes on, or that another window works on, stays. The ledger keeps what they cost.
 */
export async function moveToBin(
  journal: string,
  store: JobStore,
  ids: readonly string[],
  at: number,
): Promise<string[]> {
  const bin = folderOf(journal);
  await makeFolderDurably(bin);
  const moved: string[] = [];
  for (const id of ids) {
    if (!(await store.isThere(id))) continue;
    const ownership = await store.take(id);
    if (!ownership) continue;
    const place = join(bin, `${at}~${id}`);
    try {
      // Its former owner may have gone on with it since.
      const state = (await store.read(id))?.status.state;
      if (state !== 'done' && state !== 'failed') continue;
      await rename(store.folderOf(id), place);
      moved.push(id);
    } finally {
      await ownership.release();
      // Where it was moved its owner could not be told of any more.
      if (moved.at(-1) === id) await releaseIn(place);
    }
  }
  await syncFolder(bin);
  await syncFolder(journal);
  await store.ring();
  return moved;
}

/** What can be brought back, oldest first. */
export async function batchesIn(journal: string): Promise<Batch[]> {
  const batches = new Map<number, string[]>();
  for (const name of await readdir(folderOf(journal)).catch(noneIfMissing)) {
    const [, at, id] = /^(\d{1,16})~([0-9a-z-]+)$/.exec(name) ?? [];
    if (at !== undefined && id !== undefined) batches.set(Number(at), [...(batches.get(Number(at)) ?? []), id]);
  }
  return [...batches].map(([at, ids]) => ({ at, ids })).sort((one, other) => one.at - other.at);
}

/** Brings back what was deleted last, and answers which jobs that was. */
export async function bringBackLast(journal: string, store: JobStore): Promise<string[]> {
  const last = (await batchesIn(journal)).at(-1);
  const back: string[] = [];
  for (const id of last?.ids ?? []) {
    const place = join(folderOf(journal), `${last?.at}~${id}`);
    await releaseIn(place);
    // Another window may bring it back just now.
    if (await rename(place, store.folderOf(id)).then(() => true, isMissing)) back.push(id);
  }
  if (back.length > 0) await syncFolder(journal);
  await store.ring();
  return back;
}

/** Removes for good what was deleted before this moment, in milliseconds since 1970. */
export async function emptyBin(journal: string, before: number): Promise<void> {
  for (const { at, ids } of await batchesIn(journal)) {
    if (at >= before) continue;
    // Out of sight first: what is cut off in the middle must not be brought back in half.
    for (const id of ids) await putOutOfSight(journal, join(folderOf(journal), `${at}~${id}`), id).catch(isMissing);
  }
  await sweep(journal);
}

/** Nobody owns what was put away: else its owner, who lives on, would keep others from it for a while. */
async function releaseIn(place: string): Promise<void> {
  for (const name of await readdir(place).catch(noneIfMissing)) {
    if (!/^owner\.\d{1,9}$/.test(name)) continue;
    const file = join(place, name);
    if ((await readFile(file, 'utf8')) !== released) await writeFile(file, released);
  }
}

const released = JSON.stringify({ released: true });

function isMissing(error: unknown): false {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
  throw error;
}
