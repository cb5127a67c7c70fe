/**
 * Text as a search compares it: without accents, and without the difference of large and small letters. Both sides are
 * folded, so that whatever is typed finds itself.
 */
export function foldText(text: string): string {
  // By way of capitals: ß and SS, ı and I, ς and σ are then the same.
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .toUpperCase()
    .toLowerCase();
}

/** The words of a search, folded. A text is found that has all of them, in any order. */
export function searchWords(query: string): string[] {
  return foldText(query).split(/\s+/u).filter(Boolean);
}
