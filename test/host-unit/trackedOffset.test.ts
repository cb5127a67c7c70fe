import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { moveOffset, type TextChange } from '../../src/host/inserting/trackedOffset.ts';

const change = (rangeOffset: number, rangeLength: number, text: string): TextChange => ({
  rangeOffset,
  rangeLength,
  text,
});

test.each([
  ['text typed before pushes it on', 10, [change(0, 0, 'abc')], 13],
  ['text typed at the place pushes it on, as a cursor', 10, [change(10, 0, 'abc')], 13],
  ['text typed behind leaves it', 10, [change(11, 0, 'abc')], 10],
  ['text deleted before pulls it back', 10, [change(2, 5, '')], 5],
  ['text deleted around it leaves it where the text was', 10, [change(8, 5, '')], 8],
  ['text replaced around it leaves it behind the replacement', 10, [change(8, 5, 'abcd')], 12],
  ['text deleted up to it pulls it back', 10, [change(8, 2, '')], 8],
  ['several edits at once count together', 10, [change(20, 1, ''), change(5, 0, 'xx'), change(0, 1, '')], 11],
])('%s', (_, offset, changes, expected) => {
  expect(moveOffset(offset, changes)).toBe(expected);
});

test('the place stays before the same character, unless that was edited', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, maxLength: 40 }),
      fc.nat(),
      fc.nat(),
      fc.nat(10),
      fc.string({ maxLength: 10 }),
      (words, at, from, length, text) => {
        const document = `${words}§`;
        const offset = at % document.length;
        const rangeOffset = from % document.length;
        const rangeLength = Math.min(length, document.length - rangeOffset);
        fc.pre(offset < rangeOffset || offset >= rangeOffset + rangeLength);
        const edited = document.slice(0, rangeOffset) + text + document.slice(rangeOffset + rangeLength);
        expect(edited[moveOffset(offset, [change(rangeOffset, rangeLength, text)])]).toBe(document[offset]);
      },
    ),
  );
});
