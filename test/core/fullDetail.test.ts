import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cropAround, detailOffer, isPartOf } from '../../src/core/fullDetail.ts';
import { featherOf } from '../../src/core/insideBoxes.ts';
import { modelCard } from '../../src/core/modelCard.ts';
import { asSent, type Part, planPreparation, usualPreparation } from '../../src/core/preparation.ts';
import type { Box } from '../../src/core/request.ts';
import type { Size } from '../../src/core/size.ts';
import { aRequest, anInput } from './making.ts';

const resolution = fc.constantFrom('1K', '2K');
const picture = fc
  .record({ width: fc.integer({ min: 240, max: 9000 }), height: fc.integer({ min: 240, max: 9000 }) })
  .filter(({ width, height }) => Math.max(width, height) <= 8 * Math.min(width, height));

/** A picture with one or two boxes on it, edges of the picture included. */
const scene = picture.chain((size) => {
  const along = (whole: number) =>
    fc
      .tuple(fc.nat(whole - 1), fc.integer({ min: 1, max: Math.min(whole, 1500) }))
      .map(([from, length]) => [Math.min(from, whole - length), Math.min(from, whole - length) + length] as const);
  const box = fc.tuple(along(size.width), along(size.height)).map(([[x1, x2], [y1, y2]]): Box => ({ x1, y1, x2, y2 }));
  return fc.record({ size: fc.constant(size), boxes: fc.array(box, { minLength: 1, maxLength: 2 }) });
});

const factsOf = ({ width, height }: Size, changes = {}) => ({
  width,
  height,
  format: 'jpeg',
  byteLength: 1_000_000,
  hasAlpha: false,
  animated: false,
  orientation: 1,
  isCmyk: false,
  isDeep: false,
  ...changes,
});

const sizeOf = ({ x1, y1, x2, y2 }: Part): Size => ({ width: x2 - x1, height: y2 - y1 });

