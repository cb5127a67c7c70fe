import { type BmpLayout, bmpLayout } from './headers/bmp.ts';
import { readIn, Window } from './headers/window.ts';
import { PixelError } from './pixelError.ts';
import type { Raster } from './raster.ts';

/**
 * Decodes an uncompressed BMP of 1, 2, 4, 8, 16, 24 or 32 bits, OS/2 or Windows, bottom-up or top-down, with or without bit masks.
 * Four channels where the header declares an alpha mask; an alpha that is zero everywhere is a writer's slip and reads as opaque.
 * The caller bounds the pixels beforehand. Throws PixelError 'not-an-image', 'unsupported' (run-length coded), 'truncated' or 'corrupt'.
 */
export function decodeBmp(bytes: Uint8Array): Raster {
  if (bytes[0] !== 0x42 || bytes[1] !== 0x4d) throw new PixelError('not-an-image', "a BMP begins with 'BM'");
  const layout = readIn(bytes, bmpLayout(new Window(bytes.length)));
  if (layout.isRunLengthCoded) throw new PixelError('unsupported', 'a run-length coded BMP');
  const stride = bmpStride(layout);
  if (layout.pixels + stride * layout.height > bytes.length) {
    throw new PixelError(
      'truncated',
      `a BMP of ${bytes.length} bytes whose pixels end at ${layout.pixels + stride * layout.height}`,
    );
  }
  const channels = layout.masks[3] === 0 ? 3 : 4;
  const raster: Raster = {
    width: layout.width,
    height: layout.height,
    channels,
    data: new Uint8Array(layout.width * layout.height * channels),
  };
  const readRow = rowReader(bytes, layout, raster);
  for (let y = 0; y < layout.height; y++) {
    const stored = layout.topDown ? y : layout.height - 1 - y;
    readRow(layout.pixels + stored * stride, y * layout.width * channels);
  }
  if (channels === 4) mendAlpha(raster.data);
  return raster;
}

/** Bytes of a stored row: whole 32-bit words. */
export function bmpStride({ width, bitsPerPixel }: Pick<BmpLayout, 'width' | 'bitsPerPixel'>): number {
  return Math.ceil((width * bitsPerPixel) / 32) * 4;
}

type RowReader = (from: number, to: number) => void;

function rowReader(bytes: Uint8Array, layout: BmpLayout, raster: Raster): RowReader {
  if (layout.bitsPerPixel <= 8) return indexedRows(bytes, layout, raster);
  return layout.bitsPerPixel === 24 ? plainRows(bytes, raster) : maskedRows(bytes, layout, raster);
}

function plainRows(bytes: Uint8Array, { width, data }: Raster): RowReader {
  return (from, to) => {
    for (let x = 0; x < width; x++, from += 3, to += 3) {
      data[to] = bytes[from + 2]!;
      data[to + 1] = bytes[from + 1]!;
      data[to + 2] = bytes[from]!;
    }
  };
}

function indexedRows(bytes: Uint8Array, { bitsPerPixel, palette }: BmpLayout, { width, data }: Raster): RowReader {
  if (palette.offset + palette.colours * palette.entry > bytes.length)
    throw new PixelError('truncated', 'a BMP that ends in its colour table');
  const perByte = 8 / bitsPerPixel;
  const mask = (1 << bitsPerPixel) - 1;
  return (from, to) => {
    for (let x = 0; x < width; x++, to += 3) {
      const shift = 8 - bitsPerPixel * ((x % perByte) + 1);
      const index = (bytes[from + Math.floor(x / perByte)]! >> shift) & mask;
      // An index beyond the table is black, as in other decoders.
      if (index >= palette.colours) continue;
      const colour = palette.offset + index * palette.entry;
      data[to] = bytes[colour + 2]!;
      data[to + 1] = bytes[colour + 1]!;
      data[to + 2] = bytes[colour]!;
    }
  };
}

function maskedRows(
  bytes: Uint8Array,
  { bitsPerPixel, masks }: BmpLayout,
  { width, channels, data }: Raster,
): RowReader {
  const step = bitsPerPixel / 8;
  const samples = masks.slice(0, channels).map((mask) => sampler(mask));
  return (from, to) => {
    for (let x = 0; x < width; x++, from += step, to += channels) {
      const low = bytes[from]! | (bytes[from + 1]! << 8);
      const pixel = step === 2 ? low : (low | (bytes[from + 2]! << 16) | (bytes[from + 3]! << 24)) >>> 0;
      for (let channel = 0; channel < channels; channel++) data[to + channel] = samples[channel]!(pixel);
    }
  };
}

/** Takes one sample out of a pixel and stretches it to 0-255. */
function sampler(mask: number): (pixel: number) => number {
  if (mask === 0) return () => 0;
  const shift = 31 - Math.clz32(mask & -mask);
  const most = (mask >>> shift) >>> 0;
  if ((most & (most + 1)) !== 0) throw new PixelError('corrupt', `a BMP bit mask with a gap: ${mask.toString(2)}`);
  return most === 255
    ? (pixel) => (pixel >>> shift) & 255
    : (pixel) => Math.round((((pixel & mask) >>> shift) * 255) / most);
}

function mendAlpha(data: Uint8Array): void {
  for (let at = 3; at < data.length; at += 4) if (data[at] !== 0) return;
  for (let at = 3; at < data.length; at += 4) data[at] = 255;
}
