import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, vsixPath } from './places.ts';
import { mustRun } from './processes.ts';

/** Beside the package: a digest of everything it was made from. */
const stamp = join(root, 'dist', 'vsix.sources');

const sources = [
  'src/**',
  'webview-ui/**',
  'media/**',
  'l10n/**',
  'package*.json',
  'esbuild.mjs',
  'tsconfig.json',
  '.vscodeignore',
  '*.md',
  'LICENSE',
];

/** Builds and packages the extension, unless the package on disk was made from the very same sources. Returns its path. */
export async function packageExtension(say: (line: string) => void = console.log): Promise<string> {
  const digest = digestOfSources();
  if (existsSync(vsixPath) && existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return vsixPath;
  say('Building and packaging the extension');
  await mustRun(process.execPath, ['esbuild.mjs'], { output: 'keep' });
  const vsce = join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  const options = ['--no-dependencies', '--no-rewrite-relative-links', '--allow-missing-repository', '--out', vsixPath];
  await mustRun(process.execPath, [vsce, 'package', ...options], { output: 'keep' });
  writeFileSync(stamp, digest);
  return vsixPath;
}

function digestOfSources(): string {
  const files = globSync(sources, { cwd: root })
    .filter((path) => statSync(join(root, path)).isFile())
    .sort();
  const digest = createHash('sha256');
  for (const file of files)
    digest
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0');
  return digest.digest('hex');
}
