import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { eventually } from '../eventually.ts';
import type { FailureKind } from '../../src/core/failure.ts';
import { preflight } from '../../src/core/preflight.ts';
import type { ReadyRequest } from '../../src/core/readyRequest.ts';
import { type Accounts, accountsIn, actualPriceOf } from '../../src/jobs/accounts.ts';
import { createJobs } from '../../src/jobs/engine.ts';
import type { Job, Jobs } from '../../src/jobs/engineTypes.ts';
import { Ledger } from '../../src/jobs/ledger.ts';
import type { Settlement } from '../../src/jobs/ledgerLines.ts';
import { LimitError, type Limits } from '../../src/jobs/limits.ts';
import type { JobRecord } from '../../src/jobs/record.ts';
import { describe as describePicture, failed, FakeService, item, never } from './fakeService.ts';

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).toReversed()) await step();
});

interface Bench {
  /** Journal and vault. */
  readonly folder: string;
  readonly ledger: Ledger;
  readonly accounts: Accounts;
}

async function bench(limits: Partial<Limits> = {}): Promise<Bench> {
  const root = await mkdtemp(join(tmpdir(), 'accounts-'));
  cleanUp.push(() => rm(root, { recursive: true, force: true }));
  const all = { day: 10_000, workspace: 10_000, agent: 1_000, ...limits };
  const ledger = new Ledger({ folder: join(root, 'ledger'), limits: () => all, now: Date.now, log: () => undefined });
  const place = { workspace: 'here', workspaceName: 'Here', service: 'service.example' };
  return { folder: join(root, 'vault'), ledger, accounts: accountsIn(ledger, place) };
}

