import { Worker } from 'node:worker_threads';
import type { WorkerRole } from '../simulator/worker.ts';
import type { Log } from './log.ts';
import { parseSimulatorUrl } from './settings.ts';

interface PracticeParts {
  /** The built simulator. */
  readonly workerFile: string;
  /** Where accepted practice jobs outlive the window; shared by all windows. */
  readonly stateFolder: string;
  /** A simulator that runs already; used only if it is on this machine. */
  readonly runningAt: string | undefined;
  readonly log: Log;
}

/** How long the simulator may take to say its address, in milliseconds. */
const startTimeout = 20_000;

/** The free stand-in for the service: a simulator in a worker thread, started when practice mode first needs it. */
export class PracticeService {
  readonly #parts: PracticeParts;
  #worker: Worker | undefined;
  #address: Promise<string> | undefined;

  constructor(parts: PracticeParts) {
    this.#parts = parts;
  }

  /** Where it listens, always on this machine. Rejects when it cannot be started; the next call tries again. */
  address(): Promise<string> {
    const running = parseSimulatorUrl(this.#parts.runningAt);
    if (running !== undefined) return Promise.resolve(running);
    this.#address ??= this.#start().catch((error: unknown) => {
      this.#forget();
      throw error;
    });
    return this.#address;
  }

  async dispose(): Promise<void> {
    const worker = this.#worker;
    this.#forget();
    await worker?.terminate();
  }

  #start(): Promise<string> {
    const { workerFile, stateFolder, log } = this.#parts;
    const worker = new Worker(workerFile, {
      workerData: { role: 'serve', options: { control: false, stateFolder } } satisfies WorkerRole,
      name: 'wan-image-practice',
    });
    this.#worker = worker;
    worker.unref();
    worker.once('exit', (code) => {
      log.info(`The practice service ended with ${code}.`);
      if (this.#worker === worker) this.#forget();
    });
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('The practice service did not start in time.')), startTimeout);
      worker.once('error', (error) => {
        log.error('The practice service failed.', error);
        reject(error);
      });
      worker.once('exit', () => reject(new Error('The practice service ended before it was ready.')));
      worker.on('message', (message: unknown) => {
        const address = addressIn(message);
        if (address === undefined) return;
        clearTimeout(timer);
        log.info(`The practice service listens at ${address}.`);
        resolve(address);
      });
    });
  }

  #forget(): void {
    this.#worker = undefined;
    this.#address = undefined;
  }
}

function addressIn(message: unknown): string | undefined {
  if (typeof message !== 'object' || message === null || !('url' in message)) return undefined;
  return parseSimulatorUrl(String(message.url));
}
