import { deflateSync } from 'node:zlib';
import { chunk } from './png.ts';
import type { Raster } from './raster.ts';

/** Writes a PNG with a palette, or answers undefined where the picture has more than 256 colours. */
export function indexedPng({ width, height, channels, data }: Raster): Buffer | undefined {
  const indices = new Map<number, number>();
  // Each row begins with its filter, none, which is best for indices.
  const rows = Buffer.alloc((width + 1) * height);
  for (let pixel = 0, at = 0; at < data.length; pixel++, at += channels) {
    const colour = colourAt(data, at, channels);
    let index = indices.get(colour);
    if (index === undefined) {
      if (indices.size === 256) return undefined;
      index = indices.size;
      indices.set(colour, index);
    }
    rows[pixel + Math.floor(pixel / width) + 1] = index;
  }
  const colours = [...indices.keys()];
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const palette = Buffer.from(colours.flatMap((colour) => [(colour >>> 16) & 255, (colour >>> 8) & 255, colour & 255]));
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('PLTE', palette),
    ...(channels === 4 ? [chunk('tRNS', Buffer.from(colours.map((colour) => colour >>> 24)))] : []),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function colourAt(data: Uint8Array, at: number, channels: 3 | 4): number {
  const alpha = channels === 4 ? data[at + 3]! : 255;
  return ((alpha << 24) | (data[at]! << 16) | (data[at + 1]! << 8) | data[at + 2]!) >>> 0;
}
