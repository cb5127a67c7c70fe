import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Downloaded } from '../service/types.ts';
import { actualPriceOf } from './accounts.ts';
import { syncFolder } from './durable.ts';
import type { JobRecord } from './record.ts';

/** True for what stands for an entry that is damaged: nobody knows what was asked for, nor how many pictures. */
export const isDamaged = ({ highestCount }: Pick<JobRecord, 'highestCount'>): boolean => highestCount === 0;

/** True for a job that has ended without all of its pictures though more may have been bought. */
export function lacksPictures({ status, missingMayBeBilled }: JobRecord): boolean {
  if (status.state === 'failed') return status.failure.mayBeBilled;
  return status.state === 'done' && status.missing > 0 && missingMayBeBilled === true;
}

/**
 * Brings a picture that the user has found again into the folder of its job, durably, and answers the job's next entry,
 * which is to be written then. `file` is durable and on the same disk.
 */
export async function attachPicture(
  record: JobRecord,
  folder: string,
  file: string,
  picture: Downloaded,
  endedAt: number,
): Promise<JobRecord> {
  const index = await freeIndex(record, folder);
  const name = `${index}.${picture.format === 'jpeg' ? 'jpg' : picture.format}`;
  await rename(file, join(folder, name));
  await syncFolder(folder);
  const results = [...record.results, { id: `${record.id}-${index}`, file: name, ...picture }];
  const missing = isDamaged(record) ? 1 : Math.max(0, record.highestCount - results.length);
  const { missingMayBeBilled: _, ...rest } = record;
  const actualPrice = actualPriceOf(record, { delivered: results.length, isCertain: missing === 0 });
  return {
    ...rest,
    results,
    ...(actualPrice !== undefined && { actualPrice }),
    ...(missing > 0 && { missingMayBeBilled: true }),
    status: { state: 'done', endedAt, missing },
  };
}

/** The first place that no picture of the job has had: bytes that lie there were paid for as well. */
async function freeIndex(record: JobRecord, folder: string): Promise<number> {
  const names = await readdir(folder);
  for (let index = 0; ; index++) {
    const isTaken = record.results.some(({ id }) => id === `${record.id}-${index}`);
    if (!isTaken && !names.some((name) => name.startsWith(`${index}.`))) return index;
  }
}
