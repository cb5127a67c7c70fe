/**
 * Sentences as one text; what is undefined or empty is left out. A space stands between them, except behind the wide full
 * stops of Chinese, which bring their room with them.
 */
export function asText(sentences: readonly (string | undefined)[]): string {
  return sentences
    .filter((sentence) => sentence !== undefined && sentence !== '')
    .reduce<string>(
      (text, sentence) => `${text}${text === '' || /[。！？：；…]$/.test(text) ? '' : ' '}${sentence}`,
      '',
    );
}

/** Words in a row as a language writes them: "a, b, c" in English, "a、b、c" in Chinese. */
export function asList(words: readonly string[], language: string | undefined): string {
  return new Intl.ListFormat(language, { type: 'conjunction', style: 'narrow' }).format(words);
}
