import { Imports } from '../../src/core/references/imports.ts';
import type { Place } from '../../src/core/references/addresses.ts';
import type { Syntax } from '../../src/core/references/languages.ts';
import { type Referenced, referenceIn } from '../../src/core/references/reference.ts';

const usual: Referenced = { path: 'images/fox.png', alt: 'A fox', width: 1024, height: 576, type: 'image/png' };

export interface Written {
  /** The whole document with the reference and its imports in it. */
  readonly document: string;
  readonly reference: string;
  readonly alt: string | undefined;
}

/** Writes a reference at an offset of a document as the host does. */
export function writtenInto(
  text: string,
  offset: number,
  place: Partial<Place> & { readonly syntax: Syntax },
  picture: Partial<Referenced> = {},
  /** The syntax of the whole document. */
  own: Syntax = place.syntax,
): Written {
  const imports = new Imports(text, own);
  const surroundings = {
    place: { framework: 'plain', isPage: true, base: '/', ...place } as const,
    imports,
    before: text.slice(0, offset),
  };
  const reference = referenceIn(surroundings, { ...usual, ...picture });
  const withReference = text.slice(0, offset) + reference.text + text.slice(offset);
  const addition = imports.addition();
  const shift = addition && addition.offset > offset ? reference.text.length : 0;
  const at = (addition?.offset ?? 0) + shift;
  return {
    document: withReference.slice(0, at) + (addition?.text ?? '') + withReference.slice(at),
    reference: reference.text,
    alt: reference.alt && reference.text.slice(reference.alt.start, reference.alt.end),
  };
}

/** A reference alone, in a document of one syntax. */
export const reference = (syntax: Syntax, picture: Partial<Referenced>): string =>
  writtenInto('', 0, { syntax }, picture).reference;
