import { mkdirSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, run, Service, waitUntilUp } from './processes.ts';
import { installVscode, pathWith, type Vscode, type VscodeVersion, vscodeVersions } from './vscode-install.ts';

export interface StartOptions {
  /**
   * `product` is code-server as a user has it: secrets last, messages show, dialogs open.
   * `tests` is VS Code's own server with its test driver on, which runs mocha tests inside the extension host.
   */
  readonly mode: 'product' | 'tests';
  /** Holds the user data and the extensions; made when missing. */
  readonly dataDirectory: string;
  /** Extension packages to install before the start. */
  readonly vsix?: string | readonly string[];
  /** Added to the environment of the server, and so of the extension host. */
  readonly env?: Record<string, string>;
  /** The user's settings, on top of `settings`. */
  readonly userSettings?: Record<string, unknown>;
  /** The settings to begin with. Default: `quietSettings` and `testSettings`. Existing settings are replaced unless `keepSettings`. */
  readonly settings?: Record<string, unknown>;
  readonly keepSettings?: boolean;
  readonly version?: VscodeVersion;
  readonly port?: number;
  /** `given`: every folder is trusted without a question. `asked`: as VS Code does by itself. Default: given. */
  readonly trust?: 'given' | 'asked';
}

/** A running VS Code. */
export interface RunningVscode {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly pid: number;
  readonly dataDirectory: string;
  /** Where the server's own output goes. */
  readonly log: string;
  readonly settingsFile: string;
  /** The address of a window on `folder`. */
  windowUrl(folder: string): string;
  /** Ends the server with everything that it has started. */
  stop(): Promise<void>;
}

/** No telemetry, no updates, no tips, no visits to the marketplace. */
export const quietSettings: Record<string, unknown> = {
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'workbench.enableExperiments': false,
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
};

/** What makes a window start fast and stand still. A test about one of these sets it back. */
const testSettings: Record<string, unknown> = {
  'workbench.startupEditor': 'none',
  'workbench.reduceMotion': 'on',
  'workbench.editor.useModal': 'off', // settings open in a tab, as in older releases
  'git.enabled': false,
  'files.autoSave': 'off', // as on the desktop; in the browser VS Code saves by itself
};

/** Installs VS Code where needed, and the extension, and starts it. Throws when it does not answer within 30 s. */
export async function startVscode(options: StartOptions): Promise<RunningVscode> {
  const version = options.version ?? vscodeVersions.current;
  const vscode = await installVscode(version);
  const settingsFile = seedSettings(options);
  const env = environment(vscode, options.env ?? {});
  const common = commonArguments(vscode, options);
  for (const vsix of [options.vsix ?? []].flat()) await installExtension(vscode, common, vsix, env);

  const port = options.port ?? (await freePort());
  const log = join(options.dataDirectory, 'server.log');
  const output = openSync(log, 'a');
  const service = new Service(
    vscode.node,
    [...common, ...serverArguments(options, port)],
    env,
    ['ignore', output, output],
    options.dataDirectory,
  );
  const url = `http://127.0.0.1:${port}`;
  try {
    await waitUntilUp(url + (options.mode === 'product' ? '/healthz' : '/version'), service);
  } catch (error) {
    await service.stop();
    throw new Error(`VS Code did not start; the end of ${log}:\n${endOf(log)}`, { cause: error });
  }
  return {
    url,
    pid: service.pid,
    dataDirectory: options.dataDirectory,
    log,
    settingsFile,
    windowUrl: (folder) => `${url}/?folder=${encodeURI(folder)}`,
    stop: () => service.stop(),
  };
}

/** The last lines of a log file. */
export function endOf(log: string, lines = 40): string {
  return existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n').slice(-lines).join('\n') : '';
}

function seedSettings(options: StartOptions): string {
  const directory =
    options.mode === 'product'
      ? join(options.dataDirectory, 'user', 'User')
      : join(options.dataDirectory, 'server', 'data', 'User');
  const file = join(directory, 'settings.json');
  mkdirSync(directory, { recursive: true });
  if (options.keepSettings && existsSync(file)) return file;
  const trust = options.trust === 'asked' ? {} : { 'security.workspace.trust.enabled': false };
  const settings = {
    ...(options.settings ?? { ...quietSettings, ...testSettings }),
    ...trust,
    ...options.userSettings,
  };
  writeFileSync(file, JSON.stringify(settings, null, 2));
  return file;
}

function commonArguments(vscode: Vscode, options: StartOptions): string[] {
  const extensions = ['--extensions-dir', join(options.dataDirectory, 'extensions')];
  if (options.mode === 'tests') {
    return [
      vscode.serverEntry,
      '--accept-server-license-terms',
      '--server-data-dir',
      join(options.dataDirectory, 'server'),
      ...extensions,
    ];
  }
  // Without a configuration file of its own code-server writes one into the user's home.
  const configuration = join(options.dataDirectory, 'config.yaml');
  writeFileSync(configuration, 'auth: none\n');
  return [
    vscode.codeServerEntry,
    '--config',
    configuration,
    '--user-data-dir',
    join(options.dataDirectory, 'user'),
    ...extensions,
  ];
}

function serverArguments(options: StartOptions, port: number): string[] {
  const trusted = options.trust === 'asked' ? [] : ['--disable-workspace-trust'];
  return options.mode === 'product'
    ? [
        '--auth',
        'none',
        '--bind-addr',
        `127.0.0.1:${port}`,
        '--disable-telemetry',
        '--disable-update-check',
        '--disable-getting-started-override',
        ...trusted,
      ]
    : [
        '--host',
        '127.0.0.1',
        '--port',
        String(port),
        '--without-connection-token',
        '--telemetry-level',
        'off',
        '--enable-smoke-test-driver',
        ...trusted,
      ];
}

async function installExtension(
  vscode: Vscode,
  common: readonly string[],
  vsix: string,
  env: Record<string, string | undefined>,
): Promise<void> {
  const { code, output } = await run(vscode.node, [...common, '--install-extension', vsix, '--force'], {
    env,
    output: 'keep',
  });
  if (code !== 0 || !output.includes('successfully installed'))
    throw new Error(`${vsix} could not be installed:\n${output}`);
}

/** Our own environment without what belongs to another VS Code, to npm, or to the Node that runs this script. */
function environment(vscode: Vscode, added: Record<string, string>): Record<string, string | undefined> {
  const foreign = Object.keys(process.env).filter((name) =>
    /^(VSCODE_|ELECTRON_|npm_|NODE_OPTIONS$|NODE_CHANNEL_FD$|PLAYWRIGHT_|VITEST)/.test(name),
  );
  return {
    ...process.env,
    ...Object.fromEntries(foreign.map((name) => [name, undefined])),
    PATH: pathWith(vscode),
    ...added,
  };
}
