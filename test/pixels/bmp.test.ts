import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBmp } from '../../src/pixels/bmp.ts';
import { PixelError } from '../../src/pixels/pixelError.ts';
import { mutations } from './arbitraries.ts';
import { buildBmp, packed } from './buildBmp.ts';
import { cases, mutate, pattern } from './samples.ts';

const sides = fc.record({
  width: fc.integer({ min: 1, max: 33 }),
  height: fc.integer({ min: 1, max: 9 }),
  topDown: fc.boolean(),
});
const V5_MASKS = [0xff0000, 0xff00, 0xff, 0xff000000];

describe('pixels that are known come back', () => {
  test('24 bits, every header', () => {
    fc.assert(
      fc.property(
        sides,
        fc.constantFrom(12, 16, 40, 52, 56, 64, 108, 124),
        ({ width, height, topDown }, headerSize) => {
          const raster = pattern(width, height, 3);
          const bytes = buildBmp({
            bits: 24,
            headerSize,
            width,
            height,
            topDown: topDown && headerSize !== 12,
            pixel: (x, y) => packed(raster, x, y),
          });
          expect(decodeBmp(bytes)).toEqual(raster);
        },
      ),
      { numRuns: cases(200) },
    );
  });

  test('32 bits: without alpha, with a mask inside the header, with one behind it', () => {
    fc.assert(
      fc.property(sides, ({ width, height, topDown }) => {
        const plain = pattern(width, height, 3);
        const alpha = pattern(width, height, 4);
        alpha.data[3] = 9;
        const size = { bits: 32, width, height, topDown } as const;
        expect(decodeBmp(buildBmp({ ...size, pixel: (x, y) => packed(plain, x, y) }))).toEqual(plain);
        const masked = { ...size, masks: V5_MASKS, pixel: (x: number, y: number) => packed(alpha, x, y) };
        expect(decodeBmp(buildBmp({ ...masked, headerSize: 124, compression: 3 }))).toEqual(alpha);
        expect(decodeBmp(buildBmp({ ...masked, headerSize: 40, compression: 6 }))).toEqual(alpha);
      }),
      { numRuns: cases(100) },
    );
  });

  test('1, 4 and 8 bits through the colour table', () => {
    fc.assert(
      fc.property(
        sides,
        fc.constantFrom(1, 4, 8),
        fc.constantFrom(12, 40, 124),
        ({ width, height, topDown }, bits, headerSize) => {
          const palette = Array.from({ length: 2 ** bits }, (_, i) => [(i * 3) & 255, (i * 5) & 255, 255 - i]);
          const indexAt = (x: number, y: number) => (x * 3 + y * 5) % 2 ** bits;
          const bytes = buildBmp({
            bits,
            headerSize,
            palette,
            width,
            height,
            topDown: topDown && headerSize !== 12,
            pixel: indexAt,
          });
          const { data } = decodeBmp(bytes);
          for (let y = 0; y < height; y++) {
            for (let x = 0; x < width; x++)
              expect([...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)]).toEqual(palette[indexAt(x, y)]);
          }
        },
      ),
      { numRuns: cases(200) },
    );
  });

  test('16 bits are stretched so that full is 255', () => {
    const of = (masks: readonly number[] | undefined, pixel: number) => [
      ...decodeBmp(
        buildBmp({ bits: 16, width: 1, height: 1, pixel: () => pixel, ...(masks && { masks, compression: 3 }) }),
      ).data,
    ];
    expect(of(undefined, 0x7fff)).toEqual([255, 255, 255]);
    expect(of(undefined, 0x7c00)).toEqual([255, 0, 0]);
    expect(of([0xf800, 0x07e0, 0x001f], 0x07e0)).toEqual([0, 255, 0]);
    expect(of([0xf800, 0x07e0, 0x001f], 0x8410)).toEqual([132, 130, 132]);
  });

  test('alpha that is zero everywhere reads as opaque', () => {
    const bytes = buildBmp({
      bits: 32,
      headerSize: 124,
      compression: 3,
      masks: V5_MASKS,
      width: 2,
      height: 1,
      pixel: () => 0x102030,
    });
    expect([...decodeBmp(bytes).data]).toEqual([16, 32, 48, 255, 16, 32, 48, 255]);
  });
});

describe('what is wrong is said by kind', () => {
  const good = { bits: 24, width: 4, height: 4, pixel: () => 7 } as const;
  const kindOf = (bytes: Uint8Array): string => {
    try {
      decodeBmp(bytes);
      return 'decoded';
    } catch (error) {
      if (error instanceof PixelError) return error.kind;
      throw error;
    }
  };

  test('truncated at every length', () => {
    const bytes = buildBmp(good);
    for (let length = 2; length < bytes.length; length++)
      expect(kindOf(bytes.subarray(0, length)), String(length)).toBe('truncated');
  });

  test('other files, run-length coding, masks with gaps, absurd sizes', () => {
    expect(kindOf(Buffer.from('GIF89a'))).toBe('not-an-image');
    expect(kindOf(buildBmp({ ...good, bits: 8, compression: 1 }))).toBe('unsupported');
    expect(kindOf(buildBmp({ ...good, bits: 32, compression: 3, masks: [0xff00ff, 0xff00, 0xff] }))).toBe('corrupt');
    const huge = buildBmp(good);
    huge.writeInt32LE(0x7fffffff, 18);
    huge.writeInt32LE(-0x80000000, 22);
    expect(kindOf(huge)).toBe('truncated');
    huge.writeInt32LE(-1, 18);
    expect(kindOf(huge)).toBe('corrupt');
  });

  test('mutated files decode or are refused, never anything else', () => {
    const originals = [
      buildBmp(good),
      buildBmp({ ...good, bits: 8, palette: [[1, 2, 3]] }),
      buildBmp({ ...good, bits: 32, headerSize: 124, compression: 3, masks: V5_MASKS }),
    ];
    fc.assert(
      fc.property(fc.constantFrom(...originals), mutations, (bytes, changes) => void kindOf(mutate(bytes, changes))),
      { numRuns: cases(1500) },
    );
  });
});
