import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isSiteFile, siteFrom } from '../../src/core/site.ts';

const site = (files: Readonly<Record<string, string>>, folders: readonly string[] = []) =>
  siteFrom(new Map(Object.entries(files)), folders);
const packageWith = (...names: string[]) => ({
  'package.json': JSON.stringify({ devDependencies: Object.fromEntries(names.map((name) => [name, '1'])) }),
});

describe('what a folder is a project of', () => {
  test.each([
    ['a bare Vite', { 'vite.config.ts': 'export default {}' }, [], 'vite public /'],
    ['Vite by its package alone', packageWith('vite', 'react'), [], 'vite public /'],
    [
      'Vite under a path',
      { 'vite.config.js': "export default defineConfig({ base: '/docs' })" },
      [],
      'vite public /docs/',
    ],
    [
      'Vite with another folder',
      { 'vite.config.mts': 'export default { publicDir: `assets/raw` }' },
      [],
      'vite assets/raw /',
    ],
    ['Vite without one', { 'vite.config.ts': 'export default { publicDir: false }' }, [], 'vite - /'],
    [
      'Vite with its root in a folder',
      { 'vite.config.ts': "export default { root: './app', publicDir: '../static' }" },
      [],
      'vite static /',
    ],
    ['Vite with its root somewhere', { 'vite.config.ts': 'export default { root: here }' }, [], 'vite - /'],
    [
      'Vite in a function',
      { 'vite.config.ts': "export default defineConfig(({ mode }) => { return { base: '/a/' } })" },
      [],
      'vite public /a/',
    ],
    [
      'a base that is computed',
      { 'vite.config.ts': "export default { base: process.env.BASE ?? '/' }" },
      [],
      'vite public -',
    ],
    ['a base that is chosen', { 'vite.config.ts': "export default { base: '/a/' + name }" }, [], 'vite public -'],
    [
      'a base by its name',
      { 'vite.config.ts': "const base = '/a/'; export default { base, plugins: [] }" },
      [],
      'vite public -',
    ],
    ['a relative base', { 'vite.config.ts': "export default { base: './' }" }, [], 'vite public -'],
    [
      'a base on another host',
      { 'vite.config.ts': "export default { base: 'https://cdn.example/' }" },
      [],
      'vite public -',
    ],
    [
      'a base of a plugin',
      { 'vite.config.ts': "export default { plugins: [thing({ base: '/no/' })] }" },
      [],
      'vite public /',
    ],
    [
      'a base in a comment',
      { 'vite.config.ts': "export default { // base: '/no/',\n /* base: '/no/' */ }" },
      [],
      'vite public /',
    ],
    [
      'a base behind a pattern',
      { 'vite.config.ts': "export default { test: /['\"{]/, base: '/a/' }" },
      [],
      'vite public /a/',
    ],
    [
      'a base inside a string',
      { 'vite.config.ts': 'export default { banner: "{ base: \'/no/\' }" }' },
      [],
      'vite public /',
    ],
    ['two bases', { 'vite.config.ts': "const a = { base: '/a/' }; const b = { base: '/b/' }" }, [], 'vite public -'],
    ['a folder outside', { 'vite.config.ts': "export default { publicDir: '../../etc' }" }, [], 'vite - /'],
    ['an absolute folder', { 'vite.config.ts': "export default { publicDir: '/etc' }" }, [], 'vite - /'],
    [
      'Next',
      { 'next.config.mjs': "const nextConfig = { basePath: '/docs' };\nexport default nextConfig;" },
      [],
      'next public /docs/',
    ],
    ['Next by its package', packageWith('next'), [], 'next public /'],
    [
      'Astro',
      { ...packageWith('astro', 'vite'), 'astro.config.mjs': "export default defineConfig({ base: 'wiki' })" },
      [],
      'astro public /wiki/',
    ],
    [
      'SvelteKit',
      {
        ...packageWith('@sveltejs/kit', 'vite'),
        'vite.config.ts': '',
        'svelte.config.js': "const config = { kit: { paths: { base: '/s' }, files: { assets: 'pub' } } };",
      },
      [],
      'sveltekit pub /s/',
    ],
    [
      'Svelte without the kit',
      { ...packageWith('vite'), 'svelte.config.js': 'export default {}' },
      [],
      'vite public /',
    ],
    [
      'Docusaurus',
      { 'docusaurus.config.ts': "const config: Config = { baseUrl: '/d/', staticDirectories: ['public', 'static'] };" },
      [],
      'docusaurus public /d/',
    ],
    [
      'Hugo',
      { 'hugo.toml': "baseURL = 'https://example.org/blog/' # here\n[params]\nstaticDir = 'no'" },
      ['content'],
      'hugo static /blog/',
    ],
    ['Hugo in YAML', { 'config.yaml': 'baseurl: https://example.org\nstaticDir: files' }, ['content'], 'hugo files /'],
    ['Hugo in JSON', { 'hugo.json': '{"baseURL": "https://example.org/b/"}' }, ['content'], 'hugo static /b/'],
    ['a config.toml of something else', { 'config.toml': '' }, ['src'], 'nothing'],
    ['a package of something else', packageWith('express'), [], 'nothing'],
    ['a package that is no JSON', { 'package.json': '{' }, [], 'nothing'],
    ['a package of another shape', { 'package.json': '{"dependencies":["vite"]}' }, [], 'nothing'],
  ])('%s', (_, files, folders, expected) => {
    const found = site(files, folders);
    const words = found && `${found.framework} ${found.publicFolder ?? '-'} ${found.base ?? '-'}`;
    expect(words ?? 'nothing').toBe(expected);
  });

  test('only files whose names are known are asked for', () => {
    expect(['vite.config.ts', 'package.json', 'hugo.toml'].every(isSiteFile)).toBe(true);
    expect(['vite.config.ts.bak', 'my-package.json', '.env', 'id_rsa'].some(isSiteFile)).toBe(false);
  });

  test('whatever stands in a configuration, the folder stays inside and the base is a path', () => {
    const text = fc.stringMatching(/^[\w./\\~: -]{0,30}$/);
    fc.assert(
      fc.property(text, text, text, (root, folder, base) => {
        const literal = (value: string) => JSON.stringify(value);
        const source = `export default { root: ${literal(root)}, publicDir: ${literal(folder)}, base: ${literal(base)} }`;
        const found = site({ 'vite.config.ts': source });
        expect(found?.publicFolder ?? 'none').toMatch(/^(?![/~])(?!.*(^|\/)\.\.?(\/|$)).+$/);
        expect(found?.base ?? '/').toMatch(/^\/([\w\-.~]+\/)*$/);
      }),
      { numRuns: 300 },
    );
  });

  test('a configuration of any text is read without going over it again', () => {
    for (const piece of ['{', '`', '[', '\\', "base: '", '{base:'])
      expect(site({ 'vite.config.ts': piece.repeat(20_000 / piece.length) })?.framework).toBe('vite');
  });
});
