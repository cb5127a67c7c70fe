import { mkdir, mkdtemp, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { eventually } from '../eventually.ts';
import { preflight } from '../../src/core/preflight.ts';
import type { ReadyRequest } from '../../src/core/readyRequest.ts';
import { createJobs } from '../../src/jobs/engine.ts';
import type { Job, Jobs } from '../../src/jobs/engineTypes.ts';
import { otherCaller } from '../../src/jobs/limits.ts';
import { JobRecord } from '../../src/jobs/record.ts';
import { bringPicture, describe, failed, FakeService, item, never } from './fakeService.ts';

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).toReversed()) await step();
});

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'jobs-'));
  cleanUp.push(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'vault');
}

async function open(
  folder: string,
  service: FakeService,
  lines: string[] = [],
  read: (file: string) => Promise<string> = (file) => readFile(file, 'utf8'),
): Promise<Jobs> {
  const jobs = createJobs({
    folder,
    client: () => Promise.resolve(service),
    inspect: async (file) => {
      const bytes = await read(file);
      if (!bytes.startsWith('picture')) throw new Error('not a picture');
      return describe(bytes);
    },
    now: Date.now,
    log: (line) => lines.push(line),
    pace: { lookMs: 10, firstPauseMs: 20, longestPauseMs: 40, closingMs: 200 },
  });
  cleanUp.push(() => jobs.dispose());
  await jobs.open();
  return jobs;
}

function ready(change: object = {}): ReadyRequest {
  const { ready: request } = preflight({ prompt: 'a fox', seed: 1, ...change }, new Map(), {
    boxForm: 'auto',
    drawSeed: () => 7,
  });
  if (!request) throw new Error('the request of this test should pass preflight');
  return request;
}

const origin = (draftId: string) => ({ draftId, askedBy: 'test', intent: { kind: 'show' } as const });
const stateOf = (jobs: Jobs, id: string): string | undefined => jobs.get(id)?.record.status.state;
const until = (jobs: Jobs, job: Job, state: string): Promise<void> =>
  eventually(() => expect(stateOf(jobs, job.record.id)).toBe(state));

test('a job goes from the request to pictures in the vault', async () => {
  const folder = await newFolder();
  const service = new FakeService();
  service.end = () => Promise.resolve({ state: 'completed', items: [item('a'), item('b')], billedImages: 2 });
  const jobs = await open(folder, service);
  const job = await jobs.start(ready({ count: 2 }), origin('d1'));
  await until(jobs, job, 'done');
  const { record } = jobs.get(job.record.id) as Job;
  expect(record.results.map((result) => result.file)).toEqual(['0.png', '1.png']);
  expect(record).toMatchObject({ status: { missing: 0 }, billedImages: 2, highestPrice: 150, request: { seed: 1 } });
  const found = jobs.result(record.results[1]?.id ?? '');
  expect(await readFile(found?.file ?? '', 'utf8')).toBe('picture https://pictures.invalid/b');
});

test('each state is on disk before it is told', async () => {
  const folder = await newFolder();
  const service = new FakeService();
  const jobs = await open(folder, service);
  const wrong: string[] = [];
  const checks: Promise<void>[] = [];
  const rank = ['prepared', 'sending', 'accepted', 'collecting', 'done'];
  jobs.onDidChange((id) => {
    const told = stateOf(jobs, id) ?? '';
    checks.push(
      readFile(join(folder, id, 'job.json'), 'utf8').then((text) => {
        const written = JobRecord.parse(JSON.parse(text)).status.state;
        if (rank.indexOf(written) < rank.indexOf(told)) wrong.push(`${told} was told while the disk said ${written}`);
      }),
    );
  });
  const job = await jobs.start(ready(), origin('d1'));
  await until(jobs, job, 'done');
  await Promise.all(checks);
  expect(wrong).toEqual([]);
});

