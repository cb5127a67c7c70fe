import { randomUUID } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { PictureFile } from './pictureFile.ts';

/** The files that pictures of an answer were decoded into, by the text that stands in their place in the JSON. */
export type Pictures = ReadonlyMap<string, string>;

/** An answer's body, read to its end. */
export type Answer =
  | { readonly state: 'json'; readonly json: unknown; readonly pictures: Pictures }
  | { readonly state: 'empty' | 'html' | 'malformed' | 'too-large'; readonly pictures: Pictures };

/** Pictures that are taken of one answer: twice what a request can ask for, so that a generous service loses none. */
export const mostPictures = 24;

/** How large an answer may become. */
export interface SpoolLimits {
  /** Bytes of all that is no picture. */
  readonly text: number;
  /** Pictures that are kept of one answer. */
  readonly pictures: number;
  /** Bytes of one decoded picture. */
  readonly picture: number;
  /** Bytes of the answer as it comes, pictures that are not kept included: else one of them could go on for ever. */
  readonly whole: number;
}

/** 64 MB is more than twice the largest PNG of 4096 x 4096; the whole has room for a full set of twelve of them. */
export const spoolLimits: SpoolLimits = {
  text: 1_048_576,
  pictures: mostPictures,
  picture: 64 * 1_048_576,
  whole: 1_100 * 1_048_576,
};

/** For answers that have no pictures for anybody: errors, and what is said of the account. */
export const textLimits: SpoolLimits = { ...spoolLimits, pictures: 0, whole: 4 * 1_048_576 };

/** The answer ended before its end; the pictures that had come in full are on disk. */
export class CutAnswer extends Error {
  override readonly name = 'CutAnswer';
  readonly pictures: Pictures;

  constructor(cause: unknown, pictures: Pictures) {
    super('The answer was cut off.', { cause });
    this.pictures = pictures;
  }
}

/** The disk did not take a picture of the answer; the ones before it are there. */
export class SpoolError extends Error {
  override readonly name = 'SpoolError';
  readonly pictures: Pictures;

  constructor(cause: unknown, pictures: Pictures) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.pictures = pictures;
  }
}

/**
 * Reads a JSON answer while it arrives. The values of `b64_json` are decoded into files of the folder, wherever they
 * stand; the rest is collected and parsed. Throws CutAnswer where the source does, and SpoolError for the disk.
 */
export async function readAnswer(
  source: AsyncIterable<Uint8Array>,
  folder: string,
  limits: SpoolLimits = spoolLimits,
): Promise<Answer> {
  const spool = new JsonSpool(folder, limits);
  const chunks = source[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await chunks.next().catch((error: unknown) => {
        throw new CutAnswer(error, spool.pictures);
      });
      if (next.done === true) break;
      await spool
        .add(Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength))
        .catch((error: unknown) => {
          throw new SpoolError(error, spool.pictures);
        });
      if (spool.isTooLarge) {
        await chunks.return?.();
        break;
      }
    }
    return spool.answer();
  } finally {
    await spool.close();
  }
}

/** Deletes the pictures of an answer that is not used. */
export async function discardPictures(pictures: Pictures): Promise<void> {
  await Promise.all([...pictures.values()].map((file) => rm(file, { force: true })));
}

/** Deletes files of the folder that nobody has asked for in `age` milliseconds. A missing folder is an empty one. */
export async function sweepSpool(folder: string, age: number, now: number): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  for (const name of names.filter((candidate) => candidate.endsWith('.spool'))) {
    const file = path.join(folder, name);
    if ((await stat(file)).mtimeMs < now - age) await rm(file, { force: true });
  }
}

const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;
const pictureKey = 'b64_json';
const shortEscapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/** Follows a JSON text byte by byte, and diverts the strings that are pictures. */
class JsonSpool {
  readonly pictures = new Map<string, string>();
  readonly #folder: string;
  readonly #limits: SpoolLimits;
  /** Cannot be guessed, so that no answer can name a file by itself. */
  readonly #token = randomUUID();
  /** Grows as the text does: a list of its pieces would cost a hundred bytes for each byte of an answer that drips. */
  #text = Buffer.alloc(0);
  #textLength = 0;
  #wholeLength = 0;
  #place: 'outside' | 'string' | 'picture' = 'outside';
  #isEscaped = false;
  /** The last string, as far as it may be the key of a picture. */
  #string = '';
  #isAfterColon = false;
  #count = 0;
  #picture: PictureFile | undefined;
  /** An escape inside a picture's text that has not come in full; PHP writes "\/" for every slash. */
  #escape = '';

  constructor(folder: string, limits: SpoolLimits) {
    this.#folder = folder;
    this.#limits = limits;
  }

