import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { verifyFile } from '../../src/host/inspectPicture.ts';
import { Claims } from '../../src/jobs/claims.ts';
import type { Job, Jobs } from '../../src/jobs/engineTypes.ts';
import { Recovery, type Search } from '../../src/jobs/recovery.ts';
import type { ServiceClient, UsageEvent } from '../../src/service/types.ts';
import type { SimulatorOptions } from '../../src/simulator/options.ts';
import { type Simulator, startSimulator } from '../../src/simulator/server.ts';
import { clientFor } from '../service/rig.ts';
import { bringPicture, failed, FakeService, item } from './fakeService.ts';
import { newFolder, openJobs, origin, ready, until } from './rig.ts';

const hour = 3_600_000;
const small = { useCustomSize: true, customWidth: 768, customHeight: 768 };

interface Window {
  readonly jobs: Jobs;
  readonly recovery: Recovery;
  readonly journal: string;
}

/** A window on a workspace; all windows of a test share the claims. */
async function openWindow(folder: string, service: ServiceClient, workspace = 'workspace'): Promise<Window> {
  const journal = join(folder, workspace);
  const journals = async () =>
    (await readdir(folder)).filter((name) => name !== 'claims').map((name) => join(folder, name));
  const claims = new Claims(join(folder, 'claims'), journals);
  const jobs = await openJobs(journal, service, { claims });
  const recovery = new Recovery({
    jobs,
    claims,
    client: () => Promise.resolve(service),
    folderOf: (jobId) => join(journal, jobId),
    log: () => undefined,
  });
  return { jobs, recovery, journal };
}

async function simulator(options: SimulatorOptions = {}): Promise<{ simulator: Simulator; client: ServiceClient }> {
  const started = await startSimulator({ queueMs: 0, renderMs: 0, ...options });
  onTestFinished(() => started.stop());
  const { client } = await clientFor(started.url, { options: { verify: verifyFile } });
  return { simulator: started, client };
}

/** Sends a request whose answer is lost on its way back. */
async function lose({ jobs }: Window, lost: Simulator, draftId: string, change: object = {}): Promise<Job> {
  lost.addFaults([{ at: 'submit', kind: 'drop-after-accept' }]);
  const job = await jobs.start(ready({ ...small, ...change }), origin(draftId));
  await until(jobs, job, 'failed');
  return job;
}

type Found = Extract<Search, { state: 'found' }>;

async function look({ recovery }: Window, { record }: Job): Promise<Found> {
  await recovery.look(record.id);
  return foundOf(recovery, record.id);
}

function foundOf(recovery: Recovery, jobId: string): Found {
  const search = recovery.search(jobId);
  if (search?.state !== 'found') throw new Error(`Nothing was found: ${JSON.stringify(search)}`);
  return search;
}

test('a picture whose answer was lost is found, picked, and in the vault before anybody is told', async () => {
  const { simulator: service, client } = await simulator();
  const window = await openWindow(await newFolder(), client);
  const job = await lose(window, service, 'd');
  const { pictures } = await look(window, job);
  expect(pictures).toMatchObject([{ width: 768, height: 768, format: 'png', price: 75 }]);
  const told: string[] = [];
  window.jobs.onDidChange((id) => {
    const kept = window.jobs.get(id)?.record.results[0];
    if (kept) told.push(kept.file);
  });
  expect(await window.recovery.keep(job.record.id, pictures[0]?.id ?? '')).toBe('kept');
  expect(told).toEqual(['0.png']);
  const { record } = window.jobs.get(job.record.id) as Job;
  expect(record).toMatchObject({ status: { state: 'done', missing: 0 }, results: [{ id: `${record.id}-0` }] });
  expect(window.recovery.search(record.id)).toBeUndefined();
  const file = window.jobs.result(`${record.id}-0`)?.file ?? '';
  expect((await readFile(file)).length).toBe(record.results[0]?.byteLength);
  expect(JSON.parse(await readFile(join(window.journal, record.id, 'job.json'), 'utf8'))).toEqual(record);
  expect(service.counts()).toMatchObject({ bodiesReceived: 1, accepted: 1, downloadsWithCredentials: 0 });
});

