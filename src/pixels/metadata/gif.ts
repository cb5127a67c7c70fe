import { colourTable } from '../headers/gif.ts';

const EXTENSION = 0x21;
const GRAPHIC_CONTROL = 0xf9;

/**
 * A newly written GIF of one frame without its mark of a transparent colour. The writer names one even where nothing is
 * transparent, if there is room in the colour table.
 */
export function withoutTransparentColour(written: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(written);
  let at = 13 + colourTable(bytes[10]!);
  while (bytes[at] === EXTENSION) {
    if (bytes[at + 1] === GRAPHIC_CONTROL) bytes[at + 3]! &= 0xfe;
    at += 2;
    while (at < bytes.length && bytes[at] !== 0) at += 1 + bytes[at]!;
    at += 1;
  }
  return bytes;
}
