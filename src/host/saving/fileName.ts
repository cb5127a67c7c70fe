/** The most characters of a file's name before its extension. */
const MAX_CHARACTERS = 60;
/** File systems count bytes (255 at most); this leaves room for "-999" and an extension. */
const MAX_BYTES = 200;

// Windows reads these as devices whatever follows the first dot.
const windowsDevice = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])$/;

/**
 * A file name without extension made from a prompt: words joined by hyphens, in lower case, letters of every script kept.
 * Valid on Linux, macOS and Windows; never empty; at most 60 characters.
 */
export function fileNameFromPrompt(prompt: string): string {
  const words = prompt
    .normalize('NFC')
    .toLowerCase()
    .replace(/['’`]/gu, '')
    .split(/[^\p{L}\p{N}\p{M}]+/u)
    .filter((word) => word !== '');
  const name = joinUpTo(words);
  if (name === '') return 'image';
  return windowsDevice.test(name) ? `image-${name}` : name;
}

/** What no file may be called on one system or another: separators, reserved characters, and what cannot be seen. */
const forbidden = /[<>:"/\\|?*\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]+/gu;

/**
 * A name that somebody wrote, as every system can have it, without extension: never empty, hidden, a device of Windows, or
 * one that ends with a dot or a space. Its length stays.
 */
export function safeName(written: string): string {
  const name = written
    .normalize('NFC')
    .replace(forbidden, '-')
    .replace(/-{2,}/g, '-')
    .replace(/^[\s.-]+|[\s.-]+$/gu, '');
  if (name === '') return 'image';
  return windowsDevice.test(beforeFirstDot(name)) ? `image-${name}` : name;
}

/**
 * Whether a folder or a file can be called this on every system. Windows has devices, signs and ends that no name may have;
 * a name that it reads in its own way would be another file there. Source: Microsoft, Naming Files, Paths, and Namespaces.
 */
export function isPortable(name: string): boolean {
  if (/[<>:"/\\|?*\p{Cc}]|[. ]$/u.test(name)) return false;
  return !windowsDevice.test(beforeFirstDot(name));
}

const beforeFirstDot = (name: string): string => name.slice(0, `${name}.`.indexOf('.')).trim().toLowerCase();

/**
 * The longest name that can be made with the beginning of a slug, cut between characters as people see them. What stands
 * beside the slug is cut only where it is too long by itself.
 */
export function cutToFit(slug: string, make: (slug: string) => string): string {
  const whole = make(slug);
  if (isShortEnough(whole)) return whole;
  const segments = Array.from(new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(slug));
  let [fits, tooMany] = [0, segments.length];
  while (tooMany - fits > 1) {
    const count = Math.floor((fits + tooMany) / 2);
    if (isShortEnough(make(slug.slice(0, segments[count]?.index)))) fits = count;
    else tooMany = count;
  }
  if (fits > 0) return make(slug.slice(0, segments[fits]?.index));
  const bare = make('');
  return isShortEnough(bare) ? bare : safeName(cut(bare));
}

/** Twice as long as a name from a prompt alone, so that a template has room for more. */
const isShortEnough = (name: string): boolean =>
  [...name].length <= 2 * MAX_CHARACTERS && Buffer.byteLength(name) <= MAX_BYTES;

function joinUpTo(words: readonly string[]): string {
  let name = '';
  for (const word of words) {
    const longer = name === '' ? word : `${name}-${word}`;
    if (!fits(longer)) return name === '' ? cut(word) : name;
    name = longer;
  }
  return name;
}

function fits(name: string): boolean {
  return [...name].length <= MAX_CHARACTERS && Buffer.byteLength(name) <= MAX_BYTES;
}

/** A word longer than a whole name, as Chinese prompts often are, cut between characters as people see them. */
function cut(word: string): string {
  let name = '';
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(word)) {
    if (!fits(name + segment)) break;
    name += segment;
  }
  return name;
}

/** The n-th name to try, from 1: fox.png, fox-2.png, fox-3.png … */
export function numberedName(name: string, extension: string, attempt: number): string {
  return attempt === 1 ? `${name}.${extension}` : `${name}-${attempt}.${extension}`;
}
