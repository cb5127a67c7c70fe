import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { asItCame, type SaveOptions, sizeWays, type Variant, wantedFiles } from '../../src/core/saveOptions.ts';
import { createPixels, type Pixels } from '../../src/pixels/client.ts';
import { asSharp, cases, pattern, translucent } from './samples.ts';

let pixels: Pixels;
beforeAll(() => {
  pixels = createPixels(fileURLToPath(new URL('../../src/pixels/worker.ts', import.meta.url)));
});
afterAll(() => pixels.dispose());

/** Soft gradients, as pictures of a camera or a model have. */
const soft = (width: number, height: number) =>
  asSharp(pattern(width, height, 3))
    .blur(4)
    .png()
    .toBuffer();

const sharpName: Record<Variant['format'], string> = {
  png: 'png',
  'png-palette': 'png',
  jpeg: 'jpeg',
  webp: 'webp',
  avif: 'heif',
};

test('every format has exactly the asked pixels, whatever shape is asked for and however it is taken', async () => {
  const source = await soft(90, 60);
  const side = fc.integer({ min: 1, max: 160 });
  const format = fc.constantFrom<Variant['format'][]>('png', 'png-palette', 'jpeg', 'webp', 'avif');
  const variant = fc.record({
    format,
    quality: fc.integer({ min: 1, max: 100 }),
    size: fc.record({ width: side, height: side, how: fc.constantFrom(...sizeWays) }),
  });
  await fc.assert(
    fc.asyncProperty(variant, async (wanted) => {
      const { bytes, facts } = await pixels.variant(source, wanted);
      const { width, height } = wanted.size;
      expect(facts).toMatchObject({ width, height, byteLength: bytes.length });
      const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
      expect([info.width, info.height, data.length]).toEqual([width, height, width * height * info.channels]);
      expect((await sharp(bytes).metadata()).format).toBe(sharpName[wanted.format]);
    }),
    { numRuns: cases(60) },
  );
});

test.each(['png', 'png-palette', 'jpeg', 'webp', 'avif'] as const)(
  '%s shows the picture that it was made of',
  async (format) => {
    const source = await soft(200, 120);
    const { bytes } = await pixels.variant(source, { format, quality: 90 });
    const [ours, theirs] = await Promise.all([bytes, source].map((each) => sharp(each).removeAlpha().raw().toBuffer()));
    const apart = ours!.reduce((sum, value, at) => sum + Math.abs(value - theirs![at]!), 0) / ours!.length;
    expect(apart).toBeLessThan(format === 'png' ? 0.001 : 4);
  },
);

test('a PNG with a palette has one, of at most 256 colours, and is the lighter for it', async () => {
  const source = await asSharp(pattern(300, 200, 3))
    .blur(2)
    .png()
    .toBuffer();
  const { bytes } = await pixels.variant(source, { format: 'png-palette', quality: 100 });
  expect(await sharp(bytes).metadata()).toMatchObject({ format: 'png', isPalette: true });
  expect(bytes.length).toBeLessThan(source.length);
  const { data } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const colours = new Set(Array.from({ length: data.length / 3 }, (_, at) => data.readUIntBE(at * 3, 3)));
  expect(colours.size).toBeGreaterThan(16);
  expect(colours.size).toBeLessThanOrEqual(256);
});

test.each(['jpeg', 'webp', 'avif'] as const)(
  'a higher quality of %s is nearer to the picture and heavier',
  async (format) => {
    const source = await asSharp(pattern(240, 160, 3))
      .blur(1)
      .png()
      .toBuffer();
    const plain = await sharp(source).raw().toBuffer();
    const made = [];
    for (const quality of [15, 50, 90]) {
      const { bytes } = await pixels.variant(source, { format, quality });
      const data = await sharp(bytes).removeAlpha().raw().toBuffer();
      made.push({ weight: bytes.length, apart: data.reduce((sum, value, at) => sum + (value - plain[at]!) ** 2, 0) });
    }
    expect(made.map(({ weight }) => weight)).toEqual(made.map(({ weight }) => weight).toSorted((a, b) => a - b));
    expect(made.map(({ apart }) => apart)).toEqual(made.map(({ apart }) => apart).toSorted((a, b) => b - a));
  },
);

