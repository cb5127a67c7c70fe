import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { dominantColours } from '../../src/pixels/dominantColours.ts';
import type { Raster } from '../../src/pixels/raster.ts';

type Colour = readonly [red: number, green: number, blue: number, alpha?: number];

/** A picture of stripes, each so many pixels long. */
function stripes(...parts: readonly { readonly colour: Colour; readonly pixels: number }[]): Raster {
  const data = parts.flatMap(({ colour: [red, green, blue, alpha = 255], pixels }) =>
    Array.from({ length: pixels }, () => [red, green, blue, alpha]).flat(),
  );
  return { width: data.length / 4, height: 1, channels: 4, data: Uint8Array.from(data) };
}

test('flat colours come out as they are, with their parts of the picture, the largest first', () => {
  const picture = stripes(
    { colour: [10, 126, 164], pixels: 100 },
    { colour: [255, 255, 255], pixels: 600 },
    { colour: [217, 130, 59], pixels: 300 },
  );
  expect(dominantColours(picture, 8)).toEqual([
    { hex: '#FFFFFF', share: 0.6 },
    { hex: '#D9823B', share: 0.3 },
    { hex: '#0A7EA4', share: 0.1 },
  ]);
});

test('what cannot be seen, and what there is hardly any of, does not count', () => {
  const picture = stripes(
    { colour: [0, 200, 0, 0], pixels: 500 },
    { colour: [200, 0, 0], pixels: 999 },
    { colour: [0, 0, 200], pixels: 1 },
  );
  expect(dominantColours(picture, 8)).toEqual([{ hex: '#C80000', share: 1 }]);
  expect(dominantColours(stripes({ colour: [1, 2, 3, 0], pixels: 9 }), 8)).toEqual([]);
});

test('shades that look alike are one colour, and a noisy picture still gives few', () => {
  const shades = Array.from({ length: 200 }, (_, index) => ({
    colour: [60 + (index % 5), 90 + (index % 7), 160 + (index % 3)] as const,
    pixels: 1,
  }));
  expect(dominantColours(stripes(...shades, { colour: [250, 240, 10], pixels: 100 }), 8)).toHaveLength(2);
});

test('any picture gives at most as many as are asked for, whose parts sum to 1, and the same each time', () => {
  const pixel = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.constantFrom(0, 127, 128, 255));
  fc.assert(
    fc.property(fc.array(pixel, { minLength: 1, maxLength: 300 }), fc.integer({ min: 1, max: 10 }), (pixels, most) => {
      const picture = stripes(...pixels.map((colour) => ({ colour, pixels: 1 })));
      const found = dominantColours(picture, most);
      expect(found.length).toBeLessThanOrEqual(most);
      if (found.length > 0) expect(found.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
      expect(dominantColours(picture, most)).toEqual(found);
    }),
  );
});
