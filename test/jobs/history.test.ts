import { appendFile, mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventually } from '../eventually.ts';
import { emptyRequest } from '../../src/core/request.ts';
import type { JobRecord } from '../../src/jobs/record.ts';
import { thumbnailFolder } from '../../src/jobs/deleting.ts';
import { JobStore } from '../../src/jobs/store.ts';
import { FakeService, never } from './fakeService.ts';
import { newFolder, openJobs, origin, ready, until } from './rig.ts';

const minute = 60_000;
const longAgo = Date.UTC(2026, 0, 1);

/** The entry of a job that has ended; `number` gives its place in time. */
function record(number: number, changes: Partial<JobRecord> = {}): JobRecord {
  const createdAt = longAgo + number * minute;
  const id = `${createdAt.toString(36)}-${number.toString(16).padStart(12, '0')}`;
  return {
    version: 1,
    id,
    draftId: `draft ${number}`,
    askedBy: 'test',
    intent: { kind: 'show' },
    request: { ...emptyRequest(), prompt: `Picture number ${number}` },
    createdAt,
    highestPrice: 75,
    highestCount: 1,
    actualPrice: 75,
    cancelled: false,
    dismissed: false,
    status: { state: 'done', endedAt: createdAt, missing: 0 },
    results: [
      { id: `${id}-0`, file: '0.png', width: 10, height: 10, format: 'png', byteLength: 7, sha256: '0'.repeat(64) },
    ],
    ...changes,
  };
}

/** Writes it as a window of long ago has left it. */
async function leave(folder: string, entry: JobRecord, isTold = true): Promise<void> {
  const job = join(folder, entry.id);
  await mkdir(job, { recursive: true });
  await writeFile(join(job, 'job.json'), JSON.stringify(entry));
  await writeFile(join(job, '0.png'), 'picture');
  if (isTold) await writeFile(join(job, 'announced'), '');
  await age(folder, entry.id);
}

const age = (folder: string, id: string, days = 2): Promise<void> => {
  const then = new Date(Date.now() - days * 86_400_000);
  return utimes(join(folder, id), then, then);
};

async function journal(count: number, changes: (number: number) => Partial<JobRecord> = () => ({})) {
  const folder = await newFolder();
  const records = Array.from({ length: count }, (_, number) => record(number, changes(number)));
  for (const entry of records) await leave(folder, entry);
  return { folder, ids: records.map(({ id }) => id), records };
}

const idsOf = (summaries: readonly { readonly id: string }[]): string[] => summaries.map(({ id }) => id).sort();

test('of old jobs the newest twenty are at hand, and each has its line in the history', async () => {
  const { folder, ids } = await journal(50);
  const jobs = await openJobs(folder, new FakeService());
  expect(jobs.list().map((job) => job.record.id)).toEqual(ids.slice(-20).toReversed());
  expect(idsOf(jobs.history().summaries)).toEqual(ids);
  expect(jobs.get(ids[0]!)).toBeUndefined();
  expect((await jobs.recall(ids[0]!))?.record.request.prompt).toBe('Picture number 0');
  expect(jobs.result(`${ids[0]}-0`)?.file).toBe(join(folder, ids[0]!, '0.png'));
});

test('jobs that rest are not read again, by this window or the next', async () => {
  const { folder, ids } = await journal(50);
  await openJobs(folder, new FakeService());
  // As nothing but their content has changed, nobody sees it.
  for (const id of ids) await writeFile(join(folder, id, 'job.json'), 'other content');
  const lines: string[] = [];
  const next = await openJobs(folder, new FakeService(), { lines });
  expect(next.history().summaries.map(({ title }) => title)).toContain('Picture number 0');
  // Only what is brought to hand is read, and found damaged.
  expect(lines.filter((line) => line.includes('cannot be read'))).toHaveLength(20);
});

test('a job that any window touches is read again, and its line is mended', async () => {
  const { folder, ids } = await journal(30);
  const [one, two] = [await openJobs(folder, new FakeService()), await openJobs(folder, new FakeService())];
  await two.recall(ids[0]!);
  await two.markFavourite(ids[0]!, true);
  const starred = (): string[] => idsOf(one.history().summaries.filter(({ favourite }) => favourite));
  await eventually(() => expect(starred()).toEqual([ids[0]]));
  await age(folder, ids[0]!);
  expect(
    idsOf((await openJobs(folder, new FakeService())).history().summaries.filter((each) => each.favourite)),
  ).toEqual([ids[0]]);
  await two.markFavourite(ids[0]!, false);
  await eventually(() => expect(starred()).toEqual([]));
});

