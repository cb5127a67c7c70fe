import { crc32 } from 'node:zlib';
import { PixelError } from '../pixelError.ts';
import type { FoundHeader, Orientation } from '../header.ts';
import { exifOrientation } from './exif.ts';
import { nameAt, needPixels, type Reading, type Window } from './window.ts';

/** Bit depths that the PNG specification allows, by colour type. */
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

/** Reads IHDR and what stands before the pixels: tRNS, acTL, eXIf. Decoders look no further for these either. */
export function* pngHeader(window: Window): Reading<FoundHeader> {
  const head = yield* window.bytes(8, 25);
  if (head.getUint32(0) !== 13 || nameAt(head, 4) !== 'IHDR')
    throw new PixelError('corrupt', 'a PNG that does not begin with IHDR');
  const width = head.getUint32(8);
  const height = head.getUint32(12);
  const depth = head.getUint8(16);
  const colour = head.getUint8(17);
  const checked = new Uint8Array(head.buffer, head.byteOffset + 4, 17);
  if (crc32(checked) !== head.getUint32(21)) throw new PixelError('corrupt', 'the checksum of the PNG header is wrong');
  needPixels(width, height);
  if (width > 0x7fffffff || height > 0x7fffffff) throw new PixelError('corrupt', 'PNG sides are at most 2147483647');
  if (!DEPTHS[colour]?.includes(depth)) throw new PixelError('corrupt', `PNG colour type ${colour} with ${depth} bits`);
  if (head.getUint8(18) !== 0 || head.getUint8(19) !== 0 || head.getUint8(20) > 1) {
    throw new PixelError('corrupt', 'unknown PNG compression, filter or interlace method');
  }

  let hasAlpha = colour === 4 || colour === 6;
  let animated = false;
  let orientation: Orientation = 1;
  let at = 33;
  for (;;) {
    const chunk = yield* window.bytes(at, 8);
    const length = chunk.getUint32(0);
    const name = nameAt(chunk, 4);
    if (name === 'IDAT') break;
    if (name === 'IEND') throw new PixelError('corrupt', 'a PNG without pixels');
    if (name === 'tRNS' && length > 0) hasAlpha = true;
    if (name === 'acTL' && length === 8) animated = (yield* window.bytes(at + 8, 4)).getUint32(0) > 1;
    if (name === 'eXIf' && orientation === 1) orientation = yield* exifOrientation(window, at + 8, length);
    at += length + 12;
  }
  return { format: 'png', width, height, orientation, hasAlpha, animated, bitsPerSample: depth };
}
