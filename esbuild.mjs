// Builds the extension into dist/: what activation loads, the parts that are loaded on first use, and the panel.
//   --allow-missing   leaves out a bundle whose entry does not exist yet, and says so
import { build } from 'esbuild';
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

const root = import.meta.dirname;
const dist = join(root, 'dist');
const allowMissing = process.argv.includes('--allow-missing');

/** Parts that the host loads on first use. The host writes `import('../service/main.ts')`; the built host loads the file beside it. */
const lazyBundles = {
  'src/service/main.ts': 'service.cjs',
  'src/simulator/worker.ts': 'simulator.cjs',
  'src/pixels/worker.ts': 'pixels.cjs',
};

/** Turns the host's dynamic import of a lazy part into a require of its own bundle. */
const loadLazily = {
  name: 'load-lazily',
  setup(bundler) {
    bundler.onResolve({ filter: /^\.\.?\// }, ({ kind, path, resolveDir }) => {
      if (kind !== 'dynamic-import') return undefined;
      const entry = relative(root, resolve(resolveDir, path)).replaceAll('\\', '/');
      const bundle = lazyBundles[entry];
      return bundle ? { path: `./${bundle}`, external: true } : undefined;
    });
  },
};

/** The pixel engine starts threads from its own file, so it stays a file beside the bundles instead of becoming a part of them. */
const engineBeside = {
  name: 'engine-beside',
  setup(bundler) {
    bundler.onResolve({ filter: /^wasm-vips$/ }, () => ({ path: './vips/vips-node.cjs', external: true }));
  },
};

/** undici's experimental second parser, 147 KB, which is off unless an environment variable asks for it. */
const withoutMilo = {
  name: 'without-milo',
  setup(bundler) {
    bundler.onLoad({ filter: /undici[\\/]lib[\\/]milo[\\/]/ }, () => ({
      contents: 'module.exports = {};',
      loader: 'js',
    }));
  },
};

/** The panel runs in a browser. Say so in a sentence before the bundler says so in a riddle. */
const browserOnly = {
  name: 'browser-only',
  setup(bundler) {
    bundler.onResolve({ filter: /^(vscode|node:.*)$/ }, ({ path, importer }) => ({
      errors: [
        { text: `The panel runs in a browser and cannot use "${path}"; ${relative(root, importer)} imports it.` },
      ],
    }));
  },
};

const common = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  sourcemap: 'external',
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
};

const onNode = {
  ...common,
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  external: ['vscode'],
  supported: { 'dynamic-import': false }, // VS Code watches require(), and only that
  plugins: [loadLazily, engineBeside, withoutMilo],
};

const inTheBrowser = {
  ...common,
  platform: 'browser',
  format: 'esm',
  target: 'chrome134',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  plugins: [browserOnly],
};

const bundles = [
  { ...onNode, entry: 'src/host/extension.ts', outfile: 'dist/extension.cjs' },
  ...Object.entries(lazyBundles).map(([entry, file]) => ({ ...onNode, entry, outfile: `dist/${file}` })),
  { ...inTheBrowser, entry: 'webview-ui/main.tsx', outfile: 'dist/panel.js' },
];

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });

const contents = await Promise.all(bundles.map(bundle));
await copyEngine();
// Which source went into which bundle: test/rig/budgets.ts holds this against what may be loaded when.
await writeFile(join(dist, 'bundles.json'), JSON.stringify(Object.assign({}, ...contents)));

async function bundle({ entry, ...options }) {
  if (allowMissing && !existsSync(join(root, entry))) {
    console.log(`not built: ${options.outfile}, because ${entry} does not exist yet`);
    return {};
  }
  const { metafile } = await build({ ...options, entryPoints: [entry] });
  return { [options.outfile]: Object.keys(metafile.inputs) };
}

/** The engine with AVIF and SVG support; without JPEG XL, which nothing here reads or writes. */
async function copyEngine() {
  const engine = join(root, 'node_modules', 'wasm-vips');
  const target = join(dist, 'vips');
  await mkdir(target, { recursive: true });
  const files = {
    'lib/vips-node.js': 'vips-node.cjs', // this project's package.json makes every .js an ES module
    'lib/vips.wasm': 'vips.wasm',
    'lib/vips-heif.wasm': 'vips-heif.wasm',
    'lib/vips-resvg.wasm': 'vips-resvg.wasm',
    'THIRD-PARTY-NOTICES.md': 'THIRD-PARTY-NOTICES.md',
  };
  await Promise.all(Object.entries(files).map(([from, to]) => copyFile(join(engine, from), join(target, to))));
}
