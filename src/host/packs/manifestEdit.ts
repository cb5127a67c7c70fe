import { createScanner, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { ManifestIcon } from '../../core/packs.ts';
import { isTooDeep, lineAndColumn } from '../../sets/reading.ts';

/** Most that a web app's manifest holds, in UTF-16 units: far more than one that a person keeps. */
export const mostOfManifest = 256 * 1024;

/** A part of a text, in UTF-16 units, and what takes its place. */
export interface TextChange {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

/** What has to change in a manifest so that it names icons. Lines and columns from 1. */
export type ManifestEdit =
  | { readonly kind: 'changes'; readonly changes: readonly TextChange[] }
  /** It names them all already. */
  | { readonly kind: 'none' }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'not-json'; readonly line: number; readonly column: number; readonly reason: string }
  /** It is no object, or its `icons` are no list. */
  | { readonly kind: 'no-list'; readonly line: number; readonly column: number };

/**
 * Adds icons to the text of a web app manifest, which anybody may have written. An entry for the same file gets the missing
 * and differing values and keeps what else it says; everything else stays to the letter, comments and layout too.
 * @param address of the manifest from the root of its site, with a slash before: relative entries start from there
 */
export function addIcons(text: string, icons: readonly ManifestIcon[], address: string): ManifestEdit {
  if (text.length > mostOfManifest || isTooDeep(text)) return { kind: 'too-large' };
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error || !root) {
    const reason = error ? printParseErrorCode(error.error) : 'ValueExpected';
    return { kind: 'not-json', ...lineAndColumn(text, error?.offset ?? 0), reason };
  }
  if (root.type !== 'object') return { kind: 'no-list', ...lineAndColumn(text, root.offset) };
  const list = valueOf(root, 'icons');
  if (list && list.type !== 'array') return { kind: 'no-list', ...lineAndColumn(text, list.offset) };
  const layout = layoutOf(text, root);
  const entries = list?.children ?? [];
  const changes: TextChange[] = [];
  const added: ManifestIcon[] = [];
  for (const icon of icons) {
    const entry = entryFor(icon, entries, address);
    if (entry) changes.push(...alignEntry(text, entry, icon, layout));
    else added.push(icon);
  }
  if (added.length > 0)
    changes.push(
      ...(list
        ? append(text, list, added.map(writer), layout)
        : append(text, root, [(style) => `${style.key('icons')}${style.value(added)}`], layout)),
    );
  return changes.length === 0 ? { kind: 'none' } : { kind: 'changes', changes: changes.toSorted(byOffset) };
}

/** The text after changes that do not overlap. */
export function changed(text: string, changes: readonly TextChange[]): string {
  let [result, at] = ['', 0];
  for (const change of changes) {
    result += text.slice(at, change.offset) + change.text;
    at = change.offset + change.length;
  }
  return result + text.slice(at);
}

/**
 * Whether a file is taken for the manifest of a web app. Browser extensions and build tools have others of the name
 * `manifest.json`; one that cannot be read may be meant as one.
 */
export function isWebManifest(text: string): boolean {
  if (text.length > mostOfManifest || isTooDeep(text)) return true;
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  if (errors.length > 0 || !root) return true;
  if (root.type !== 'object' || valueOf(root, 'manifest_version')) return false;
  const members = ['name', 'short_name', 'icons', 'start_url', 'display'];
  return (root.children ?? []).length === 0 || members.some((name) => valueOf(root, name) !== undefined);
}

const byOffset = (one: TextChange, other: TextChange): number => one.offset - other.offset;

/** The value that counts: of two with the same name, JSON takes the last. */
function valueOf(object: Node, name: string): Node | undefined {
  return object.children?.findLast(({ children }) => children?.[0]?.value === name)?.children?.[1];
}

/** The entry that names the same file, that of the same purpose first. */
function entryFor(icon: ManifestIcon, entries: readonly Node[], address: string): Node | undefined {
  const wanted = fileOf(icon.src, address);
  const same = entries.filter((entry) => {
    if (entry.type !== 'object') return false; // lists of two look like members
    const src = valueOf(entry, 'src');
    return src?.type === 'string' && fileOf(src.value, address) === wanted;
  });
  return same.find((entry) => (valueOf(entry, 'purpose')?.value ?? 'any') === icon.purpose) ?? same[0];
}

/** The file that an address of a manifest means, from the root of the site; the address itself where it is none. */
function fileOf(src: string, address: string): string {
  try {
    const site = new URL('https://site.invalid/');
    const url = new URL(src, new URL(address, site));
    return url.origin === site.origin ? decodeURIComponent(url.pathname) : url.href;
  } catch {
    return src; // no address, or one with a percent sign that stands for nothing
  }
}

/** Brings the values of one entry to those of an icon. */
function alignEntry(text: string, entry: Node, icon: ManifestIcon, layout: Layout): TextChange[] {
  const changes: TextChange[] = [];
  const missing: Writer[] = [];
  for (const name of ['sizes', 'type', 'purpose'] as const) {
    const value = valueOf(entry, name);
    if (value && value.value !== icon[name])
      changes.push({ offset: value.offset, length: value.length, text: JSON.stringify(icon[name]) });
    // Without a purpose an icon is for any.
    if (!value && (name !== 'purpose' || icon.purpose !== 'any'))
      missing.push((style) => `${style.key(name)}${style.value(icon[name])}`);
  }
  return missing.length === 0 ? changes : [...changes, ...append(text, entry, missing, layout)];
}

/** How a text is laid out. */
interface Layout {
  readonly endOfLine: string;
  readonly unit: string;
  /** All of it stands on one line. */
  readonly isOneLine: boolean;
  /** Nothing stands between a colon and a value. */
  readonly isDense: boolean;
}

