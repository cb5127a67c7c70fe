import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { createPixels } from '../../src/pixels/client.ts';
import { drawPlaceholder } from '../../src/pixels/placeholder.ts';
import { readHeaderOf } from '../../src/pixels/header.ts';
import {
  carriesPlaceholderMark,
  isUntouchedPlaceholder,
  placeholderHead,
  withPlaceholderMark,
} from '../../src/pixels/placeholderMark.ts';

describe('a placeholder', () => {
  const marked = withPlaceholderMark(drawPlaceholder({ width: 64, height: 64 }, 'x'));

  test.each([
    [1, 1],
    [37, 1200],
    [1600, 900],
    [4096, 8],
  ])('of %i × %i pixels is a whole picture of that size to others', async (width, height) => {
    const bytes = drawPlaceholder({ width, height }, 'Hero picture');
    const { info } = await sharp(bytes).removeAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width, height, channels: 3 });
  });

  test('shows its label, and another for another name', () => {
    const size = { width: 400, height: 300 };
    expect(Buffer.compare(drawPlaceholder(size, 'one'), drawPlaceholder(size, 'two'))).not.toBe(0);
  });

  test('says what it is near its beginning, as a text that other programs show', async () => {
    const { comments } = await sharp(marked).metadata();
    expect(comments).toEqual([{ keyword: 'Wan Image Placeholder', text: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
  });

  test.each(['png', 'jpeg', 'webp', 'lossless webp', 'avif'] as const)(
    'as %s is one for as long as nobody has changed it, and a picture to others',
    async (format) => {
      const drawn = sharp(drawPlaceholder({ width: 333, height: 222 }, 'x')).removeAlpha();
      const encoded = {
        png: () => drawn.png(),
        jpeg: () => drawn.jpeg(),
        webp: () => drawn.webp(),
        'lossless webp': () => drawn.webp({ lossless: true }),
        avif: () => drawn.avif(),
      };
      const before = await encoded[format]().toBuffer();
      const bytes = withPlaceholderMark(before);
      expect([isUntouchedPlaceholder(before), isUntouchedPlaceholder(bytes)]).toEqual([false, true]);
      expect(carriesPlaceholderMark(bytes.subarray(0, placeholderHead))).toBe(true);
      expect((await sharp(bytes).raw().toBuffer()).equals(await sharp(before).raw().toBuffer())).toBe(true);
      // The headers that are read here are not those of AVIF.
      if (format !== 'avif')
        expect(readHeaderOf(bytes)).toMatchObject({ uprightWidth: 333, uprightHeight: 222, hasAlpha: false });
      const painted = Buffer.from(bytes);
      painted[bytes.length - 20] = (painted[bytes.length - 20] ?? 0) ^ 1;
      expect(isUntouchedPlaceholder(painted)).toBe(false);
      expect(isUntouchedPlaceholder(bytes.subarray(0, 90))).toBe(false);
      expect(isUntouchedPlaceholder(await sharp(bytes).keepMetadata().png().toBuffer())).toBe(false);
    },
  );

  test('is drawn in each format of a set file', async () => {
    const pixels = createPixels(fileURLToPath(new URL('../../src/pixels/worker.ts', import.meta.url)));
    const others = { png: 'png', jpeg: 'jpeg', webp: 'webp', avif: 'heif' };
    for (const format of ['png', 'jpeg', 'webp', 'avif'] as const) {
      const { bytes } = await pixels.placeholder({ width: 400, height: 300 }, 'hero', format);
      expect(isUntouchedPlaceholder(bytes)).toBe(true);
      expect(await sharp(bytes).metadata()).toMatchObject({ format: others[format], width: 400, height: 300 });
    }
    pixels.dispose();
  });

  test('is nothing that other bytes can be', () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('Wan Image Placeholder\0'.padEnd(100, '0'))]) {
      expect(isUntouchedPlaceholder(bytes)).toBe(false);
      expect(() => withPlaceholderMark(bytes)).toThrow(RangeError);
    }
  });

  test('of no size is refused', () => {
    for (const width of [0, -1, 1.5, 8001, Number.NaN])
      expect(() => drawPlaceholder({ width, height: 10 }, 'x')).toThrow(RangeError);
  });
});
