import type { ImageFormat } from '../format.ts';
import { bareJpegParts } from './jpeg.ts';
import { barePngParts } from './png.ts';
import { bareWebpParts } from './webp.ts';

/**
 * The parts of a file, in order, that show its picture: pixels, size, density, colours, transparency. Where it was taken, by
 * whom, with what, small copies of it and whatever lies behind its end are not among them: they are the user's and nobody
 * else's. No pixel is touched. Parts are views, where they need no change; together they are as long as the file only where
 * nothing is left out, and then they are the file.
 *
 * The parts are found by the same rules by which a file is found whole (`integrity.ts`), so that whatever passes there can be
 * taken apart here; anything else throws PixelError 'truncated' or 'corrupt', as there: a picture that cannot be taken apart is
 * refused. Sending it as it is would send what this is to keep back, and no decoder would show more than a part of it.
 * BMP has no metadata, and a GIF is never sent.
 */
export function bareParts(bytes: Uint8Array, format: ImageFormat): readonly Uint8Array[] {
  switch (format) {
    case 'jpeg':
      return bareJpegParts(bytes);
    case 'png':
      return barePngParts(bytes);
    case 'webp':
      return bareWebpParts(bytes);
    default:
      return [bytes];
  }
}

/** The parts as one file: the very same array where nothing is left out. */
export function joined(parts: readonly Uint8Array[], whole: Uint8Array): Uint8Array {
  const length = lengthOf(parts);
  if (length === whole.length) return whole;
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** How long the parts are together. */
export function lengthOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}