function layoutOf(text: string, root: Node): Layout {
  const first = root.children?.[0];
  const own = first && startsLine(text, first.offset) ? indentAt(text, first.offset) : '';
  const base = indentAt(text, root.offset);
  const unit = own.startsWith(base) ? own.slice(base.length) : '';
  const value = first?.children?.[1];
  return {
    endOfLine: /\r?\n/.exec(text)?.[0] ?? '\n',
    unit: unit === '' ? '  ' : unit,
    isOneLine: !text.trim().includes('\n'),
    isDense: value !== undefined && text[value.offset - 1] === ':',
  };
}

/** How a value is written at one place. */
interface Style {
  readonly key: (name: string) => string;
  readonly value: (value: unknown) => string;
}

type Writer = (style: Style) => string;

const writer =
  (icon: ManifestIcon): Writer =>
  ({ value }) =>
    value(icon);

/** Puts items behind the last one of a list or an object, as that one is laid out. */
function append(text: string, container: Node, items: readonly Writer[], layout: Layout): TextChange[] {
  const last = container.children?.at(-1);
  return last ? appendAfter(text, container, last, items, layout) : fillEmpty(text, container, items, layout);
}

function appendAfter(
  text: string,
  container: Node,
  last: Node,
  items: readonly Writer[],
  layout: Layout,
): TextChange[] {
  const end = last.offset + last.length;
  const { comma, at, hasLineComment } = rest(text, end);
  const ownLine = startsLine(text, last.offset);
  const indent = indentAt(text, last.offset);
  const isFlat = !text.slice(container.offset, container.offset + container.length).includes('\n');
  const between = ownLine || hasLineComment ? layout.endOfLine + indent : layout.isDense && isFlat ? '' : ' ';
  const style = styleOf(indent, isFlat || (!text.slice(last.offset, end).includes('\n') && isObject(last)), layout);
  const written = items.map((item) => between + item(style)).join(',');
  const behind = comma === undefined ? '' : ',';
  if (comma === undefined && at === end) return [{ offset: end, length: 0, text: `,${written}` }];
  return [
    ...(comma === undefined ? [{ offset: end, length: 0, text: ',' }] : []),
    { offset: at, length: 0, text: written + behind },
  ];
}

/** An entry on one line has others on one line beside it; a member of an object says nothing about another. */
const isObject = ({ type }: Node): boolean => type === 'object';

function fillEmpty(text: string, container: Node, items: readonly Writer[], layout: Layout): TextChange[] {
  const close = container.offset + container.length - 1;
  const inner = text.slice(container.offset + 1, close);
  if (layout.isOneLine) {
    const style = styleOf('', true, layout);
    return [{ offset: close, length: 0, text: items.map((item) => item(style)).join(layout.isDense ? ',' : ', ') }];
  }
  const base = indentAt(text, container.offset);
  const indent = base + layout.unit;
  const style = styleOf(indent, false, layout);
  const written = items.map((item) => layout.endOfLine + indent + item(style)).join(',');
  // Comments within stay where they are.
  const kept = inner.trimEnd().length;
  return [
    { offset: close - (inner.length - kept), length: inner.length - kept, text: written + layout.endOfLine + base },
  ];
}

function styleOf(indent: string, isFlat: boolean, { endOfLine, unit, isDense }: Layout): Style {
  const colon = isDense ? ':' : ': ';
  return {
    key: (name) => `${JSON.stringify(name)}${colon}`,
    value: (value) => {
      if (isFlat) return flat(value, isDense);
      return JSON.stringify(value, undefined, unit).replaceAll('\n', endOfLine + indent);
    },
  };
}

/** JSON on one line, with spaces where people put them. */
function flat(value: unknown, isDense: boolean): string {
  if (isDense || typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((each) => flat(each, false)).join(', ')}]`;
  const members = Object.entries(value).map(([name, each]) => `${JSON.stringify(name)}: ${flat(each, false)}`);
  return `{ ${members.join(', ')} }`;
}

/** What follows a last item: its comma, where there is one, and the end of what is said on the line of that. */
function rest(text: string, end: number): { comma?: number; at: number; hasLineComment: boolean } {
  const scanner = createScanner(text);
  scanner.setPosition(end);
  let token: number = scanner.scan();
  while (isTrivia(token)) token = scanner.scan();
  const comma = token === commaToken ? scanner.getTokenOffset() : undefined;
  let at = comma === undefined ? end : comma + 1;
  scanner.setPosition(at);
  let hasLineComment = false;
  for (token = scanner.scan(); isTrivia(token) && token !== lineBreak; token = scanner.scan()) {
    if (token === whiteSpace) continue;
    at = scanner.getTokenOffset() + scanner.getTokenLength();
    hasLineComment = token === lineComment;
  }
  return { ...(comma !== undefined && { comma }), at, hasLineComment };
}

// The numbers of jsonc-parser's SyntaxKind, which is a const enum that is not there at run time.
const [commaToken, lineComment, lineBreak, whiteSpace] = [5, 12, 14, 15];

const isTrivia = (token: number): boolean => token >= lineComment && token <= whiteSpace;

const lineStart = (text: string, offset: number): number => text.lastIndexOf('\n', offset - 1) + 1;

/** The white space before everything else on the line of a place. */
const indentAt = (text: string, offset: number): string =>
  /^[ \t]*/.exec(text.slice(lineStart(text, offset), offset))?.[0] ?? '';

const startsLine = (text: string, offset: number): boolean =>
  lineStart(text, offset) > 0 && text.slice(lineStart(text, offset), offset).trim() === '';
