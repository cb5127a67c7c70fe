import { randomBytes } from 'node:crypto';
import { readdir, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { makeFolderDurably, writeDurably } from '../../jobs/durable.ts';
import { codeOf } from '../saving/saveError.ts';

/** A file that was replaced, and how to have it back. */
export const Replacement = z.strictObject({
  version: z.literal(1),
  /** Sorts by time. */
  id: z.string(),
  uri: z.string(),
  /** The result that took the place; empty where an older state did. */
  resultId: z.string(),
  /** Name of the former bytes in the store of kept bytes. */
  former: z.string(),
  /** Of the bytes that are there now, lowercase hexadecimal; empty where the file was taken away. */
  sha256: z.string(),
  /** Milliseconds since 1970. */
  at: z.number(),
});
export type Replacement = z.infer<typeof Replacement>;

/** The replacements of a workspace that can be undone: a small file for each, written before the file is. */
export class Replacements {
  readonly #folder: string;
  /** Oldest first. */
  #all: readonly Replacement[] = [];

  /** @param folder absolute path; made when it is needed */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Reads what this and other windows have written. */
  async load(): Promise<void> {
    const names = (await readdir(this.#folder).catch(emptyIfMissing))
      .filter((name) => name.endsWith('.json'))
      .toSorted();
    const read = await Promise.all(names.map((name) => readFile(join(this.#folder, name), 'utf8').catch(() => ''))); // One that another window has undone meanwhile is gone.
    this.#all = read.flatMap((text) => readReplacement(text) ?? []);
  }

  async add(replacement: Omit<Replacement, 'version' | 'id' | 'at'>, now: number): Promise<Replacement> {
    await makeFolderDurably(this.#folder);
    const added: Replacement = {
      version: 1,
      id: `${now.toString(36).padStart(9, '0')}-${randomBytes(4).toString('hex')}`,
      at: now,
      ...replacement,
    };
    await writeDurably(join(this.#folder, `${added.id}.json`), JSON.stringify(added));
    this.#all = [...this.#all, added];
    return added;
  }

  async remove(id: string): Promise<void> {
    this.#all = this.#all.filter((one) => one.id !== id);
    await unlink(join(this.#folder, `${id}.json`)).catch(emptyIfMissing);
  }

  /** Forgets those whose former bytes are not kept any more, since nothing can bring them back. */
  async forget(formerNames: readonly string[]): Promise<void> {
    for (const { id, former } of this.#all) if (formerNames.includes(former)) await this.remove(id);
  }

  get(id: string): Replacement | undefined {
    return this.#all.find((one) => one.id === id);
  }

  get latest(): Replacement | undefined {
    return this.#all.at(-1);
  }

  /** The replacement by which a result is in the place of a file now. */
  byResult(resultId: string): Replacement | undefined {
    const found = this.#all.findLast((one) => one.resultId === resultId);
    return found && this.#all.findLast(({ uri }) => uri === found.uri) === found ? found : undefined;
  }

  /** True where a file holds what a replacement of ours has put there. */
  isOurs(uri: string, sha256: string): boolean {
    return this.#all.some((one) => one.uri === uri && one.sha256 === sha256);
  }
}

function readReplacement(text: string): Replacement | undefined {
  try {
    const parsed = Replacement.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined; // Written by another version, or not whole: the former bytes are still kept.
  }
}

function emptyIfMissing(error: unknown): [] {
  if (codeOf(error) === 'ENOENT') return [];
  throw error;
}
