/** A reference to a picture of the project, as it stands in a document. Offsets are UTF-16 units. */
export interface FoundReference {
  /** Of the path in the text. */
  readonly start: number;
  readonly end: number;
  /** What it names: without escapes, query and fragment; with slashes. Relative, or from the root of the site where it begins with one. */
  readonly path: string;
  /** What the document says about the picture, where it says anything. */
  readonly alt?: string;
  /** In CSS pixels, where the document gives them as whole numbers. */
  readonly width?: number;
  readonly height?: number;
}

/** A longer document is not looked through, in UTF-16 units. */
const longestText = 2_000_000;
/** Of one document at most; the rest is passed over. */
const mostReferences = 500;

const markup = ['html', 'vue', 'svelte', 'astro', 'javascriptreact', 'typescriptreact', 'mdx', 'markdown'] as const;
const styles = ['css', 'scss', 'less', 'html', 'vue', 'svelte', 'astro'] as const;
const scripts = [
  'javascript',
  'typescript',
  'javascriptreact',
  'typescriptreact',
  'vue',
  'svelte',
  'astro',
  'mdx',
] as const;
const markdown = ['markdown', 'mdx'] as const;

/** Languages whose references are understood, by VS Code's language id. */
export const referenceLanguages: readonly string[] = [...new Set<string>([...markup, ...styles, ...scripts])];

const isOneOf = (languages: readonly string[], languageId: string): boolean => languages.includes(languageId);

/**
 * Finds the references to pictures of the project in a document, in the order in which they stand. What is on the
 * network, in code of Markdown, in a comment, or put together by a program is none.
 */
export function referencesIn(languageId: string, text: string): FoundReference[] {
  if (text.length > longestText || !mayHavePictures.test(text)) return [];
  const shown = withoutComments(languageId, text);
  const found = [
    ...(isOneOf(markdown, languageId) ? inMarkdown(shown) : []),
    ...(isOneOf(markup, languageId) ? inTags(shown, !isOneOf(['javascriptreact', 'typescriptreact'], languageId)) : []),
    ...(isOneOf(styles, languageId) ? inStyles(shown) : []),
    ...(isOneOf(scripts, languageId) ? inImports(shown) : []),
  ];
  return found.toSorted((one, other) => one.start - other.start).slice(0, mostReferences);
}

