import { webcrypto } from 'node:crypto';
import { readdir, readFile, rename, stat, unlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolderDurably, writeDurably } from '../../jobs/durable.ts';
import { codeOf } from '../saving/saveError.ts';

/** Pictures of the workspace as they were when they were sent or replaced, each once, named after their content. */
export class KeptBytes {
  readonly #folder: string;

  /** @param folder absolute path; made when it is needed */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Keeps bytes durably and answers the name under which they are read again. `sha256` must be theirs. */
  async keep(bytes: Uint8Array, sha256: string, extension: string): Promise<string> {
    const name = keptName(sha256, extension);
    const file = this.fileOf(name);
    const present = await stat(file).catch(undefinedIfMissing);
    // Whoever keeps bytes is about to write over them: what is there already must be these, and not only as many.
    if (present?.size === bytes.length && (await this.read(name))) return name;
    await makeFolderDurably(this.#folder);
    await writeDurably(file, bytes);
    return name;
  }

  /** The bytes, or undefined where they are missing or not what they were. From now on they count as used. */
  async read(name: string): Promise<Uint8Array | undefined> {
    const now = new Date();
    await utimes(this.fileOf(name), now, now).catch(undefinedIfMissing);
    const bytes = await readFile(this.fileOf(name)).catch(undefinedIfMissing);
    return bytes && (await sha256Of(bytes)) === name.split('.')[0] ? bytes : undefined;
  }

  /**
   * Takes away what has not been used for longest while there are more bytes than `most`, but nothing that was kept or
   * read since `before`, in milliseconds since 1970. Answers the names that are gone.
   */
  async shrink({ most, before }: { readonly most: number; readonly before: number }): Promise<string[]> {
    const names = await readdir(this.#folder).catch((error: unknown) => undefinedIfMissing(error) ?? []);
    const files = await Promise.all(names.map(async (name) => ({ name, ...(await this.#use(name)) })));
    let total = files.reduce((sum, { size }) => sum + size, 0);
    const gone: string[] = [];
    for (const { name, size } of files.toSorted((one, other) => one.usedAt - other.usedAt)) {
      if (total <= most || !(await this.#remove(name, before))) break;
      total -= size;
      gone.push(name);
    }
    return gone;
  }

  /** What another window has removed meanwhile has no size, and was used last. */
  async #use(name: string): Promise<{ readonly size: number; readonly usedAt: number }> {
    const found = await stat(this.fileOf(name)).catch(undefinedIfMissing);
    return { size: found?.size ?? 0, usedAt: found?.mtimeMs ?? Number.POSITIVE_INFINITY };
  }

  /** Under another name first: who uses it just now either does not find it any more, or has left his mark on it. */
  async #remove(name: string, before: number): Promise<boolean> {
    if ((await this.#use(name)).usedAt >= before) return false;
    const away = `${name}.away`;
    await rename(this.fileOf(name), this.fileOf(away));
    if ((await this.#use(away)).usedAt >= before) {
      await rename(this.fileOf(away), this.fileOf(name));
      return false;
    }
    await unlink(this.fileOf(away));
    return true;
  }

  async has(name: string): Promise<boolean> {
    return (await stat(this.fileOf(name)).catch(undefinedIfMissing)) !== undefined;
  }

  /** Absolute path of what is kept under a name. */
  fileOf(name: string): string {
    return join(this.#folder, name);
  }
}

const longestExtension = 8;

/** The name under which bytes are kept. */
export function keptName(sha256: string, extension: string): string {
  const plain = extension.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  // What stands after the last dot of a path without an extension can be as long as the path.
  return `${sha256}.${plain.slice(0, longestExtension) || 'bin'}`;
}

/** Lowercase hexadecimal. Works off the calling thread. */
export async function sha256Of(bytes: Uint8Array): Promise<string> {
  return Buffer.from(await webcrypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)).toString('hex');
}

function undefinedIfMissing(error: unknown): undefined {
  if (codeOf(error) === 'ENOENT') return undefined;
  throw error;
}
