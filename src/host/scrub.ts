/** The longest line that is logged, in UTF-16 units. */
const MAX_LENGTH = 2000;

/**
 * A line fit for the log: keys, bearer tokens, signatures in addresses, image data and the names of files and folders are
 * taken out, whoever wrote them in.
 * The last fence, not the only one: callers do not pass such things in the first place.
 */
export function scrub(line: string): string {
  return line
    .replace(/sk-[A-Za-z0-9_-]{6,}/g, 'sk-…')
    .replace(/\b(Bearer|x-api-key:?)\s+\S+/gi, '$1 …')
    .replace(/data:[a-z]+\/[a-z0-9.+-]+;base64,[A-Za-z0-9+/=]*/gi, 'data:…')
    .replace(/\b(https?:\/\/)[^\s/@]*@/gi, '$1…@')
    .replace(/\b(https?:\/\/[^\s?#"'<>]*)[?#][^\s"'<>]*/gi, '$1?…')
    .replace(/[A-Za-z0-9+/]{200,}={0,2}/g, '…')
    .replace(/(['"`])([^'"`\n]*)\1/g, (quoted, quote: string, text: string) =>
      /[\\/]/.test(text) ? `${quote}…${quote}` : quoted,
    )
    .replace(/\b(?!https?:)[a-z][a-z0-9+.-]*:\/\/[^\n]*/gi, fileOnly)
    .replace(
      /(^|[\s(=:,])(?:[A-Za-z]:[\\/]|\\\\|~?\/(?!v1\/|\/))[^\n]*/g,
      (path, before: string) => before + fileOnly(path.slice(before.length)),
    )
    .slice(0, MAX_LENGTH);
}

/** Of a path, which may hold spaces, and of what follows it: the place in a script that it ends with, as in a stack. */
function fileOnly(path: string): string {
  return /[\\/]([\w.-]+\.\w?js:\d+:\d+\)?)(?=\s|$)/.exec(path)?.[1] ?? '…';
}
