export const megabyte = 1_048_576;

/** One line of the bench: a figure of ours beside a floor or a peer measured in the same run. */
export interface Measured {
  readonly name: string;
  readonly ours: number;
  readonly floor: number;
  readonly unit: 'ms' | 'MB' | 'bytes';
  /** What the floor is. */
  readonly against: string;
  /** The most that ours may be in floors; left out where there is no budget. */
  readonly budget?: number;
  /** The most that ours may be above the floor, in `unit`, where that is what is asked for. */
  readonly allowance?: number;
}

/** Median of numbers; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}

/**
 * Medians in milliseconds of two things that are measured by turns, so that whatever else the machine does falls on both.
 * The first round warms up and does not count.
 */
export async function byTurns(
  rounds: number,
  ours: () => Promise<number>,
  floor: () => Promise<number>,
): Promise<{ ours: number; floor: number }> {
  const [mine, floors]: [number[], number[]] = [[], []];
  for (let round = 0; round <= rounds; round++) {
    const [one, other] = [await ours(), await floor()];
    if (round === 0) continue;
    mine.push(one);
    floors.push(other);
  }
  return { ours: median(mine), floor: median(floors) };
}

/** How long `work` takes, in milliseconds. */
export async function time(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** The longest block of each round beside the aim, or beside that of the floor where a busy machine holds even that up for longer. */
export function blocks(name: string, ours: readonly number[], floor: readonly number[], aim: number): Measured {
  const [mine, theirs] = [median(ours), median(floor)];
  return {
    name,
    ours: mine,
    floor: Math.max(aim, theirs),
    unit: 'ms',
    against: theirs > aim ? 'the same without the work' : 'the aim',
    budget: theirs > aim ? 1.5 : 1,
  };
}

/** What was seen of this process while it worked. */
export interface Watched {
  /** By how much it grew. */
  readonly megabytes: number;
  /** The longest time that a timer had to wait, in milliseconds. */
  readonly block: number;
  /**
   * The longest that this thread worked without a pause, in milliseconds of its own time: what others do on the machine, or
   * other threads of this process, does not count, and neither does waiting for a disk.
   */
  readonly work: number;
}

/** How long a piece of work takes, how much the process grows by it, and how long it is held. */
export async function watched(seen: Watched[], work: () => Promise<unknown>): Promise<number> {
  const before = process.memoryUsage.rss();
  let highest = before;
  let [block, longest] = [0, 0];
  let [last, worked] = [performance.now(), threadTime()];
  const look = (): void => {
    const [now, workedNow] = [performance.now(), threadTime()];
    block = Math.max(block, now - last - 1);
    longest = Math.max(longest, workedNow - worked);
    [last, worked] = [now, workedNow];
    highest = Math.max(highest, process.memoryUsage.rss());
  };
  const timer = setInterval(look, 1);
  try {
    const milliseconds = await time(work);
    // Work that ends before the first look was done without a pause.
    look();
    seen.push({ megabytes: (highest - before) / megabyte, block, work: longest });
    return milliseconds;
  } finally {
    clearInterval(timer);
  }
}

function threadTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
