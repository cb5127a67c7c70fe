/** How many tests of a phase ended in which way. */
export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Why nothing of the phase could run. */
  readonly skippedBecause?: string;
  /** The tests that failed, failed at first, or were left out: the end of a long report is all that some people see. */
  readonly toLookAt?: readonly string[];
}

export interface PhaseOptions {
  /** Long campaigns too. */
  readonly isFull: boolean;
  /** Passed on to the test runner, such as a file name or `--grep`. */
  readonly runnerArguments: readonly string[];
}

/** One part of a test run, with output of its own. A thrown error is a failure of the phase. */
export interface Phase {
  readonly name: string;
  run(options: PhaseOptions): Promise<Outcome>;
}

/** The sum of several outcomes. */
export function total(outcomes: readonly Outcome[]): Outcome {
  const sum = (pick: (outcome: Outcome) => number): number => outcomes.reduce((so, each) => so + pick(each), 0);
  return { passed: sum((o) => o.passed), failed: sum((o) => o.failed), skipped: sum((o) => o.skipped) };
}

/** An outcome that agrees with the runner's exit code: a runner that failed without naming a test counts as a failure. */
export function heldAgainst(exitCode: number, outcome: Outcome): Outcome {
  const ranNothing = outcome.passed + outcome.failed + outcome.skipped === 0;
  return (exitCode !== 0 || ranNothing) && outcome.failed === 0 ? { ...outcome, failed: 1 } : outcome;
}
