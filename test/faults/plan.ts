import { Random } from '../agreement/random.ts';
import type { Fault } from '../../src/simulator/faults.ts';
import type { DiskFault, Kind } from './window/gate.ts';

/** How the service answers: with a job, with pictures, or in a way that nobody can make sense of. */
export const modes = ['async', 'sync', 'answer-lost'] as const;
export type Mode = (typeof modes)[number];

/** What goes wrong in a window that is not the last. */
export interface Trouble {
  readonly disk?: DiskFault;
  readonly killAfterMs?: number;
  readonly network: readonly Fault[];
  readonly clockOff: number;
  readonly clockJump?: { readonly afterMs: number; readonly byMs: number };
  readonly patienceMs: number;
}

/** What becomes of a file of the journal while no window is open. */
export interface Damage {
  readonly file: 'job.json' | 'marks.json' | 'owner';
  readonly how: (typeof damages)[number];
  /** Where, from 0 up to 1. */
  readonly where: number;
  readonly bit: number;
}

/** One run; it follows from the seed and its number alone. */
export interface Plan {
  readonly number: number;
  readonly mode: Mode;
  /** What the table counts it under. */
  readonly family: string;
  readonly count: number;
  readonly responseFormat: 'url' | 'b64_json';
  /** The window of the user's click, and one between it and the last. */
  readonly windows: readonly Trouble[];
  /** After the first window, whatever was not made durable is lost, from a point on that this number chooses. */
  readonly powerLoss?: number;
  readonly damage?: Damage;
  /** How much later the service is when the last window opens, and how wrong the clock there is; milliseconds. */
  readonly away: number;
  readonly lastClockOff: number;
}

const damages = ['flip a bit', 'cut', 'zeros', 'empty', 'remove', 'garbage'] as const;

/** Operations of a run without trouble, by the mode. */
export type Steps = Readonly<Record<Mode, number>>;

/** The numbers of runs: from 0 the sweep, then these without trouble, then those by chance; a number stays when the engine takes a step more. */
const firstClean = 900;
export const firstByChance = 1_000;

const quiet: Trouble = { network: [], clockOff: 0, patienceMs: 4_000 };

/** A run in which nothing goes wrong beyond what its mode says. */
export function cleanPlan(mode: Mode): Plan {
  const random = new Random(1);
  return {
    ...base(firstClean + modes.indexOf(mode), mode, random),
    family: 'no trouble',
    count: 2,
    windows: [{ ...quiet, network: ofMode(mode, random), patienceMs: 20_000 }],
  };
}

/** The runs of a sweep: one for each operation of a clean run in each mode, killed before it, and one after the last. */
export function sweep(steps: Steps): { readonly mode: Mode; readonly step: number }[] {
  return modes.flatMap((mode) => Array.from({ length: steps[mode] + 1 }, (_, index) => ({ mode, step: index + 1 })));
}

export function sweepPlan(number: number, { mode, step }: { mode: Mode; step: number }): Plan {
  const random = new Random(number + 1);
  const plan = base(number, mode, random);
  const window = { ...quiet, network: ofMode(mode, random), disk: killAt('kill-before', step) };
  return {
    ...plan,
    count: 2,
    responseFormat: step % 2 === 0 ? 'url' : 'b64_json',
    family: 'killed at each step',
    windows: [window],
  };
}

/** Narrows chance to what shows a certain fault. */
export interface Aim {
  readonly families: readonly string[];
  readonly modes: readonly Mode[];
  /** Share of the steps before which nothing happens. */
  readonly after?: number;
  /** Instead of what chance would cut. */
  readonly network?: readonly Fault[];
}

/** A run by chance. */
export function randomPlan(seed: number, number: number, steps: Steps, aim?: Aim): Plan {
  const random = new Random(mixed(seed, number));
  const mode = random.pick(aim?.modes ?? modes);
  const family = random.pick(families.filter(({ name }) => aim === undefined || aim.families.includes(name)));
  const plan = { ...base(number, mode, random), family: family.name };
  if (aim) {
    // One step after the other, so that it is certain which are met within a number of runs.
    const first = 1 + Math.floor(steps[mode] * (aim.after ?? 0));
    const step = first + ((number - firstByChance) % (steps[mode] - first + 1));
    return family.make({ ...plan, count: 2 }, random, () => step, aim.network);
  }
  const made = family.make(plan, random, () => random.whole(1, steps[mode]));
  if (!random.chance(0.2)) return made;
  // The window that picks up the pieces has its own trouble, and a third one has to do it.
  const second = random.chance(0.5)
    ? { ...quiet, disk: killAt('kill-before', random.whole(1, steps[mode])) }
    : { ...quiet, killAfterMs: random.whole(0, 120) };
  return { ...made, windows: [...made.windows, second] };
}

