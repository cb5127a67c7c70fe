/** What a configuration says of one thing, as far as it can be read without running it. */
export type Literal =
  | { readonly kind: 'absent' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'off' }
  /** It is set, by something that only running the file would tell. */
  | { readonly kind: 'unreadable' };

/**
 * The value of a property in the source of a configuration in JavaScript or TypeScript, by the keys that lead to it from
 * the outermost object: `['kit', 'paths', 'base']`. Nothing is run: a plain string, the first string of a list and `false`
 * are read, everything else is unreadable. Where several objects of a file have it, they must agree.
 */
export function literalIn(source: string, way: readonly string[]): Literal {
  const found = new Reader(tokensOf(source)).valuesAt(way.join('.'));
  const [first, ...more] = found;
  if (!first) return { kind: 'absent' };
  return more.every((other) => JSON.stringify(other) === JSON.stringify(first)) ? first : { kind: 'unreadable' };
}

/** The value of a key at the top of a configuration in TOML or YAML, where its name is written in any case. */
export function lineValueIn(source: string, key: string): Literal {
  for (const line of source.split(/\r?\n/)) {
    // After the first heading, TOML's keys are no longer at the top.
    if (/^\s*\[/.test(line)) break;
    const [, name, value = ''] = /^["']?(\w+)["']?\s*[=:]\s*(.*)$/.exec(line) ?? [];
    if (name?.toLowerCase() !== key.toLowerCase()) continue;
    const [, quote, quoted, bare] = /^\[?\s*(?:(["'])([^"'\\]*)\1|([^\s#"'[{|>&*!]+))/.exec(value) ?? [];
    const text = quote === undefined ? bare : quoted;
    return text === undefined ? { kind: 'unreadable' } : { kind: 'text', text };
  }
  return { kind: 'absent' };
}

const deepest = 30;

type Token = { readonly kind: 'word' | 'mark' | 'string' | 'other'; readonly text: string };

const comment = /\/\*[^]*?(?:\*\/|$)|\/\/[^\n]*/y;
// A string without escapes is the only one that is read; any other is something, but nothing that is plain.
const string = /"[^"\\\n]*"|'[^'\\\n]*'|`[^`\\$]*`/y;
const otherString = /"(?:[^"\\\n]|\\[^])*"?|'(?:[^'\\\n]|\\[^])*'?|`(?:[^`\\]|\\[^])*`?/y;
const expression = /\/(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/\w*/y;
const word = /[\p{L}\p{N}_$]+/uy;

/** The parts of a source that can hold a value, without comments. Linear: nothing is looked at twice. */
function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(source)?.[0];
  };
  while (at < source.length) {
    const last = tokens.at(-1);
    const isAfterValue = last !== undefined && (last.kind !== 'mark' || /[)\]}]/.test(last.text));
    const skipped = take(/\s+/y) ?? take(comment);
    const plain = skipped === undefined ? take(string) : undefined;
    const rest = skipped ?? plain ?? take(otherString) ?? (isAfterValue ? undefined : take(expression));
    const name = rest === undefined ? take(word) : undefined;
    const text = rest ?? name ?? source.charAt(at);
    if (plain !== undefined) tokens.push({ kind: 'string', text: plain.slice(1, -1) });
    else if (name !== undefined) tokens.push({ kind: 'word', text: name });
    else if (skipped === undefined) tokens.push({ kind: rest === undefined ? 'mark' : 'other', text });
    at += text.length;
  }
  return tokens;
}

/** Goes through the parts of a source and knows by which keys each was reached. */
class Reader {
  readonly #tokens: readonly Token[];
  /** The key of each bracket that is open; empty for one without. */
  readonly #keys: string[] = [];

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  valuesAt(way: string): Literal[] {
    const found: Literal[] = [];
    let key = '';
    for (const [index, { kind, text }] of this.#tokens.entries()) {
      if (kind === 'mark' && /[{[(]/.test(text)) {
        this.#keys.push(key);
        key = '';
      } else if (kind === 'mark' && /[}\])]/.test(text)) {
        this.#keys.pop();
        key = '';
      } else if ((kind === 'word' || kind === 'string') && this.#isMark(index + 1, ':') && this.#isInPlace(index)) {
        key = text;
        if (this.#wayTo(key) === way) found.push(this.#valueFrom(index + 2));
      } else if (kind === 'word' && this.#isShorthand(index) && this.#wayTo(text) === way) {
        found.push({ kind: 'unreadable' });
      } else if (kind === 'mark' && /[,;]/.test(text)) key = '';
    }
    return found;
  }

  /** Undefined deeper than anybody writes, so that no text takes longer to read than it is long. */
  #wayTo(key: string): string | undefined {
    if (this.#keys.length > deepest) return undefined;
    return [...this.#keys.filter((each) => each !== ''), key].join('.');
  }

  #isMark(index: number, ...marks: string[]): boolean {
    const token = this.#tokens[index];
    return token?.kind === 'mark' && marks.includes(token.text);
  }

  /** A key stands first in its object or after a comma; elsewhere a colon belongs to a choice or a type. */
  #isInPlace(index: number): boolean {
    return this.#isMark(index - 1, '{', ',');
  }

  #isShorthand(index: number): boolean {
    return this.#isInPlace(index) && this.#isMark(index + 1, ',', '}') && this.#keys.length > 0;
  }

  #valueFrom(index: number): Literal {
    const isList = this.#isMark(index, '[');
    const at = isList ? index + 1 : index;
    const token = this.#tokens[at];
    const isWhole = at + 1 >= this.#tokens.length || this.#isMark(at + 1, ',', '}', ...(isList ? [']'] : []));
    if (token?.kind === 'string' && isWhole) return { kind: 'text', text: token.text };
    return token?.text === 'false' && isWhole && !isList ? { kind: 'off' } : { kind: 'unreadable' };
  }
}
