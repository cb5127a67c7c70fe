import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, copyFile, link, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/** Gives a file that is durable its final name, never over another file (EEXIST), and makes the name durable. */
export async function publish(
  source: string,
  target: string,
  options: { readonly keepSource?: boolean } = {},
): Promise<void> {
  try {
    await link(source, target);
    if (options.keepSource !== true) await rm(source);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // FAT and some network drives know no hard links; drives cannot share files.
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EXDEV', 'EMLINK', 'EISDIR', 'EINVAL'].includes(code ?? ''))
      throw error;
    await moveWithoutLinks(source, target, options.keepSource === true);
  }
  await syncFolder(path.dirname(target));
}

/** Length and lowercase hexadecimal SHA-256 of a file. */
export async function sha256OfFile(file: string): Promise<{ sha256: string; byteLength: number }> {
  const hash = createHash('sha256');
  let byteLength = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 262_144 })) {
    hash.update(chunk as Buffer);
    byteLength += (chunk as Buffer).length;
  }
  return { sha256: hash.digest('hex'), byteLength };
}

async function moveWithoutLinks(source: string, target: string, keepSource: boolean): Promise<void> {
  if (await exists(target)) throw Object.assign(new Error(`${target} exists already.`), { code: 'EEXIST' });
  if (!keepSource) return await rename(source, target);
  const part = `${target}.part`;
  await copyFile(source, part);
  await sync(part, 'r+');
  await rename(part, target);
}

async function exists(file: string): Promise<boolean> {
  return await access(file).then(
    () => true,
    () => false,
  );
}

/** Makes the names in a folder durable. Windows cannot open folders, and does this by itself. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  await sync(folder, 'r');
}

async function sync(name: string, flags: 'r' | 'r+'): Promise<void> {
  const handle = await open(name, flags);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
