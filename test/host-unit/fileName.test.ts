import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fileNameFromPrompt, numberedName } from '../../src/host/saving/fileName.ts';

describe('a file name made from a prompt', () => {
  test.each([
    ['A lighthouse on a cliff at dawn, flat illustration', 'a-lighthouse-on-a-cliff-at-dawn-flat-illustration'],
    ['  Hello,   World!  ', 'hello-world'],
    ["The cat's pyjamas", 'the-cats-pyjamas'],
    ['../../etc/passwd', 'etc-passwd'],
    ['C:\\Windows\\system32', 'c-windows-system32'],
    ['Ein Bär über dem Fluß', 'ein-bär-über-dem-fluß'],
    ['夜明けの灯台', '夜明けの灯台'],
    ['🦊', 'image'],
    ['   ', 'image'],
    ['', 'image'],
    ['...', 'image'],
    ['CON', 'image-con'],
    ['nul', 'image-nul'],
    ['Com1', 'image-com1'],
    ['lpt²', 'image-lpt²'],
    ['console', 'console'],
  ])('%j is %j', (prompt, name) => {
    expect(fileNameFromPrompt(prompt)).toBe(name);
  });

  test('a long prompt is cut between words', () => {
    const name = fileNameFromPrompt('one two three four five six seven eight nine ten eleven twelve thirteen fourteen');
    expect(name).toBe('one-two-three-four-five-six-seven-eight-nine-ten-eleven');
  });

  test('a prompt without spaces is cut between characters as people see them', () => {
    const family = 'क्षि'.repeat(40);
    const name = fileNameFromPrompt(family);
    expect(family.startsWith(name)).toBe(true);
    expect([...name].length).toBeLessThanOrEqual(60);
    expect(name.length % 'क्षि'.length).toBe(0);
  });

  test('every prompt gives a name that is valid on every system', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme', maxLength: 300 })),
        (prompt) => {
          const name = fileNameFromPrompt(prompt);
          expect(name).toMatch(/^[\p{L}\p{N}\p{M}-]+$/u);
          expect([...name].length).toBeGreaterThan(0);
          expect([...name].length).toBeLessThanOrEqual(66); // 60, and "image-" before a device's name
          expect(Buffer.byteLength(numberedName(name, 'png', 999))).toBeLessThanOrEqual(255);
          expect(name).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)$/);
        },
      ),
      { numRuns: 150 },
    );
  });
});

test('the second file of a name has a number', () => {
  expect([1, 2, 12].map((attempt) => numberedName('fox', 'png', attempt))).toEqual([
    'fox.png',
    'fox-2.png',
    'fox-12.png',
  ]);
});
