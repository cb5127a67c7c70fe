import { createInflate, type Inflate } from 'node:zlib';
import { PixelError } from '../pixelError.ts';

const GATHERED = 128 * 1024;

/**
 * Inflates a PNG's pixels as they pass and counts them, without keeping any. Stops as soon as there are more than promised,
 * so that a bomb costs no more than an honest picture of its size.
 */
export class PixelCount {
  readonly #expected: number;
  readonly #inflate: Inflate = createInflate({ chunkSize: 256 * 1024 });
  /** Chunks may hold a byte each, and every write to zlib costs a trip to another thread. */
  readonly #buffer = new Uint8Array(GATHERED);
  #gathered = 0;
  #count = 0;
  #failure: PixelError | undefined;
  readonly #ended: Promise<void>;

  constructor(expected: number) {
    this.#expected = expected;
    this.#inflate.on('data', (bytes: Uint8Array) => {
      this.#count += bytes.length;
      if (this.#count > expected) this.#fail(new PixelError('corrupt', 'a PNG with more pixels than it promises'));
    });
    this.#ended = new Promise((resolve) => {
      this.#inflate.once('close', resolve);
      this.#inflate.once('end', resolve);
    });
    this.#inflate.on('error', (error: NodeJS.ErrnoException) => {
      const kind = error.code === 'Z_BUF_ERROR' ? 'truncated' : 'corrupt';
      this.#fail(new PixelError(kind, 'the pixels of a PNG do not inflate', { cause: error }));
    });
  }

  /** Takes the next bytes of the zlib stream; resolves when there is room for more. */
  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      const piece = bytes.subarray(at, at + GATHERED - this.#gathered);
      this.#buffer.set(piece, this.#gathered);
      this.#gathered += piece.length;
      at += piece.length;
      if (this.#gathered === GATHERED) await this.#flush();
    }
  }

  /** Ends the stream and compares the count. */
  async end(): Promise<void> {
    await this.#flush();
    this.#inflate.end();
    await this.#ended;
    if (this.#failure) throw this.#failure;
    if (this.#count < this.#expected)
      throw new PixelError('truncated', `a PNG with ${this.#count} of ${this.#expected} bytes of pixels`);
  }

  close(): void {
    this.#inflate.destroy();
  }

  async #flush(): Promise<void> {
    const inflate = this.#inflate;
    const length = this.#gathered;
    this.#gathered = 0;
    // Behind the zlib stream's own end decoders pass over what is left, and so does this.
    if (length > 0 && !inflate.readableEnded && !inflate.destroyed) {
      await new Promise<void>((resolve) => {
        const done = () => {
          inflate.off('close', done).off('end', done);
          resolve();
        };
        inflate.once('close', done).once('end', done);
        inflate.write(this.#buffer.subarray(0, length), done);
      });
    }
    if (this.#failure) throw this.#failure;
  }

  #fail(failure: PixelError): void {
    this.#failure ??= failure;
    this.#inflate.destroy();
  }
}
