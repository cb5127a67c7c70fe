import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The repository's top folder. */
export const root = resolve(import.meta.dirname, '..', '..');

/** What a test run leaves behind: reports, screenshots, traces. Not under version control. */
export const resultsDirectory = join(root, '.test-results');

/** Where the packaged extension is written. */
export const vsixPath = join(root, 'dist', 'wan-image-studio.vsix');

/** What outlives a clone: the VS Code that tests run in, and the sample workspace of `npm start`. */
export const cacheDirectory =
  process.env['WAN_IMAGE_CACHE'] ??
  join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'wan-image-studio');

/** A short name that is the same for the same text. */
export function shortHash(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
