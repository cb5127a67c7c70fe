import { checkPhase } from './phases/check.ts';
import { e2ePhase } from './phases/e2e.ts';
import { electronPhase } from './phases/electron.ts';
import { hostPhase } from './phases/host.ts';
import { type Outcome, type Phase, total } from './phases/phase.ts';
import { unitPhase } from './phases/unit.ts';
import { vscodeVersions } from './vscode-install.ts';

const everyRun = [checkPhase, unitPhase, hostPhase(vscodeVersions.current), e2ePhase(vscodeVersions.current)];
const floor = [hostPhase(vscodeVersions.floor), e2ePhase(vscodeVersions.floor)];

/** What each word of the command line stands for. */
const plans: Record<string, readonly Phase[]> = {
  all: everyRun,
  full: [...everyRun, ...floor],
  check: [checkPhase],
  unit: [unitPhase],
  host: [hostPhase(vscodeVersions.current)],
  e2e: [e2ePhase(vscodeVersions.current)],
  floor,
  electron: [electronPhase],
};

/** Runs the phases named by the first argument, all without one; further arguments go to the phase's own test runner. Returns the exit code. */
export async function main([plan = 'all', ...runnerArguments]: string[]): Promise<number> {
  const phases = plans[plan];
  if (!phases) throw new Error(`There is no plan "${plan}"; there are ${Object.keys(plans).join(', ')}.`);
  const isFull = plan === 'full';
  const outcomes: [Phase, Outcome, number][] = [];
  for (const phase of phases) {
    console.log(`\n=== ${phase.name}`);
    const startedAt = Date.now();
    const outcome = await survive(phase, { isFull, runnerArguments });
    outcomes.push([phase, outcome, Math.round((Date.now() - startedAt) / 1000)]);
  }
  console.log('');
  for (const [phase, outcome, seconds] of outcomes) {
    console.log(`${phase.name}: ${numbers(outcome)} (${seconds} s)`);
    for (const line of outcome.toLookAt ?? []) console.log(`  ${line}`);
  }
  const sum = total(outcomes.map(([, outcome]) => outcome));
  console.log(numbers(sum));
  return sum.failed > 0 || (sum.passed === 0 && sum.skipped === 0) ? 1 : 0;
}

/** A phase that breaks down counts as one failure, so that it can never look like a success. */
async function survive(phase: Phase, options: Parameters<Phase['run']>[0]): Promise<Outcome> {
  try {
    const outcome = await phase.run(options);
    if (outcome.skippedBecause) console.log(`skipped: ${outcome.skippedBecause}`);
    return outcome;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

function numbers({ passed, failed, skipped }: Outcome): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
