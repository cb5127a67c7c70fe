import { fork } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { Ledger } from '../../src/jobs/ledger.ts';
import type { LedgerEntry } from '../../src/jobs/ledgerEntry.ts';
import { countedFor, dayOf, linesOf, nameOf, type Outcome, type Reservation } from '../../src/jobs/ledgerLines.ts';
import { type Caller, callerOf, LimitError, type Limits, type Refusal } from '../../src/jobs/limits.ts';

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).toReversed()) await step();
});

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ledger-'));
  cleanUp.push(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'ledger');
}

const noon = new Date(2026, 10, 26, 12).getTime();
const wide: Limits = { day: 1_000_000, workspace: 1_000_000, agent: 1_000_000 };

/** A window: its own ledger on the shared folder. */
function window(folder: string, limits: Partial<Limits> = {}, now = () => noon, lines: string[] = []): Ledger {
  return new Ledger({ folder, limits: () => ({ ...wide, ...limits }), now, log: (line) => lines.push(line) });
}

interface Ask {
  readonly highest?: number;
  readonly caller?: Caller;
  readonly workspace?: string;
  readonly at?: number;
}

const asked = (jobId: string, { highest = 75, caller = 'person', workspace = 'one' }: Ask = {}): Reservation => ({
  jobId,
  highest,
  caller,
  workspace,
  variant: 'wan2.7-image-pro',
});

const words = (jobId: string, createdAt = noon): LedgerEntry => ({
  version: 1,
  jobId,
  createdAt,
  workspaceName: 'One',
  service: 'service.example',
  askedBy: 'studio',
  prompt: 'a fox',
  highestCount: 1,
  resolution: '2K',
});

const reserve = (ledger: Ledger, jobId: string, ask: Ask = {}) =>
  ledger.reserve(asked(jobId, ask), words(jobId, ask.at));
const settle = (ledger: Ledger, jobId: string, outcome: Outcome, amount: number) =>
  ledger.settle(jobId, { outcome, amount }, words(jobId));

/** The refusal a request ends with; undefined where it is let through. */
const refusalOfReserve = (ledger: Ledger, jobId: string, ask: Ask = {}): Promise<Refusal | undefined> =>
  reserve(ledger, jobId, ask).then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof LimitError) return error.refusal;
      throw error;
    },
  );

describe('a limit', () => {
  test('lets through what fits exactly, and nothing more', async () => {
    const ledger = window(await newFolder(), { day: 150 });
    await reserve(ledger, 'a');
    await reserve(ledger, 'b');
    expect(await refusalOfReserve(ledger, 'c', { highest: 1 })).toEqual({
      kind: 'over',
      limit: 'day',
      spent: 150,
      asked: 1,
      allowed: 150,
    });
    expect(await ledger.spentToday('one')).toMatchObject({ day: 150 });
  });

  test('of a workspace counts that workspace alone', async () => {
    const ledger = window(await newFolder(), { workspace: 100 });
    await reserve(ledger, 'a', { workspace: 'one' });
    await reserve(ledger, 'b', { workspace: 'two' });
    expect(await refusalOfReserve(ledger, 'c', { workspace: 'one' })).toMatchObject({ limit: 'workspace', spent: 75 });
  });

  test('of agents counts agents over all workspaces, and people not', async () => {
    const ledger = window(await newFolder(), { agent: 100 });
    await reserve(ledger, 'a', { caller: 'person' });
    await reserve(ledger, 'b', { caller: 'agent', workspace: 'two' });
    expect(await refusalOfReserve(ledger, 'c', { caller: 'agent' })).toMatchObject({ limit: 'agent', spent: 75 });
    await reserve(ledger, 'd', { caller: 'person' });
  });

  test('that leaves least is the one that is told', async () => {
    const ledger = window(await newFolder(), { day: 70, workspace: 20, agent: 50 });
    expect(await refusalOfReserve(ledger, 'a', { caller: 'agent' })).toMatchObject({ limit: 'workspace', allowed: 20 });
  });

  test('is a new one after midnight, by the clock on the wall', async () => {
    const folder = await newFolder();
    let now = new Date(2026, 10, 26, 23, 59, 59).getTime();
    const ledger = window(folder, { day: 75 }, () => now);
    await reserve(ledger, 'a', { at: now });
    expect(await refusalOfReserve(ledger, 'b', { at: now })).toMatchObject({ kind: 'over' });
    now += 2_000;
    await reserve(ledger, 'c', { at: now });
    expect(await ledger.spentToday('one')).toMatchObject({ day: 75 });
    expect((await readdir(folder)).toSorted()).toEqual(['2026-11-26', '2026-11-27']);
  });

  test('is not made larger by a clock that is set back within the day', async () => {
    const ledger = window(await newFolder(), { day: 75 });
    await reserve(ledger, 'a', { at: noon });
    expect(await refusalOfReserve(ledger, 'b', { at: noon - 3_600_000 })).toMatchObject({ kind: 'over' });
  });

  test('that is no amount allows nothing', async () => {
    for (const day of [Number.NaN, -1, Infinity, 1.5]) {
      const ledger = window(await newFolder(), { day });
      expect(await refusalOfReserve(ledger, 'a')).toMatchObject({ kind: 'over', allowed: 0 });
    }
  });
});

