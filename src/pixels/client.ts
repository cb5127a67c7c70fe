import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { SourceFacts, Step } from '../core/preparation.ts';
import type { Background, CutOptions } from '../core/cutOut.ts';
import type { PackFile, Shaping } from '../core/packs.ts';
import type { Box } from '../core/request.ts';
import type { Variant } from '../core/saveOptions.ts';
import type { Size } from '../core/size.ts';
import type { CutOut } from './cutOutPicture.ts';
import type { DecodeLimits, Thumbnail } from './engine.ts';
import { factsOfHeader, imageFactsOf } from './facts.ts';
import { readHeaderOf } from './header.ts';
import { bareParts, lengthOf } from './metadata/bare.ts';
import type { Pack } from './packs.ts';
import { PixelError } from './pixelError.ts';
import type {
  Answer,
  BringBackOptions,
  BroughtBack,
  Call,
  Change,
  Drawn,
  Encoded,
  EncodedFormat,
  EncodeOptions,
  Fill,
  InsideOptions,
  KeptOutside,
  Leak,
  LeakOptions,
  OperationName,
  Operations,
  Prepared,
  WorkerOptions,
} from './protocol.ts';
import type { Raster } from './raster.ts';
import { isEngineFormat, sourceFormatOf } from './sourceFormat.ts';

/** What becomes of the bytes that a call is given. */
export interface Handing {
  /** True moves them to the worker without a copy; the caller's array is empty from then on. */
  give?: boolean;
}

/**
 * Pixel work off the calling thread. Every method throws PixelError. The bytes given are copied and stay the caller's, unless
 * the call says `give`; they must not change before the call has settled.
 */
