import { quoted } from './escapes.ts';
import { astroHead, blocksIn, headBetweenDashes, type Span, type Syntax } from './languages.ts';

/** Text to write at an offset of a document, in UTF-16 units from its start. */
export interface Addition {
  readonly offset: number;
  readonly text: string;
}

interface Found {
  readonly text: string;
  readonly specifier: string;
  readonly end: number;
  readonly indent: string;
}

/** The imports of a document: those that stand at its head, and those that references add to them. */
export class Imports {
  readonly #text: string;
  readonly #syntax: Syntax;
  /** Where imports may stand; undefined where the document has no script yet. */
  readonly #script: Span | undefined;
  readonly #head: Head;
  readonly #added = new Map<string, string>();

  /** `syntax` is that of the whole document. */
  constructor(text: string, syntax: Syntax) {
    this.#text = text;
    this.#syntax = syntax;
    this.#script = scriptOf(text, syntax);
    this.#head = headOf(text, this.#script ?? { start: 0, end: 0 });
  }

  /** The name under which a file is imported by default, which is a new one where it is not imported yet. */
  nameOf(specifier: string): string {
    const known = this.#added.get(specifier) ?? this.defaultNameOf(specifier);
    if (known !== undefined) return known;
    const name = this.#freeName(identifierFrom(specifier));
    this.#added.set(specifier, name);
    return name;
  }

  /** What the document imports by default under a name. */
  specifierOf(name: string): string | undefined {
    return this.#head.imports.find(({ specifier }) => this.defaultNameOf(specifier) === name)?.specifier;
  }

