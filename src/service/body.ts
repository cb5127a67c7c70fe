import { setImmediate } from 'node:timers/promises';
import type { ReadyRequest, WireImage } from '../core/readyRequest.ts';

/**
 * Bytes that are turned into base64 at a time: a multiple of 3, so that the pieces join without padding. As text they are
 * 64 KB; pieces of 1 MB took twice as long and 70 MB more memory, for fresh pages each time.
 */
const pieceLength = 49_152;
const piecesInARow = 16;

/**
 * The JSON text of a request as a stream of small pieces, so that nine images of 20 MB never stand in memory as text.
 * It can be read once only: whatever a transport may do on its own account, it cannot send the request again.
 */
export class RequestBody {
  /** Exact length of the whole in bytes. */
  readonly byteLength: number;
  readonly #head: Buffer;
  readonly #images: readonly WireImage[];
  readonly #tail: Buffer;
  #isTaken = false;
  #isWhole = false;

  constructor(ready: Pick<ReadyRequest, 'fields' | 'images'>) {
    const fields = JSON.stringify(ready.fields);
    const hasImages = ready.images.length > 0;
    this.#head = Buffer.from(hasImages ? `${fields.slice(0, -1)},"image":[` : fields.slice(0, -1));
    this.#tail = Buffer.from(hasImages ? ']}' : '}');
    this.#images = ready.images;
    const commas = Math.max(0, ready.images.length - 1);
    this.byteLength = ready.images.reduce(
      (sum, image) => sum + lengthOf(image),
      this.#head.length + commas + this.#tail.length,
    );
  }

  /** True once the last piece has been handed over: until then no server can have received a complete request. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    if (this.#isTaken) throw new Error('The request has been sent already and is not sent again.');
    this.#isTaken = true;
    yield this.#head;
    for (const [index, image] of this.#images.entries()) {
      if (index > 0) yield Buffer.from(',');
      yield* piecesOf(image);
    }
    this.#isWhole = true;
    yield this.#tail;
  }
}

function lengthOf(image: WireImage): number {
  if (image.kind === 'url') return Buffer.byteLength(JSON.stringify(image.url));
  return opening(image.mime).length + Math.ceil(image.bytes.length / 3) * 4 + 1;
}

async function* piecesOf(image: WireImage): AsyncGenerator<Uint8Array> {
  if (image.kind === 'url') {
    yield Buffer.from(JSON.stringify(image.url));
    return;
  }
  yield Buffer.from(opening(image.mime), 'latin1');
  const bytes = Buffer.from(image.bytes.buffer, image.bytes.byteOffset, image.bytes.byteLength);
  for (let offset = 0; offset < bytes.length; offset += pieceLength) {
    yield Buffer.from(bytes.toString('base64', offset, offset + pieceLength), 'latin1');
    // A fast network takes pieces as soon as they come, and nothing else would get its turn until the last one.
    if (offset % (pieceLength * piecesInARow) === 0) await setImmediate();
  }
  yield Buffer.from('"');
}

function opening(mime: string): string {
  return `"data:${mime};base64,`;
}
