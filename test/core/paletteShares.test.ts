import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatShare, normaliseShares, parseShare } from '../../src/core/palette.ts';
import { evenShares, paletteOf, setShare, withColour, withoutColour } from '../../src/core/paletteShares.ts';

type Palette = ReturnType<typeof normaliseShares>;

const shares = (palette: Palette): number[] => palette.map(({ ratio }) => parseShare(ratio) ?? Number.NaN);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const anyPalette = fc
  .array(fc.integer({ min: 1, max: 9999 }), { minLength: 3, maxLength: 10 })
  .map((values) =>
    normaliseShares(values.map((value, index) => ({ hex: `#00000${index}`, ratio: formatShare(value) }))),
  );
/** A palette, a place in it, and which of its colours are locked. */
const anyChange = anyPalette.chain((palette) =>
  fc.record({
    palette: fc.constant(palette),
    index: fc.integer({ min: 0, max: palette.length - 1 }),
    share: fc.integer({ min: -100, max: 12_000 }),
    locked: fc.array(fc.boolean(), { minLength: palette.length, maxLength: palette.length }),
  }),
);

/** What the service wants of every palette, whatever has been done to it. */
function expectRight(palette: Palette): void {
  expect(sum(shares(palette))).toBe(10_000);
  for (const share of shares(palette)) {
    expect(Number.isInteger(share)).toBe(true);
    expect(share).toBeGreaterThanOrEqual(1);
  }
}

describe('whatever is done to a palette, its shares sum to exactly 100.00 %', () => {
  test('by a chain of changes', () => {
    const step = fc.record({
      what: fc.constantFrom('set', 'add', 'remove', 'even'),
      at: fc.nat(9),
      share: fc.integer({ min: -10, max: 11_000 }),
      locked: fc.array(fc.boolean(), { maxLength: 10 }),
    });
    fc.assert(
      fc.property(anyPalette, fc.array(step, { maxLength: 30 }), (start, steps) => {
        let palette: Palette = start;
        for (const { what, at, share, locked } of steps) {
          const index = at % palette.length;
          if (what === 'set') palette = setShare(palette, index, share, locked);
          if (what === 'add' && palette.length < 10) palette = withColour(palette, '#ABCDEF', locked);
          if (what === 'remove' && palette.length > 3) palette = withoutColour(palette, index, locked);
          if (what === 'even') palette = evenShares(palette, locked);
          expectRight(palette);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('also from shares that cannot be read or are wrong', () => {
    const wrong = [
      { hex: 'a', ratio: 'much' },
      { hex: 'b', ratio: '900.00%' },
      { hex: 'c', ratio: '0.00%' },
    ];
    for (const palette of [setShare(wrong, 1, 500), withColour(wrong, 'd'), withoutColour(wrong, 0), evenShares(wrong)])
      expectRight(palette);
  });

  test('by weights of any size', () => {
    const weight = fc.oneof(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.constant(Number.NaN));
    fc.assert(
      fc.property(fc.array(weight, { minLength: 1, maxLength: 10 }), (weights) => {
        expectRight(paletteOf(weights.map((one) => ({ hex: '#000000', weight: one }))));
      }),
    );
    expect(shares(paletteOf([{ hex: 'a' }, { hex: 'b' }, { hex: 'c' }]))).toEqual([3334, 3333, 3333]);
  });
});

describe('a share that is set', () => {
  test('is what was asked for as far as the others can give and take, and locked ones stay to the hundredth', () => {
    fc.assert(
      fc.property(anyChange, ({ palette, index, share, locked }) => {
        const before = shares(palette);
        const after = shares(setShare(palette, index, share, locked));
        const others = before.map((_, at) => at).filter((at) => at !== index);
        const free = others.filter((at) => !locked[at]);
        for (const at of others.filter((at) => locked[at])) expect(after[at]).toBe(before[at]);
        const room = 10_000 - sum(others.filter((at) => locked[at]).map((at) => before[at] ?? 0)) - free.length;
        expect(after[index]).toBe(free.length === 0 ? before[index] : Math.min(room, Math.max(1, share)));
      }),
      { numRuns: 300 },
    );
  });

  test('takes from the others in proportion', () => {
    fc.assert(
      fc.property(anyChange, ({ palette, index, share }) => {
        const before = shares(palette);
        const after = shares(setShare(palette, index, share));
        const others = before.map((_, at) => at).filter((at) => at !== index);
        const [had, has] = [before, after].map((values) => sum(others.map((at) => values[at] ?? 0))) as [
          number,
          number,
        ];
        for (const at of others)
          expect(Math.abs((after[at] ?? 0) - ((before[at] ?? 0) * has) / had)).toBeLessThanOrEqual(others.length + 1);
      }),
      { numRuns: 300 },
    );
  });

  test('as it stands changes nothing', () => {
    fc.assert(
      fc.property(anyChange, ({ palette, index, locked }) => {
        expect(setShare(palette, index, shares(palette)[index] ?? 0, locked)).toEqual(palette);
      }),
    );
  });
});

test('a colour that is added gets an average share, and taking it away again brings the old proportions back', () => {
  const palette = paletteOf([
    { hex: '#000001', weight: 60 },
    { hex: '#000002', weight: 30 },
    { hex: '#000003', weight: 10 },
  ]);
  const grown = withColour(palette, '#000004');
  expect(shares(grown)).toEqual([4500, 2250, 750, 2500]);
  expect(withoutColour(grown, 3)).toEqual(palette);
  expect(shares(withColour(palette, '#000004', [true]))).toEqual([6000, 1125, 375, 2500]);
  expect(sum(shares(withColour(palette, '#000004', [true, true, true])))).toBe(10_000);
});

test('equal shares leave out what is locked', () => {
  const palette = paletteOf([
    { hex: 'a', weight: 5 },
    { hex: 'b', weight: 4 },
    { hex: 'c', weight: 1 },
  ]);
  expect(shares(evenShares(palette, [true]))).toEqual([5000, 2500, 2500]);
});
