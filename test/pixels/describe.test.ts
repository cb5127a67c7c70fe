import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { planPreparation } from '../../src/core/preparation.ts';
import { createPixels, type Pixels } from '../../src/pixels/client.ts';
import type { PixelError } from '../../src/pixels/pixelError.ts';
import { sourceFormatOf } from '../../src/pixels/sourceFormat.ts';
import { buildBmp } from './buildBmp.ts';
import { asSharp, opaque, pattern, sharpSamples, translucent } from './samples.ts';

const WORKER = fileURLToPath(new URL('../../src/pixels/worker.ts', import.meta.url));
const SVG = 'xmlns="http://www.w3.org/2000/svg"';
const svg = (text: string): Buffer => Buffer.from(text);

let pixels: Pixels;
beforeAll(() => {
  pixels = createPixels(WORKER);
});
afterAll(() => pixels.dispose());

describe('facts', () => {
  test('are those that sharp tells, for every format it can write', async () => {
    const samples = (await sharpSamples()).map(({ name, bytes }) => ({ name, bytes }));
    samples.push({ name: 'tiff', bytes: await opaque().tiff().toBuffer() });
    samples.push({ name: 'tiff with alpha', bytes: await translucent().tiff({ compression: 'lzw' }).toBuffer() });
    samples.push({ name: 'tiff turned', bytes: await opaque().withMetadata({ orientation: 5 }).tiff().toBuffer() });
    samples.push({ name: 'tiff of 16 bits', bytes: await opaque().toColourspace('rgb16').tiff().toBuffer() });
    samples.push({ name: 'tiff of inks', bytes: await opaque().toColourspace('cmyk').tiff().toBuffer() });
    samples.push({ name: 'avif', bytes: await opaque().avif({ effort: 0 }).toBuffer() });
    samples.push({ name: 'avif with alpha', bytes: await translucent().avif({ effort: 0 }).toBuffer() });
    for (const { name, bytes } of samples) {
      const theirs = await sharp(bytes).metadata();
      const orientation = theirs.orientation ?? 1;
      const facts = await pixels.describe(bytes);
      expect(facts, name).toMatchObject({
        format: theirs.format === 'heif' ? 'avif' : theirs.format,
        width: theirs.autoOrient.width,
        height: theirs.autoOrient.height,
        byteLength: bytes.length,
        animated: (theirs.pages ?? 1) > 1,
        orientation,
        isCmyk: theirs.space === 'cmyk',
        isDeep: theirs.depth === 'ushort',
      });
      // sharp goes by all frames of a GIF, we by the one that is shown first.
      if (name !== 'gif animated') expect(facts.hasAlpha, name).toBe(theirs.hasAlpha);
    }
  });

  test('of a BMP, which sharp does not read', async () => {
    const bytes = buildBmp({ bits: 24, headerSize: 12, width: 5, height: 3, pixel: () => 0 });
    expect(await pixels.describe(bytes)).toMatchObject({ format: 'bmp', width: 5, height: 3, isCmyk: false });
  });

  test('of an SVG, from its root element wherever that is', async () => {
    const sized = await pixels.describe(svg(`<svg ${SVG} width="40" height="30"/>`));
    expect(sized).toMatchObject({ format: 'svg', width: 40, height: 30, hasAlpha: true, animated: false });
    expect(planPreparation(sized)).toMatchObject({ kind: 'possible', sent: { format: 'png' } });
    const boxed = '\ufeff<?xml version="1.0"?>\n<!-- a > b -->\n<!DOCTYPE svg PUBLIC "x" "y" [ <!ENTITY a "b"> ]>\n';
    expect(await pixels.describe(svg(`${boxed}<svg ${SVG} viewBox="0 0 300 20"/>`))).toMatchObject({
      width: 300,
      height: 20,
    });
  });

  test('of pages and of small copies within: more than one picture', async () => {
    const page = await opaque().png().toBuffer();
    const pages = await sharp([page, page], { join: { animated: true } })
      .tiff()
      .toBuffer();
    expect(await pixels.describe(pages)).toMatchObject({ animated: true });
    const pyramid = await asSharp(pattern(900, 700, 3))
      .tiff({ pyramid: true, tile: true })
      .toBuffer();
    expect(await pixels.describe(pyramid)).toMatchObject({ animated: true, width: 900 });
  });
});

