import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isServiceError, ServiceError, toFailure } from '../../src/service/errors.ts';
import { scrub, scrubDetail } from '../../src/service/scrub.ts';
import { canaryKey, textOf } from './rig.ts';

const secret = fc
  .string({ minLength: 6, maxLength: 60 })
  .filter((text) => text.trim().length >= 6 && !/\[key\]|…|data:/.test(text));

test('a secret is found nowhere in a scrubbed text, however it was written in', () => {
  fc.assert(
    fc.property(
      secret,
      fc.string(),
      fc.string(),
      fc.constantFrom('plain', 'encoded', 'json', 'base64', 'split'),
      (key, before, after, form) => {
        const written = {
          plain: key,
          encoded: encodeURIComponent(key),
          json: JSON.stringify(key),
          base64: Buffer.from(key).toString('base64'),
          split: `${key.slice(0, 3)}\u0000${key.slice(3)}`,
        }[form];
        const clean = scrub(`${before} ${written} ${after}`, [key]);
        expect(clean).not.toContain(key);
        expect(clean).not.toContain(encodeURIComponent(key));
      },
    ),
  );
});

test('signed addresses lose their query, image data goes, and so do user names', () => {
  const text =
    'GET https://cdn.example/a.png?Expires=1&Signature=abc#x failed, proxy http://joe:pass@proxy:3128 said data:image/png;base64,iVBORw0KGgo= no';
  const clean = scrub(text);
  expect(clean).toBe('GET https://cdn.example/a.png?… failed, proxy http://proxy:3128 said data:… no');
});

test('a key is taken out even when nobody said that it is one', () => {
  expect(scrub(`Authorization: Bearer ${canaryKey} and ${canaryKey}`)).not.toContain('Canary');
  expect(scrub(`x-api-key: whatever-it-is`)).not.toContain('whatever');
});

test('line breaks and direction marks cannot forge a log line', () => {
  expect(scrub('one\r\ntwo\u202ethree\u2028four')).toBe('one two three four');
});

test('scrubbing ends in good time for large and hostile texts', () => {
  for (const piece of ['a', 'data:', 'https://', '@', 'A'.repeat(50), 'sk-', 'bearer ', 'https://a@']) {
    const startedAt = performance.now();
    scrub(piece.repeat(Math.floor(300_000 / piece.length)), [canaryKey]);
    expect(performance.now() - startedAt, piece).toBeLessThan(4000);
  }
});

test('a detail is cut to a length that fits a message, not in the middle of a character', () => {
  const detail = scrubDetail('🎨 '.repeat(400));
  expect(detail.length).toBeLessThan(700);
  expect(detail.isWellFormed()).toBe(true);
});

test('an error keeps kind, status and request id, and nothing that must not be seen', () => {
  const cause = Object.assign(new TypeError(`bad header Bearer ${canaryKey}`), {
    code: 'E',
    headers: { authorization: canaryKey },
    input: 'https://a/b?sig=1',
  });
  const error = new ServiceError(
    { kind: 'busy', mayBeBilled: false, status: 429, requestId: 'req-1', retryAfterMs: 5, detail: `no ${canaryKey}` },
    { cause, secrets: [canaryKey] },
  );
  expect(error.failure).toEqual({
    kind: 'busy',
    mayBeBilled: false,
    status: 429,
    requestId: 'req-1',
    retryAfterMs: 5,
    detail: 'no [key]',
  });
  expect(textOf(error)).not.toMatch(/Canary|sig=1/);
});

test('an error is known by what it carries, since each bundle has its own class', () => {
  class Stranger extends Error {
    override readonly name = 'ServiceError';
    readonly failure = { kind: 'network', mayBeBilled: true };
  }
  expect(isServiceError(new Stranger())).toBe(true);
  expect(isServiceError(new Error('x'))).toBe(false);
  expect(toFailure(new Stranger())).toEqual({ kind: 'network', mayBeBilled: true });
  expect(toFailure(new Error(`x ${canaryKey}`), false)).toEqual({
    kind: 'unexpected',
    mayBeBilled: false,
    detail: 'x [key]',
  });
});