test.each([Number.NaN, Infinity, -1, 0.5, undefined as unknown as number, '75' as unknown as number])(
  'a price of %s is not known, so nothing may be sent',
  async (highest) => {
    const folder = await newFolder();
    const ledger = window(folder);
    const request = { ...asked('a'), highest };
    await expect(ledger.reserve(request, words('a'))).rejects.toMatchObject({ refusal: { kind: 'price-unknown' } });
    expect(await ledger.refusal(highest, 'person', 'one')).toEqual({ kind: 'price-unknown' });
    expect(await ledger.lines()).toEqual([]);
  },
);

describe('a ledger that cannot be used', () => {
  test('lets nothing through when its folder is a file', async () => {
    const folder = await newFolder();
    await writeFile(folder, '');
    const ledger = window(folder);
    expect(await refusalOfReserve(ledger, 'a')).toMatchObject({ kind: 'unreadable' });
    expect(await ledger.refusal(75, 'person', 'one')).toMatchObject({ kind: 'unreadable', detail: 'ENOTDIR' });
    await expect(ledger.spentToday('one')).rejects.toThrow(LimitError);
  });

  test.skipIf(process.getuid?.() === 0)('lets nothing through when its day may not be read or written', async () => {
    const folder = await newFolder();
    const day = join(folder, dayOf(noon));
    await mkdir(day, { recursive: true });
    for (const mode of [0o300, 0o500]) {
      await chmod(day, mode);
      expect(await refusalOfReserve(window(folder), 'a')).toMatchObject({ kind: 'unreadable' });
    }
    await chmod(day, 0o700);
    expect(await window(folder).lines()).toEqual([]);
  });

  test('does not count twice what is asked for twice under one id', async () => {
    const ledger = window(await newFolder());
    await reserve(ledger, 'a');
    expect(await refusalOfReserve(ledger, 'a')).toMatchObject({ kind: 'unreadable', detail: 'EEXIST' });
    expect(await ledger.spentToday('one')).toMatchObject({ day: 75 });
  });
});

describe('what a job cost', () => {
  test('takes the place of the highest price', async () => {
    const ledger = window(await newFolder(), { day: 100 });
    await reserve(ledger, 'a', { highest: 90 });
    await settle(ledger, 'a', 'paid', 30);
    await reserve(ledger, 'b', { highest: 70 });
    await settle(ledger, 'b', 'nothing', 0);
    expect(await ledger.spentToday('one')).toEqual({ day: 30, workspace: 30, agent: 0 });
  });

  test('counts at the highest price while it may have been billed', async () => {
    const ledger = window(await newFolder());
    await reserve(ledger, 'a', { highest: 90 });
    await settle(ledger, 'a', 'unknown', 90);
    expect(await ledger.spentToday('one')).toMatchObject({ day: 90 });
  });

  test('is said once: the first word that is known stands, and replaces only what was not known', async () => {
    const ledger = window(await newFolder());
    await reserve(ledger, 'a', { highest: 90 });
    await settle(ledger, 'a', 'unknown', 90);
    await settle(ledger, 'a', 'paid', 60);
    await settle(ledger, 'a', 'nothing', 0);
    await settle(ledger, 'a', 'paid', 90);
    await settle(ledger, 'a', 'unknown', 90);
    const [line] = await ledger.lines();
    expect(line?.settlement).toEqual({ outcome: 'paid', amount: 60 });
  });

  test('may be more than was set aside, if the service says so', async () => {
    const ledger = window(await newFolder());
    await reserve(ledger, 'a', { highest: 75 });
    await settle(ledger, 'a', 'paid', 150);
    expect(await ledger.spentToday('one')).toMatchObject({ day: 150 });
  });

  test('that is no amount is refused, and the job goes on counting at its highest price', async () => {
    const ledger = window(await newFolder());
    await reserve(ledger, 'a');
    await expect(settle(ledger, 'a', 'paid', Number.NaN)).rejects.toThrow();
    expect(await ledger.spentToday('one')).toMatchObject({ day: 75 });
  });

  test('of a job that is not in the ledger is left out of it', async () => {
    const folder = await newFolder();
    const ledger = window(folder);
    await settle(ledger, 'a', 'paid', 30);
    expect(await ledger.lines()).toEqual([]);
  });

  test('finds its job when the date was another one where it was asked for', async () => {
    const folder = await newFolder();
    const ledger = window(folder);
    for (const [days, jobId] of [
      [-2, 'a'],
      [-1, 'b'],
      [0, 'c'],
      [1, 'd'],
      [2, 'e'],
    ] as const) {
      const day = dayOf(new Date(2026, 10, 26 + days, 12).getTime());
      await mkdir(join(folder, day), { recursive: true });
      await writeFile(join(folder, day, nameOf(asked(jobId)) ?? ''), JSON.stringify(words(jobId)));
      await settle(ledger, jobId, 'paid', 30);
    }
    expect((await ledger.lines()).map(countedFor)).toEqual([30, 30, 30, 30, 30]);
  });

  test('keeps where the job came from, whoever ends it', async () => {
    const ledger = window(await newFolder());
    await reserve(ledger, 'a');
    const end = { at: noon, pictures: [{ width: 8, height: 6 }] };
    await ledger.settle('a', { outcome: 'paid', amount: 75 }, { ...words('a'), workspaceName: 'Another', end });
    const [line] = await ledger.lines();
    expect(line && (await ledger.entryOf(line))).toEqual({ ...words('a'), end });
  });
});

