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
