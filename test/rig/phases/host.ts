import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { SimulatorControl } from '../../e2e/simulatorControl.ts';
import { browserOptions, findBrowser } from '../browser.ts';
import { type HostTests, prepareHostTests, readHostResults, show } from '../host-tests.ts';
import { resultsDirectory, root } from '../places.ts';
import { startSimulator } from '../simulator.ts';
import { endOf, type RunningVscode, startVscode } from '../vscode.ts';
import type { VscodeVersion } from '../vscode-install.ts';
import { heldAgainst, type Outcome, type Phase, type PhaseOptions } from './phase.ts';

/** The mocha tests of test/host inside the extension host of a real VS Code. */
export function hostPhase(version: VscodeVersion): Phase {
  return { name: `host on VS Code ${version.vscode}`, run: (options) => host(version, options) };
}

async function host(version: VscodeVersion, { runnerArguments }: PhaseOptions): Promise<Outcome> {
  const executable = await findBrowser();
  const tests = await prepareHostTests();
  const dataDirectory = mkdtempSync(join(tmpdir(), 'wan-host-'));
  const workspace = join(dataDirectory, 'workspace');
  cpSync(join(root, 'test', 'rig', 'sample'), workspace, { recursive: true });
  const results = join(resultsDirectory, `host-${version.vscode}.json`);
  mkdirSync(resultsDirectory, { recursive: true });
  rmSync(results, { force: true });
  const simulator = await startSimulator(join(dataDirectory, 'simulator.log'));
  try {
    await new SimulatorControl(simulator.url).reset();
    const env = {
      WAN_HOST_RESULTS: results,
      WAN_HOST_GREP: runnerArguments[0] ?? '',
      // As for journeys and unit tests: where nobody watches, a test gets a second try, and is then named as flaky.
      WAN_HOST_RETRIES: process.env['CI'] ? '1' : '0',
      WAN_IMAGE_SIMULATOR_URL: simulator.url,
      EMPIRIOLABS_API_KEY: '', // a developer may have a real one, which no test is to be offered
    };
    const vscode = await startVscode({ mode: 'tests', dataDirectory, env, version });
    try {
      const ending = await runInWindow(vscode, executable, workspace, tests);
      return verdict(ending, results, vscode);
    } finally {
      await vscode.stop();
    }
  } finally {
    await simulator.stop();
    tests.remove();
    rmSync(dataDirectory, { recursive: true, force: true });
  }
}

interface Ending {
  /** What VS Code said when the test run had ended: 0 and 1 are its exit codes. */
  readonly said: number | 'the window crashed' | 'no answer within 20 minutes';
  /** The consoles of the window and of the extension host. */
  readonly console: readonly string[];
}

async function runInWindow(
  vscode: RunningVscode,
  executable: string,
  workspace: string,
  tests: HostTests,
): Promise<Ending> {
  const browser = await chromium.launch(browserOptions(executable));
  const lines: string[] = [];
  try {
    const page = await browser.newPage();
    const said = new Promise<Ending['said']>((resolve) => {
      // Against what hangs: they take five minutes on a machine with nothing else to do.
      setTimeout(() => resolve('no answer within 20 minutes'), 1_200_000).unref();
      page.on('crash', () => resolve('the window crashed'));
      // The two hooks by which VS Code's workbench reports a test run to whoever has opened the window.
      void page.exposeFunction('codeAutomationExit', (code: number) => resolve(code));
    });
    await page.exposeFunction('codeAutomationLog', (type: string, args: unknown[]) => {
      lines.push(`[${type}] ${args.join(' ')}`);
    });
    const remote = (path: string): string => `vscode-remote://${new URL(vscode.url).host}${path}`;
    const payload = [
      ['extensionDevelopmentPath', remote(tests.extension)],
      ['extensionTestsPath', remote(tests.entry)],
    ];
    await page.goto(`${vscode.windowUrl(workspace)}&payload=${encodeURIComponent(JSON.stringify(payload))}`);
    return { said: await said, console: lines };
  } finally {
    await browser.close();
  }
}

/** VS Code answers 0 also when its extension host has died: only a complete report with a passed test counts as success. */
function verdict(ending: Ending, resultsFile: string, vscode: RunningVscode): Outcome {
  const { outcome, tests, isComplete } = readHostResults(resultsFile);
  show(tests);
  console.log(`VS Code ended the test run with ${ending.said}`);
  if (!isComplete) {
    const noise = /open-vsx|ServiceWorker/;
    console.log('The tests were cut off. What the window and the server have said last:');
    console.log(
      ending.console
        .filter((line) => !noise.test(line))
        .slice(-20)
        .join('\n'),
    );
    console.log(endOf(vscode.log));
  }
  return heldAgainst(ending.said === 0 && outcome.passed > 0 ? 0 : 1, outcome);
}
