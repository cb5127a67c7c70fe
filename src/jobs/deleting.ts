import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isDamaged, lacksPictures } from './attaching.ts';
import { syncFolder } from './durable.ts';
import type { JobRecord } from './record.ts';
import { JobStore } from './store.ts';

/** What a journal and its vault hold of jobs that have ended. */
export interface Ended {
  readonly ids: readonly string[];
  readonly bytes: number;
  /** Pictures that are in the vault alone, as far as is known. */
  readonly unsavedPictures: number;
}

/** Counts the jobs of a journal that have ended. One that goes on, or by which pictures can still be looked for, is not counted. */
export async function endedIn(journal: string, log: (line: string) => void): Promise<Ended> {
  const store = new JobStore(journal, log);
  const records = (await store.readAll()).records.filter(canGo);
  const sizes = await Promise.all(records.map(({ id }) => bytesIn(store.folderOf(id))));
  const unsaved = await Promise.all(records.map((record) => unsavedOf(record, store.folderOf(record.id))));
  return {
    ids: records.map(({ id }) => id),
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    unsavedPictures: unsaved.reduce((sum, count) => sum + count, 0),
  };
}

/** Of a damaged entry nobody knows what was saved, so all the pictures that lie there count. */
async function unsavedOf(record: JobRecord, folder: string): Promise<number> {
  if (isDamaged(record)) return (await readdir(folder)).filter((name) => /^\d+\.(?!image$)[a-z]+$/.test(name)).length;
  return record.results.filter(({ savedAs }) => savedAs === undefined).length;
}

/**
 * Deletes these jobs of a journal, which have ended, with their pictures, and answers how many. A job that a window works on
 * stays. Each is first put out of sight under another name, so that one that is cut off in the middle is no job any more.
 */
export async function deleteEnded(
  journal: string,
  ids: readonly string[],
  log: (line: string) => void,
): Promise<number> {
  const store = new JobStore(journal, log);
  await sweep(journal);
  let deleted = 0;
  for (const id of ids) {
    if (!(await store.isThere(id))) continue;
    const ownership = await store.take(id);
    if (!ownership) continue;
    try {
      // Its former owner may have gone on with it since.
      const record = await store.read(id);
      if (!record || !canGo(record)) continue;
      await putOutOfSight(journal, store.folderOf(id), id);
      deleted++;
    } finally {
      await ownership.release();
    }
  }
  if (deleted > 0) await syncFolder(journal);
  await sweep(journal);
  await store.ring();
  return deleted;
}

/** Not the name of a job. */
const prefix = '.deleted-';

/** Puts a job's folder under a name that no job has, for `sweep` to remove, and its thumbnails away. */
export async function putOutOfSight(journal: string, place: string, id: string): Promise<void> {
  await rename(place, join(journal, `${prefix}${id}`));
  await rm(thumbnailFolder(journal, id), { recursive: true, force: true });
}

/** Where the thumbnails of a job are: not in its own folder, which changes only when the job does. */
export const thumbnailFolder = (journal: string, jobId: string): string => join(journal, '.thumbnails', jobId);

/** Removes what was put out of sight. */
export async function sweep(journal: string): Promise<void> {
  const names = (await readdir(journal).catch(noneIfMissing)).filter((name) => name.startsWith(prefix));
  await Promise.all(names.map((name) => rm(join(journal, name), { recursive: true, force: true })));
}

/** Bytes of the files in a folder and below; links are not followed. */
export async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(noneIfMissing);
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map(async (entry) => {
      const { size } = await stat(join(entry.parentPath, entry.name)).catch(() => ({ size: 0 })); // Gone meanwhile.
      return size;
    });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

export function noneIfMissing(error: unknown): [] {
  if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return [];
  throw error;
}

/** A job by which pictures can still be looked for, such as one of a damaged entry, stays until it was taken out of the list. */
function canGo(record: JobRecord): boolean {
  const { status, dismissed } = record;
  return (status.state === 'done' || status.state === 'failed') && (dismissed || !lacksPictures(record));
}
