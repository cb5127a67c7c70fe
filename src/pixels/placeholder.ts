import { deflateSync } from 'node:zlib';
import type { Size } from '../core/size.ts';
import { encodePicture } from './encode.ts';
import type { Engines } from './engines.ts';
import { glyph } from './font.ts';
import { withPlaceholderMark } from './placeholderMark.ts';
import { chunk } from './png.ts';
import type { Drawn, EncodedFormat } from './protocol.ts';

/** Neutral on light and dark pages: the ground, its lines, and the letters. */
const colours = [0xd3, 0xd3, 0xd6, 0xc2, 0xc2, 0xc6, 0x55, 0x55, 0x5c];
const [line, ink] = [1, 2];

/**
 * A placeholder in a format, marked as what it is, as {@link drawPlaceholder} draws it. Throws PixelError where no engine can
 * start for another format than PNG.
 */
export async function placeholderIn(
  engines: Engines,
  size: Size,
  label: string,
  format: EncodedFormat,
): Promise<Drawn> {
  const drawn = drawPlaceholder(size, label);
  if (format === 'png') return { bytes: withPlaceholderMark(drawn) };
  // Without loss an AVIF takes seconds, for a picture that is there to be replaced.
  const { bytes } = await encodePicture(engines, drawn, format, { lossless: format !== 'avif' });
  return { bytes: withPlaceholderMark(bytes) };
}

/**
 * A placeholder as a PNG of exactly this size: a neutral ground with a frame, its diagonals, the label and the size. Letters
 * that the small font does not have are left blank. Throws RangeError for sides that are no whole pixels from 1 to 8000.
 */
export function drawPlaceholder({ width, height }: Size, label: string): Uint8Array {
  for (const side of [width, height])
    if (!Number.isInteger(side) || side < 1 || side > 8000) throw new RangeError(`no picture has a side of ${side}`);
  // An index a pixel; each row begins with its filter, none.
  const rows = { width, height, data: new Uint8Array((width + 1) * height) };
  drawLines(rows);
  const lines = [label, `${width} × ${height}`].filter((text) => widthOf(text) > 0);
  const scale =
    Math.floor(Math.min(width / 14, ...lines.map((text) => (width * 0.8) / widthOf(text)), height / 40) / 2) || 1;
  for (const [index, text] of lines.entries())
    write(rows, text, scale, Math.round(height / 2 + (index - lines.length / 2) * 11 * scale + 2 * scale));
  return png(rows);
}

interface Rows extends Size {
  readonly data: Uint8Array;
}

function set({ width, height, data }: Rows, x: number, y: number, colour: number): void {
  if (x >= 0 && y >= 0 && x < width && y < height) data[y * (width + 1) + 1 + x] = colour;
}

function drawLines(rows: Rows): void {
  const { width, height } = rows;
  const thick = Math.max(1, Math.round(Math.min(width, height) / 250));
  for (let y = 0; y < height; y++) {
    const across = Math.round((y / Math.max(1, height - 1)) * (width - 1));
    for (let step = 0; step < thick; step++) {
      for (const x of [across + step, width - 1 - across - step, step, width - 1 - step]) set(rows, x, y, line);
    }
  }
  for (let x = 0; x < width; x++) {
    const down = Math.round((x / Math.max(1, width - 1)) * (height - 1));
    for (let step = 0; step < thick; step++) {
      for (const y of [down + step, height - 1 - down - step, step, height - 1 - step]) set(rows, x, y, line);
    }
  }
}

const widthOf = (text: string): number => [...text].reduce((sum, character) => sum + glyph(character).width + 1, -1);

function write(rows: Rows, text: string, scale: number, top: number): void {
  let pen = Math.round((rows.width - widthOf(text) * scale) / 2);
  for (const character of text) {
    const shape = glyph(character);
    for (let y = 0; y < shape.height * scale; y++) {
      for (let x = 0; x < shape.width * scale; x++) {
        if (shape.isInk(Math.floor(x / scale), Math.floor(y / scale))) set(rows, pen + x, top + y, ink);
      }
    }
    pen += (shape.width + 1) * scale;
  }
}

function png({ width, height, data }: Rows): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8); // 8 bits, a palette
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(colours)),
    chunk('IDAT', deflateSync(data, { level: 6 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
