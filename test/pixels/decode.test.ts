import { crc32 } from 'node:zlib';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import sharp, { type Sharp } from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { createPixels } from '../../src/pixels/client.ts';
import { decodeImage } from '../../src/pixels/decode.ts';
import { PixelEngine } from '../../src/pixels/engine.ts';
import { readHeaderOf } from '../../src/pixels/header.ts';
import { turnUpright } from '../../src/pixels/orient.ts';
import { PixelError } from '../../src/pixels/pixelError.ts';
import type { Raster } from '../../src/pixels/raster.ts';
import { mutations, oneOf } from './arbitraries.ts';
import { buildBmp, packed } from './buildBmp.ts';
import {
  asSharp,
  cases,
  HEIGHT,
  mutate,
  opaque,
  pattern,
  type Sample,
  sharpSamples,
  WIDTH,
  isFull,
} from './samples.ts';

let samples: Sample[];
beforeAll(async () => {
  samples = await sharpSamples();
});

const kindOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'decoded',
    (error: unknown) => {
      if (error instanceof PixelError) return error.kind;
      throw error;
    },
  );

/** Largest difference of a sample, where both have alpha (opaque if need be). */
async function difference(ours: Raster, theirs: Sharp): Promise<number> {
  const a = await asSharp(ours).ensureAlpha().raw().toBuffer();
  const { data: b, info } = await theirs.ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  expect([ours.width, ours.height]).toEqual([info.width, info.height]);
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
  return most;
}

describe('decoding', () => {
  test('gives what sharp gives, upright, for every kind of file', async () => {
    for (const { name, bytes } of samples) {
      const raster = await decodeImage(bytes);
      const header = readHeaderOf(bytes);
      expect([raster.width, raster.height], name).toEqual([header.uprightWidth, header.uprightHeight]);
      expect(raster.channels, name).toBe(header.hasAlpha ? 4 : 3);
      expect(raster.data.length, name).toBe(raster.width * raster.height * raster.channels);
      // The engine and sharp carry different builds of the same decoders; rounding may differ by a step.
      expect(await difference(raster, sharp(bytes).autoOrient().toColourspace('srgb')), name).toBeLessThanOrEqual(2);
    }
  });

  test('a BMP by our own reader', async () => {
    const raster = pattern(9, 5, 3);
    expect(
      await decodeImage(buildBmp({ bits: 24, width: 9, height: 5, pixel: (x, y) => packed(raster, x, y) })),
    ).toEqual(raster);
  });

  test('a GIF whose frame is smaller than its unlikely screen keeps the screen', async () => {
    const gif = await opaque().gif().toBuffer();
    gif.writeUInt16LE(640, 6);
    gif.writeUInt16LE(480, 8);
    const raster = await decodeImage(gif);
    expect([raster.width, raster.height, raster.channels]).toEqual([640, 480, 4]);
    expect(raster.data[3]).toBe(255);
    expect(raster.data.at(-1)).toBe(0);
  });

  test('is refused by the header alone where the picture is over the limit', async () => {
    const bomb = Buffer.from(samples[0]!.bytes);
    bomb.writeUInt32BE(12_000, 16);
    bomb.writeUInt32BE(12_000, 20);
    bomb.writeUInt32BE(crc32(bomb.subarray(12, 29)), 29);
    const started = performance.now();
    expect(await kindOf(decodeImage(bomb))).toBe('too-large');
    expect(await kindOf(decodeImage(samples[0]!.bytes, { maxPixels: WIDTH * HEIGHT - 1 }))).toBe('too-large');
    expect(performance.now() - started).toBeLessThan(200);
    expect(await kindOf(decodeImage(samples[0]!.bytes, { maxPixels: WIDTH * HEIGHT }))).toBe('decoded');
  });

  test('of damaged files fails by kind', async () => {
    expect(await kindOf(decodeImage(new Uint8Array(0)))).toBe('not-an-image');
    for (const format of ['png', 'jpeg', 'webp', 'gif']) {
      const { name, bytes } = samples.find((sample) => sample.format === format)!;
      expect(await kindOf(decodeImage(bytes.subarray(0, bytes.length - 40))), name).toBe('truncated');
    }
    const png = Buffer.from(samples[0]!.bytes);
    png[png.indexOf('IDAT') + 20]! ^= 0xff;
    expect(await kindOf(decodeImage(png))).toBe('corrupt');
  });

  // Through the client, as the host does it, so that failures by the thousand are part of the test.
  test('of mutated files gives pixels or a kind of error, however many of them there are', async () => {
    const pixels = createPixels(fileURLToPath(new URL('../../src/pixels/worker.ts', import.meta.url)));
    const kinds = new Set(['decoded', 'truncated', 'corrupt', 'not-an-image', 'unsupported', 'too-large']);
    try {
      await fc.assert(
        fc.asyncProperty(oneOf(samples), mutations, async (sample, changes) => {
          const found = await kindOf(pixels.decode(mutate(sample.bytes, changes), { maxPixels: 1_000_000 }));
          if (!kinds.has(found)) expect.fail(found);
        }),
        { numRuns: cases(250) },
      );
      expect(await kindOf(pixels.decode(samples[0]!.bytes))).toBe('decoded');
    } finally {
      pixels.dispose();
    }
  });

  test('that fails by the hundred leaves the engine working', async () => {
    const engine = new PixelEngine();
    const cut = samples.find(({ name }) => name === 'jpeg baseline')!.bytes.subarray(0, -40);
    // A fresh instance takes over after 500.
    for (let i = 0; i < (isFull ? 1100 : 520); i++) expect(await kindOf(engine.decode(cut))).toBe('truncated');
    expect(await kindOf(engine.decode(samples[0]!.bytes))).toBe('decoded');
  });

  test('leaves a broken colour profile aside', async () => {
    const bytes = Buffer.from(await opaque().withIccProfile('p3').jpeg().toBuffer());
    const profile = bytes.indexOf('ICC_PROFILE');
    bytes.fill(0x11, profile + 40, profile + 200);
    expect(await kindOf(decodeImage(bytes))).toBe('decoded');
  });

  test('says so where the engine cannot start, and works once it can', async () => {
    const engine = new PixelEngine({ folder: '/nowhere' });
    expect(await kindOf(engine.decode(samples[0]!.bytes))).toBe('engine-unavailable');
    const bmp = buildBmp({ bits: 24, width: 2, height: 2, pixel: () => 0 });
    expect(await kindOf(engine.decode(bmp))).toBe('decoded');
  });

  test('the further libraries load beside the base', async () => {
    const engine = new PixelEngine({ libraries: ['vips-heif.wasm', 'vips-resvg.wasm'] });
    expect(await kindOf(engine.decode(samples[0]!.bytes))).toBe('decoded');
  });
});

