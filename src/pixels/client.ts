import { Worker } from 'node:worker_threads';
import type { DecodeLimits, Thumbnail } from './engine.ts';
import { PixelError } from './pixelError.ts';
import type { Answer, Call, OperationName, Operations, WorkerOptions } from './protocol.ts';
import type { Raster } from './raster.ts';

/** Pixel work off the calling thread. Every method throws PixelError; the bytes given are copied and stay the caller's. */
export interface Pixels {
  /** Upright, sRGB, 8 bits, first frame. Limits are held against the header before anything is decoded. */
  decode(bytes: Uint8Array, limits?: DecodeLimits): Promise<Raster>;
  /** A copy that fits a square of `maxSide` pixels (1 to 4096), never enlarged: PNG where there is alpha, else WebP. */
  thumbnail(bytes: Uint8Array, maxSide: number): Promise<Thumbnail>;
  /** Stops the worker for good; what waits, and what is asked later, is rejected with 'engine-unavailable'. */
  dispose(): void;
}

/** How the worker is kept. */
export interface PixelsOptions extends WorkerOptions {
  /** Milliseconds without work after which the worker and its memory are given up; default 60,000. */
  idleMs?: number;
  /** Milliseconds without any answer to waiting work after which the worker is taken for stuck; default 120,000. */
  timeLimitMs?: number;
}

/**
 * Pixel work in a worker thread that is started on first use, given up when idle, and started anew after a crash
 * (what waited is then rejected with 'engine-unavailable').
 * @param workerFile The bundled worker.ts, or worker.ts itself when run from source.
 */
export function createPixels(workerFile: string, options: PixelsOptions = {}): Pixels {
  const client = new PixelsClient(workerFile, options);
  return {
    decode: (...input) => client.ask('decode', input),
    thumbnail: (...input) => client.ask('thumbnail', input),
    dispose: () => client.dispose(),
  };
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

class PixelsClient {
  readonly #workerFile: string;
  readonly #options: PixelsOptions;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  /** Runs out when the worker was idle for too long, or silent for too long with work waiting. */
  #timer: NodeJS.Timeout | undefined;
  #lastId = 0;
  #isDisposed = false;

  constructor(workerFile: string, options: PixelsOptions) {
    this.#workerFile = workerFile;
    this.#options = options;
  }

  ask<Name extends OperationName>(operation: Name, input: Parameters<Operations[Name]>): ReturnType<Operations[Name]> {
    const answered = new Promise((resolve, reject) => {
      if (this.#isDisposed) throw new PixelError('engine-unavailable', 'pixel work was asked for after the end');
      const worker = (this.#worker ??= this.#start());
      const id = ++this.#lastId;
      this.#post(worker, { id, operation, input });
      this.#waiting.set(id, { resolve, reject });
      if (this.#waiting.size === 1) this.#watch(worker);
    });
    return answered as ReturnType<Operations[Name]>;
  }

  dispose(): void {
    this.#isDisposed = true;
    if (this.#worker) this.#drop(this.#worker, new Error('pixel work was ended'));
  }

  #post(worker: Worker, call: Call): void {
    const transfer: ArrayBuffer[] = [];
    // A copy that is moved costs half of what a message that is copied on both sides does.
    const input = call.input.map((part) => {
      if (!(part instanceof Uint8Array)) return part;
      const copy = new Uint8Array(part);
      transfer.push(copy.buffer);
      return copy;
    });
    worker.postMessage({ ...call, input }, transfer);
  }

  #start(): Worker {
    const { vipsFolder } = this.#options;
    const options: WorkerOptions = vipsFolder === undefined ? {} : { vipsFolder };
    const worker = startWorker(this.#workerFile, options);
    worker.on('message', (answer: Answer) => this.#settle(answer));
    worker.on('messageerror', (error) => this.#drop(worker, error));
    worker.on('error', (error) => this.#drop(worker, error));
    worker.on('exit', (code) => this.#drop(worker, new Error(`the pixel worker ended with code ${code}`)));
    return worker;
  }

  #settle(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    if (!waiting) return;
    this.#waiting.delete(answer.id);
    if (answer.ok) waiting.resolve(answer.value);
    else
      waiting.reject(
        answer.kind === undefined ? new Error(answer.message) : new PixelError(answer.kind, answer.message),
      );
    if (this.#worker) this.#watch(this.#worker);
  }

  /** Sets the clock anew. An idle worker holds neither the process nor, after a while, its memory. */
  #watch(worker: Worker): void {
    clearTimeout(this.#timer);
    const isBusy = this.#waiting.size > 0;
    const { idleMs = 60_000, timeLimitMs = 120_000 } = this.#options;
    const reason = isBusy ? `the pixel worker gave no answer for ${timeLimitMs} ms` : 'the pixel worker was idle';
    this.#timer = setTimeout(() => this.#drop(worker, new Error(reason)), isBusy ? timeLimitMs : idleMs);
    if (isBusy) worker.ref();
    else {
      worker.unref();
      this.#timer.unref();
    }
  }

  /** Gives up a worker, once, whatever the reason. The next call starts another. */
  #drop(worker: Worker, cause: Error): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    clearTimeout(this.#timer);
    // Its end is of no interest any more, and it must not be waited for.
    void worker.terminate();
    const left = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of left)
      reject(new PixelError('engine-unavailable', 'the pixel engine stopped before it answered', { cause }));
  }
}

function startWorker(file: string, options: WorkerOptions): Worker {
  try {
    // Flags of the host's process (inspectors, loaders) are not for this thread.
    return new Worker(file, { workerData: options, execArgv: [], name: 'wan-image-pixels' });
  } catch (error) {
    throw new PixelError('engine-unavailable', 'the pixel worker could not start', { cause: error });
  }
}
