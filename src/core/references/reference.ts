import { type Address, addressOf, type Located, type Place } from './addresses.ts';
import { escapeAttribute, escapeMarkdown, quoted } from './escapes.ts';
import type { Imports } from './imports.ts';

/** The same picture in another size or format. */
export interface ReferencedVariant extends Located {
  /** Pixels. */
  readonly width: number;
  /** Such as image/webp. */
  readonly type: string;
}

/** What a reference needs to know of a picture. */
export interface Referenced extends ReferencedVariant {
  readonly alt: string;
  /** Pixels. */
  readonly height: number;
  /** Without the picture itself. */
  readonly variants?: readonly ReferencedVariant[];
}

/** A picture in the syntax of a place. */
export interface Reference {
  readonly text: string;
  /** The alternative text in it as it is written, by its offsets there; left out where there is none. */
  readonly alt?: { readonly start: number; readonly end: number };
}

/** What a reference needs to know of the document around it. */
export interface Surroundings {
  readonly place: Place;
  readonly imports: Imports;
  /** The document's text before the place. */
  readonly before: string;
}

/** A picture as it is written at a place. What has to be imported for it is noted in `imports`. */
export function referenceIn(surroundings: Surroundings, picture: Referenced): Reference {
  const { place, imports } = surroundings;
  const address = addressOf(place, picture);
  switch (place.syntax) {
    case 'markdown':
      return markdown(address, picture.alt);
    case 'mdx':
      return address.kind === 'url' ? markdown(address, picture.alt) : new Elements(place, imports).write(picture);
    case 'css':
      return { text: css(surroundings, picture) };
    case 'script':
    case 'page-script':
      return { text: expressionOf(address, place, imports) };
    case 'html':
    case 'jsx':
    case 'vue':
    case 'svelte':
    case 'astro':
      return new Elements(place, imports).write(picture);
  }
}

function markdown(address: Address, alt: string): Reference {
  const words = escapeMarkdown(alt);
  return withAlt(`![`, words, `](${urlOf(address)})`);
}

const urlOf = (address: Address): string => (address.kind === 'url' ? address.url : '');

function withAlt(before: string, words: string, after: string): Reference {
  const alt = words === '' ? {} : { alt: { start: before.length, end: before.length + words.length } };
  return { text: `${before}${words}${after}`, ...alt };
}

function css({ place, before }: Surroundings, picture: Referenced): string {
  const url = (file: Located) => `url("${urlOf(addressOf(place, file))}")`;
  const types = new Map<string, ReferencedVariant>();
  for (const file of [...(picture.variants ?? []), picture]) {
    const known = types.get(file.type);
    if (!known || known.width < file.width) types.set(file.type, file);
  }
  const choices = [...types.values()].map((file) => `${url(file)} type("${file.type}")`);
  const value = choices.length > 1 ? `image-set(${choices.join(', ')})` : url(picture);
  return isInBlock(before) ? `background-image: ${value};` : value;
}

