import type { ByteSource } from '../byteSource.ts';
import { PixelError } from '../pixelError.ts';

/** A piece of the file that a reader asks for. */
export interface Range {
  offset: number;
  length: number;
}

/** Work that asks for ranges as it goes and ends with a T. */
export type Reading<T> = Generator<Range, T, Uint8Array>;

/** Serves a reading from a source. */
export async function readFrom<T>(source: ByteSource, reading: Reading<T>): Promise<T> {
  let step = reading.next();
  while (!step.done) step = reading.next(await source.read(step.value.offset, step.value.length));
  return step.value;
}

/** Serves a reading from bytes in memory. */
export function readIn<T>(bytes: Uint8Array, reading: Reading<T>): T {
  let step = reading.next();
  while (!step.done) step = reading.next(bytes.subarray(step.value.offset, step.value.offset + step.value.length));
  return step.value;
}

const FIRST_READ = 4096;
const LATER_READ = 256;
/** After this many bytes only what is needed is asked for, so that long chains of segments still fit. */
const FRUGAL_FROM = 40 * 1024;
const MOST_BYTES = 64 * 1024;
const MOST_READS = 2048;

/**
 * What a header reader sees of the file: asks for ranges through `yield`, remembers the last ones, and keeps the sum of
 * bytes and of reads bounded whatever the file claims.
 */
export class Window {
  readonly size: number;
  readonly #pieces: { offset: number; bytes: Uint8Array }[] = [];
  #bytesRead = 0;
  #reads = 0;

  constructor(size: number) {
    this.size = size;
  }

  /** Whether reading `length` more bytes might go over the bound; for readers that have a cheaper way out. */
  get isNearlySpent(): boolean {
    return this.#bytesRead > FRUGAL_FROM || this.#reads > MOST_READS / 2;
  }

  /** Exactly `length` bytes from `offset`. Throws PixelError 'truncated' where the file ends before, 'unsupported' where too much would be read. */
  *bytes(offset: number, length: number): Reading<DataView> {
    const found = yield* this.upTo(offset, length);
    if (found.length < length)
      throw new PixelError('truncated', `the file ends at ${this.size}, its header needs byte ${offset + length}`);
    return new DataView(found.buffer, found.byteOffset, length);
  }

  /** As many bytes from `offset` as there are, at most `length`. */
  *upTo(offset: number, length: number): Reading<Uint8Array> {
    const end = Math.min(offset + length, this.size);
    if (end <= offset) return new Uint8Array(0);
    for (const piece of this.#pieces) {
      if (piece.offset <= offset && end <= piece.offset + piece.bytes.length) {
        return piece.bytes.subarray(offset - piece.offset, end - piece.offset);
      }
    }
    const bytes = yield* this.#ask(offset, end - offset);
    return bytes.subarray(0, end - offset);
  }

  *#ask(offset: number, needed: number): Reading<Uint8Array> {
    const generous = this.#reads === 0 ? FIRST_READ : this.isNearlySpent ? 0 : LATER_READ;
    const length = Math.min(Math.max(needed, generous), this.size - offset);
    this.#bytesRead += length;
    this.#reads += 1;
    if (this.#bytesRead > MOST_BYTES || this.#reads > MOST_READS) {
      throw new PixelError('unsupported', 'the header is spread over too much of the file');
    }
    const bytes = yield { offset, length };
    // The first piece stays: every format returns to its start. One more is enough for walking.
    if (this.#pieces.length > 1) this.#pieces.pop();
    this.#pieces.push({ offset, bytes });
    return bytes;
  }
}

/** Four characters of a chunk's name. */
export function nameAt(view: DataView, offset: number): string {
  return String.fromCharCode(
    view.getUint8(offset),
    view.getUint8(offset + 1),
    view.getUint8(offset + 2),
    view.getUint8(offset + 3),
  );
}

/** Refuses pictures without pixels. */
export function needPixels(width: number, height: number): void {
  if (width < 1 || height < 1) throw new PixelError('corrupt', `the picture claims ${width} x ${height} pixels`);
}
