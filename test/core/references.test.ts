import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { transform as transformAstro } from '@astrojs/compiler';
import { compileTemplate, parse as parseVue } from '@vue/compiler-sfc';
import { transformSync } from 'esbuild';
import markdownIt from 'markdown-it';
import { type DefaultTreeAdapterTypes as Tree, parseFragment } from 'parse5';
import { parse as parseCss } from 'postcss';
import { compile as compileSvelte, parse as parseSvelte } from 'svelte/compiler';
import { describe, expect, test } from 'vitest';
import type { Place } from '../../src/core/references/addresses.ts';
import { Imports } from '../../src/core/references/imports.ts';
import { type InsertLanguage, insertLanguages, syntaxAt } from '../../src/core/references/languages.ts';
import { pictureAt } from '../../src/core/references/pictureAt.ts';
import type { Framework } from '../../src/core/site.ts';
import { writtenInto } from './referenceMaking.ts';

/** What a judge found: the file that is meant, by its way from the document's folder or from the public folder. */
interface Read {
  readonly file: string;
  readonly alt?: string;
  readonly width?: string;
  readonly loading?: string;
}

const names = [
  'fox.png',
  'a fox (2).png',
  'no #1 50% & more?.png',
  '"quoted" \'name\'.png',
  '<b>{x}`${y}`.png',
  'back\\slash].png',
  'עברית‮שועל.png',
  '🦊 夜明け.png',
  ',comma, .png',
  'class.png',
  '2nd.png',
];
const frameworks: readonly Framework[] = ['vite', 'next', 'astro', 'sveltekit', 'docusaurus', 'hugo', 'plain'];
const alt = 'A "fox" & <b> {x} `y` \'z\' \\ ${w}';