/** True where a declaration begins; in a value, and outside of all blocks, the address alone is meant. */
function isInBlock(before: string): boolean {
  const code = before
    .replace(/\/\*[^]*?(?:\*\/|$)/g, ' ')
    .replace(/"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*'/g, '""')
    .replace(/(?<!:)\/\/[^\n]*/g, ' ');
  const last = Math.max(code.lastIndexOf('{'), code.lastIndexOf('}'), code.lastIndexOf(';'));
  const depth = code.split('{').length - code.split('}').length;
  return depth > 0 && code.slice(last + 1).trim() === '';
}

/** The address as a value in a script. */
function expressionOf(address: Address, { framework }: Place, imports: Imports): string {
  switch (address.kind) {
    case 'url':
      return quoted(address.url, "'");
    case 'below-base':
      return `import.meta.env.BASE_URL + ${quoted(address.path, "'")}`;
    case 'import': {
      const name = imports.nameOf(address.specifier);
      // There an imported picture is an object that knows its size as well. Sources: next/image and Astro's images.
      return framework === 'next' || framework === 'astro' ? `${name}.src` : name;
    }
  }
}

interface Attribute {
  readonly name: string;
  /** Written between quotes, a number in braces where the language has them. */
  readonly value: string | number | { readonly expression: string };
}

/** Writes elements as the markup languages have them: they differ in names, in braces, and in what a picture's address may be. */
class Elements {
  readonly #place: Place;
  readonly #imports: Imports;
  readonly #isJsx: boolean;

  constructor(place: Place, imports: Imports) {
    this.#place = place;
    this.#imports = imports;
    this.#isJsx = place.syntax === 'jsx' || place.syntax === 'mdx';
  }

  write(picture: Referenced): Reference {
    const component = this.#component();
    if (component !== undefined) return this.#writeComponent(component, picture);
    const own = picture.variants?.filter(({ type }) => type === picture.type) ?? [];
    const types = [...new Set(picture.variants?.map(({ type }) => type))].filter((type) => type !== picture.type);
    const image = this.#tag('img', [
      { name: 'src', value: this.#source(addressOf(this.#place, picture)) },
      ...(own.length > 0 ? this.#choice([...own, picture], picture.width) : []),
      { name: 'alt', value: picture.alt },
      { name: 'width', value: picture.width },
      { name: 'height', value: picture.height },
      { name: 'loading', value: 'lazy' },
    ]);
    if (types.length === 0) return image;
    const sources = types.map((type) => {
      const files = (picture.variants ?? []).filter((variant) => variant.type === type);
      return this.#tag('source', [{ name: 'type', value: type }, ...this.#choice(files, picture.width)]).text;
    });
    const before = `<picture>${sources.map((source) => `\n  ${source}`).join('')}\n  `;
    const { alt, text } = image;
    const moved = alt && { alt: { start: alt.start + before.length, end: alt.end + before.length } };
    return { text: `${before}${text}\n</picture>`, ...moved };
  }

  /** The component for pictures that the document uses already. */
  #component(): string | undefined {
    const { framework, syntax } = this.#place;
    if (framework === 'next' && this.#isJsx) return this.#imports.defaultNameOf('next/image');
    return syntax === 'astro' ? this.#imports.importedNameOf('astro:assets', 'Image') : undefined;
  }

  /** It makes the sizes that a page needs by itself, loads late by itself, and knows the size of what is imported. */
  #writeComponent(component: string, picture: Referenced): Reference {
    const address = addressOf(this.#place, picture);
    const isImport = address.kind === 'import';
    const src = isImport ? { expression: this.#imports.nameOf(address.specifier) } : this.#source(address);
    // What is handed to a component is not read as HTML everywhere, so that only a plain text can go without braces.
    const isPlain = !/[&"<>{}\\]/.test(picture.alt);
    return this.#tag(component, [
      { name: 'src', value: src },
      { name: 'alt', value: isPlain ? picture.alt : { expression: quoted(picture.alt, '"') } },
      ...(isImport
        ? []
        : [
            { name: 'width', value: picture.width },
            { name: 'height', value: picture.height },
          ]),
    ]);
  }

  #source(address: Address): Attribute['value'] {
    return address.kind === 'url' ? address.url : { expression: expressionOf(address, this.#place, this.#imports) };
  }

  /** Several files of one type to choose from, by their widths where these differ. */
  #choice(files: readonly ReferencedVariant[], width: number): Attribute[] {
    const inOrder = files.toSorted((one, other) => one.width - other.width);
    const isOne = inOrder.length === 1 && inOrder[0]?.width === width;
    const parts = inOrder.map((file) => ({
      address: addressOf(this.#place, file),
      note: isOne ? '' : ` ${file.width}w`,
    }));
    const isPlain = parts.every(({ address }) => address.kind === 'url');
    // A comma separates; the space after a width ends an address.
    const plain = () => parts.map(({ address, note }) => urlOf(address).replaceAll(',', '%2C') + note).join(', ');
    const expression = () =>
      parts
        .map(({ address, note }) =>
          address.kind === 'url'
            ? `${address.url.replaceAll(',', '%2C')}${note}`
            : `\${${expressionOf(address, this.#place, this.#imports)}}${note}`,
        )
        .join(', ');
    const value = isPlain ? plain() : { expression: `\`${expression()}\`` };
    const srcset: Attribute = { name: this.#isJsx ? 'srcSet' : 'srcset', value };
    return isOne ? [srcset] : [srcset, { name: 'sizes', value: `(max-width: ${width}px) 100vw, ${width}px` }];
  }

  #tag(name: string, attributes: readonly Attribute[]): Reference {
    let text = `<${name}`;
    let alt: Reference['alt'];
    for (const attribute of attributes) {
      const written = this.#value(attribute.value);
      text += ` ${attribute.name}=`;
      if (attribute.name === 'alt' && written.length > 2 && written.startsWith('"'))
        alt = { start: text.length + 1, end: text.length + written.length - 1 };
      text += written;
    }
    text += this.#place.syntax === 'html' ? '>' : ' />';
    return { text, ...(alt && { alt }) };
  }

  #value(value: Attribute['value']): string {
    if (typeof value === 'object') return `{${value.expression}}`;
    if (typeof value === 'number') return this.#isJsx ? `{${value}}` : `"${value}"`;
    return `"${escapeAttribute(value)}"`;
  }
}
