import { PixelError } from '../pixelError.ts';
import type { FoundHeader } from '../header.ts';
import type { Reading, Window } from './window.ts';

/** A BMP's own description of its pixels. */
export interface BmpLayout {
  width: number;
  height: number;
  /** Whether rows run from the top; most files run from the bottom. */
  topDown: boolean;
  bitsPerPixel: number;
  /** Whether pixels are coded so that their length cannot be told beforehand (RLE, or OS/2's Huffman and RLE24). */
  isRunLengthCoded: boolean;
  /** Length of the coded pixels in bytes, 0 where it is not told. */
  codedBytes: number;
  /** Byte at which the pixels begin. */
  pixels: number;
  /** Byte at which the colour table begins, its colours, and bytes a colour: 3 in OS/2 1.x, else 4. */
  palette: { offset: number; colours: number; entry: 3 | 4 };
  /** Red, green, blue and alpha bits of a pixel of 16 or 32 bits; alpha 0 where there is none. */
  masks: readonly [number, number, number, number];
}

const CORE_HEADER = 12;
/** OS/2 2.x, where compression 3 and 4 mean other things. */
const OS2_HEADER = 64;
const HEADER_SIZES: readonly number[] = [CORE_HEADER, 16, 40, 52, 56, OS2_HEADER, 108, 124];
const NONE = 0;
const BITFIELDS = 3;
const JPEG = 4;
const PNG = 5;
const ALPHA_BITFIELDS = 6;

/** Reads BMP headers from OS/2 1.x to Windows V5. */
export function* bmpHeader(window: Window): Reading<FoundHeader> {
  const { width, height, masks, bitsPerPixel } = yield* bmpLayout(window);
  return {
    format: 'bmp',
    width,
    height,
    orientation: 1,
    hasAlpha: masks[3] !== 0,
    animated: false,
    ...(bitsPerPixel <= 8 ? { bitsPerSample: bitsPerPixel } : bitsPerPixel >= 24 ? { bitsPerSample: 8 } : {}),
  };
}

/** Everything in a BMP's headers that decoding needs. Throws PixelError 'not-an-image', 'truncated', 'corrupt' or 'unsupported'. */
export function* bmpLayout(window: Window): Reading<BmpLayout> {
  const file = yield* window.bytes(0, 18);
  const pixels = file.getUint32(10, true);
  const headerSize = file.getUint32(14, true);
  // 'BM' alone opens many a text: without a header of a known length it is no picture.
  if (!HEADER_SIZES.includes(headerSize))
    throw new PixelError('not-an-image', `'BM' without a BMP header (length ${headerSize})`);
  const view = yield* window.bytes(14, headerSize);
  const isCore = headerSize === CORE_HEADER;
  const width = isCore ? view.getUint16(4, true) : view.getInt32(4, true);
  const signedHeight = isCore ? view.getUint16(6, true) : view.getInt32(8, true);
  const planes = view.getUint16(isCore ? 8 : 12, true);
  const bitsPerPixel = view.getUint16(isCore ? 10 : 14, true);
  const compression = headerSize > 16 ? view.getUint32(16, true) : 0;
  if (width < 1 || signedHeight === 0 || planes !== 1)
    throw new PixelError('corrupt', `a BMP of ${width} x ${signedHeight}, ${planes} planes`);
  if (headerSize !== OS2_HEADER && (compression === JPEG || compression === PNG))
    throw new PixelError('unsupported', 'a BMP that wraps a JPEG or PNG');
  if (![1, 2, 4, 8, 16, 24, 32].includes(bitsPerPixel))
    throw new PixelError('corrupt', `a BMP with ${bitsPerPixel} bits a pixel`);

  const usesMasks = (compression === BITFIELDS || compression === ALPHA_BITFIELDS) && headerSize !== OS2_HEADER;
  if (usesMasks && bitsPerPixel !== 16 && bitsPerPixel !== 32)
    throw new PixelError('corrupt', `BMP bit masks with ${bitsPerPixel} bits a pixel`);
  // A BITMAPINFOHEADER is followed by its masks, later headers contain them.
  const extra = usesMasks && headerSize === 40 ? (compression === ALPHA_BITFIELDS ? 16 : 12) : 0;
  const masks = yield* readMasks(window, headerSize, bitsPerPixel, usesMasks, extra);
  if (pixels < 14 + headerSize + extra)
    throw new PixelError('corrupt', `BMP pixels that begin inside the headers, at ${pixels}`);
  const used = headerSize >= 40 ? view.getUint32(32, true) : 0;
  const most = bitsPerPixel <= 8 ? 1 << bitsPerPixel : 0;
  return {
    width,
    height: Math.abs(signedHeight),
    topDown: signedHeight < 0,
    bitsPerPixel,
    isRunLengthCoded: compression !== NONE && !usesMasks,
    codedBytes: headerSize >= 40 ? view.getUint32(20, true) : 0,
    pixels,
    palette: {
      offset: 14 + headerSize + extra,
      colours: used === 0 ? most : Math.min(used, most),
      entry: isCore ? 3 : 4,
    },
    masks,
  };
}

function* readMasks(
  window: Window,
  headerSize: number,
  bits: number,
  usesMasks: boolean,
  extra: number,
): Reading<BmpLayout['masks']> {
  const contained = headerSize === 52 ? 12 : headerSize >= 56 && headerSize !== OS2_HEADER ? 16 : 0;
  const present = contained || extra;
  const view = present ? yield* window.bytes(54, present) : undefined;
  const alpha = view && present === 16 && bits >= 16 && bits !== 24 ? view.getUint32(12, true) : 0;
  if (usesMasks && view) return [view.getUint32(0, true), view.getUint32(4, true), view.getUint32(8, true), alpha];
  if (bits === 16) return [0x7c00, 0x03e0, 0x001f, 0];
  // Without masks V4 and V5 headers still tell their alpha, and browsers use it.
  return bits === 32 ? [0xff0000, 0xff00, 0xff, alpha] : [0, 0, 0, 0];
}
