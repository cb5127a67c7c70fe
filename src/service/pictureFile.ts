import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import path from 'node:path';
import { syncFolder } from './files.ts';

/** The longest text before a data URI's comma. */
const longestOpening = 256;
/** Decoded bytes that are gathered before they are written: one trip to the disk for about a dozen network chunks. */
const bufferLength = 1_048_576;

/** A picture that arrives as base64 text and is decoded into a file meanwhile. */
export class PictureFile {
  readonly file: string;
  readonly #handle: FileHandle;
  readonly #ceiling: number;
  /** One is filled while the other is written. */
  #buffer: Buffer = Buffer.allocUnsafe(bufferLength);
  #other: Buffer | undefined;
  #filled = 0;
  #writing: Promise<void> = Promise.resolve();
  #byteLength = 0;
  /** Text that waits for more: the last group is held back, since only it may have padding. */
  #rest = '';
  #opening: 'unknown' | 'passed' = 'unknown';
  #isDamaged = false;

  private constructor(file: string, handle: FileHandle, ceiling: number) {
    this.file = file;
    this.#handle = handle;
    this.#ceiling = ceiling;
  }

  /** Opens a new file in the folder, which is made if need be. More than `ceiling` decoded bytes are not kept. */
  static async open(folder: string, ceiling: number): Promise<PictureFile> {
    await makeFolder(folder);
    const file = path.join(folder, `${randomUUID()}.spool`);
    return new PictureFile(file, await open(file, 'wx'), ceiling);
  }

  /** Takes the next piece of the text, one byte a character. */
  async add(text: Buffer, start = 0, end = text.length): Promise<void> {
    if (this.#isDamaged) return;
    if (this.#opening === 'unknown') {
      this.#rest += text.toString('latin1', start, end);
      if (!this.#passOpening(false)) return;
      return await this.#addRest();
    }
    // What is left of the piece before is filled up to a group; all between it and the last group goes straight through.
    const middle = Math.min(end, start + ((8 - this.#rest.length) % 4));
    this.#rest += text.toString('latin1', start, middle);
    const ready = end - middle - ((end - middle) % 4) - 4;
    if (ready > 0 && this.#rest.length % 4 === 0) {
      await this.#decode(this.#rest, (this.#rest.length / 4) * 3);
      await this.#decode(text.toString('latin1', middle, middle + ready), (ready / 4) * 3);
      this.#rest = text.toString('latin1', middle + ready, end);
    } else {
      this.#rest += text.toString('latin1', middle, end);
      await this.#addRest();
    }
  }

  /** Decodes what is there but for the last group. */
  async #addRest(): Promise<void> {
    const ready = this.#rest.length - (this.#rest.length % 4) - 4;
    if (ready <= 0) return;
    await this.#decode(this.#rest.slice(0, ready), (ready / 4) * 3);
    this.#rest = this.#rest.slice(ready);
  }

  /**
   * Writes what is left and makes it and its name durable. What was damaged or too long is cut off where the trouble began: the file
   * stays, and will not pass for a whole picture.
   */
  async end(): Promise<void> {
    try {
      if (this.#opening === 'unknown') this.#passOpening(true);
      if (!this.#isDamaged && this.#rest !== '') {
        const padding = /^(?:[\w+/-]{4}|[\w+/-]{3}=|[\w+/-]{2}==)$/.test(this.#rest)
          ? this.#rest.length - this.#rest.replace(/=+$/, '').length
          : 4;
        await this.#decode(this.#rest, 3 - padding);
      }
      await this.#flush();
      await this.#writing;
      await this.#handle.sync();
    } finally {
      await this.#writing.catch(() => undefined); // told above, or by what came before
      await this.#handle.close();
    }
    await syncFolder(path.dirname(this.file));
  }

  /** Closes and deletes the file. */
  async drop(): Promise<void> {
    await this.#writing.catch(() => undefined); // the file goes anyway
    await this.#handle.close();
    await rm(this.file, { force: true });
  }

  /** Passes over `data:image/png;base64,`, which the text should not have but may. False while that cannot be told. */
  #passOpening(isEnd: boolean): boolean {
    const start = this.#rest.slice(0, 5).toLowerCase();
    if (start === 'data:') {
      const comma = this.#rest.indexOf(',');
      if (comma === -1 && this.#rest.length <= longestOpening && !isEnd) return false;
      this.#rest = this.#rest.slice(comma + 1);
    } else if ('data:'.startsWith(start) && !isEnd) return false;
    this.#opening = 'passed';
    return true;
  }

  async #decode(text: string, byteLength: number): Promise<void> {
    for (let offset = 0; offset < text.length && !this.#isDamaged;) {
      const room = Math.floor((bufferLength - this.#filled) / 3) * 4;
      const part = text.slice(offset, offset + room);
      const isLast = offset + part.length === text.length;
      const expected = isLast ? byteLength - (offset / 4) * 3 : (part.length / 4) * 3;
      // Node skips what is no base64, so that fewer bytes than expected come out of a damaged text.
      const written = this.#buffer.write(part, this.#filled, 'base64');
      this.#isDamaged = written !== expected || this.#byteLength + written > this.#ceiling;
      if (this.#isDamaged) return;
      this.#filled += written;
      this.#byteLength += written;
      offset += part.length;
      if (bufferLength - this.#filled < 3) await this.#flush();
    }
  }

  /** Starts to write what is decoded, once what came before it is written. */
  async #flush(): Promise<void> {
    await this.#writing;
    const full = this.#buffer;
    this.#writing = this.#write(full, this.#filled);
    this.#writing.catch(() => undefined); // whoever waits for it next is told
    this.#buffer = this.#other ?? Buffer.allocUnsafe(bufferLength);
    this.#other = full;
    this.#filled = 0;
  }

  async #write(bytes: Buffer, length: number): Promise<void> {
    for (let offset = 0; offset < length;) {
      const { bytesWritten } = await this.#handle.write(bytes, offset, length - offset);
      offset += bytesWritten;
    }
  }
}

/** Makes a folder, and its parents, and their names durable. */
async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) return;
  for (let parent = path.dirname(folder); ; parent = path.dirname(parent)) {
    await syncFolder(parent);
    if (parent === path.dirname(first) || parent === path.dirname(parent)) return;
  }
}
