import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aspectRatios, modelCard, resolutions } from '../../src/core/modelCard.ts';
import { expectedSize, ratioOf, sizeOfArea } from '../../src/core/size.ts';
import { aRequest, anInput } from './making.ts';

/** The dossier's table of sizes by area, section 4: width x height for 1K, 2K and 4K. */
const table = {
  '16:9': ['1365x768', '2731x1536', '5461x3072'],
  '1:1': ['1024x1024', '2048x2048', '4096x4096'],
  '9:16': ['768x1365', '1536x2731', '3072x5461'],
  '3:2': ['1254x836', '2508x1672', '5017x3344'],
  '2:3': ['836x1254', '1672x2508', '3344x5017'],
  '4:3': ['1182x887', '2365x1774', '4730x3547'],
  '3:4': ['887x1182', '1774x2365', '3547x4730'],
  '5:4': ['1145x916', '2290x1832', '4579x3664'],
  '4:5': ['916x1145', '1832x2290', '3664x4579'],
} as const;

const written = (size: ReturnType<typeof expectedSize>): string => (size ? `${size.width}x${size.height}` : 'unknown');

describe.each(Object.entries(table))('%s', (name, sizes) => {
  test.each(resolutions.map((resolution, index) => [resolution, sizes[index]] as const))(
    '%s is %s',
    (resolution, size) => {
      const aspectRatio = aspectRatios.find((ratio) => ratio === name);
      expect(written(expectedSize(aRequest({ resolution, aspectRatio: aspectRatio! }), undefined))).toBe(size);
    },
  );
});

test('the table has every ratio', () => {
  expect(Object.keys(table)).toEqual([...aspectRatios]);
});

test('a picture from text alone is 16:9, an edit follows its last image, an asked ratio comes before both', () => {
  const edit = { inputs: [anInput('a')] };
  expect(written(expectedSize(aRequest(), undefined))).toBe('2731x1536');
  expect(written(expectedSize(aRequest(edit), { width: 500, height: 1000 }))).toBe('1448x2896');
  expect(written(expectedSize(aRequest(edit), undefined))).toBe('unknown');
  expect(written(expectedSize(aRequest({ ...edit, aspectRatio: '1:1' }), { width: 500, height: 1000 }))).toBe(
    '2048x2048',
  );
  expect(
    written(
      expectedSize(
        aRequest({ useCustomSize: true, customWidth: 900, customHeight: 800, aspectRatio: '1:1' }),
        undefined,
      ),
    ),
  ).toBe('900x800');
  expect(written(expectedSize(aRequest({ useCustomSize: true, customWidth: 900 }), undefined))).toBe('unknown');
});

test('a size keeps its area and its ratio within a pixel', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...resolutions),
      fc.double({ min: 1 / 8, max: 8, noNaN: true }),
      (resolution, ratio) => {
        const { width, height } = sizeOfArea(modelCard.presetArea[resolution], ratio);
        expect(Math.abs(width * height - modelCard.presetArea[resolution])).toBeLessThanOrEqual(width + height);
        expect(Math.abs(width - height * ratio)).toBeLessThanOrEqual(Math.max(1, ratio));
      },
    ),
  );
});

test('a ratio is its first number by its second', () => {
  expect(aspectRatios.map(ratioOf)).toEqual([16 / 9, 1, 9 / 16, 3 / 2, 2 / 3, 4 / 3, 3 / 4, 5 / 4, 4 / 5]);
});