const decoded = (url: string): string => decodeURIComponent(url).replace(/^\.\//, '');

function readHtml(html: string): Read {
  const [image] = parseFragment(html).childNodes as Tree.Element[];
  const { src = '', ...rest } = Object.fromEntries(image?.attrs.map(({ name, value }) => [name, value]) ?? []);
  return { file: decoded(src), ...rest };
}

function readMarkdown(text: string): Read {
  const [, inline] = markdownIt().parse(text, {});
  const [image] = inline?.children ?? [];
  return {
    file: decoded(String(image?.attrGet('src'))),
    alt: (image?.children ?? []).map(({ content }) => content).join(''),
  };
}

/** Runs a module of JSX with stand-ins for what it imports: an import's value is its own name. */
function readJsx(source: string, framework: Framework): Read {
  const { code } = transformSync(source, { loader: 'tsx', jsx: 'transform', jsxFactory: 'element', format: 'cjs' });
  const element = (name: string, props: Record<string, unknown>) => ({ name, props });
  const required = (specifier: string) => {
    if (specifier === 'next/image') return { default: 'Image', __esModule: true };
    const isObject = framework === 'next' || framework === 'astro';
    return { default: isObject ? { src: specifier } : specifier, __esModule: true };
  };
  const module = { exports: {} as { default?: () => { props: Record<string, unknown> } } };
  runInNewContext(code, { element, require: required, module, exports: module.exports });
  const props = module.exports.default?.().props ?? {};
  const src = props['src'] as string | { src: string };
  const written = typeof src === 'string' ? src : src.src;
  // An import names the file itself; anything else is an address.
  const isImport = written.startsWith('./') || written.startsWith('../');
  return {
    file: isImport ? written.replace(/^\.\//, '') : decoded(written),
    alt: props['alt'] as string,
  };
}

const component = "import { useState } from 'react';\n\nexport default function Page() {\n  return (HERE);\n}\n";

function written(place: Partial<Place> & Pick<Place, 'syntax'>, path: string, publicPath?: string) {
  const text = { jsx: component, css: '.hero {\n  HERE\n}\n', svelte: '<main>HERE</main>', astro: 'HERE', vue: 'HERE' };
  const template = (text as Record<string, string>)[place.syntax] ?? 'HERE';
  const offset = template.indexOf('HERE');
  const picture = { path, alt, ...(publicPath !== undefined && { publicPath }) };
  return writtenInto(template.replace('HERE', ''), offset, place, picture);
}

async function readBack(
  place: Partial<Place> & Pick<Place, 'syntax'>,
  path: string,
  publicPath?: string,
): Promise<Read> {
  const { document, reference } = written(place, path, publicPath);
  switch (place.syntax) {
    case 'markdown':
      return readMarkdown(reference);
    case 'mdx': {
      if (reference.startsWith('!')) return readMarkdown(reference);
      const [imports = '', jsx = ''] = document.split('\n\n');
      return readJsx(`${imports}\nexport default () => (${jsx});`, place.framework ?? 'plain');
    }
    case 'html':
      return readHtml(reference);
    case 'jsx':
      return readJsx(document, place.framework ?? 'plain');
    case 'css': {
      let value = '';
      parseCss(document).walkDecls((declaration) => void (value = declaration.value));
      const url = /^url\("([^"\\]*)"\)$/.exec(value)?.[1] ?? `nothing in ${value}`;
      return { file: decoded(url) };
    }
    case 'vue':
      return readVue(reference);
    case 'svelte':
      return readSvelte(document);
    case 'astro':
      return readAstro(document);
    case 'script':
    case 'page-script':
      return { file: runInNewContext(reference) as string };
  }
}

function readVue(template: string): Read {
  const { descriptor, errors } = parseVue(`<template>${template}</template>`);
  const source = descriptor.template?.content ?? '';
  const compiled = compileTemplate({
    source,
    filename: 'x.vue',
    id: 'x',
    transformAssetUrls: { includeAbsolute: true },
  });
  expect([...errors, ...compiled.errors]).toEqual([]);
  const specifier = /import _imports_0 from '(.*)'$/m.exec(compiled.code)?.[1] ?? 'nothing imported';
  // The text of a parser's own; Vue writes the import without escaping quotes, which is its own affair.
  const alt = compiled.ast?.children[0];
  const attributes = alt && 'props' in alt ? alt.props : [];
  const read = Object.fromEntries(
    attributes.map((each) => [each.name, 'value' in each ? (each.value?.content ?? '') : '']),
  );
  return { file: specifier.replace(/^\.\//, ''), ...(read['alt'] !== undefined && { alt: read['alt'] }) };
}

interface SvelteNode {
  readonly type: string;
  readonly name?: string;
  readonly source?: { readonly value: unknown };
  readonly fragment?: { readonly nodes: readonly SvelteNode[] };
  readonly attributes?: readonly {
    readonly name?: string;
    readonly value?: true | SvelteNode | readonly { readonly type: string; readonly data?: string }[];
  }[];
}

function readSvelte(document: string): Read {
  compileSvelte(document, { generate: 'server' });
  const root = parseSvelte(document, { modern: true });
  const script = (root.instance?.content.body ?? []) as unknown as readonly SvelteNode[];
  const [specifier] = script.flatMap(({ type, source }) =>
    type === 'ImportDeclaration' ? [String(source?.value)] : [],
  );
  const nodes = root.fragment.nodes as unknown as readonly SvelteNode[];
  const image = nodes.find(({ name }) => name === 'main')?.fragment?.nodes[0];
  const value = (name: string): string => {
    const found = image?.attributes?.find((each) => each.name === name)?.value;
    return Array.isArray(found) ? found.map(({ data }: { data?: string }) => data ?? '{}').join('') : '';
  };
  return { file: specifier?.replace(/^\.\//, '') ?? decoded(value('src')), alt: value('alt') };
}

async function readAstro(document: string): Promise<Read> {
  const { code, diagnostics } = await transformAstro(document, { filename: 'x.astro' });
  expect(diagnostics).toEqual([]);
  const specifier = /^import \w+ from (['"].*['"]);?$/mu.exec(code.replace(/^import [^;]*astro\/[^;]*;?$/gm, ''))?.[1];
  const found = /^import [\p{ID_Continue}$]+ from ('(?:[^'\\]|\\.)*')/mu.exec(document)?.[1];
  const file = found === undefined ? undefined : (runInNewContext(found) as string).replace(/^\.\//, '');
  if (found !== undefined) expect(specifier ?? code).toContain(found.slice(1, -1));
  const html = readHtml(document.slice(document.lastIndexOf('<img')).replace(/src=\{[^}]*\}/, ''));
  return { ...html, file: file ?? html.file };
}

describe.each(frameworks)('a reference in %s names the file that is meant', (framework) => {
  const languages = ['markdown', 'mdx', 'html', 'jsx', 'vue', 'svelte', 'astro', 'css'] as const;
  // Components in their own projects; elsewhere they are written as in a plain folder.
  const homes: Partial<Record<Place['syntax'], readonly Framework[]>> = {
    vue: ['vite', 'astro', 'plain'],
    svelte: ['vite', 'astro', 'sveltekit', 'plain'],
    astro: ['astro', 'plain'],
  };
  test.each(languages.filter((language) => homes[language]?.includes(framework) ?? true))(
    'from %s, beside the document and in the public folder, whatever its name',
    async (syntax) => {
      for (const name of names) {
        // Vue's compiler writes quotes and backslashes of a name into its import as they are.
        if (syntax === 'vue' && /['\\]/.test(name)) continue;
        const beside = await readBack({ syntax, framework }, `../images/${name}`);
        expect(beside).toMatchObject({ file: `../images/${name}`, ...(syntax !== 'css' && { alt }) });
        // SvelteKit has a word of its own there, which is no address yet.
        if (syntax === 'html' && framework === 'sveltekit') continue;
        const served = await readBack({ syntax, framework, base: '/' }, `../public/${name}`, name);
        expect(served.file).toBe(`/${name}`);
      }
    },
  );
});

describe('the URL path at which a project is served', () => {
  const url = (syntax: Place['syntax'], framework: Framework, base?: string) => {
    const place = { syntax, framework, base } as Place;
    return written(place, '../public/fox.png', 'fox.png').reference;
  };

  test.each([
    ['jsx', 'vite', '/docs/', 'src="/docs/fox.png"'],
    ['jsx', 'vite', undefined, "src={import.meta.env.BASE_URL + 'fox.png'}"],
    ['jsx', 'next', '/docs/', 'src="/docs/fox.png"'],
    ['astro', 'astro', '/docs/', 'src="/docs/fox.png"'],
    ['svelte', 'sveltekit', '/docs/', 'src="/docs/fox.png"'],
    ['markdown', 'hugo', '/docs/', '(/docs/fox.png)'],
    ['css', 'next', '/docs/', 'url("/docs/fox.png")'],
    // These put it in front by themselves.
    ['html', 'sveltekit', '/docs/', 'src="%sveltekit.assets%/fox.png"'],
    ['html', 'vite', '/docs/', 'src="/fox.png"'],
    ['vue', 'vite', '/docs/', 'src="/fox.png"'],
    ['css', 'astro', '/docs/', 'url("/fox.png")'],
    ['markdown', 'docusaurus', '/docs/', '(/fox.png)'],
  ] as const)('in %s of %s under %s', (syntax, framework, base, expected) => {
    expect(url(syntax, framework, base)).toContain(expected);
  });

  test('a file beside a component of Vue is one to its compiler', () => {
    expect(readVue(written({ syntax: 'vue' }, 'fox.png').reference)).toMatchObject({ file: 'fox.png', alt });
  });

  test('a README beside a site refers to the file where it lies', () => {
    const place = { syntax: 'markdown', framework: 'astro', base: '/docs/', isPage: false } as const;
    expect(written(place, 'public/fox.png', 'fox.png').reference).toContain('(public/fox.png)');
  });
});

describe('several files of a picture', () => {
  const variant = (path: string, width: number, type: string) => ({ path, width, type });
  const variants = [
    variant('fox, small.png', 512, 'image/png'),
    variant('fox.webp', 1024, 'image/webp'),
    variant('fox-512.webp', 512, 'image/webp'),
  ];

  test('in HTML the browser chooses the format, then the width', () => {
    const { reference, alt } = writtenInto('', 0, { syntax: 'html' }, { path: 'fox.png', variants });
    const [picture] = parseFragment(reference).childNodes as Tree.Element[];
    const elements = picture?.childNodes.filter((node): node is Tree.Element => 'tagName' in node) ?? [];
    const read = elements.map(({ tagName, attrs }) => [
      tagName,
      Object.fromEntries(attrs.map(({ name, value }) => [name, value])),
    ]);
    const sizes = '(max-width: 1024px) 100vw, 1024px';
    expect([picture?.tagName, ...read]).toEqual([
      'picture',
      ['source', { type: 'image/webp', srcset: 'fox-512.webp 512w, fox.webp 1024w', sizes }],
      [
        'img',
        {
          src: 'fox.png',
          srcset: 'fox%2C%20small.png 512w, fox.png 1024w',
          sizes,
          alt: 'A fox',
          width: '1024',
          height: '576',
          loading: 'lazy',
        },
      ],
    ]);
    expect(alt).toBe('A fox');
  });

  test('in a component each is imported once', () => {
    const { document } = writtenInto(
      'export const x = ',
      17,
      { syntax: 'jsx', framework: 'vite' },
      { path: 'fox.png', variants },
    );
    expect(document.match(/^import .*$/gm)).toEqual([
      "import fox from './fox.png'",
      "import foxSmall from './fox, small.png'",
      "import fox512 from './fox-512.webp'",
      "import fox2 from './fox.webp'",
    ]);
    expect(document).toContain('srcSet={`${fox512} 512w, ${fox2} 1024w`}');
  });

  test('in a style sheet the largest of each format', () => {
    const { reference } = writtenInto('a { ', 4, { syntax: 'css' }, { path: 'fox.png', variants });
    expect(reference).toBe(
      'background-image: image-set(url("fox.png") type("image/png"), url("fox.webp") type("image/webp"));',
    );
  });
});

describe('in a style sheet', () => {
  test.each([
    ['a { background: ', 'url("images/fox.png")'],
    ['a { &:hover { ', 'background-image: url("images/fox.png");'],
    ['a { color: red; /* { */ ', 'background-image: url("images/fox.png");'],
    ['$hero: ', 'url("images/fox.png")'],
    ['', 'url("images/fox.png")'],
  ])('after %j', (before, expected) => {
    expect(writtenInto(before, before.length, { syntax: 'css' }).reference).toBe(expected);
  });
});

describe('in a script', () => {
  test('of a component the name of what is imported, of a page the address', () => {
    const svelte = '<script>\n  const hero = ;\n</script>\n';
    const place = { syntax: 'script', framework: 'vite' } as const;
    expect(writtenInto(svelte, svelte.indexOf(';'), place, {}, 'svelte').document).toBe(
      "<script>\n  import fox from './images/fox.png';\n  const hero = fox;\n</script>\n",
    );
    const page = '<script>let hero = ;</script>';
    expect(writtenInto(page, page.indexOf(';'), { syntax: 'page-script' }, {}, 'html').document).toBe(
      "<script>let hero = 'images/fox.png';</script>",
    );
  });
});

describe('what is imported', () => {
  const added = (text: string, syntax: Place['syntax'] = 'jsx', path = 'fox.png') => {
    const imports = new Imports(text, syntax);
    const name = imports.nameOf(`./${path}`);
    const { offset = 0, text: addition = '' } = imports.addition() ?? {};
    return { name, text: text.slice(0, offset) + addition + text.slice(offset) };
  };

  test.each([
    [
      'after the last import',
      'import a from "a"\nimport { b,\n c } from "b"\n\nx()\n',
      'import a from "a"\nimport { b,\n c } from "b"\nimport fox from "./fox.png"\n\nx()\n',
    ],
    [
      'after what must be first',
      "'use client';\n\nexport {};\n",
      "'use client';\nimport fox from './fox.png';\n\nexport {};\n",
    ],
    ['after a licence', '// MIT\n\nconst x = 1;\n', "// MIT\n\nimport fox from './fox.png';\n\nconst x = 1;\n"],
    [
      'above what a remark belongs to',
      '/** Says x. */\nconst x = 1\n',
      "import fox from './fox.png'\n\n/** Says x. */\nconst x = 1\n",
    ],
    [
      'with the line ends of the document',
      "import a from 'a';\r\nx;\r\n",
      "import a from 'a';\r\nimport fox from './fox.png';\r\nx;\r\n",
    ],
    [
      'not after a word that looks like it',
      "import a from 'a';\nimport('b');\n",
      "import a from 'a';\nimport fox from './fox.png';\nimport('b');\n",
    ],
  ])('%s', (_, before, after) => {
    expect(added(before).text).toBe(after);
  });

  test.each([
    ['is not imported twice', "import hero from './fox.png';\n", 'hero'],
    ['is not taken for a type', "import type hero from './fox.png';\n", 'fox2'],
    ['has a name of its own', 'const fox = 1;\n', 'fox2'],
  ])('%s', (_, text, name) => {
    expect(added(text).name).toBe(name);
  });

  test.each([
    ['svelte', '<p>x</p>', "<script>\n  import fox from './fox.png';\n</script>\n\n<p>x</p>"],
    [
      'svelte',
      '<script module>\n</script>\n<script lang="ts">\n\tlet x = 1;\n</script>',
      '<script module>\n</script>\n<script lang="ts">\n\timport fox from \'./fox.png\';\n\tlet x = 1;\n</script>',
    ],
    ['astro', '<p>x</p>', "---\nimport fox from './fox.png';\n---\n\n<p>x</p>"],
    ['astro', '---\nconst x = 1;\n---\n', "---\nimport fox from './fox.png';\nconst x = 1;\n---\n"],
    ['mdx', '---\ntitle: x\n---\n\n# x\n', "---\ntitle: x\n---\n\nimport fox from './fox.png';\n\n# x\n"],
  ] as const)('goes to its place in %s', (syntax, before, after) => {
    expect(added(before, syntax).text).toBe(after);
  });

  test('a component for pictures that is there already is used', () => {
    const next = "import Image from 'next/image';\n";
    expect(writtenInto(next, next.length, { syntax: 'jsx', framework: 'next' }).reference).toBe(
      '<Image src={fox} alt="A fox" />',
    );
    const astro = "---\nimport { Image as Picture } from 'astro:assets';\n---\n";
    expect(writtenInto(astro, astro.length, { syntax: 'astro', framework: 'astro' }, { alt: 'a "b"' }).reference).toBe(
      '<Picture src={fox} alt={"a \\"b\\""} />',
    );
  });
});

describe('what is written where', () => {
  const page = '<style>a { HERE }</style><!-- <script> --><p></p><script>let x</script>';
  test.each([
    ['html', page, 'HERE', 'css'],
    ['html', page, 'let x', 'page-script'],
    ['vue', page, '<p>', 'vue'],
    ['svelte', page, 'let x', 'script'],
    ['astro', `---\nlet x\n---\n${page}`, 'let x', 'script'],
    ['astro', `---\nlet x\n---\n${page}`, '<p>', 'astro'],
    ['markdown', page, 'HERE', 'markdown'],
    ['scss', 'a {}', '{', 'css'],
  ] as const)('in %s', (language, text, at, syntax) => {
    expect(syntaxAt(language, text, text.indexOf(at))).toBe(syntax);
  });

  test('a text of any kind is looked through without going over it again', () => {
    const languages = Object.keys(insertLanguages) as InsertLanguage[];
    for (const piece of ['<style ', '<script a="', '<!--', '---\n', 'import ', '<style>'])
      for (const language of languages) {
        const text = piece.repeat(20_000 / piece.length);
        expect(syntaxAt(language, text, text.length)).toBeTypeOf('string');
        expect(new Imports(text, insertLanguages[language]).nameOf('./fox.png')).toBe('fox');
      }
  });
});

describe('the picture that the cursor is in', () => {
  const at = (text: string, syntax: Place['syntax']) => {
    const found = pictureAt(text.replace('|', ''), syntax, text.indexOf('|'));
    return found && [found.source, text.replace('|', '').slice(found.alt.start, found.alt.end)];
  };

  test.each([
    ['markdown', 'a ![x](y.png) ![A f|ox](../a%20fox.png "t") b', ['../a fox.png', 'A fox']],
    ['html', '<img src="fox.png"><img alt="A fox" src="/f.png?x"|>', ['/f.png', 'A fox']],
    ['jsx', 'import f from \'./f.png\';\n<img src={f} alt="A |fox" width={3} />', ['./f.png', 'A fox']],
    ['astro', '---\nimport f from \'./f.png\'\n---\n<Image src={f} alt="|" />', ['./f.png', '']],
    ['markdown', '![x](y.png) |', undefined],
    ['markdown', '![x|](https://example.org/y.png)', undefined],
    ['markdown', '![x|](%zz.png)', undefined],
    ['html', '<img src="data:image/png;base64,x" alt="|">', undefined],
    ['jsx', '<img src={f} alt={x|} />', undefined],
  ] as const)('in %s: %s', (syntax, text, expected) => {
    expect(at(text, syntax)).toEqual(expected);
  });

  test('is found again in what was written, for every language and name', () => {
    for (const syntax of ['markdown', 'html', 'jsx', 'vue', 'svelte', 'astro'] as const)
      for (const name of names) {
        const { document } = written({ syntax }, `../images/${name}`);
        const found = pictureAt(document, syntax, document.search(/!\[|<img/) + 3);
        expect(found?.source.replace(/^\.\//, '')).toBe(`../images/${name}`);
        expect(found && document.slice(found.alt.start, found.alt.end)).toBe(found?.escape(alt));
      }
  });
});

test('the TypeScript compiler accepts what is written into components', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wan-tsx-'));
  try {
    const files = frameworks.flatMap((framework) =>
      names.flatMap((name, index) => {
        const path = `images/${name}`;
        mkdirSync(join(folder, framework, dirname(path)), { recursive: true });
        writeFileSync(join(folder, framework, path), '');
        const beside = written({ syntax: 'jsx', framework }, path).document;
        const served = written({ syntax: 'jsx', framework }, path, name).document;
        return [
          [`${framework}/beside${index}.tsx`, beside],
          [`${framework}/served${index}.tsx`, served],
        ] as const;
      }),
    );
    for (const [name, content] of files) writeFileSync(join(folder, name), content);
    const object = '{ readonly src: string; readonly width: number; readonly height: number }';
    writeFileSync(
      join(folder, 'own.d.ts'),
      `declare module 'react' { export function useState(): void }
       declare module '*.png' { const file: string & ${object}; export default file; }
       declare namespace JSX { interface Element {} interface IntrinsicElements { img: { src: string; alt: string; width: number; height: number; loading: 'lazy' } } }`,
    );
    const options = {
      strict: true,
      noEmit: true,
      jsx: 'preserve',
      module: 'esnext',
      moduleResolution: 'bundler',
      types: [],
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options }));
    const compiler = join(import.meta.dirname, '..', '..', 'node_modules', '.bin', 'tsc');
    expect(execFileSync(compiler, ['-p', folder], { encoding: 'utf8' })).toBe('');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