test('of two lost requests each offer shows both pictures, and each picture is given once', async () => {
  const { simulator: service, client } = await simulator();
  const folder = await newFolder();
  const one = await openWindow(folder, client);
  const two = await openWindow(folder, client, 'another-workspace');
  const mine = await lose(one, service, 'same');
  const yours = await lose(two, service, 'same');
  const [left, right] = await Promise.all([look(one, mine), look(two, yours)]);
  expect(left.pictures.map(({ sha256 }) => sha256)).toEqual(right.pictures.map(({ sha256 }) => sha256));
  expect(left.pictures).toHaveLength(2);
  expect([mine, yours].map(({ record }) => record.results)).toEqual([[], []]);

  const [contested] = left.pictures;
  const picks = await Promise.all([
    one.recovery.keep(mine.record.id, contested?.id ?? ''),
    two.recovery.keep(yours.record.id, contested?.id ?? ''),
  ]);
  expect(picks.toSorted()).toEqual(['kept', 'taken']);
  const [late, lateJob] = picks[0] === 'taken' ? [one, mine] : [two, yours];
  const rest = foundOf(late.recovery, lateJob.record.id).pictures;
  expect(rest).toHaveLength(1);
  expect(await late.recovery.keep(lateJob.record.id, rest[0]?.id ?? '')).toBe('kept');
  const kept = [one.jobs.get(mine.record.id), two.jobs.get(yours.record.id)].map((job) => job?.record.results);
  expect(kept.map((results) => results?.length)).toEqual([1, 1]);
  expect(kept[0]?.[0]?.sha256).not.toBe(kept[1]?.[0]?.sha256);
  expect(service.counts().accepted).toBe(2);
});

test('pictures that other jobs have are not offered, and are not fetched again', async () => {
  const { simulator: service, client } = await simulator();
  const folder = await newFolder();
  const other = await openWindow(folder, client, 'another-workspace');
  const collected = await other.jobs.start(ready(small), origin('d'));
  await until(other.jobs, collected, 'done');
  const window = await openWindow(folder, client);
  const job = await lose(window, service, 'd');
  const before = service.counts().downloads;
  const { pictures, claimed } = await look(window, job);
  expect([pictures.length, claimed]).toEqual([1, 1]);
  expect(service.counts().downloads).toBe(before + 1);
  expect(pictures[0]?.sha256).not.toBe(other.jobs.get(collected.record.id)?.record.results[0]?.sha256);
});

test('pictures that were kept before there were claims are not offered', async () => {
  const { simulator: service, client } = await simulator();
  const folder = await newFolder();
  const former = await openJobs(join(folder, 'former'), client);
  await until(former, await former.start(ready(small), origin('d')), 'done');
  const window = await openWindow(folder, client);
  const job = await lose(window, service, 'd');
  const { pictures, claimed } = await look(window, job);
  expect([pictures.length, claimed]).toEqual([1, 1]);
});

test('a job that the service has forgotten finds its picture', async () => {
  let now = Date.now();
  const { simulator: service, client } = await simulator({ clock: () => now });
  service.addFaults([{ at: 'submit', kind: 'job-lost' }]);
  const window = await openWindow(await newFolder(), client);
  const job = await window.jobs.start(ready(small), origin('d'));
  await until(window.jobs, job, 'failed');
  now += 2 * hour;
  expect((await look(window, job)).pictures).toHaveLength(1);
});

test('errors, other models and addresses that have expired are no candidates; the expired are named', async () => {
  let now = Date.now();
  const { simulator: service, client } = await simulator({
    usageOfOthers: true,
    urlLifetimeMs: hour,
    clock: () => now,
  });
  service.addFaults([{ at: 'submit', kind: 'job-failed' }]);
  const window = await openWindow(await newFolder(), client);
  await until(window.jobs, await window.jobs.start(ready(small), origin('failing')), 'failed');
  const job = await lose(window, service, 'd');
  now += 2 * hour;
  const search = await look(window, job);
  expect(search).toMatchObject({ pictures: [], expired: [{ price: 75 }], unaddressed: 0, claimed: 0 });
  expect(search.expired[0]?.madeAt).toBeLessThan(now - hour);
});