describe('what is not read', () => {
  test.each([
    ['HEIC', '\0\0\0\x18ftypheic\0\0\0\0mif1heic'],
    ['HEIC by a general brand', '\0\0\0\x18ftypmif1\0\0\0\0mif1heic'],
    ['JPEG XL', '\xff\x0a0000'],
    ['JPEG 2000', '\0\0\0\x0cjP  \r\n'],
    ['a raw camera file', 'II*\0\x10\0\0\0CR\x02\0'],
    ['an icon', '\0\0\x01\0\x01\0\x10\x10'],
    ['Photoshop', '8BPS\0\x01'],
    ['PDF', '%PDF-1.7'],
    ['a compressed SVG', '\x1f\x8b\x08\0'],
  ])('%s is known as such', async (_name, start) => {
    const bytes = Buffer.concat([Buffer.from(start, 'latin1'), Buffer.alloc(100)]);
    await expect(pixels.describe(bytes)).rejects.toMatchObject({ name: 'PixelError', kind: 'unsupported' });
  });

  test('an AVIF by its further brands is one', () => {
    expect(sourceFormatOf(Buffer.from('\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf', 'latin1'))).toBe('avif');
  });

  test.each([
    ['nothing', ''],
    ['a text', 'Once upon a time'],
    ['a page', '<!DOCTYPE html><html><body><svg/></body></html>'],
    ['XML', '<?xml version="1.0"?><note/>'],
    ['a comment without end', '<!-- <svg>'],
    ['a film', '\0\0\0\x18ftypisom\0\0\0\0isommp41'],
  ])('%s is no picture', async (_name, text) => {
    await expect(pixels.describe(Buffer.from(text, 'latin1'))).rejects.toMatchObject({ kind: 'not-an-image' });
  });

  test('an SVG with words, for which there are no fonts', async () => {
    for (const inside of ['<text>hello</text>', '<g><text x="1">a</text></g>', '<foreignObject/>'])
      await expect(pixels.describe(svg(`<svg ${SVG}>${inside}</svg>`))).rejects.toMatchObject({ kind: 'unsupported' });
  });

  test('a JPEG of 12 bits', async () => {
    const jpeg = await opaque().jpeg().toBuffer();
    const frame = jpeg.indexOf(Buffer.from('ffc0', 'hex'));
    jpeg[frame + 4] = 12;
    await expect(pixels.describe(jpeg)).rejects.toMatchObject({ kind: 'unsupported' });
  });
});

test('everything is one of our errors where the engine is missing, and the usual formats do not need it', async () => {
  const without = createPixels(WORKER, { vipsFolder: '/nowhere' });
  try {
    const png = await asSharp(pattern(300, 300, 3))
      .png()
      .toBuffer();
    const tiff = await asSharp(pattern(300, 300, 3))
      .tiff()
      .toBuffer();
    expect(await without.describe(png)).toMatchObject({ format: 'png' });
    expect(await without.prepare(png, [])).toMatchObject({ steps: [], facts: { format: 'png' } });
    const kind = (work: Promise<unknown>): Promise<string> =>
      work.then(
        () => 'done',
        (error: PixelError) => error.kind,
      );
    const box = { x1: 0, y1: 0, x2: 9, y2: 9 };
    expect(
      await Promise.all([
        kind(without.describe(tiff)),
        kind(without.prepare(png, [{ kind: 'convert', from: 'png', to: 'jpeg' }])),
        kind(without.preview(png, 20)),
        kind(without.bringBack(png, png)),
        kind(without.measureChange(png, png, [box])),
        kind(without.encode(png, 'jpeg')),
      ]),
    ).toEqual(Array.from({ length: 6 }, () => 'engine-unavailable'));
  } finally {
    without.dispose();
  }
});
