/**
 * How a reference is written at a place in a document. `script` is that of a component, which can import; `page-script` that
 * of a page, which cannot.
 */
export type Syntax =
  | 'markdown'
  | 'mdx'
  | 'html'
  | 'jsx'
  | 'vue'
  | 'svelte'
  | 'astro'
  | 'css'
  | 'script'
  | 'page-script';

/** Languages of documents that a reference can be written into, by VS Code's language id. */
export const insertLanguages = {
  markdown: 'markdown',
  mdx: 'mdx',
  html: 'html',
  javascriptreact: 'jsx',
  typescriptreact: 'jsx',
  vue: 'vue',
  svelte: 'svelte',
  astro: 'astro',
  css: 'css',
  scss: 'css',
  less: 'css',
  postcss: 'css',
} as const satisfies Record<string, Syntax>;
export type InsertLanguage = keyof typeof insertLanguages;

/** True for the language of a document that Insert can write to. */
export function isInsertLanguage(languageId: string): languageId is InsertLanguage {
  return Object.hasOwn(insertLanguages, languageId);
}

/** What is written at an offset of a document: its own language, or the one of the block that the offset is in. */
export function syntaxAt(language: InsertLanguage, text: string, offset: number): Syntax {
  const own = insertLanguages[language];
  if (own === 'astro' && isInside(astroHead(text), offset)) return 'script';
  if (own !== 'html' && own !== 'vue' && own !== 'svelte' && own !== 'astro') return own;
  const block = blocksIn(text).find((each) => isInside(each, offset));
  if (!block) return own;
  if (block.name === 'style') return 'css';
  return own === 'html' ? 'page-script' : 'script';
}

/** A part of a text by its offsets; the end is exclusive, and an offset right at it is still inside. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const isInside = (span: Span | undefined, offset: number): boolean =>
  span !== undefined && offset >= span.start && offset <= span.end;

/** The content of an element for styles or for a script. */
export interface Block extends Span {
  readonly name: 'style' | 'script';
  /** What stands in its opening tag after the name. */
  readonly attributes: string;
}

/** The scripts and styles of a document, in their order there; those in comments are none. */
export function blocksIn(text: string): Block[] {
  const blocks: Block[] = [];
  // A quoted attribute may hold a sign that looks like the end of its tag.
  const opening = /<!--|<(script|style)(?=[\s>/])((?:"[^"]*"|'[^']*'|[^>"']){0,1000})>/gi;
  const small = text.toLowerCase();
  for (let match = opening.exec(text); match; match = opening.exec(text)) {
    const [, name, attributes = ''] = match;
    const closing = name === undefined ? '-->' : `</${name.toLowerCase()}`;
    const start = opening.lastIndex;
    if (attributes.endsWith('/')) continue;
    const found = small.indexOf(closing, start);
    const end = found === -1 ? text.length : found;
    if (name !== undefined)
      blocks.push({ name: name.toLowerCase() === 'style' ? 'style' : 'script', attributes, start, end });
    opening.lastIndex = end;
  }
  return blocks;
}

/** The script between the two lines of dashes at the top of an Astro component. */
export function astroHead(text: string): Span | undefined {
  return headBetweenDashes(text, /^\s*---[ \t]*\r?\n/);
}

/** The content between two lines of dashes at the very top. */
export function headBetweenDashes(text: string, opening = /^---[ \t]*\r?\n/): Span | undefined {
  const start = opening.exec(text)?.[0].length;
  if (start === undefined) return undefined;
  const length = /^---[ \t]*\r?$/m.exec(text.slice(start))?.index;
  return length === undefined ? undefined : { start, end: start + length };
}
