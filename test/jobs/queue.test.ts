import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../eventually.ts';
import { failureKinds } from '../../src/core/failure.ts';
import { preflight } from '../../src/core/preflight.ts';
import type { ReadyRequest } from '../../src/core/readyRequest.ts';
import { createJobs, type JobParts } from '../../src/jobs/engine.ts';
import type { Job, Jobs } from '../../src/jobs/engineTypes.ts';
import { JobRecord } from '../../src/jobs/record.ts';
import { createClient } from '../../src/service/client.ts';
import type { SubmitAnswer } from '../../src/service/types.ts';
import { type Fault, transportKinds } from '../../src/simulator/faults.ts';
import { startSimulator } from '../../src/simulator/server.ts';
import { describe, failed, FakeService } from './fakeService.ts';

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'queue-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'vault');
}

async function open(folder: string, client: JobParts['client'], pace: JobParts['pace'] = {}): Promise<Jobs> {
  const jobs = createJobs({
    folder,
    client,
    inspect: async (file) => describe(await readFile(file, 'latin1')),
    now: Date.now,
    log: () => undefined,
    pace: {
      lookMs: 10,
      firstPauseMs: 20,
      longestPauseMs: 40,
      closingMs: 200,
      busyFirstMs: 20,
      busyLongestMs: 40,
      ...pace,
    },
  });
  onTestFinished(() => jobs.dispose());
  await jobs.open();
  return jobs;
}

const openFake = (folder: string, service: FakeService, pace: JobParts['pace'] = {}): Promise<Jobs> =>
  open(folder, () => Promise.resolve(service), pace);

function ready(): ReadyRequest {
  const size = { useCustomSize: true, customWidth: 768, customHeight: 768 };
  const options = { boxForm: 'auto', drawSeed: () => 7 } as const;
  const { ready: request } = preflight({ prompt: 'a fox', seed: 1, ...size }, new Map(), options);
  if (!request) throw new Error('the request of this test should pass preflight');
  return request;
}

const origin = { draftId: 'd1', askedBy: 'test', intent: { kind: 'show' } as const };
const stateOf = (jobs: Jobs, { record }: Job): string | undefined => jobs.get(record.id)?.record.status.state;
const until = (jobs: Jobs, job: Job, state: string): Promise<void> =>
  eventually(() => expect(stateOf(jobs, job)).toBe(state));
const untilQueued = (jobs: Jobs, { record }: Job): Promise<void> =>
  eventually(() => expect(jobs.get(record.id)?.queue).toBeDefined());
const onDisk = async (folder: string, { record }: Job): Promise<JobRecord> =>
  JobRecord.parse(JSON.parse(await readFile(join(folder, record.id, 'job.json'), 'utf8')));

const busy = (retryAfterMs?: number): Error =>
  failed('busy', false, { status: 429, ...(retryAfterMs !== undefined && { retryAfterMs }) });

/** Refuses so many requests, then takes them. */
function refusing(service: FakeService, ...errors: readonly Error[]): void {
  const left = [...errors];
  service.answer = (): Promise<SubmitAnswer> => {
    const error = left.shift();
    return error ? Promise.reject(error) : Promise.resolve({ kind: 'job', jobId: 'service-job' });
  };
}

/** Never is it this request's turn; leaving the queue ends it as the client does. */
const neverInTurn: FakeService['turn'] = ({ untilTurn, onQueue }) =>
  new Promise((_, reject) => {
    onQueue?.({ ahead: 3 });
    const leave = () => reject(failed('cancelled'));
    if (untilTurn?.aborted) leave();
    untilTurn?.addEventListener('abort', leave);
  });

/** What the operating system does when a process ends: its claim on a job is void. */
async function killOwners(folder: string): Promise<void> {
  for (const id of await readdir(folder)) {
    if (id === 'bell') continue;
    for (const name of await readdir(join(folder, id)))
      if (name.startsWith('owner.'))
        await writeFile(join(folder, id, name), JSON.stringify({ pid: 2 ** 30, host: hostname() }));
  }
}

test('a request that waits for its turn is not yet being sent, and says how many stand before it', async () => {
  const folder = await newFolder();
  const service = new FakeService();
  service.turn = neverInTurn;
  const jobs = await openFake(folder, service);
  const job = await jobs.start(ready(), origin);
  await untilQueued(jobs, job);
  expect(jobs.get(job.record.id)?.queue).toEqual({ ahead: 3 });
  expect((await onDisk(folder, job)).status.state).toBe('prepared');
  await jobs.cancel(job.record.id);
  await until(jobs, job, 'failed');
  expect(jobs.get(job.record.id)).toMatchObject({
    queue: undefined,
    record: { cancelled: true, status: { failure: { kind: 'cancelled', mayBeBilled: false } } },
  });
  expect(service.submitted).toBe(0);
});

