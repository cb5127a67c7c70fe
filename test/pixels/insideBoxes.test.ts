import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { featherOf } from '../../src/core/insideBoxes.ts';
import type { Size } from '../../src/core/size.ts';
import { createPixels, type Pixels } from '../../src/pixels/client.ts';
import type { Raster } from '../../src/pixels/raster.ts';
import { hardFiles } from './hardFiles.ts';
import { apart, boxesOf, type Edges, marked, markersIn, stored } from './marked.ts';
import { asSharp, cases, pattern } from './samples.ts';

const WORKER = fileURLToPath(new URL('../../src/pixels/worker.ts', import.meta.url));

let pixels: Pixels;
beforeAll(() => {
  pixels = createPixels(WORKER);
});
afterAll(() => pixels.dispose());

/** Formats that lose nothing. */
const lossless: Readonly<Record<string, (picture: Sharp) => Sharp>> = {
  png: (picture) => picture.png({ compressionLevel: 1 }),
  'interlaced png': (picture) => picture.png({ compressionLevel: 1, progressive: true }),
  webp: (picture) => picture.webp({ lossless: true, exact: true, effort: 0 }),
  tiff: (picture) => picture.tiff({ compression: 'lzw' }),
};

const scenes = fc.record({
  size: fc.record({ width: fc.integer({ min: 12, max: 220 }), height: fc.integer({ min: 12, max: 220 }) }),
  channels: fc.constantFrom(3 as const, 4 as const),
  orientation: fc.integer({ min: 1, max: 8 }),
  format: fc.constantFrom(...Object.keys(lossless)),
  corners: fc.array(fc.tuple(fc.nat(999), fc.nat(999), fc.nat(999), fc.nat(999)), { minLength: 1, maxLength: 2 }),
  feather: fc.constantFrom(0, 1, 3, 8),
  by: fc.double({ min: 0.8, max: 2.5, noNaN: true }),
});

/** A box of at least a pixel, edges of the picture included. */
function boxOf([a, b, c, d]: readonly [number, number, number, number], { width, height }: Size): Edges {
  const along = (one: number, other: number, whole: number): [number, number] => {
    const [from, to] = [one, other].map((part) => Math.round((part / 999) * whole)).toSorted((x, y) => x - y);
    return from === to ? [Math.max(0, to! - 1), Math.max(1, to!)] : [from!, to!];
  };
  const [x1, x2] = along(a, b, width);
  const [y1, y2] = along(c, d, height);
  return { x1, y1, x2, y2 };
}

/** A slow gradient: resampling it in one way or another gives the same colours. */
function gradient({ width, height }: Size): Raster {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at += 3)
      data.set([40 + (x / width) * 16, 200 - (y / height) * 16, 60 + ((x + y) / (width + height)) * 20], at);
  return { width, height, channels: 3, data };
}

const uprightPixels = async (bytes: Uint8Array): Promise<{ data: Buffer; channels: number }> => {
  const { data, info } = await sharp(bytes).autoOrient().raw().toBuffer({ resolveWithObject: true });
  return { data, channels: info.channels };
};

const covers = ({ x1, y1, x2, y2 }: Edges, x: number, y: number): boolean => x >= x1 && x < x2 && y >= y1 && y < y2;

/** Whether a pixel is so far inside that nothing of the source shines through. */
function isDeepInside(
  { x1, y1, x2, y2 }: Edges,
  x: number,
  y: number,
  feather: number,
  { width, height }: Size,
): boolean {
  const left = x1 === 0 ? Infinity : x + 0.5 - x1;
  const right = x2 === width ? Infinity : x2 - x - 0.5;
  const top = y1 === 0 ? Infinity : y + 0.5 - y1;
  const bottom = y2 === height ? Infinity : y2 - y - 0.5;
  return Math.min(left, right, top, bottom) >= feather;
}

