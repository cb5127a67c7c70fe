import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeBmp } from '../../src/pixels/bmp.ts';
import { encodeBmp } from '../../src/pixels/bmpWriter.ts';
import { createPixels, type Pixels } from '../../src/pixels/client.ts';
import { readHeaderOf } from '../../src/pixels/header.ts';
import { indexedPng } from '../../src/pixels/indexedPng.ts';
import type { EncodedFormat } from '../../src/pixels/protocol.ts';
import { hardFiles } from './hardFiles.ts';
import { apart, boxesOf, marked, markersIn } from './marked.ts';
import { asSharp, cases, pattern, translucent } from './samples.ts';

const WORKER = fileURLToPath(new URL('../../src/pixels/worker.ts', import.meta.url));
const SIZE = { width: 331, height: 253 };

let pixels: Pixels;
beforeAll(() => {
  pixels = createPixels(WORKER);
});
afterAll(() => pixels.dispose());

describe('encode', () => {
  test.each(['png', 'jpeg', 'webp', 'avif'] as const)(
    '%s: upright, with alpha where the format has it',
    async (format: EncodedFormat) => {
      const source = await asSharp(marked(SIZE, 4)).png().toBuffer();
      const { bytes, facts } = await pixels.encode(source, format, { background: '#ffffff' });
      const hasAlpha = format !== 'jpeg';
      expect(facts).toEqual({ format, ...SIZE, byteLength: bytes.length, hasAlpha });
      const theirs = await sharp(bytes).metadata();
      expect(theirs).toMatchObject({ format: format === 'avif' ? 'heif' : format, ...SIZE, hasAlpha });
      expect(apart((await markersIn(bytes)).red, boxesOf(SIZE).red)).toBeLessThanOrEqual(1);
    },
  );

  test('quality and loss are as asked', async () => {
    const source = await asSharp(pattern(300, 200, 3))
      .png()
      .toBuffer();
    const sizes = await Promise.all(
      [20, 60, 95].map(async (quality) => (await pixels.encode(source, 'webp', { quality })).bytes.length),
    );
    expect(sizes).toEqual(sizes.toSorted((one, other) => one - other));
    const { bytes } = await pixels.encode(source, 'webp', { lossless: true });
    expect((await sharp(bytes).raw().toBuffer()).equals(Buffer.from(pattern(300, 200, 3).data))).toBe(true);
  });
});

describe('preview', () => {
  test('of every hard file: small, upright, with the markers in place', async () => {
    for (const { name, bytes, size } of await hardFiles()) {
      const preview = await pixels.preview(bytes, 200);
      const factor = Math.min(1, 200 / Math.max(size.width, size.height));
      const { width, height } = await sharp(preview.bytes).metadata();
      expect([preview.width, preview.height], name).toEqual([width, height]);
      expect([width, height], name).toEqual([Math.round(size.width * factor), Math.round(size.height * factor)]);
      const [drawn, found] = [boxesOf(size).red, (await markersIn(preview.bytes)).red];
      expect(
        apart(found, { x1: drawn.x1 * factor, y1: drawn.y1 * factor, x2: drawn.x2 * factor, y2: drawn.y2 * factor }),
        name,
      ).toBeLessThanOrEqual(2);
    }
  });

  test('keeps transparency, and refuses absurd sizes', async () => {
    expect(await pixels.preview(await translucent().png().toBuffer(), 20)).toMatchObject({ format: 'png' });
    await expect(pixels.preview(await translucent().png().toBuffer(), 0)).rejects.toThrow('preview of 0');
  });
});

describe('our own writers', () => {
  const raster = fc.record({
    width: fc.integer({ min: 1, max: 40 }),
    height: fc.integer({ min: 1, max: 12 }),
    channels: fc.constantFrom(3 as const, 4 as const),
  });

  test('a BMP reads back as it was, and other people read it', async () => {
    fc.assert(
      fc.property(raster, ({ width, height, channels }) => {
        const picture = pattern(width, height, channels);
        picture.data[channels - 1] = 7;
        const bytes = encodeBmp(picture);
        expect(decodeBmp(bytes)).toEqual(picture);
        expect(readHeaderOf(bytes)).toMatchObject({ width, height, hasAlpha: channels === 4, bitsPerSample: 8 });
      }),
      { numRuns: cases(100) },
    );
  });

  test('a PNG with a palette reads back as it was, up to 256 colours', async () => {
    for (const channels of [3, 4] as const) {
      const picture = marked({ width: 37, height: 23 }, channels);
      const bytes = indexedPng(picture);
      expect((await sharp(bytes).metadata()).isPalette).toBe(true);
      expect((await sharp(bytes).raw().toBuffer()).equals(Buffer.from(picture.data))).toBe(true);
    }
    const greys = Uint8Array.from({ length: 256 * 3 }, (_, at) => Math.floor(at / 3));
    expect(indexedPng({ width: 256, height: 1, channels: 3, data: greys })).toBeDefined();
    expect(indexedPng(pattern(300, 2, 3))).toBeUndefined();
  });
});
