import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import { SimulatorControl } from '../../e2e/simulatorControl.ts';
import { type HostTests, prepareHostTests, readHostResults, show } from '../host-tests.ts';
import { cacheDirectory, resultsDirectory, root } from '../places.ts';
import { startSimulator } from '../simulator.ts';
import { heldAgainst, type Outcome, type Phase } from './phase.ts';

/** The same mocha tests in the desktop VS Code, where it can be downloaded. */
export const electronPhase: Phase = { name: 'host on the desktop VS Code', run: electron };

async function electron(): Promise<Outcome> {
  const executable = await download();
  if (executable instanceof Error) {
    const reason = `VS Code could not be downloaded (${executable.message})`;
    return { passed: 0, failed: 0, skipped: 1, skippedBecause: reason };
  }
  if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) {
    throw new Error('The desktop VS Code needs a display; try: xvfb-run -a npm run test:electron');
  }
  return runIn(executable, await prepareHostTests());
}

async function runIn(executable: string, tests: HostTests): Promise<Outcome> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'wan-desktop-'));
  const workspace = join(dataDirectory, 'workspace');
  cpSync(join(root, 'test', 'rig', 'sample'), workspace, { recursive: true });
  const results = join(resultsDirectory, 'host-desktop.json');
  mkdirSync(resultsDirectory, { recursive: true });
  rmSync(results, { force: true });
  const simulator = await startSimulator(join(dataDirectory, 'simulator.log'));
  try {
    await new SimulatorControl(simulator.url).reset();
    const code = await runTests({
      vscodeExecutablePath: executable,
      extensionDevelopmentPath: tests.extension,
      extensionTestsPath: tests.entry,
      extensionTestsEnv: { WAN_HOST_RESULTS: results, WAN_IMAGE_SIMULATOR_URL: simulator.url },
      launchArgs: [
        workspace,
        '--user-data-dir',
        join(dataDirectory, 'user'),
        '--disable-workspace-trust',
        '--no-sandbox',
      ],
    }).catch(() => 1); // it rejects when a test has failed; the report says which
    const report = readHostResults(results);
    show(report.tests);
    return heldAgainst(code, report.outcome);
  } finally {
    await simulator.stop();
    tests.remove();
    rmSync(dataDirectory, { recursive: true, force: true });
  }
}

/** The path of the downloaded program, or the error that says that the network does not allow it. Any other error is thrown. */
async function download(): Promise<string | Error> {
  try {
    return await downloadAndUnzipVSCode({ version: 'stable', cachePath: join(cacheDirectory, 'desktop') });
  } catch (error) {
    if (error instanceof Error && isAboutTheNetwork(error)) return error;
    throw error;
  }
}

function isAboutTheNetwork(error: Error): boolean {
  const signs =
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|fetch failed|timed? ?out/i;
  const { code, cause } = error as { code?: string; cause?: unknown };
  return signs.test(`${error.message} ${code ?? ''}`) || (cause instanceof Error && isAboutTheNetwork(cause));
}
