import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { modelCard, variants } from '../../src/core/modelCard.ts';
import { preflight } from '../../src/core/preflight.ts';
import { formatPrice, highestCount, highestPrice } from '../../src/core/request.ts';
import { aRequest } from './making.ts';

test.each([
  [{}, '$0.075'],
  [{ variant: 'wan2.7-image' }, '$0.03'],
  [{ count: 4 }, '$0.30'],
  [{ variant: 'wan2.7-image', count: 4 }, '$0.12'],
  [{ imageSet: true, setMaxImages: 12 }, '$0.90'],
  [{ imageSet: true, setMaxImages: 1, count: 4 }, '$0.075'],
  [{ imageSet: false, setMaxImages: 12 }, '$0.075'],
] as const)('%o costs at most %s', (fields, price) => {
  expect(formatPrice(highestPrice(aRequest(fields)) ?? Number.NaN)).toBe(price);
});

test('no price is told for a count that cannot be sent', () => {
  for (const count of [0, 5, 1.5, -1, Number.NaN, Infinity]) expect(highestPrice(aRequest({ count }))).toBeUndefined();
  for (const setMaxImages of [0, 13, 2.5])
    expect(highestPrice(aRequest({ imageSet: true, setMaxImages }))).toBeUndefined();
});

test('a price that is known of the service counts instead of that of its page', () => {
  const prices = { 'wan2.7-image-pro': 80, 'wan2.7-image': 25 };
  expect(highestPrice(aRequest({ count: 3 }), prices)).toBe(240);
  expect(highestPrice(aRequest({ variant: 'wan2.7-image', imageSet: true, setMaxImages: 12 }), prices)).toBe(300);
  const ready = preflight(aRequest({ variant: 'wan2.7-image' }), new Map(), {
    boxForm: 'auto',
    drawSeed: () => 1,
    prices,
  });
  expect(ready.ready?.highestPrice).toBe(25);
});

test('the price is the highest count times the price of one picture', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...variants),
      fc.boolean(),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 12 }),
      (variant, imageSet, count, setMaxImages) => {
        const request = aRequest({ variant, imageSet, count, setMaxImages });
        expect(highestCount(request)).toBe(imageSet ? setMaxImages : count);
        expect(highestPrice(request)).toBe(highestCount(request) * modelCard.price[variant]);
        const written = formatPrice(highestPrice(request) ?? 0);
        expect(written).toMatch(/^\$\d+\.\d{2,3}$/);
        expect(Math.round(Number(written.slice(1)) * 1000)).toBe(highestPrice(request));
      },
    ),
  );
});