  get isTooLarge(): boolean {
    return this.#textLength > this.#limits.text || this.#wholeLength > this.#limits.whole;
  }

  async add(chunk: Buffer): Promise<void> {
    let offset = 0;
    this.#wholeLength += chunk.length;
    while (offset < chunk.length && !this.isTooLarge) {
      offset = this.#place === 'picture' ? await this.#addPicture(chunk, offset) : await this.#addText(chunk, offset);
    }
  }

  answer(): Answer {
    if (this.isTooLarge) return { state: 'too-large', pictures: this.pictures };
    const text = this.#text
      .toString('utf8', 0, this.#textLength)
      .replace(/^\uFEFF/, '')
      .trim();
    if (text === '') return { state: 'empty', pictures: this.pictures };
    if (text.startsWith('<')) return { state: 'html', pictures: this.pictures };
    try {
      return { state: 'json', json: JSON.parse(text) as unknown, pictures: this.pictures };
    } catch {
      return { state: 'malformed', pictures: this.pictures }; // why does not matter: nothing can be made of it
    }
  }

  /** Deletes the picture that has not come in full. */
  async close(): Promise<void> {
    const picture = this.#picture;
    this.#picture = undefined;
    await picture?.drop();
  }

  /** Collects what is no picture, up to the start of the next one. */
  async #addText(chunk: Buffer, start: number): Promise<number> {
    for (let offset = start; offset < chunk.length; offset++) {
      const byte = chunk[offset] ?? 0;
      if (this.#place === 'string') this.#followString(byte);
      else if (byte === quote && this.#isAfterColon && this.#string === pictureKey) {
        this.#keep(chunk.subarray(start, offset));
        await this.#startPicture();
        return offset + 1;
      } else this.#followOutside(byte);
    }
    this.#keep(chunk.subarray(start));
    return chunk.length;
  }

  #followString(byte: number): void {
    if (!this.#isEscaped && byte === quote) this.#place = 'outside';
    else if (this.#string.length <= pictureKey.length) this.#string += String.fromCharCode(byte);
    this.#isEscaped = !this.#isEscaped && byte === backslash;
  }

  #followOutside(byte: number): void {
    if (byte === quote) {
      this.#place = 'string';
      this.#string = '';
      this.#isAfterColon = false;
    } else if (byte === colon) this.#isAfterColon = true;
    else if (byte > 0x20) this.#isAfterColon = false;
  }

  async #startPicture(): Promise<void> {
    this.#place = 'picture';
    this.#isAfterColon = false;
    this.#count++;
    this.#keep(Buffer.from(`"${this.#token}:${this.#count}"`));
    if (this.#count <= this.#limits.pictures)
      this.#picture = await PictureFile.open(this.#folder, this.#limits.picture);
  }

  async #addPicture(chunk: Buffer, start: number): Promise<number> {
    if (this.#escape !== '') return this.#addEscape(chunk, start);
    const end = nextOf(chunk, quote, start);
    const escape = nextOf(chunk.subarray(0, end), backslash, start);
    await this.#picture?.add(chunk, start, escape);
    if (escape < end) {
      this.#escape = '\\';
      return escape + 1;
    }
    if (end < chunk.length) await this.#endPicture();
    return end + 1;
  }

  async #addEscape(chunk: Buffer, start: number): Promise<number> {
    this.#escape += String.fromCharCode(chunk[start] ?? 0);
    const letter = this.#escape.charAt(1);
    if (letter === 'u' && this.#escape.length < 6) return start + 1;
    const meant =
      letter === 'u'
        ? String.fromCharCode(Number.parseInt(this.#escape.slice(2), 16))
        : (shortEscapes[letter] ?? letter);
    this.#escape = '';
    await this.#picture?.add(Buffer.from(meant, 'latin1'));
    return start + 1;
  }

  async #endPicture(): Promise<void> {
    const picture = this.#picture;
    this.#picture = undefined;
    this.#place = 'outside';
    this.#string = '';
    if (!picture) return;
    await picture.end();
    this.pictures.set(`${this.#token}:${this.#count}`, picture.file);
  }

  #keep(text: Buffer): void {
    const start = this.#textLength;
    this.#textLength += text.length;
    if (this.isTooLarge) return;
    if (this.#textLength > this.#text.length) {
      const longer = Buffer.alloc(Math.max(this.#textLength, this.#text.length * 2, 4096));
      this.#text.copy(longer, 0, 0, start);
      this.#text = longer;
    }
    text.copy(this.#text, start);
  }
}

function nextOf(chunk: Buffer, byte: number, start: number): number {
  const found = chunk.indexOf(byte, start);
  return found === -1 ? chunk.length : found;
}