/** The heading under which a place of a document stands, as plain words; undefined where there is none. */
export function headingAbove(languageId: string, text: string, offset: number): string | undefined {
  const before = withoutComments(languageId, text.slice(0, offset));
  const inTag = [...before.matchAll(/<h[1-6]\b[^<>]{0,500}>([^<>{}]{1,300})<\/h[1-6]>/gi)].at(-1);
  const inLine = isOneOf(markdown, languageId)
    ? [...before.matchAll(/^ {0,3}#{1,6}[ \t]+(.{1,300}?)[ \t]*#*[ \t]*$|^(\S.{0,300})\n(?:={2,}|-{2,})[ \t]*$/gm)].at(
        -1,
      )
    : undefined;
  const nearest = (inLine?.index ?? -1) > (inTag?.index ?? -1) ? (inLine?.[1] ?? inLine?.[2]) : inTag?.[1];
  const words = plainWords(nearest ?? '');
  return words === '' ? undefined : words;
}

/** Formats that a picture can be generated as, by their extensions. */
export const pictureName = /\.(?:png|jpe?g|webp|avif)$/i;
const mayHavePictures = /\.(?:png|jpe?g|webp|avif)/i;

/** The path that a document means; undefined where it is no picture of the project. */
function pathOf(written: string, decode: (text: string) => string): string | undefined {
  const decoded = decode(written.trim());
  const path = decoded.replace(/[?#].*$/s, '');
  const isElsewhere = /^(?:[a-z][a-z\d+.-]*:|\/\/|\\|~|@|#)/i.test(path);
  // What a program or a template puts together is known only when it runs.
  const isComputed = /[{}<>|*"\0\n]|\$\(/.test(path);
  return isElsewhere || isComputed || !pictureName.test(path) ? undefined : path;
}

/** Blanks what does not count, so that all offsets stay. */
function withoutComments(languageId: string, text: string): string {
  let shown = text;
  const blank = (pattern: RegExp): void => {
    shown = shown.replace(pattern, (part) => part.replace(/[^\n]/g, ' '));
  };
  if (isOneOf(markdown, languageId)) {
    blank(/^( {0,3})(`{3,}|~{3,})[^\n]*\n(?:[\s\S]*?^ {0,3}\2[`~]*[ \t]*$|[\s\S]*$)/gm);
    blank(/(?<!`)(`{1,3})(?!`)[^\n]{1,2000}?(?<!`)\1(?!`)/g);
  }
  if (isOneOf(markup, languageId)) blank(/<!--[\s\S]*?(?:-->|$)/g);
  if (isOneOf(styles, languageId) || isOneOf(scripts, languageId)) {
    blank(/\/\*[\s\S]*?(?:\*\/|$)/g);
    // Only where a line begins with it: elsewhere two slashes are part of an address.
    if (!isOneOf(['css'], languageId)) blank(/^[ \t]*\/\/[^\n]*/gm);
  }
  return shown;
}

function inMarkdown(text: string): FoundReference[] {
  const inline =
    /!\[((?:\\.|[^\]\\\n]){0,600})\]\(\s{0,20}(<[^<>\n]{1,1000}>|(?:\\.|[^\s()\\<]|\((?:\\.|[^\s()\\]){0,200}\)){1,1000})/g;
  const found = [...text.matchAll(inline)].flatMap(({ 0: all, 1: alt = '', 2: written = '', index }) =>
    referenceOf(written, index + all.length - written.length, unescapeMarkdown(alt)),
  );
  return [...found, ...byDefinition(text)];
}

/** `![alt][name]` with `[name]: path` on a line of its own. */
function byDefinition(text: string): FoundReference[] {
  const used = new Map<string, string>();
  for (const [, alt = '', name = ''] of text.matchAll(
    /!\[((?:\\.|[^\]\\\n]){1,600})\](?:\[([^\]\n]{0,300})\])?(?!\()/g,
  ))
    used.set(labelOf(name || alt), unescapeMarkdown(alt));
  if (used.size === 0) return [];
  return [...text.matchAll(/^ {0,3}\[([^\]\n]{1,300})\]:[ \t]*(<[^<>\n]{1,1000}>|\S{1,1000})/gm)].flatMap(
    ({ 0: all, 1: name = '', 2: written = '', index }) => {
      const alt = used.get(labelOf(name));
      return alt === undefined ? [] : referenceOf(written, index + all.length - written.length, alt);
    },
  );
}

const labelOf = (name: string): string => name.trim().replace(/\s+/g, ' ').toLowerCase();

function referenceOf(written: string, at: number, alt: string): FoundReference[] {
  const isAngled = written.startsWith('<');
  const inner = isAngled ? written.slice(1, -1) : written;
  const path = pathOf(inner, (text) => decodePercent(unescapeMarkdown(text)));
  if (path === undefined) return [];
  const start = isAngled ? at + 1 : at;
  return [{ start, end: start + inner.length, path, ...(alt.trim() !== '' && { alt: alt.trim() }) }];
}

const unescapeMarkdown = (text: string): string => text.replace(/\\([!-/:-@[-`{-~])/g, '$1');

/** An attribute of a tag, or a bare word: its value lies between quotes, in braces as a literal, or bare. */
const attribute =
  /\s+([:@\w.-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|\{\s*(?:"([^"{}]*)"|'([^'{}]*)'|(\d+))\s*\}|\{[^{}]*\}|([^\s"'>{}=`]+)))?/y;

interface Attribute {
  readonly value: string;
  readonly start: number;
}

/** @param hasEntities whether a value is written with entities, as in HTML */
function inTags(text: string, hasEntities: boolean): FoundReference[] {
  const found: FoundReference[] = [];
  for (const { 0: opening, 1: name = '', index } of text.matchAll(/<(img|image|source|video|link)(?=[\s/>])/gi)) {
    const attributes = attributesAt(text, index + opening.length);
    const of = (wanted: string): Attribute | undefined => attributes.get(wanted);
    const decode = (written: string): string => decodePercent(hasEntities ? decodeEntities(written) : written);
    const alt = plainWords(hasEntities ? decodeEntities(of('alt')?.value ?? '') : (of('alt')?.value ?? ''));
    const [width, height] = [pixelsOf(of('width')), pixelsOf(of('height'))];
    const facts = {
      ...(alt !== '' && { alt }),
      ...(width !== undefined && { width }),
      ...(height !== undefined && { height }),
    };
    const take = ({ value, start }: Attribute, more: Partial<FoundReference> = facts): void => {
      const path = pathOf(value, decode);
      if (path !== undefined) found.push({ start, end: start + value.length, path, ...more });
    };
    const tag = name.toLowerCase();
    const single =
      tag === 'link'
        ? /icon/i.test(of('rel')?.value ?? '')
          ? of('href')
          : undefined
        : of(tag === 'video' ? 'poster' : 'src');
    if (single) take(single);
    const set = of('srcset');
    if (set && tag !== 'link') for (const candidate of candidatesOf(set)) take(candidate, widthOf(candidate, facts));
  }
  return found;
}

function attributesAt(text: string, from: number): Map<string, Attribute> {
  const attributes = new Map<string, Attribute>();
  attribute.lastIndex = from;
  for (let match = attribute.exec(text); match && attributes.size < 60; match = attribute.exec(text)) {
    const [all, name = '', ...values] = match;
    const value = values.find((each) => each !== undefined);
    if (value === undefined) continue;
    const isQuoted = /["'}]$/.test(all);
    const start = match.index + (isQuoted ? all.lastIndexOf(value) : all.length - value.length);
    const key = name.toLowerCase();
    if (!attributes.has(key)) attributes.set(key, { value, start });
  }
  return attributes;
}

interface Candidate extends Attribute {
  /** As written: "640w" or "2x"; empty for none. */
  readonly size: string;
}

/** The parts of a `srcset`. */
function candidatesOf({ value, start }: Attribute): Candidate[] {
  return [...value.matchAll(/([^\s,][^\s]*[^\s,]|[^\s,])(?:\s+([\d.]+[wx]))?\s*(?:,|$)/g)].map(
    ({ 1: path = '', 2: size = '', index }) => ({ value: path, start: start + index, size }),
  );
}

/** A candidate that says how wide it is has that width, and no height of its own. */
function widthOf({ size }: Candidate, { alt, width, height }: Partial<FoundReference>): Partial<FoundReference> {
  const own = /^(\d+)w$/.exec(size)?.[1];
  if (own === undefined)
    return {
      ...(alt !== undefined && { alt }),
      ...(width !== undefined && { width }),
      ...(height !== undefined && { height }),
    };
  const ratio =
    width !== undefined && height !== undefined ? { height: Math.round((Number(own) * height) / width) } : {};
  return { ...(alt !== undefined && { alt }), width: Number(own), ...ratio };
}

function pixelsOf(attribute: Attribute | undefined): number | undefined {
  const pixels = /^\s*(\d{1,5})(?:px)?\s*$/.exec(attribute?.value ?? '')?.[1];
  return pixels === undefined || Number(pixels) === 0 ? undefined : Number(pixels);
}

function inStyles(text: string): FoundReference[] {
  const pattern = /\burl\(\s*(?:"([^"\n]{1,1000})"|'([^'\n]{1,1000})'|([^\s"'()]{1,1000}))\s*\)/gi;
  return [...text.matchAll(pattern)].flatMap(({ 0: all, 1: double, 2: single, 3: bare, index }) => {
    const written = double ?? single ?? bare ?? '';
    const path = pathOf(written, (each) => decodePercent(each.replace(/\\([^\da-f\n])/gi, '$1')));
    const start = index + all.lastIndexOf(written);
    return path === undefined ? [] : [{ start, end: start + written.length, path }];
  });
}

/** `import hero from './hero.png'`, `import('./hero.png')`, `require('./hero.png')` and `new URL('./hero.png', …)`: paths of files. */
function inImports(text: string): FoundReference[] {
  const pattern =
    /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\(\s*|\bnew\s+URL\(\s*)(?:"([^"\n]{1,1000})"|'([^'\n]{1,1000})')/g;
  return [...text.matchAll(pattern)].flatMap(({ 0: all, 1: double, 2: single, index }) => {
    const written = double ?? single ?? '';
    const path = pathOf(written, (each) => each);
    const start = index + all.length - 1 - written.length;
    // Anything else is the name of a package or an alias.
    return path === undefined || !/^(\.{1,2}\/|\/)/.test(path) ? [] : [{ start, end: start + written.length, path }];
  });
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,6}));/gi, (all, decimal, hexadecimal, name) => {
    if (name !== undefined) return entities[String(name).toLowerCase()] ?? all;
    const code = decimal === undefined ? Number.parseInt(hexadecimal, 16) : Number(decimal);
    return code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : all;
  });
}

function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // A lone percent sign is part of a name.
  }
}

/** Words on one line without marks of emphasis, links or tags. */
function plainWords(text: string): string {
  return text
    .replace(/\[([^\]]{0,300})\]\([^)]{0,1000}\)/g, '$1')
    .replace(/[*`~]|<[^<>]{0,300}>/g, '')
    .replace(/[\p{C}\p{Z}\s]+/gu, ' ')
    .trim();
}