describe('an answer inside boxes', () => {
  test('leaves every sample outside as it is, and inside is the answer', async () => {
    await fc.assert(
      fc.asyncProperty(scenes, async ({ size, channels, orientation, format, corners, feather, by }) => {
        const boxes = corners.map((parts) => boxOf(parts, size));
        const picture = asSharp(stored(pattern(size.width, size.height, channels), orientation));
        // With its orientation sharp writes a colour profile; without, neither.
        const told = orientation === 1 ? picture : picture.withMetadata({ orientation });
        const source = await lossless[format]!(told).toBuffer();
        const answerSize = {
          width: Math.max(8, Math.round(size.width * by)),
          height: Math.max(8, Math.round(size.height * by)),
        };
        const answer = await asSharp(gradient(answerSize)).png({ compressionLevel: 1 }).toBuffer();
        const result = await pixels.insideBoxes(answer, source, { boxes, feather });
        expect(result.outside).toBe('identical');
        const [before, after] = [await uprightPixels(source), await uprightPixels(result.bytes)];
        expect(after.channels).toBe(before.channels);
        const wanted = await sharp(answer).resize(size.width, size.height, { fit: 'fill' }).raw().toBuffer();
        let [outsideOff, insideOff, alphaOff] = [0, 0, 0];
        for (let y = 0, pixel = 0; y < size.height; y++) {
          for (let x = 0; x < size.width; x++, pixel++) {
            const isOutside = !boxes.some((box) => covers(box, x, y));
            const isInside = boxes.some((box) => isDeepInside(box, x, y, feather, size));
            const at = pixel * before.channels;
            if (before.channels === 4)
              alphaOff = Math.max(alphaOff, Math.abs(after.data[at + 3]! - before.data[at + 3]!));
            const isSeen = before.channels === 3 || before.data[at + 3] !== 0;
            for (let band = 0; band < 3; band++) {
              const now = after.data[at + band]!;
              if (isOutside) outsideOff = Math.max(outsideOff, Math.abs(now - before.data[at + band]!));
              else if (isInside && isSeen) insideOff = Math.max(insideOff, Math.abs(now - wanted[pixel * 3 + band]!));
            }
          }
        }
        expect({ outsideOff, alphaOff }).toEqual({ outsideOff: 0, alphaOff: 0 });
        expect(insideOff).toBeLessThanOrEqual(2);
      }),
      { numRuns: cases(40) },
    );
  }, 300_000);

  test('lies where the boxes are, within a pixel, in every kind of file', async () => {
    for (const { name, bytes, size } of await hardFiles()) {
      if (size.width > 2000 || name.startsWith('animated') || name === 'SVG') continue;
      const blank = await asSharp(marked(size)).png().toBuffer();
      // Red is kept by the first box; blue is not asked for, so the place of the blue marker stays the source's.
      const { red } = boxesOf(size);
      const back = await pixels.insideBoxes(blank, bytes, { boxes: [red], feather: 0, background: '#ffffff' });
      if (back.facts.format === 'bmp') continue;
      expect(back.facts, name).toMatchObject(size);
      expect(apart((await markersIn(back.bytes)).red, red), name).toBeLessThanOrEqual(1);
    }
  }, 300_000);

  test('of a picture with a wide profile is mixed in the colours of that profile', async () => {
    const size = { width: 60, height: 40 };
    const source = await asSharp(pattern(60, 40, 3))
      .withIccProfile('p3')
      .png()
      .toBuffer();
    const answer = await asSharp(gradient(size)).png().toBuffer();
    const box = { x1: 10, y1: 10, x2: 30, y2: 30 };
    const { bytes, outside } = await pixels.insideBoxes(answer, source, { boxes: [box], feather: 2 });
    expect(outside).toBe('identical');
    // Without the profile both are plain numbers, which have to be the same outside.
    const [before, after] = await Promise.all(
      [source, Buffer.from(bytes)].map((file) => sharp(withoutChunk(file, 'iCCP')).removeAlpha().raw().toBuffer()),
    );
    const off = before!.filter((value, at) => {
      const [x, y] = [Math.floor(at / 3) % 60, Math.floor(at / 180)];
      return !covers(box, x, y) && value !== after![at];
    });
    expect(off).toHaveLength(0);
    expect((await sharp(bytes).metadata()).icc).toEqual((await sharp(source).metadata()).icc);
  });

  test('in a format that loses something says so, and hardly changes what is outside', async () => {
    const size = { width: 200, height: 160 };
    const picture = asSharp(gradient(size));
    const answer = await asSharp(pattern(200, 160, 3))
      .png()
      .toBuffer();
    for (const source of [
      await picture.clone().jpeg({ quality: 90 }).toBuffer(),
      await picture.clone().webp().toBuffer(),
    ]) {
      const { bytes, outside } = await pixels.insideBoxes(answer, source, {
        boxes: [{ x1: 0, y1: 0, x2: 64, y2: 64 }],
        feather: 4,
      });
      expect(outside).toBe('nearly');
      const [before, after] = [await uprightPixels(source), await uprightPixels(bytes)];
      let most = 0;
      for (let y = 80; y < 160; y++)
        for (let at = y * 600; at < y * 600 + 600; at++)
          most = Math.max(most, Math.abs(before.data[at]! - after.data[at]!));
      expect(most).toBeLessThanOrEqual(8);
    }
  });

  test('of 16 bits or of a grey profile is not promised to be identical', async () => {
    const answer = await asSharp(gradient({ width: 30, height: 20 }))
      .png()
      .toBuffer();
    const deep = await asSharp(pattern(30, 20, 3))
      .toColourspace('rgb16')
      .png()
      .toBuffer();
    const { outside } = await pixels.insideBoxes(answer, deep, { boxes: [{ x1: 1, y1: 1, x2: 9, y2: 9 }], feather: 0 });
    expect(outside).toBe('nearly');
  });
});

