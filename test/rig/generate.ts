// Writes what follows from the tables in src/host: fields of package.json, package.nls.json, the strings of l10n and the
// README's table of settings, and the sentences of the log that a problem report may hold. With --check it writes nothing
// and fails where a file is not what it would write. What translators write is put in order beside it, never invented:
// what a translation lacks is printed, and fails the check.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { panelTable } from '../../src/core/panelStrings.ts';
import { failureSentences } from '../../src/core/sentences.ts';
import { SetFile } from '../../src/core/setFile.ts';
import { setFileSentences } from '../../src/core/setFileRules.ts';
import { manifestParts, settingsTable } from '../../src/host/manifest.ts';
import { root } from './places.ts';
import { faultsOf, languages, missingPages, tidied } from './translations.ts';

const begin = '<!-- settings: made by test/rig/generate.ts -->';
const end = '<!-- settings: end -->';

/** A file of translations and the English that it follows. */
interface Translation {
  readonly file: string;
  readonly english: Readonly<Record<string, string>>;
  readonly translated: Readonly<Record<string, string>>;
}

async function generated(english: English, translations: readonly Translation[]): Promise<Record<string, string>> {
  const { fields } = manifestParts();
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Record<string, unknown>;
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  return {
    'package.json': json(withFields(manifest, fields)),
    'package.nls.json': json(english.manifest),
    'l10n/bundle.l10n.json': json(english.host),
    ...Object.fromEntries(translations.map((each) => [each.file, json(tidied(each.english, each.translated))])),
    'README.md': withTable(readme),
    'media/wanset.schema.json': setSchema(),
    'src/host/report/logSentences.ts': await logSentences(),
  };
}

/** The English that is translated: what package.json says, and what the host and the panel say. */
interface English {
  readonly manifest: Readonly<Record<string, string>>;
  readonly host: Readonly<Record<string, string>>;
}

async function translationsOf({ manifest, host }: English): Promise<Translation[]> {
  const files = languages.flatMap((language) => [
    { file: `package.nls.${language}.json`, english: manifest },
    { file: `l10n/bundle.l10n.${language}.json`, english: host },
  ]);
  return Promise.all(
    files.map(async ({ file, english }) => ({
      file,
      english,
      translated: JSON.parse(await readFile(join(root, file), 'utf8')) as Record<string, string>,
    })),
  );
}

/** The manifest with these fields; new ones go before `scripts`, so that what VS Code reads stands together. */
function withFields(
  manifest: Record<string, unknown>,
  fields: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  const added = Object.entries(fields).filter(([name]) => !Object.hasOwn(manifest, name));
  for (const [name, value] of Object.entries(manifest)) {
    if (name === 'scripts') Object.assign(result, Object.fromEntries(added));
    result[name] = Object.hasOwn(fields, name) ? fields[name] : value;
  }
  return result;
}

/** package.json as it is kept: two spaces, short arrays and objects on one line. */
function json(value: unknown): string {
  const oneLine = (text: string) => {
    const line = text.replace(/\s*\n\s*/g, ' ');
    return line.startsWith('[') ? line.replace(/^\[ | \]$/g, (bracket) => bracket.trim()) : line;
  };
  return `${JSON.stringify(value, null, 2).replace(/\{[^{}[\]]*\}|\[[^{}[\]]*\]/g, (text) => (oneLine(text).length <= 100 ? oneLine(text) : text))}\n`;
}

/** The shape of `*.wanset.json` for the editor's JSON language, which completes and explains it. */
function setSchema(): string {
  const schema = z.toJSONSchema(SetFile, { target: 'draft-7' });
  return json({ title: 'A set of pictures for Wan Image Studio', ...schema });
}

function withTable(readme: string): string {
  const from = readme.indexOf(begin);
  const to = readme.indexOf(end);
  if (from < 0 || to < from) throw new Error(`README.md has lost the lines "${begin}" and "${end}".`);
  return `${readme.slice(0, from + begin.length)}\n\n${settingsTable()}\n\n${readme.slice(to)}`;
}

