import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPixels, type Pixels } from '../../src/pixels/client.ts';
import { imageFacts } from '../../src/simulator/imageFacts.ts';
import type { Box, NormalisedJob } from '../../src/simulator/job.ts';
import { drawPicture } from '../../src/simulator/pictures.ts';
import { asSharp, pattern } from './samples.ts';

const WORKER = fileURLToPath(new URL('../../src/pixels/worker.ts', import.meta.url));
const SIZE = { width: 900, height: 600 };

let pixels: Pixels;
beforeAll(() => {
  pixels = createPixels(WORKER);
});
afterAll(() => pixels.dispose());

const base: NormalisedJob = {
  prompt: 'a lighthouse',
  variant: 'pro',
  isSet: false,
  count: 1,
  thinks: false,
  images: [],
  palette: undefined,
  customSize: SIZE,
  aspectRatio: undefined,
  resolution: '1K',
  seed: 1,
  watermark: false,
  responseFormat: 'url',
  holds: false,
};

/** A landscape, and pictures at the edges of what there is. */
async function sources(): Promise<Record<string, Buffer>> {
  return {
    landscape: await sharp((await drawPicture(base, 0)).png)
      .jpeg({ quality: 92 })
      .toBuffer(),
    white: await sharp({ create: { ...SIZE, channels: 3, background: '#fff' } })
      .png()
      .toBuffer(),
    dark: await sharp({ create: { ...SIZE, channels: 3, background: '#060608' } })
      .png()
      .toBuffer(),
    busy: await asSharp(pattern(SIZE.width, SIZE.height, 3))
      .png()
      .toBuffer(),
  };
}

/** The simulator's edit of a picture; without boxes it is what a service does that misreads them. */
async function edited(bytes: Buffer, boxes: readonly Box[], seed: number): Promise<Buffer> {
  const image = { url: undefined, bytes, facts: imageFacts(bytes), boxes };
  const job = { ...base, seed, customSize: { width: 1254, height: 836 }, images: [image] };
  return (await drawPicture(job, 0)).png;
}

const BOXES: Record<string, readonly Box[]> = {
  one: [{ x1: 100, y1: 80, x2: 400, y2: 300 }],
  small: [{ x1: 700, y1: 500, x2: 760, y2: 540 }],
  two: [
    { x1: 0, y1: 0, x2: 200, y2: 200 },
    { x1: 500, y1: 300, x2: 900, y2: 600 },
  ],
};

describe('a drawn edit', () => {
  test('in the boxes is told from one that ignores them, whatever the picture, the boxes and the seed', async () => {
    let seed = 0;
    for (const [name, source] of Object.entries(await sources())) {
      for (const [which, boxes] of Object.entries(BOXES)) {
        seed += 1;
        const heeded = await pixels.measureChange(source, await edited(source, boxes, seed), boxes);
        expect(heeded, `${name}, ${which}`).toMatchObject({ verdict: 'inside' });
        expect(heeded.inside).toBeGreaterThan(heeded.outside * 4);
      }
      const misread = await pixels.measureChange(source, await edited(source, [], seed), BOXES['one']!);
      expect(misread, name).toMatchObject({ verdict: 'everywhere' });
    }
  });

  test('in another place is not in the boxes', async () => {
    const { landscape } = await sources();
    const elsewhere = await edited(landscape!, [{ x1: 500, y1: 300, x2: 900, y2: 600 }], 5);
    expect(await pixels.measureChange(landscape!, elsewhere, BOXES['one']!)).toMatchObject({ verdict: 'everywhere' });
  });
});

describe('what every model does to a picture', () => {
  /** Another size, softer, brighter, coded anew: the same picture to anybody's eye. */
  const redone = (bytes: Buffer): Promise<Buffer> =>
    sharp(bytes)
      .resize(1254, 836, { fit: 'fill' })
      .blur(0.8)
      .modulate({ brightness: 1.03, saturation: 0.97 })
      .jpeg({ quality: 75 })
      .toBuffer();

  test('is no change', async () => {
    const { landscape, white, dark } = await sources();
    for (const source of [landscape!, white!, dark!]) {
      expect(await pixels.measureChange(source, source, BOXES['one']!)).toEqual({
        inside: 0,
        outside: 0,
        insideShare: 0,
        outsideShare: 0,
        verdict: 'nothing',
      });
      expect(await pixels.measureChange(source, await redone(source), BOXES['one']!)).toMatchObject({
        verdict: 'nothing',
      });
    }
  });

  test('does not hide a change in the boxes', async () => {
    const { landscape } = await sources();
    for (const boxes of Object.values(BOXES)) {
      const answer = await redone(await edited(landscape!, boxes, 3));
      expect(await pixels.measureChange(landscape!, answer, boxes)).toMatchObject({ verdict: 'inside' });
    }
  });
});

test('boxes over the whole picture leave no outside', async () => {
  const { landscape } = await sources();
  const whole = [{ x1: 0, y1: 0, x2: SIZE.width, y2: SIZE.height }];
  const found = await pixels.measureChange(landscape!, await edited(landscape!, whole, 2), whole);
  expect(found).toMatchObject({ verdict: 'inside', outside: 0, outsideShare: 0 });
});

test('a turned source is compared as it is seen', async () => {
  const { landscape } = await sources();
  const turned = await sharp(await sharp(landscape).rotate(270).toBuffer())
    .withMetadata({ orientation: 6 })
    .png()
    .toBuffer();
  const answer = await edited(landscape!, BOXES['one']!, 9);
  expect(await pixels.measureChange(turned, answer, BOXES['one']!)).toMatchObject({ verdict: 'inside' });
});
