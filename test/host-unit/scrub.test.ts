import * as fc from 'fast-check';
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
  ['POST /v1/images/generations: busy (HTTP 429)', 'POST /v1/images/generations: busy (HTTP 429)'],
  ["Error: ENOENT: no such file, open '/home/joe smith/my shop/logo.png'", "Error: ENOENT: no such file, open '…'"],
  ['Error: no such file: /home/joe smith/logo.png', 'Error: no such file: …'],
  ['lost (C:\\Users\\Joe Smith\\logo.png)', 'lost (…'],
  ['FileNotFound: file:///home/joe/logo.png', 'FileNotFound: …'],
  ['\\\\server\\joe\\logo.png is gone', '…'],
  [
    'TypeError: x\n    at save (/home/joe smith/ext/dist/app.cjs:1:234)\n    at async /home/joe/dist/service.cjs:3:4',
    'TypeError: x\n    at save (app.cjs:1:234)\n    at async service.cjs:3:4',
  ],
  ["VS Code's own way and the user's", "VS Code's own way and the user's"],
])('%j is logged as %j', (line, logged) => {
  expect(scrub(line)).toBe(logged);
});

test('no name of a folder or a file is logged with an error', () => {
  const aName = fc.string({ unit: fc.constantFrom(...'aBc1 _-.ü你()'), minLength: 6 }).map((name) => `q${name}q`);
  fc.assert(
    fc.property(aName, fc.constantFrom('/', '\\'), (name, slash) => {
      const path = `${slash === '/' ? '' : 'C:'}${slash}home${slash}${name}${slash}${name}.png`;
      for (const text of [
        `ENOENT: gone, open '${path}'`,
        `gone: ${path}`,
        `at save (${path}:1:2)`,
        `at file://${path}`,
      ])
        expect(scrub(`It failed. Error: ${text}\nCaused by: Error: ${text}`)).not.toContain(name);
    }),
  );
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
