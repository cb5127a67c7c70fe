import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { root } from '../rig/places.ts';

/** A change of a source text, to see whether it is noticed. */
export interface Breaking {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** Bundles what a window runs into a file; with a breaking, a window of a broken engine. Throws where the text to break is not there exactly once. */
export async function bundleWindow(outfile: string, breakings: readonly Breaking[] = []): Promise<void> {
  const broken = new Set<Breaking>();
  await build({
    absWorkingDir: root,
    entryPoints: [join('test', 'faults', 'window', 'main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    logLevel: 'error',
    plugins: [throughTheGate, breaks(breakings, broken)],
  });
  const left = breakings.filter((breaking) => !broken.has(breaking));
  if (left.length > 0) throw new Error(`Not in the bundle: ${left.map(({ file }) => file).join(', ')}`);
}

/** Whatever the product does with files goes through the gate; the product's text stays as it is. */
const throughTheGate: Plugin = {
  name: 'through-the-gate',
  setup(bundler) {
    const standIns: Record<string, string> = { 'node:fs/promises': 'files.ts', 'node:fs': 'streams.ts' };
    bundler.onResolve({ filter: /^node:fs(\/promises)?$/ }, ({ path, importer }) => {
      const isProduct = relative(join(root, 'src'), importer).split(/[\\/]/, 1)[0] !== '..';
      const standIn = standIns[path];
      return isProduct && standIn !== undefined
        ? { path: join(root, 'test', 'faults', 'window', standIn) }
        : { path, external: true };
    });
  },
};

function breaks(breakings: readonly Breaking[], broken: Set<Breaking>): Plugin {
  return {
    name: 'breaks',
    setup(bundler) {
      bundler.onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, async ({ path }) => {
        const file = relative(root, path).replaceAll('\\', '/');
        const mine = breakings.filter((breaking) => breaking.file === file);
        if (mine.length === 0) return undefined;
        let text = await readFile(path, 'utf8');
        for (const breaking of mine) {
          const parts = text.split(breaking.from);
          if (parts.length !== 2)
            throw new Error(`${file} holds ${parts.length - 1} times what was to be broken: ${breaking.from}`);
          text = parts.join(breaking.to);
          broken.add(breaking);
        }
        return { contents: text, loader: 'ts' };
      });
    },
  };
}
