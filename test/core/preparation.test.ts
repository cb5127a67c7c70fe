import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inputFormats, modelCard } from '../../src/core/modelCard.ts';
import {
  asSent,
  canBringBack,
  mapBox,
  planPreparation,
  type Preparation,
  type SourceFacts,
} from '../../src/core/preparation.ts';
import { preflight } from '../../src/core/preflight.ts';
import { emptyRequest } from '../../src/core/request.ts';
import { anInput } from './making.ts';

const limits = modelCard.inputs;
const MB = 1024 * 1024;
const plain: SourceFacts = {
  format: 'png',
  width: 800,
  height: 600,
  byteLength: 5000,
  hasAlpha: false,
  animated: false,
  orientation: 1,
  isCmyk: false,
};
const plan = (facts: Partial<SourceFacts>): Preparation => planPreparation({ ...plain, ...facts });
const kinds = (facts: Partial<SourceFacts>): string => {
  const found = plan(facts);
  return found.kind === 'refused' ? found.reason : found.steps.map(({ kind }) => kind).join(' ');
};

/** Sides as people have them, small, huge and thin ones often. */
const side = fc.oneof(
  fc.integer({ min: 1, max: 600 }),
  fc.integer({ min: 1, max: 12_000 }),
  fc.constantFrom(239, 240, 241, 8000, 8001),
);
const someFacts: fc.Arbitrary<SourceFacts> = fc.record({
  format: fc.constantFrom('png', 'jpeg', 'webp', 'bmp', 'gif', 'tiff', 'avif', 'svg'),
  width: side,
  height: side,
  byteLength: fc.oneof(fc.integer({ min: 100, max: 100 * MB }), fc.constantFrom(limits.maxBytes, limits.maxBytes + 1)),
  hasAlpha: fc.boolean(),
  animated: fc.boolean(),
  orientation: fc.integer({ min: 1, max: 8 }),
  isCmyk: fc.boolean(),
  isDeep: fc.boolean(),
});
const someChoice = fc.record({ background: fc.constant('#123456'), size: fc.constantFrom('useful', 'full') });

describe('a plan', () => {
  test('leaves alone what the service takes as it is', () => {
    for (const format of inputFormats)
      expect(plan({ format })).toEqual({ kind: 'possible', steps: [], sent: { width: 800, height: 600, format } });
  });

  test.each([
    [{ hasAlpha: true }, 'flatten'],
    [{ orientation: 6 }, 'upright'],
    [{ animated: true, format: 'gif' }, 'first-frame convert'],
    [{ format: 'tiff' }, 'convert'],
    [{ format: 'jpeg', isCmyk: true }, 'convert'],
    [{ isDeep: true }, 'convert'],
    [{ format: 'bmp', hasAlpha: true }, 'flatten convert'],
    [{ width: 64, height: 64, hasAlpha: true }, 'flatten enlarge'],
    [{ width: 9000, height: 3000 }, 'shrink'],
    [{ byteLength: 25 * MB }, 'lighten'],
    [{ byteLength: 25 * MB, orientation: 3 }, 'upright'],
    [{ width: 900, height: 100 }, 'too-long'],
    [{ width: 10_001, height: 10_000 }, 'too-many-pixels'],
  ] satisfies [Partial<SourceFacts>, string][])('for %j: %s', (facts, expected) => {
    expect(kinds(facts)).toBe(expected);
  });

  test('enlarges by a whole factor to a comfortable size', () => {
    expect(plan({ width: 64, height: 64 })).toMatchObject({ sent: { width: 512, height: 512 } });
    expect(plan({ width: 100, height: 800 })).toMatchObject({ sent: { width: 300, height: 2400 } });
    expect(plan({ width: 1, height: 8 })).toMatchObject({ sent: { width: 512, height: 4096 } });
  });

  test('shrinks to what an edit can give back, or to what the service takes', () => {
    expect(plan({ width: 4096, height: 4096 })).toMatchObject({ sent: { width: 2048, height: 2048 } });
    const full = planPreparation({ ...plain, width: 9000, height: 6000 }, { background: '#ffffff', size: 'full' });
    expect(full).toMatchObject({ sent: { width: 8000, height: 5334 } });
  });

  test('has a format that is told beforehand', () => {
    const format = (facts: Partial<SourceFacts>): unknown => {
      const found = plan(facts);
      return found.kind === 'possible' && found.sent.format;
    };
    expect(format({ format: 'avif' })).toBe('jpeg');
    expect(format({ format: 'svg' })).toBe('png');
    expect(format({ format: 'bmp', width: 100, height: 100 })).toBe('png');
    expect(format({ format: 'webp', hasAlpha: true })).toBe('webp');
    expect(format({ byteLength: 25 * MB })).toBe('jpeg');
    expect(format({ byteLength: 25 * MB, format: 'webp' })).toBe('webp');
  });

  test('always ends in an image that preflight takes, whatever the picture', () => {
    let possible = 0;
    fc.assert(
      fc.property(someFacts, someChoice, (facts, choice) => {
        const found = planPreparation(facts, choice);
        if (found.kind === 'refused') {
          const isThin = Math.max(facts.width, facts.height) > Math.min(facts.width, facts.height) * limits.maxRatio;
          expect(isThin || facts.width * facts.height > 100_000_000).toBe(true);
          return;
        }
        possible += 1;
        const sent = { ...found.sent, byteLength: beginnings[found.sent.format].length, hasAlpha: false };
        const { ready, problems } = preflight(
          { ...emptyRequest(), prompt: 'x', inputs: [anInput('a')] },
          new Map([['a', { bytes: beginnings[found.sent.format], facts: sent }]]),
          { boxForm: 'auto', drawSeed: () => 1 },
        );
        expect(ready, JSON.stringify(problems)).toBeDefined();
        // Whatever is no step is as it was: nothing that the service refuses is left.
        if (found.steps.length > 0) return;
        expect(facts).toMatchObject({
          width: sent.width,
          height: sent.height,
          hasAlpha: false,
          animated: false,
          isCmyk: false,
          orientation: 1,
          format: sent.format,
        });
        expect(facts.byteLength).toBeLessThanOrEqual(limits.maxBytes);
      }),
      { numRuns: 2000 },
    );
    expect(possible).toBeGreaterThan(500);
  });
});

