import MarkdownIt from 'markdown-it';
import { type DefaultTreeAdapterTypes as Tree, parseFragment } from 'parse5';
import { describe, expect, test } from 'vitest';
import { altFromPrompt } from '../../src/host/inserting/reference.ts';
import { reference as referenceIn } from '../core/referenceMaking.ts';
import { fileNames, words } from './harm.ts';

const size = { width: 10, height: 10 };

/** Every element of a piece of HTML with its attributes, as a browser reads it. */
function elementsIn(html: string): { tag: string; attributes: Record<string, string> }[] {
  const found: { tag: string; attributes: Record<string, string> }[] = [];
  const visit = (node: Tree.Node): void => {
    if ('tagName' in node) {
      const attributes = Object.fromEntries(node.attrs.map(({ name, value }) => [name, value]));
      found.push({ tag: node.tagName, attributes });
    }
    if ('childNodes' in node) node.childNodes.forEach(visit);
  };
  visit(parseFragment(html));
  return found;
}

/** A reader that lets HTML through, as the one of the editor's preview does. */
const markdown = new MarkdownIt({ html: true, linkify: false });

describe.each(['A fox', ...words].map((word) => [word, altFromPrompt(word)] as const))(
  'with the words %j',
  (_, alt) => {
    test('a reference is one picture in Markdown, of its file and with these words, whatever the file’s name', () => {
      for (const name of fileNames) {
        const reference = referenceIn('markdown', { ...size, path: `images/${name}`, alt });
        expect(reference).not.toMatch(/[\r\n]/);
        const elements = elementsIn(markdown.render(`Before ${reference} after`));
        expect(elements.map(({ tag }) => tag)).toEqual(['p', 'img']);
        const { src = '', ...rest } = elements[1]?.attributes ?? {};
        expect(rest).toEqual({ alt });
        expect(new URL(src, 'https://here.test/').host).toBe('here.test');
        expect(decodeURIComponent(src)).toBe(`images/${name}`);
      }
    });

    test('a reference is one picture in HTML, with no attribute but its own, whatever the file’s name', () => {
      for (const name of fileNames) {
        const reference = referenceIn('html', { ...size, path: `images/${name}`, alt });
        const elements = elementsIn(`<main>${reference}</main>`);
        expect(elements.map(({ tag }) => tag)).toEqual(['main', 'img']);
        expect(Object.keys(elements[1]?.attributes ?? {})).toEqual(['src', 'alt', 'width', 'height', 'loading']);
        expect(elements[1]?.attributes['alt']).toBe(alt);
      }
    });
  },
);

test.each(fileNames)(
  'the name %j stays within a code block, a code span or an attribute where the cursor is',
  (name) => {
    const reference = referenceIn('markdown', { ...size, path: `images/${name}`, alt: 'A fox' });
    const tagsOf = (text: string) => elementsIn(markdown.render(text)).map(({ tag }) => tag);
    expect(tagsOf(`\`\`\`\n${reference}\n\`\`\`\n`)).toEqual(['pre', 'code']);
    expect(tagsOf(`\`${reference}\``)).toEqual(['p', 'code']);
    const [link, ...more] = elementsIn(`<a title="${reference}" data-x='${reference}'>x</a>`);
    expect([link?.tag, Object.keys(link?.attributes ?? {}), more]).toEqual(['a', ['title', 'data-x'], []]);
  },
);
