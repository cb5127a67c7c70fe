import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { retryAfterMs } from '../../src/service/retryAfter.ts';

const now = Date.UTC(2027, 0, 1);

test.each([
  [{ 'retry-after': '3' }, 3000],
  [{ 'retry-after': ' 1.5 ' }, 1500],
  [{ 'retry-after': new Date(now + 20_000).toUTCString() }, 20_000],
  [{ 'retry-after': new Date(now - 20_000).toUTCString() }, 0],
  [{ 'retry-after': '999999' }, 3_600_000],
  [{ 'retry-after': 'soon' }, undefined],
  [{ 'retry-after': '-5' }, undefined],
  [{ 'retry-after': '' }, undefined],
  [{ 'retry-after-ms': '250', 'retry-after': '9' }, 250],
  [{ 'x-ratelimit-reset-requests': '1m30s' }, 90_000],
  [{ 'x-ratelimit-reset-requests': '12ms' }, 12],
  [{ 'x-ratelimit-reset': String(now / 1000 + 7) }, 7000],
  [{ 'x-ratelimit-reset': String(now + 7000) }, 7000],
  [{ 'retry-after': ['4', '9'] }, 4000],
  [{}, undefined],
])('%j asks to wait %s ms', (headers, expected) => {
  expect(retryAfterMs(headers, now)).toBe(expected);
});

test('whatever the header says, the wait is a whole number up to an hour, or none', () => {
  fc.assert(
    fc.property(fc.string(), fc.constantFrom('retry-after', 'retry-after-ms', 'x-ratelimit-reset'), (text, name) => {
      const wait = retryAfterMs({ [name]: text }, now);
      expect(wait === undefined || (Number.isInteger(wait) && wait >= 0 && wait <= 3_600_000)).toBe(true);
    }),
  );
});
