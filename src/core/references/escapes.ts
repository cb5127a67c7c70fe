// What stands for itself in a Markdown destination, in an attribute, in a string of a script and in url(). Letters of every
// script are left readable; spaces, parentheses, quotes, #, ?, %, &, brackets and backslashes are not.
const plain = /[^\p{L}\p{N}\p{M}\-._~!$*+,;=:@/]/gu;

/** A path of folders and a file as a relative or absolute URL path that is read as that path again. */
export function encodePath(path: string): string {
  const escaped = path.replace(plain, percent);
  // A colon in the first part would read as a scheme.
  return /^[^/]*:/.test(escaped) ? `./${escaped}` : escaped;
}

/** Half of a pair stands for no character, and becomes the sign for that. */
function percent(character: string): string {
  const code = character.charCodeAt(0);
  return code < 128
    ? `%${code.toString(16).toUpperCase().padStart(2, '0')}`
    : encodeURIComponent(character.toWellFormed());
}

/** Text between the brackets of a Markdown or MDX image. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_[\]<>&!#~|$:^={}]/g, (character) => `\\${character}`);
}

/** Text between the quotes of an attribute. Braces too: they open an expression in Svelte and an action in a template of Hugo. */
export function escapeAttribute(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('{', '&#123;')
    .replaceAll('}', '&#125;');
}

/** A string of JavaScript with its quotes. */
export function quoted(text: string, quote: '"' | "'"): string {
  const inner = text
    .replaceAll('\\', '\\\\')
    .replaceAll(quote, `\\${quote}`)
    .replace(/[\n\r\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `${quote}${inner}${quote}`;
}
