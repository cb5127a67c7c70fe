import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { resultsDirectory, root } from '../places.ts';
import { run } from '../processes.ts';
import { heldAgainst, type Outcome, type Phase, type PhaseOptions } from './phase.ts';

/** Everything that runs without VS Code, by vitest. */
export const unitPhase: Phase = { name: 'unit', run: unit };

async function unit({ isFull, runnerArguments }: PhaseOptions): Promise<Outcome> {
  const report = join(resultsDirectory, 'unit.json');
  mkdirSync(resultsDirectory, { recursive: true });
  rmSync(report, { force: true });
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { code } = await run(
    process.execPath,
    [vitest, 'run', '--config', join('test', 'vitest.config.ts'), ...reporters, ...runnerArguments],
    { env: { WAN_FULL: isFull ? '1' : process.env['WAN_FULL'] } },
  );
  return heldAgainst(code, read(report));
}

interface Test {
  readonly status: string;
  readonly fullName: string;
}

const hasRun = /^(passed|failed)$/;

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly Test[];
  }[];
}

function read(path: string): Outcome {
  const report: Report = JSON.parse(readFileSync(path, 'utf8'));
  // A file that cannot be loaded has failed without a failed test.
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
  ).length;
  const left = report.testResults.flatMap((file) => file.assertionResults).filter(({ status }) => !hasRun.test(status));
  for (const { fullName } of left) console.log(`skipped: ${fullName}`);
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}