test('the same draft twice is one job, also when both are started at once', async () => {
  const service = new FakeService();
  const jobs = await open(await newFolder(), service);
  const [one, two] = await Promise.all([jobs.start(ready(), origin('d1')), jobs.start(ready(), origin('d1'))]);
  await until(jobs, one, 'done');
  const three = await jobs.start(ready(), origin('d1'));
  expect(new Set([one.record.id, two.record.id, three.record.id]).size).toBe(1);
  expect(service.submitted).toBe(1);
});

test('a draft that bought nothing may be run again', async () => {
  const service = new FakeService();
  service.answer = () => Promise.reject(failed('no-credit'));
  const jobs = await open(await newFolder(), service);
  const first = await jobs.start(ready(), origin('d1'));
  await until(jobs, first, 'failed');
  service.answer = () => Promise.resolve({ kind: 'job', jobId: 'j' });
  const second = await jobs.start(ready(), origin('d1'));
  await until(jobs, second, 'done');
  expect(second.record.id).not.toBe(first.record.id);
});

test('a request whose fate is unknown is never sent again', async () => {
  const folder = await newFolder();
  const service = new FakeService();
  service.answer = () => Promise.reject(failed('nothing-delivered', true));
  const jobs = await open(folder, service);
  const job = await jobs.start(ready(), origin('d1'));
  await until(jobs, job, 'failed');
  await jobs.start(ready(), origin('d1'));
  await jobs.dispose();
  const again = await open(folder, service);
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(service.submitted).toBe(1);
  expect(again.get(job.record.id)?.record.status).toMatchObject({
    failure: { kind: 'nothing-delivered', mayBeBilled: true },
  });
});

test('a job that was accepted goes on in the next window', async () => {
  const folder = await newFolder();
  const first = new FakeService();
  first.end = never;
  const jobs = await open(folder, first);
  const job = await jobs.start(ready(), origin('d1'));
  await until(jobs, job, 'accepted');
  await jobs.dispose();
  const second = new FakeService();
  const again = await open(folder, second);
  await until(again, job, 'done');
  expect([first.submitted, second.submitted]).toEqual([1, 0]);
});

test('two windows do not work on the same job, and the second sees it end', async () => {
  const folder = await newFolder();
  const service = new FakeService();
  let finish: () => void = () => undefined;
  let waits = 0;
  service.end = () => {
    waits++;
    return new Promise((resolve) => (finish = () => resolve({ state: 'completed', items: [item('a')] })));
  };
  const one = await open(folder, service);
  const two = await open(folder, service);
  const job = await one.start(ready(), origin('d1'));
  await eventually(() => expect(stateOf(two, job.record.id)).toBe('accepted'));
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(waits).toBe(1);
  finish();
  await until(two, job, 'done');
  expect(await Promise.all([one.claimAnnouncement(job.record.id), two.claimAnnouncement(job.record.id)])).toContain(
    false,
  );
});

test('a cancelled job is still collected', async () => {
  const service = new FakeService();
  let finish: () => void = () => undefined;
  service.end = () => new Promise((resolve) => (finish = () => resolve({ state: 'completed', items: [item('a')] })));
  const jobs = await open(await newFolder(), service);
  const job = await jobs.start(ready(), origin('d1'));
  await until(jobs, job, 'accepted');
  await jobs.cancel(job.record.id);
  finish();
  await until(jobs, job, 'done');
  expect(jobs.get(job.record.id)?.record).toMatchObject({ cancelled: true, results: [{ file: '0.png' }] });
});

test('a set that brings fewer pictures says how many are missing', async () => {
  const service = new FakeService();
  service.end = () => Promise.resolve({ state: 'completed', items: [item('a'), item('b'), item('c')] });
  const jobs = await open(await newFolder(), service);
  const job = await jobs.start(ready({ imageSet: true, setMaxImages: 4 }), origin('d1'));
  await until(jobs, job, 'done');
  expect(jobs.get(job.record.id)?.record.status).toMatchObject({ missing: 1 });
});