export interface Pixels {
  /** Upright, sRGB, 8 bits, first frame. Limits are held against the header before anything is decoded. */
  decode(bytes: Uint8Array, limits?: DecodeLimits): Promise<Raster>;
  /** A copy that fits a square of `maxSide` pixels (1 to 4096), never enlarged: PNG where there is alpha, else WebP. */
  thumbnail(bytes: Uint8Array, maxSide: number): Promise<Thumbnail>;
  /**
   * What a picture is, without decoding it. PNG, JPEG, WebP, BMP and GIF are answered from their first bytes on the calling
   * thread; TIFF, AVIF and SVG by the worker. Throws 'unsupported' for formats that are known but not read, such as HEIC.
   */
  describe(bytes: Uint8Array, handing?: Handing): Promise<SourceFacts>;
  /**
   * Carries out a plan of `planPreparation`. What comes back carries no metadata of the source but its colours. Without steps
   * that is the source without them, pixels untouched, once it is found whole, and also where no engine can start; the very
   * same array where there are none. Throws 'corrupt' too where the picture is not the one that was planned for.
   */
  prepare(bytes: Uint8Array, steps: readonly Step[], handing?: Handing): Promise<Prepared>;
  /** As {@link Pixels.thumbnail}, and for TIFF, AVIF and SVG as well: what a browser shows, upright and in sRGB. */
  preview(bytes: Uint8Array, maxSide: number, handing?: Handing): Promise<Thumbnail>;
  /** An answer of the service in the source's format and size. Throws 'unsupported' where `canBringBack` says no. */
  bringBack(
    answer: Uint8Array,
    source: Uint8Array,
    options?: BringBackOptions,
    handing?: Handing,
  ): Promise<BroughtBack>;
  /**
   * The source as it is, with an answer in its boxes. Outside it is the source to the sample where its format is one without
   * loss and of 8 bits. Throws 'unsupported' where `canBringBack` says no.
   */
  insideBoxes(answer: Uint8Array, source: Uint8Array, options: InsideOptions, handing?: Handing): Promise<KeptOutside>;
  /** Says how much of a source an answer has changed outside the boxes, and shows where. Boxes in the upright source's pixels. */
  measureLeak(source: Uint8Array, answer: Uint8Array, options: LeakOptions, handing?: Handing): Promise<Leak>;
  /** Tells whether an answer differs from the prepared source in its boxes, everywhere, or not at all. Boxes in the prepared source's pixels. */
  measureChange(source: Uint8Array, answer: Uint8Array, boxes: readonly Box[], handing?: Handing): Promise<Change>;
  /** Tells whether an answer shows red in the one box that was to be filled with it. The box is in pixels of what was sent, whose size is `of`. */
  judgeFill(answer: Uint8Array, box: Box, of: Size): Promise<Fill>;
  /** Writes a picture anew, upright, in sRGB, first frame, without metadata. */
  encode(bytes: Uint8Array, format: EncodedFormat, options?: EncodeOptions, handing?: Handing): Promise<Encoded>;
  /** Makes a file of a picture in another format or size. */
  variant(bytes: Uint8Array, variant: Variant, handing?: Handing): Promise<Encoded>;
  /** Makes the files of packs from one picture, upright, in sRGB, without metadata, and measures what is known only then. */
  makePack(bytes: Uint8Array, files: readonly PackFile[], shaping: Shaping): Promise<Pack>;
  /** What a picture's background is: its colour, how even it is, and whether it is a drawn checkerboard. */
  examineBackground(bytes: Uint8Array): Promise<Background>;
  /**
   * Cuts the background of a key colour out, without loss, and measures the alpha that came of it. Fails where the tolerance
   * or the edge is beyond core's limits.
   */
  cutOut(bytes: Uint8Array, options: CutOptions, format: 'png' | 'webp'): Promise<CutOut>;
  /** The same of a copy that fits a square of `maxSide` pixels, as PNG. */
  previewCut(bytes: Uint8Array, options: CutOptions, maxSide: number): Promise<CutOut>;
  /** What `cutOut` would measure, and instead of all of it a square piece, as PNG: where most of its edge is, in its own pixels. */
  measureCut(bytes: Uint8Array, options: CutOptions, pieceSide: number): Promise<CutOut>;
  /** A plain picture of exactly this size with a label and a mark that says what it is (placeholderMark.ts). Free, and drawn here. */
  placeholder(size: Size, label: string, format: EncodedFormat): Promise<Drawn>;
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
    describe: (bytes, handing) => describe(client, bytes, handing),
    prepare: (bytes, steps, handing) =>
      steps.length === 0 ? passThrough(client, bytes) : client.ask('prepare', [bytes, steps], handing),
    preview: (bytes, maxSide, handing) => client.ask('preview', [bytes, maxSide], handing),
    bringBack: (answer, source, options, handing) => client.ask('bringBack', [answer, source, options], handing),
    insideBoxes: (answer, source, options, handing) => client.ask('insideBoxes', [answer, source, options], handing),
    measureLeak: (source, answer, options, handing) => client.ask('measureLeak', [source, answer, options], handing),
    measureChange: (source, answer, boxes, handing) => client.ask('measureChange', [source, answer, boxes], handing),
    judgeFill: (...input) => client.ask('judgeFill', input),
    encode: (bytes, format, options, handing) => client.ask('encode', [bytes, format, options], handing),
    variant: (bytes, variant, handing) => client.ask('variant', [bytes, variant], handing),
    makePack: (...input) => client.ask('makePack', input),
    examineBackground: (...input) => client.ask('examineBackground', input),
    cutOut: (...input) => client.ask('cutOut', input),
    previewCut: (...input) => client.ask('previewCut', input),
    measureCut: (...input) => client.ask('measureCut', input),
    placeholder: (...input) => client.ask('placeholder', input),
    dispose: () => client.dispose(),
  };
}

/** Most pictures tell what they are in their first bytes; that needs no thread, and works without the engine. */
async function describe(client: PixelsClient, bytes: Uint8Array, handing?: Handing): Promise<SourceFacts> {
  if (isEngineFormat(sourceFormatOf(bytes))) return client.ask('describe', [bytes], handing);
  return factsOfHeader(readHeaderOf(bytes), bytes.length);
}

/** Without steps the worker only looks through the picture; where none can start, its header has to do. */
async function passThrough(client: PixelsClient, bytes: Uint8Array): Promise<Prepared> {
  try {
    const found = await client.ask('prepare', [bytes, []]);
    // Only what is left out makes it shorter.
    return found.facts.byteLength === bytes.length ? { ...found, bytes } : found;
  } catch (error) {
    if (!(error instanceof PixelError) || error.kind !== 'engine-unavailable') throw error;
    const parts = bareParts(bytes, readHeaderOf(bytes).format);
    const bare = lengthOf(parts) === bytes.length ? bytes : await gathered(parts);
    return { bytes: bare, facts: imageFactsOf(bare), steps: [] };
  }
}

