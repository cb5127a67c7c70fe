import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { onParentGone } from './bootstrap.mjs';
import { desktopCommand, startDesktop } from './desktop.ts';
import { packageExtension } from './extension.ts';
import { cacheDirectory, root, shortHash } from './places.ts';
import { copySampleOnce } from './sample.ts';
import { startSimulator } from './simulator.ts';
import { quietSettings, startVscode } from './vscode.ts';

const help = `npm start                     a real VS Code in the browser, with the extension in practice mode
npm start -- --port 8080      on this port
npm start -- --folder DIR     on this folder in place of the sample workspace
npm start -- --desktop        in the desktop VS Code`;

/** Builds the extension and shows it in a real VS Code against the simulator, until it is asked to stop. */
export async function main(args: string[]): Promise<void> {
  try {
    const { values } = parseArgs({
      args,
      options: {
        desktop: { type: 'boolean' },
        port: { type: 'string' },
        folder: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help) return console.log(help);
    await start({ desktop: values.desktop ?? false, port: portFrom(values.port), folder: values.folder });
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

interface Wishes {
  readonly desktop: boolean;
  readonly port: number | undefined;
  readonly folder: string | undefined;
}

function portFrom(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new Error(`A port is a whole number from 1 to 65535, and "${text}" is not.`);
}

async function start(wishes: Wishes): Promise<void> {
  const stopping = askedToStop();
  const running: { stop(): Promise<void> }[] = [];
  try {
    await Promise.race([stopping, bringUp(wishes, running)]);
    await stopping;
    console.log('Stopping');
  } finally {
    await Promise.all(running.map((each) => each.stop()));
  }
  process.exit(0); // whatever was still being built or installed when we were asked to stop ends here
}

async function bringUp(wishes: Wishes, running: { stop(): Promise<void> }[]): Promise<void> {
  const code = wishes.desktop ? desktopCommand() : undefined;
  const home = takeHome(wishes.desktop ? 'desktop' : 'browser');
  const folder = workspace(wishes.folder, home);
  console.log('Checking that the extension is built');
  const vsix = await packageExtension();
  console.log('Starting the simulator');
  const simulator = await startSimulator(join(home, 'simulator.log'));
  running.push(simulator);
  const env = { WAN_IMAGE_SIMULATOR_URL: simulator.url };
  const settings = { ...quietSettings, 'workbench.startupEditor': 'readme', 'wanImage.service': 'simulator' };
  if (code !== undefined) {
    console.log('Opening the desktop VS Code');
    await startDesktop({ code, home, vsix, folder, env, settings });
    console.log('VS Code is open. Press Ctrl+C here to stop the simulator.');
    return;
  }
  console.log('Starting VS Code');
  const options = { dataDirectory: home, vsix, env, settings, keepSettings: true, mode: 'product' } as const;
  const vscode = await startVscode(wishes.port === undefined ? options : { ...options, port: wishes.port });
  running.push(vscode);
  console.log('The extension is in practice mode: no key, no account, no cost. Press Ctrl+C to stop.');
  console.log(vscode.windowUrl(folder));
}

/** Resolves when Ctrl+C is pressed, the terminal closes, or somebody ends us or npm. */
function askedToStop(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
    onParentGone(resolve);
  });
}

function workspace(wanted: string | undefined, home: string): string {
  const folder = wanted === undefined ? join(home, 'lighthouse') : resolve(process.env['INIT_CWD'] ?? '.', wanted);
  if (wanted === undefined) copySampleOnce(folder);
  if (!existsSync(folder)) throw new Error(`There is no folder ${folder}.`);
  console.log(`Workspace: ${folder}`);
  return folder;
}

/**
 * A folder for this clone's settings, extensions and sample workspace that outlives the run. A second `npm start` of the
 * same clone beside the first one gets a folder of its own.
 */
function takeHome(kind: string): string {
  for (let number = 1; ; number++) {
    const home = join(cacheDirectory, 'start', `${kind}-${shortHash(root)}-${number}`);
    mkdirSync(home, { recursive: true });
    const owner = join(home, 'owner');
    if (existsSync(owner) && isRunning(Number(readFileSync(owner, 'utf8')))) continue;
    writeFileSync(owner, String(process.pid));
    return home;
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false; // no such process: its folder is free
  }
}
