// What may be loaded when, how big it may be, and what the package holds. Run alone it reports on what is in dist/.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root, vsixPath } from './places.ts';

const kilobyte = 1024;

/** What the panel loads before it draws anything. */
const firstPaint = ['dist/panel.js', 'dist/panel-shared.js', 'dist/panel.css'];
/** With the part that is loaded after it. */
const wholePanel = [...firstPaint, 'dist/panel-later.js', 'dist/panel-later.css'];

/** What is loaded when a picture is to be saved in another form or place. */
const savingPart = ['dist/panel-saving.js', 'dist/panel-saving.css'];
/** What is loaded when a background is to be cut out. */
const cutOutPart = ['dist/panel-cut-out.js', 'dist/panel-cut-out.css'];

interface Budget {
  readonly name: string;
  readonly bytes: () => number;
  readonly most: number;
}

const budgets: readonly Budget[] = [
  { name: 'host bundle', bytes: () => sizeOf('dist/extension.cjs'), most: 90 * kilobyte },
  { name: 'references of documents', bytes: () => sizeOf('dist/references.cjs'), most: 60 * kilobyte },
  { name: 'panel', bytes: () => sum(firstPaint, sizeOf), most: 110 * kilobyte },
  { name: 'panel, gzipped', bytes: () => sum(firstPaint, gzipped), most: 35 * kilobyte },
  // The second part is loaded when the first is painted, from the disk: nobody waits for it, and it is not to grow unseen.
  { name: 'panel, whole', bytes: () => sum(wholePanel, sizeOf), most: 220 * kilobyte },
  { name: 'panel, whole, gzipped', bytes: () => sum(wholePanel, gzipped), most: 75 * kilobyte },
  // Loaded when somebody asks for it.
  { name: 'panel, saving, gzipped', bytes: () => sum(savingPart, gzipped), most: 15 * kilobyte },
  { name: 'panel, cutting out, gzipped', bytes: () => sum(cutOutPart, gzipped), most: 12 * kilobyte },
  // What runs in a pipeline is fetched and started there for each run.
  { name: 'check of set files', bytes: () => sizeOf('dist/check.js'), most: 100 * kilobyte },
  { name: 'package', bytes: () => statSync(vsixPath).size, most: 5 * kilobyte * kilobyte },
];