describe('thumbnails', () => {
  const engine = new PixelEngine();

  test('fit the square, upright, and are never enlarged', async () => {
    for (const { name, bytes } of samples) {
      const header = readHeaderOf(bytes);
      const small = await engine.thumbnail(bytes, 16);
      const shown = await sharp(small.bytes).metadata();
      expect([shown.format, shown.width, shown.height], name).toEqual([small.format, small.width, small.height]);
      expect(Math.max(small.width, small.height), name).toBe(16);
      expect(small.width > small.height, name).toBe(header.uprightWidth > header.uprightHeight);
      expect(small.format, name).toBe(header.hasAlpha ? 'png' : 'webp');
      expect(await engine.thumbnail(bytes, 500), name).toMatchObject({
        width: header.uprightWidth,
        height: header.uprightHeight,
      });
    }
  });

  test('look like the picture', async () => {
    const raster = pattern(200, 100, 3);
    const small = await engine.thumbnail(await asSharp(raster).withMetadata({ orientation: 3 }).jpeg().toBuffer(), 50);
    const theirs = asSharp(raster).rotate(180).resize(50);
    const [ours, expected] = await Promise.all([
      sharp(small.bytes).stats(),
      sharp(await theirs.png().toBuffer()).stats(),
    ]);
    ours.channels.forEach((channel, i) => expect(channel.mean).toBeCloseTo(expected.channels[i]!.mean, -1));
    const [red] = await sharp(small.bytes).raw().toBuffer();
    expect(red).toBeGreaterThan(200);
  });

  test('of a BMP, by way of our own reader', async () => {
    const raster = pattern(60, 30, 3);
    const small = await engine.thumbnail(
      buildBmp({ bits: 24, width: 60, height: 30, pixel: (x, y) => packed(raster, x, y) }),
      20,
    );
    expect(small).toMatchObject({ format: 'webp', width: 20, height: 10 });
  });
});

test('turning upright: there and back, for rasters larger than a tile', () => {
  const back = { 1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 8, 7: 7, 8: 6 } as const;
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 80 }),
      fc.integer({ min: 1, max: 80 }),
      fc.constantFrom(3 as const, 4 as const),
      (width, height, channels) => {
        const raster = pattern(width, height, channels);
        for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8] as const) {
          expect(turnUpright(turnUpright(raster, orientation), back[orientation])).toEqual(raster);
        }
      },
    ),
    { numRuns: cases(30) },
  );
});
