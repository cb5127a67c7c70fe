import { expect, test } from 'vitest';
import { keyFault } from '../../src/host/key.ts';
import { scrub } from '../../src/host/scrub.ts';

test.each([
  ['key sk-empiriolabs-abcDEF123456 refused', 'key sk-… refused'],
  ['Authorization: Bearer abc.def', 'Authorization: Bearer …'],
  ['GET https://cdn.example/x.png?Signature=abc&Expires=1 failed', 'GET https://cdn.example/x.png?… failed'],
  ['https://user:pass@example.com/x', 'https://…@example.com/x'],
  ['data:image/png;base64,AAAA', 'data:…'],
  ['Job abc was accepted as job_123', 'Job abc was accepted as job_123'],
])('%j is logged as %j', (line, logged) => {
  expect(scrub(line)).toBe(logged);
});

test('a line is not endless', () => {
  expect(scrub('a b '.repeat(5000)).length).toBeLessThanOrEqual(2000);
});

test.each([
  ['sk-empiriolabs-1', undefined],
  ['  sk-empiriolabs-1\n', undefined],
  ['', 'empty'],
  [' \t', 'empty'],
  ['sk one', 'spaces'],
  ['sk\none', 'spaces'],
  ['ключ', 'characters'],
])('as a key %j has the fault %j', (text, fault) => {
  expect(keyFault(text)).toBe(fault);
});