test('an expired address is asked for again while the service remembers the job', async () => {
  const service = new FakeService();
  service.bring = (one, file) =>
    one.kind === 'url' && one.url.endsWith('/a')
      ? Promise.reject(failed('nothing-delivered', true))
      : bringPicture(one, file);
  const jobs = await open(await newFolder(), service);
  const job = await jobs.start(ready(), origin('d1'));
  await until(jobs, job, 'done');
  expect(service.collected).toEqual(['https://pictures.invalid/a', 'https://pictures.invalid/fresh']);
});

test('a picture that cannot be had is missing, and none at all is a failure that may be billed', async () => {
  const service = new FakeService();
  service.bring = () => Promise.reject(failed('nothing-delivered', true));
  const jobs = await open(await newFolder(), service);
  const job = await jobs.start(ready(), origin('d1'));
  await until(jobs, job, 'failed');
  expect(jobs.get(job.record.id)?.record.status).toMatchObject({
    failure: { kind: 'nothing-delivered', mayBeBilled: true },
  });
});

test('passing trouble while collecting holds a job up and is overcome', async () => {
  const service = new FakeService();
  let tries = 0;
  service.bring = (one, file) => (++tries < 3 ? Promise.reject(failed('network')) : bringPicture(one, file));
  const jobs = await open(await newFolder(), service);
  const troubles: (string | undefined)[] = [];
  jobs.onDidChange((id) => troubles.push(jobs.get(id)?.trouble?.kind));
  const job = await jobs.start(ready(), origin('d1'));
  await until(jobs, job, 'done');
  expect(troubles).toContain('network');
  expect(jobs.get(job.record.id)?.trouble).toBeUndefined();
});

test('a refused key while waiting holds the job until it is resumed', async () => {
  const service = new FakeService();
  let hasKey = false;
  service.end = () =>
    hasKey ? Promise.resolve({ state: 'completed', items: [item('a')] }) : Promise.reject(failed('key-refused'));
  const jobs = await open(await newFolder(), service);
  const job = await jobs.start(ready(), origin('d1'));
  await eventually(() => expect(jobs.get(job.record.id)?.trouble?.kind).toBe('key-refused'));
  hasKey = true;
  jobs.resume();
  await until(jobs, job, 'done');
});

test('a picture that landed before the window was closed is taken from the disk', async () => {
  const folder = await newFolder();
  const service = new FakeService();
  service.end = never;
  const jobs = await open(folder, service);
  const job = await jobs.start(ready(), origin('d1'));
  await until(jobs, job, 'accepted');
  await jobs.dispose();
  await writeFile(join(folder, job.record.id, '0.png'), 'picture from before');
  const later = new FakeService();
  const again = await open(folder, later);
  await until(again, job, 'done');
  expect(later.collected).toEqual([]);
  expect(again.get(job.record.id)?.record.results[0]).toMatchObject({ file: '0.png', byteLength: 19 });
});

test('a whole picture that cannot be read at the moment is not taken for a damaged one', async () => {
  const folder = await newFolder();
  const service = new FakeService();
  service.end = never;
  const jobs = await open(folder, service);
  const job = await jobs.start(ready(), origin('d1'));
  await until(jobs, job, 'accepted');
  await jobs.dispose();
  await writeFile(join(folder, job.record.id, '0.png'), 'picture from before');
  const later = new FakeService();
  let troubles = 2;
  const again = await open(folder, later, [], (file) =>
    troubles-- > 0
      ? Promise.reject(Object.assign(new Error('EMFILE'), { code: 'EMFILE', errno: -24 }))
      : readFile(file, 'utf8'),
  );
  await until(again, job, 'done');
  expect(later.collected).toEqual([]);
});

