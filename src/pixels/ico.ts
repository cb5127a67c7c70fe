import type { Raster } from './raster.ts';

/** Bytes of the file's header, of an entry in its list, and of the bitmap header before the pixels. */
const FILE_HEADER = 6;
const ENTRY = 16;
const BITMAP_HEADER = 40;

/**
 * Writes an ICO of square pictures of at most 255 pixels a side, smallest first. Each is a bitmap of 32 bits with a mask of
 * one bit: PNG within an ICO came with Windows Vista and for 256 pixels, and readers exist that expect bitmaps below that
 * (Raymond Chen, "The evolution of the ICO file format, part 4"). For a favicon's three sizes that is 15 KB.
 */
export function encodeIco(pictures: readonly Raster[]): Buffer {
  const sorted = pictures.toSorted((one, other) => one.width - other.width);
  const bitmaps = sorted.map(bitmapOf);
  const header = Buffer.alloc(FILE_HEADER + ENTRY * sorted.length);
  header.writeUInt16LE(1, 2); // icons, not cursors
  header.writeUInt16LE(sorted.length, 4);
  let start = header.length;
  for (const [index, bitmap] of bitmaps.entries()) {
    const { width, height } = sorted[index]!;
    const at = FILE_HEADER + ENTRY * index;
    header.writeUInt8(width, at);
    header.writeUInt8(height, at + 1);
    header.writeUInt16LE(1, at + 4);
    header.writeUInt16LE(32, at + 6);
    header.writeUInt32LE(bitmap.length, at + 8);
    header.writeUInt32LE(start, at + 12);
    start += bitmap.length;
  }
  return Buffer.concat([header, ...bitmaps]);
}

function bitmapOf({ width, height, channels, data }: Raster): Buffer {
  const maskStride = Math.ceil(width / 32) * 4;
  const pixels = width * height * 4;
  const bytes = Buffer.alloc(BITMAP_HEADER + pixels + maskStride * height);
  bytes.writeUInt32LE(BITMAP_HEADER, 0);
  bytes.writeInt32LE(width, 4);
  bytes.writeInt32LE(height * 2, 8); // with the mask
  bytes.writeUInt16LE(1, 12);
  bytes.writeUInt16LE(32, 14);
  bytes.writeUInt32LE(pixels + maskStride * height, 20);
  for (let y = 0; y < height; y++) {
    const row = height - 1 - y;
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * channels;
      const to = BITMAP_HEADER + (row * width + x) * 4;
      const alpha = channels === 4 ? data[from + 3]! : 255;
      bytes[to] = data[from + 2]!;
      bytes[to + 1] = data[from + 1]!;
      bytes[to + 2] = data[from]!;
      bytes[to + 3] = alpha;
      // For readers that know no alpha.
      if (alpha < 128) bytes[BITMAP_HEADER + pixels + row * maskStride + (x >> 3)]! |= 0x80 >> (x & 7);
    }
  }
  return bytes;
}