/** As files of a format begin; preflight compares. */
const beginnings: Record<(typeof inputFormats)[number], Uint8Array> = {
  png: Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
  jpeg: Uint8Array.of(0xff, 0xd8, 0xff),
  bmp: Uint8Array.of(0x42, 0x4d),
  webp: Uint8Array.from('RIFF....WEBP', (mark) => mark.charCodeAt(0)),
};

describe('a box', () => {
  const boxIn = (width: number, height: number) =>
    fc.tuple(fc.nat(width - 1), fc.nat(height - 1), fc.nat(width - 1), fc.nat(height - 1)).map(([a, b, c, d]) => ({
      x1: Math.min(a, c),
      y1: Math.min(b, d),
      x2: Math.max(a, c) + 1,
      y2: Math.max(b, d) + 1,
    }));

  test('stays inside, keeps an area, and is off by less than a pixel', () => {
    const cases = fc
      .tuple(side, side, side, side)
      .chain(([w, h, toW, toH]) => fc.tuple(boxIn(w, h), fc.constant([w, h, toW, toH] as const)));
    fc.assert(
      fc.property(cases, ([box, [width, height, toWidth, toHeight]]) => {
        const mapped = mapBox(box, { width, height }, { width: toWidth, height: toHeight });
        for (const value of [mapped.x1, mapped.y1, mapped.x2, mapped.y2]) expect(Number.isInteger(value)).toBe(true);
        expect(mapped.x1).toBeGreaterThanOrEqual(0);
        expect(mapped.y2).toBeLessThanOrEqual(toHeight);
        expect(mapped.x2).toBeLessThanOrEqual(toWidth);
        expect(mapped.x2).toBeGreaterThan(mapped.x1);
        expect(mapped.y2).toBeGreaterThan(mapped.y1);
        expect(Math.abs(mapped.x1 - (box.x1 * toWidth) / width)).toBeLessThan(1);
        expect(Math.abs(mapped.x2 - (box.x2 * toWidth) / width)).toBeLessThan(1);
        expect(Math.abs(mapped.y1 - (box.y1 * toHeight) / height)).toBeLessThan(1);
        expect(Math.abs(mapped.y2 - (box.y2 * toHeight) / height)).toBeLessThan(1);
      }),
      { numRuns: 1000 },
    );
  });

  test('keeps its label, and is the same in the same size', () => {
    const box = { x1: 1, y1: 2, x2: 3, y2: 4, label: 'sign' };
    expect(mapBox(box, plain, plain)).toEqual(box);
  });

  test('goes along into the request that is sent, on its own image', () => {
    const box = { x1: 8, y1: 0, x2: 16, y2: 64 };
    const request = { ...emptyRequest(), inputs: [anInput('a', { boxes: [box] }), anInput('b', { boxes: [box] })] };
    const sizes = new Map([['a', { source: { width: 64, height: 64 }, sent: { width: 512, height: 512 } }]]);
    expect(asSent(request, sizes).inputs.map(({ boxes }) => boxes)).toEqual([
      [{ x1: 64, y1: 0, x2: 128, y2: 512 }],
      [box],
    ]);
  });
});

describe('an answer', () => {
  test('replaces still pictures of pixels only', () => {
    for (const format of ['png', 'jpeg', 'webp', 'avif', 'gif', 'tiff', 'bmp']) {
      expect(canBringBack({ format, animated: false })).toEqual({ possible: true });
      expect(canBringBack({ format, animated: true })).toEqual({ possible: false, reason: 'animated' });
    }
    expect(canBringBack({ format: 'svg', animated: false })).toEqual({ possible: false, reason: 'vector' });
    expect(canBringBack({ format: 'heic', animated: false })).toEqual({ possible: false, reason: 'format' });
  });
});
