// Builds the extension into dist/: what activation loads, the parts that are loaded on first use, and the panel.
//   --allow-missing   leaves out a bundle whose entry does not exist yet, and says so
import { build } from 'esbuild';
import { copyFile, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';

const root = import.meta.dirname;
const dist = join(root, 'dist');
/** Everything is made here first, so that a build that fails or is under way leaves what is in dist/ usable. */
const workshop = join(root, `.dist-${process.pid}`);
const allowMissing = process.argv.includes('--allow-missing');

/** Parts that the host loads on first use. The host writes `import('../service/main.ts')`; the built host loads the file beside it. */
const lazyBundles = {
  'src/host/app.ts': 'app.cjs',
  'src/host/missing/main.ts': 'references.cjs',
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
  // Its other build asks for its parts in a way that no bundler follows.
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
  define: { 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' },
  plugins: [loadLazily, withoutMilo],
};

/** In the host a dynamic import becomes a require(), which VS Code watches; it does not watch import(). */
const inTheHost = { ...onNode, supported: { 'dynamic-import': false } };

/**
 * The panel is what its first paint needs, and a part that is loaded with `import()` when that is painted. What
 * both use becomes a third file, which is loaded with the first. The names are steady: test/rig/budgets.ts lists them.
 */
const panelEntries = [
  { in: 'webview-ui/main.tsx', out: 'panel' },
  { in: 'webview-ui/later.tsx', out: 'panel-later' },
  // Not imported by the script: the bundler would put it into the first style sheet as well.
  { in: 'webview-ui/later.css', out: 'panel-later' },
];

/**
 * Parts of the panel that are loaded when somebody asks for what they show. Each is built by itself and draws in a place of
 * its own: what it shares with the others is in it once more, and no script of theirs changes for it.
 */
const partsAlone = [
  [
    { in: 'webview-ui/saving/savingSheet.tsx', out: 'panel-saving' },
    { in: 'webview-ui/saving/saving.css', out: 'panel-saving' },
  ],
  [
    { in: 'webview-ui/cutOut/cutSheet.tsx', out: 'panel-cut-out' },
    { in: 'webview-ui/cutOut/cutOut.css', out: 'panel-cut-out' },
  ],
];

const inTheBrowser = {
  ...common,
  platform: 'browser',
  format: 'esm',
  splitting: true,
  chunkNames: 'panel-shared',
  target: 'chrome134',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  plugins: [browserOnly],
};

/** Run by itself, `node dist/check.js`; by the manifest's type it is a module. */
const check = { ...onNode, format: 'esm', define: {}, plugins: [], entry: 'src/sets/check.ts', file: 'check.js' };

const bundles = [
  { ...inTheHost, entry: 'src/host/extension.ts', file: 'extension.cjs' },
  check,
  ...Object.entries(lazyBundles).map(([entry, file]) => ({
    ...(entry.startsWith('src/host/') ? inTheHost : onNode),
    entry,
    file,
  })),
];

try {
  await mkdir(workshop);
  const contents = await Promise.all([...bundles.map(bundle), bundlePanel()]);
  await copyEngine();
  // Which source went into which bundle: test/rig/budgets.ts holds this against what may be loaded when.
  await writeFile(join(workshop, 'bundles.json'), JSON.stringify(Object.assign({}, ...contents)));
  await moveIntoPlace();
} catch (error) {
  if (!error.errors) throw error;
  process.exitCode = 1; // the bundler has already said what is wrong and where
} finally {
  await rm(workshop, { recursive: true, force: true });
}

async function bundle({ entry, file, ...options }) {
  if (allowMissing && !existsSync(join(root, entry))) {
    console.log(`not built: ${file}, because ${entry} does not exist yet`);
    return {};
  }
  const outfile = join(workshop, file);
  return sourcesOf(await build({ ...options, entryPoints: [entry], outfile }));
}

async function bundlePanel() {
  const [panel, ...alone] = await Promise.all([
    build({ ...inTheBrowser, entryPoints: panelEntries, outdir: workshop }),
    ...partsAlone.map((entryPoints) => build({ ...inTheBrowser, splitting: false, entryPoints, outdir: workshop })),
  ]);
  return Object.assign({}, ...[panel, ...alone].map(sourcesOf));
}

/** The sources in each script of a build, by the name that the script has in the package. */
function sourcesOf({ metafile }) {
  const scripts = Object.entries(metafile.outputs).filter(([output]) => /\.c?js$/.test(output));
  return Object.fromEntries(
    scripts.map(([output, { inputs }]) => [
      `dist/${basename(output)}`,
      Object.keys(inputs).filter((source) => inputs[source].bytesInOutput > 0),
    ]),
  );
}

/** Replaces the files of the last build one by one, and removes what this build has not made; the package stays. */
async function moveIntoPlace() {
  const made = await readdir(workshop, { recursive: true, withFileTypes: true });
  const files = made
    .filter((each) => each.isFile())
    .map((each) => relative(workshop, join(each.parentPath, each.name)));
  await mkdir(join(dist, 'vips'), { recursive: true });
  await Promise.all(files.map((file) => rename(join(workshop, file), join(dist, file))));
  const present = await readdir(dist);
  const left = present.filter((name) => !name.includes('vsix') && !made.some((each) => each.name === name));
  await Promise.all(left.map((name) => rm(join(dist, name), { recursive: true })));
}

/**
 * The pixel engine stays files beside the bundles, because it starts threads from its own file.
 * With AVIF and SVG support; without JPEG XL, which nothing here reads or writes.
 */
async function copyEngine() {
  const engine = join(root, 'node_modules', 'wasm-vips');
  const target = join(workshop, 'vips');
  await mkdir(target, { recursive: true });
  const files = [
    'lib/vips-node.mjs',
    'lib/vips.wasm',
    'lib/vips-heif.wasm',
    'lib/vips-resvg.wasm',
    'THIRD-PARTY-NOTICES.md',
  ];
  await Promise.all(files.map((file) => copyFile(join(engine, file), join(target, basename(file)))));
}
