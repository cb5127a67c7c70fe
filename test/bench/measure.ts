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
