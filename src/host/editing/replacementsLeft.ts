import { readdir } from 'node:fs/promises';

/** Says cheaply whether there is a replacement that can be undone. */
export async function hasReplacements(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
  return names.some((name) => name.endsWith('.json'));
}