async function open({ folder, accounts }: Bench, service: FakeService, lines: string[] = []): Promise<Jobs> {
  const jobs = createJobs({
    folder,
    accounts,
    client: () => Promise.resolve(service),
    inspect: async (file) => describePicture(await readFile(file, 'utf8')),
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

const origin = (draftId: string, askedBy = 'studio') => ({ draftId, askedBy, intent: { kind: 'show' } as const });
const until = (jobs: Jobs, job: Job, state: string): Promise<void> =>
  eventually(() => expect(jobs.get(job.record.id)?.record.status.state).toBe(state));
const settlements = async ({ ledger }: Bench): Promise<(Settlement | undefined)[]> =>
  (await ledger.lines()).map(({ settlement }) => settlement);

async function run(at: Bench, service: FakeService, change: object = {}): Promise<JobRecord> {
  const jobs = await open(at, service);
  const job = await jobs.start(ready(change), origin('d1'));
  await eventually(() => expect(jobs.get(job.record.id)?.record.status.state).toMatch(/done|failed/));
  return (jobs.get(job.record.id) as Job).record;
}

describe('what a job cost is', () => {
  test('what the service says it billed', async () => {
    const at = await bench();
    const service = new FakeService();
    service.end = () => Promise.resolve({ state: 'completed', items: [item('a'), item('b')], billedImages: 3 });
    expect(await run(at, service, { count: 4 })).toMatchObject({ highestPrice: 300, actualPrice: 225 });
    expect(await settlements(at)).toEqual([{ outcome: 'paid', amount: 225 }]);
  });

  test('the pictures that came, where the service says nothing', async () => {
    const at = await bench();
    const service = new FakeService();
    service.end = () => Promise.resolve({ state: 'completed', items: [item('a'), item('b')] });
    expect(await run(at, service, { imageSet: true, setMaxImages: 4 })).toMatchObject({ actualPrice: 150 });
    const [line] = await at.ledger.lines();
    expect(line && (await at.ledger.entryOf(line))).toMatchObject({
      prompt: 'a fox',
      workspaceName: 'Here',
      service: 'service.example',
      askedBy: 'studio',
      highestCount: 4,
      end: {
        pictures: [
          { width: 8, height: 6 },
          { width: 8, height: 6 },
        ],
      },
    });
  });

  test('also pictures that the service delivered and that could not be kept', async () => {
    const at = await bench();
    const service = new FakeService();
    const { bring } = service;
    service.end = () => Promise.resolve({ state: 'completed', items: [item('a'), item('lost')] });
    service.status = () => Promise.reject(failed('nothing-delivered', true));
    service.bring = (one, file) =>
      one.kind === 'url' && one.url.endsWith('lost')
        ? Promise.reject(failed('nothing-delivered', true))
        : bring(one, file);
    expect(await run(at, service, { count: 2 })).toMatchObject({ actualPrice: 150, results: [{}] });
  });

  test('not known when the answer broke off', async () => {
    const at = await bench();
    const service = new FakeService();
    service.answer = () => Promise.resolve({ kind: 'finished', items: [item('a')], isIncomplete: true });
    const record = await run(at, service, { count: 4 });
    expect(record).toMatchObject({ status: { state: 'done' } });
    expect(record.actualPrice).toBeUndefined();
    expect(await settlements(at)).toEqual([{ outcome: 'unknown', amount: 300 }]);
  });

  test.each<[FailureKind, boolean, Settlement]>([
    ['no-credit', false, { outcome: 'nothing', amount: 0 }],
    ['nothing-delivered', true, { outcome: 'unknown', amount: 75 }],
  ])('of a job that failed with %s, billed perhaps %s, %o', async (kind, mayBeBilled, settlement) => {
    const at = await bench();
    const service = new FakeService();
    service.answer = () => Promise.reject(failed(kind, mayBeBilled));
    await run(at, service);
    expect(await settlements(at)).toEqual([settlement]);
    expect(await at.ledger.spentToday('here')).toMatchObject({ day: settlement.amount });
  });

  test('never less than what the service says, and an amount or not known at all', () => {
    const { highestPrice, highestCount } = ready({ count: 2 });
    fc.assert(
      fc.property(
        fc.option(fc.oneof(fc.nat(20), fc.double(), fc.constantFrom(-1, Number.NaN, Infinity)), { nil: undefined }),
        fc.oneof(
          fc.record({ delivered: fc.nat(12), isCertain: fc.boolean() }),
          fc.record({ kind: fc.constant('network' as const), mayBeBilled: fc.boolean() }),
        ),
        (billedImages, end) => {
          const price = actualPriceOf(
            { highestPrice, highestCount, ...(billedImages !== undefined && { billedImages }) },
            end,
          );
          if (price !== undefined) expect(Number.isInteger(price) && price >= 0 && price % 75 === 0).toBe(true);
          if (Number.isSafeInteger(billedImages) && Number(billedImages) >= 0)
            expect(price).toBe(Number(billedImages) * 75);
          else if ('kind' in end ? end.mayBeBilled : !end.isCertain) expect(price).toBeUndefined();
        },
      ),
    );
  });
});

describe('a request over a limit', () => {
  test('is neither sent nor kept, and nothing of it counts', async () => {
    const at = await bench({ day: 100 });
    const service = new FakeService();
    const jobs = await open(at, service);
    await expect(jobs.start(ready({ count: 2 }), origin('d1'))).rejects.toMatchObject({
      refusal: { kind: 'over', limit: 'day', asked: 150, spent: 0, allowed: 100 },
    });
    expect(service.submitted).toBe(0);
    expect(jobs.list()).toEqual([]);
    expect(await readdir(at.folder)).toEqual(['.drafts']);
    expect(await at.ledger.lines()).toEqual([]);
  });

  test('may be made smaller and run under the same draft', async () => {
    const at = await bench({ day: 100 });
    const service = new FakeService();
    const jobs = await open(at, service);
    await expect(jobs.start(ready({ count: 2 }), origin('d1'))).rejects.toThrow(LimitError);
    await until(jobs, await jobs.start(ready(), origin('d1')), 'done');
  });

  test('of an agent is refused under the limit of agents, and under no other name than a person’s own', async () => {
    const at = await bench({ agent: 75 });
    const service = new FakeService();
    const jobs = await open(at, service);
    await until(jobs, await jobs.start(ready(), origin('d1', 'some.extension')), 'done');
    await expect(jobs.start(ready(), origin('d2', 'Studio'))).rejects.toMatchObject({ refusal: { limit: 'agent' } });
    await until(jobs, await jobs.start(ready(), origin('d3', 'palette')), 'done');
  });

  test('does not slip through among many at once', async () => {
    const at = await bench({ day: 300 });
    const service = new FakeService();
    service.end = never;
    const jobs = await open(at, service);
    const starts = Array.from({ length: 12 }, (_, index) => jobs.start(ready(), origin(`d${index}`)));
    const ends = await Promise.allSettled(starts);
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
    await eventually(() => expect(service.submitted).toBe(4));
  });

  test('of agents is one for all of them, however they split, hurry, spread over windows or are called', async () => {
    const at = await bench({ agent: 300 });
    const service = new FakeService();
    service.end = never;
    const elsewhere: Bench = {
      ...at,
      folder: join(at.folder, '..', 'elsewhere'),
      accounts: accountsIn(at.ledger, { workspace: 'there', workspaceName: 'There', service: 'service.example' }),
    };
    const windows = [await open(at, service), await open(at, service), await open(elsewhere, service)];
    const callers = ['agent', 'extension a.b', 'extension studio', 'extension palette', ''];
    const starts = windows.flatMap((jobs, window) =>
      callers.map((caller, index) => jobs.start(ready(), origin(`${window} ${index}`, caller))),
    );
    const ends = await Promise.allSettled(starts);
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
    await eventually(() => expect(service.submitted).toBe(4));
    const [first] = windows;
    await expect(first?.start(ready({ variant: 'wan2.7-image' }), origin('less', 'agent'))).rejects.toMatchObject({
      refusal: { limit: 'agent', spent: 300 },
    });
  });

  test('of agents counts a call that two windows make at once as one', async () => {
    const at = await bench({ agent: 75 });
    const service = new FakeService();
    service.end = never;
    const windows = [await open(at, service), await open(at, service)];
    const jobs = await Promise.all(windows.map((window) => window.start(ready(), origin('agent-same', 'agent'))));
    expect(new Set(jobs.map(({ record }) => record.id)).size).toBe(1);
    await eventually(() => expect(service.submitted).toBe(1));
  });
});

describe('nothing is sent', () => {
  test('while the ledger cannot be written', async () => {
    const at = await bench();
    await mkdir(join(at.folder, '..'), { recursive: true });
    await writeFile(join(at.folder, '..', 'ledger'), 'a file where the folder should be');
    const service = new FakeService();
    const jobs = await open(at, service);
    await expect(jobs.start(ready(), origin('d1'))).rejects.toMatchObject({ refusal: { kind: 'unreadable' } });
    expect(service.submitted).toBe(0);
  });

  test('when the journal does not take the job, and then it costs nothing', async () => {
    const at = await bench();
    const accounts: Accounts = {
      ...at.accounts,
      reserve: async (record) => {
        await at.accounts.reserve(record);
        await writeFile(join(at.folder, record.id), 'a file where the folder should be');
      },
    };
    const service = new FakeService();
    const jobs = await open({ ...at, accounts }, service);
    await expect(jobs.start(ready(), origin('d1'))).rejects.toMatchObject({ failure: { kind: 'storage' } });
    expect(service.submitted).toBe(0);
    expect(await settlements(at)).toEqual([{ outcome: 'nothing', amount: 0 }]);
  });
});

test('an amount that was set aside for a job that never was counts for its day', async () => {
  const at = await bench();
  let crash: () => void = () => undefined;
  const crashed = new Promise<void>((resolve) => (crash = resolve));
  const accounts: Accounts = {
    ...at.accounts,
    reserve: async (record) => {
      await at.accounts.reserve(record);
      crash();
      return new Promise(() => undefined); // The process ends here.
    },
  };
  const service = new FakeService();
  const jobs = await open({ ...at, accounts }, service);
  void jobs.start(ready(), origin('d1'));
  await crashed;
  const again = await open(at, service);
  expect(again.list()).toEqual([]);
  expect(service.submitted).toBe(0);
  expect(await at.ledger.spentToday('here')).toMatchObject({ day: 75 });
});

test('a job is settled before the journal says that it has ended', async () => {
  const at = await bench();
  const states: string[] = [];
  const accounts: Accounts = {
    ...at.accounts,
    settle: async (record) => {
      const written = JSON.parse(await readFile(join(at.folder, record.id, 'job.json'), 'utf8')) as JobRecord;
      states.push(`${written.status.state} → ${record.status.state}`);
      await at.accounts.settle(record);
    },
  };
  await run({ ...at, accounts }, new FakeService());
  expect(states).toEqual(['collecting → done']);
});

test('a job whose window was closed between its settlement and its end is ended once more and paid for once', async () => {
  const at = await bench();
  let before = '';
  const settled = vi.fn<Accounts['settle']>(async (record) => {
    before ||= await readFile(join(at.folder, record.id, 'job.json'), 'utf8');
    await at.accounts.settle(record);
  });
  const counting = { ...at, accounts: { ...at.accounts, settle: settled } };
  const service = new FakeService();
  const jobs = await open(counting, service);
  const job = await jobs.start(ready(), origin('d1'));
  await until(jobs, job, 'done');
  await jobs.dispose();
  const folder = join(at.folder, job.record.id);
  await writeFile(join(folder, 'job.json'), before);
  for (const name of (await readdir(folder)).filter((one) => one.startsWith('owner.')))
    await writeFile(join(folder, name), JSON.stringify({ pid: 2 ** 30, host: hostname() }));

  const again = await open(counting, service);
  await until(again, job, 'done');
  expect(settled).toHaveBeenCalledTimes(2);
  expect(service.submitted).toBe(1);
  expect(await settlements(at)).toEqual([{ outcome: 'paid', amount: 75 }]);
});

test('a settlement that fails is said, keeps no job from its end, and leaves it counted at its highest price', async () => {
  const at = await bench();
  const lines: string[] = [];
  const accounts: Accounts = { ...at.accounts, settle: () => Promise.reject(new Error('no room')) };
  const jobs = await open({ ...at, accounts }, new FakeService(), lines);
  const job = await jobs.start(ready({ count: 2 }), origin('d1'));
  await until(jobs, job, 'done');
  expect(lines.join('\n')).toContain('could not be written to the ledger: no room');
  expect(await at.ledger.spentToday('here')).toMatchObject({ day: 150 });
});
