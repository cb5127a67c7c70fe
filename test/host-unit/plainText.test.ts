import { expect, test } from 'vitest';
import { plainLabel, plainText } from '../../src/host/plainText.ts';

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

test('a name cannot put an icon into a row of a pick', () => {
  // How VS Code finds icons in a label: a backslash before one makes it a word.
  const icon = /(\\)?\$\([A-Za-z0-9-]+(?:~[A-Za-z]+)?\)/g;
  for (const name of ['$(trash).png', '$(sync~spin)$(key) x', 'a$(b)']) {
    expect([...plainLabel(name).matchAll(icon)].every(([, escape]) => escape === '\\')).toBe(true);
    expect(plainLabel(name).replaceAll('\\', '')).toBe(name);
  }
  expect(plainLabel('cost $(5 €).png')).toBe('cost $(5 €).png');
});
