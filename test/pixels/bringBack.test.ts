import { fileURLToPath } from 'node:url';
import sharp, { type Metadata } from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { planPreparation } from '../../src/core/preparation.ts';
import type { Size } from '../../src/core/size.ts';
import { createPixels, type Pixels } from '../../src/pixels/client.ts';
import { decodeBmp } from '../../src/pixels/bmp.ts';
import type { BroughtBack } from '../../src/pixels/protocol.ts';
import { buildBmp, packed } from './buildBmp.ts';
import { hardFiles } from './hardFiles.ts';
import { apart, boxesOf, marked, markersIn, stored } from './marked.ts';
import { asSharp, pattern } from './samples.ts';

const WORKER = fileURLToPath(new URL('../../src/pixels/worker.ts', import.meta.url));
const SIZE = { width: 331, height: 253 };

let pixels: Pixels;
beforeAll(() => {
  pixels = createPixels(WORKER);
});
afterAll(() => pixels.dispose());

/** What a service would answer: the picture in about another size, as PNG. */
const answerTo = ({ width, height }: Size, by = 1.7): Promise<Buffer> =>
  asSharp(marked({ width: Math.round(width * by), height: Math.round(height * by) }))
    .png({ compressionLevel: 1 })
    .toBuffer();

/** What has to be as it was. */
function form({
  format,
  width,
  height,
  orientation,
  hasAlpha,
  space,
  icc,
  chromaSubsampling,
  isProgressive,
  compression,
}: Metadata): object {
  return {
    format,
    width,
    height,
    orientation,
    hasAlpha,
    space: space === 'rgb16' ? 'srgb' : space,
    icc: icc?.length,
    chromaSubsampling,
    isProgressive,
    compression,
  };
}

