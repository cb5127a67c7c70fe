import { writeFileSync } from 'node:fs';
import type { SerializedError, TestCase, TestModule } from 'vitest/node';
import type { Outcome } from './phases/phase.ts';

/** Leaves the outcome of a vitest run in the file that WAN_UNIT_OUTCOME names. */
// oxlint-disable-next-line import/no-default-export -- vitest takes a reporter's default export
export default class OutcomeReporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const inState = (state: string): TestCase[] => tests.filter((test) => test.result().state === state);
    const failed = inState('failed');
    const toLookAt = [
      ...failed.map((test) => `✘ ${test.fullName}: ${test.result().errors?.[0]?.message.slice(0, 600)}`),
      // A file that cannot be loaded has failed without a failed test.
      ...modules.flatMap((module) => module.errors().map(({ message }) => `✘ ${module.moduleId}: ${message}`)),
      ...unhandled.map(({ message }) => `✘ outside of tests: ${message}`),
    ];
    const flaky = tests.filter((test) => test.diagnostic()?.flaky).map((test) => `flaky: ${test.fullName}`);
    const skipped = inState('skipped').map((test) => `skipped: ${test.fullName}`);
    const outcome: Outcome = {
      passed: inState('passed').length,
      failed: toLookAt.length,
      skipped: skipped.length,
      // A run that names its tests leaves out all others.
      toLookAt: [...toLookAt, ...flaky, ...(skipped.length > 10 ? [] : skipped)],
    };
    writeFileSync(process.env['WAN_UNIT_OUTCOME']!, JSON.stringify(outcome));
  }
}
