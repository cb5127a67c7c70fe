import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { featherOf, insideVerdict } from '../../src/core/insideBoxes.ts';

const box = { x1: 10, y1: 10, x2: 60, y2: 60 };
const png = { format: 'png', animated: false, width: 1200, height: 800 };

describe('an answer can be put into the boxes of its source', () => {
  const verdict = (
    inputs: Parameters<typeof insideVerdict>[0]['inputs'],
    facts = png,
    answer = { width: 2508, height: 1672 },
  ) => insideVerdict({ inputs, sources: inputs.map(({ id }) => ({ id, facts })) }, answer);

  test('where the boxed picture is the last one and both have the same shape', () => {
    expect(verdict([{ id: 'a', boxes: [box] }])).toEqual({ possible: true });
    expect(
      verdict([
        { id: 'a', boxes: [] },
        { id: 'b', boxes: [box] },
      ]),
    ).toEqual({ possible: true });
  });

  test('or else it is said why not', () => {
    const reason = (...args: Parameters<typeof verdict>) => ({ ...verdict(...args) });
    expect(
      reason([
        { id: 'a', boxes: [box] },
        { id: 'b', boxes: [] },
      ]),
    ).toMatchObject({ reason: 'not-last' });
    expect(reason([{ id: 'a', url: 'https://x/a.png', boxes: [box] }])).toMatchObject({ reason: 'by-address' });
    expect(reason([{ id: 'a', boxes: [box] }], { ...png, animated: true })).toMatchObject({ reason: 'animated' });
    expect(reason([{ id: 'a', boxes: [box] }], { ...png, format: 'svg' })).toMatchObject({ reason: 'vector' });
    expect(reason([{ id: 'a', boxes: [box] }], png, { width: 1024, height: 1024 })).toMatchObject({ reason: 'ratio' });
  });

  test('nothing is said where no box was drawn', () => {
    expect(verdict([{ id: 'a', boxes: [] }])).toBeUndefined();
    expect(verdict([])).toBeUndefined();
  });

  test('shapes count as the same up to, and without, one percent, whichever is the wider', () => {
    const side = fc.integer({ min: 100, max: 8000 });
    fc.assert(
      fc.property(side, side, side, fc.double({ min: 0.95, max: 1.05, noNaN: true }), (width, height, across, off) => {
        const answer = { width: across, height: Math.max(1, Math.round((across * height * off) / width)) };
        const [one, other] = [answer.width * height, answer.height * width];
        const isNear = Math.max(one, other) * 100 < Math.min(one, other) * 101;
        expect(verdict([{ id: 'a', boxes: [box] }], { ...png, width, height }, answer)?.possible).toBe(isNear);
      }),
    );
  });
});

test('a feather fits twice into every box, with most of the box left', () => {
  const side = fc.tuple(fc.nat(7000), fc.integer({ min: 1, max: 900 }));
  fc.assert(
    fc.property(fc.array(fc.tuple(side, side), { minLength: 1, maxLength: 2 }), (all) => {
      const boxes = all.map(([[x1, width], [y1, height]]) => ({ x1, y1, x2: x1 + width, y2: y1 + height }));
      const feather = featherOf(boxes);
      expect(Number.isInteger(feather) && feather >= 0).toBe(true);
      for (const [[, width], [, height]] of all) expect(feather * 6).toBeLessThanOrEqual(Math.min(width, height));
    }),
  );
});

test('an answer about a part of its source has the shape of that part', () => {
  const crop = { x1: 100, y1: 0, x2: 600, y2: 500 };
  const edit = { inputs: [{ id: 'a', boxes: [box] }], sources: [{ id: 'a', facts: png, crop }] };
  expect(insideVerdict(edit, { width: 2048, height: 2048 })).toEqual({ possible: true });
  expect(insideVerdict(edit, { width: 2508, height: 1672 })).toMatchObject({ reason: 'ratio' });
});