describe('an answer', () => {
  test('comes back as its source was, for every kind of hard file', async () => {
    for (const { name, bytes, size } of await hardFiles()) {
      // One large file is enough; the others only take time.
      const isLarge = size.width > 2000;
      if (isLarge && name !== 'JPEG of 9,000 pixels') continue;
      const work = pixels.bringBack(await answerTo(size, isLarge ? 0.2 : 1.7), bytes, { background: '#ffffff' });
      if (name.startsWith('animated') || name === 'SVG') {
        await expect(work, name).rejects.toMatchObject({ kind: 'unsupported' });
        continue;
      }
      const back = await work;
      expect(back.facts, name).toMatchObject(size);
      expect(back.fitted, name).toBe('scaled');
      if (back.facts.format === 'bmp') {
        expect(decodeBmp(back.bytes)).toMatchObject({ ...size, channels: 3 });
        continue;
      }
      expect(form(await sharp(back.bytes).metadata()), name).toEqual(form(await sharp(bytes).metadata()));
      const [drawn, found] = [boxesOf(size), await markersIn(back.bytes)];
      // An enlarged marker of the answer is not sharper than the answer's own pixels.
      const most = isLarge ? 3 : 1;
      expect(apart(found.red, drawn.red), `${name}, red`).toBeLessThanOrEqual(most);
      expect(apart(found.blue, drawn.blue), `${name}, blue`).toBeLessThanOrEqual(most);
    }
  });

  test.each(['png', 'webp', 'tiff', 'avif', 'gif'] as const)(
    'has the transparency of a %s, or none if so wished',
    async (format) => {
      const mask = marked(SIZE, 4);
      // A GIF knows only all or nothing.
      if (format === 'gif')
        for (let at = 3; at < mask.data.length; at += 4) mask.data[at] = mask.data[at] === 255 ? 255 : 0;
      const options = {
        webp: { lossless: true, effort: 0 },
        avif: { lossless: true, effort: 0 },
        tiff: { compression: 'lzw' },
      };
      const picture = asSharp(mask);
      const source = await picture[format]((options as Record<string, object>)[format] ?? {}).toBuffer();
      const answer = await answerTo(SIZE);
      const kept = await pixels.bringBack(answer, source);
      expect(kept.facts.hasAlpha).toBe(true);
      const alphaOf = (bytes: Uint8Array): Promise<Buffer> => sharp(bytes).extractChannel('alpha').raw().toBuffer();
      const [ours, theirs] = [await alphaOf(kept.bytes), await alphaOf(source)];
      const most = ours.reduce((worst, value, index) => Math.max(worst, Math.abs(value - theirs[index]!)), 0);
      // AVIF's encoder is not asked to be lossless when an answer is brought back.
      expect(most).toBeLessThanOrEqual(format === 'avif' ? 24 : 0);
      const none = await pixels.bringBack(answer, source, { alpha: 'none' });
      expect(none.facts.hasAlpha).toBe(false);
      expect((await sharp(none.bytes).metadata()).hasAlpha).toBe(false);
    },
    60_000,
  );

  test('to an icon of 64 pixels is one again, with the alpha it had, bit for bit', async () => {
    const icon = marked({ width: 64, height: 64 }, 4);
    // A soft edge of every degree of transparency.
    for (let pixel = 0; pixel < 64 * 64; pixel++) icon.data[pixel * 4 + 3] = (pixel * 4) % 256;
    const source = await asSharp(icon).png().toBuffer();
    const plan = planPreparation(await pixels.describe(source));
    if (plan.kind === 'refused') throw new Error(plan.reason);
    const sent = await pixels.prepare(source, plan.steps);
    expect(sent.facts).toMatchObject({ width: 512, height: 512, hasAlpha: false });
    const answer = await sharp(sent.bytes).resize(1024, 1024).png().toBuffer();
    const back = await pixels.bringBack(answer, source, { background: '#ffffff' });
    expect(back.facts).toMatchObject({ format: 'png', width: 64, height: 64, hasAlpha: true });
    const { data, info } = await sharp(back.bytes).raw().toBuffer({ resolveWithObject: true });
    expect(info.channels).toBe(4);
    expect(data.every((value, at) => at % 4 !== 3 || value === icon.data[at])).toBe(true);
  });

  test('has no fringe of the colour that its source was flattened on', async () => {
    // A red disc whose edge fades; what was sent, and what came back unchanged, is that disc on white.
    const [width, height] = [300, 300];
    const data = new Uint8Array(width * height * 4);
    for (let at = 0, pixel = 0; at < data.length; at += 4, pixel++) {
      const distance = Math.hypot((pixel % width) - 150, Math.floor(pixel / width) - 150);
      data.set([200, 30, 10, Math.max(0, Math.min(255, (120 - distance) * 4))], at);
    }
    const disc = sharp(data, { raw: { width, height, channels: 4 } });
    const source = await disc.clone().png().toBuffer();
    const answer = await disc.clone().flatten({ background: '#ffffff' }).png().toBuffer();
    const onBlack = (bytes: Uint8Array): Promise<Buffer> =>
      sharp(bytes).flatten({ background: '#000000' }).raw().toBuffer();
    const wanted = await onBlack(source);
    const worst = async ({ bytes }: BroughtBack): Promise<number> => {
      const found = await onBlack(bytes);
      return found.reduce((most, value, index) => Math.max(most, Math.abs(value - wanted[index]!)), 0);
    };
    expect(await worst(await pixels.bringBack(answer, source, { background: '#ffffff' }))).toBeLessThanOrEqual(2);
    expect(await worst(await pixels.bringBack(answer, source))).toBeGreaterThan(40);
  });

  test('of another shape is cut, not squeezed', async () => {
    const wide = await asSharp(marked({ width: 600, height: 300 }))
      .png()
      .toBuffer();
    const source = await asSharp(marked({ width: 300, height: 300 }))
      .png()
      .toBuffer();
    const back = await pixels.bringBack(wide, source);
    expect(back).toMatchObject({ fitted: 'cut', facts: { width: 300, height: 300 } });
    const middle = await sharp(wide).extract({ left: 150, top: 0, width: 300, height: 300 }).raw().toBuffer();
    expect((await sharp(back.bytes).raw().toBuffer()).equals(middle)).toBe(true);
    const close = await asSharp(marked({ width: 410, height: 400 }))
      .png()
      .toBuffer();
    expect(await pixels.bringBack(close, source)).toMatchObject({ fitted: 'scaled' });
  });

  test('that is turned itself is turned first', async () => {
    const answer = await asSharp(stored(marked(SIZE), 8))
      .withMetadata({ orientation: 8 })
      .png()
      .toBuffer();
    const source = await asSharp(stored(marked(SIZE), 6))
      .withMetadata({ orientation: 6 })
      .png()
      .toBuffer();
    const back = await pixels.bringBack(answer, source);
    expect(apart((await markersIn(back.bytes)).red, boxesOf(SIZE).red)).toBe(0);
  });
});

