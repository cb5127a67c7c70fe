import { lstat, mkdir, realpath, stat } from 'node:fs/promises';
import { join, relative, sep, isAbsolute } from 'node:path';
import { isPortable } from './fileName.ts';
import { codeOf, SaveError } from './saveError.ts';

/**
 * The parts of a folder given relative to the workspace folder. Throws SaveError 'bad-folder' where it is not inside by its
 * words alone, and 'bad-name' where not every system of those who share the setting can have it.
 */
export function folderParts(setting: string): string[] {
  const parts = setting.split(/[/\\]/).filter((part) => part !== '' && part !== '.');
  const isBad = /^[/\\~]|^[A-Za-z]:|\0/.test(setting) || parts.includes('..');
  if (isBad) throw new SaveError('bad-folder', setting);
  if (!parts.every(isPortable)) throw new SaveError('bad-name', setting);
  return parts;
}

/**
 * The real path of a folder inside `root`, made where it does not exist. Links may lead anywhere inside the root and
 * nowhere else. Throws SaveError 'outside' or 'not-a-folder', or the file system's own error.
 */
export async function makeFolderInside(root: string, parts: readonly string[]): Promise<string> {
  const realRoot = await realpath(root);
  let folder = realRoot;
  for (const [index, part] of parts.entries()) {
    folder = await step(join(folder, part), parts.slice(0, index + 1).join('/'));
    if (!isInside(realRoot, folder)) throw new SaveError('outside', parts.join('/'));
  }
  return folder;
}

async function step(path: string, shown: string): Promise<string> {
  const real = await realpath(path).catch(undefinedIfMissing);
  if (real !== undefined) {
    if (!(await stat(real)).isDirectory()) throw new SaveError('not-a-folder', shown);
    return real;
  }
  // A link to nothing: making a folder would make it at the link's far end.
  if (await lstat(path).catch(undefinedIfMissing)) throw new SaveError('outside', shown);
  await mkdir(path).catch((error) => {
    if (codeOf(error) !== 'EEXIST') throw error;
  });
  return realpath(path);
}

/** True where a path without links is a folder or lies in it. */
export function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

function undefinedIfMissing(error: unknown): undefined {
  if (codeOf(error) === 'ENOENT') return undefined;
  throw error;
}