/** Numbers that have nothing to do with each other for neighbouring runs (the end of MurmurHash). */
function mixed(seed: number, number: number): number {
  let state = Math.imul(seed, 0x9e3779b1) ^ number;
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return state ^ (state >>> 16);
}

function base(number: number, mode: Mode, random: Random): Omit<Plan, 'family' | 'windows'> {
  return {
    number,
    mode,
    count: random.whole(1, 3),
    responseFormat: random.chance(mode === 'async' ? 0.75 : 0.5) ? 'url' : 'b64_json',
    away: 0,
    lastClockOff: 0,
  };
}

/** What makes an answer lost. */
function ofMode(mode: Mode, random: Random): Fault[] {
  if (mode !== 'answer-lost') return [];
  const lost: Fault[] = [
    { at: 'submit', kind: 'drop-after-accept' },
    { at: 'submit', kind: 'drop-inside-answer' },
    { at: 'submit', kind: 'malformed-json' },
    { at: 'submit', kind: 'empty-body' },
    { at: 'submit', kind: 'status', status: 500, accepted: true },
    { at: 'submit', kind: 'status', status: 502, accepted: true },
    { at: 'submit', kind: 'status', status: 504, accepted: true },
    { at: 'submit', kind: 'html-page', status: 200, accepted: true },
    { at: 'submit', kind: 'html-page', status: 502, accepted: true },
  ];
  return [random.pick(lost)];
}

function killAt(what: DiskFault['what'], at: number): DiskFault {
  return { what, at, count: 1, kinds: [], code: '' };
}

interface Family {
  readonly name: string;
  make(plan: Omit<Plan, 'windows'>, random: Random, step: () => number, network?: readonly Fault[]): Plan;
}

const hour = 3_600_000;

const families: readonly Family[] = [
  {
    name: 'killed at a step',
    make: (plan, random, step) =>
      one(plan, random, { disk: killAt(random.chance(0.5) ? 'kill-before' : 'kill-after', step()) }),
  },
  {
    name: 'killed at a time',
    make: (plan, random) => one(plan, random, { killAfterMs: random.whole(0, 250) }),
  },
  {
    name: 'killed inside a write',
    make: (plan, random, step) => one(plan, random, { disk: killAt('tear', step()) }),
  },
  {
    name: 'power lost',
    make: (plan, random, step) => ({
      ...one(plan, random, { disk: killAt(random.chance(0.5) ? 'kill-before' : 'kill-after', step()) }),
      powerLoss: random.whole(0, 1_000_000),
    }),
  },
  {
    name: 'connection cut',
    make: (plan, random, _step, network) =>
      one(plan, random, { network: network ?? Array.from({ length: random.whole(1, 3) }, () => networkFault(random)) }),
  },
  {
    name: 'connection cut, killed',
    make: (plan, random) => one(plan, random, { network: [networkFault(random)], killAfterMs: random.whole(20, 300) }),
  },
  {
    name: 'disk full',
    make: (plan, random, step) => failing(plan, random, step, ['create', 'write', 'name'], 'ENOSPC'),
  },
  {
    name: 'folder read-only',
    make: (plan, random, step) =>
      failing(plan, random, step, ['create', 'write', 'name', 'remove', 'touch'], random.pick(['EROFS', 'EACCES'])),
  },
  {
    name: 'fsync fails',
    make: (plan, random, step) => failing(plan, random, step, ['sync'], 'EIO'),
  },
  {
    name: 'reading fails',
    make: (plan, random, step) => failing(plan, random, step, ['read'], random.pick(['EIO', 'EMFILE', 'EACCES'])),
  },
  {
    name: 'journal damaged',
    make: (plan, random, step) => ({
      ...one(plan, random, random.chance(0.8) ? { disk: killAt('kill-after', step()) } : {}),
      damage: damageOf(random),
    }),
  },
  {
    name: 'clock moved',
    make: (plan, random, step) => {
      const far = () =>
        random.pick([-400 * 24 * hour, -30 * hour, -1 * hour, -61_000, 61_000, hour, 30 * hour, 400 * 24 * hour]);
      const jump = random.chance(0.5) ? { clockJump: { afterMs: random.whole(0, 80), byMs: far() } } : {};
      const kill = random.chance(0.6) ? { disk: killAt('kill-after', step()) } : {};
      return {
        ...one(plan, random, { clockOff: random.chance(0.3) ? far() : 0, ...jump, ...kill }),
        lastClockOff: random.chance(0.6) ? far() : 0,
      };
    },
  },
  {
    name: 'away for hours',
    make: (plan, random, step) => ({
      ...one(plan, random, { disk: killAt('kill-after', step()) }),
      away: random.pick([0.5 * hour, 2 * hour, 20 * hour]),
    }),
  },
];

