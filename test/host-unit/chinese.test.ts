import { expect, test, vi } from 'vitest';
import { failureKinds } from '../../src/core/failure.ts';
import { panelTable } from '../../src/core/panelStrings.ts';
import { fill } from '../../src/core/sentences.ts';
import { panelTexts } from '../../src/host/studio/panelTexts.ts';
import { tellFailure, tellSaveError, tellTrouble } from '../../src/host/telling.ts';
import { inChinese } from '../webview/languages.ts';

// VS Code, as far as it looks sentences up in the bundle of its language.
vi.mock('vscode', () => ({
  env: { language: 'zh-cn' },
  l10n: { t: (text: string, ...args: (string | number)[]) => fill(inChinese(text), args) },
}));

const hasChinese = /\p{Script=Han}/u;
/** A sentence that is still English, or a gap between two that are not. */
const isHalf = /[a-z]{3,} [a-z]{3,} [a-z]{3,}|[。！？：] /i;

test('the panel gets every sentence in Chinese, with its gaps left open', () => {
  const chinese = panelTexts();
  const english = panelTable();
  expect(Object.keys(chinese)).toEqual(Object.keys(english));
  const gaps = (text: string): string[] => (text.match(/\{\d+\}/g) ?? []).toSorted();
  for (const [key, text] of Object.entries(chinese)) {
    expect(gaps(text), key).toEqual(gaps(english[key]!));
  }
});

test.each(failureKinds)('a failure of the kind %s is told in Chinese alone, however much there is to say', (kind) => {
  const failure = { kind, mayBeBilled: true, retryAfterMs: 4000 };
  for (const { text } of [
    tellFailure(failure, 'live'),
    tellFailure(failure, 'practice'),
    tellTrouble(failure, 'live'),
  ]) {
    expect(text).toMatch(hasChinese);
    expect(text).not.toMatch(isHalf);
  }
});

test('what is saved nowhere is told in Chinese, with the name as it is', () => {
  expect(tellSaveError('read-only', 'docs/images', []).text).toBe(
    'docs/images 是只读的，无法在其中保存任何内容。图片仍保存在工作室中。',
  );
});