test('an account whose list names no addresses is told from one without requests', async () => {
  const { simulator: service, client } = await simulator({ usageAddresses: false });
  const window = await openWindow(await newFolder(), client);
  const job = await lose(window, service, 'd');
  expect(await look(window, job)).toMatchObject({ pictures: [], expired: [], unaddressed: 1 });
});

test('none of these leaves the job as it was, and nothing behind', async () => {
  const { simulator: service, client } = await simulator();
  const window = await openWindow(await newFolder(), client);
  const job = await lose(window, service, 'd');
  const { id } = job.record;
  const before = await readFile(join(window.journal, id, 'job.json'), 'utf8');
  await look(window, job);
  await window.recovery.end(id);
  expect(window.recovery.search(id)).toBeUndefined();
  expect(await readFile(join(window.journal, id, 'job.json'), 'utf8')).toBe(before);
  expect(await readdir(join(window.journal, id, 'found'))).toEqual([]);
  expect((await look(window, job)).pictures).toHaveLength(1);
});

test('a set takes the pictures one by one, says what is missing, and marks of people stay', async () => {
  const { simulator: service, client } = await simulator();
  const window = await openWindow(await newFolder(), client);
  const job = await lose(window, service, 'd', { count: 3 });
  const { id } = job.record;
  await window.jobs.cancel(id);
  const { pictures } = await look(window, job);
  expect(pictures.map(({ price }) => price)).toEqual([75, 75, 75]);
  const picks = [pictures[2], pictures[0]];
  expect(await Promise.all(picks.map((found) => window.recovery.keep(id, found?.id ?? '')))).toEqual(['kept', 'kept']);
  const record = () => window.jobs.get(id)?.record;
  expect(record()).toMatchObject({
    status: { state: 'done', missing: 1 },
    missingMayBeBilled: true,
    results: [{ sha256: pictures[2]?.sha256 }, { sha256: pictures[0]?.sha256 }],
  });
  expect(foundOf(window.recovery, id).pictures).toHaveLength(1);
  expect(await window.recovery.keep(id, pictures[1]?.id ?? '')).toBe('kept');
  expect(record()?.status).toMatchObject({ missing: 0 });
  expect(record()).not.toHaveProperty('missingMayBeBilled');
  const results = record()?.results ?? [];
  expect(results).toHaveLength(3);
  for (const result of results) {
    const bytes = await readFile(window.jobs.result(result.id)?.file ?? '');
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(result.sha256);
  }
});

test('bytes that lie in the folder of a job are not written over', async () => {
  const { simulator: service, client } = await simulator();
  const window = await openWindow(await newFolder(), client);
  const job = await lose(window, service, 'd');
  const { id } = job.record;
  await writeFile(join(window.journal, id, '0.png'), 'left behind by a crash');
  const { pictures } = await look(window, job);
  expect(await window.recovery.keep(id, pictures[0]?.id ?? '')).toBe('kept');
  expect(window.jobs.get(id)?.record.results).toMatchObject([{ id: `${id}-1`, file: '1.png' }]);
  expect(await readFile(join(window.journal, id, '0.png'), 'utf8')).toBe('left behind by a crash');
});

test('a pick that was broken off between its claim and the journal can be made again', async () => {
  const { simulator: service, client } = await simulator();
  const folder = await newFolder();
  const window = await openWindow(folder, client);
  const job = await lose(window, service, 'd');
  const { pictures } = await look(window, job);
  await new Claims(join(folder, 'claims'), () => Promise.resolve([])).take(job.record.id, {
    sha256: pictures[0]?.sha256 ?? '',
  });
  const next = await openWindow(folder, client);
  const again = await look(next, job);
  expect(await next.recovery.keep(job.record.id, again.pictures[0]?.id ?? '')).toBe('kept');
});

