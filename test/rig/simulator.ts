import { mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from './places.ts';
import { Service } from './processes.ts';

export interface RunningSimulator {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts the offline twin of the service on a free port; what it writes as an error goes to `log`. Throws when it gives no address in 20 s. */
export async function startSimulator(log: string): Promise<RunningSimulator> {
  mkdirSync(dirname(log), { recursive: true });
  const service = new Service(
    process.execPath,
    [join(root, 'src', 'simulator', 'main.ts')],
    { ...process.env, WAN_IMAGE_SIMULATOR_PORT: '0', NODE_OPTIONS: undefined },
    ['ignore', 'pipe', openSync(log, 'a')],
  );
  try {
    return { url: await announcedAddress(service), stop: () => service.stop() };
  } catch (error) {
    await service.stop();
    throw new Error(`The simulator did not start; ${log} may say why.`, { cause: error });
  }
}

async function announcedAddress(service: Service): Promise<string> {
  const { stdout } = service.process;
  if (!stdout) throw new Error('The simulator has no output.');
  const lines = createInterface({ input: stdout });
  return new Promise((resolve, reject) => {
    const patience = setTimeout(() => reject(new Error('It printed no address within 20 s.')), 20_000);
    lines.on('line', (line) => {
      const address = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
      if (!address) return;
      clearTimeout(patience);
      resolve(address); // later lines are still read, so that the simulator never waits for a reader
    });
    lines.once('close', () => {
      clearTimeout(patience);
      reject(new Error('It ended before it printed its address.'));
    });
  });
}