test('cancelled in another window while it waits, it is not sent either', async () => {
  const folder = await newFolder();
  const service = new FakeService();
  service.turn = neverInTurn;
  const [one, two] = [await openFake(folder, service), await openFake(folder, service)];
  const job = await one.start(ready(), origin);
  await eventually(() => expect(two.get(job.record.id)).toBeDefined());
  await two.cancel(job.record.id);
  await until(one, job, 'failed');
  expect(service.submitted).toBe(0);
});

test.each([
  ['closed', (jobs: Jobs) => jobs.dispose()],
  ['killed', (_: Jobs, folder: string) => killOwners(folder)],
] as const)('a window that is %s while its request waits has sent nothing', async (_how, end) => {
  const folder = await newFolder();
  const service = new FakeService();
  service.turn = neverInTurn;
  const first = await openFake(folder, service);
  const job = await first.start(ready(), origin);
  await untilQueued(first, job);
  await end(first, folder);
  const next = await openFake(folder, new FakeService());
  await until(next, job, 'failed');
  expect(next.get(job.record.id)?.record.status).toMatchObject({ failure: { kind: 'cancelled', mayBeBilled: false } });
  expect(service.submitted).toBe(0);
});

test('a disk that does not take that it is being sent keeps the request from being sent', async () => {
  const folder = await newFolder();
  const service = new FakeService();
  service.turn = async () => {
    for (const id of await readdir(folder)) if (id !== 'bell') await rm(join(folder, id), { recursive: true });
  };
  const jobs = await openFake(folder, service);
  await jobs.start(ready(), origin);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(service.submitted).toBe(0);
});

test('after a 429 the request is sent again when the service said, and is not being sent meanwhile', async () => {
  const folder = await newFolder();
  const service = new FakeService();
  const sentAt: number[] = [];
  refusing(service, busy(400), busy(400));
  const { answer } = service;
  service.answer = () => {
    sentAt.push(performance.now());
    return answer();
  };
  const jobs = await openFake(folder, service);
  const job = await jobs.start(ready(), origin);
  await untilQueued(jobs, job);
  const { status, sentAt: sent } = await onDisk(folder, job);
  expect([status.state, sent]).toEqual(['prepared', undefined]);
  const queue = jobs.get(job.record.id)?.queue;
  expect(queue?.until).toBeGreaterThan(Date.now());
  expect(queue?.until).toBeLessThanOrEqual(Date.now() + 400);
  jobs.resume(); // What is tried again at once after a change of the key is no reason to disturb a busy service.
  await until(jobs, job, 'done');
  expect(sentAt).toHaveLength(3);
  expect((sentAt[1] ?? 0) - (sentAt[0] ?? 0)).toBeGreaterThanOrEqual(399);
  expect((sentAt[2] ?? 0) - (sentAt[1] ?? 0)).toBeGreaterThanOrEqual(399);
});

test('a 429 that does not say how long is tried again after growing pauses', async () => {
  const service = new FakeService();
  refusing(service, busy(), busy(), busy(0));
  const jobs = await openFake(await newFolder(), service);
  const job = await jobs.start(ready(), origin);
  await until(jobs, job, 'done');
  expect(service.submitted).toBe(4);
});

test('a service that stays busy too long ends the job as busy and not billed', async () => {
  const service = new FakeService();
  service.answer = () => Promise.reject(busy());
  const jobs = await openFake(await newFolder(), service, { busyTotalMs: 800 });
  const job = await jobs.start(ready(), origin);
  await until(jobs, job, 'failed');
  expect(jobs.get(job.record.id)?.record.status).toMatchObject({ failure: { kind: 'busy', mayBeBilled: false } });
  expect(service.submitted).toBeGreaterThan(2);

  const longer = new FakeService();
  longer.answer = () => Promise.reject(busy(3_600_000));
  const others = await openFake(await newFolder(), longer);
  const other = await others.start(ready(), origin);
  await until(others, other, 'failed');
  expect(longer.submitted).toBe(1);
});

test('cancelled while the service is busy, the request is not sent again', async () => {
  const service = new FakeService();
  refusing(service, busy(60_000));
  const jobs = await openFake(await newFolder(), service);
  const job = await jobs.start(ready(), origin);
  await untilQueued(jobs, job);
  await jobs.cancel(job.record.id);
  await until(jobs, job, 'failed');
  expect(jobs.get(job.record.id)?.record.status).toMatchObject({ failure: { kind: 'cancelled', mayBeBilled: false } });
  expect(service.submitted).toBe(1);
});

