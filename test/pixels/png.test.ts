import * as fc from 'fast-check';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { encodePng, encodePngAsync } from '../../src/pixels/png.ts';
import { sourceOfBytes } from '../../src/pixels/byteSource.ts';
import { verifyPicture } from '../../src/pixels/integrity.ts';
import { cases, pattern } from './samples.ts';

const rasters = fc
  .record({
    width: fc.integer({ min: 1, max: 40 }),
    height: fc.integer({ min: 1, max: 40 }),
    channels: fc.constantFrom(3 as const, 4 as const),
  })
  .chain((size) => {
    const length = size.width * size.height * size.channels;
    return fc.record({
      ...Object.fromEntries(Object.entries(size).map(([key, value]) => [key, fc.constant(value)])),
      // Noise takes filter None, slopes take the others.
      data: fc.oneof(
        fc.uint8Array({ minLength: length, maxLength: length, size: 'max' }),
        fc
          .tuple(fc.nat(7), fc.nat(7))
          .map(([a, b]) => Uint8Array.from({ length }, (_, i) => i * a + Math.floor(i / size.width) * b)),
      ),
    }) as fc.Arbitrary<{ width: number; height: number; channels: 3 | 4; data: Uint8Array }>;
  });

test('what is written is what sharp reads', async () => {
  await fc.assert(
    fc.asyncProperty(rasters, fc.integer({ min: 0, max: 9 }), async (raster, level) => {
      const { data, info } = await sharp(encodePng(raster, { level })).raw().toBuffer({ resolveWithObject: true });
      expect([info.width, info.height, info.channels]).toEqual([raster.width, raster.height, raster.channels]);
      expect(Buffer.compare(data, Buffer.from(raster.data))).toBe(0);
    }),
    { numRuns: cases(300) },
  );
});

test('the asynchronous variant writes the same bytes, and large pictures are whole', async () => {
  const raster = pattern(1500, 900, 4);
  const bytes = await encodePngAsync(raster);
  expect(bytes.equals(encodePng(raster))).toBe(true);
  expect((await verifyPicture(sourceOfBytes(bytes))).header).toMatchObject({
    width: 1500,
    height: 900,
    hasAlpha: true,
  });
});

test('smooth pictures come out about as small as from libpng', async () => {
  const raster = pattern(64, 48, 3);
  const smooth = await sharp(raster.data, { raw: raster }).resize(1200, 900).raw().toBuffer();
  const theirs = await sharp(smooth, { raw: { width: 1200, height: 900, channels: 3 } })
    .png({ adaptiveFiltering: true })
    .toBuffer();
  expect(encodePng({ width: 1200, height: 900, channels: 3, data: smooth }).length).toBeLessThan(theirs.length * 1.1);
});

test('text is kept, in Latin-1 and beyond', async () => {
  const text = { parameters: 'a café, 50 %', prompt: '一只猫 🐈', Comment: '' };
  const { comments } = await sharp(encodePng(pattern(3, 3, 3), { text })).metadata();
  expect(
    Object.fromEntries(
      (comments ?? []).map((entry) => [entry.keyword, Buffer.from(entry.text, 'latin1').toString('latin1')]),
    ),
  ).toMatchObject({
    parameters: expect.any(String),
    prompt: expect.any(String),
  });
  const bytes = encodePng(pattern(3, 3, 3), { text });
  expect(bytes.includes(Buffer.from('tEXtparameters\0a café, 50 %', 'latin1'))).toBe(true);
  expect(bytes.includes(Buffer.from('iTXtprompt\0\0\0\0\0一只猫 🐈', 'utf8'))).toBe(true);
  await expect(verifyPicture(sourceOfBytes(bytes))).resolves.toMatchObject({ trailingBytes: 0 });
});

test('a raster or keyword that contradicts itself is a RangeError', () => {
  expect(() => encodePng({ width: 2, height: 2, channels: 3, data: new Uint8Array(11) })).toThrow(RangeError);
  expect(() => encodePng({ width: 0, height: 2, channels: 3, data: new Uint8Array(0) })).toThrow(RangeError);
  for (const keyword of ['', ' x', 'two  spaces', 'x'.repeat(80), 'nul\0']) {
    expect(() => encodePng(pattern(1, 1, 3), { text: { [keyword]: 'x' } }), keyword).toThrow(RangeError);
  }
});
