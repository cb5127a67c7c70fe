import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from './places.ts';

type Environment = Record<string, string | undefined>;

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Environment;
  /** `show` passes the output on, `keep` returns it. Default: show. */
  readonly output?: 'show' | 'keep';
  readonly timeoutMs?: number;
}

export interface Finished {
  /** The exit code; 1 when a signal or the time limit ended the process. */
  readonly code: number;
  /** Standard output and standard error in the order of arrival; empty when they were shown. */
  readonly output: string;
}

/** Runs a program to its end. Throws only when it cannot be started at all. */
export async function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const keep = options.output === 'keep';
  const child = spawn(program, args, {
    cwd: options.cwd ?? root,
    env: { ...process.env, ...options.env },
    stdio: keep ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
    timeout: options.timeoutMs,
    shell: process.platform === 'win32',
  });
  let output = '';
  const collect = (piece: Buffer): void => void (output += piece.toString());
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => resolve(exitCode ?? 1));
  });
  return { code, output };
}

/** Runs a program and throws with what it printed when it fails. */
export async function mustRun(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { code, output } = await run(program, args, options);
  if (code !== 0) throw new Error(`${[program, ...args].join(' ')} ended with ${code}\n${output}`.trimEnd());
  return output;
}

/** A server that was started in a process group of its own, so that its children end with it. */
export class Service {
  readonly #child: ChildProcess;
  readonly #killWithUs: () => void;

  constructor(program: string, args: readonly string[], env: Environment, stdio: StdioOptions, cwd: string = root) {
    this.#child = spawn(program, args, { cwd, env, stdio, detached: true });
    this.#killWithUs = () => this.#signal('SIGKILL');
    process.on('exit', this.#killWithUs);
  }

  get process(): ChildProcess {
    return this.#child;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Asks the whole group to end and kills what has not ended after `patienceMs`. Returns when nothing of it runs any more. */
  async stop(patienceMs = 3000): Promise<void> {
    const killAt = Date.now() + patienceMs;
    this.#signal('SIGTERM');
    while (this.#groupIsAlive() && Date.now() < killAt) await sleep(20);
    // A dead process that nobody collects, as in some containers, still counts as alive: hence no endless wait.
    this.#signal('SIGKILL');
    while (!this.hasEnded) await sleep(20);
    process.off('exit', this.#killWithUs);
  }

  #groupIsAlive(): boolean {
    return this.#signal(0);
  }

  #signal(signal: NodeJS.Signals | 0): boolean {
    if (this.#child.pid === undefined) return false;
    try {
      process.kill(process.platform === 'win32' ? this.#child.pid : -this.#child.pid, signal);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
      throw error;
    }
  }
}

/** Waits until `url` answers with success. Throws when the service ends before that, or after `timeoutMs`. */
export async function waitUntilUp(url: string, service: Service, timeoutMs = 30_000): Promise<void> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    if (service.hasEnded) throw new Error(`The server ended with ${service.process.exitCode} before it answered.`);
    if (await answers(url)) return;
    if (Date.now() > until) throw new Error(`Nothing answered at ${url} within ${timeoutMs / 1000} s.`);
    await sleep(50);
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2000) })).ok;
  } catch {
    return false; // not up yet: the caller asks again
  }
}

/** A port of the loopback interface that nobody listens on right now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === 'string') throw new Error('The system gave no port.');
  return address.port;
}

/** The full path of the first of these programs that is on the PATH. */
export function onPath(...names: string[]): string | undefined {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd'] : [''];
  const candidates = names.flatMap((name) =>
    (process.env['PATH'] ?? '')
      .split(delimiter)
      .flatMap((folder) => endings.map((ending) => join(folder, name + ending))),
  );
  return candidates.find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false; // that is the question
  }
}

/** Runs npm as if from a shell of its own: without what an outer `npm run` puts into the environment about this project. */
export async function npm(args: readonly string[], cwd: string, nodeHome: string): Promise<void> {
  const aboutThisProject =
    /^npm_(package|lifecycle|command|execpath|node_execpath|config_local_prefix|config_prefix|config_user_agent)/;
  const inherited = Object.keys(process.env).filter((name) => aboutThisProject.test(name));
  const env: Environment = {
    ...Object.fromEntries(inherited.map((name) => [name, undefined])),
    PATH: `${join(nodeHome, 'bin')}${delimiter}${process.env['PATH']}`,
    // Native modules are built against this Node's own headers, whatever the user's configuration says.
    npm_config_nodedir: nodeHome,
    npm_config_loglevel: 'error',
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_update_notifier: 'false',
  };
  await mustRun('npm', args, { cwd, env, output: 'keep' });
}

/** The folder above the `bin` that holds the Node we run on. */
export const ownNodeHome = dirname(dirname(process.execPath));
