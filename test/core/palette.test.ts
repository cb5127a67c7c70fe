import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatShare, isHexColour, normaliseShares, parseShare } from '../../src/core/palette.ts';

const share = fc.integer({ min: 0, max: 99_999 });
const shares = fc.array(share, { minLength: 1, maxLength: 40 });
const palette = (hundredths: readonly number[]) =>
  hundredths.map((value, index) => ({ hex: `#${index}`, ratio: formatShare(value) }));
const normalised = (hundredths: readonly number[]): number[] =>
  normaliseShares(palette(hundredths)).map(({ ratio }) => parseShare(ratio) ?? Number.NaN);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

test('a share is read as it is written', () => {
  fc.assert(
    fc.property(share, (value) => {
      expect(parseShare(formatShare(value))).toBe(value);
    }),
  );
  expect([parseShare('60.00%'), parseShare('0.07%'), parseShare('100.00%'), parseShare('007.50%')]).toEqual([
    6000, 7, 10_000, 750,
  ]);
  for (const ratio of [
    '60%',
    '60.0%',
    '.50%',
    '1000.00%',
    '60.00 %',
    '６０.00%',
    '60.00%\n',
    'NaN',
    '-1.00%',
    '+1.00%',
  ])
    expect(parseShare(ratio)).toBeUndefined();
});

test('a hexadecimal colour is # and six digits', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffff }), (value) => {
      expect(isHexColour(`#${value.toString(16).padStart(6, '0')}`)).toBe(true);
    }),
  );
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(isHexColour(text)).toBe(/^#[0-9a-f]{6}$/i.test(text) && text.length === 7);
    }),
  );
});

describe('balanced shares', () => {
  test('sum to exactly 100.00%, each at least 0.01%', () => {
    fc.assert(
      fc.property(shares, (values) => {
        const result = normalised(values);
        expect(sum(result)).toBe(10_000);
        expect(Math.min(...result)).toBeGreaterThanOrEqual(1);
        expect(result.every(Number.isInteger)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('keep the proportion as nearly as whole hundredths and the least share allow', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 99_999 }), { minLength: 1, maxLength: 10 }), (values) => {
        const total = sum(values);
        const result = normalised(values);
        // One hundredth for the least share of each colour, and one for rounding.
        for (const [index, value] of values.entries())
          expect(Math.abs((result[index] ?? 0) - (value / total) * 10_000)).toBeLessThanOrEqual(values.length + 1);
      }),
      { numRuns: 500 },
    );
  });

  test('keep the order of sizes', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 99_999 }), { minLength: 2, maxLength: 10 }), (values) => {
        const result = normalised(values);
        for (const [i, left] of values.entries())
          for (const [j, right] of values.entries())
            if (left > right) expect(result[i]).toBeGreaterThanOrEqual(result[j] ?? 0);
      }),
    );
  });

  test('do not touch a palette that is already right', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9999 }), { minLength: 3, maxLength: 10 }), (values) => {
        const right = normalised(values);
        expect(normalised(right)).toEqual(right);
      }),
    );
  });

  test('count unreadable shares as equal parts and keep the colours', () => {
    expect(
      normaliseShares([
        { hex: 'a', ratio: '' },
        { hex: 'b', ratio: 'much' },
        { hex: 'c', ratio: '0.00%' },
      ]),
    ).toEqual([
      { hex: 'a', ratio: '33.34%' },
      { hex: 'b', ratio: '33.33%' },
      { hex: 'c', ratio: '33.33%' },
    ]);
    expect(normaliseShares([])).toEqual([]);
    expect(normalised([999_99])).toEqual([10_000]);
  });
});
