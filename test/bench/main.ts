// Measures speed and memory beside a floor or a peer in the same run, and prints ratios. A budget that does not hold makes
// it exit with 1; it is not part of the tests, because a busy machine must not turn them red.
import { activation } from './activation.ts';
import { history } from './history.ts';
import type { Measured } from './measure.ts';
import { panel } from './panel.ts';
import { pixels } from './pixels.ts';
import { references } from './references.ts';
import { preflight } from './preflight.ts';
import { service } from './service.ts';
import { stage } from './stage.ts';

let isOver = false;
for (const bench of [activation, panel, preflight, service, pixels, stage, history, references]) {
  for (const measured of await bench()) {
    isOver ||= isOverBudget(measured);
    console.log(describe(measured));
  }
}
process.exitCode = isOver ? 1 : 0;

function isOverBudget({ ours, floor, budget = Number.POSITIVE_INFINITY, allowance }: Measured): boolean {
  return !(ours <= floor * budget && (allowance === undefined || ours <= floor + allowance));
}

function describe(measured: Measured): string {
  const { name, ours, floor, unit, against, budget, allowance } = measured;
  const most = allowance === undefined ? budget && `${budget} x` : `+ ${allowance} ${unit}`;
  const verdict = most === undefined ? '' : ` (budget ${most}: ${isOverBudget(measured) ? 'over' : 'kept'})`;
  const beside =
    allowance === undefined ? `${(ours / floor).toFixed(2)} x` : `${(ours - floor).toFixed(2)} ${unit} more than`;
  return `${name}: ${ours.toFixed(2)} ${unit}, ${beside} ${against} at ${floor.toFixed(2)} ${unit}${verdict}`;
}
