import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findBrowser } from '../browser.ts';
import { packageExtension } from '../extension.ts';
import { resultsDirectory, root } from '../places.ts';
import { run } from '../processes.ts';
import { installVscode, type VscodeVersion } from '../vscode-install.ts';
import { heldAgainst, type Outcome, type Phase, type PhaseOptions } from './phase.ts';

/** The packaged extension in a real VS Code in a browser, by Playwright. */
export function e2ePhase(version: VscodeVersion): Phase {
  return { name: `e2e on VS Code ${version.vscode}`, run: (options) => e2e(version, options) };
}

async function e2e(version: VscodeVersion, { isFull, runnerArguments }: PhaseOptions): Promise<Outcome> {
  const report = join(resultsDirectory, `e2e-${version.vscode}.json`);
  mkdirSync(resultsDirectory, { recursive: true });
  rmSync(report, { force: true });
  const chromium = await findBrowser();
  await packageExtension();
  await installVscode(version);
  const playwright = join(root, 'node_modules', '@playwright', 'test', 'cli.js');
  const configuration = join('test', 'e2e', 'playwright.config.ts');
  const { code } = await run(process.execPath, [playwright, 'test', '--config', configuration, ...runnerArguments], {
    env: {
      CHROMIUM: chromium,
      WAN_VSCODE: version.vscode,
      WAN_FULL: isFull ? '1' : process.env['WAN_FULL'],
      PLAYWRIGHT_JSON_OUTPUT_FILE: report,
    },
  });
  return heldAgainst(code, read(report));
}

interface Suite {
  readonly suites?: readonly Suite[];
  readonly specs: readonly {
    readonly title: string;
    readonly tests: readonly {
      readonly status: string;
      readonly annotations: readonly { readonly type: string; readonly description?: string }[];
    }[];
  }[];
}

interface Report extends Suite {
  readonly errors: readonly { readonly message?: string }[];
  readonly stats: {
    readonly expected: number;
    readonly unexpected: number;
    readonly flaky: number;
    readonly skipped: number;
  };
}

function read(path: string): Outcome {
  const report: Report = JSON.parse(readFileSync(path, 'utf8'));
  const { errors, stats } = report;
  return {
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected + errors.length,
    skipped: stats.skipped,
    toLookAt: [...toLookAt({ ...report, specs: [] }), ...errors.map(({ message }) => `✘ ${message}`)],
  };
}

const signs: Record<string, string> = { unexpected: '✘', flaky: 'flaky:', skipped: 'skipped:' };

function toLookAt({ specs, suites = [] }: Suite): string[] {
  const own = specs.flatMap(({ title, tests }) =>
    tests
      .filter(({ status }) => status in signs)
      .map(({ status, annotations }) => {
        const reason = annotations.find(({ type }) => type === 'skip' || type === 'fixme')?.description;
        return `${signs[status]} ${title}${reason === undefined ? '' : `: ${reason}`}`;
      }),
  );
  return [...own, ...suites.flatMap(toLookAt)];
}
