import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Downloaded, ResultItem, ServiceClient } from '../service/types.ts';
import type { ClaimedPicture } from './claims.ts';
import { syncFolder } from './durable.ts';
import { failureOf } from './failures.ts';
import type { JobRecord, JobState, KeptResult } from './record.ts';

/** Says what picture a file holds; throws when it is not a whole picture. */
export type Inspect = (file: string) => Promise<Downloaded>;

interface Collecting {
  readonly record: JobRecord;
  readonly status: JobState & { state: 'collecting' };
  /** The job's folder in the vault. */
  readonly folder: string;
  readonly client: ServiceClient;
  readonly inspect: Inspect;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Notes durably that a picture belongs to this job. */
  readonly claim: (picture: ClaimedPicture) => Promise<void>;
  /** Makes the pictures that are in the vault so far durable in the journal. */
  readonly keep: (results: readonly KeptResult[], items: readonly ResultItem[]) => Promise<void>;
}

/** Addresses work for seven days; after one more, a place that cannot be reached has nothing to give any more. */
const addressLife = 8 * 86_400_000;

/**
 * Brings every picture of an answer into the vault, one durable step each, also those beyond what was asked for. A picture
 * that can no longer be had is left out; passing trouble is thrown, and the next call goes on where this one stopped, until
 * the addresses are too old to work.
 */
export async function collectResults(job: Collecting): Promise<void> {
  let items: readonly ResultItem[] = job.status.items;
  let results: readonly KeptResult[] = job.record.results;
  let areFresh = false;
  let trouble: { readonly error: unknown } | undefined;
  for (let index = 0; index < items.length; index++) {
    const id = `${job.record.id}-${index}`;
    if (results.some((result) => result.id === id)) continue;
    try {
      const item = items[index] as ResultItem;
      const result = await collectOne(job, item, index, id);
      await job.claim({ sha256: result.sha256, ...(item.url !== undefined && { address: item.url }) });
      results = [...results, result];
      await job.keep(results, items);
    } catch (error) {
      const isOld = job.now() - (job.record.sentAt ?? job.record.createdAt) > addressLife;
      if (!isFinal(error) && !(isOld && isPassing(error))) {
        // Trouble of the disk or of this window meets every picture; that of one place leaves the others to be had.
        if (!isPassing(error)) throw error;
        trouble ??= { error };
        continue;
      }
      // An address that has expired can be asked for again as long as the service remembers the job.
      let fresh: readonly ResultItem[] | undefined;
      try {
        fresh = areFresh || isOld ? undefined : await freshItems(job);
      } catch (cause) {
        trouble ??= { error: cause };
        continue;
      }
      areFresh = true;
      // Fewer could not be told apart; more are those of before and what came since.
      if (fresh && fresh.length >= items.length) {
        items = fresh;
        index--;
      } else {
        job.log(
          `Picture ${index + 1} of job ${job.record.id} could not be had: ${failureOf(error, true).detail ?? ''}`,
        );
      }
    }
  }
  if (trouble) throw trouble.error;
}

/** These do not get better by asking again. */
function isFinal(error: unknown): boolean {
  return ['nothing-delivered', 'content-refused', 'bad-request'].includes(failureOf(error, true).kind);
}

/** The place may be reached again, by its address or from here. */
function isPassing(error: unknown): boolean {
  return ['network', 'unavailable', 'busy'].includes(failureOf(error, true).kind);
}

async function freshItems(job: Collecting): Promise<readonly ResultItem[] | undefined> {
  if (job.status.serviceJobId === undefined) return undefined;
  try {
    const status = await job.client.poll(job.status.serviceJobId, { signal: job.signal });
    return status.state === 'completed' ? status.items : undefined;
  } catch (error) {
    if (isFinal(error)) return undefined;
    throw error;
  }
}

async function collectOne(job: Collecting, item: ResultItem, index: number, id: string): Promise<KeptResult> {
  const leftover = await findLeftover(job, index);
  const landing = leftover?.file ?? join(job.folder, `${index}.image`);
  const picture = leftover?.picture ?? (await job.client.collect(item, landing, { signal: job.signal }));
  const file = `${index}.${picture.format === 'jpeg' ? 'jpg' : picture.format}`;
  await rename(landing, join(job.folder, file));
  await syncFolder(job.folder);
  return { id, file, ...picture };
}

/** A picture that came in whole just before a window was closed is not fetched again: its address may be gone. */
async function findLeftover(
  job: Collecting,
  index: number,
): Promise<{ file: string; picture: Downloaded } | undefined> {
  const names = (await readdir(job.folder)).filter((name) => new RegExp(`^${index}\\.[a-z]+$`).test(name));
  for (const name of names) {
    const file = join(job.folder, name);
    try {
      return { file, picture: await job.inspect(file) };
    } catch (error) {
      // The disk's own errors are not the picture's fault: it may be whole, and the only one there is.
      if (error instanceof Error && 'errno' in error) throw error;
      job.log(
        `A picture of job ${job.record.id} that was left behind is not whole: ${failureOf(error, true).detail ?? ''}`,
      );
      await rm(file, { force: true });
    }
  }
  return undefined;
}