test.each([
  ['closed', (jobs: Jobs) => jobs.dispose()],
  ['killed', (_: Jobs, folder: string) => killOwners(folder)],
] as const)('a window that is %s while the service is busy has bought nothing', async (_how, end) => {
  const folder = await newFolder();
  const service = new FakeService();
  refusing(service, busy(60_000));
  const jobs = await openFake(folder, service);
  const job = await jobs.start(ready(), origin);
  await untilQueued(jobs, job);
  await end(jobs, folder);
  const next = await openFake(folder, service);
  await until(next, job, 'failed');
  expect(next.get(job.record.id)?.record.status).toMatchObject({ failure: { kind: 'cancelled', mayBeBilled: false } });
  expect(service.submitted).toBe(1);
});

test('no failure but a real 429 is ever followed by a second request', async () => {
  const statuses = [
    undefined,
    200,
    202,
    307,
    400,
    401,
    402,
    403,
    404,
    408,
    409,
    413,
    422,
    425,
    500,
    502,
    503,
    504,
    529,
  ];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...failureKinds),
      fc.constantFrom(...statuses, 429),
      fc.boolean(),
      fc.option(fc.constantFrom(0, 1, 5), { nil: undefined }),
      async (kind, status, mayBeBilled, retryAfterMs) => {
        const service = new FakeService();
        const known = { ...(status !== undefined && { status }), ...(retryAfterMs !== undefined && { retryAfterMs }) };
        refusing(service, failed(kind, mayBeBilled, known));
        const jobs = await openFake(await newFolder(), service, { busyFirstMs: 1, busyLongestMs: 2 });
        const job = await jobs.start(ready(), origin);
        const is429 = kind === 'busy' && status === 429 && !mayBeBilled;
        await until(jobs, job, is429 ? 'done' : 'failed');
        await new Promise((resolve) => setTimeout(resolve, 10));
        expect(service.submitted).toBe(is429 ? 2 : 1);
        await jobs.dispose();
      },
    ),
    { numRuns: 80 },
  );
});

const statusFaults: Fault[] = [400, 401, 402, 403, 404, 408, 413, 422, 425, 429, 500, 502, 503, 504].flatMap(
  (status) => [
    { at: 'submit', kind: 'status', status },
    { at: 'submit', kind: 'status', status, retryAfter: 1, code: 'rate_limit_exceeded' },
    // A 429 to a request that was accepted would be a lie of the service, against which nobody can guard.
    ...(status === 429 ? [] : [{ at: 'submit', kind: 'status', status, accepted: true } as const]),
  ],
);
const otherFaults: Fault[] = transportKinds
  .filter((kind) => kind !== 'status' && kind !== 'latency' && kind !== 'slow-drip')
  .map((kind) => ({ at: 'submit', kind }));

test('whatever the service does to a request, it accepts at most one, and hears it again only after a plain 429', async () => {
  const simulator = await startSimulator({ queueMs: 0, renderMs: 0, onError: () => undefined });
  onTestFinished(() => simulator.stop());
  const folder = await newFolder();
  const client = createClient(
    {
      baseUrl: simulator.url,
      key: () => Promise.resolve('sk-empiriolabs-test'),
      network: { proxySupport: 'off', strictCertificates: true },
      spoolFolder: join(folder, 'spool'),
      paceFolder: join(folder, 'pace'),
      log: () => undefined,
      userAgent: 'test',
    },
    { verify: () => Promise.resolve({ format: 'png', width: 1, height: 1 }), pace: { requestsPerMinute: 1000 } },
  );
  onTestFinished(() => client.close());
  for (const fault of [...statusFaults, ...otherFaults]) {
    await simulator.reset();
    simulator.addFaults([fault]);
    const jobs = await open(join(folder, 'vault'), () => Promise.resolve(client), { busyFirstMs: 1, busyLongestMs: 2 });
    const job = await jobs.start(ready(), { ...origin, draftId: JSON.stringify(fault) });
    await eventually(() => expect(['done', 'failed', 'collecting']).toContain(stateOf(jobs, job)));
    await jobs.dispose();
    const { accepted, bodiesReceived } = simulator.counts();
    const is429 = fault.status === 429;
    expect(accepted, JSON.stringify(fault)).toBeLessThanOrEqual(1);
    expect(bodiesReceived, JSON.stringify(fault)).toBeLessThanOrEqual(is429 ? 2 : 1);
    if (is429) expect([accepted, bodiesReceived]).toEqual([1, 2]);
  }
});
