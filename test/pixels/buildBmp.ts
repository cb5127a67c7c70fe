import type { Raster } from '../../src/pixels/raster.ts';

/** A BMP to be built from known pixels. */
export interface BmpPlan {
  bits: 1 | 4 | 8 | 16 | 24 | 32;
  /** 12 and 64 are OS/2's, 40 to 124 Windows'. */
  headerSize?: 12 | 16 | 40 | 52 | 56 | 64 | 108 | 124;
  topDown?: boolean;
  compression?: number;
  masks?: readonly number[];
  /** Colours as [red, green, blue], for up to 8 bits. */
  palette?: readonly (readonly number[])[];
  width: number;
  height: number;
  /** The number that is stored for the pixel at (x, y). */
  pixel: (x: number, y: number) => number;
}

/** Writes the file the long way round, with nothing in common with the reader. */
export function buildBmp(plan: BmpPlan): Buffer {
  const { bits, width, height, headerSize = 40, palette = [], masks = [] } = plan;
  const header = Buffer.alloc(headerSize);
  header.writeUInt32LE(headerSize, 0);
  if (headerSize === 12) {
    header.writeUInt16LE(width, 4);
    header.writeUInt16LE(height, 6);
    header.writeUInt16LE(1, 8);
    header.writeUInt16LE(bits, 10);
  } else {
    header.writeInt32LE(width, 4);
    header.writeInt32LE(plan.topDown ? -height : height, 8);
    header.writeUInt16LE(1, 12);
    header.writeUInt16LE(bits, 14);
    if (headerSize > 16) header.writeUInt32LE(plan.compression ?? 0, 16);
    if (headerSize >= 40) header.writeUInt32LE(palette.length, 32);
  }
  const after = Buffer.alloc(headerSize === 40 ? masks.length * 4 : 0);
  masks.forEach((mask, index) =>
    headerSize === 40 ? after.writeUInt32LE(mask, index * 4) : header.writeUInt32LE(mask, 40 + index * 4),
  );
  const colours = Buffer.from(palette.flatMap(([r, g, b]) => (headerSize === 12 ? [b!, g!, r!] : [b!, g!, r!, 0])));
  const rows: Buffer[] = [];
  for (let y = 0; y < height; y++) rows.push(row(plan, y));
  if (!plan.topDown) rows.reverse();
  const file = Buffer.alloc(14);
  file.write('BM', 'latin1');
  file.writeUInt32LE(14 + headerSize + after.length + colours.length, 10);
  const whole = Buffer.concat([file, header, after, colours, ...rows]);
  whole.writeUInt32LE(whole.length, 2);
  return whole;
}

function row({ bits, width, pixel }: BmpPlan, y: number): Buffer {
  let text = '';
  for (let x = 0; x < width; x++) {
    const value = pixel(x, y);
    if (bits <= 8) text += value.toString(2).padStart(bits, '0');
    else
      for (let byte = 0; byte < bits / 8; byte++)
        text += (Math.floor(value / 256 ** byte) % 256).toString(2).padStart(8, '0');
  }
  text = text.padEnd(Math.ceil(text.length / 32) * 32, '0');
  return Buffer.from(text.match(/.{8}/g)!.map((byte) => Number.parseInt(byte, 2)));
}

/** The pixel of a raster as 0xAARRGGBB (no alpha: 0x00RRGGBB). */
export function packed({ width, channels, data }: Raster, x: number, y: number): number {
  const at = (y * width + x) * channels;
  return (channels === 4 ? data[at + 3]! * 2 ** 24 : 0) + data[at]! * 65536 + data[at + 1]! * 256 + data[at + 2]!;
}