/** The panel knows types of core's schemas and no more: zod would be a fifth of it. */
const notInThePanel = [/node_modules\/(undici|wasm-vips|zod)\//, /^src\/(?!core\/)/];

/** One import of these from what is painted first would bring them all to it. */
const onlyLater = [
  /^webview-ui\/undo\/\w+\.tsx?$/,
  /^webview-ui\/(later|stage\/(geometry|gestures|painter|stage|stageView))\.tsx?$/,
  /^webview-ui\/results\/(again|announcement|bitmaps|changeNote|compar\w+|copyReference|emptyPicture|found|inside|marks|more\w*|pairOf|usualTime)\.tsx?$/,
  /^webview-ui\/results\/slot(Buttons|Moves)\.tsx?$/,
  /^webview-ui\/form\/(fullDetail|palette\/.*|prompts\/.*|pastedPictures|customSizeFields)\.tsx?$/,
  /^webview-ui\/(saving|cutOut)\/.*$/,
  /^src\/core\/(paletteShares|foundColours|cssColour|cssColourNames|oklab|pasted)\.ts$/,
];

/** Sources that activation and the panel must not load: they belong to the bundles that are loaded on first use. */
const keptOut: Readonly<Record<string, readonly RegExp[]>> = {
  'dist/app.cjs': [/node_modules\/(undici|wasm-vips|zod\/v4\/(locales|classic))\//, /^src\/simulator\//],
  'dist/references.cjs': [
    /node_modules\/(undici|wasm-vips|zod\/v4\/(locales|classic))\//,
    /^src\/(simulator|service|jobs|pixels)\//,
  ],
  'dist/extension.cjs': [/node_modules\/(undici|wasm-vips|zod\/v4\/(locales|classic))\//, /^src\/simulator\//],
  'dist/check.js': [
    /node_modules\/(undici|wasm-vips|zod\/v4\/(locales|classic))\//,
    /^src\/(?!core\/|sets\/|pixels\/(placeholderMark|png)\.ts)/,
  ],
  'dist/panel.js': [...notInThePanel, ...onlyLater],
  'dist/panel-shared.js': [...notInThePanel, ...onlyLater],
  'dist/panel-later.js': [
    ...notInThePanel,
    /^webview-ui\/(saving\/(savingSheet|sheetView)\.tsx|cutOut\/(?!cutOutPart).*)$/,
  ],
  'dist/panel-saving.js': notInThePanel,
  'dist/panel-cut-out.js': notInThePanel,
};

/** Every file of the extension in the package, as vsce names it. A new one is added here on purpose, or it was not meant to ship. */
const packaged: readonly string[] = [
  'changelog.md',
  'LICENSE.txt',
  'readme.md',
  'THIRD-PARTY-NOTICES.md',
  'dist/app.cjs',
  'dist/check.js',
  'dist/extension.cjs',
  'dist/panel-cut-out.css',
  'dist/panel-cut-out.js',
  'dist/panel-later.css',
  'dist/panel-later.js',
  'dist/panel-saving.css',
  'dist/panel-saving.js',
  'dist/panel-shared.js',
  'dist/panel.css',
  'dist/panel.js',
  'dist/pixels.cjs',
  'dist/service.cjs',
  'dist/references.cjs',
  'dist/simulator.cjs',
  'dist/vips/THIRD-PARTY-NOTICES.md',
  'dist/vips/vips-heif.wasm',
  'dist/vips/vips-node.mjs',
  'dist/vips/vips-resvg.wasm',
  'dist/vips/vips.wasm',
  'l10n/bundle.l10n.json',
  'l10n/bundle.l10n.zh-cn.json',
  'media/icon.png',
  'media/walkthrough/edit.md',
  'media/walkthrough/edit.nls.zh-cn.md',
  'media/walkthrough/generate.md',
  'media/walkthrough/generate.nls.zh-cn.md',
  'media/walkthrough/insert.md',
  'media/walkthrough/insert.nls.zh-cn.md',
  'media/walkthrough/key.md',
  'media/walkthrough/key.nls.zh-cn.md',
  'media/walkthrough/practice.md',
  'media/walkthrough/practice.nls.zh-cn.md',
  'media/wanset.schema.json',
  'package.json',
  'package.nls.json',
  'package.nls.zh-cn.json',
];

/** A sentence for each budget that is exceeded, each source in a wrong bundle, and each difference in the package's files. */
export function brokenBudgets(): string[] {
  return [...tooBig(), ...misplaced(), ...unlisted()];
}

function tooBig(): string[] {
  return budgets.flatMap(({ name, bytes, most }) => {
    const size = bytes();
    console.log(`  ${name}: ${inKilobytes(size)} of ${inKilobytes(most)}`);
    return size > most ? [`${name} is ${inKilobytes(size)}; at most ${inKilobytes(most)} are allowed.`] : [];
  });
}

function misplaced(): string[] {
  const inputs: Record<string, string[]> = JSON.parse(readFileSync(join(root, 'dist', 'bundles.json'), 'utf8'));
  return Object.entries(keptOut).flatMap(([bundle, patterns]) =>
    (inputs[bundle] ?? [])
      .filter((source) => patterns.some((pattern) => pattern.test(source)))
      .map((source) => `${bundle} contains ${source}, which must load only when it is used.`),
  );
}

function unlisted(): string[] {
  const present = filesOfZip(readFileSync(vsixPath))
    .filter((name) => name.startsWith('extension/'))
    .map((name) => name.slice('extension/'.length));
  return [
    ...present
      .filter((file) => !packaged.includes(file))
      .map((file) => `The package contains ${file}, which is not listed in test/rig/budgets.ts.`),
    ...packaged.filter((file) => !present.includes(file)).map((file) => `The package lacks ${file}.`),
  ];
}

/** The names in a zip's central directory, which begins where its end record says (APPNOTE 4.3.12 and 4.3.16). */
function filesOfZip(zip: Buffer): string[] {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const names: string[] = [];
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const lengths = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset));
    const [name = 0, extra = 0, comment = 0] = lengths;
    names.push(zip.toString('utf8', at + 46, at + 46 + name));
    at += 46 + name + extra + comment;
  }
  return names;
}

function sum(paths: readonly string[], measure: (path: string) => number): number {
  return paths.reduce((total, path) => total + measure(path), 0);
}

function sizeOf(path: string): number {
  return statSync(join(root, path)).size;
}

function gzipped(path: string): number {
  return gzipSync(readFileSync(join(root, path))).length;
}

function inKilobytes(bytes: number): string {
  return `${(bytes / kilobyte).toFixed(1)} KB`;
}

if (process.argv[1] === import.meta.filename) {
  const broken = brokenBudgets();
  for (const sentence of broken) console.error(sentence);
  process.exitCode = broken.length > 0 ? 1 : 0;
}
