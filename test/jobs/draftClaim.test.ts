import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Jobs } from '../../src/jobs/engineTypes.ts';
import { failed, FakeService } from './fakeService.ts';
import { newFolder, openJobs, origin, ready, stateOf, until } from './rig.ts';

const folderOf = (journal: string, draftId: string): string =>
  join(journal, '.drafts', createHash('sha256').update(draftId).digest('hex').slice(0, 32));

async function claimBy(journal: string, draftId: string, number: number, claim: object | string): Promise<void> {
  await mkdir(folderOf(journal, draftId), { recursive: true });
  const text = typeof claim === 'string' ? claim : JSON.stringify(claim);
  await writeFile(join(folderOf(journal, draftId), String(number)), text);
}

test('one draft run in three windows at the same moment is one job and one purchase', async () => {
  const folder = await newFolder();
  const service = new FakeService();
  const windows = await Promise.all([1, 2, 3].map(() => openJobs(folder, service)));
  for (let round = 0; round < 40; round++) {
    const draft = origin(`draft ${round}`);
    const jobs = await Promise.all(
      windows.map(async (window) => {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 4));
        return window.start(ready(), draft);
      }),
    );
    expect(new Set(jobs.map(({ record }) => record.id)).size).toBe(1);
  }
  await expect.poll(() => service.submitted).toBe(40);
  await expect.poll(() => windows.map((window) => window.list().length)).toEqual([40, 40, 40]);
  for (const window of windows) await expect.poll(() => statesOf(window)).toEqual(['done']);
  expect(service.submitted).toBe(40);
});

test('windows in processes of their own agree on the job of every draft', async () => {
  const folder = await newFolder();
  const outputs = await Promise.all(['a', 'b', 'c'].map((name) => claimant(folder, name, 40)));
  const lines = outputs.flatMap((output) => output.trim().split('\n'));
  expect(lines).toHaveLength(120);
  for (let draft = 0; draft < 40; draft++) {
    const told = lines.filter((line) => line.startsWith(`${draft} `)).map((line) => line.split(' '));
    expect(new Set(told.map(([, jobId]) => jobId)).size, `draft ${draft}`).toBe(1);
    expect(told.filter(([, , how]) => how === 'won')).toHaveLength(1);
  }
});

test('a draft that bought nothing is run again as one job, also by two windows at once', async () => {
  const folder = await newFolder();
  const service = new FakeService();
  const one = await openJobs(folder, service);
  const two = await openJobs(folder, service);
  for (let round = 0; round < 10; round++) {
    const draft = origin(`draft ${round}`);
    service.answer = () => Promise.reject(failed('no-credit'));
    const refused = await one.start(ready(), draft);
    await until(one, refused, 'failed');
    await until(two, refused, 'failed');
    service.answer = () => Promise.resolve({ kind: 'job', jobId: 'j' });
    const [first, second] = await Promise.all([one.start(ready(), draft), two.start(ready(), draft)]);
    expect(first.record.id).toBe(second.record.id);
    expect(first.record.id).not.toBe(refused.record.id);
  }
  await expect.poll(() => service.submitted).toBe(20);
});

test('a draft put away in one window may be run again in another', async () => {
  const folder = await newFolder();
  const service = new FakeService();
  const one = await openJobs(folder, service);
  const two = await openJobs(folder, service);
  const job = await one.start(ready(), origin('d'));
  await until(two, job, 'done');
  await one.dismiss(job.record.id);
  await until(two, job, 'done');
  await expect.poll(() => two.list()).toEqual([]);
  const again = await two.start(ready(), origin('d'));
  expect(again.record.id).not.toBe(job.record.id);
});

test('a window that ended between its claim and its entry keeps nobody from the draft', async () => {
  const folder = await newFolder();
  await claimBy(folder, 'd', 1, { jobId: 'gone-1', pid: 2 ** 30, host: hostname() });
  const jobs = await openJobs(folder, new FakeService(), { pace: { claimMs: 60_000 } });
  const job = await jobs.start(ready(), origin('d'));
  await until(jobs, job, 'done');
});

test.each([
  ['half written', ''],
  ['of a process that is there', { jobId: 'stuck-1', pid: process.pid, host: hostname() }],
  ['of another machine', { jobId: 'stuck-1', pid: 1, host: 'elsewhere' }],
  ['of another container', { jobId: 'stuck-1', pid: 2 ** 30, host: hostname(), space: 'pid:[1]' }],
])('a claim that is %s is waited for, and not for ever', async (_, claim) => {
  const folder = await newFolder();
  await claimBy(folder, 'd', 1, claim);
  const service = new FakeService();
  const jobs = await openJobs(folder, service, { pace: { claimMs: 150 } });
  const startedAt = performance.now();
  const job = await jobs.start(ready(), origin('d'));
  expect(performance.now() - startedAt).toBeGreaterThan(140);
  expect(stateOf(jobs, job.record.id)).toBeDefined();
  expect(await readdir(folderOf(folder, 'd'))).toEqual(['1', '2']);
});

test('a window that was overtaken between its claim and its entry sends nothing', async () => {
  const folder = await newFolder();
  const service = new FakeService();
  const jobs = await openJobs(folder, service);
  const starting = jobs.start(ready(), origin('d'));
  // The folder of the job is made after the claim and before the entry.
  while (!(await readdir(folder)).some((name) => /^[0-9a-z]+-[0-9a-f]{12}$/.test(name))) continue;
  await claimBy(folder, 'd', 2, { jobId: 'faster-1', pid: 1, host: 'elsewhere' });
  const job = await starting;
  await until(jobs, job, 'failed');
  expect(jobs.get(job.record.id)?.record.status).toMatchObject({ failure: { kind: 'cancelled', mayBeBilled: false } });
  expect(service.submitted).toBe(0);
});

test('a damaged entry is not taken for none: nothing is sent before its job was taken out of the list', async () => {
  const folder = await newFolder();
  const service = new FakeService();
  const jobs = await openJobs(folder, service);
  const job = await jobs.start(ready(), origin('d'));
  await until(jobs, job, 'done');
  await jobs.dispose();
  await writeFile(join(folder, job.record.id, 'job.json'), '{"version":2}');
  const later = await openJobs(folder, service);
  const same = await later.start(ready(), origin('d'));
  expect(same.record).toMatchObject({ id: job.record.id, status: { failure: { kind: 'storage', mayBeBilled: true } } });
  expect(service.submitted).toBe(1);
  await later.dismiss(job.record.id);
  const other = await later.start(ready(), origin('d'));
  await until(later, other, 'done');
  expect(service.submitted).toBe(2);
});

const statesOf = (jobs: Jobs): string[] => [...new Set(jobs.list().map(({ record }) => record.status.state))];

function claimant(folder: string, name: string, count: number): Promise<string> {
  const script = fileURLToPath(new URL('claimant.ts', import.meta.url));
  const child = spawn(process.execPath, [script, folder, name, String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  let output = '';
  child.stdout.on('data', (piece: Buffer) => (output += piece.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve(output) : reject(new Error(`ended with ${code}: ${output}`))));
  });
}
