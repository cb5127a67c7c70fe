import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { thumbnailFolder } from '../../jobs/deleting.ts';
import type { Pixels } from '../../pixels/client.ts';
import type { Log } from '../log.ts';

/** Of the longest side, in pixels. */
const side = 256;
/** How long news of new thumbnails are gathered, in milliseconds. */
const gatherMs = 150;

/** A kept picture that is in sight. */
export interface Wanted {
  /** Of the result. */
  readonly id: string;
  readonly jobId: string;
  /** File name in the job's folder. */
  readonly file: string;
}

type Found = { readonly state: 'ready'; readonly file: string } | { readonly state: 'none' };

interface Parts {
  readonly pixels: Pick<Pixels, 'thumbnail'>;
  /** Called when there are new ones. */
  readonly changed: () => void;
  readonly log: Log;
}

/**
 * Small copies of kept pictures, each made once, when it is first seen: one after the other, in the background, and only
 * those that are still in sight when their turn comes.
 */
export class Thumbnails {
  readonly #parts: Parts;
  /** By the id of the result. */
  readonly #found = new Map<string, Found>();
  #wanted: readonly Wanted[] = [];
  #journal = '';
  #isWorking = false;
  #telling: NodeJS.Timeout | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Says which pictures of a journal are in sight now; those that have no thumbnail get one. */
  want(journal: string, wanted: readonly Wanted[]): void {
    this.#journal = journal;
    this.#wanted = wanted;
    if (!this.#isWorking) void this.#work();
  }

  /** The thumbnail of a result: absolute path, none where there can be none, undefined while it is not known. */
  of(resultId: string): Found | undefined {
    return this.#found.get(resultId);
  }

  dispose(): void {
    this.#wanted = [];
    clearTimeout(this.#telling);
  }

  async #work(): Promise<void> {
    this.#isWorking = true;
    for (;;) {
      const next = this.#wanted.find(({ id }) => !this.#found.has(id));
      if (!next) break;
      this.#found.set(next.id, await this.#look(this.#journal, next));
      this.#telling ??= setTimeout(() => {
        this.#telling = undefined;
        this.#parts.changed();
      }, gatherMs);
    }
    this.#isWorking = false;
  }

  async #look(journal: string, { id, jobId, file }: Wanted): Promise<Found> {
    const folder = thumbnailFolder(journal, jobId);
    const stem = join(folder, file.replace(/\.[a-z]+$/, ''));
    try {
      // PNG where there is transparency.
      for (const present of [`${stem}.webp`, `${stem}.png`]) {
        if (await isThere(present)) return { state: 'ready', file: present };
      }
      const { format, bytes } = await this.#parts.pixels.thumbnail(await readFile(join(journal, jobId, file)), side);
      await mkdir(folder, { recursive: true });
      const part = `${stem}.${process.pid}.part`;
      await writeFile(part, bytes);
      await rename(part, `${stem}.${format}`).catch(async (error: unknown) => {
        await rm(part, { force: true });
        throw error;
      });
      return { state: 'ready', file: `${stem}.${format}` };
    } catch (error) {
      this.#parts.log.error(`There is no thumbnail of picture ${id}.`, error);
      return { state: 'none' };
    }
  }
}

const isThere = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  );
