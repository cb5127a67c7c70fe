import { describe, expect, test } from 'vitest';
import { failureKinds } from '../../src/core/failure.ts';
import { failureSentences, fill, fixSentences, problemSentences } from '../../src/core/sentences.ts';

const all = { ...problemSentences, ...failureSentences, ...fixSentences };

test('every kind of failure has a sentence, and there is none for another', () => {
  expect(Object.keys(failureSentences).toSorted()).toEqual([...failureKinds].toSorted());
});

test('no code stands for two sentences', () => {
  expect(Object.keys(all)).toHaveLength([problemSentences, failureSentences, fixSentences].flatMap(Object.keys).length);
});

describe('sentences for people', () => {
  test.each(Object.entries({ ...problemSentences, ...failureSentences }))('%s: %s', (_, sentence) => {
    expect(sentence).toMatch(/^[A-Z{0-9].*\.$/);
    expect(sentence).not.toMatch(/!|\bplease\b|\berror\b|\bfailed\b|undefined|null/i);
  });

  test.each(Object.entries(fixSentences))('the button %s: %s', (_, words) => {
    expect(words).toMatch(/^[A-Z]/);
    expect(words).not.toMatch(/[.!]$/);
    expect(words.length).toBeLessThanOrEqual(32);
  });

  test('places are numbered from {0} without a gap', () => {
    for (const sentence of Object.values(all)) {
      const places = new Set([...sentence.matchAll(/\{(\d+)\}/g)].map(([, index]) => Number(index)));
      expect([...places].toSorted((a, b) => a - b)).toEqual(Array.from({ length: places.size }, (_, index) => index));
    }
  });
});

describe('filling in', () => {
  test('puts each value into its place, as often as it occurs', () => {
    expect(fill('{0} of {1}, {0}', ['a', 2])).toBe('a of 2, a');
  });

  test('takes a value for what it is, even when it looks like a place or a pattern', () => {
    expect(fill('{0} and {1}', ['{1}', '$&$1'])).toBe('{1} and $&$1');
  });

  test('leaves a place without a value, so that a test can find it', () => {
    expect(fill('{0} and {1}', ['a'])).toBe('a and {1}');
  });
});
