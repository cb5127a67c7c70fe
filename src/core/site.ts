import * as z from 'zod/mini';
import { type Literal, lineValueIn, literalIn } from './siteLiterals.ts';

/** What a project is built with, as far as it matters to where its pictures lie and how they are named. */
export type Framework = 'vite' | 'next' | 'astro' | 'sveltekit' | 'docusaurus' | 'hugo' | 'plain';

/** A project as its folder tells it. */
export interface Site {
  readonly framework: Framework;
  /** The folder whose files are served as they are, from the project's own, with slashes; left out where there is none that can be known. */
  readonly publicFolder?: string;
  /** The URL path at which that folder is served, with a slash at both ends; left out where only running the configuration would tell. */
  readonly base?: string;
}

/** A file larger than this, in bytes, says nothing: no configuration that people write comes near it. */
export const largestSiteFile = 64 * 1024;

/** True for the name of a file whose content `siteFrom` reads. */
export function isSiteFile(name: string): boolean {
  return name === 'package.json' || kinds.some(({ config }) => config.test(name));
}

/** The same names as a pattern of file paths, for watching them. */
export const siteFilePattern =
  '**/{package.json,vite.config.*,next.config.*,astro.config.*,svelte.config.*,docusaurus.config.*,hugo.*,config.toml,config.yaml,config.yml}';

/**
 * The project that has its root in a folder; undefined where the folder is none of a known kind. `files` are the files
 * whose names `isSiteFile` knows, with their content; `folders` the names of the folders beside them.
 */
export function siteFrom(files: ReadonlyMap<string, string>, folders: readonly string[]): Site | undefined {
  const packages = packagesIn(files.get('package.json'));
  for (const kind of kinds) {
    const name = [...files.keys()].filter((each) => kind.config.test(each)).toSorted()[0];
    const isPlain = name === undefined || (kind.needs !== undefined && !packages.has(kind.needs));
    if (isPlain && !packages.has(kind.package)) continue;
    if (kind.framework === 'hugo' && !folders.includes('content')) continue;
    const source = name === undefined ? undefined : { name, text: files.get(name) ?? '' };
    return { framework: kind.framework, ...kind.site(source) };
  }
  return undefined;
}

interface Source {
  readonly name: string;
  readonly text: string;
}

interface Kind {
  readonly framework: Exclude<Framework, 'plain'>;
  /** Names of its configuration. */
  readonly config: RegExp;
  /** The package that a project of it depends on. */
  readonly package: string;
  /** Without this package, a file of that name belongs to something else. */
  readonly needs?: string;
  readonly site: (source: Source | undefined) => Omit<Site, 'framework'>;
}

const absent: Literal = { kind: 'absent' };
const read = (source: Source | undefined, ...way: string[]): Literal => (source ? literalIn(source.text, way) : absent);

/**
 * In the order in which they are asked: what is built on Vite has Vite's configuration too. Sources: each project's own
 * pages on its public or static folder and on its base path.
 */
const kinds: readonly Kind[] = [
  {
    framework: 'docusaurus',
    config: /^docusaurus\.config\.[cm]?[jt]s$/,
    package: '@docusaurus/core',
    site: (source) => siteWith(read(source, 'staticDirectories'), 'static', read(source, 'baseUrl')),
  },
  {
    framework: 'next',
    config: /^next\.config\.[cm]?[jt]s$/,
    package: 'next',
    site: (source) => siteWith(absent, 'public', read(source, 'basePath')),
  },
  {
    framework: 'astro',
    config: /^astro\.config\.[cm]?[jt]s$/,
    package: 'astro',
    site: (source) => siteWith(read(source, 'publicDir'), 'public', read(source, 'base')),
  },
  {
    framework: 'sveltekit',
    config: /^svelte\.config\.[cm]?[jt]s$/,
    package: '@sveltejs/kit',
    needs: '@sveltejs/kit',
    site: (source) => siteWith(read(source, 'kit', 'files', 'assets'), 'static', read(source, 'kit', 'paths', 'base')),
  },
  {
    framework: 'hugo',
    // "config" alone is a usual name, so a folder of content has to stand beside it.
    config: /^(hugo|config)\.(toml|ya?ml|json)$/,
    package: 'hugo-bin',
    site: (source) => siteWith(readHugo(source, 'staticDir'), 'static', pathOf(readHugo(source, 'baseURL'))),
  },
  {
    framework: 'vite',
    config: /^vite\.config\.[cm]?[jt]s$/,
    package: 'vite',
    site: (source) => {
      const root = read(source, 'root');
      if (root.kind === 'unreadable') return siteWith(root, 'public', read(source, 'base'));
      const folder = read(source, 'publicDir');
      const within = root.kind === 'text' ? `${root.text}/` : '';
      const text = folder.kind === 'text' ? folder.text : 'public';
      return siteWith(
        folder.kind === 'off' || folder.kind === 'unreadable' ? folder : { kind: 'text', text: `${within}${text}` },
        'public',
        read(source, 'base'),
      );
    },
  },
];

function readHugo(source: Source | undefined, key: string): Literal {
  if (!source) return absent;
  return source.name.endsWith('.json') ? literalIn(source.text, [key]) : lineValueIn(source.text, key);
}

/** The path of a whole address: Hugo serves its pages below it. */
function pathOf(address: Literal): Literal {
  if (address.kind !== 'text') return address;
  return { kind: 'text', text: address.text.replace(/^(?:https?:)?\/\/[^/]*/i, '') };
}

function siteWith(folder: Literal, usual: string, base: Literal): Omit<Site, 'framework'> {
  const named = folder.kind === 'absent' ? usual : folder.kind === 'text' ? folderInside(folder.text) : undefined;
  const served = base.kind === 'absent' ? '/' : base.kind === 'text' ? servedAt(base.text) : undefined;
  return { ...(named !== undefined && { publicFolder: named }), ...(served !== undefined && { base: served }) };
}

/** A folder of the project without dots; undefined for one that is elsewhere or the project itself. */
function folderInside(text: string): string | undefined {
  if (/^[/\\]|\0/.test(text)) return undefined;
  const parts: string[] = [];
  for (const part of text.split(/[/\\]/)) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  const folder = parts.join('/');
  return folder === '' || /^(~|[A-Za-z]:)/.test(folder) ? undefined : folder;
}

/** Undefined for a path that is relative to each page, or has anything in it that a path of folders has not. */
function servedAt(text: string): string | undefined {
  if (text === '') return '/';
  if (!/^\/?[\w\-.~/]*$/.test(text) || /(^|\/)\.{1,2}(\/|$)|\/\//.test(text)) return undefined;
  const inner = text.replace(/^\/|\/$/g, '');
  return inner === '' ? '/' : `/${inner}/`;
}

const Dependencies = z.optional(z.record(z.string(), z.unknown()));
const PackageFile = z.object({ dependencies: Dependencies, devDependencies: Dependencies });

function packagesIn(text: string | undefined): Set<string> {
  const parsed = PackageFile.safeParse(text === undefined ? undefined : parseJson(text));
  if (!parsed.success) return new Set();
  const { dependencies, devDependencies } = parsed.data;
  return new Set([...Object.keys(dependencies ?? {}), ...Object.keys(devDependencies ?? {})]);
}

/** Undefined for what is no JSON: a file that is being written says nothing yet. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
