import { expect, test } from 'vitest';
import { brokenEngines } from './breakings.ts';
import { runCampaign } from './campaign.ts';
import type { RunOutcome } from './lane.ts';
import { tableOf } from './table.ts';

const isFull = process.env['WAN_FULL'] === '1';
/** The same runs each time, so that a failure is due to a change; WAN_SEED=2 and so on try others. */
const seed = Number(process.env['WAN_SEED'] ?? 1);
/** WAN_RUN=1234 makes one run alone, says all of it and leaves its folder. */
const only = process.env['WAN_RUN'] === undefined ? undefined : Number(process.env['WAN_RUN']);

const size = isFull ? { runs: 2_100, sweepEvery: 1 } : { runs: 200, sweepEvery: 3 };
const mostRunsToNotice = 45;
const patience = 1_800_000;

test(
  'whatever ends, breaks or fills up: nothing is bought twice, no picture is lost, no file is touched, and nobody is left unsure',
  async () => {
    const outcomes = await runCampaign({ seed, ...size, ...(only !== undefined && { only }) });
    console.log(`Faults, seed ${seed}:\n${tableOf(outcomes)}`);
    if (only !== undefined) console.log(JSON.stringify(outcomes.at(-1), null, 2));
    expect(violationsOf(outcomes)).toEqual([]);
    if (only !== undefined) return;
    expect(outcomes.length).toBeGreaterThanOrEqual(size.runs);
    // It has been where it hurts.
    const count = (test: (outcome: RunOutcome) => boolean): number => outcomes.filter(test).length;
    expect(new Set(outcomes.map(({ plan }) => plan.family)).size).toBeGreaterThan(12);
    expect(count(({ kills }) => kills > 0)).toBeGreaterThan(size.runs / 4);
    expect(count(({ accepted }) => accepted === 0)).toBeGreaterThan(size.runs / 20);
    expect(count(({ inVault }) => inVault > 0)).toBeGreaterThan(size.runs / 5);
    expect(count(({ recoverable }) => recoverable > 0)).toBeGreaterThan(size.runs / 20);
  },
  patience,
);

const broken = brokenEngines.slice(0, isFull ? brokenEngines.length : 4);

test.skipIf(only !== undefined).each(broken)(
  'it is noticed when the engine $name',
  async ({ changes, aim }) => {
    const sweepEvery = Number.POSITIVE_INFINITY;
    const campaign = { seed, runs: mostRunsToNotice, sweepEvery, breakings: changes, aim, endsEarly: true };
    expect(violationsOf(await runCampaign(campaign))).not.toEqual([]);
  },
  patience,
);

function violationsOf(outcomes: readonly RunOutcome[]): string[] {
  return outcomes.flatMap(({ plan, violations }) =>
    violations.map(
      (violation) => `WAN_SEED=${seed} WAN_RUN=${plan.number}, ${plan.mode}, ${plan.family}: ${violation}`,
    ),
  );
}
