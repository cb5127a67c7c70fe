import type { Framework } from '../site.ts';
import { encodePath } from './escapes.ts';
import type { Syntax } from './languages.ts';

/** A file as a document can refer to it. Paths have slashes and are not escaped. */
export interface Located {
  /** From the document's folder. */
  readonly path: string;
  /** From the public folder of the project that both belong to; left out for a file elsewhere. */
  readonly publicPath?: string;
}

/** Where in which project a reference is written. */
export interface Place {
  readonly syntax: Syntax;
  readonly framework: Framework;
  /** The URL path of the public folder, with a slash at both ends; left out where it cannot be known. */
  readonly base?: string;
  /** The project makes a page of the document; a README beside it is read as it is. */
  readonly isPage: boolean;
}

/** How a document names a file. */
export type Address =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'import'; readonly specifier: string }
  /** Below what only the bundler knows: Vite's `import.meta.env.BASE_URL`. */
  | { readonly kind: 'below-base'; readonly path: string };

/**
 * The address of a file for a place. A file of the public folder by the URL at which it is served, all others relative to the
 * document, as an import where only that makes the bundler take the file along. Sources: the pages of each project on static
 * files, on its base path, and on images in Markdown.
 */
export function addressOf(place: Place, file: Located): Address {
  if (file.publicPath !== undefined && place.isPage) return servedAddress(place, file.publicPath);
  return wantsImport(place) ? { kind: 'import', specifier: withDot(file.path) } : relativeAddress(place, file.path);
}

function servedAddress({ syntax, framework, base }: Place, path: string): Address {
  const url = (start: string): Address => ({ kind: 'url', url: `${start}${encodePath(path).replace(/^\.\//, '')}` });
  if (syntax === 'html' && framework === 'sveltekit') return url('%sveltekit.assets%/');
  if (isRewritten(syntax, framework)) return url('/');
  const isExpression = syntax === 'jsx' || syntax === 'svelte' || syntax === 'script' || syntax === 'mdx';
  if (base === undefined && framework === 'vite' && isExpression) return { kind: 'below-base', path: encodePath(path) };
  return url(base ?? '/');
}

/** True where the project itself puts its base path in front of what begins with a slash. */
function isRewritten(syntax: Syntax, framework: Framework): boolean {
  const isVite = framework === 'vite' || framework === 'astro' || framework === 'sveltekit';
  switch (syntax) {
    case 'css':
      return isVite;
    case 'html':
      return framework === 'vite';
    case 'vue':
      return isVite;
    case 'markdown':
    case 'mdx':
      return framework === 'docusaurus';
    case 'jsx':
    case 'svelte':
    case 'astro':
    case 'script':
    case 'page-script':
      return false;
  }
}

function wantsImport({ syntax, framework }: Place): boolean {
  switch (syntax) {
    case 'jsx':
    case 'svelte':
    case 'astro':
    case 'script':
      return true;
    case 'mdx':
      return framework === 'vite' || framework === 'next' || framework === 'sveltekit';
    case 'markdown':
    case 'html':
    case 'page-script':
    case 'vue':
    case 'css':
      return false;
  }
}

function relativeAddress({ syntax }: Place, path: string): Address {
  const url = encodePath(path);
  // Vue takes for a file only what begins with a dot.
  return { kind: 'url', url: syntax === 'vue' ? withDot(url) : url };
}

const withDot = (path: string): string => (/^\.{1,2}\//.test(path) ? path : `./${path}`);