/** How formats that lose something are written; with colours of their own, other colour models and lying on their side. */
const lossy: Readonly<Record<string, (picture: Sharp, orientation: number) => Sharp>> = {
  jpeg: (picture, orientation) => told(picture, orientation).jpeg({ quality: 80 }),
  'grey jpeg': (picture, orientation) => told(picture.toColourspace('b-w'), orientation).jpeg({ quality: 80 }),
  'jpeg of a wide profile': (picture, orientation) =>
    told(picture.withIccProfile('p3'), orientation).jpeg({ quality: 80 }),
  webp: (picture, orientation) => told(picture, orientation).webp({ quality: 60 }),
};

const told = (picture: Sharp, orientation: number): Sharp =>
  orientation === 1 ? picture : picture.withMetadata({ orientation });

describe('an answer inside boxes, as PNG', () => {
  test('leaves every sample outside as it is decoded, where the source itself is written with losses', async () => {
    await fc.assert(
      fc.asyncProperty(scenes, fc.constantFrom(...Object.keys(lossy)), async (scene, format) => {
        const { size, orientation, corners, feather } = scene;
        const boxes = corners.map((parts) => boxOf(parts, size));
        const upright = pattern(size.width, size.height, 3);
        const source = await lossy[format]!(asSharp(stored(upright, orientation)), orientation).toBuffer();
        const answer = await asSharp(gradient(size)).png().toBuffer();
        const { bytes, facts, outside } = await pixels.insideBoxes(answer, source, { boxes, feather, as: 'png' });
        expect({ outside, format: facts.format }).toEqual({ outside: 'identical', format: 'png' });
        // Neither is to be converted by the judge: a profile that is the same on both sides says nothing.
        const [before, after] = [await plainSamples(source), await plainSamples(Buffer.from(bytes))];
        expect(after.length).toBe(before.length);
        let off = 0;
        for (let y = 0, at = 0; y < size.height; y++)
          for (let x = 0; x < size.width; x++, at += 3)
            if (!boxes.some((box) => covers(box, x, y)))
              for (let band = 0; band < 3; band++)
                off = Math.max(off, Math.abs(before[at + band]! - after[at + band]!));
        expect(off, format).toBe(0);
        expect((await sharp(bytes).metadata()).icc).toEqual((await sharp(source).metadata()).icc);
      }),
      { numRuns: cases(30) },
    );
  }, 300_000);

  test('of 16 bits a sample is not promised to be identical, since it has 8', async () => {
    const answer = await asSharp(gradient({ width: 30, height: 20 }))
      .png()
      .toBuffer();
    const deep = await asSharp(pattern(30, 20, 3))
      .toColourspace('rgb16')
      .png()
      .toBuffer();
    const options = { boxes: [{ x1: 1, y1: 1, x2: 9, y2: 9 }], feather: 0, as: 'png' } as const;
    expect((await pixels.insideBoxes(answer, deep, options)).outside).toBe('nearly');
  });
});

describe('an answer about a part of its source', () => {
  test('lies in that part, within a pixel, however the source is turned', async () => {
    const parts = fc.record({
      size: fc.record({ width: fc.integer({ min: 60, max: 220 }), height: fc.integer({ min: 60, max: 220 }) }),
      corners: fc.tuple(fc.nat(999), fc.nat(999), fc.nat(999), fc.nat(999)),
      orientation: fc.integer({ min: 1, max: 8 }),
      by: fc.double({ min: 1, max: 2.5, noNaN: true }),
    });
    await fc.assert(
      fc.asyncProperty(parts, async ({ size, corners, orientation, by }) => {
        const crop = boxOf(corners, size);
        const cropped = { width: crop.x2 - crop.x1, height: crop.y2 - crop.y1 };
        fc.pre(cropped.width >= 30 && cropped.height >= 30);
        const grey = { ...marked(size), data: new Uint8Array(size.width * size.height * 3).fill(200) };
        const source = await told(asSharp(stored(grey, orientation)), orientation)
          .png()
          .toBuffer();
        // The answer is the crop with markers in it, larger than the crop is.
        const answer = await asSharp(marked(cropped))
          .resize(Math.round(cropped.width * by), Math.round(cropped.height * by), { fit: 'fill' })
          .png()
          .toBuffer();
        const { bytes } = await pixels.insideBoxes(answer, source, { boxes: [crop], feather: 0, crop });
        const found = await markersIn(bytes);
        const wanted = boxesOf(cropped);
        const moved = (edges: Edges): Edges => ({
          x1: edges.x1 + crop.x1,
          y1: edges.y1 + crop.y1,
          x2: edges.x2 + crop.x1,
          y2: edges.y2 + crop.y1,
        });
        expect(apart(found.red, moved(wanted.red))).toBeLessThanOrEqual(1);
        expect(apart(found.blue, moved(wanted.blue))).toBeLessThanOrEqual(1);
      }),
      { numRuns: cases(25) },
    );
  }, 300_000);
});

