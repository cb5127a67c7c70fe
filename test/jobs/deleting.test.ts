import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventually } from '../eventually.ts';
import { deleteEnded, endedIn } from '../../src/jobs/deleting.ts';
import { FakeService, never } from './fakeService.ts';
import { newFolder, openJobs, origin, ready, until } from './rig.ts';

const silent = (): void => undefined;

/** Deletes what has ended now. */
const deleteAll = async (folder: string): Promise<number> =>
  deleteEnded(folder, (await endedIn(folder, silent)).ids, silent);

/** A journal with a job that has ended and is saved, one that is not saved, and one that goes on. */
async function journal() {
  const folder = await newFolder();
  const service = new FakeService();
  const jobs = await openJobs(folder, service);
  const saved = await jobs.start(ready(), origin('saved'));
  await until(jobs, saved, 'done');
  await jobs.markSaved(`${saved.record.id}-0`, 'file:///work/fox.png');
  const unsaved = await jobs.start(ready(), origin('unsaved'));
  await until(jobs, unsaved, 'done');
  service.end = never;
  const going = await jobs.start(ready(), origin('going'));
  await until(jobs, going, 'accepted');
  return { folder, jobs, ids: { saved: saved.record.id, unsaved: unsaved.record.id, going: going.record.id } };
}

test('what has ended is counted, with the pictures that are nowhere else', async () => {
  const { folder } = await journal();
  const ended = await endedIn(folder, silent);
  expect(ended).toMatchObject({ unsavedPictures: 1 });
  expect(ended.ids).toHaveLength(2);
  expect(ended.bytes).toBeGreaterThan(100);
  expect(await endedIn(join(folder, 'none'), silent)).toEqual({ ids: [], bytes: 0, unsavedPictures: 0 });
});

test('what has ended goes, from the disk and from every window; what goes on stays', async () => {
  const { folder, jobs, ids } = await journal();
  const other = await openJobs(folder, new FakeService());
  expect(other.list()).toHaveLength(3);
  const told: string[] = [];
  other.onDidChange((jobId) => told.push(jobId));
  expect(await deleteAll(folder)).toBe(2);
  expect((await readdir(folder)).filter((name) => !['bell', '.drafts'].includes(name))).toEqual([ids.going]);
  for (const window of [jobs, other])
    await eventually(() => expect(window.list().map(({ record }) => record.id)).toEqual([ids.going]));
  expect(told).toEqual(expect.arrayContaining([ids.saved, ids.unsaved]));
  expect(other.result(`${ids.saved}-0`)).toBeUndefined();
});

test('a draft whose job was deleted can be run again', async () => {
  const { folder, jobs, ids } = await journal();
  await deleteAll(folder);
  await eventually(() => expect(jobs.get(ids.unsaved)).toBeUndefined());
  const again = await jobs.start(ready(), origin('unsaved'));
  expect(again.record.id).not.toBe(ids.unsaved);
});

test('a damaged entry is neither deleted nor forgotten before it was taken out of the list', async () => {
  const { folder, jobs, ids } = await journal();
  await writeFile(join(folder, ids.saved, 'job.json'), 'damaged');
  expect(await deleteAll(folder)).toBe(1);
  await eventually(() => expect(jobs.get(ids.unsaved)).toBeUndefined());
  expect(jobs.get(ids.saved)).toBeDefined();
  expect(await readdir(join(folder, ids.saved))).toContain('job.json');
  await jobs.dismiss(ids.saved);
  // Nobody knows of a damaged entry whether its picture was saved.
  await eventually(async () => expect((await endedIn(folder, silent)).unsavedPictures).toBe(1));
  expect(await deleteAll(folder)).toBe(1);
});

test('what ends after it was counted stays', async () => {
  const { folder, jobs } = await journal();
  const counted = await endedIn(folder, silent);
  const service = await jobs.start(ready(), origin('later'));
  await jobs.cancel(service.record.id);
  expect(await deleteEnded(folder, counted.ids, silent)).toBe(2);
  expect(jobs.get(service.record.id)).toBeDefined();
});