test('two windows of one workspace that pick for the same job give it one picture, and the other stays free', async () => {
  const { simulator: service, client } = await simulator();
  const folder = await newFolder();
  const one = await openWindow(folder, client);
  const two = await openWindow(folder, client);
  const job = await lose(one, service, 'first');
  const other = await lose(one, service, 'second');
  await until(two.jobs, job, 'failed');
  const [left, right] = await Promise.all([look(one, job), look(two, job)]);
  const { id } = job.record;
  expect(
    await Promise.all([
      one.recovery.keep(id, left.pictures[0]?.id ?? ''),
      two.recovery.keep(id, right.pictures[1]?.id ?? ''),
    ]),
  ).toSatisfy((picks: string[]) => picks.toSorted().join() === 'gone,kept');
  const kept = JSON.parse(await readFile(join(one.journal, id, 'job.json'), 'utf8')) as Job['record'];
  expect(kept.results).toHaveLength(1);
  const free = left.pictures.find(({ sha256 }) => sha256 !== kept.results[0]?.sha256);
  const rest = await look(one, other);
  expect(rest.pictures.map(({ sha256 }) => sha256)).toEqual([free?.sha256]);
  expect(await one.recovery.keep(other.record.id, rest.pictures[0]?.id ?? '')).toBe('kept');
});

test('two windows that pick the same picture for the same job both see it kept, once', async () => {
  const { simulator: service, client } = await simulator();
  const folder = await newFolder();
  const one = await openWindow(folder, client);
  const two = await openWindow(folder, client);
  const job = await lose(one, service, 'd');
  await until(two.jobs, job, 'failed');
  const [left, right] = await Promise.all([look(one, job), look(two, job)]);
  const { id } = job.record;
  const picks = await Promise.all([
    one.recovery.keep(id, left.pictures[0]?.id ?? ''),
    two.recovery.keep(id, right.pictures[0]?.id ?? ''),
  ]);
  expect(picks).toEqual(['kept', 'kept']);
  await expect.poll(() => two.jobs.get(id)?.record.results.length).toBe(1);
  expect((await readdir(join(one.journal, id))).filter((name) => name.endsWith('.png'))).toEqual(['0.png']);
});

test('a job that lacks nothing, or bought nothing, is not looked for', async () => {
  const service = new FakeService();
  const list = vi.fn(service.list);
  service.list = list;
  const window = await openWindow(await newFolder(), service);
  const done = await window.jobs.start(ready(), origin('done'));
  await until(window.jobs, done, 'done');
  service.answer = () => Promise.reject(failed('no-credit'));
  const refused = await window.jobs.start(ready(), origin('refused'));
  await until(window.jobs, refused, 'failed');
  for (const { record } of [done, refused]) {
    await window.recovery.look(record.id);
    expect(window.recovery.search(record.id)).toBeUndefined();
    expect(await window.recovery.keep(record.id, 'x')).toBe('gone');
    expect(await window.jobs.attach(record.id, '/nowhere', {} as never)).toBe('over');
  }
  expect(list).not.toHaveBeenCalled();
});

test('an answer that broke off lacks pictures that may have been billed; a set with fewer does not', async () => {
  const service = new FakeService();
  const window = await openWindow(await newFolder(), service);
  service.answer = () => Promise.resolve({ kind: 'finished', items: [item('a')], isIncomplete: true });
  const broken = await window.jobs.start(ready({ count: 2 }), origin('broken'));
  await until(window.jobs, broken, 'done');
  expect(window.jobs.get(broken.record.id)?.record).toMatchObject({ missingMayBeBilled: true, status: { missing: 1 } });
  service.answer = () => Promise.resolve({ kind: 'finished', items: [item('b')] });
  const fewer = await window.jobs.start(ready({ imageSet: true, setMaxImages: 2 }), origin('fewer'));
  await until(window.jobs, fewer, 'done');
  expect(window.jobs.get(fewer.record.id)?.record).not.toHaveProperty('missingMayBeBilled');
  service.bring = (one, file) =>
    one.kind === 'url' && one.url.endsWith('d')
      ? Promise.reject(failed('nothing-delivered', true))
      : bringPicture(one, file);
  service.answer = () => Promise.resolve({ kind: 'finished', items: [item('c'), item('d')] });
  const damaged = await window.jobs.start(ready({ count: 2 }), origin('damaged'));
  await until(window.jobs, damaged, 'done');
  expect(window.jobs.get(damaged.record.id)?.record).toMatchObject({ missingMayBeBilled: true });
});

