import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { packageExtension } from './extension.ts';
import type { Outcome } from './phases/phase.ts';
import { resultsDirectory, root } from './places.ts';

/** One test as test/host/index.ts reports it. */
export interface HostTest {
  readonly title: string;
  readonly state: 'passed' | 'failed' | 'skipped';
  readonly milliseconds?: number;
  /** Of the first try, where a test passed in its second. */
  readonly error?: string;
}

/** The whole report. One that is not complete was cut off: by a time limit, or because the extension host has died. */
export interface HostReport {
  readonly isComplete: boolean;
  readonly tests: readonly HostTest[];
}

/** What VS Code is given to test. */
export interface HostTests {
  /** The extension as it is packaged, in a folder of its own: a build that starts meanwhile does not disturb it. */
  readonly extension: string;
  /** The entry of the bundled tests. */
  readonly entry: string;
  remove(): void;
}

/** Packages the extension, unpacks it, and bundles every test/host/*.test.ts beside the entry that VS Code loads. */
export async function prepareHostTests(): Promise<HostTests> {
  await packageExtension();
  // Inside the project, because mocha is found from there.
  mkdirSync(resultsDirectory, { recursive: true });
  const directory = mkdtempSync(join(resultsDirectory, 'host-'));
  const extension = join(directory, 'extension');
  for (const name of ['package.json', 'package.nls.json', 'package.nls.zh-cn.json', 'l10n', 'media', 'dist']) {
    cpSync(join(root, name), join(extension, name), { recursive: true, filter: (path) => !/\.(map|vsix)$/.test(path) });
  }
  return {
    extension,
    // Inside the extension's folder, so that its own `vscode` is theirs too: what a test replaces in it, the extension sees.
    entry: await bundleTests(join(extension, 'tests')),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

async function bundleTests(directory: string): Promise<string> {
  const tests = globSync('test/host/**/*.test.ts', { cwd: root });
  await build({
    absWorkingDir: root,
    entryPoints: ['test/host/index.ts', ...tests],
    outdir: directory,
    outbase: 'test/host',
    outExtension: { '.js': '.cjs' },
    bundle: true,
    // As in esbuild.mjs.
    alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
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
export function readHostResults(file: string): HostReport & { outcome: Outcome } {
  const report: HostReport = existsSync(file)
    ? JSON.parse(readFileSync(file, 'utf8'))
    : { isComplete: false, tests: [] };
  const count = (state: HostTest['state']): number => report.tests.filter((test) => test.state === state).length;
  const failed = count('failed') + (report.isComplete ? 0 : 1);
  const toLookAt = report.tests
    .filter(({ error }) => error !== undefined)
    .map(({ title, state, error }) => `${state === 'failed' ? '✘' : 'flaky:'} ${title}: ${error?.slice(0, 600)}`);
  return { ...report, outcome: { passed: count('passed'), failed, skipped: count('skipped'), toLookAt } };
}

/** Prints the tests as a list. */
export function show(tests: readonly HostTest[]): void {
  const signs = { passed: '✔', failed: '✘', skipped: '-' };
  for (const { state, title, milliseconds, error } of tests) {
    console.log(`${signs[state]} ${title}${milliseconds === undefined ? '' : ` (${milliseconds} ms)`}`);
    if (error) console.log(error.replaceAll(/^/gm, '    '));
  }
}
