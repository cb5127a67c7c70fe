import { bareHsl, cssColour } from './cssColour.ts';

/** A colour that was found in a text. */
export interface FoundColour {
  /** #RRGGBB */
  readonly hex: string;
  /** What it is called there: a custom property, a variable, the keys that lead to it. */
  readonly name?: string;
}

/** As many as anybody looks through. */
const mostFound = 100;
/** In UTF-16 units; what comes after is not read. */
const mostRead = 200_000;
const longestName = 60;

/**
 * The colours of a style sheet, a Tailwind configuration, a theme, a drawing or any other text, each once, in their order
 * there and under the first name that they have. Reads without understanding: what looks like a colour in the place of a
 * value is one.
 */
export function findColours(text: string): FoundColour[] {
  const list = bareList.exec(text.slice(0, mostRead).trim())?.[1];
  const found = list === undefined ? new Scanner(text.slice(0, mostRead)).scan() : list.split(/[^\da-f]+/i).map(asHex);
  const once = new Map<string, FoundColour>();
  for (const colour of found) {
    const known = once.get(colour.hex);
    if (!known || (known.name === undefined && colour.name !== undefined)) once.set(colour.hex, colour);
  }
  return [...once.values()].slice(0, mostFound);
}

/** Six digits each without a sign, such as a palette's page names them in its address. */
const bareList = /^(?:https?:\/\/coolors\.co\/(?:palette\/)?)?([\da-f]{6}(?:[\s,;|-]{1,8}[\da-f]{6})*)$/i;
const asHex = (digits: string): FoundColour => ({ hex: `#${digits.toUpperCase()}` });

const comment = /\/\*[^]*?(?:\*\/|$)|<!--[^]*?(?:-->|$)|(?<!:)\/\/[^\n]*/y;
const address = /url\([^)]*\)?/iy;
// Without a thought for escapes, so that no text makes this look at anything twice.
const quoted = /"[^"\n]*"|'[^'\n]*'|`[^`]*`/y;
const colourFunction = /(?:rgba?|hsla?|hwb|oklch|oklab)\([^()]{1,200}\)/iy;
const hexDigits = /#(?:[\da-f]{8}|[\da-f]{6}|[\da-f]{3,4})(?![\w-])/iy;
const word = /[@$]?[-\w][\w$.-]*/y;
const assigned = /\s*[:=](?![=>])/y;
const bareTriple = /\s{0,20}(-?[\d.]{1,12}(?:deg)?\s{1,9}[\d.]{1,12}%\s{1,9}[\d.]{1,12}%)\s{0,20}(?=[;}]|$)/y;

/** Where a named colour is meant and not a word like any other. */
const ofColours = /^(--|[$@])|colou?r|background|fill|stroke|border|shadow|outline|caret|accent/i;
/** Keys in front that say no more than that colours follow. */
const general =
  /^(module\.exports|theme|extend|colou?rs?|palette|tokenColors|settings|workbench\.colorCustomizations)$/i;

interface Nesting {
  readonly segment: string | undefined;
  readonly key: string | undefined;
}

/** Goes through a text once and notes each colour with the keys that lead to it. */
class Scanner {
  readonly #text: string;
  readonly #outerKey: string | undefined;
  readonly #path: Nesting[] = [];
  readonly #found: FoundColour[] = [];
  #at = 0;
  #key: string | undefined;
  /** Where the key has ended, to tell `key: {` from `key: value {`. */
  #keyEnd = -1;

  /** @param outerKey what the text is the value of, for the text of a value */
  constructor(text: string, outerKey?: string) {
    this.#text = text;
    this.#outerKey = outerKey;
    this.#key = outerKey;
  }

  scan(): FoundColour[] {
    while (this.#at < this.#text.length && this.#found.length < 10 * mostFound) this.#step();
    return this.#found;
  }

  #step(): void {
    if (this.#take(comment) !== undefined || this.#take(address) !== undefined) return;
    const string = this.#take(quoted);
    if (string !== undefined) return this.#string(string.slice(1, -1));
    const before = this.#text[this.#at - 1] ?? '';
    // Style sheets that were made small write `solid#fff`.
    const isApart = !/[\w&-]/.test(before) || (this.#key !== undefined && before !== '&');
    const colour = isApart ? (this.#take(colourFunction) ?? this.#take(hexDigits)) : undefined;
    if (colour !== undefined) return this.#colour(colour);
    const found = this.#take(word);
    if (found !== undefined) return this.#word(found);
    this.#sign(this.#text[this.#at++] ?? '');
  }

  #string(content: string): void {
    if (this.#outerKey === undefined && this.#take(assigned) !== undefined) return this.#begin(content);
    // The name of an element may look like a colour.
    if (/^(href|data-(bs-)?target)$/i.test(this.#key ?? '')) return;
    if (this.#outerKey === undefined) this.#note(new Scanner(content, this.#name() ?? '').scan());
  }

  #word(found: string): void {
    if (this.#take(assigned) !== undefined) {
      this.#begin(found);
      const triple = found.startsWith('--') ? this.#take(bareTriple) : undefined;
      const hex = triple === undefined ? undefined : bareHsl(triple);
      if (hex !== undefined) this.#note([{ hex }]);
      return;
    }
    const hex = ofColours.test(lastOf(this.#key)) ? cssColour(found) : undefined;
    if (hex !== undefined && !this.#isSelector()) this.#note([{ hex }]);
  }

  #colour(words: string): void {
    const hex = cssColour(words);
    if (hex !== undefined && !(words.startsWith('#') && this.#isSelector())) this.#note([{ hex }]);
  }

  /** What comes before a block is no value: `#fade {` is the name of an element. */
  #isSelector(): boolean {
    if (this.#outerKey !== undefined) return false;
    return /^[^;{}]*\{/.test(this.#text.slice(this.#at, this.#at + 300));
  }

  #sign(sign: string): void {
    if (sign === '{' || sign === '[' || sign === '(') {
      const isDirect = this.#key !== undefined && this.#text.slice(this.#keyEnd, this.#at - 1).trim() === '';
      this.#path.push({ segment: isDirect ? this.#key : undefined, key: this.#key });
      if (isDirect || sign === '{') this.#key = this.#outerKey;
    } else if (sign === '}' || sign === ']' || sign === ')') {
      const ended = this.#path.pop();
      this.#key = sign === '}' ? this.#outerKey : ended?.key;
      this.#keyEnd = -1;
    } else if (sign === ';' || sign === ',' || sign === '>') this.#key = this.#outerKey;
  }

  #begin(key: string): void {
    this.#key = key;
    this.#keyEnd = this.#at;
  }

  #note(colours: readonly FoundColour[]): void {
    const name = this.#name();
    for (const { hex } of colours) this.#found.push({ hex, ...(name && { name }) });
  }

  #name(): string | undefined {
    const keys = [...this.#path.map(({ segment }) => segment), this.#key].filter(Boolean) as string[];
    const first = keys.findIndex((key) => !general.test(key));
    const telling = keys.slice(first < 0 ? -1 : first);
    if (telling.length > 1 && telling.at(-1) === 'DEFAULT') telling.pop();
    const name = telling.join('.');
    return name === '' ? undefined : name.slice(-longestName);
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const [found, inside] = pattern.exec(this.#text) ?? [];
    if (found === undefined) return undefined;
    this.#at += found.length;
    return inside ?? found;
  }
}

const lastOf = (key: string | undefined): string => key?.split('.').at(-1) ?? '';
