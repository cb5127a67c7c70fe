import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Breaking, bundleWindow } from './bundle.ts';
import { Lane, type RunOutcome } from './lane.ts';
import {
  type Aim,
  cleanPlan,
  firstByChance,
  modes,
  type Plan,
  randomPlan,
  type Mode,
  type Steps,
  sweep,
  sweepPlan,
} from './plan.ts';
import { Windows } from './windows.ts';

export interface Campaign {
  readonly seed: number;
  /** Of the runs that are killed at each step in turn, every so manieth is made; the rest are runs by chance. */
  readonly sweepEvery: number;
  readonly runs: number;
  /** Makes only the run of this number. */
  readonly only?: number;
  readonly breakings?: readonly Breaking[];
  /** Narrows the runs by chance. */
  readonly aim?: Aim;
  /** Ends at the first run with a violation. */
  readonly endsEarly?: boolean;
}

/** Makes the runs of a campaign, several at a time, each of which follows from the seed and its number. */
export async function runCampaign(campaign: Campaign): Promise<RunOutcome[]> {
  const folder = mkdtempSync(join(tmpdir(), 'wan-fault-windows-'));
  const bundle = join(folder, 'window.cjs');
  await bundleWindow(bundle, campaign.breakings);
  const windows = new Windows(bundle);
  const lanes = await Promise.all(Array.from({ length: 1 + 2 * availableParallelism() }, () => Lane.open(windows)));
  try {
    const outcomes = await runWithoutTrouble(lanes[0]!);
    const plans = plansOf(campaign, stepsOf(outcomes));
    const isOver = () => campaign.endsEarly === true && outcomes.some(({ violations }) => violations.length > 0);
    await Promise.all(
      lanes.map(async (lane) => {
        for (let plan = plans.shift(); plan && !isOver(); plan = plans.shift())
          outcomes.push(await lane.run(plan, campaign.only !== undefined));
      }),
    );
    return outcomes.sort((one, other) => one.plan.number - other.plan.number);
  } finally {
    await Promise.all(lanes.map((lane) => lane.close()));
    await windows.close();
    rmSync(folder, { recursive: true });
  }
}

async function runWithoutTrouble(lane: Lane): Promise<RunOutcome[]> {
  const outcomes: RunOutcome[] = [];
  for (const mode of modes) outcomes.push(await lane.run(cleanPlan(mode)));
  return outcomes;
}

/** How many operations a run without trouble makes, which is what faults are placed by. */
function stepsOf(outcomes: readonly RunOutcome[]): Steps {
  const steps = (mode: Mode): number => outcomes.find(({ plan }) => plan.mode === mode)?.steps ?? 1;
  return { async: steps('async'), sync: steps('sync'), 'answer-lost': steps('answer-lost') };
}

/** First the sweep, then the runs by chance. */
function plansOf({ seed, sweepEvery, runs, only, aim }: Campaign, steps: Steps): Plan[] {
  const places = sweep(steps);
  const swept = places.flatMap((place, index) =>
    index % sweepEvery === sweepEvery - 1 ? [sweepPlan(index, place)] : [],
  );
  const byChance = Array.from({ length: Math.max(0, runs - swept.length - modes.length) }, (_, index) =>
    randomPlan(seed, firstByChance + index, steps, aim),
  );
  if (only === undefined) return [...swept, ...byChance];
  const place = places[only];
  return [only < firstByChance && place ? sweepPlan(only, place) : randomPlan(seed, only, steps, aim)];
}
