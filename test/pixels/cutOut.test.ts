import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findingsOf, usualCut } from '../../src/core/cutOut.ts';
import { findCheckerboard } from '../../src/pixels/checkerboard.ts';
import { createPixels, type Pixels } from '../../src/pixels/client.ts';
import { cutOutOf } from '../../src/pixels/cutOut.ts';
import type { Raster } from '../../src/pixels/raster.ts';
import { draw } from '../../src/simulator/pictures.ts';
import { asSharp, cases, pattern } from './samples.ts';

let pixels: Pixels;
beforeAll(() => {
  pixels = createPixels(fileURLToPath(new URL('../../src/pixels/worker.ts', import.meta.url)));
});
afterAll(() => pixels.dispose());

async function rasterOf(bytes: Uint8Array): Promise<Raster> {
  const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, channels: 3, data };
}

const drawn = (svg: string, width = 240, height = 200): Promise<Buffer> =>
  sharp(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${svg}</svg>`))
    .flatten({ background: '#ffffff' })
    .png()
    .toBuffer();

const ground = (colour: string): string => `<rect width="100%" height="100%" fill="${colour}"/>`;
const hex = (value: number): string => `#${value.toString(16).padStart(6, '0')}`;

/** How far the cut-out, laid on a colour again, is from a picture, at most and on average, 0 to 255. */
function apart(
  { data }: Raster,
  picture: Raster,
  [red, green, blue]: readonly number[],
): { most: number; mean: number } {
  let [most, sum] = [0, 0];
  for (let at = 0; at < picture.width * picture.height; at++) {
    const part = data[at * 4 + 3]! / 255;
    for (const [band, key] of [red!, green!, blue!].entries()) {
      const laid = data[at * 4 + band]! * part + key * (1 - part);
      const difference = Math.abs(laid - picture.data[at * 3 + band]!);
      most = Math.max(most, difference);
      sum += difference;
    }
  }
  return { most, mean: sum / (picture.width * picture.height * 3) };
}

describe('a cut-out', () => {
  const green = { ...usualCut, key: '#00FF00' };

  test('laid on its key again is the picture it was cut from, and laid on another colour shows none of the key', async () => {
    const shape = fc.record({
      x: fc.integer({ min: 70, max: 170 }),
      y: fc.integer({ min: 70, max: 130 }),
      radius: fc.integer({ min: 20, max: 55 }),
      // Colours that are no green.
      red: fc.integer({ min: 120, max: 255 }),
      blue: fc.integer({ min: 60, max: 255 }),
      turn: fc.nat(89),
    });
    await fc.assert(
      fc.asyncProperty(shape, async ({ x, y, radius, red, blue, turn }) => {
        const colour = hex((red << 16) | (20 << 8) | blue);
        const subject = `<g transform="rotate(${turn} ${x} ${y})"><rect x="${x - radius}" y="${y - 15}" width="${2 * radius}" height="30" fill="${colour}"/><circle cx="${x}" cy="${y}" r="${radius / 2}" fill="${colour}"/></g>`;
        const picture = await rasterOf(await drawn(ground('#00ff00') + subject));
        const { raster, report } = cutOutOf(picture, green);
        expect(apart(raster, picture, [0, 255, 0]).most).toBeLessThan(14);
        const onWhite = await rasterOf(await drawn(ground('#ffffff') + subject));
        const { most, mean } = apart(raster, onWhite, [255, 255, 255]);
        expect(most).toBeLessThan(30);
        expect(mean).toBeLessThan(0.5);
        expect(report.border).toBe(1);
        expect(findingsOf(report)).toEqual([]);
      }),
      { numRuns: cases(30) },
    );
  });

  test('leaves what a subject encloses, says so, and takes it where that is asked', async () => {
    const ring = `${ground('#00ff00')}<circle cx="120" cy="100" r="60" fill="none" stroke="#b0204a" stroke-width="24"/>`;
    const picture = await rasterOf(await drawn(ring));
    const left = cutOutOf(picture, green);
    const middle = (100 * 240 + 120) * 4 + 3;
    expect(left.raster.data[middle]).toBe(255);
    expect(findingsOf(left.report)).toEqual(['enclosed-left']);
    const taken = cutOutOf(picture, { ...green, holes: true });
    expect(taken.raster.data[middle]).toBe(0);
    expect(findingsOf(taken.report)).toEqual([]);
  });

  test('says what is wrong: nothing cut, all cut, a border left, a subject like the key', async () => {
    const of = async (svg: string, options = green) =>
      findingsOf(cutOutOf(await rasterOf(await drawn(svg)), options).report);
    expect(await of(ground('#b0204a'))).toEqual(['nothing-cut']);
    expect(await of(ground('#00ff00'))).toEqual(['all-cut']);
    expect(await of(`${ground('#00ff00')}<rect x="0" y="60" width="160" height="90" fill="#b0204a"/>`)).toEqual([
      'border-left',
    ]);
    const alike = `${ground('#00ff00')}<rect x="60" y="60" width="100" height="80" fill="#b0204a"/><rect x="60" y="60" width="100" height="30" fill="#2ce02c"/>`;
    expect(await of(alike)).toEqual(['subject-like-key']);
  });

  test('has no half transparent pixel with a hard edge, and never more transparent ones with less tolerance', () => {
    const picture = { ...pattern(60, 50, 3), data: pattern(60, 50, 3).data.map((value) => (value < 90 ? 0 : value)) };
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 0.5, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (tolerance, part) => {
          const options = { key: '#000000', edge: 0, holes: false };
          const more = cutOutOf(picture, { ...options, tolerance }).report;
          const less = cutOutOf(picture, { ...options, tolerance: tolerance * part }).report;
          expect(more.partial).toBe(0);
          expect(less.transparent).toBeLessThanOrEqual(more.transparent);
        },
      ),
      { numRuns: cases(60) },
    );
    expect(() => cutOutOf(picture, { ...green, tolerance: 0.6 })).toThrow(RangeError);
    expect(() => cutOutOf(picture, { ...green, edge: 9 })).toThrow(RangeError);
  });

  test('offers the colours that are common on the border, each plainly another', async () => {
    const bands = `${ground('#00ff00')}<rect width="240" height="60" fill="#2040c0"/><rect y="60" width="240" height="40" fill="#2446c4"/><rect x="60" y="50" width="60" height="60" fill="#b0204a"/>`;
    const { key, colours } = await pixels.examineBackground(await drawn(bands));
    expect(colours).toEqual([key, key === '#00FF00' ? '#2040C0' : '#00FF00']);
  });

  test('through the worker is a PNG or a WebP with the alpha that was measured, the first key its border', async () => {
    const jpeg = await sharp(await drawn(`${ground('#00ff00')}<circle cx="120" cy="100" r="60" fill="#b0204a"/>`))
      .jpeg({ quality: 85 })
      .toBuffer();
    const found = await pixels.examineBackground(jpeg);
    expect(found).toMatchObject({ width: 240, height: 200, transparent: 0 });
    expect(found.checkerboard).toBeUndefined();
    expect(found.evenness).toBeGreaterThan(0.98);
    for (const format of ['png', 'webp'] as const) {
      const { bytes, report } = await pixels.cutOut(jpeg, { ...usualCut, key: found.key }, format);
      const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
      expect(info).toMatchObject({ width: 240, height: 200, channels: 4, size: 240 * 200 * 4 });
      const clear = data.filter((value, at) => at % 4 === 3 && value === 0).length;
      expect(clear / (240 * 200)).toBeCloseTo(report.transparent, 6);
      expect(findingsOf(report)).toEqual([]);
    }
    const options = { ...usualCut, key: found.key };
    const shown = await pixels.previewCut(jpeg, options, 120);
    expect(await sharp(shown.bytes).metadata()).toMatchObject({ format: 'png', width: 120, height: 100, channels: 4 });
    const [whole, piece] = [await pixels.cutOut(jpeg, options, 'png'), await pixels.measureCut(jpeg, options, 64)];
    expect(piece.report).toEqual(whole.report);
    expect(piece).toMatchObject({ width: 64, height: 64 });
    // A piece of the whole to the bit, in which there is both what is left and what is not.
    const { data: large } = await sharp(whole.bytes).raw().toBuffer({ resolveWithObject: true });
    const { data: small } = await sharp(piece.bytes).raw().toBuffer({ resolveWithObject: true });
    const rowsOf = (data: Buffer, width: number) =>
      Array.from({ length: data.length / width / 4 }, (_, row) =>
        data.subarray(row * width * 4, (row + 1) * width * 4),
      );
    const [first] = rowsOf(small, 64);
    const at = rowsOf(large, 240).findIndex((row) => row.includes(first!));
    const left = rowsOf(large, 240)[at]!.indexOf(first!);
    for (const [down, row] of rowsOf(small, 64).entries()) {
      const across = rowsOf(large, 240)[at + down]!;
      expect(across.subarray(left, left + 256).equals(row)).toBe(true);
    }
    const alphas = new Set(small.filter((_, index) => index % 4 === 3));
    expect([alphas.has(0), alphas.has(255)]).toEqual([true, true]);
  });
});