test('a job that is being written is not taken over by a look of the same window, however old its files are by the clock of the disk', async () => {
  const folder = await newFolder();
  const service = new FakeService();
  const jobs = await open(folder, service);
  const fast = vi.spyOn(Date, 'now').mockImplementation(() => performance.timeOrigin + performance.now() + 3_600_000);
  cleanUp.push(() => Promise.resolve(fast.mockRestore()));
  const started = await Promise.all(Array.from({ length: 40 }, (_, index) => jobs.start(ready(), origin(`d${index}`))));
  for (const job of started) await until(jobs, job, 'done');
  expect(service.submitted).toBe(40);
});

test('a damaged leftover is fetched anew', async () => {
  const folder = await newFolder();
  const service = new FakeService();
  service.end = never;
  const jobs = await open(folder, service);
  const job = await jobs.start(ready(), origin('d1'));
  await until(jobs, job, 'accepted');
  await jobs.dispose();
  await writeFile(join(folder, job.record.id, '0.image'), 'half a pic');
  const later = new FakeService();
  const again = await open(folder, later);
  await until(again, job, 'done');
  expect(later.collected).toEqual(['https://pictures.invalid/a']);
});

test('a disk that does not take the first entry means that nothing is sent', async () => {
  const folder = await newFolder();
  await writeFile(folder, 'a file where the folder should be');
  const service = new FakeService();
  const jobs = await open(folder, service);
  await expect(jobs.start(ready(), origin('d1'))).rejects.toMatchObject({
    failure: { kind: 'storage', mayBeBilled: false },
  });
  expect(service.submitted).toBe(0);
});

test('a window closed before the request left says that nothing was bought', async () => {
  const folder = await newFolder();
  const service = new FakeService();
  const jobs = createJobs({
    folder,
    client: () => new Promise(() => undefined),
    inspect: () => Promise.reject(new Error()),
    now: Date.now,
    log: () => undefined,
    pace: { closingMs: 20 },
  });
  const job = await jobs.start(ready(), origin('d1'));
  await jobs.dispose();
  await releaseAll(folder);
  const again = await open(folder, service);
  await until(again, job, 'failed');
  expect(again.get(job.record.id)?.record.status).toMatchObject({ failure: { kind: 'cancelled', mayBeBilled: false } });
  expect(service.submitted).toBe(0);
});

/** What the operating system does when a process ends: its claim on a job is void. */
async function releaseAll(folder: string): Promise<void> {
  for (const id of await readdir(folder)) {
    if (id === 'bell') continue;
    for (const name of await readdir(join(folder, id)))
      if (name.startsWith('owner.'))
        await writeFile(
          join(folder, id, name),
          JSON.stringify({ pid: 2 ** 30, host: (await import('node:os')).hostname() }),
        );
  }
}

test('a damaged entry is left alone, shown as a job that may be billed, and hides no other job', async () => {
  const folder = await newFolder();
  const service = new FakeService();
  const jobs = await open(folder, service);
  const one = await jobs.start(ready(), origin('d1'));
  const two = await jobs.start(ready(), origin('d2'));
  await until(jobs, one, 'done');
  await until(jobs, two, 'done');
  await jobs.dispose();
  await writeFile(join(folder, one.record.id, 'job.json'), '{"version":1,');
  const lines: string[] = [];
  const again = await open(folder, service, lines);
  expect(
    again
      .list()
      .map((job) => job.record.id)
      .toSorted(),
  ).toEqual([one.record.id, two.record.id].toSorted());
  expect(again.get(one.record.id)?.record).toMatchObject({
    status: { state: 'failed', failure: { kind: 'storage', mayBeBilled: true } },
    createdAt: one.record.createdAt,
  });
  // Nobody knows who asked for it, so no agent is named.
  expect(otherCaller(again.get(one.record.id)!.record.askedBy)).toBeUndefined();
  expect(lines.join()).toContain(one.record.id);
  await again.dismiss(one.record.id);
  const last = await open(folder, service);
  expect(last.list().map((job) => job.record.id)).toEqual([two.record.id]);
  expect(await readFile(join(folder, one.record.id, 'job.json'), 'utf8')).toBe('{"version":1,');
});

