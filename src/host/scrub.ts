/** The longest line that is logged, in UTF-16 units. */
const MAX_LENGTH = 2000;

/**
 * A line fit for the log: keys, bearer tokens, signatures in addresses and image data are taken out, whoever wrote them in.
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
    .slice(0, MAX_LENGTH);
}
