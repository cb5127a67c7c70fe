import type { ByteSource } from '../byteSource.ts';
import { PixelError } from '../pixelError.ts';

const PIECE = 256 * 1024;

/** Goes through a source once, from the front, in pieces. */
export class ByteStream {
  readonly size: number;
  readonly #source: ByteSource;
  #piece: Uint8Array = new Uint8Array(0);
  /** Offset of the piece in the source, and of the next byte in the piece. */
  #start = 0;
  #next = 0;

  constructor(source: ByteSource) {
    this.#source = source;
    this.size = source.size;
  }

  get position(): number {
    return this.#start + this.#next;
  }

  /** The next `length` bytes (a few, not pieces of a picture). Throws PixelError 'truncated' where the source ends before. */
  async take(length: number): Promise<DataView> {
    if (this.#piece.length - this.#next < length) await this.#refill(length);
    if (this.#piece.length - this.#next < length) throw endedAt(this.size);
    const view = new DataView(this.#piece.buffer, this.#piece.byteOffset + this.#next, length);
    this.#next += length;
    return view;
  }

  /** Whatever is at hand next, at least one byte, at most `length`; undefined at the end of the source. */
  async some(length: number): Promise<Uint8Array | undefined> {
    if (this.#next === this.#piece.length) await this.#refill(1);
    if (this.#next === this.#piece.length) return undefined;
    const bytes = this.#piece.subarray(this.#next, this.#next + length);
    this.#next += bytes.length;
    return bytes;
  }

  /** Puts back the last `length` bytes of what {@link some} gave. */
  putBack(length: number): void {
    this.#next -= length;
  }

  /** Passes over bytes without reading them. Throws PixelError 'truncated' where the source ends before. */
  skip(length: number): void {
    const target = this.position + length;
    if (target > this.size) throw endedAt(this.size);
    if (target <= this.#start + this.#piece.length) {
      this.#next = target - this.#start;
      return;
    }
    this.#piece = new Uint8Array(0);
    this.#start = target;
    this.#next = 0;
  }

  async #refill(needed: number): Promise<void> {
    const start = this.position;
    const length = Math.min(Math.max(PIECE, needed), this.size - start);
    this.#piece = length > 0 ? await this.#source.read(start, length) : new Uint8Array(0);
    this.#start = start;
    this.#next = 0;
  }
}

function endedAt(size: number): PixelError {
  return new PixelError('truncated', `the file ends at byte ${size}, before the picture does`);
}
