// Runs inside the extension host: VS Code calls run(). Finds its tests beside itself, so that none can be forgotten.
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as mochaModule from 'mocha';
import type { HostReport, HostTest } from '../rig/host-tests.ts';

/** Runs every test file and writes the report to the path in WAN_HOST_RESULTS. Rejects when a test has failed. */
export async function run(): Promise<void> {
  const mocha = new (mochaClass())({
    ui: 'bdd',
    timeout: 30_000,
    color: false,
    retries: Number(process.env['WAN_HOST_RETRIES'] ?? 0),
  });
  const pattern = process.env['WAN_HOST_GREP'];
  if (pattern) mocha.grep(pattern);
  for (const file of testFiles(__dirname)) mocha.addFile(file);
  const tests: HostTest[] = [];
  const firstErrors = new Map<string, string>();
  const report = (test: HostTest): void => {
    tests.push(test);
    write({ isComplete: false, tests });
  };
  const failures = await new Promise<number>((resolve) => {
    const runner = mocha.run(resolve);
    runner.on('pass', (test) => {
      const title = test.fullTitle();
      const error = firstErrors.get(title);
      report({ title, state: 'passed', milliseconds: test.duration ?? 0, ...(error !== undefined && { error }) });
    });
    runner.on('retry', (test, error) => {
      firstErrors.set(test.fullTitle(), String(error.stack ?? error));
    });
    runner.on('fail', (test, error) => {
      report({ title: test.fullTitle(), state: 'failed', error: String(error.stack ?? error) });
    });
    runner.on('pending', (test) => {
      report({ title: test.fullTitle(), state: 'skipped' });
    });
  });
  write({ isComplete: true, tests });
  if (failures > 0) throw new Error(`${failures} tests failed`);
}

/** Written after every test, so that a run that is cut off still says how far it came. */
function write(report: HostReport): void {
  const path = process.env['WAN_HOST_RESULTS'];
  if (path) fs.writeFileSync(path, JSON.stringify(report, null, 2));
}

/** require() of an ES module gives the class itself, or a module that holds it, as the Node of this VS Code sees fit. */
function mochaClass(): typeof mochaModule.default {
  type Holder = { default?: unknown };
  const outer: unknown = mochaModule;
  const inner = (outer as Holder).default;
  const found = [outer, inner, (inner as Holder | undefined)?.default].find((each) => typeof each === 'function');
  if (!found) throw new Error('mocha has changed its shape.');
  return found as typeof mochaModule.default;
}

function testFiles(directory: string): string[] {
  const entries = fs.readdirSync(directory, { recursive: true, encoding: 'utf8' });
  return entries.filter((name) => name.endsWith('.test.cjs')).map((name) => path.join(directory, name));
}