describe('a drawn checkerboard', () => {
  const board = (
    width: number,
    height: number,
    square: number,
    light: number,
    dark: number,
    x0 = 0,
    y0 = 0,
  ): Raster => {
    const data = new Uint8Array(width * height * 3);
    for (let at = 0; at < width * height; at++) {
      const column = Math.floor(((at % width) + x0) / square);
      const row = Math.floor((Math.floor(at / width) + y0) / square);
      data.fill((column + row) % 2 === 0 ? light : dark, at * 3, at * 3 + 3);
    }
    return { width, height, channels: 3, data };
  };
  const subject = (width: number, height: number) =>
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><ellipse cx="${width / 2}" cy="${height / 2}" rx="${width * 0.36}" ry="${height * 0.4}" fill="#c0392b"/></svg>`,
    );

  test('is found behind a subject, whatever its squares and greys, also after JPEG', async () => {
    const kind = fc.record({
      square: fc.integer({ min: 6, max: 40 }),
      light: fc.integer({ min: 190, max: 255 }),
      step: fc.integer({ min: 16, max: 100 }),
      x0: fc.nat(40),
      y0: fc.nat(40),
      quality: fc.constantFrom(undefined, 92, 85),
    });
    await fc.assert(
      fc.asyncProperty(kind, async ({ square, light, step, x0, y0, quality }) => {
        const picture = asSharp(board(420, 360, square, light, light - step, x0, y0)).composite([
          { input: subject(420, 360) },
        ]);
        const bytes = await (quality === undefined ? picture.png() : picture.jpeg({ quality })).toBuffer();
        const found = findCheckerboard(await rasterOf(bytes));
        expect(Math.abs((found?.square ?? 0) - square)).toBeLessThanOrEqual(1);
      }),
      { numRuns: cases(25) },
    );
  });

  test('is no stripes, bricks, plain grounds, gradients, chessboards, noise or screens of code', async () => {
    const svg = (content: string) => drawn(content, 420, 360).then(rasterOf);
    const stripes = (size: string) =>
      `<pattern id="p" ${size} patternUnits="userSpaceOnUse"><rect width="8" height="8" fill="#ccc"/></pattern>${ground('#fff')}<rect width="420" height="360" fill="url(#p)"/>`;
    const others: Record<string, Raster> = {
      'upright stripes': await svg(stripes('width="16" height="8"')),
      'lying stripes': await svg(stripes('width="8" height="16"')),
      dots: await svg(stripes('width="16" height="16"')),
      plain: await svg(ground('#f4f4f4')),
      halves: await svg(`${ground('#fff')}<rect width="210" height="360" fill="#ccc"/>`),
      gradient: await svg(
        `<linearGradient id="g"><stop stop-color="#fff"/><stop offset="1" stop-color="#999"/></linearGradient><rect width="420" height="360" fill="url(#g)"/>`,
      ),
      chessboard: board(420, 360, 40, 250, 10),
      pattern: pattern(420, 360, 3),
      noise: {
        width: 420,
        height: 360,
        channels: 3,
        data: Uint8Array.from({ length: 420 * 360 * 3 }, (_, at) =>
          ((Math.floor(at / 3) * 2_654_435_761) >>> 9) & 1 ? 255 : 204,
        ),
      },
      lines: await svg(
        ground('#fff') +
          Array.from(
            { length: 20 },
            (_, row) =>
              `<rect x="${10 + (row % 3) * 20}" y="${row * 18}" width="${100 + ((row * 53) % 290)}" height="9" fill="#ccc"/>`,
          ).join(''),
      ),
    };
    expect(Object.keys(others).filter((name) => findCheckerboard(others[name]!))).toEqual([]);
  });

  test('is in none of the pictures of practice mode', async () => {
    for (const seed of [1, 2, 3]) {
      const { png } = await draw({
        prompt: 'A fox in snow',
        seed,
        index: 0,
        count: 1,
        isSet: false,
        size: { width: 480, height: 360 },
        palette: undefined,
        watermark: false,
        base: undefined,
      });
      expect(findCheckerboard(await rasterOf(png))).toBeUndefined();
    }
  });

  test('is told by the worker in pixels of the whole picture', async () => {
    const bytes = await asSharp(board(3000, 2400, 24, 255, 204))
      .png({ compressionLevel: 1 })
      .toBuffer();
    const { checkerboard } = await pixels.examineBackground(bytes);
    expect(Math.abs(checkerboard! - 24)).toBeLessThanOrEqual(2);
  });
});
