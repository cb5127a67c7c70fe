import { randomUUID } from 'node:crypto';
import { mkdir, statfs, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { modelCard } from '../core/modelCard.ts';
import { highestCount, type ImageRequest } from '../core/request.ts';
import { codeOf } from './saving/saveError.ts';

/** What keeps pictures from being kept; found before anything is paid. Bytes. */
export type VaultTrouble =
  | { readonly kind: 'not-writable'; readonly folder: string; readonly cause: unknown }
  | { readonly kind: 'no-space'; readonly needed: number; readonly free: number };

/** How the vault's disk stands: bytes that may be written, or why none can be. */
export type VaultState = { readonly free: number } | Extract<VaultTrouble, { kind: 'not-writable' }>;

/** What the journal and everything else around a picture may take, in bytes. */
const besides = 16 * 1024 * 1024;

/** Tries a folder of our own by writing to it, which tells more than its rights do. It is made where it does not exist. */
export async function probeVault(folder: string): Promise<VaultState> {
  const file = join(folder, `probe-${randomUUID()}`);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(file, 'May pictures be kept here?', { flag: 'wx' });
    await unlink(file);
    return { free: await freeIn(folder) };
  } catch (error) {
    await unlink(file).catch(() => undefined); // The first error is the one to tell; the file may not even have been made.
    if (codeOf(error) === 'ENOSPC' || codeOf(error) === 'EDQUOT') return { free: 0 };
    return { kind: 'not-writable', folder, cause: error };
  }
}

/** Bytes; without end where the disk does not say it, as some of the network do: what can be written may be tried. */
async function freeIn(folder: string): Promise<number> {
  const { bavail, bsize, blocks } = await statfs(folder).catch(() => ({ bavail: 0, bsize: 0, blocks: 0 }));
  return blocks === 0 ? Infinity : bavail * bsize;
}

/** Whether what a request can bring has room there. */
export function vaultTrouble(state: VaultState, needed: number): VaultTrouble | undefined {
  if ('kind' in state) return state;
  return state.free < needed ? { kind: 'no-space', needed, free: state.free } : undefined;
}

/** Bytes that the pictures of a request may take at most: as much as without any compression, once as it comes and once as it is kept. */
export function roomFor(request: ImageRequest): number {
  const { useCustomSize, customWidth, customHeight, resolution } = request;
  const area =
    useCustomSize && customWidth && customHeight ? customWidth * customHeight : modelCard.presetArea[resolution];
  return besides + highestCount(request) * area * 4 * 2;
}
