import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { composePrompt, countCharacters } from '../../src/core/prompt.ts';
import { toWire } from '../../src/core/wire.ts';
import { aRequest, anInput, errorsOf } from './making.ts';

const labelled = (label: string) => ({ x1: 1, y1: 1, x2: 9, y2: 9, label });

describe('what is sent as the prompt', () => {
  test('the text alone, without white space around it', () => {
    expect(composePrompt(aRequest({ prompt: '  a cat\n' }))).toBe('a cat');
  });

  test('box labels follow, named by image and box as the service counts them', () => {
    const inputs = [
      anInput('a'),
      anInput('b', { boxes: [labelled('a red hat'), { x1: 1, y1: 1, x2: 2, y2: 2 }] }),
      anInput('c', { boxes: [labelled(' '), labelled(' a bird ')] }),
    ];
    expect(composePrompt(aRequest({ prompt: 'Add things', inputs }))).toBe(
      'Add things\nIn box 1 of image 2: a red hat\nIn box 2 of image 3: a bird',
    );
  });

  test('set lines follow in the words of the model page', () => {
    const setLines = ['spring', '', ' summer ', ...Array<string>(9).fill('x'), 'thirteenth'];
    const prompt = composePrompt(aRequest({ prompt: 'Seasons', imageSet: true, setLines }));
    expect(prompt.split('\n').slice(0, 3)).toEqual(['Seasons', 'First image: spring', 'Third image: summer']);
    expect(prompt.split('\n').at(-2)).toBe('Twelfth image: x');
    expect(prompt.split('\n').at(-1)).toBe('Number 13 image: thirteenth');
  });

  test('set lines are for sets only', () => {
    expect(composePrompt(aRequest({ prompt: 'Seasons', setLines: ['spring'] }))).toBe('Seasons');
  });

  test('labels or lines are enough of a prompt', () => {
    expect(errorsOf(aRequest({ prompt: '', imageSet: true, setLines: ['spring'] }))).toEqual([]);
    expect(errorsOf(aRequest({ prompt: '', inputs: [anInput('a', { boxes: [labelled('a hat')] })] }))).toEqual([]);
  });

  test('labels are words for the prompt and no part of the boxes', () => {
    expect(toWire(aRequest({ inputs: [anInput('a', { boxes: [labelled('a hat')] })] }), 'auto').bbox_list).toBe(
      '[[1,1,9,9]]',
    );
  });
});

describe('counted in code points', () => {
  test.each([
    ['letters', 'x', 5000],
    ['Chinese', '森', 5000],
    ['an emoji of two UTF-16 units', '😀', 5000],
    ['a rare character of two units', '𠮷', 5000],
    ['a family of seven code points', '👨‍👩‍👧‍👦', 714],
    ['an accent of its own', 'e\u0301', 2500],
    ['half a pair', '\ud83d', 5000],
  ])('%s', (_, text, most) => {
    expect(errorsOf(aRequest({ prompt: text.repeat(most) }))).toEqual([]);
    expect(errorsOf(aRequest({ prompt: text.repeat(most + 1) }))).toEqual(['prompt-too-long']);
  });

  test('the whole text that is sent must fit, not the typed part alone', () => {
    const inputs = [anInput('a', { boxes: [labelled('hat')] })];
    const added = countCharacters('\nIn box 1 of image 1: hat');
    expect(errorsOf(aRequest({ prompt: '森'.repeat(5000 - added), inputs }))).toEqual([]);
    expect(errorsOf(aRequest({ prompt: '森'.repeat(5001 - added), inputs }))).toEqual(['prompt-too-long']);
    expect(errorsOf(aRequest({ prompt: 'x'.repeat(4990), imageSet: true, setLines: ['spring'] }))).toEqual([
      'prompt-too-long',
    ]);
  });

  test('any text counts as Array.from counts it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(countCharacters(text)).toBe(Array.from(text).length);
      }),
    );
  });
});
