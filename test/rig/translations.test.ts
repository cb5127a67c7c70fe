import { describe, expect, test } from 'vitest';
import { faultsOf, missingPages, tidied } from './translations.ts';

const english = { Save: 'Save', '{0} of {1}': '{0} of {1}', px: 'px' };
const chinese = { Save: '保存', '{0} of {1}': '{1} 中的 {0}', px: 'px' };

test('a translation that says everything, with the gaps in its own order, has no faults', () => {
  expect(faultsOf('zh.json', english, chinese)).toEqual([]);
});

describe('a translation is at fault', () => {
  test.each([
    ['that lacks a sentence', { ...english, Undo: 'Undo' }, chinese, '"Undo"'],
    ['that has a sentence too many', english, { ...chinese, Redo: '恢复' }, '"Redo"'],
    ['that loses a gap', english, { ...chinese, '{0} of {1}': '{0}' }, '"{0} of {1}"'],
    ['that says a gap twice', english, { ...chinese, '{0} of {1}': '{0} {0} {1}' }, '"{0} of {1}"'],
    ['that is English', english, { ...chinese, Save: 'Save' }, '"Save"'],
    ['that is empty', english, { ...chinese, Save: ' ' }, '"Save"'],
    [
      'that runs another command',
      { key: '[Go](command:wanImage.edit)' },
      { key: '[走](command:wanImage.go)' },
      '"key"',
    ],
    ['that names another setting', { key: 'See wanImage.boxForm' }, { key: '见 wanImage.boxform' }, '"key"'],
    ['that loses an icon', { key: '$(sparkle) Go' }, { key: '走' }, '"key"'],
  ])('%s, and it is named', (_, english, translated, named) => {
    const faults = faultsOf('zh.json', english, translated);
    expect(faults.join('\n')).toContain(named);
    expect(faults[0]).toContain('zh.json');
  });
});

test('what is missing comes as JSON that can be pasted', () => {
  const line = faultsOf('zh.json', { 'Say "yes"': 'Say "yes"' }, {}).at(-1)!;
  expect(JSON.parse(`{${line.replace(/,$/, '')}}`)).toEqual({ 'Say "yes"': 'Say "yes"' });
});

test('a page without a translation is named', () => {
  expect(missingPages(['a.md', 'a.nls.zh-cn.md', 'b.md', 'c.svg'])).toEqual([
    'media/walkthrough lacks b.nls.zh-cn.md.',
  ]);
});

test('a tidied translation has the order of the English, without what is left over, and nothing made up', () => {
  const { Save, px } = chinese;
  const result = tidied(english, { px, Redo: '恢复', Save });
  expect(Object.entries(result)).toEqual([
    ['Save', '保存'],
    ['px', 'px'],
  ]);
});