describe('the way of the source', () => {
  test.each([92, 85, 60])('JPEG quality %i: hardly another, and never below 85', async (quality) => {
    const source = await asSharp(marked(SIZE)).jpeg({ quality }).toBuffer();
    const back = await pixels.bringBack(await answerTo(SIZE, 1), source);
    const again = await asSharp(marked(SIZE))
      .jpeg({ quality: Math.max(85, quality) })
      .toBuffer();
    expect(tableOf(back.bytes)).toEqual(tableOf(again));
  });

  test('a progressive JPEG and one with full colours stay so', async () => {
    const source = await asSharp(marked(SIZE)).jpeg({ progressive: true, chromaSubsampling: '4:4:4' }).toBuffer();
    const back = await sharp((await pixels.bringBack(await answerTo(SIZE), source)).bytes).metadata();
    expect(back).toMatchObject({ isProgressive: true, chromaSubsampling: '4:4:4' });
  });

  test('a palette stays where it holds every colour', async () => {
    const source = await asSharp(marked(SIZE)).png({ palette: true }).toBuffer();
    const same = await pixels.bringBack(await answerTo(SIZE, 1), source);
    expect((await sharp(same.bytes).metadata()).isPalette).toBe(true);
    const found = await sharp(same.bytes).removeAlpha().raw().toBuffer();
    expect(found.equals(Buffer.from(marked(SIZE).data))).toBe(true);
    const other = await pixels.bringBack(
      await asSharp(pattern(SIZE.width, SIZE.height, 3))
        .png()
        .toBuffer(),
      source,
    );
    expect((await sharp(other.bytes).metadata()).isPalette).toBe(false);
  });

  test('lossless WebP stays lossless; lossy WebP does not grow much', async () => {
    const answer = await answerTo(SIZE, 1);
    const lossless = await pixels.bringBack(answer, await asSharp(marked(SIZE)).webp({ lossless: true }).toBuffer());
    expect((await sharp(lossless.bytes).raw().toBuffer()).equals(Buffer.from(marked(SIZE).data))).toBe(true);
    const source = await asSharp(marked(SIZE)).webp({ quality: 60 }).toBuffer();
    expect((await pixels.bringBack(answer, source)).bytes.length).toBeLessThan(source.length * 2);
  });

  test.each(['none', 'lzw', 'deflate', 'jpeg', 'packbits'] as const)(
    'a TIFF keeps its compression: %s',
    async (compression) => {
      const source = await asSharp(marked(SIZE)).tiff({ compression }).toBuffer();
      const back = await pixels.bringBack(await answerTo(SIZE), source);
      expect((await sharp(back.bytes).metadata()).compression).toBe((await sharp(source).metadata()).compression);
      expect(Math.abs(back.bytes.length - source.length) < source.length * 4).toBe(true);
    },
  );

  test('a wide colour profile stays, and the colours look as the answer has them', async () => {
    const answer = await sharp({ create: { ...SIZE, channels: 3, background: '#c04020' } })
      .png()
      .toBuffer();
    for (const format of ['png', 'jpeg', 'webp', 'tiff'] as const) {
      const source = await asSharp(marked(SIZE)).withIccProfile('p3')[format]().toBuffer();
      const { bytes } = await pixels.bringBack(answer, source);
      expect((await sharp(bytes).metadata()).icc, format).toEqual((await sharp(source).metadata()).icc);
      const seen = await sharp(bytes).toColourspace('srgb').raw().toBuffer();
      [0xc0, 0x40, 0x20].forEach((value, index) =>
        expect(Math.abs(seen[index]! - value), format).toBeLessThanOrEqual(3),
      );
      const numbers = await sharp(bytes).keepIccProfile().raw().toBuffer();
      expect(Math.abs(numbers[0]! - 0xc0), format).toBeGreaterThan(5);
    }
  });

  test('colour profiles do not get into the way of each other when two windows work at once', async () => {
    const other = createPixels(WORKER);
    try {
      const answer = await answerTo(SIZE, 1);
      const source = await asSharp(marked(SIZE)).withIccProfile('p3').jpeg().toBuffer();
      const { icc } = await sharp(source).metadata();
      const work = Array.from({ length: 40 }, (_, index) => (index % 2 ? other : pixels).bringBack(answer, source));
      for (const { bytes } of await Promise.all(work)) expect((await sharp(bytes).metadata()).icc).toEqual(icc);
    } finally {
      other.dispose();
    }
  });

  test('BMP with alpha keeps it, and others have none', async () => {
    const masks = [0xff0000, 0xff00, 0xff, 0xff000000];
    const raster = marked({ width: 30, height: 20 }, 4);
    const plan = { width: 30, height: 20, pixel: (x: number, y: number) => packed(raster, x, y) } as const;
    const source = buildBmp({ ...plan, bits: 32, headerSize: 124, compression: 3, masks });
    const back = await pixels.bringBack(await answerTo(plan), source);
    const decoded = decodeBmp(back.bytes);
    expect(decoded.channels).toBe(4);
    expect(decoded.data.filter((_, at) => at % 4 === 3)).toEqual(raster.data.filter((_, at) => at % 4 === 3));
    const plain = await pixels.bringBack(await answerTo(plan), source, { alpha: 'none' });
    expect(decodeBmp(plain.bytes).channels).toBe(3);
  });
});

/** The first quantisation table. */
function tableOf(jpeg: Uint8Array): number[] {
  const at = Buffer.from(jpeg).indexOf(Buffer.from('ffdb', 'hex'));
  return [...jpeg.subarray(at + 5, at + 69)];
}