describe('an entry that is damaged', () => {
  test('still counts, at its highest price or at what it cost', async () => {
    const folder = await newFolder();
    const ledger = window(folder, { day: 200 });
    await reserve(ledger, 'a', { highest: 90 });
    await reserve(ledger, 'b', { highest: 90 });
    await settle(ledger, 'b', 'paid', 60);
    const day = join(folder, dayOf(noon));
    for (const name of await readdir(day)) {
      await truncate(join(day, name), 0);
      await truncate(join(day, name), 300); // zeros, as after a crash
    }
    expect(await ledger.spentToday('one')).toMatchObject({ day: 150 });
    expect(await refusalOfReserve(ledger, 'c')).toMatchObject({ kind: 'over', spent: 150 });
    const lines = await ledger.lines();
    expect(await Promise.all(lines.map((line) => ledger.entryOf(line)))).toEqual([undefined, undefined]);
  });

  test('is read from what was set aside when only its end is damaged', async () => {
    const folder = await newFolder();
    const ledger = window(folder);
    await reserve(ledger, 'a');
    await settle(ledger, 'a', 'paid', 75);
    const settled = (await readdir(join(folder, dayOf(noon)))).find((name) => name.includes('paid')) ?? '';
    await writeFile(join(folder, dayOf(noon), settled), '{');
    const [line] = await ledger.lines();
    expect(line && (await ledger.entryOf(line))).toMatchObject({ prompt: 'a fox' });
  });

  test('is told from what is not ours', () => {
    const names = [
      '.DS_Store',
      'a.json',
      'x_75_nobody_one_v.json',
      'x_-1_person_one_v.json',
      `${nameOf(asked('a'))}.1.new`,
    ];
    expect(linesOf('2026-11-26', names)).toEqual([]);
  });
});

test('a name says all that the limits need', () => {
  const text = fc.stringMatching(/^[0-9a-z-]{1,40}$/);
  fc.assert(
    fc.property(
      text,
      text,
      fc.integer({ min: 0, max: 999_999_999 }),
      fc.constantFrom<Caller>('person', 'agent'),
      fc.option(fc.constantFrom<Outcome>('paid', 'nothing', 'unknown'), { nil: undefined }),
      fc.integer({ min: 0, max: 999_999_999 }),
      (jobId, workspace, highest, caller, outcome, amount) => {
        const reservation = { jobId, workspace, highest, caller, variant: 'wan2.7-image' };
        const settlement = outcome && { outcome, amount };
        const name = nameOf(reservation, settlement) ?? '';
        expect(linesOf('2026-11-26', [name])).toEqual([{ day: '2026-11-26', ...reservation, settlement }]);
      },
    ),
  );
});

test('only the studio, the palette, a set file and a check of the service are a person’s own hand', () => {
  const people = ['studio', 'palette', 'set file', 'check service'];
  expect(people.map(callerOf)).toEqual(people.map(() => 'person'));
  fc.assert(fc.property(fc.string(), (name) => callerOf(name) === 'agent' || people.includes(name)));
});

