import { createHash, randomUUID } from 'node:crypto';
import { link, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolderDurably, syncFolder } from './durable.ts';

/** What a picture is known by. */
export interface ClaimedPicture {
  /** Of its bytes, lowercase hexadecimal. */
  readonly sha256: string;
  /** Where it was fetched from, where it was. */
  readonly address?: string;
}

/**
 * Which pictures of one service belong to a job, over all windows and workspaces: whatever is in a vault is claimed, and
 * one that is looked for among past requests can be claimed once. A claim is a file that is made exclusively, named by the
 * bytes of the picture, and names its job; a second one, named by the address, spares a download. A claim whose job has
 * not got the picture was broken off: it keeps others away, and its own job may take the picture still.
 */
export class Claims {
  readonly #folder: string;
  readonly #journals: () => Promise<readonly string[]>;

  /** @param journals the folders of all journals of this service: pictures kept before there were claims have none */
  constructor(folder: string, journals: () => Promise<readonly string[]>) {
    this.#folder = folder;
    this.#journals = journals;
  }

  /** Notes durably that a picture is in a job's vault, whoever else may claim it. */
  async note(jobId: string, picture: ClaimedPicture): Promise<void> {
    await this.#claim(contentName(picture.sha256), jobId);
    if (picture.address !== undefined) await this.#claim(addressName(picture.address), jobId);
  }

  /** Claims a picture for a job, durably; false where another job has it. */
  async take(jobId: string, picture: ClaimedPicture): Promise<boolean> {
    const name = contentName(picture.sha256);
    if (!(await this.#claim(name, jobId)) && (await this.#holderOf(name)) !== jobId) return false;
    if (picture.address !== undefined) await this.#claim(addressName(picture.address), jobId);
    return true;
  }

  /** Takes back a claim of a job that did not get the picture after all. */
  async giveBack(jobId: string, picture: ClaimedPicture): Promise<void> {
    const names = [
      ...(picture.address === undefined ? [] : [addressName(picture.address)]),
      contentName(picture.sha256),
    ];
    for (const name of names) {
      if ((await this.#holderOf(name)) === jobId) await rm(join(this.#folder, name), { force: true });
    }
  }

  /** True where another job has the picture at this address. */
  async isAddressOfOther(jobId: string, address: string): Promise<boolean> {
    return this.#isOfOther(jobId, addressName(address));
  }

  /** True where another job has a picture with these bytes. */
  async isContentOfOther(jobId: string, sha256: string): Promise<boolean> {
    return this.#isOfOther(jobId, contentName(sha256));
  }

  /** The bytes of all pictures that journals know, as their SHA-256. */
  async knownContents(): Promise<ReadonlySet<string>> {
    const known = new Set<string>();
    for (const journal of await this.#journals()) {
      for (const name of await namesIn(journal)) {
        for (const sha256 of await contentsOf(join(journal, name, 'job.json'))) known.add(sha256);
      }
    }
    return known;
  }

  async #isOfOther(jobId: string, name: string): Promise<boolean> {
    const holder = await this.#holderOf(name);
    return holder !== undefined && holder !== jobId;
  }

  /** Undefined where there is no claim. One that cannot be read is somebody's all the same. */
  async #holderOf(name: string): Promise<string | undefined> {
    try {
      const value: unknown = JSON.parse(await readFile(join(this.#folder, name), 'utf8'));
      return typeof value === 'object' && value !== null && 'jobId' in value ? String(value.jobId) : '';
    } catch (error) {
      if (isCode(error, 'ENOENT')) return undefined;
      if (error instanceof SyntaxError) return '';
      throw error;
    }
  }

  /** False where there is a claim already. The name appears only with its whole content. */
  async #claim(name: string, jobId: string): Promise<boolean> {
    await makeFolderDurably(this.#folder);
    const file = join(this.#folder, name);
    const part = join(this.#folder, `${randomUUID()}.new`);
    try {
      await writeNew(part, jobId);
      await link(part, file).catch((error: unknown) => {
        // FAT and some network drives know no hard links.
        if (!isCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EISDIR', 'EINVAL')) throw error;
        return writeNew(file, jobId);
      });
    } catch (error) {
      if (isCode(error, 'EEXIST')) return false;
      throw error;
    } finally {
      await rm(part, { force: true });
    }
    await syncFolder(this.#folder);
    return true;
  }
}

/** The name of an address without its query, which holds a signature that changes. */
export const addressKey = (address: string): string => sha256Of(address.replace(/[?#].*$/s, ''));

const contentName = (sha256: string): string => `${sha256}.content`;
const addressName = (address: string): string => `${addressKey(address)}.address`;
const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex');

async function writeNew(file: string, jobId: string): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    await handle.writeFile(JSON.stringify({ jobId }));
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (isCode(error, 'ENOENT', 'ENOTDIR')) return [];
    throw error;
  });
}

/** An entry that cannot be read names no picture: then the user is shown one more, which harms less than one fewer. */
async function contentsOf(entry: string): Promise<string[]> {
  const text = await readFile(entry, 'utf8').catch(() => '');
  const list = /"results":(\[.*\])/s.exec(text)?.[1] ?? '';
  return [...list.matchAll(/"sha256":"([0-9a-f]{64})"/g)].map(([, sha256 = '']) => sha256);
}

const isCode = (error: unknown, ...codes: readonly string[]): boolean =>
  error instanceof Error && 'code' in error && codes.includes(String(error.code));