/** The engine loses memory with every picture that it fails on (see engine.ts); a fresh thread has it all back. */
const MOST_FAILURES = 200;

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
  /** Since the worker was started. */
  #failures = 0;
  #isDisposed = false;

  constructor(workerFile: string, options: PixelsOptions) {
    this.#workerFile = workerFile;
    this.#options = options;
  }

  ask<Name extends OperationName>(
    operation: Name,
    input: Parameters<Operations[Name]>,
    { give = false }: Handing = {},
  ): ReturnType<Operations[Name]> {
    const answered = new Promise((resolve, reject) => {
      if (this.#isDisposed) throw new PixelError('engine-unavailable', 'pixel work was asked for after the end');
      const worker = (this.#worker ??= this.#start());
      const id = ++this.#lastId;
      const isPostedNow = give || lengthOf(arraysOf(input)) <= COPIED_AT_ONCE;
      if (isPostedNow) this.#post(worker, { id, operation, input: handedOver(input, give) });
      this.#waiting.set(id, { resolve, reject });
      if (!isPostedNow) void this.#postInPieces(worker, { id, operation, input });
      if (this.#waiting.size === 1) this.#watch(worker);
    });
    return answered as ReturnType<Operations[Name]>;
  }

  dispose(): void {
    this.#isDisposed = true;
    if (this.#worker) this.#drop(this.#worker, new Error('pixel work was ended'));
  }

  #post(worker: Worker, call: Call): void {
    worker.postMessage(call, buffersOf(call.input));
  }

  /** Copying a large file in one go would hold the calling thread for too long. */
  async #postInPieces(worker: Worker, call: Call): Promise<void> {
    try {
      const input = await copiedInPieces(call.input);
      // It may have been given up meanwhile, and its callers told.
      if (this.#waiting.has(call.id)) this.#post(worker, { ...call, input });
    } catch (error) {
      this.#waiting.get(call.id)?.reject(error instanceof Error ? error : new Error(String(error)));
      this.#waiting.delete(call.id);
    }
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
    if (!answer.ok) this.#failures += 1;
    if (!this.#worker) return;
    if (this.#failures >= MOST_FAILURES && this.#waiting.size === 0)
      this.#drop(this.#worker, new Error('many failures'));
    else this.#watch(this.#worker);
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
    this.#failures = 0;
    clearTimeout(this.#timer);
    // Its end is of no interest any more, and it must not be waited for.
    void worker.terminate();
    const left = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of left)
      reject(new PixelError('engine-unavailable', 'the pixel engine stopped before it answered', { cause }));
  }
}

type Input = Call['input'];

/** Bytes copied without a pause: new memory costs up to 2 ms a megabyte on a busy machine. */
const COPIED_AT_ONCE = 2 * 1024 * 1024;

/** Arrays that may be moved to the worker: a copy that is moved costs half of what a message that is copied on both sides does. */
function handedOver(input: Input, give: boolean): Input {
  const parts = input.map((part) => {
    if (!(part instanceof Uint8Array)) return part;
    return give && isWhole(part) ? part : new Uint8Array(part);
  });
  return parts as Input;
}

async function copiedInPieces(input: Input): Promise<Input> {
  const parts: unknown[] = [];
  for (const part of input) parts.push(part instanceof Uint8Array ? await gathered([part]) : part);
  return parts as Input;
}

/** The parts as one array of its own, copied with pauses in between. */
async function gathered(parts: readonly Uint8Array[]): Promise<Uint8Array> {
  const whole = new Uint8Array(lengthOf(parts));
  let [at, sincePause] = [0, 0];
  for (const part of parts) {
    for (let from = 0; from < part.length;) {
      const piece = part.subarray(from, from + COPIED_AT_ONCE - sincePause);
      whole.set(piece, at);
      at += piece.length;
      from += piece.length;
      sincePause = (sincePause + piece.length) % COPIED_AT_ONCE;
      if (sincePause === 0) await setImmediate();
    }
  }
  return whole;
}

function arraysOf(input: Input): Uint8Array[] {
  return input.filter((part): part is Uint8Array => part instanceof Uint8Array);
}

/** A part of a larger memory, such as Node's pool, cannot be moved. */
function isWhole(part: Uint8Array): part is Uint8Array<ArrayBuffer> {
  return part.buffer instanceof ArrayBuffer && part.length === part.buffer.byteLength;
}

function buffersOf(input: Input): ArrayBuffer[] {
  const buffers = arraysOf(input).flatMap((part) => (isWhole(part) ? [part.buffer] : []));
  // The same picture may be given twice.
  return [...new Set(buffers)];
}

function startWorker(file: string, options: WorkerOptions): Worker {
  try {
    // Flags of the host's process (inspectors, loaders) are not for this thread.
    return new Worker(file, { workerData: options, execArgv: [], name: 'wan-image-pixels' });
  } catch (error) {
    throw new PixelError('engine-unavailable', 'the pixel worker could not start', { cause: error });
  }
}
