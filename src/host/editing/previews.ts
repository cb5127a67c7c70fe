import { randomUUID } from 'node:crypto';
import { constants, copyFile, mkdir, readdir, rename, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SourceFacts } from '../../core/preparation.ts';
import type { Pixels } from '../../pixels/client.ts';
import { extensionFor } from '../../pixels/format.ts';

/** The longest side of a picture that is made to be looked at, in pixels; sharp at any zoom that fits a screen. */
const longestSide = 4096;
/** A preview that nobody has asked for in this time is removed. */
const unusedMs = 30 * 24 * 60 * 60 * 1000;

/** Where the bytes of a picture are. */
export interface PictureBytes {
  /** Absolute path, where there is one. */
  readonly file: string | undefined;
  readonly read: () => Promise<Uint8Array>;
}

/**
 * Copies of pictures that the panel may load and the browser shows upright, in a folder of ours: so the panel needs to be
 * let into no folder of the user. Only whole pictures get one, so that damage is told before anything is paid for.
 */
export class Previews {
  readonly #folder: string;
  readonly #pixels: Pick<Pixels, 'preview'>;
  readonly #verify: (file: string) => Promise<unknown>;
  readonly #making = new Map<string, Promise<string>>();
  #isTidied = false;

  /** @param verify throws PixelError where a PNG, JPEG, WebP, GIF or BMP file is not one whole picture */
  constructor(folder: string, pixels: Pick<Pixels, 'preview'>, verify: (file: string) => Promise<unknown>) {
    this.#folder = folder;
    this.#pixels = pixels;
    this.#verify = verify;
  }

  /** Absolute path of the preview under `key`, which stands for the content. Throws PixelError or the file system's error. */
  of(key: string, facts: SourceFacts, from: PictureBytes): Promise<string> {
    const making = this.#making.get(key) ?? this.#make(key, facts, from).finally(() => this.#making.delete(key));
    this.#making.set(key, making);
    return making;
  }

  async #make(key: string, facts: SourceFacts, from: PictureBytes): Promise<string> {
    await mkdir(this.#folder, { recursive: true });
    await this.#tidy();
    const names = isShownAsItIs(facts) ? [extensionOf(facts.format)] : ['png', 'webp'];
    for (const extension of names) {
      const present = join(this.#folder, `${key}.${extension}`);
      if (await isThere(present)) return present;
    }
    const part = join(this.#folder, `${randomUUID()}.part`);
    try {
      const extension = isShownAsItIs(facts) ? await this.#copy(from, part, facts) : await this.#draw(from, part);
      const file = join(this.#folder, `${key}.${extension}`);
      await rename(part, file);
      return file;
    } catch (error) {
      await unlink(part).catch(() => undefined); // It may not have been made; the first error is the one to tell.
      throw error;
    }
  }

  async #copy({ file, read }: PictureBytes, part: string, { format }: SourceFacts): Promise<string> {
    if (file === undefined) await writeFile(part, await read());
    // Where the disk can, the copy takes no room.
    else await copyFile(file, part, constants.COPYFILE_FICLONE);
    await this.#verify(part);
    return extensionOf(format);
  }

  async #draw(from: PictureBytes, part: string): Promise<string> {
    const { format, bytes } = await this.#pixels.preview(await from.read(), longestSide, { give: true });
    await writeFile(part, bytes);
    return format;
  }

  async #tidy(): Promise<void> {
    if (this.#isTidied) return;
    this.#isTidied = true;
    for (const name of await readdir(this.#folder)) {
      const file = join(this.#folder, name);
      const found = await stat(file).catch(() => undefined); // Another window may tidy up as well.
      if (found && Date.now() - found.mtimeMs > unusedMs) await unlink(file).catch(() => undefined);
    }
  }
}

/** Chromium turns JPEG and PNG upright by their tag, but not WebP; and it would play an animation of which one frame is sent. */
export function isShownAsItIs({ format, orientation, animated, isCmyk }: SourceFacts): boolean {
  return ['png', 'jpeg', 'webp', 'gif', 'bmp'].includes(format) && orientation === 1 && !animated && !isCmyk;
}

/** The usual extension of a format, without the dot. */
export function extensionOf(format: string): string {
  return format === 'jpeg' ? extensionFor('jpeg') : format;
}

/** Also remembers that it was asked for. */
async function isThere(file: string): Promise<boolean> {
  const now = new Date();
  return utimes(file, now, now).then(
    () => true,
    () => false,
  );
}
