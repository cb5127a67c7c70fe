import * as fc from 'fast-check';
import markdownIt from 'markdown-it';
import { type DefaultTreeAdapterMap, parseFragment } from 'parse5';
import { describe, expect, test } from 'vitest';
import { altFromName, altFromPrompt, altFromSelection, relativePath } from '../../src/host/inserting/reference.ts';
import { reference as referenceIn } from '../core/referenceMaking.ts';

const size = { width: 1024, height: 576 };

/** What a Markdown renderer makes of a reference: the picture's decoded path and its text, or undefined where it is no picture. */
function readByMarkdown(text: string): { path: string; alt: string } | undefined {
  const [paragraph, inline, end, ...more] = markdownIt().parse(text, {});
  if (paragraph?.type !== 'paragraph_open' || end?.type !== 'paragraph_close' || more.length > 0) return undefined;
  const [image, ...others] = inline?.children ?? [];
  if (image?.type !== 'image' || others.length > 0) return undefined;
  return {
    path: decodeURIComponent(String(image.attrGet('src'))),
    alt: (image.children ?? []).map(({ content }) => content).join(''),
  };
}

function readByHtml(text: string): { path: string; alt: string; width: string; height: string } | undefined {
  const { childNodes } = parseFragment(text);
  const [image, ...more] = childNodes as DefaultTreeAdapterMap['element'][];
  if (image?.tagName !== 'img' || more.length > 0) return undefined;
  const attributes = Object.fromEntries(image.attrs.map(({ name, value }) => [name, value]));
  const { src = '', alt = '', width = '', height = '' } = attributes;
  return { path: decodeURIComponent(src), alt, width, height };
}

const hard = [
  'images/fox.png',
  'images/a fox (2).png',
  'images/50% & more #1?.png',
  'images/"quoted" \'name\'.png',
  'images/<b>.png',
  'images/back\\slash.png',
  'images/a]b[c.png',
  'images/夜明け.png',
  'images/non\u00a0breaking.png',
  'images/*star*_under_~.png',
  'c:/odd.png',
  '../../up/fox.png',
];

describe('a reference is read as it was meant', () => {
  test.each(hard)('in Markdown: %s', (path) => {
    const read = readByMarkdown(referenceIn('markdown', { path, alt: 'A fox', ...size }));
    expect(read?.path.replace(/^\.\//, '')).toBe(path);
    expect(read?.alt).toBe('A fox');
  });

  test.each(hard)('in HTML: %s', (path) => {
    const read = readByHtml(referenceIn('html', { path, alt: 'A "fox" & <b>', ...size }));
    expect({ ...read, path: read?.path.replace(/^\.\//, '') }).toEqual({
      path,
      alt: 'A "fox" & <b>',
      width: '1024',
      height: '576',
    });
  });

  const text = fc.string({ unit: 'grapheme-ascii', maxLength: 60 });
  const name = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
    .filter((part) => !/[/\0]/.test(part) && part.isWellFormed());

  test('whatever the picture shows and is called, in Markdown', () => {
    fc.assert(
      fc.property(name, text, (file, prompt) => {
        const alt = altFromPrompt(prompt);
        const read = readByMarkdown(referenceIn('markdown', { path: `images/${file}.png`, alt, ...size }));
        expect(read).toEqual({ path: `images/${file}.png`, alt });
      }),
      { numRuns: 1000 },
    );
  });

  test('whatever the picture shows and is called, in HTML', () => {
    fc.assert(
      fc.property(name, text, (file, prompt) => {
        const alt = altFromPrompt(prompt);
        expect(readByHtml(referenceIn('html', { path: `images/${file}.png`, alt, ...size }))).toMatchObject({
          path: `images/${file}.png`,
          alt,
        });
      }),
      { numRuns: 1000 },
    );
  });

  test('a name that reads like a scheme stays a relative path', () => {
    expect(referenceIn('markdown', { path: 'javascript:fox.png', alt: '', ...size })).toBe('![](./javascript:fox.png)');
  });

  test('letters of every script stay readable', () => {
    expect(referenceIn('markdown', { path: 'bilder/bär-夜.png', alt: 'Bär', ...size })).toBe(
      '![Bär](bilder/bär-夜.png)',
    );
  });
});

describe('the way from a document to a picture', () => {
  test.each([
    ['/w', '/w/images/x.png', 'images/x.png'],
    ['/w/docs', '/w/images/x.png', '../images/x.png'],
    ['/w/docs/a/b', '/w/docs/images/x.png', '../../images/x.png'],
    ['/w/images', '/w/images/x.png', 'x.png'],
    ['/w/image', '/w/images/x.png', '../images/x.png'],
    ['/', '/x.png', 'x.png'],
    ['/c:/w/docs', '/C:/w/x.png', '../x.png'],
  ])('from %s to %s is %s', (from, to, way) => {
    expect(relativePath(from, to)).toBe(way);
  });
});

describe('what a picture shows, in a line', () => {
  test.each([
    ['A fox in the snow. It looks at us.', 'A fox in the snow'],
    ['A fox\nin   the\tsnow', 'A fox in the snow'],
    ['Version 2.7 of a fox', 'Version 2.7 of a fox'],
    ['Is it a fox? Perhaps.', 'Is it a fox?'],
    ['夜明けの灯台。海が見える。', '夜明けの灯台'],
    ['', ''],
  ])('%j is %j', (prompt, alt) => {
    expect(altFromPrompt(prompt)).toBe(alt);
  });

  test('a long sentence is cut between words', () => {
    const alt = altFromPrompt('word '.repeat(60));
    expect([...alt].length).toBeLessThanOrEqual(125);
    expect(alt).toMatch(/^(word )+word…$/);
  });
});

describe('an alternative text from what is at hand', () => {
  test.each([
    ['  A fox\n in the snow ', 'A fox in the snow'],
    ['<b>x</b>', undefined],
    ['const fox = 1', undefined],
    ['../images/fox.png', undefined],
    ['images/fox.png', undefined],
    ['---', undefined],
    ['', undefined],
  ])('the selection %j is %j', (selected, alt) => {
    expect(altFromSelection(selected)).toBe(alt);
  });

  test.each([
    ['a-red_fox@2x.png', 'a red fox'],
    ['夜明け.webp', '夜明け'],
  ])('the name %s is %s', (name, alt) => {
    expect(altFromName(name)).toBe(alt);
  });
});
