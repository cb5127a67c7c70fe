import { existsSync, globSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Outcome } from './phases/phase.ts';
import { resultsDirectory, root } from './places.ts';

/** One test as test/host/index.ts reports it. */
export interface HostTest {
  readonly title: string;
  readonly state: 'passed' | 'failed' | 'skipped';
  readonly milliseconds?: number;
  readonly error?: string;
}

/** Bundles every test/host/*.test.ts beside the entry that VS Code loads, and returns that entry's path. */
export async function bundleHostTests(): Promise<string> {
  const directory = join(resultsDirectory, 'host-bundles');
  rmSync(directory, { recursive: true, force: true });
  const tests = globSync('test/host/**/*.test.ts', { cwd: root });
  await build({
    absWorkingDir: root,
    entryPoints: ['test/host/index.ts', ...tests],
    outdir: directory,
    outbase: 'test/host',
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    external: ['vscode', 'mocha', 'sharp', 'wasm-vips'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  return join(directory, 'index.cjs');
}

/** Reads the report that the tests leave; without one, nothing is known to have passed. */
export function readHostResults(file: string): { tests: readonly HostTest[]; outcome: Outcome } {
  const tests: readonly HostTest[] = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
  const count = (state: HostTest['state']): number => tests.filter((test) => test.state === state).length;
  return { tests, outcome: { passed: count('passed'), failed: count('failed'), skipped: count('skipped') } };
}

/** Prints the tests as a list. */
export function show(tests: readonly HostTest[]): void {
  const signs = { passed: '✔', failed: '✘', skipped: '-' };
  for (const { state, title, milliseconds, error } of tests) {
    console.log(`${signs[state]} ${title}${milliseconds === undefined ? '' : ` (${milliseconds} ms)`}`);
    if (error) console.log(error.replaceAll(/^/gm, '    '));
  }
}