test.each(['key-missing', 'network', 'busy'] as const)(
  'trouble of kind %s is said, and looking again helps',
  async (kind) => {
    const service = new FakeService();
    service.answer = () => Promise.reject(failed('network', true));
    const window = await openWindow(await newFolder(), service);
    const job = await window.jobs.start(ready(), origin('d'));
    await until(window.jobs, job, 'failed');
    service.list = () => Promise.reject(failed(kind));
    await window.recovery.look(job.record.id);
    expect(window.recovery.search(job.record.id)).toMatchObject({
      state: 'failed',
      failure: { kind, mayBeBilled: false },
    });
    service.list = () => Promise.resolve({ events: [event('a', Date.now())] });
    expect((await look(window, job)).pictures).toHaveLength(1);
  },
);

test('at most 24 pictures are shown, those made nearest to the sending; looking further brings the others, each once', async () => {
  const service = new FakeService();
  service.answer = () => Promise.reject(failed('network', true));
  const window = await openWindow(await newFolder(), service);
  const job = await window.jobs.start(ready(), origin('d'));
  await until(window.jobs, job, 'failed');
  const sentAt = window.jobs.get(job.record.id)?.record.sentAt ?? 0;
  // A picture a minute, from an hour after the sending to an hour before, on pages of ten.
  const all = Array.from({ length: 120 }, (_, index) => event(`p${index}`, sentAt + (60 - index) * 60_000));
  service.list = (before = '0') => {
    const start = Number(before);
    const next = start + 10 < all.length ? { next: String(start + 10) } : {};
    return Promise.resolve({ events: all.slice(start, start + 10), ...next });
  };
  const first = await look(window, job);
  expect(first.hasFurther).toBe(true);
  const nearest = all.toSorted((a, b) => Math.abs(timeOf(a) - sentAt) - Math.abs(timeOf(b) - sentAt)).slice(0, 24);
  expect(new Set(first.pictures.map(({ madeAt }) => madeAt))).toEqual(new Set(nearest.map(timeOf)));
  let shown = first;
  while (shown.hasFurther) {
    await window.recovery.lookFurther(job.record.id);
    const next = foundOf(window.recovery, job.record.id);
    expect(next.pictures.length - shown.pictures.length).toBeLessThanOrEqual(24);
    shown = next;
  }
  expect(shown.pictures.map(({ madeAt }) => madeAt)).toEqual(all.map(timeOf));
});

test('a list that leads in a circle comes to an end', async () => {
  const service = new FakeService();
  service.answer = () => Promise.reject(failed('network', true));
  const window = await openWindow(await newFolder(), service);
  const job = await window.jobs.start(ready(), origin('d'));
  await until(window.jobs, job, 'failed');
  const list = vi.fn(() => Promise.resolve({ events: [event('a', Date.now())], next: 'round' }));
  service.list = list;
  expect(await look(window, job)).toMatchObject({ pictures: [{}], hasFurther: false });
  expect(list).toHaveBeenCalledTimes(2);
});

const timeOf = ({ createdAt = 0 }: UsageEvent): number => createdAt;

const event = (name: string, createdAt: number): UsageEvent => ({
  id: name,
  createdAt,
  isError: false,
  cost: 0.075,
  addresses: [`https://pictures.invalid/${name}`],
});
