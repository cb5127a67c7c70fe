import { mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventually } from '../eventually.ts';
import type { JobRecord } from '../../src/jobs/record.ts';
import { describe as describePicture, failed, FakeService, item } from './fakeService.ts';
import { newFolder, openJobs, origin, ready, stateOf, until } from './rig.ts';

test('a request that is cancelled while the journal notes that it is being sent is not sent', async () => {
  const service = new FakeService();
  const jobs = await openJobs(await newFolder(), service);
  service.turn = async () => void setImmediate(() => void jobs.cancel(id));
  const { id } = (await jobs.start(ready(), origin('d'))).record;
  await eventually(() => expect(stateOf(jobs, id)).toBe('failed'));
  expect(jobs.get(id)?.record.status).toMatchObject({ failure: { kind: 'cancelled', mayBeBilled: false } });
  expect(service.submitted).toBe(0);
});

test('a window that is closed meanwhile sends nothing, and says so', async () => {
  const folder = await newFolder();
  const service = new FakeService();
  const jobs = await openJobs(folder, service);
  service.turn = async () => void setImmediate(() => void jobs.dispose());
  const { id } = (await jobs.start(ready(), origin('d'))).record;
  await eventually(() => expect(stateOf(jobs, id)).toBe('failed'));
  expect(service.submitted).toBe(0);
  const later = await openJobs(folder, service);
  expect(later.get(id)?.record.status).toMatchObject({ failure: { kind: 'cancelled', mayBeBilled: false } });
});

test('a window that another has taken the job from meanwhile sends nothing', async () => {
  const folder = await newFolder();
  const service = new FakeService();
  const jobs = await openJobs(folder, service);
  let id = '';
  service.turn = async () =>
    void setImmediate(
      () => void writeFile(join(folder, id, 'owner.9'), JSON.stringify({ pid: process.pid, host: 'x' })),
    );
  id = (await jobs.start(ready(), origin('d'))).record.id;
  await eventually(async () => expect(await readdir(join(folder, id))).toContain('owner.9'));
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(service.submitted).toBe(0);
});

test('a picture whose place cannot be reached does not keep the others waiting', async () => {
  const service = new FakeService();
  service.end = () => Promise.resolve({ state: 'completed', items: [item('unreachable'), item('b'), item('c')] });
  const bring = service.bring;
  let isReachable = false;
  service.bring = (one, file) =>
    one.url?.includes('unreachable') && !isReachable ? Promise.reject(failed('network')) : bring(one, file);
  const jobs = await openJobs(await newFolder(), service);
  const job = await jobs.start(ready({ count: 3 }), origin('d'));
  await eventually(() => expect(jobs.get(job.record.id)?.record.results).toHaveLength(2));
  expect(stateOf(jobs, job.record.id)).toBe('collecting');
  isReachable = true;
  await until(jobs, job, 'done');
  expect(jobs.get(job.record.id)?.record).toMatchObject({ status: { missing: 0 } });
});

test('an entry that cannot be read for a moment is read later, without anybody ringing', async () => {
  const folder = await newFolder();
  const service = new FakeService();
  const first = await openJobs(folder, service);
  const { id } = (await first.start(ready(), origin('d'))).record;
  await eventually(() => expect(stateOf(first, id)).toBe('done'));
  await first.dispose();
  const entry = join(folder, id, 'job.json');
  await rename(entry, `${entry}.away`);
  await mkdir(entry);
  const lines: string[] = [];
  const later = await openJobs(folder, service, { lines });
  expect(later.get(id)).toBeUndefined();
  await rmdir(entry);
  await rename(`${entry}.away`, entry);
  await eventually(() => expect(stateOf(later, id)).toBe('done'));
  expect(lines.filter((line) => line.includes('cannot be read now'))).toHaveLength(1);
});

test('a picture that is given to a damaged job leaves the damaged entry to be read, and asks on for more', async () => {
  const folder = await newFolder();
  const service = new FakeService();
  const first = await openJobs(folder, service);
  const { id } = (await first.start(ready(), origin('d'))).record;
  await eventually(() => expect(stateOf(first, id)).toBe('done'));
  await first.dispose();
  await writeFile(join(folder, id, 'job.json'), 'half an ent');
  const later = await openJobs(folder, service);
  const file = join(folder, 'found.image');
  await writeFile(file, 'picture found');
  expect(await later.attach(id, file, describePicture('picture found'))).toBe('kept');
  expect(await readFile(join(folder, id, 'damaged.json'), 'utf8')).toBe('half an ent');
  const record = JSON.parse(await readFile(join(folder, id, 'job.json'), 'utf8')) as JobRecord;
  expect(record).toMatchObject({ status: { state: 'done', missing: 1 }, missingMayBeBilled: true });
  expect(record.results).toHaveLength(1);
  // The picture that was there before is not overwritten.
  expect((await readdir(join(folder, id))).filter((name) => /^\d+\./.test(name))).toHaveLength(2);
});

test('a picture for a job that was deleted meanwhile is not taken in', async () => {
  const folder = await newFolder();
  const service = new FakeService();
  service.answer = () => Promise.reject(failed('network', true));
  const jobs = await openJobs(folder, service);
  const job = await jobs.start(ready(), origin('d'));
  await until(jobs, job, 'failed');
  await rm(join(folder, job.record.id), { recursive: true });
  const file = join(folder, 'found.image');
  await writeFile(file, 'picture found');
  expect(await jobs.attach(job.record.id, file, describePicture('picture found'))).toBe('over');
});