test('fit shows all of a picture between clear bars, or white ones; crop shows its middle; fill stretches it', async () => {
  // Red, green and blue from left to right.
  const stripes = await sharp({ create: { width: 90, height: 30, channels: 3, background: '#00ff00' } })
    .composite([
      { input: { create: { width: 30, height: 30, channels: 3, background: '#ff0000' } }, left: 0, top: 0 },
      { input: { create: { width: 30, height: 30, channels: 3, background: '#0000ff' } }, left: 60, top: 0 },
    ])
    .png()
    .toBuffer();
  const at = async (how: 'fit' | 'fill' | 'crop', format: 'png' | 'jpeg', x: number, y: number) => {
    const size = { width: 90, height: 90, how };
    const { bytes } = await pixels.variant(stripes, { format, quality: 100, size });
    const { data } = await sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
    return [...data.subarray((y * 90 + x) * 4, (y * 90 + x) * 4 + 4)];
  };
  expect(await at('fit', 'png', 45, 5)).toEqual([0, 0, 0, 0]);
  expect(await at('fit', 'jpeg', 45, 5)).toEqual([255, 255, 255, 255]);
  expect(await at('fit', 'png', 5, 45)).toEqual([255, 0, 0, 255]);
  expect(await at('crop', 'png', 5, 45)).toEqual([0, 255, 0, 255]);
  expect(await at('crop', 'png', 85, 5)).toEqual([0, 255, 0, 255]);
  expect(await at('fill', 'png', 5, 5)).toEqual([255, 0, 0, 255]);
  expect(await at('fill', 'png', 85, 85)).toEqual([0, 0, 255, 255]);
});

test('transparency stays where the format has it, and lies on white in a JPEG', async () => {
  const source = await translucent().png().toBuffer();
  for (const format of ['png', 'png-palette', 'webp', 'avif'] as const)
    expect(
      (await sharp((await pixels.variant(source, { format, quality: 80 })).bytes).metadata()).hasAlpha,
      format,
    ).toBe(true);
  const clear = await sharp({ create: { width: 8, height: 8, channels: 4, background: '#00000000' } })
    .png()
    .toBuffer();
  const { bytes } = await pixels.variant(clear, { format: 'jpeg', quality: 90 });
  expect([...(await sharp(bytes).raw().toBuffer())].every((value) => value > 250)).toBe(true);
});

test('a picture that is turned by its metadata is written upright', async () => {
  const turned = await sharp(await soft(60, 40))
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
  const { facts } = await pixels.variant(turned, {
    format: 'webp',
    quality: 80,
    size: { width: 20, height: 30, how: 'crop' },
  });
  expect(facts).toMatchObject({ width: 20, height: 30 });
  const whole = await pixels.variant(turned, { format: 'png', quality: 80 });
  expect(whole.facts).toMatchObject({ width: 40, height: 60 });
});

const master = { format: 'png', width: 1600, height: 900 };
const options = (change: Partial<SaveOptions>): SaveOptions => ({ ...asItCame, ...change });

test('what came is copied to the byte unless another format or size is asked for', () => {
  expect(wantedFiles(asItCame, master)).toEqual([{ variant: undefined }]);
  const same = { kind: 'exact', width: 1600, height: 900, how: 'fit' } as const;
  expect(wantedFiles(options({ size: same }), master)).toEqual([{ variant: undefined }]);
});

test('widths keep the shape, come once each, and are never more than there is', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 4000 }), { minLength: 1, maxLength: 8 }), (widths) => {
      const files = wantedFiles(options({ format: 'webp', size: { kind: 'widths', widths } }), master);
      const made = files.map(({ width }) => width!);
      expect(new Set(made)).toEqual(new Set(widths.map((width) => Math.min(width, 1600))));
      expect(made).toEqual([...made].toSorted((one, other) => one - other));
      for (const { variant, width } of files) {
        const { size = { ...master, how: 'fill' } } = variant!;
        expect(size.width).toBe(width);
        expect(Math.abs(size.height - (width! * 900) / 1600)).toBeLessThanOrEqual(1);
      }
    }),
  );
});
