import { escapeAttribute, escapeMarkdown } from './escapes.ts';
import { Imports } from './imports.ts';
import type { Span, Syntax } from './languages.ts';

/** A picture that a document refers to, with the words that stand for it. */
export interface PictureAt {
  /** The alternative text as it is written, by its offsets in the document. */
  readonly alt: Span;
  /** The address or the path that was imported, without escapes. */
  readonly source: string;
  /** Makes words into what can be written in that place. */
  readonly escape: (words: string) => string;
}

/** How far around an offset a reference is looked for, in UTF-16 units. */
const reach = 2000;
const image = /!\[((?:\\.|[^\]\\\n]){0,600})\]\(([^()\s]{1,600})(?:\s[^)\n]{0,200})?\)/g;
const element = /<(?:img|[A-Z]\w*)\s(?:"[^"]*"|'[^']*'|\{[^{}]*\}|[^>"'{}]){0,300}>/g;

/** The picture whose reference is around an offset; undefined where there is none, or none with words in quotes. */
export function pictureAt(text: string, syntax: Syntax, offset: number): PictureAt | undefined {
  const start = Math.max(0, offset - reach);
  const around = text.slice(start, offset + reach);
  const at = (pattern: RegExp) =>
    [...around.matchAll(pattern)].find(
      ({ index, 0: all }) => start + index <= offset && offset <= start + index + all.length,
    );
  const marked = syntax === 'markdown' || syntax === 'mdx' ? at(image) : undefined;
  if (marked) {
    const [, words = '', address = ''] = marked;
    const from = start + marked.index + 2;
    return found(address, { start: from, end: from + words.length }, escapeMarkdown);
  }
  const tag = at(element);
  const alt = tag && /\salt="([^"{}]*)"/.exec(tag[0]);
  if (!tag || !alt) return undefined;
  const from = start + tag.index + alt.index + alt[0].indexOf('"') + 1;
  const span = { start: from, end: from + (alt[1] ?? '').length };
  const [, address, name] = /\ssrc=(?:"([^"{}]*)"|\{([\p{ID_Continue}$]+)(?:\.src)?\})/u.exec(tag[0]) ?? [];
  if (address !== undefined) return found(address, span, escapeAttribute);
  const source = name === undefined ? undefined : new Imports(text, syntax).specifierOf(name);
  return source === undefined ? undefined : { alt: span, source, escape: escapeAttribute };
}

function found(address: string, alt: Span, escape: PictureAt['escape']): PictureAt | undefined {
  // One on another host, or in the document itself, is no file.
  if (/^(?:[a-z][\w+.-]*:|\/\/|#|%[a-z])/i.test(address)) return undefined;
  const source = decoded(address.replace(/[?#].*$/, ''));
  return source === undefined ? undefined : { alt, source, escape };
}

/** Undefined where a percent sign is followed by what is no escape. */
function decoded(address: string): string | undefined {
  try {
    return decodeURIComponent(address);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
