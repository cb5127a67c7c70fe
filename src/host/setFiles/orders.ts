import { createHash } from 'node:crypto';
import type { SetOrder as OrderedSet } from '../../jobs/record.ts';
import type { Job } from '../../jobs/engineTypes.ts';
import type { SetOrder, WantedPicture } from '../../core/setOrders.ts';
import type { SetPicture } from './setView.ts';

/** What a picture is wanted as. */
export interface Wanted extends WantedPicture {
  readonly picture: SetPicture;
}

export const asWanted = (picture: SetPicture): Wanted => ({
  name: picture.entry.name,
  words: picture.words,
  target: picture.file.toString(),
  picture,
});

/** What a job was asked for by a set file; undefined where it was none. */
export function orderedSet({
  record,
}: Job): { readonly set: OrderedSet; readonly targets: readonly string[] } | undefined {
  const { intent } = record;
  return intent.kind === 'save' && intent.set ? { set: intent.set, targets: intent.targets } : undefined;
}

/** The jobs of a set file that may still bring pictures to it, newest first as they are given. */
export function ordersOf(jobs: readonly Job[], setFile: string): SetOrder[] {
  return jobs.flatMap((job) => {
    const ordered = orderedSet(job);
    const { status, cancelled, id } = job.record;
    // What was cancelled is still collected, and may be had; what has failed has brought nothing.
    if (ordered?.set.file !== setFile || status.state === 'failed') return [];
    const isRunning = status.state !== 'done';
    if (isRunning && cancelled) return [];
    const pictures = ordered.set.pictures.map(({ name, words }, at) => ({
      name,
      words,
      target: ordered.targets[at] ?? '',
    }));
    return [{ jobId: id, isRunning, pictures, results: resultsOf(job) }];
  });
}

/** The pictures of a job with their places in its answer. */
export function resultsOf({ record }: Job): SetOrder['results'] {
  return record.results.map(({ id, savedAs }) => ({ id, place: Number(id.slice(record.id.length + 1)), savedAs }));
}

/**
 * The draft of an order: the same order has the same, in every window and after a crash, so that it becomes one job.
 * What has come for the same words before is in it, so that the next picture for them is another order. A job that has
 * failed is not: whether it was billed is to be looked at before it is run again.
 */
export function draftOf(setFile: string, pictures: readonly SetPicture[], orders: readonly SetOrder[]): string {
  const asked = pictures.map(({ entry: { name }, words, locked }) => {
    const isSame = (other: { name: string; words: string }) => other.name === name && other.words === words;
    const before = orders.find((order) => !order.isRunning && order.pictures.some(isSame));
    return [name, words, before?.jobId ?? '', locked?.job ?? locked?.sha256 ?? ''];
  });
  const sorted = asked.map((parts) => JSON.stringify(parts)).sort();
  return `set-${createHash('sha256')
    .update(JSON.stringify([setFile, sorted]))
    .digest('hex')
    .slice(0, 40)}`;
}
