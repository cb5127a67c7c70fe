import { Worker } from 'node:worker_threads';
import { draw } from './pictures.ts';
import type { Picture, PictureRequest } from './pictures.ts';

/** What goes to the drawing thread and what comes back. */
export interface DrawCall {
  id: number;
  request: PictureRequest;
}

export type DrawReply =
  | { id: number; picture: { png: Uint8Array; width: number; height: number } }
  | { id: number; problem: string };

const cacheBytes = 96 * 1024 * 1024;

/** Draws pictures when they are asked for, keeps the latest, and does it in another thread where there is one. */
export class Drawing {
  readonly #pen: Pen;
  /** From the longest unused to the latest. */
  readonly #kept = new Map<string, Promise<Picture>>();
  readonly #sizes = new Map<string, number>();

  /** `worker` is the file of `worker.ts`; without it this thread draws. */
  constructor(worker: string | URL | undefined) {
    this.#pen = worker === undefined ? { draw, stop: () => Promise.resolve() } : new DrawingThread(worker);
  }

  /** The picture under this name, drawn now or kept from before. Rejects when the input picture cannot be decoded. */
  picture(name: string, request: PictureRequest): Promise<Picture> {
    const known = this.#kept.get(name);
    const picture = known ?? this.#pen.draw(request);
    this.#kept.delete(name);
    this.#kept.set(name, picture);
    if (known === undefined) {
      picture.then(
        ({ png }) => this.#keep(name, png.byteLength),
        () => this.#kept.delete(name),
      );
    }
    return picture;
  }

  async stop(): Promise<void> {
    this.#kept.clear();
    await this.#pen.stop();
  }

  #keep(name: string, bytes: number): void {
    this.#sizes.set(name, bytes);
    let sum = 0;
    for (const size of this.#sizes.values()) sum += size;
    for (const oldest of this.#kept.keys()) {
      if (sum <= cacheBytes || oldest === name) return;
      sum -= this.#sizes.get(oldest) ?? 0;
      this.#sizes.delete(oldest);
      this.#kept.delete(oldest);
    }
  }
}

interface Pen {
  draw(request: PictureRequest): Promise<Picture>;
  stop(): Promise<unknown>;
}

/** One thread that draws one picture after the other; it starts with the first picture. */
class DrawingThread implements Pen {
  readonly #file: string | URL;
  readonly #waiting = new Map<number, { resolve: (picture: Picture) => void; reject: (error: Error) => void }>();
  #thread: Worker | undefined;
  #calls = 0;

  constructor(file: string | URL) {
    this.#file = file;
  }

  draw(request: PictureRequest): Promise<Picture> {
    this.#thread ??= this.#start();
    this.#calls += 1;
    const call: DrawCall = { id: this.#calls, request };
    this.#thread.postMessage(call, []);
    return new Promise((resolve, reject) => this.#waiting.set(call.id, { resolve, reject }));
  }

  async stop(): Promise<void> {
    await this.#thread?.terminate();
    this.#fail(new Error('The simulator has stopped.'));
  }

  #start(): Worker {
    const thread = new Worker(this.#file, { workerData: { role: 'draw' }, execArgv: [] });
    thread.unref();
    thread.on('message', (reply: DrawReply) => this.#settle(reply));
    thread.on('error', (error) => this.#fail(error instanceof Error ? error : new Error(String(error))));
    return thread;
  }

  #settle(reply: DrawReply): void {
    const call = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (call === undefined) return;
    if ('problem' in reply) {
      call.reject(new Error(reply.problem));
      return;
    }
    const { png, width, height } = reply.picture;
    call.resolve({ png: Buffer.from(png.buffer, png.byteOffset, png.byteLength), width, height });
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
    this.#thread = undefined;
  }
}