describe('whatever several windows do at once', () => {
  type Step =
    | {
        readonly kind: 'reserve';
        readonly window: number;
        readonly highest: number;
        readonly caller: Caller;
        readonly workspace: string;
      }
    | { readonly kind: 'settle'; readonly window: number; readonly which: number; readonly outcome: Outcome };

  const step: fc.Arbitrary<Step> = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('reserve' as const),
        window: fc.nat(2),
        highest: fc.integer({ min: 0, max: 120 }),
        caller: fc.constantFrom<Caller>('person', 'agent'),
        workspace: fc.constantFrom('one', 'two'),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('settle' as const),
        window: fc.nat(2),
        which: fc.nat(20),
        outcome: fc.constantFrom<Outcome>('paid', 'nothing', 'unknown'),
      }),
    },
  );
  const limits = fc.record({
    day: fc.integer({ min: 0, max: 500 }),
    workspace: fc.integer({ min: 0, max: 300 }),
    agent: fc.integer({ min: 0, max: 200 }),
  });

  test('no limit is ever passed, and what was let through is there', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 14 }), limits, async (steps, limit) => {
        const folder = await newFolder();
        const windows = [window(folder, limit), window(folder, limit), window(folder, limit)];
        const through: string[] = [];
        const doing = steps.map(async (one, index): Promise<void> => {
          const ledger = windows[one.window] as Ledger;
          if (one.kind === 'reserve') {
            if (!(await refusalOfReserve(ledger, `job-${index}`, one))) through.push(`job-${index}`);
          } else {
            const jobId = through[one.which % Math.max(1, through.length)];
            const line = (await ledger.lines()).find((other) => other.jobId === jobId);
            // Jobs never cost more than their highest price here, so that the limit is exact.
            if (line)
              await settle(
                ledger,
                line.jobId,
                one.outcome,
                one.outcome === 'nothing' ? 0 : Math.floor(line.highest / 2),
              );
          }
        });
        await Promise.all(doing);
        const lines = await (windows[0] as Ledger).lines();
        expect(lines.map(({ jobId }) => jobId).toSorted()).toEqual(through.toSorted());
        for (const workspace of ['one', 'two']) {
          const spent = await (windows[0] as Ledger).spentToday(workspace);
          expect(spent.day).toBeLessThanOrEqual(limit.day);
          expect(spent.workspace).toBeLessThanOrEqual(limit.workspace);
          expect(spent.agent).toBeLessThanOrEqual(limit.agent);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('parallel requests of one window fill the limit to its brim', async () => {
    const ledger = window(await newFolder(), { day: 10 * 75 });
    const all = await Promise.all(Array.from({ length: 25 }, (_, index) => refusalOfReserve(ledger, `job-${index}`)));
    expect(all.filter((refusal) => refusal === undefined)).toHaveLength(10);
    // What is refused is refused for what was let through, and not for another that is refused itself.
    expect(new Set(all.map((refusal) => refusal && 'spent' in refusal && refusal.spent))).toEqual(
      new Set([undefined, 750]),
    );
  });

  test.each([
    ['people', 'person'],
    ['agents', 'agent'],
  ])('real processes of %s that race do not pass the limit, and get something through', async (_, caller) => {
    const folder = await newFolder();
    const [limit, price, times] = [20 * 30, 30, 12];
    const racers = ['a', 'b', 'c', 'd'].map((name) =>
      fork(
        fileURLToPath(new URL('ledgerRacer.ts', import.meta.url)),
        [folder, name, times, limit, price, caller].map(String),
      ),
    );
    await Promise.all(racers.map((racer) => once(racer, 'message')));
    const answers = Promise.all(racers.map((racer) => once(racer, 'message')));
    for (const racer of racers) racer.send('go');
    const outcomes = (await answers).flatMap(([told]) => told as string[]);
    const through = outcomes.filter((outcome) => outcome === 'reserved').length;
    expect(outcomes).toHaveLength(4 * times);
    expect(through * price).toBeLessThanOrEqual(limit);
    expect(through).toBeGreaterThan(limit / price / 2);
    const spent = await window(folder, {}, Date.now).spentToday('a');
    expect(spent.day).toBe(through * price);
  });
});

test('ten thousand jobs are added up in well under a second', async () => {
  const folder = await newFolder();
  for (let day = 1; day <= 100; day++) {
    const name = dayOf(new Date(2026, 0, day, 12).getTime());
    await mkdir(join(folder, name), { recursive: true });
    await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        writeFile(join(folder, name, nameOf(asked(`job-${day}-${index}`), { outcome: 'paid', amount: 75 }) ?? ''), ''),
      ),
    );
  }
  const ledger = window(folder);
  const start = performance.now();
  expect(await ledger.lines()).toHaveLength(10_000);
  expect(performance.now() - start).toBeLessThan(2_000); // about 60 ms; the machine may be busy
});
