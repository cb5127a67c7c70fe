import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { constants, copyFile, link, open, readdir, realpath, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { numberedName } from './fileName.ts';
import { codeOf, SaveError } from './saveError.ts';

const partialName = /^\.wan-image-[0-9a-f-]{36}\.part$/;
/** A part that nobody has written to for this long was left by a crash. */
const abandonedMs = 60 * 60 * 1000;

/**
 * Copies a file into a folder of the disk, whose path has no links, under the first free name and returns that name. The
 * whole copy is on the disk before it has a name, and no file that is there already is touched, whoever else writes to the
 * folder. Throws the file system's own errors, and SaveError 'lost' where the source is missing, 'outside' where the folder
 * has become a link.
 */
export async function writeNewFile(source: string, folder: string, name: string, extension: string): Promise<string> {
  await removeAbandoned(folder);
  return withCopy(source, folder, async (part) => {
    for (let attempt = 1; ; attempt++) {
      const candidate = numberedName(name, extension, attempt);
      if (await claimName(part, join(folder, candidate))) return candidate;
    }
  });
}

/** Copies a file to a place in a folder under exactly this name; false, and nothing is written, where something has it. */
export async function writeExactly(source: string, folder: string, name: string): Promise<boolean> {
  return withCopy(source, folder, (part) => claimName(part, join(folder, name)));
}

/** Copies a file over a place that the user has agreed to replace; the old file stays whole until the new one is. Throws the same. */
export async function replaceFile(source: string, folder: string, name: string): Promise<void> {
  await withCopy(source, folder, (part) => rename(part, join(folder, name)));
}

async function withCopy<T>(source: string, folder: string, use: (part: string) => Promise<T>): Promise<T> {
  const part = join(folder, `.wan-image-${randomUUID()}.part`);
  try {
    await needSource(source);
    // Not copyFile, which would hand on the vault's access rights. `flush` is fsync.
    await pipeline(createReadStream(source), createWriteStream(part, { flags: 'wx', flush: true }));
    await needPlace(part);
    const result = await use(part);
    await syncFolder(folder);
    return result;
  } finally {
    await unlink(part).catch(ignoreMissing);
  }
}

async function needSource(source: string): Promise<void> {
  try {
    await (await open(source, 'r')).close();
  } catch (error) {
    throw new SaveError('lost', source, { cause: error });
  }
}

/** Somebody may have turned a folder into a link since it was looked at: then the copy is elsewhere, and gets no name there. */
async function needPlace(part: string): Promise<void> {
  if ((await realpath(part)) !== part) throw new SaveError('outside', basename(dirname(part)));
}

/** Gives the finished copy its name unless something has that name. */
async function claimName(part: string, file: string): Promise<boolean> {
  try {
    await link(part, file);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    if (!isWithoutLinks(error)) throw error;
  }
  return copyExclusively(part, file);
}

// FAT, exFAT and some network disks know no hard links; a container may forbid them.
const isWithoutLinks = (error: unknown): boolean =>
  ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV', 'EINVAL'].includes(codeOf(error) ?? '');

async function copyExclusively(part: string, file: string): Promise<boolean> {
  try {
    await copyFile(part, file, constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    // It is ours and half written: the name was free a moment ago.
    await unlink(file).catch(ignoreMissing);
    throw error;
  }
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return; // Windows has no such call and needs none.
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (error) {
    // Some network disks cannot; the file itself is on the disk already.
    if (!['EINVAL', 'ENOTSUP', 'EPERM'].includes(codeOf(error) ?? '')) throw error;
  } finally {
    await handle.close();
  }
}

/** Takes away what a crash has left in a folder. */
export async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!partialName.test(name)) continue;
    const file = join(folder, name);
    const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > abandonedMs) await unlink(file).catch(ignoreMissing);
  }
}

function ignoreMissing(error: unknown): void {
  if (codeOf(error) !== 'ENOENT') throw error;
}
