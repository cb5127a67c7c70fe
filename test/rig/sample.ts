import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Puts a copy of the sample workspace at `target`, once: what somebody has changed there stays. */
export function copySampleOnce(target: string): void {
  if (existsSync(target)) return;
  mkdirSync(dirname(target), { recursive: true });
  cpSync(join(import.meta.dirname, 'sample'), target, { recursive: true });
}
