import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { binMs } from '../../jobs/bin.ts';
import { bytesIn } from '../../jobs/deleting.ts';
import type { Log } from '../log.ts';
import type { Service } from '../services.ts';
import type { StorageFolders } from '../storageFolders.ts';
import { bytesOf } from './finding.ts';

const megabyte = 1024 * 1024;
/** What was counted counts for so long, in milliseconds. */
const freshMs = 60_000;

interface Parts {
  readonly folders: Pick<StorageFolders, 'all' | 'pictures'>;
  readonly current: () => Promise<Pick<Service, 'folder' | 'jobs'>>;
  /** In megabytes; 0 is none. */
  readonly limit: () => number;
  /** Called when there is a new count. */
  readonly changed: () => void;
  readonly log: Log;
}

/** Knows how much is kept on this machine, over all workspaces, and whether that is more than the user wants. */
export class StorageUse {
  readonly #parts: Parts;
  /** Bytes of what is not in the journal that is shown. */
  #elsewhere: number | undefined;
  /** When they were last counted, or could not be, by the clock of the process. */
  #triedAt = Number.NEGATIVE_INFINITY;
  #counting: Promise<void> | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Bytes, with the limit; undefined before they are counted. Has them counted anew where that was a while ago. */
  view({ jobs }: Pick<Service, 'jobs'>): { readonly used: number; readonly limit: number } | undefined {
    if (performance.now() - this.#triedAt > freshMs) void this.count();
    if (this.#elsewhere === undefined) return undefined;
    // Those of the journal are known to the byte at any time.
    const here = jobs.history().summaries.reduce((sum, summary) => sum + bytesOf(summary), 0);
    return { used: here + this.#elsewhere, limit: this.#parts.limit() * megabyte };
  }

  /** By how many bytes what is kept is over the limit; 0 where it is not, or there is none. */
  async excess(): Promise<number> {
    const { current } = this.#parts;
    if (this.#parts.limit() === 0) return 0;
    await this.count();
    const counted = this.view(await current());
    return counted ? Math.max(0, counted.used - counted.limit) : 0;
  }

  /** To be called when something was deleted. */
  forget(): void {
    this.#triedAt = Number.NEGATIVE_INFINITY;
  }

  count(): Promise<void> {
    this.#counting ??= this.#count()
      .catch((error: unknown) => this.#parts.log.error('What is kept could not be counted.', error))
      .finally(() => {
        this.#counting = undefined;
        this.#triedAt = performance.now();
        this.#parts.changed();
      });
    return this.#counting;
  }

  async #count(): Promise<void> {
    const { folders, current } = this.#parts;
    const { folder, jobs } = await current();
    await jobs.emptyBin(Date.now() - binMs);
    let bytes = 0;
    for (const journal of await journalsIn(folders.all)) {
      const parts = journal === folder ? [join(folder, '.bin'), join(folder, '.thumbnails')] : [journal];
      for (const part of parts) bytes += await bytesIn(part);
    }
    bytes += await bytesIn(dirname(folders.pictures));
    this.#elsewhere = bytes;
  }
}

/** Every workspace's folder holds one for each service. */
async function journalsIn(all: string): Promise<string[]> {
  const workspaces = await foldersIn(all);
  return (await Promise.all(workspaces.map(foldersIn))).flat();
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
}
