import { expect, test } from 'vitest';
import { asList, asText } from '../../src/core/joining.ts';

test('sentences stand a space apart', () => {
  expect(asText(['Nothing was sent.', undefined, '', 'Try again.'])).toBe('Nothing was sent. Try again.');
});

test('behind a wide full stop there is no space', () => {
  expect(asText(['没有发送任何内容。', '请重试。'])).toBe('没有发送任何内容。请重试。');
  expect(asText(['没有发送任何内容。', 'The service says no.', '请重试。'])).toBe(
    '没有发送任何内容。The service says no. 请重试。',
  );
});

test('nothing said is an empty text', () => {
  expect(asText([])).toBe('');
});

test('words in a row are written as the language does', () => {
  expect(asList(['red', 'green', 'blue'], 'en')).toBe('red, green, blue');
  expect(asList(['red', 'green', 'blue'], 'zh-cn')).toBe('red、green、blue');
  expect(asList([], 'en')).toBe('');
});
