import { expect, test } from 'vitest';
import { copiedPictures, idsOfCopied } from '../../src/core/copiedPictures.ts';

test('what is copied is found again, each once', () => {
  expect(idsOfCopied(copiedPictures(['one-0', 'two-1', 'one-0']))).toEqual(['one-0', 'two-1']);
});

test.each([
  '',
  '\n',
  'one-0\n',
  'x'.repeat(101),
  Array.from({ length: 21 }, (_, each) => `${each}`).join('\n'),
  'x\n'.repeat(9e5),
])('what nobody copied here holds no pictures: case %#', (text) => {
  expect(idsOfCopied(text)).toEqual([]);
});
