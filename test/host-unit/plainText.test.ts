import { expect, test } from 'vitest';
import { plainText } from '../../src/host/plainText.ts';

test('a name cannot put a link into a message, behind which a command may be', () => {
  // How VS Code finds links in the text of a message.
  const link = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;
  for (const name of ['[Open](command:workbench.action.quit).png', 'a[b](https://example.org/x)[c](command:y).png']) {
    expect(`Saved ${name}.`).toMatch(link);
    expect(plainText(`Saved ${name}.`)).not.toMatch(link);
  }
});

test('a name cannot break the line of a message, nor turn the way it is read', () => {
  expect(plainText('a\nb\u2028c\u202egnp.exe')).toBe('a b c gnp.exe');
});

test('every other text stands as it is', () => {
  for (const text of ['Saved images/fox (2).png.', 'a[1].png (b)', '“日本語”, 100 %, 👩‍🎨, שלום']) {
    expect(plainText(text)).toBe(text);
  }
});