describe('the part that is edited instead of all', () => {
  test('holds the boxes, lies in the picture, is acceptable, and comes back with all of its pixels', () => {
    let found = 0;
    fc.assert(
      fc.property(scene, resolution, ({ size, boxes }, name) => {
        const area = modelCard.presetArea[name];
        if (size.width * size.height <= area) return;
        const crop = cropAround(boxes, size, area);
        if (!crop) {
          // Only where the boxes with the least margin would not fit.
          const across = Math.max(...boxes.map(({ x2 }) => x2)) - Math.min(...boxes.map(({ x1 }) => x1));
          const down = Math.max(...boxes.map(({ y2 }) => y2)) - Math.min(...boxes.map(({ y1 }) => y1));
          const [least, strip] = [(across + 80) * (down + 80), Math.max((across + 80) ** 2, (down + 80) ** 2) / 4];
          expect(Math.max(least, strip, 512 * (Math.max(across, down) + 80))).toBeGreaterThan(area);
          return;
        }
        found += 1;
        expect(isPartOf(crop, size, boxes)).toBe(true);
        const { width, height } = sizeOf(crop);
        expect(width * height).toBeLessThanOrEqual(area);
        const plan = planPreparation(factsOf(size), usualPreparation, crop);
        expect(plan).toMatchObject({ kind: 'possible', sent: { width, height } });
        const { minSide, maxSide, maxRatio } = modelCard.inputs;
        expect(Math.min(width, height)).toBeGreaterThanOrEqual(minSide);
        expect(Math.max(width, height)).toBeLessThanOrEqual(maxSide);
        expect(Math.max(width, height) / Math.min(width, height)).toBeLessThanOrEqual(maxRatio);
      }),
      { numRuns: 2000 },
    );
    expect(found).toBeGreaterThan(300);
  });

  test('leaves room around the boxes wherever the picture does', () => {
    fc.assert(
      fc.property(scene, resolution, ({ size, boxes }, name) => {
        const crop = cropAround(boxes, size, modelCard.presetArea[name]);
        if (!crop) return;
        // When it is put back, its edge is blended in beside the boxes and not in them.
        expect(featherOf([crop])).toBeLessThan(29);
        expect(Math.min(...boxes.map(({ x1 }) => x1)) - crop.x1 >= 29 || crop.x1 === 0).toBe(true);
        expect(Math.min(...boxes.map(({ y1 }) => y1)) - crop.y1 >= 29 || crop.y1 === 0).toBe(true);
        expect(crop.x2 - Math.max(...boxes.map(({ x2 }) => x2)) >= 29 || crop.x2 === size.width).toBe(true);
        expect(crop.y2 - Math.max(...boxes.map(({ y2 }) => y2)) >= 29 || crop.y2 === size.height).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  test('is what is sent, with the boxes moved into it', () => {
    fc.assert(
      fc.property(scene, ({ size, boxes }) => {
        const crop = cropAround(boxes, size, modelCard.presetArea['2K']);
        if (!crop) return;
        const plan = planPreparation(factsOf(size), usualPreparation, crop);
        if (plan.kind !== 'possible') throw new Error('refused');
        const request = aRequest({ inputs: [{ ...anInput('a', { boxes }), crop }] });
        const [input] = asSent(request, new Map([['a', { source: size, sent: plan.sent }]])).inputs;
        expect(input).not.toHaveProperty('crop');
        expect(input?.boxes).toEqual(
          boxes.map(({ x1, y1, x2, y2 }) => ({
            x1: x1 - crop.x1,
            y1: y1 - crop.y1,
            x2: x2 - crop.x1,
            y2: y2 - crop.y1,
          })),
        );
      }),
    );
  });
});

describe('full detail is offered', () => {
  const boxes = [{ x1: 2000, y1: 1000, x2: 2600, y2: 1500 }];
  const large = { width: 6000, height: 4000 };
  const offer = (changes = {}, facts = factsOf(large), input = anInput('a', { boxes })) =>
    detailOffer(aRequest({ inputs: [input], ...changes }), input, facts);

  test('for a picture with boxes that is larger than what comes back', () => {
    expect(offer()).toMatchObject({ possible: true });
    expect(offer({}, factsOf({ width: 2048, height: 2048 }))).toBeUndefined();
    expect(offer({}, factsOf(large), anInput('a'))).toBeUndefined();
    // What comes back at 1K is smaller.
    expect(offer({ resolution: '1K' }, factsOf({ width: 2048, height: 2048 }))).toMatchObject({ possible: true });
  });

  test('or it is said why not', () => {
    expect(offer({ aspectRatio: '1:1' })).toEqual({ possible: false, reason: 'shape' });
    expect(offer({ useCustomSize: true, customWidth: 1000, customHeight: 1000 })).toEqual({
      possible: false,
      reason: 'shape',
    });
    expect(offer({}, factsOf(large, { animated: true }))).toEqual({ possible: false, reason: 'format' });
    expect(offer({ inputs: [anInput('a', { boxes }), anInput('b')] })).toEqual({ possible: false, reason: 'not-last' });
    const wide = anInput('a', { boxes: [{ x1: 0, y1: 0, x2: 5000, y2: 3000 }] });
    expect(offer({ inputs: [wide] }, factsOf(large), wide)).toEqual({ possible: false, reason: 'too-wide' });
  });
});

test('a part that does not lie in the picture, or leaves out a box, is none', () => {
  const size = { width: 1000, height: 800 };
  const crop = { x1: 100, y1: 100, x2: 700, y2: 700 };
  const boxes = [{ x1: 100, y1: 200, x2: 700, y2: 300 }];
  expect(isPartOf(crop, size, boxes)).toBe(true);
  for (const changes of [
    { x1: -1 },
    { x2: 1001 },
    { y2: 801 },
    { x1: 100.5 },
    { x1: 101 },
    { x2: 699 },
    { y1: Number.NaN },
    { x2: 50 },
  ])
    expect(isPartOf({ ...crop, ...changes }, size, boxes), JSON.stringify(changes)).toBe(false);
});
