import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { drawPlaceholder } from '../../src/pixels/placeholder.ts';
import { carriesPlaceholderMark, isUntouchedPlaceholder, placeholderHead } from '../../src/pixels/placeholderMark.ts';

describe('a placeholder', () => {
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
    const bytes = drawPlaceholder({ width: 64, height: 64 }, 'x');
    expect(carriesPlaceholderMark(bytes.subarray(0, placeholderHead))).toBe(true);
    const { comments } = await sharp(bytes).metadata();
    expect(comments).toEqual([{ keyword: 'Wan Image Placeholder', text: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
  });

  test('is one only as long as nobody has changed it', async () => {
    const bytes = drawPlaceholder({ width: 64, height: 64 }, 'x');
    expect(isUntouchedPlaceholder(bytes)).toBe(true);
    const painted = Buffer.from(bytes);
    painted[bytes.length - 20] = (painted[bytes.length - 20] ?? 0) ^ 1;
    expect(isUntouchedPlaceholder(painted)).toBe(false);
    expect(isUntouchedPlaceholder(bytes.subarray(0, 90))).toBe(false);
    expect(isUntouchedPlaceholder(Buffer.alloc(0))).toBe(false);
    expect(isUntouchedPlaceholder(await sharp(bytes).withMetadata().png().toBuffer())).toBe(false);
  });

  test('of no size is refused', () => {
    for (const width of [0, -1, 1.5, 8001, Number.NaN])
      expect(() => drawPlaceholder({ width, height: 10 }, 'x')).toThrow(RangeError);
  });
});
