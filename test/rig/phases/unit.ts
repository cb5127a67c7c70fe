import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { resultsDirectory, root } from '../places.ts';
import { run } from '../processes.ts';
import { heldAgainst, type Outcome, type Phase, type PhaseOptions } from './phase.ts';

/** Everything that runs without VS Code, by vitest. */
export const unitPhase: Phase = { name: 'unit', run: unit };

async function unit({ isFull, runnerArguments }: PhaseOptions): Promise<Outcome> {
  const outcome = join(resultsDirectory, 'unit.json');
  mkdirSync(resultsDirectory, { recursive: true });
  rmSync(outcome, { force: true });
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const reporters = ['--reporter=default', `--reporter=${join(root, 'test', 'rig', 'outcomeReporter.ts')}`];
  const { code } = await run(
    process.execPath,
    [vitest, 'run', '--config', join('test', 'vitest.config.ts'), ...reporters, ...runnerArguments],
    { env: { WAN_FULL: isFull ? '1' : process.env['WAN_FULL'], WAN_UNIT_OUTCOME: outcome } },
  );
  return heldAgainst(code, JSON.parse(readFileSync(outcome, 'utf8')));
}
