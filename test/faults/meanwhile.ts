import { existsSync, readdirSync, readFileSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Damage } from './plan.ts';

/** Damages a file of the one job's journal; nothing happens where there is no such file. True where something was damaged. */
export function damageJournal(root: string, { file: kind, how, where, bit }: Damage): boolean {
  const job = jobFolders(root)[0];
  const name =
    job && readdirSync(job).findLast((each) => (kind === 'owner' ? /^owner\.\d+$/.test(each) : each === kind));
  if (name === undefined || job === undefined) return false;
  const file = join(job, name);
  const bytes = readFileSync(file);
  const at = Math.floor(where * bytes.length);
  switch (how) {
    case 'flip a bit':
      if (bytes.length > 0) bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
      writeFileSync(file, bytes);
      break;
    case 'cut':
      truncateSync(file, at);
      break;
    case 'zeros':
      writeFileSync(file, Buffer.alloc(bytes.length));
      break;
    case 'empty':
      truncateSync(file, 0);
      break;
    case 'garbage':
      writeFileSync(file, Buffer.from(bytes.map((byte, index) => (byte * 31 + index * 17 + bit) & 0xff)));
      break;
    case 'remove':
      rmSync(file);
      break;
  }
  return true;
}

/**
 * Lets so much time pass for files that were left in the middle of something that nobody waits for them any more: an
 * owner's file that does not say who owns it counts as alive for a minute, and a part of a copy is kept for an hour.
 */
export function letTimePass(root: string, now: number): void {
  for (const folder of jobFolders(root)) {
    for (const name of readdirSync(folder).filter((each) => /^owner\.\d+$/.test(each)))
      if (!saysWhoIsDead(join(folder, name))) age(join(folder, name), now - 120_000);
  }
  const images = join(root, 'workspace', 'images');
  if (!existsSync(images)) return;
  for (const name of readdirSync(images).filter((each) => each.endsWith('.part')))
    age(join(images, name), Math.min(now, Date.now()) - 7_200_000);
}

/** The folders of jobs; beside them stands what the journal notes of drafts. */
export function jobFolders(root: string): string[] {
  const vault = join(root, 'vault');
  if (!existsSync(vault)) return [];
  return readdirSync(vault, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => join(vault, entry.name));
}

function age(file: string, to: number): void {
  utimesSync(file, to / 1000, to / 1000);
}

function saysWhoIsDead(file: string): boolean {
  try {
    const { pid, released } = JSON.parse(readFileSync(file, 'utf8')) as { pid?: number; released?: boolean };
    if (released === true) return true;
    process.kill(pid ?? 0, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}