/** Every English string for translators: those that the host passes to `l10n.t`, and the sentences of core. */
async function strings(folder: string): Promise<Record<string, string>> {
  const tables = [panelTable(), failureSentences, setFileSentences];
  const sentences = tables.flatMap((table) => Object.values<string>(table));
  const texts = new Set([...(await literals(folder)), ...sentences]);
  return Object.fromEntries([...texts].toSorted((one, other) => (one < other ? -1 : 1)).map((text) => [text, text]));
}

/** The literals that are passed to `l10n.t` in the sources of a folder. */
async function literals(folder: string): Promise<Set<string>> {
  const strings = new Set<string>();
  for (const entry of await readdir(folder, { recursive: true })) {
    if (!entry.endsWith('.ts')) continue;
    const source = await readFile(join(folder, entry), 'utf8');
    for (const [, quoted] of source.matchAll(/\bt\(\s*('(?:[^'\\\n]|\\.)*')/g)) {
      strings.add(JSON.parse(`"${quoted!.slice(1, -1).replaceAll("\\'", "'").replaceAll('"', '\\"')}"`) as string);
    }
  }
  return strings;
}

/** What the sources write to the log, with `{}` for each gap that is filled in; what is gaps nearly alone is left out. */
async function logSentences(): Promise<string> {
  const found = new Set<string>();
  for (const room of ['host', 'jobs', 'service']) {
    const folder = join(root, 'src', room);
    for (const entry of await readdir(folder, { recursive: true })) {
      if (!entry.endsWith('.ts')) continue;
      const source = await readFile(join(folder, entry), 'utf8');
      const calls = /(?:\blog|#guard)(?:\.(?:error|info))?\(\s*(?:'((?:[^'\\\n]|\\.)*)'|`)/g;
      for (const { 1: quoted, 0: call, index } of source.matchAll(calls)) {
        const sentence = quoted?.replaceAll(/\\(.)/g, '$1') ?? template(source, index + call.length);
        if (sentence.replaceAll(/[^a-z]/gi, '').length >= 8) found.add(sentence);
      }
    }
  }
  const lines = [...found].toSorted((one, other) => (one < other ? -1 : 1)).map((text) => `  ${literal(text)},\n`);
  return `// Made by test/rig/generate.ts from what the sources write to the log.\nexport const logSentences: readonly string[] = [\n${lines.join('')}];\n`;
}

/** The template literal that begins at `from`, behind its first backtick; what it fills in is `{}`, whatever is nested there. */
function template(source: string, from: number): string {
  let words = '';
  for (let at = from; at < source.length && source[at] !== '`'; at++) {
    if (source.startsWith('${', at)) {
      at = endOfGap(source, at + 2);
      words += '{}';
    } else words += source[at];
  }
  return words.replaceAll(/(\{\})+/g, '{}');
}

function endOfGap(source: string, from: number): number {
  let at = from;
  for (let depth = 1; at < source.length; at++) {
    if (source[at] === '{') depth++;
    if (source[at] === '}' && --depth === 0) break;
  }
  return at;
}

function literal(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  return quote + text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`) + quote;
}

const check = process.argv.includes('--check');
const english: English = { manifest: manifestParts().texts, host: await strings(join(root, 'src', 'host')) };
const translations = await translationsOf(english);
const stale: string[] = [];
for (const [name, content] of Object.entries(await generated(english, translations))) {
  const file = join(root, name);
  const present = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (name === 'package.json' ? isSameJson(present, content) : present === content) continue;
  stale.push(name);
  if (!check) await writeFile(file, content);
}
if (stale.length > 0) console.log(`${check ? 'Not what the tables say' : 'Written'}: ${stale.join(', ')}`);
if (check && stale.length > 0) {
  console.log('Run: node test/rig/generate.ts');
  process.exitCode = 1;
}
const faults = [
  ...translations.flatMap((each) => faultsOf(each.file, each.english, each.translated)),
  ...missingPages(await readdir(join(root, 'media', 'walkthrough'))),
];
for (const fault of faults) console.log(fault);
if (check && faults.length > 0) process.exitCode = 1;

/** How package.json is laid out is nobody's business here, only what it says. */
function isSameJson(one: string | undefined, other: string): boolean {
  return one !== undefined && JSON.stringify(JSON.parse(one)) === JSON.stringify(JSON.parse(other));
}