  /** The name that the document has already given to a module's default export. */
  defaultNameOf(specifier: string): string | undefined {
    return this.#statementsOf(specifier)
      .map(
        ({ text }) =>
          /^import\s+(?!type\b(?!\s*(?:,|from\s*['"])))([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*(?:,|from)/u.exec(
            text,
          )?.[1],
      )
      .find((name) => name !== undefined);
  }

  /** The name that the document has already given to what a module exports under `exported`. */
  importedNameOf(specifier: string, exported: string): string | undefined {
    for (const { text } of this.#statementsOf(specifier)) {
      const names = /\{([^}]*)\}/.exec(text)?.[1]?.split(',') ?? [];
      for (const each of names) {
        const [name, , as] = each.trim().split(/\s+/);
        if (name === exported) return as ?? name;
      }
    }
    return undefined;
  }

  /** The imports that are missing, in the document's own quotes and semicolons; undefined where none is. */
  addition(): Addition | undefined {
    if (this.#added.size === 0) return undefined;
    const { imports, offset } = this.#head;
    const last = imports.at(-1);
    const lineEnd = this.#text.includes('\r\n') ? '\r\n' : '\n';
    const indent = last?.indent ?? (this.#syntax === 'svelte' ? this.#indentOfScript() : '');
    const lines = [...this.#added].map(([specifier, name]) => `${indent}${this.#statement(name, specifier)}`);
    if (last) return { offset, text: lines.map((line) => `${lineEnd}${line}`).join('') };
    const block = lines.join(lineEnd) + lineEnd;
    if (this.#syntax === 'svelte' && !this.#script)
      return { offset: 0, text: `<script>${lineEnd}${block}</script>${lineEnd}${lineEnd}` };
    if (this.#syntax === 'astro' && !this.#script)
      return { offset: 0, text: `---${lineEnd}${block}---${lineEnd}${lineEnd}` };
    const rest = this.#text.slice(offset, this.#script?.end);
    if (offset > 0 && this.#text[offset - 1] !== '\n') {
      // A script begins in the line of its tag.
      return { offset, text: /^\r?\n/.test(rest) ? lineEnd + block.trimEnd() : lineEnd + block };
    }
    const isApart = this.#syntax === 'mdx' || (this.#syntax === 'jsx' && rest.trim() !== '' && !/^\r?\n/.test(rest));
    return { offset, text: isApart ? block + lineEnd : block };
  }

  get #code(): string {
    return this.#script ? this.#text.slice(this.#script.start, this.#script.end) : '';
  }

  #statement(name: string, specifier: string): string {
    const last = this.#head.imports.at(-1)?.text;
    const quote = /['"]/.exec(last ?? this.#head.directive ?? "'")?.[0] === '"' ? '"' : "'";
    const code = this.#code;
    const hasSemicolons =
      last === undefined ? /;[ \t]*\r?$/m.test(code) || !/\S/.test(code) || this.#syntax === 'mdx' : /;\s*$/.test(last);
    return `import ${name} from ${quoted(specifier, quote)}${hasSemicolons ? ';' : ''}`;
  }

  #statementsOf(specifier: string): Found[] {
    return this.#head.imports.filter((each) => each.specifier === specifier);
  }

  #freeName(wanted: string): string {
    const taken = new Set(this.#text.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu));
    for (const name of this.#added.values()) taken.add(name);
    if (!taken.has(wanted)) return wanted;
    let number = 2;
    while (taken.has(`${wanted}${number}`)) number++;
    return `${wanted}${number}`;
  }

  #indentOfScript(): string {
    return this.#script ? (/^([ \t]+)\S/m.exec(this.#code)?.[1] ?? '') : '  ';
  }
}

function scriptOf(text: string, syntax: Syntax): Span | undefined {
  switch (syntax) {
    case 'svelte':
      return blocksIn(text).find(
        ({ name, attributes }) => name === 'script' && !/(^|\s)(module|context)\b/.test(attributes),
      );
    case 'astro':
      return astroHead(text);
    case 'mdx': {
      const meta = headBetweenDashes(text);
      const closing = meta && /^---[ \t]*(?:\r?\n|$)(?:[ \t]*\r?\n)*/.exec(text.slice(meta.end))?.[0].length;
      return { start: meta ? meta.end + (closing ?? 0) : 0, end: text.length };
    }
    case 'vue':
      return blocksIn(text).find(({ name }) => name === 'script');
    default:
      return { start: 0, end: text.length };
  }
}

interface Head {
  readonly imports: readonly Found[];
  /** Where an import that is added goes. */
  readonly offset: number;
  /** What stands before everything, such as 'use client'. */
  readonly directive?: string;
}

const space = /[ \t]+|\r?\n/y;
const remark = /\/\*[^]*?\*\/|\/\/[^\n]*|#![^\n]*/y;
const directive = /(?:'[^'\n]*'|"[^"\n]*")[ \t]*(?:;|(?=\r?\n|$))/y;
const statement =
  /import(?![\p{ID_Continue}$]|\s*[(.])[^'"`;]*(['"])((?:[^'"\\\n]|\\.|(?!\1)['"])*)\1(?:\s*(?:with|assert)\s*\{[^}]*\})?[ \t]*;?/uy;

/** Reads the head of a script: remarks, directives and imports, up to the first other statement. */
function headOf(text: string, { start, end }: Span): Head {
  const imports: Found[] = [];
  let at = start;
  let offset = start;
  let first: string | undefined;
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (!match || at + match[0].length > end) return undefined;
    at += match[0].length;
    return match;
  };
  const isLeft = () => at < end;
  while (isLeft()) {
    if (take(space)) continue;
    const before = at;
    if (take(remark)) {
      // What is followed by an empty line is about the file, not about the statement below.
      const gap = /^[ \t]*\r?\n(?:[ \t]*\r?\n)+/.exec(text.slice(at, Math.min(end, at + 200)))?.[0].length;
      if (imports.length === 0 && (gap !== undefined || text.startsWith('#!', before)))
        offset = gap === undefined ? lineAfter(text, at) : at + gap;
      continue;
    }
    const said = imports.length === 0 ? take(directive) : undefined;
    if (said) {
      first ??= said[0];
      offset = lineAfter(text, at);
      continue;
    }
    const match = take(statement);
    if (!match) break;
    const line = text.lastIndexOf('\n', before - 1) + 1;
    const indent = /^[ \t]*$/.exec(text.slice(line, before))?.[0] ?? '';
    imports.push({ text: match[0], specifier: unquoted(match[2] ?? ''), end: at, indent });
    offset = at + (/^[ \t]*\/\/[^\n\r]*/.exec(text.slice(at, end))?.[0].length ?? 0);
  }
  return { imports, offset: Math.min(offset, end), ...(first !== undefined && { directive: first }) };
}

const lineAfter = (text: string, at: number): number => {
  const found = text.indexOf('\n', at);
  return found === -1 ? text.length : found + 1;
};

const unquoted = (text: string): string => text.replace(/\\(.)/g, '$1');

/** A name made of a file's: '../images/a-red_fox 2.png' gives aRedFox2. */
function identifierFrom(specifier: string): string {
  const file = specifier.slice(specifier.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');
  const words =
    file
      .normalize('NFC')
      .match(/\p{ID_Continue}+/gu)
      ?.flatMap((word) => word.split('_'))
      .filter((word) => word !== '') ?? [];
  const [head = 'picture', ...rest] = words;
  const name = [
    head.charAt(0).toLowerCase() + head.slice(1),
    ...rest.map((word) => word.charAt(0).toUpperCase() + word.slice(1)),
  ].join('');
  if (!/^[\p{ID_Start}]/u.test(name)) return `picture${name}`;
  return reserved.has(name) ? `${name}Picture` : name;
}

const reserved = new Set(
  'arguments as async await break case catch class const continue debugger default delete do else enum eval export extends false finally for from function get if implements import in instanceof interface let new null of package private protected public return set static super switch this throw true try type typeof undefined var void while with yield'.split(
    ' ',
  ),
);
