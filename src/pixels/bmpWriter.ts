import type { Raster } from './raster.ts';

/** Bytes of the file's header, and of the oldest Windows header and the newest, which alone tells of alpha. */
const FILE_HEADER = 14;
const INFO_HEADER = 40;
const V5_HEADER = 124;

/** Writes a bottom-up BMP: 24 bits a pixel, or 32 with an alpha mask where there is alpha. */
export function encodeBmp({ width, height, channels, data }: Raster): Buffer {
  const headerSize = channels === 4 ? V5_HEADER : INFO_HEADER;
  const start = FILE_HEADER + headerSize;
  const stride = Math.ceil((width * channels) / 4) * 4;
  const bytes = Buffer.alloc(start + stride * height);
  bytes.write('BM', 0, 'latin1');
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(start, 10);
  bytes.writeUInt32LE(headerSize, 14);
  bytes.writeInt32LE(width, 18);
  bytes.writeInt32LE(height, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(channels * 8, 28);
  bytes.writeUInt32LE(stride * height, 34);
  // 72 dots an inch.
  bytes.writeInt32LE(2835, 38);
  bytes.writeInt32LE(2835, 42);
  if (channels === 4) writeMasks(bytes);
  for (let y = 0; y < height; y++) {
    writeRow(data, y * width * channels, bytes, start + (height - 1 - y) * stride, width, channels);
  }
  return bytes;
}

function writeMasks(bytes: Buffer): void {
  // Colours by bit fields.
  bytes.writeUInt32LE(3, 30);
  [0xff0000, 0xff00, 0xff, 0xff000000].forEach((mask, index) => bytes.writeUInt32LE(mask, 54 + index * 4));
  // 'sRGB', as V5 writes it.
  bytes.write('BGRs', 70, 'latin1');
  // Colours matter more than proofs: perceptual intent.
  bytes.writeUInt32LE(4, 122);
}

function writeRow(from: Uint8Array, at: number, to: Buffer, target: number, width: number, channels: 3 | 4): void {
  for (let x = 0; x < width; x++, at += channels, target += channels) {
    to[target] = from[at + 2]!;
    to[target + 1] = from[at + 1]!;
    to[target + 2] = from[at]!;
    if (channels === 4) to[target + 3] = from[at + 3]!;
  }
}