function one(plan: Omit<Plan, 'windows'>, random: Random, trouble: Partial<Trouble>): Plan {
  const network = [...ofMode(plan.mode, random), ...(trouble.network ?? [])];
  return { ...plan, windows: [{ ...quiet, ...trouble, network }] };
}

function failing(
  plan: Omit<Plan, 'windows'>,
  random: Random,
  step: () => number,
  kinds: readonly Kind[],
  code: string,
): Plan {
  const count = random.pick([1, 1, 2, 5, 20, null]);
  const disk: DiskFault = { what: 'error', at: step(), count, kinds, code };
  // What lasts as long as the window is closed on soon; waiting longer shows nothing new.
  return one(plan, random, { disk, patienceMs: count === null ? 350 : quiet.patienceMs });
}

function damageOf(random: Random): Damage {
  const file = random.pick(['job.json', 'job.json', 'job.json', 'marks.json', 'owner'] as const);
  // A folder without an entry is what a window leaves that was killed before it sent anything.
  const how = random.pick(damages.filter((each) => each !== 'remove' || file !== 'job.json'));
  return { file, how, where: random.next(), bit: random.whole(0, 7) };
}

function networkFault(random: Random): Fault {
  const times = random.pick([1, 1, 2, 4]);
  const after = random.whole(0, 2);
  const status = random.pick([401, 402, 403, 404, 429, 500, 502, 503, 504]);
  switch (random.whole(0, 2)) {
    case 0:
      return random.pick<Fault>([
        { at: 'submit', kind: 'drop-inside-request' },
        { at: 'submit', kind: 'drop-before-accept' },
        { at: 'submit', kind: 'status', status },
        { at: 'submit', kind: 'html-page', status: 503 },
        { at: 'submit', kind: 'slow-drip', ms: 5 },
        { at: 'submit', kind: 'latency', ms: 60 },
        { at: 'submit', kind: 'job-failed' },
        { at: 'submit', kind: 'job-lost' },
        { at: 'submit', kind: 'empty-data' },
        { at: 'submit', kind: 'empty-data', billed: false },
      ]);
    case 1:
      return random.pick<Fault>([
        { at: 'poll', kind: 'drop-before-accept', times, after },
        { at: 'poll', kind: 'drop-inside-answer', times, after },
        { at: 'poll', kind: 'status', status, times, after },
        { at: 'poll', kind: 'html-page', status: random.pick([200, 404, 502]), times, after },
        { at: 'poll', kind: 'malformed-json', times, after },
        { at: 'poll', kind: 'empty-body', times, after },
        { at: 'poll', kind: 'slow-drip', ms: 3, times, after },
        { at: 'poll', kind: 'job-failed', after },
        { at: 'poll', kind: 'job-lost', after },
      ]);
    default:
      return random.pick<Fault>([
        { at: 'result', kind: 'drop-before-accept', times, after },
        { at: 'result', kind: 'drop-inside-answer', times, after },
        { at: 'result', kind: 'status', status, times, after },
        { at: 'result', kind: 'html-page', times, after },
        { at: 'result', kind: 'slow-drip', ms: 4, times, after },
        { at: 'result', kind: 'truncated-image', times, after },
        { at: 'result', kind: 'mislabelled-image', as: 'html', times, after },
        { at: 'result', kind: 'url-expired', times, after },
      ]);
  }
}