test('marks of one window reach the other and survive a restart', async () => {
  const folder = await newFolder();
  const service = new FakeService();
  const one = await open(folder, service);
  const two = await open(folder, service);
  const job = await one.start(ready(), origin('d1'));
  await until(two, job, 'done');
  const resultId = two.get(job.record.id)?.record.results[0]?.id ?? '';
  await two.markSaved(resultId, 'file:///a.png');
  await eventually(() => expect(one.get(job.record.id)?.record.results[0]?.savedAs).toBe('file:///a.png'));
  await one.dismiss(job.record.id);
  await eventually(() => expect(two.list()).toEqual([]));
  expect((await open(folder, service)).result(resultId)?.result.savedAs).toBe('file:///a.png');
});

test('a job that is put back is in the list of every window again, and stays there', async () => {
  const folder = await newFolder();
  const one = await open(folder, new FakeService());
  const two = await open(folder, new FakeService());
  const job = await one.start(ready(), origin('d1'));
  const { id } = job.record;
  const listed = (jobs: Jobs): string[] => jobs.list().map(({ record }) => record.id);
  await until(two, job, 'done');
  await one.dismiss(id);
  await eventually(() => expect(listed(two)).toEqual([]));
  await one.putBack(id);
  expect(listed(one)).toEqual([id]);
  await eventually(() => expect(listed(two)).toEqual([id]));
  expect(listed(one)).toEqual([id]);
  expect(listed(await open(folder, new FakeService()))).toEqual([id]);
});

test('the last word counts of a job that is taken out of the list and put back in a hurry', async () => {
  const folder = await newFolder();
  const jobs = await open(folder, new FakeService());
  const job = await jobs.start(ready(), origin('d1'));
  const { id } = job.record;
  await until(jobs, job, 'done');
  await Promise.all([jobs.dismiss(id), jobs.putBack(id), jobs.dismiss(id), jobs.putBack(id)]);
  expect(jobs.list()).toHaveLength(1);
  expect((await open(folder, new FakeService())).list()).toHaveLength(1);
});

test('what is marked on a job at the same moment is all kept', async () => {
  const folder = await newFolder();
  const service = new FakeService();
  service.end = () => Promise.resolve({ state: 'completed', items: [item('a'), item('b')] });
  const jobs = await open(folder, service);
  const job = await jobs.start(ready({ count: 2 }), origin('d1'));
  await until(jobs, job, 'done');
  const [first, second] = jobs.get(job.record.id)?.record.results ?? [];
  await Promise.all([
    jobs.markSaved(first?.id ?? '', 'file:///a.png'),
    jobs.markSaved(second?.id ?? '', 'file:///b.png'),
    jobs.markChange(job.record.id, 'inside'),
    jobs.dismiss(job.record.id),
  ]);
  const next = await open(folder, service);
  const record = next.get(job.record.id)?.record;
  expect(record?.results.map(({ savedAs }) => savedAs)).toEqual(['file:///a.png', 'file:///b.png']);
  expect(record).toMatchObject({ change: 'inside', dismissed: true });
});

test('which version of a picture is wanted, and where each was saved, reaches other windows and survives a restart', async () => {
  const folder = await newFolder();
  const service = new FakeService();
  const one = await open(folder, service);
  const two = await open(folder, service);
  const job = await one.start(ready(), origin('d1'));
  await until(two, job, 'done');
  const result = (jobs: typeof one) => jobs.get(job.record.id)?.record.results[0];
  const resultId = result(two)?.id ?? '';
  await two.markShown(resultId, 'inside');
  await two.markSaved(resultId, 'file:///inside.png', 'inside');
  await eventually(() => expect(result(one)).toMatchObject({ shown: 'inside' }));
  await one.markShown(resultId, 'whole');
  await one.markSaved(resultId, 'file:///png.png', 'inside-png');
  const wanted = {
    shown: 'whole',
    versionsSavedAs: { inside: 'file:///inside.png', 'inside-png': 'file:///png.png' },
  };
  await eventually(() => expect(result(two)).toMatchObject(wanted));
  const restarted = result(await open(folder, service));
  expect(restarted).toMatchObject(wanted);
  // The picture that was paid for is in the vault alone.
  expect(restarted?.savedAs).toBeUndefined();
});