test('a star that is given and taken in a row does not come back by itself', async () => {
  const { folder, ids } = await journal(30);
  const jobs = await openJobs(folder, new FakeService());
  const seen: (boolean | undefined)[] = [];
  for (let times = 0; times < 20; times++) {
    await jobs.markFavourite(ids[0]!, times % 2 === 0);
    const subscription = jobs.onDidChange(() => seen.push(jobs.get(ids[0]!)?.record.favourite));
    await new Promise((resolve) => setTimeout(resolve, times));
    subscription.dispose();
    expect(new Set(seen)).not.toContain(times % 2 !== 0);
    seen.length = 0;
  }
});

test.each([
  ['gone', (file: string) => rm(file)],
  ['cut off', async (file: string) => writeFile(file, (await readFile(file)).subarray(0, 1500))],
  ['full of something else', (file: string) => writeFile(file, '{"version":1}\n\0\0\0\n[]\nnull\n{"version":7}')],
  ['ended in half a line by a window that was killed', (file: string) => appendFile(file, '{"version":1,"stamp":5')],
])('an index that is %s is made anew from the folders', async (_, damage) => {
  const { folder, ids } = await journal(40);
  await openJobs(folder, new FakeService());
  await damage(join(folder, '.index'));
  const jobs = await openJobs(folder, new FakeService());
  expect(idsOf(jobs.history().summaries)).toEqual(ids);
  for (const id of ids) await writeFile(join(folder, id, 'job.json'), '');
  const titles = (await openJobs(folder, new FakeService())).history().summaries.map(({ title }) => title);
  expect(titles).toContain('Picture number 0');
});

test('an index of another journal, or of jobs that are gone, brings no job into being', async () => {
  const { folder, ids } = await journal(3);
  const other = await journal(30);
  await openJobs(folder, new FakeService());
  await openJobs(other.folder, new FakeService());
  await appendFile(join(folder, '.index'), await readFile(join(other.folder, '.index')));
  await rm(join(folder, ids[0]!), { recursive: true });
  expect(idsOf((await openJobs(folder, new FakeService())).history().summaries)).toEqual(ids.slice(1));
});

test('two windows that write the index at once lose nothing', async () => {
  const { folder, ids } = await journal(60);
  const windows = await Promise.all([1, 2, 3].map(() => openJobs(folder, new FakeService())));
  for (const window of windows) expect(idsOf(window.history().summaries)).toEqual(ids);
  for (const id of ids) await writeFile(join(folder, id, 'job.json'), '');
  const next = await openJobs(folder, new FakeService());
  expect(next.history().summaries.filter(({ title }) => title.startsWith('Picture number'))).toHaveLength(40);
});

test('a large journal without an index opens at once and is read bit by bit, the newest first', async () => {
  const { folder, ids } = await journal(450);
  const jobs = await openJobs(folder, new FakeService());
  expect(jobs.history().isWhole).toBe(false);
  expect(jobs.list().map((job) => job.record.id)).toEqual(ids.slice(-20).toReversed());
  await eventually(() => expect(jobs.history().isWhole).toBe(true));
  expect(idsOf(jobs.history().summaries)).toEqual(ids);
});

test('an old job that has not ended is gone on with, wherever it stands in a large journal', async () => {
  const { folder, records } = await journal(250);
  const accepted = record(-1, { status: { state: 'accepted', serviceJobId: 'service-job' }, results: [] });
  await leave(folder, accepted);
  const jobs = await openJobs(folder, new FakeService());
  await eventually(() => expect(jobs.get(accepted.id)?.record.status.state).toBe('done'));
  expect(jobs.history().summaries).toHaveLength(records.length + 1);
});

