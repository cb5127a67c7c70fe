import { constants, access, lstat, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isInside } from './insideFolder.ts';
import { asSaveError, codeOf, type SaveErrorKind } from './saveError.ts';

/** What would keep a file from being written into a folder inside `root`, without making anything there. */
export async function probeFolderInside(root: string, parts: readonly string[]): Promise<SaveErrorKind | undefined> {
  try {
    const realRoot = await realpath(root);
    let nearest = realRoot;
    for (const part of parts) {
      const path = join(nearest, part);
      const real = await realpath(path).catch(undefinedIfMissing);
      // A folder that is missing is made when it is needed; a link to nothing would lead who knows where.
      if (real === undefined && (await lstat(path).catch(undefinedIfMissing))) return 'outside';
      if (real === undefined) break;
      if (!isInside(realRoot, real)) return 'outside';
      nearest = real;
    }
    if (!(await stat(nearest)).isDirectory()) return 'not-a-folder';
    await access(nearest, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    return asSaveError(error, root).kind;
  }
}

function undefinedIfMissing(error: unknown): undefined {
  if (codeOf(error) === 'ENOENT') return undefined;
  throw error;
}
