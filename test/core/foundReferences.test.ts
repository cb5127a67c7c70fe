import * as fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { parse, type DefaultTreeAdapterTypes } from 'parse5';
import { describe, expect, test } from 'vitest';
import { headingAbove, referencesIn } from '../../src/core/foundReferences.ts';

/** What is found, with the part of the text that each reference names as its path. */
const found = (language: string, text: string) =>
  referencesIn(language, text).map(({ start, end, ...facts }) => ({ written: text.slice(start, end), ...facts }));

describe('references in Markdown', () => {
  test.each([
    ['![A fox](images/fox.png)', { written: 'images/fox.png', path: 'images/fox.png', alt: 'A fox' }],
    ['![A \\[red\\] fox](<a b (1).png> "t")', { written: 'a b (1).png', path: 'a b (1).png', alt: 'A [red] fox' }],
    ['![](a%20b.png#x)', { written: 'a%20b.png#x', path: 'a b.png' }],
    ['![x](./a\\(1\\).webp?raw=true)', { written: './a\\(1\\).webp?raw=true', path: './a(1).webp', alt: 'x' }],
    ['[![b](b.png)](https://x.test)', { written: 'b.png', path: 'b.png', alt: 'b' }],
    ['![Cat][c]\n\n[C]: <cat 1.jpg>\n', { written: 'cat 1.jpg', path: 'cat 1.jpg', alt: 'Cat' }],
    ['![c]\n\n[c]: /img/c.jpeg', { written: '/img/c.jpeg', path: '/img/c.jpeg', alt: 'c' }],
    [
      '<img alt="Hi &amp; bye" src="h.png" width="640" height=320>',
      { written: 'h.png', path: 'h.png', alt: 'Hi & bye', width: 640, height: 320 },
    ],
  ])('%s', (text, reference) => {
    expect(found('markdown', text)).toEqual([reference]);
  });

  test.each([
    '![x](https://x.test/a.png)',
    '![x](//x.test/a.png)',
    '![x](data:image/png;base64,AAAA.png)',
    '[not a picture](a.png)',
    '![a document](a.pdf)',
    '`![x](a.png)`',
    '```md\n![x](a.png)\n```',
    '~~~\n![x](a.png)',
    '<!-- ![x](a.png) -->',
    '[unused]: a.png',
    '![x](C:\\a.png)',
    '![x](@site/static/a.png)',
    '![x]({{ base }}/a.png)',
  ])('none in %s', (text) => {
    expect(found('markdown', text)).toEqual([]);
  });

  test('are those that a parser of Markdown finds, whatever surrounds them', () => {
    const markdown = new MarkdownIt({ html: true });
    const parsed = (text: string): string[] => {
      const sources: string[] = [];
      for (const { children } of markdown.parse(text, {}))
        for (const token of children ?? [])
          if (token.type === 'image') sources.push(decodeURIComponent(String(token.attrGet('src'))));
      return sources;
    };
    const piece = fc.constantFrom(
      'words ',
      '![a](x.png)',
      ' ![b c](<d e.png>)',
      '`code`',
      '\n\n',
      '\n```\n![no](no.png)\n```\n',
      '*![e](f/g.jpg)*',
      '- ![i](j.webp)\n',
      '> ![q](q.png)\n',
      '\\![l](l.txt)',
      '![r][s]\n\n[s]: t.png\n\n',
      '# Head ![h](h.png)\n',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        const ours = referencesIn('markdown', text).map(({ path }) => path);
        // A definition stands once, however often it is used.
        expect(new Set(ours)).toEqual(new Set(parsed(text)));
      }),
      { numRuns: 400 },
    );
  });
});

