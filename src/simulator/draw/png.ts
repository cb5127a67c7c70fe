import { constants, crc32, deflateSync } from 'node:zlib';
import type { Raster } from '../../pixels/raster.ts';

/**
 * Writes a PNG of a drawn picture. Every row is stored as its difference to the row above, which suits layered drawings
 * and costs one pass: `pixels` chooses the filter for each row and takes four times as long for a 16 megapixel picture.
 */
export function encodePng({ width, height, channels, data }: Raster): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, channels === 4 ? 6 : 2, 0, 0, 0], 8);
  const pixels = deflateSync(differences(data, width * channels, height), {
    level: 2,
    strategy: constants.Z_DEFAULT_STRATEGY,
  });
  return Buffer.concat([signature(), chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}

function signature(): Buffer {
  return Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
}

function differences(data: Uint8Array, stride: number, height: number): Uint8Array {
  const out = new Uint8Array((stride + 1) * height);
  out.set(data.subarray(0, stride), 1);
  for (let row = 1, from = stride; row < height; row += 1) {
    let to = row * (stride + 1);
    out[to] = 2; // the filter "Up"
    for (const end = from + stride; from < end; from += 1) {
      to += 1;
      out[to] = (data[from] ?? 0) - (data[from - stride] ?? 0);
    }
  }
  return out;
}

function chunk(name: string, body: Buffer): Buffer {
  const whole = Buffer.alloc(body.length + 12);
  whole.writeUInt32BE(body.length, 0);
  whole.write(name, 4, 'latin1');
  body.copy(whole, 8);
  whole.writeUInt32BE(crc32(whole.subarray(4, body.length + 8)), body.length + 8);
  return whole;
}
