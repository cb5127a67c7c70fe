/** The longest detail that is kept of what the service said, in UTF-16 units. */
const longestDetail = 300;

/**
 * Takes out of a text whatever must not be stored or shown: the given secrets in every form they may have been written in,
 * anything that looks like a key, user names, queries and fragments of addresses, image data, and control characters.
 * Secrets of fewer than four characters are not looked for.
 */
export function scrub(text: string, secrets: readonly string[] = []): string {
  const clean = withoutSecrets(text, secrets)
    .replace(/sk-[\w-]{4,}/g, '[key]')
    .replace(/\b(bearer|x-api-key:?|authorization:?)\s+\S+/gi, '$1 [key]')
    .replace(/\bdata:[^,\s"']{0,200},[\w+/=%.~-]*/gi, 'data:…')
    .replace(/\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s"'<>]*/gi, plainAddress)
    .replace(/[A-Za-z0-9+/_-]{120,}={0,2}/g, '…')
    // Line breaks would forge log lines; direction marks would make text read differently from what it is.
    .replace(/[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]+/gu, ' ');
  // Once more, since taking something out may have brought the halves of a secret together.
  return withoutSecrets(clean, secrets);
}

/** True where a secret stands in a text, in any form that `scrub` knows, or behind percent signs. */
export function holdsSecret(text: string, secrets: readonly string[]): boolean {
  return [text, decoded(text)].some((form) => withoutSecrets(form, secrets) !== form);
}

/** Scrubs a text and cuts it to a length that fits a message. */
export function scrubDetail(text: string, secrets: readonly string[] = []): string {
  const clean = scrub(text, secrets).trim();
  const characters = Array.from(clean.slice(0, longestDetail * 2));
  return characters.length <= longestDetail ? clean : `${characters.slice(0, longestDetail - 1).join('')}…`;
}

/** An address without user name, query and fragment: signatures and passwords stand there. */
function plainAddress(address: string): string {
  const end = address.search(/[?#]/);
  const place = end === -1 ? address : address.slice(0, end);
  const host = place.indexOf('://') + 3;
  const pathStart = place.indexOf('/', host);
  const authority = place.slice(host, pathStart === -1 ? undefined : pathStart);
  const plain =
    place.slice(0, host) +
    authority.slice(authority.lastIndexOf('@') + 1) +
    (pathStart === -1 ? '' : place.slice(pathStart));
  return end === -1 ? plain : `${plain}?…`;
}

function withoutSecrets(text: string, secrets: readonly string[]): string {
  const forms = secrets
    .filter((secret) => secret.length >= 4)
    .flatMap((secret) => [
      secret,
      encoded(secret),
      JSON.stringify(secret).slice(1, -1),
      Buffer.from(secret).toString('base64').replace(/=+$/, ''),
    ])
    .sort((one, other) => other.length - one.length);
  return forms.reduce((left, form) => left.replaceAll(form, '[key]'), text);
}

/** Piece by piece: a sign that stands for nothing does not hide what stands beside it. */
function decoded(text: string): string {
  return text.replace(/%([0-7][0-9a-f])/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

function encoded(secret: string): string {
  // Half a surrogate pair cannot be encoded, nor sent.
  return encodeURIComponent(secret.replace(/\p{Surrogate}/gu, ''));
}
