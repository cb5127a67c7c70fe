import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { crc32, deflate, deflateSync } from 'node:zlib';
import type { Raster } from './raster.ts';

/** How a PNG is written. */
export interface PngOptions {
  /** Text entries by keyword (1-79 Latin-1 characters); values may be any Unicode. Latin-1 values are kept as tEXt, others as iTXt. */
  text?: Readonly<Record<string, string>>;
  /** zlib level 0-9; default 6. */
  level?: number;
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const deflateLater = promisify(deflate);

/** Writes a raster as an 8-bit RGB or RGBA PNG. Throws RangeError where the raster's sizes contradict each other. */
export function encodePng(raster: Raster, options: PngOptions = {}): Buffer {
  const pixels = deflateSync(filterRows(raster), { level: options.level ?? 6 });
  return assemble(raster, pixels, options);
}

/** Writes the same PNG as {@link encodePng}, compressed off the calling thread, which is held for a few milliseconds at a time. */
export async function encodePngAsync(raster: Raster, options: PngOptions = {}): Promise<Buffer> {
  const pixels = await deflateLater(await filterRowsInSlices(raster), { level: options.level ?? 6 });
  return assemble(raster, pixels, options);
}

function assemble(raster: Raster, pixels: Buffer, options: PngOptions): Buffer {
  const parts = [SIGNATURE, chunk('IHDR', imageHeader(raster))];
  for (const [keyword, value] of Object.entries(options.text ?? {})) parts.push(textChunk(keyword, value));
  parts.push(chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0)));
  return Buffer.concat(parts);
}

function imageHeader({ width, height, channels }: Raster): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  header[9] = channels === 4 ? 6 : 2;
  return header;
}

/** A chunk with its length and checksum. */
export function chunk(type: string, body: Uint8Array): Buffer {
  const whole = Buffer.allocUnsafe(body.length + 12);
  whole.writeUInt32BE(body.length, 0);
  whole.write(type, 4, 'latin1');
  whole.set(body, 8);
  whole.writeUInt32BE(crc32(whole.subarray(4, 8 + body.length)), 8 + body.length);
  return whole;
}

function textChunk(keyword: string, value: string): Buffer {
  if (!isKeyword(keyword)) throw new RangeError(`not a PNG text keyword: ${JSON.stringify(keyword)}`);
  const isLatin1 = /^[\n\x20-\x7e\xa0-\xff]*$/u.test(value);
  if (isLatin1) return chunk('tEXt', Buffer.from(`${keyword}\0${value}`, 'latin1'));
  // Keyword, no compression, no language tag, no translated keyword. A NUL would end nothing in iTXt, yet readers stop at it.
  const text = Buffer.from(value.replaceAll('\0', ''), 'utf8');
  return chunk('iTXt', Buffer.concat([Buffer.from(`${keyword}\0\0\0\0\0`, 'latin1'), text]));
}

/** PNG keywords: 1-79 printable Latin-1 characters, no space at either end and no two in a row. */
function isKeyword(text: string): boolean {
  return /^[\x20-\x7e\xa1-\xff]{1,79}$/u.test(text) && text.trim() === text && !text.includes('  ');
}

/** Bytes filtered without a pause in the asynchronous variant: a few milliseconds of work. */
const SLICE = 512 * 1024;

function filterRows(raster: Raster): Buffer {
  const filtered = emptyRows(raster);
  filterSome(raster, filtered, 0, raster.height);
  return filtered;
}

async function filterRowsInSlices(raster: Raster): Promise<Buffer> {
  const filtered = emptyRows(raster);
  const rows = Math.ceil(SLICE / (raster.width * raster.channels));
  for (let from = 0; from < raster.height; from += rows) {
    filterSome(raster, filtered, from, Math.min(from + rows, raster.height));
    await setImmediate();
  }
  return filtered;
}

function emptyRows({ width, height, channels, data }: Raster): Buffer {
  const isWhole = Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0;
  if (!isWhole || data.length !== width * height * channels) {
    throw new RangeError(`a raster of ${width} x ${height} x ${channels} cannot have ${data.length} bytes`);
  }
  return Buffer.allocUnsafe((width * channels + 1) * height);
}

/** Gives each row the filter whose result has the smallest sum of absolute values, the usual estimate of what deflates best. */
function filterSome({ width, channels, data }: Raster, into: Buffer, from: number, to: number): void {
  const stride = width * channels;
  const nothing = new Uint8Array(stride);
  for (let y = from; y < to; y++) {
    const row = data.subarray(y * stride, (y + 1) * stride);
    const above = y === 0 ? nothing : data.subarray((y - 1) * stride, y * stride);
    const filter = bestFilter(row, above, channels);
    const start = y * (stride + 1);
    into[start] = filter;
    FILTERS[filter](row, above, channels, into.subarray(start + 1, start + 1 + stride));
  }
}

type Filter = (row: Uint8Array, above: Uint8Array, step: number, into: Uint8Array) => void;

/** By the PNG specification's numbers. Average (3) is left out: it is seldom best and costs as much as the others. */
const FILTERS: Readonly<Record<0 | 1 | 2 | 4, Filter>> = {
  0: (row, _above, _step, into) => into.set(row),
  1: (row, _above, step, into) => {
    into.set(row.subarray(0, step));
    for (let i = step; i < row.length; i++) into[i] = row[i]! - row[i - step]!;
  },
  2: (row, above, _step, into) => {
    for (let i = 0; i < row.length; i++) into[i] = row[i]! - above[i]!;
  },
  4: (row, above, step, into) => {
    for (let i = 0; i < step; i++) into[i] = row[i]! - above[i]!;
    for (let i = step; i < row.length; i++) into[i] = row[i]! - paeth(row[i - step]!, above[i]!, above[i - step]!);
  },
};

function bestFilter(row: Uint8Array, above: Uint8Array, step: number): 0 | 1 | 2 | 4 {
  let [none, sub, up, both] = [0, 0, 0, 0];
  // A third or a quarter of the bytes is judged, with a step that has no factor in common with the channels, so that each has its say.
  const stride = step === 3 ? 4 : 3;
  for (let i = step; i < row.length; i += stride) {
    const value = row[i]!;
    const left = row[i - step]!;
    const over = above[i]!;
    // Shifting to the top of an int32 and back reads the byte as signed.
    none += Math.abs((value << 24) >> 24);
    sub += Math.abs(((value - left) << 24) >> 24);
    up += Math.abs(((value - over) << 24) >> 24);
    both += Math.abs(((value - paeth(left, over, above[i - step]!)) << 24) >> 24);
  }
  const least = Math.min(none, sub, up, both);
  if (least === none) return 0;
  if (least === sub) return 1;
  return least === up ? 2 : 4;
}

function paeth(left: number, up: number, corner: number): number {
  const toLeft = Math.abs(up - corner);
  const toUp = Math.abs(left - corner);
  const toCorner = Math.abs(left + up - 2 * corner);
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}
