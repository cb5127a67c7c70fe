import * as fc from 'fast-check';
import { parseFragment } from 'parse5';
import { describe, expect, test } from 'vitest';
import {
  headSnippet,
  manifestIcons,
  newManifest,
  packFiles,
  packIds,
  pairSnippet,
  usualWayInSite,
} from '../../src/core/packs.ts';

type Element = { tagName?: string; attrs?: { name: string; value: string }[]; childNodes?: Element[] };

/** The elements of a fragment with their attributes, as an HTML parser reads them. */
function elements(html: string): { tag: string; attributes: Record<string, string> }[] {
  const all = (node: Element): Element[] => [node, ...(node.childNodes ?? []).flatMap(all)];
  return all(parseFragment(html) as Element).flatMap(({ tagName, attrs }) =>
    tagName === undefined
      ? []
      : [{ tag: tagName, attributes: Object.fromEntries((attrs ?? []).map(({ name, value }) => [name, value])) }],
  );
}

const everyFile = packIds.flatMap((id) => packFiles[id]);
// Whatever a folder may be called.
const folderName = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .filter((name) => !name.includes('/') && name !== '.' && name !== '..' && name.isWellFormed());

describe('what a page says of a pack', () => {
  test('names every file by its very path, whatever its folders are called, in HTML as in the manifest', () => {
    fc.assert(
      fc.property(fc.array(folderName, { maxLength: 3 }), (folders) => {
        const files = everyFile.map(({ name }) => ({ name, path: ['', ...folders, name].join('/') }));
        const site = new URL('https://example.com');
        const read = (address: string) => decodeURIComponent(new URL(address, site).pathname);
        const found = elements(headSnippet(files, files[0]!.path));
        expect(found.map(({ tag }) => tag)).toEqual(['link', 'link', 'link', 'meta', 'meta', 'meta', 'meta', 'link']);
        const hrefs = found.flatMap(({ attributes: { href } }) => (href === undefined ? [] : [read(href)]));
        const path = (name: string) => ['', ...folders, name].join('/');
        expect(hrefs).toEqual([
          path('favicon.ico'),
          path('icon-32.png'),
          path('apple-touch-icon.png'),
          path('favicon.ico'),
        ]);
        const image = found.find(({ attributes }) => attributes['property'] === 'og:image');
        expect(read(image!.attributes['content']!)).toBe(path('og-image.jpg'));
        const manifest = JSON.parse(newManifest('A "site"', files, '#112233')) as { icons: { src: string }[] };
        expect(manifest.icons).toEqual(manifestIcons(files));
        expect(manifest.icons.map(({ src }) => read(src))).toEqual(packFiles.pwa.map(({ name }) => path(name)));
      }),
      { numRuns: 100 },
    );
  });

  test('describes a pair in words and paths that stay what they are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), folderName, (alt, folder) => {
        fc.pre(!/[\0\r]/.test(alt) && alt.isWellFormed());
        const found = elements(
          pairSnippet({
            light: `../${folder}/a-light.png`,
            dark: `../${folder}/a-dark.png`,
            alt,
            width: 40,
            height: 30,
          }),
        );
        expect(found.map(({ tag }) => tag)).toEqual(['picture', 'source', 'img']);
        expect(decodeURIComponent(found[1]!.attributes['srcset']!)).toBe(`../${folder}/a-dark.png`);
        // A space or a comma would end an address in a srcset.
        expect(found[1]!.attributes['srcset']).not.toMatch(/[\s,]/);
        expect(found[2]!.attributes).toMatchObject({ alt, width: '40', height: '30' });
      }),
      { numRuns: 100 },
    );
  });

  test('counts from the innermost root of a site, or else from the folder itself', () => {
    expect(usualWayInSite(['app', 'public', 'icons'])).toBe('/icons');
    expect(usualWayInSite(['public', 'x', 'static'])).toBe('');
    expect(usualWayInSite(['docs', 'images'])).toBe('');
    expect(usualWayInSite([])).toBe('');
  });
});