describe('all of an answer in the crop that it is of', () => {
  test('leaves every sample outside as it is, comes in within the crop, and is the answer beyond that', async () => {
    const parts = fc.record({
      size: fc.record({ width: fc.integer({ min: 60, max: 200 }), height: fc.integer({ min: 60, max: 200 }) }),
      channels: fc.constantFrom(3 as const, 4 as const),
      corners: fc.tuple(fc.nat(999), fc.nat(999), fc.nat(999), fc.nat(999)),
      orientation: fc.integer({ min: 1, max: 8 }),
      format: fc.constantFrom(...Object.keys(lossless)),
      by: fc.double({ min: 0.8, max: 2.5, noNaN: true }),
    });
    await fc.assert(
      fc.asyncProperty(parts, async ({ size, channels, corners, orientation, format, by }) => {
        const crop = boxOf(corners, size);
        const cropped = { width: crop.x2 - crop.x1, height: crop.y2 - crop.y1 };
        fc.pre(cropped.width >= 30 && cropped.height >= 30);
        const picture = asSharp(stored(pattern(size.width, size.height, channels), orientation));
        const source = await lossless[format]!(told(picture, orientation)).toBuffer();
        const answerSize = { width: Math.round(cropped.width * by), height: Math.round(cropped.height * by) };
        const answer = await asSharp(gradient(answerSize)).png({ compressionLevel: 1 }).toBuffer();
        const feather = featherOf([crop]);
        const result = await pixels.insideBoxes(answer, source, { boxes: [crop], feather, crop });
        expect(result.outside).toBe('identical');
        const [before, after] = [await uprightPixels(source), await uprightPixels(result.bytes)];
        const wanted = await sharp(answer).resize(cropped.width, cropped.height, { fit: 'fill' }).raw().toBuffer();
        let [outsideOff, insideOff, betweenOff] = [0, 0, 0];
        for (let y = 0, pixel = 0; y < size.height; y++) {
          for (let x = 0; x < size.width; x++, pixel++) {
            const at = pixel * before.channels;
            if (before.channels === 4 && before.data[at + 3] === 0) continue;
            for (let band = 0; band < 3; band++) {
              const [was, now] = [before.data[at + band]!, after.data[at + band]!];
              if (!covers(crop, x, y)) outsideOff = Math.max(outsideOff, Math.abs(now - was));
              else {
                const full = wanted[((y - crop.y1) * cropped.width + x - crop.x1) * 3 + band]!;
                const off = Math.abs(now - full);
                if (isDeepInside(crop, x, y, feather, size)) insideOff = Math.max(insideOff, off);
                // On its way in it lies between the two, whichever is the brighter.
                else betweenOff = Math.max(betweenOff, now - Math.max(was, full), Math.min(was, full) - now);
              }
            }
          }
        }
        expect(outsideOff).toBe(0);
        expect(insideOff).toBeLessThanOrEqual(2);
        expect(betweenOff).toBeLessThanOrEqual(2);
      }),
      { numRuns: cases(25) },
    );
  }, 300_000);
});

/** Decoded samples as seen upright, three a pixel, with any colour profile left out of account. */
async function plainSamples(bytes: Buffer): Promise<Buffer> {
  return sharp(bytes, { ignoreIcc: true }).autoOrient().toColourspace('srgb').removeAlpha().raw().toBuffer();
}

function withoutChunk(png: Buffer, name: string): Buffer {
  const parts = [png.subarray(0, 8)];
  for (let at = 8; at < png.length;) {
    const end = at + 12 + png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) !== name) parts.push(png.subarray(at, end));
    at = end;
  }
  return Buffer.concat(parts);
}