test('a picture that is saved while the others of its set still come in stays known as saved', async () => {
  const folder = await newFolder();
  const service = new FakeService();
  service.end = () => Promise.resolve({ state: 'completed', items: [item('a'), item('b')] });
  let letIn: () => void = () => undefined;
  service.bring = async (one, file) => {
    if (one.kind === 'url' && one.url.endsWith('b')) await new Promise<void>((resolve) => (letIn = resolve));
    return bringPicture(one, file);
  };
  const jobs = await open(folder, service);
  const job = await jobs.start(ready({ count: 2 }), origin('d1'));
  const results = () => jobs.get(job.record.id)?.record.results ?? [];
  await eventually(() => expect(results()).toHaveLength(1));
  const seen: (string | undefined)[] = [];
  jobs.onDidChange(() => seen.push(results()[0]?.savedAs));
  await jobs.markSaved(results()[0]?.id ?? '', 'file:///a.png');
  letIn();
  await until(jobs, job, 'done');
  expect(seen.length).toBeGreaterThan(2);
  expect(new Set(seen)).toEqual(new Set(['file:///a.png']));
});

test('a draft whose job was taken out of the list is run anew, one that is still listed is not', async () => {
  const folder = await newFolder();
  const service = new FakeService();
  const jobs = await open(folder, service);
  const job = await jobs.start(ready(), origin('d1'));
  await until(jobs, job, 'done');
  expect((await jobs.start(ready(), origin('d1'))).record.id).toBe(job.record.id);
  await jobs.dismiss(job.record.id);
  const again = await jobs.start(ready(), origin('d1'));
  expect(again.record.id).not.toBe(job.record.id);
  await until(jobs, again, 'done');
  expect(jobs.list().map(({ record }) => record.id)).toEqual([again.record.id]);
  expect(service.submitted).toBe(2);
});

test('a job that cannot be read or taken over keeps no other from its end', async () => {
  const folder = await newFolder();
  const first = new FakeService();
  first.end = (signal) => never(signal);
  const closed = await open(folder, first);
  const stuck = await closed.start(ready(), origin('d1'));
  const paid = await closed.start(ready(), origin('d2'));
  await until(closed, stuck, 'accepted');
  await until(closed, paid, 'accepted');
  await closed.dispose();
  // A folder where a file should be: no right to read, or a disk that fails, ends the same way.
  await mkdir(join(folder, stuck.record.id, 'owner.999'));
  const unreadable = join(folder, '0-unreadable', 'job.json');
  await mkdir(unreadable, { recursive: true });
  const lines: string[] = [];
  const jobs = await open(folder, new FakeService(), lines);
  await until(jobs, paid, 'done');
  expect(jobs.get(stuck.record.id)?.record.status.state).toBe('accepted');
  expect(lines.join()).toContain('0-unreadable');
  expect(lines.filter((line) => line.includes(stuck.record.id))).toHaveLength(1);
});

test('a job that could not be read at the moment it was taken over is taken over later', async () => {
  const folder = await newFolder();
  const former = new FakeService();
  former.end = (signal) => never(signal);
  const closing = await open(folder, former);
  const job = await closing.start(ready(), origin('d1'));
  await until(closing, job, 'accepted');
  const lines: string[] = [];
  const next = await open(folder, new FakeService(), lines);
  const entry = join(folder, job.record.id, 'job.json');
  await rename(entry, `${entry}.away`);
  await mkdir(entry);
  await closing.dispose();
  await eventually(() => expect(lines.join()).toContain('could not be taken over'));
  await rmdir(entry);
  await rename(`${entry}.away`, entry);
  await until(next, job, 'done');
});
