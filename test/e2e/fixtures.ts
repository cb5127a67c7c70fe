import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, expect, test as base } from '@playwright/test';
import { root, vsixPath } from '../rig/places.ts';
import { startSimulator } from '../rig/simulator.ts';
import { type RunningVscode, type StartOptions, startVscode } from '../rig/vscode.ts';
import { vscodeVersions } from '../rig/vscode-install.ts';
import { leaksOf, promptsIn } from './afterJourneys.ts';
import { Code } from './code.ts';
import { SimulatorControl } from './simulatorControl.ts';

/** One VS Code with the packaged extension, one simulator, and one copy of the sample workspace. */
export interface Rig {
  readonly vscode: RunningVscode;
  readonly simulator: SimulatorControl;
  /** The absolute path of the sample workspace. */
  readonly workspace: string;
  /** Starts a further VS Code of the same release with the same extension; the test stops it. */
  another(options: Partial<StartOptions> & { readonly dataDirectory: string }): Promise<RunningVscode>;
  /** To be called before the simulator forgets: what was asked for by then is looked for in all logs at the end. */
  rememberPrompts(): Promise<void>;
}

interface TestFixtures {
  /** A window of its own with nothing remembered: no key, no state. Takes 4 to 6 s; `code` is for all that needs no clean start. */
  readonly fresh: Code;
  /** The simulator, put back to its start before the test. */
  readonly simulator: SimulatorControl;
  /** The window that the tests of a worker share, put back after each: a test in an open window takes under 1 s. */
  readonly code: Code;
}

interface WorkerFixtures {
  readonly rig: Rig;
  readonly sharedWindow: Code;
}

const version =
  Object.values(vscodeVersions).find(({ vscode }) => vscode === process.env['WAN_VSCODE']) ?? vscodeVersions.current;

/** Practice mode, so that no test needs a key unless it is about one. */
const settingsOfTests = { 'wanImage.service': 'simulator' };

/** How VS Code looks, such as "Default High Contrast", for somebody who looks at the screenshots. */
const theme = process.env['WAN_THEME'];
const look = theme === undefined ? {} : { 'workbench.colorTheme': theme };

export const test = base.extend<TestFixtures, WorkerFixtures>({
  rig: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads from the pattern what a fixture needs
    async ({}, use) => {
      const directory = mkdtempSync(join(tmpdir(), 'wan-e2e-'));
      const workspace = join(directory, 'workspace');
      cpSync(join(root, 'test', 'rig', 'sample'), workspace, { recursive: true });
      const simulator = await startSimulator(join(directory, 'simulator.log'));
      const control = new SimulatorControl(simulator.url);
      const prompts = new Set<string>();
      const leaks: string[] = [];
      const rememberPrompts = async (): Promise<void> => {
        for (const prompt of promptsIn(await control.requests())) prompts.add(prompt);
      };
      const start = async (
        options: Partial<StartOptions> & { readonly dataDirectory: string },
      ): Promise<RunningVscode> => {
        const vscode = await startVscode({
          mode: 'product',
          version,
          vsix: vsixPath,
          ...options,
          userSettings: { ...look, ...(options.userSettings ?? settingsOfTests) },
          // A developer may have a real key in the environment, which no test is to be offered.
          env: { WAN_IMAGE_SIMULATOR_URL: simulator.url, EMPIRIOLABS_API_KEY: '', ...options.env },
        });
        const stop = async (): Promise<void> => {
          await vscode.stop();
          await rememberPrompts();
          leaks.push(...(await leaksOf(options.dataDirectory, prompts)));
        };
        return { ...vscode, stop };
      };
      const vscode = await start({ dataDirectory: join(directory, 'vscode') });
      await use({
        vscode,
        simulator: control,
        workspace,
        another: start,
        rememberPrompts,
      });
      await vscode.stop();
      await simulator.stop();
      rmSync(directory, { recursive: true, force: true });
      expect(leaks, 'what journeys have left in logs, settings and storage').toEqual([]);
    },
    { scope: 'worker', timeout: 300_000 },
  ],

  sharedWindow: [
    async ({ browser, rig }, use) => {
      const context = await newContext(browser);
      await use(await openWindow(context, rig.vscode, rig.workspace));
      await context.close();
    },
    { scope: 'worker', timeout: 120_000 },
  ],

  code: async ({ sharedWindow }, use) => {
    await use(sharedWindow);
    await sharedWindow.reset();
  },

  fresh: async ({ browser, rig }, use) => {
    const context = await newContext(browser);
    const code = await openWindow(context, rig.vscode, rig.workspace);
    await use(code);
    await context.close();
    code.forgetSettings();
  },

  simulator: async ({ rig }, use) => {
    await rig.simulator.reset();
    await use(rig.simulator);
    await rig.rememberPrompts();
  },
});

/** Opens a window on a folder or a workspace file, or without one, and waits until it can be used. */
export async function openWindow(
  context: BrowserContext,
  vscode: RunningVscode,
  what?: string | { readonly workspace: string },
): Promise<Code> {
  const page = await context.newPage();
  const folder = typeof what === 'object' ? what.workspace : what;
  const empty = `${vscode.url}/?ew=true`;
  const workspace = `${vscode.url}/?workspace=${encodeURI(folder ?? '')}`;
  await page.goto(typeof what === 'object' ? workspace : folder === undefined ? empty : vscode.windowUrl(folder));
  const code = new Code(page, { folder, settingsFile: vscode.settingsFile });
  await code.loaded();
  return code;
}

/** A browser profile of its own, which may use the clipboard. */
export function newContext(browser: Browser): Promise<BrowserContext> {
  return browser.newContext({
    viewport: { width: 1280, height: 800 },
    permissions: ['clipboard-read', 'clipboard-write'],
  });
}

/** Old releases have no file search in this rig, and without it nothing can be looked for in a whole workspace. */
export const canSearch = process.env['WAN_VSCODE'] !== vscodeVersions.floor.vscode;

export { expect };