test('a job whose end nobody was told, and one whose pictures can be looked for, do not rest out of sight', async () => {
  const lost = { kind: 'nothing-delivered', mayBeBilled: true } as const;
  const { folder, ids } = await journal(40, (number) =>
    number === 3 ? { status: { state: 'failed', endedAt: longAgo, failure: lost }, results: [] } : {},
  );
  await rm(join(folder, ids[5]!, 'announced'));
  await age(folder, ids[5]!);
  await openJobs(folder, new FakeService());
  const next = await openJobs(folder, new FakeService());
  expect(next.list().map((job) => job.record.id)).toEqual([...ids.slice(-20).toReversed(), ids[5], ids[3]]);
});

test('a draft that an old job was made from is not bought again', async () => {
  const { folder } = await journal(0);
  const service = new FakeService();
  const first = await openJobs(folder, service);
  const bought = await first.start(ready(), origin('old draft'));
  await until(first, bought, 'done');
  await first.claimAnnouncement(bought.record.id);
  await first.dispose();
  for (let number = 0; number < 25; number++) await leave(folder, record(number, { createdAt: Date.now() + number }));
  await age(folder, bought.record.id);
  await openJobs(folder, service);
  const next = await openJobs(folder, service);
  expect(next.get(bought.record.id)).toBeUndefined();
  const again = await next.start(ready(), origin('old draft'));
  expect(again.record.id).toBe(bought.record.id);
  expect(next.get(bought.record.id)).toBeDefined();
  expect(service.submitted).toBe(1);
});

test('an answer that comes late to a job that rests makes it go on', async () => {
  const { folder, ids, records } = await journal(30);
  const jobs = await openJobs(folder, new FakeService());
  const late = new JobStore(folder, () => undefined);
  await late.write({ ...records[0]!, results: [], status: { state: 'accepted', serviceJobId: 'late' } });
  await eventually(() => expect(jobs.get(ids[0]!)?.record.results).toHaveLength(1));
});

test('what is deleted goes from every window, and comes back whole', async () => {
  const { folder, ids } = await journal(30);
  const [one, two] = [await openJobs(folder, new FakeService()), await openJobs(folder, new FakeService())];
  expect(await one.moveToBin([ids[0]!, ids[29]!, 'none-such'])).toEqual([ids[0], ids[29]]);
  for (const window of [one, two])
    await eventually(() => expect(idsOf(window.history().summaries)).toEqual(ids.slice(1, 29)));
  expect(await two.binned()).toMatchObject([{ ids: expect.arrayContaining([ids[0], ids[29]]) as unknown }]);
  expect((await two.bringBackLast()).sort()).toEqual([ids[0], ids[29]]);
  for (const window of [one, two]) await eventually(() => expect(idsOf(window.history().summaries)).toEqual(ids));
  expect(await readFile(join(folder, ids[0]!, '0.png'), 'utf8')).toBe('picture');
  expect(await two.binned()).toEqual([]);
  // And it belongs to nobody.
  expect(await one.moveToBin([ids[0]!])).toEqual([ids[0]]);
});

test('a job that goes on is not deleted', async () => {
  const folder = await newFolder();
  const service = new FakeService();
  service.end = never;
  const [one, two] = [await openJobs(folder, service), await openJobs(folder, service)];
  const job = await one.start(ready(), origin('going'));
  await until(one, job, 'accepted');
  for (const window of [one, two]) expect(await window.moveToBin([job.record.id])).toEqual([]);
  expect(await readdir(folder)).toContain(job.record.id);
});

test('the bin is emptied of what is old, thumbnails too', async () => {
  const { folder, ids } = await journal(2);
  const thumbnails = thumbnailFolder(folder, ids[0]!);
  await mkdir(thumbnails, { recursive: true });
  let now = Date.now();
  const jobs = await openJobs(folder, new FakeService(), { now: () => now });
  await jobs.moveToBin([ids[0]!]);
  now += 1000;
  await jobs.moveToBin([ids[1]!]);
  await jobs.emptyBin(now);
  expect(await jobs.binned()).toMatchObject([{ ids: [ids[1]] }]);
  expect(await readdir(join(folder, '.thumbnails'))).toEqual([]);
  expect((await readdir(folder)).filter((name) => name.startsWith('.deleted-'))).toEqual([]);
  await jobs.emptyBin(Number.POSITIVE_INFINITY);
  expect(await jobs.bringBackLast()).toEqual([]);
});
