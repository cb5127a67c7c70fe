import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPixels, type Pixels } from '../../src/pixels/client.ts';
import { asSharp, cases, pattern } from './samples.ts';

const WORKER = fileURLToPath(new URL('../../src/pixels/worker.ts', import.meta.url));

let pixels: Pixels;
beforeAll(() => {
  pixels = createPixels(WORKER);
});
afterAll(() => pixels.dispose());

const SIZE = { width: 800, height: 400 };
const BOX = { x1: 80, y1: 40, x2: 240, y2: 200 };

/** A rectangle of one colour. */
const patch = (width: number, height: number, background: string) =>
  sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer();

const photo = () => asSharp(pattern(SIZE.width, SIZE.height, 3)).blur(3);

test('what a change outside covers is its share, and the map shows it there and nowhere else', async () => {
  const places = fc.record({
    left: fc.integer({ min: 260, max: 600 }),
    top: fc.integer({ min: 0, max: 250 }),
    width: fc.integer({ min: 40, max: 190 }),
    height: fc.integer({ min: 40, max: 140 }),
    by: fc.double({ min: 1, max: 2, noNaN: true }),
  });
  const source = await photo().png().toBuffer();
  await fc.assert(
    fc.asyncProperty(places, async ({ left, top, width, height, by }) => {
      const leaked = await photo()
        .composite([{ input: await patch(width, height, '#ff00ff'), left, top }])
        .png()
        .toBuffer();
      const answer = await sharp(leaked)
        .resize(Math.round(SIZE.width * by), Math.round(SIZE.height * by), { fit: 'fill' })
        .png()
        .toBuffer();
      const { share, map } = await pixels.measureLeak(source, answer, { boxes: [BOX] });
      const outside = SIZE.width * SIZE.height - (BOX.x2 - BOX.x1) * (BOX.y2 - BOX.y1);
      expect(Math.abs(share - (width * height) / outside)).toBeLessThan(0.02);
      const { data, info } = await sharp(map).raw().toBuffer({ resolveWithObject: true });
      expect(info.channels).toBe(4);
      const scale = info.width / SIZE.width;
      let [missed, astray] = [0, 0];
      for (let y = 0, at = 3; y < info.height; y++) {
        for (let x = 0; x < info.width; x++, at += 4) {
          const [seenX, seenY] = [(x + 0.5) / scale, (y + 0.5) / scale];
          const depth = Math.min(seenX - left, left + width - seenX, seenY - top, top + height - seenY);
          if (depth > 4 && data[at] === 0) missed += 1;
          if (depth < -4 && data[at] !== 0) astray += 1;
        }
      }
      expect({ missed, astray }).toEqual({ missed: 0, astray: 0 });
    }),
    { numRuns: cases(12) },
  );
}, 300_000);

test('neither a change in the box, nor another size, nor losses and drift of a model count', async () => {
  const source = await photo().jpeg({ quality: 90 }).toBuffer();
  const answer = await sharp(source)
    .composite([{ input: await patch(160, 160, '#00ff00'), left: BOX.x1, top: BOX.y1 }])
    .toBuffer();
  const redone = sharp(answer).resize(1333, 666, { fit: 'fill' }).modulate({ brightness: 1.03 }).blur(0.7);
  const leak = await pixels.measureLeak(source, await redone.jpeg({ quality: 75 }).toBuffer(), { boxes: [BOX] });
  expect(leak.share).toBe(0);
  const { data } = await sharp(leak.map).raw().toBuffer({ resolveWithObject: true });
  expect(data.some((value) => value !== 0)).toBe(false);
});

test('a transparent source is looked at on the colour that it was sent on', async () => {
  const source = await sharp({ create: { ...SIZE, channels: 4, background: '#00000000' } })
    .png()
    .toBuffer();
  const answer = await patch(SIZE.width, SIZE.height, '#204060');
  const leak = (background: string) => pixels.measureLeak(source, answer, { boxes: [BOX], background });
  expect((await leak('#204060')).share).toBe(0);
  expect((await leak('#ffffff')).share).toBe(1);
});

test('an answer about a part of the source is held against that part', async () => {
  const source = await photo().png().toBuffer();
  const crop = { x1: 40, y1: 20, x2: 340, y2: 260 };
  const part = await sharp(source)
    .extract({ left: 40, top: 20, width: 300, height: 240 })
    .resize(900, 720)
    .png()
    .toBuffer();
  expect((await pixels.measureLeak(source, part, { boxes: [BOX], crop })).share).toBe(0);
  expect((await pixels.measureLeak(source, part, { boxes: [BOX] })).share).toBeGreaterThan(0.05);
});

test.each([
  ['png', () => photo().png(), 'identical'],
  ['lossless webp', () => photo().webp({ lossless: true }), 'identical'],
  ['webp', () => photo().webp(), 'nearly'],
  ['jpeg', () => photo().jpeg(), 'nearly'],
])('it is known beforehand whether %s can be written without losses', async (_, write, outside) => {
  const source = await write().toBuffer();
  const leak = await pixels.measureLeak(source, source, { boxes: [BOX] });
  expect(leak).toMatchObject({ share: 0, outside });
});
