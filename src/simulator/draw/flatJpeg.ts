import type { Size } from '../sizes.ts';

/**
 * A mid-grey JPEG of any size, for answers that are not the PNG they claim to be. Every 8 by 8 block is "no difference,
 * end of block": one bit each, so the whole picture is a run of zero bits and needs no encoder.
 */
export function flatJpeg({ width, height }: Size): Buffer {
  const blocks = Math.ceil(width / 8) * Math.ceil(height / 8);
  const pixels = Buffer.alloc(Math.ceil((blocks * 2) / 8));
  // JPEG fills the last byte up with ones.
  const used = (blocks * 2) % 8;
  if (used > 0) pixels[pixels.length - 1] = 0xff >> used;
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xe0, [...Buffer.from('JFIF\0', 'latin1'), 1, 1, 0, 0, 1, 0, 1, 0, 0]),
    segment(0xdb, [0, ...Array.from({ length: 64 }, () => 1)]),
    segment(0xc0, [8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0]),
    segment(0xc4, oneCodeTable(0x00)),
    segment(0xc4, oneCodeTable(0x10)),
    segment(0xda, [1, 1, 0x00, 0, 63, 0]),
    pixels,
    Buffer.from([0xff, 0xd9]),
  ]);
}

/** A Huffman table with one code of one bit, for the symbol 0. */
function oneCodeTable(kind: number): number[] {
  return [kind, 1, ...Array.from({ length: 15 }, () => 0), 0];
}

function segment(marker: number, body: readonly number[]): Buffer {
  const length = body.length + 2;
  return Buffer.from([0xff, marker, length >> 8, length & 255, ...body]);
}
