// Writes THIRD-PARTY-NOTICES.md from the licences of what the package contains; with --check only says whether it is current.
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './places.ts';

const target = join(root, 'THIRD-PARTY-NOTICES.md');
const expected = notices();

if (!process.argv.includes('--check')) {
  writeFileSync(target, expected);
} else if (!existsSync(target) || readFileSync(target, 'utf8') !== expected) {
  console.error('THIRD-PARTY-NOTICES.md is not what the installed packages call for; run: node test/rig/notices.ts');
  process.exitCode = 1;
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly homepage?: string;
  readonly dependencies?: Record<string, string>;
}

function notices(): string {
  const packages = [...closure(Object.keys(manifestIn(root).dependencies ?? {}))].sort();
  return [
    '# Third-party notices',
    'Wan Image Studio contains the following packages, under the terms of their own licences.',
    ...packages.map(noticeOf),
    engineParts(),
  ]
    .join('\n\n')
    .concat('\n');
}

/** The packages with all that they depend on: the bundler may take something of each. */
function closure(names: readonly string[], found = new Set<string>()): Set<string> {
  for (const name of names.filter((each) => !found.has(each))) {
    found.add(name);
    closure(Object.keys(manifestIn(directoryOf(name)).dependencies ?? {}), found);
  }
  return found;
}

function noticeOf(name: string): string {
  const { version, license, homepage } = manifestIn(directoryOf(name));
  const heading = `## ${name} ${version}\n\nLicence: ${license}${homepage ? `, <${homepage}>` : ''}`;
  const [licence] = globSync('LICENSE{,.md}', { cwd: directoryOf(name) });
  if (licence === undefined) throw new Error(`${name} has no licence in its folder.`);
  return `${heading}\n\n${fenced(readFileSync(join(directoryOf(name), licence), 'utf8'))}`;
}

function engineParts(): string {
  const own = readFileSync(join(directoryOf('wasm-vips'), 'THIRD-PARTY-NOTICES.md'), 'utf8');
  return `## Libraries inside wasm-vips

${own.replace(/^#.*$/m, '').trim()}

The libraries under the LGPL are in \`dist/vips/*.wasm\`, files of their own that can be replaced; wasm-vips builds them from
<https://github.com/kleisauke/wasm-vips>.`;
}

function manifestIn(directory: string): Manifest {
  return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
}

function directoryOf(name: string): string {
  return join(root, 'node_modules', name);
}

function fenced(text: string): string {
  return `\`\`\`text\n${text.replaceAll('\r\n', '\n').trim()}\n\`\`\``;
}
