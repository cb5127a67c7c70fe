import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cssColour } from '../../src/core/cssColour.ts';
import { findColours } from '../../src/core/foundColours.ts';

const named = (text: string): string[] =>
  findColours(text).map(({ hex, name }) => (name === undefined ? hex : `${name} ${hex}`));

describe('colours are found', () => {
  test('in a style sheet: custom properties, plain ones, functions, and not where elements are named', () => {
    const css = `
      @charset "utf-8";
      @import url("https://fonts.example/css?family=Inter#abc");
      /* #111111 is what we had before */
      :root {
        --brand: #0A7EA4;
        --brand-soft: rgb(10 126 164 / 20%);
        --ink: hsl(222, 47%, 11%);
        --shadow: 0 1px 2px rgba(0, 0, 0, .4), 0 2px 4px #00000000;
      }
      #face, a:hover #add { color: rebeccapurple; background: url(#bad) #FFF; }
      .card{border:1px solid#d2b48c}
    `;
    expect(named(css)).toEqual([
      '--brand #0A7EA4',
      '--ink #0F1729',
      '--shadow #000000',
      'color #663399',
      'background #FFFFFF',
      'border #D2B48C',
    ]);
  });

  test('in SCSS and Less: variables and maps', () => {
    const scss = `
      // $old: #123456;
      $primary: #3366ff !default;
      $theme: (dark: #101418, light: #fafafa);
      @accent: #ff8800;
      .a { color: darken($primary, 10%); &:hover { fill: #e0e0e0 } }
    `;
    expect(named(scss)).toEqual([
      '$primary #3366FF',
      '$theme.dark #101418',
      '$theme.light #FAFAFA',
      '@accent #FF8800',
      'fill #E0E0E0',
    ]);
  });

  test('in a Tailwind configuration with nested colours, and in its newer style sheets', () => {
    const js = `
      /** @type {import('tailwindcss').Config} */
      module.exports = {
        content: ['./src/**/*.{html,js}'], // not a comment: /**/
        theme: {
          extend: {
            colors: {
              brand: { DEFAULT: '#1fb6ff', 500: "#0ea5e9", 'dark-blue': '#0c4a6e' },
              gray: { 50: 'oklch(98.5% 0.002 247.839)' },
              list: ['#111827', '#f9fafb'],
              current: 'currentColor',
              muted: 'hsl(var(--muted))',
            },
          },
        },
      };`;
    expect(named(js)).toEqual([
      'brand #1FB6FF',
      'brand.500 #0EA5E9',
      'brand.dark-blue #0C4A6E',
      'gray.50 #F9FAFB',
      'list #111827',
    ]);
    const css = '@theme { --color-mint-500: oklch(0.72 0.11 178); }\n.dark { --primary: 222.2 47.4% 11.2%; }';
    expect(named(css)).toEqual([expect.stringMatching(/^--color-mint-500 #/), '--primary #0F172A']);
  });

  test('in a theme of VS Code and in its settings', () => {
    const theme = `{
      "name": "Snow", // a theme
      "type": "dark",
      "colors": { "editor.background": "#1e1E1e", "editor.foreground": "#D4D4D4ff", "focusBorder": "#007fd4" },
      "tokenColors": [{ "scope": "comment", "settings": { "foreground": "#6A9955", "fontStyle": "" } }],
      "workbench.colorCustomizations": { "titleBar.activeBackground": "#422006" }
    }`;
    expect(named(theme)).toEqual([
      'editor.background #1E1E1E',
      'editor.foreground #D4D4D4',
      'focusBorder #007FD4',
      'foreground #6A9955',
      'titleBar.activeBackground #422006',
    ]);
  });

  test('in a drawing, where names of elements are none', () => {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg"><!-- #abcdef -->
      <defs><linearGradient id="face"><stop stop-color="#FF0080"/><stop style="stop-color:#7928ca;stop-opacity:1"/></linearGradient></defs>
      <rect fill="url(#face)" stroke='teal'/><use href="#add" xlink:href="#bad"/></svg>`;
    expect(named(svg)).toEqual(['stop-color #FF0080', 'style #7928CA', 'stroke #008080']);
  });

  test('in what people paste: a list, words around it, JSON, the address of a palette', () => {
    const three = ['#264653', '#2A9D8F', '#E9C46A'];
    for (const text of [
      '#264653 #2a9d8f #e9c46a',
      '264653, 2a9d8f; e9c46a',
      '264653-2a9d8f-e9c46a\n',
      'https://coolors.co/264653-2a9d8f-e9c46a',
      'https://coolors.co/palette/264653-2a9d8f-e9c46a',
      'Use #264653 (sea), #2A9D8F and rgb(233, 196, 106), please.',
      '["#264653","#2a9d8f","#e9c46a"]',
      '{"colors":[{"hex":"#264653"},{"hex":"#2a9d8f"},{"hex":"#e9c46a"}]}',
    ])
      expect(
        findColours(text).map(({ hex }) => hex),
        text,
      ).toEqual(three);
  });

  test('each once, and at most a hundred', () => {
    expect(named('color: #FFF; --paper: #ffffff; --paper2: white')).toEqual(['color #FFFFFF']);
    expect(named('#fff --paper: #ffffff')).toEqual(['--paper #FFFFFF']);
    const many = Array.from({ length: 5000 }, (_, index) => `#${(index + 4096).toString(16).padStart(6, '0')}`);
    expect(findColours(many.join(' '))).toHaveLength(100);
  });

  test('nowhere in text that has none', () => {
    for (const text of ['', 'See issue #123456789 and PR #12.', 'a tan coat: red wine', '&#123456; &#xfff;', 'C#fff'])
      expect(findColours(text), text).toEqual([]);
  });
});

test('whatever the text is, what is found can be sent, and it does not take long', () => {
  const pieces = [
    '#',
    'fff',
    '"',
    "'",
    '`',
    '{',
    '}',
    '(',
    ')',
    ':',
    ';',
    ',',
    '/*',
    '//',
    '--a',
    'rgb(',
    '1%',
    ' ',
    '\n',
    '\\',
  ];
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string()), { maxLength: 60 }), (parts) => {
      for (const { hex, name } of findColours(parts.join(''))) {
        expect(hex).toMatch(/^#[0-9A-F]{6}$/);
        if (name !== undefined) expect(name.length).toBeLessThanOrEqual(60);
      }
    }),
  );
  for (const piece of [...pieces, '--a:', '"\\', 'a=1', '#fff{', 'url(', '<!--', '--a: 1 ', 'rgb(1']) {
    const text = piece.repeat(100_000).slice(0, 100_000);
    const start = performance.now();
    findColours(text);
    expect(performance.now() - start, piece).toBeLessThan(4000);
  }
});

test('what is no colour of CSS is none, and what cannot be seen is none', () => {
  for (const words of [
    '#ff',
    '#fffff',
    '#ggg',
    'rgb()',
    'rgb(1,2)',
    'rgb(1,2,x)',
    'constructor',
    'rgb(0 0 0 / 0)',
    '#fff0',
    '#11223300',
    'transparent',
    'currentcolor',
  ])
    expect(cssColour(words), words).toBeUndefined();
});
