import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPixels, type Pixels } from '../../src/pixels/client.ts';
import { PixelError } from '../../src/pixels/pixelError.ts';
import type { Fill } from '../../src/pixels/protocol.ts';
import { cases } from './samples.ts';

let pixels: Pixels;
beforeAll(() => {
  pixels = createPixels(fileURLToPath(new URL('../../src/pixels/worker.ts', import.meta.url)));
});
afterAll(() => pixels.dispose());

interface Rectangle {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

const sent = { width: 768, height: 768 };
const box = { x1: 448, y1: 80, x2: 704, y2: 336 };
const whole = { x1: 0, y1: 0, x2: 768, y2: 768 };
const red = '#e0161a';

/** A grey picture of a size with these places painted; they are given in pixels of `of`. */
async function painted(
  places: readonly (Rectangle & { readonly colour: string })[],
  {
    size = sent,
    of = sent,
    noise = 0,
    quality,
  }: { size?: typeof sent; of?: typeof sent; noise?: number; quality?: number } = {},
): Promise<Uint8Array> {
  const overlays = await Promise.all(
    places.map(async ({ x1, y1, x2, y2, colour }) => {
      const left = Math.round((x1 * size.width) / of.width);
      const top = Math.round((y1 * size.height) / of.height);
      const width = Math.max(1, Math.round((x2 * size.width) / of.width) - left);
      const height = Math.max(1, Math.round((y2 * size.height) / of.height) - top);
      const input = await sharp({ create: { width, height, channels: 3, background: colour } })
        .png()
        .toBuffer();
      return { input, left, top };
    }),
  );
  const grain = Buffer.alloc(size.width * size.height * 3, 128);
  if (noise > 0) for (const at of grain.keys()) grain[at] = 128 + (((at * 2_654_435_761) >>> 8) % (2 * noise)) - noise;
  const picture = sharp(grain, { raw: { ...size, channels: 3 } }).composite(overlays);
  return quality === undefined ? picture.png().toBuffer() : picture.jpeg({ quality }).toBuffer();
}

const verdict = async (bytes: Uint8Array): Promise<Fill['verdict']> =>
  (await pixels.judgeFill(bytes, box, sent)).verdict;

describe('what the colours say', () => {
  const at = (x1: number, y1: number, side: number, colour = red) => ({ x1, y1, x2: x1 + side, y2: y1 + side, colour });
  test.each<[string, readonly (Rectangle & { colour: string })[], Fill['verdict']]>([
    ['the box filled', [{ ...box, colour: red }], 'inside'],
    ['the box filled with another red', [{ ...box, colour: '#a01818' }], 'inside'],
    ['the box filled a little too far', [at(438, 70, 276)], 'inside'],
    ['the box filled not quite to its edge', [at(460, 92, 232)], 'inside'],
    ['everything red', [{ ...whole, colour: red }], 'everywhere'],
    ['everything leaning to red', [{ ...whole, colour: '#a35b5c' }], 'everywhere'],
    ['the box and as much beside it', [{ ...box, colour: red }, at(64, 420, 256)], 'unclear'],
    ['the upper half red', [{ x1: 0, y1: 0, x2: 768, y2: 384, colour: red }], 'everywhere'],
    ['the place with its axes swapped', [{ x1: 80, y1: 448, x2: 336, y2: 704, colour: red }], 'elsewhere'],
    ['the place on a scale of a thousand', [{ x1: 344, y1: 61, x2: 541, y2: 258, colour: red }], 'unclear'],
    ['the middle red', [at(256, 256, 256)], 'elsewhere'],
    ['nothing changed', [], 'nothing'],
    ['the box filled with blue', [{ ...box, colour: '#1c3cdc' }], 'nothing'],
    ['the box a little pink', [{ ...box, colour: '#987878' }], 'nothing'],
    ['a third of the box red', [at(448, 80, 150)], 'unclear'],
  ])('%s', async (_, places, expected) => {
    expect(await verdict(await painted(places))).toBe(expected);
  });

  test('the mean colours are told', async () => {
    const { inside, outside } = await pixels.judgeFill(await painted([{ ...box, colour: '#e0161a' }]), box, sent);
    expect(inside.map(Math.round)).toEqual([224, 22, 26]);
    expect(outside.map(Math.round)).toEqual([128, 128, 128]);
  });

  test('what is no picture is a PixelError', async () => {
    await expect(pixels.judgeFill(Buffer.from('no picture'), box, sent)).rejects.toBeInstanceOf(PixelError);
  });
});

const edges = fc
  .tuple(
    fc.integer({ min: 0, max: 500 }),
    fc.integer({ min: 0, max: 500 }),
    fc.integer({ min: 120, max: 260 }),
    fc.integer({ min: 120, max: 260 }),
  )
  .map(([x1, y1, width, height]) => ({ x1, y1, x2: x1 + width, y2: y1 + height }));
const answers = fc.record({
  width: fc.integer({ min: 500, max: 1300 }),
  off: fc.integer({ min: -6, max: 6 }),
  noise: fc.integer({ min: 0, max: 12 }),
  quality: fc.option(fc.integer({ min: 50, max: 95 }), { nil: undefined }),
});

test('a filled box is found in every place, size and grain of an answer, a few pixels off and as a poor JPEG', async () => {
  await fc.assert(
    fc.asyncProperty(edges, answers, async (place, { width, off, noise, quality }) => {
      const size = { width, height: width + off };
      const bytes = await painted([{ ...place, colour: red }], {
        size,
        noise,
        ...(quality !== undefined && { quality }),
      });
      expect((await pixels.judgeFill(bytes, place, sent)).verdict).toBe('inside');
    }),
    { numRuns: cases(30) },
  );
});

test('red in a place that has nothing to do with the box is never taken for it', async () => {
  const overlap = (one: Rectangle, other: Rectangle): number =>
    Math.max(0, Math.min(one.x2, other.x2) - Math.max(one.x1, other.x1)) *
    Math.max(0, Math.min(one.y2, other.y2) - Math.max(one.y1, other.y1));
  const area = ({ x1, y1, x2, y2 }: Rectangle): number => (x2 - x1) * (y2 - y1);
  await fc.assert(
    fc.asyncProperty(edges, edges, answers, async (asked, filled, { width, off, noise, quality }) => {
      fc.pre(overlap(asked, filled) < area(asked) / 3);
      const size = { width, height: width + off };
      const bytes = await painted([{ ...filled, colour: red }], {
        size,
        noise,
        ...(quality !== undefined && { quality }),
      });
      expect((await pixels.judgeFill(bytes, asked, sent)).verdict).not.toBe('inside');
    }),
    { numRuns: cases(30) },
  );
});