describe('references in tags', () => {
  test.each([
    ['html', '<img src="a.png">', ['a.png']],
    ['html', "<IMG\n  alt='x'\n  SRC='a b.png'>", ['a b.png']],
    ['html', '<img src=a.png alt=x>', ['a.png']],
    ['html', '<img src="a&amp;b.png">', ['a&b.png']],
    ['html', '<link rel="apple-touch-icon" href="/t.png"><link rel="stylesheet" href="x.png">', ['/t.png']],
    ['html', '<video poster="p.jpg"></video><source srcset="s.webp" type="image/webp">', ['p.jpg', 's.webp']],
    ['html', '<style>a { background: url("b.png") }</style>', ['b.png']],
    ['html', '<!-- <img src="a.png"> -->', []],
    ['html', '<image-card src="a.png"><img data-src="b.png">', []],
    ['typescriptreact', "<Image alt={'A'} src={'/a.png'} width={640} height={360} />", ['/a.png']],
    ['typescriptreact', 'const a = <img src={hero} />; {/* <img src="a.png" /> */}', []],
    ['typescriptreact', '  // <img src="a.png" />\n<img src={`${x}.png`} />', []],
    ['typescriptreact', "import hero from './hero.png';", ['./hero.png']],
    [
      'typescript',
      "const a = new URL('../a.png', import.meta.url); import('./b.webp'); require('./c.jpg')",
      ['../a.png', './b.webp', './c.jpg'],
    ],
    ['typescript', "import a from 'pictures/a.png'; import b from '@/b.png';", []],
    ['vue', '<template><img :src="a.png" src="./b.png" /></template>', ['./b.png']],
    ['svelte', "<script>import a from './a.png';</script><img src={a} /><img src='/b.png'>", ['./a.png', '/b.png']],
    ['astro', '---\nimport a from "../a.png";\n---\n<Image src={a} alt="" />', ['../a.png']],
    ['mdx', "import a from './a.png'\n\n![x](b.png)\n\n<img src='c.png' />", ['./a.png', 'b.png', 'c.png']],
    ['css', "a { background: url(a.png), url('b c.png'); } /* url(d.png) */", ['a.png', 'b c.png']],
    ['scss', '// url(a.png)\na { background: url("#{$x}/b.png"); src: url(c\\ d.png) }', []],
    ['less', 'a { background: url("c.png?v=2") }', ['c.png']],
    ['plaintext', '![x](a.png)', []],
  ])('%s: %s', (language, text, paths) => {
    expect(referencesIn(language, text).map(({ path }) => path)).toEqual(paths);
  });

  test('each candidate of a set has the width that it says, and a height in the ratio of the tag', () => {
    const text = '<img src="a.png" srcset="b.png 320w, c.png 640w,d.png 2x" width="800" height="400" alt="x">';
    expect(found('html', text)).toEqual([
      { written: 'a.png', path: 'a.png', alt: 'x', width: 800, height: 400 },
      { written: 'b.png', path: 'b.png', alt: 'x', width: 320, height: 160 },
      { written: 'c.png', path: 'c.png', alt: 'x', width: 640, height: 320 },
      { written: 'd.png', path: 'd.png', alt: 'x', width: 800, height: 400 },
    ]);
  });

  test('have the values that a parser of HTML reads', () => {
    const name = fc.constantFrom('src', 'alt', 'width', 'height', 'class', 'data-x', 'loading');
    const value = fc.constantFrom('a.png', 'b c.png', 'x&quot;y.png', '10', 'two words', 'd&amp;e.jpg', '');
    const quote = fc.constantFrom('"', "'");
    const attribute = fc.tuple(name, value, quote).map(([key, text, mark]) => `${key}=${mark}${text}${mark}`);
    fc.assert(
      fc.property(fc.array(fc.array(attribute, { maxLength: 5 }), { maxLength: 4 }), (tags) => {
        const text = tags.map((attributes) => `<p><img ${attributes.join(' ')}></p>`).join('\n');
        const expected = imagesOf(parse(text)).map((src) => src.trim());
        expect(referencesIn('html', text).map(({ path }) => path)).toEqual(
          expected.filter((src) => /\.(png|jpg)$/.test(src) && !src.includes('"')),
        );
      }),
      { numRuns: 300 },
    );
  });
});

function imagesOf(node: DefaultTreeAdapterTypes.Node): string[] {
  const own = 'tagName' in node && node.tagName === 'img' ? node.attrs.filter(({ name }) => name === 'src') : [];
  const below = 'childNodes' in node ? node.childNodes.flatMap(imagesOf) : [];
  return [...own.map(({ value }) => value), ...below];
}

test('no text, however hostile, takes long or breaks an offset', () => {
  const parts = [
    '![',
    '](',
    '<',
    '<img ',
    'src="',
    '"',
    '\\',
    '`',
    '```\n',
    '[a]:',
    'url(',
    "('",
    '.png',
    ' ',
    '\n',
    '<!--',
    '/*',
    '{',
    ')',
  ];
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...parts), { maxLength: 60 }),
      fc.constantFrom('markdown', 'html', 'typescriptreact', 'css', 'vue'),
      (pieces, language) => {
        const text = pieces.join('');
        for (const { start, end } of referencesIn(language, text)) expect(text.slice(start, end)).toMatch(/\.png/);
      },
    ),
    { numRuns: 500 },
  );
  for (const part of parts) {
    const started = performance.now();
    referencesIn('markdown', `${part.repeat(20_000)}.png`);
    referencesIn('vue', `${part.repeat(20_000)}.png`);
    // A guard against what grows with the square of the length, which would take minutes here.
    expect(performance.now() - started, part).toBeLessThan(20_000);
  }
});

describe('the heading above', () => {
  test.each([
    ['markdown', '# One\n\n## Two *bold* ##\n\nHERE', 'Two bold'],
    ['markdown', 'One\n===\n\nHERE', 'One'],
    ['markdown', '# One\n```\n# not\n```\nHERE', 'One'],
    ['markdown', 'HERE\n# After', undefined],
    ['html', '<h1>One</h1><h2 class="x">Two</h2>HERE', 'Two'],
    ['typescriptreact', '<h2>Start here</h2>HERE', 'Start here'],
  ])('%s: %s', (language, text, heading) => {
    expect(headingAbove(language, text, text.indexOf('HERE'))).toBe(heading);
  });
});
