import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { Random } from '../agreement/random.ts';
import type { Done } from './window/gate.ts';

/**
 * Plays the loss of power after a window was killed: what was written and not synced keeps a part of any length, and
 * names that were made, moved or removed since their folder was last synced are as they were, from some point on.
 */
export function losePower(root: string, chance: number): void {
  const random = new Random(chance);
  const unsynced = new Set<number>();
  let pending: Done[] = [];
  for (const done of readDone(root)) {
    if (done.kind === 'write' && done.inode !== undefined) unsynced.add(done.inode);
    if (done.kind === 'sync') {
      if (done.inode !== undefined) unsynced.delete(done.inode);
      pending = pending.filter((each) => folderOf(each) !== done.file);
    }
    if (done.kind === 'create' || done.kind === 'name' || done.kind === 'remove') pending.push(done);
  }
  const kept = random.whole(0, pending.length);
  for (const done of pending.slice(kept).toReversed()) undo(done);
  for (const file of filesBelow(root)) {
    const { ino, size } = statSync(file);
    if (unsynced.has(ino)) truncateSync(file, random.whole(0, size));
  }
}

function readDone(root: string): Done[] {
  const file = join(root, 'done.jsonl');
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Done);
}

const folderOf = ({ file, to }: Done): string => dirname(to ?? file);

function undo({ kind, file, to, isMove, shadow }: Done): void {
  if (kind === 'remove') {
    if (shadow !== undefined) copyFileSync(shadow, file);
    return;
  }
  if (kind === 'create') return rmSync(file, { recursive: true, force: true });
  if (to === undefined || !existsSync(to)) return;
  if (isMove === true) renameSync(to, file);
  else rmSync(to);
  if (shadow !== undefined) copyFileSync(shadow, to);
}

function filesBelow(root: string): string[] {
  return ['vault', 'spool', 'workspace']
    .map((name) => join(root, name))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name)),
    );
}
