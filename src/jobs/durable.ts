import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Writes a whole file so that after a crash it holds either the old content or the new, never a part: a neighbour file is
 * written and fsynced, renamed over it, and the folder fsynced.
 */
export async function writeDurably(file: string, content: string | Uint8Array): Promise<void> {
  const neighbour = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}.new`;
  try {
    await withFile(neighbour, 'wx', async (handle) => {
      await handle.writeFile(content);
      await handle.sync();
    });
    await rename(neighbour, file);
  } catch (error) {
    await rm(neighbour, { force: true });
    throw error;
  }
  await syncFolder(dirname(file));
}

/** Creates a file that must not exist yet, durably. After a crash it may be there without its content, or not at all. */
export async function createDurably(file: string, content: string): Promise<void> {
  await withFile(file, 'wx', async (handle) => {
    await handle.writeFile(content);
    await handle.sync();
  });
  await syncFolder(dirname(file));
}

/** Makes the names in a folder durable. Windows has no such call and needs none. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  await withFile(folder, 'r', (handle) => handle.sync());
}

/** Creates a folder, and its parents, so that it survives a crash. */
export async function makeFolderDurably(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  const top = dirname(first ?? folder);
  let parent = dirname(folder);
  await syncFolder(parent);
  while (parent !== top && parent.startsWith(top)) {
    parent = dirname(parent);
    await syncFolder(parent);
  }
}

async function withFile<T>(file: string, flags: string, use: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await open(file, flags);
  try {
    return await use(handle);
  } finally {
    await handle.close();
  }
}
