import * as fc from 'fast-check';
import { parse, type ParseError } from 'jsonc-parser';
import { expect, test } from 'vitest';
import { type ManifestIcon, manifestIcons } from '../../src/core/packs.ts';
import { addIcons, changed, isWebManifest, mostOfManifest } from '../../src/host/packs/manifestEdit.ts';

const icons = manifestIcons([
  { name: 'icon-192.png', path: '/icons/icon-192.png' },
  { name: 'icon-maskable-512.png', path: '/icons/icon-maskable-512.png' },
]);
const address = '/icons/site.webmanifest';

function edited(text: string, added: readonly ManifestIcon[] = icons): string {
  const edit = addIcons(text, added, address);
  if (edit.kind === 'none') return text;
  if (edit.kind !== 'changes') throw new Error(edit.kind);
  return changed(text, edit.changes);
}

test('entries go behind those that are there, laid out as they are, with tabs and Windows ends of lines', () => {
  const text =
    '{\r\n\t"name": "App",\r\n\t"icons": [\r\n\t\t{\r\n\t\t\t"src": "/old.png"\r\n\t\t}\r\n\t],\r\n\t"display": "standalone"\r\n}\r\n';
  const end = '\r\n\t\t}';
  expect(edited(text, icons.slice(0, 1))).toBe(
    text.replace(
      `"/old.png"${end}`,
      `"/old.png"${end},\r\n\t\t{\r\n\t\t\t"src": "/icons/icon-192.png",\r\n\t\t\t"sizes": "192x192",\r\n\t\t\t"type": "image/png",\r\n\t\t\t"purpose": "any"${end}`,
    ),
  );
});

test('entries on one line each stay on one line each, and comments stay with what they are about', () => {
  const text = '{\n  "icons": [\n    { "src": "/a.png" } // the old one\n  ]\n}\n';
  expect(edited(text, icons.slice(0, 1))).toBe(
    '{\n  "icons": [\n    { "src": "/a.png" }, // the old one\n    { "src": "/icons/icon-192.png", "sizes": "192x192", "type": "image/png", "purpose": "any" }\n  ]\n}\n',
  );
  expect(edited('{\n  "icons": [\n    { "src": "/a.png" }, // the old one\n  ],\n}\n', icons.slice(0, 1))).toBe(
    '{\n  "icons": [\n    { "src": "/a.png" }, // the old one\n    { "src": "/icons/icon-192.png", "sizes": "192x192", "type": "image/png", "purpose": "any" },\n  ],\n}\n',
  );
});

test('a text on one line stays on one line, with or without spaces', () => {
  expect(edited('{"name":"App","icons":[{"src":"/a.png"}]}', icons.slice(0, 1))).toBe(
    '{"name":"App","icons":[{"src":"/a.png"},{"src":"/icons/icon-192.png","sizes":"192x192","type":"image/png","purpose":"any"}]}',
  );
  expect(edited('{ "name": "App" }', icons.slice(0, 1))).toBe(
    '{ "name": "App", "icons": [{ "src": "/icons/icon-192.png", "sizes": "192x192", "type": "image/png", "purpose": "any" }] }',
  );
});

test('a manifest without the list gets one at its end', () => {
  expect(edited('{\n    "name": "App"\n}\n', icons.slice(0, 1))).toBe(
    '{\n    "name": "App",\n    "icons": [\n        {\n            "src": "/icons/icon-192.png",\n            "sizes": "192x192",\n            "type": "image/png",\n            "purpose": "any"\n        }\n    ]\n}\n',
  );
});

test('an entry for the same file, however it is written, gets the right values and keeps its own', () => {
  const text =
    '{ "icons": [{ "label": "ours", "src": "./icon-192.png?v=2", "sizes": "48x48" }, { "src": "other.png" }] }';
  expect(edited(text, icons.slice(0, 1))).toBe(
    '{ "icons": [{ "label": "ours", "src": "./icon-192.png?v=2", "sizes": "192x192", "type": "image/png" }, { "src": "other.png" }] }',
  );
});

test('what is named already changes nothing', () => {
  expect(addIcons(edited('{}'), icons, address)).toEqual({ kind: 'none' });
});

test('what cannot be edited says what and where', () => {
  expect(addIcons('{\n  "icons": [\n', icons, address)).toMatchObject({ kind: 'not-json', line: 3 });
  expect(addIcons('', icons, address)).toMatchObject({ kind: 'not-json', line: 1, column: 1 });
  expect(addIcons('[]', icons, address)).toEqual({ kind: 'no-list', line: 1, column: 1 });
  expect(addIcons('{\n  "icons": { "16": "a.png" }\n}', icons, address)).toEqual({
    kind: 'no-list',
    line: 2,
    column: 12,
  });
  expect(addIcons('['.repeat(100_000), icons, address)).toEqual({ kind: 'too-large' });
  expect(addIcons(`{}${' '.repeat(mostOfManifest)}`, icons, address)).toEqual({ kind: 'too-large' });
});

test('the manifest of a browser extension or of a build tool is none of a web app', () => {
  expect(isWebManifest('{ "manifest_version": 3, "name": "Extension", "icons": {} }')).toBe(false);
  expect(isWebManifest('{ "src/main.ts": { "file": "assets/main.js" } }')).toBe(false);
  expect(['{}', '{ "name": "App" }', '{ "icons": [ }'].map(isWebManifest)).toEqual([true, true, true]);
});

// Texts as people and tools write them, from the same values.
const space = fc.constantFrom('', ' ', '\n', '\n    ', ' /* a note, "with", [signs] */ ', ' // a note ]}\n', '\t');
const name = fc.constantFrom('name', 'icons', 'theme_color', '__proto__', 'shortcuts');
const src = fc.constantFrom(
  '/a.png',
  'icon-192.png',
  '/icons/icon-maskable-512.png',
  'https://cdn.example.com/x.png',
  '%',
);
const entry = fc
  .tuple(src, fc.boolean(), space, space)
  .map(
    ([path, withSizes, one, two]) =>
      `{${one}"src":${two}${JSON.stringify(path)}${withSizes ? `${one},"sizes"${two}:"48x48"` : ''}${two}}`,
  );
const list = fc
  .tuple(fc.array(entry, { maxLength: 4 }), space, space, fc.boolean())
  .map(
    ([entries, one, two, trails]) =>
      `[${one}${entries.join(`${two},${one}`)}${two}${trails && entries.length > 0 ? `,${one}` : ''}]`,
  );
const value = fc.oneof(fc.constant('"App"'), fc.constant('[1, {}]'), fc.constant('{"a":null}'));
const manifest = fc
  .tuple(
    fc.uniqueArray(fc.tuple(name, value, list), { selector: ([key]) => key, maxLength: 4 }),
    space,
    space,
    fc.boolean(),
  )
  .map(([members, one, two, trails]) => {
    const written = members.map(
      ([key, other, own]) => `${JSON.stringify(key)}${one}:${two}${key === 'icons' ? own : other}`,
    );
    return `${one}{${two}${written.join(`${one},${two}`)}${one}${trails && written.length > 0 ? `,${two}` : ''}}${two}`;
  });

function read(text: string): Record<string, unknown> {
  const errors: ParseError[] = [];
  const found = parse(text, errors, { allowTrailingComma: true }) as Record<string, unknown>;
  expect(errors, text).toEqual([]);
  return found;
}

test('whatever the layout: the icons are named afterwards, the rest means the same, every comment is there, and a second time changes nothing', () => {
  fc.assert(
    fc.property(manifest, (text) => {
      const after = edited(text);
      const [one, other] = [read(text), read(after)];
      expect(Object.keys(other)).toEqual([...Object.keys(one), ...(one['icons'] === undefined ? ['icons'] : [])]);
      for (const key of Object.keys(one)) if (key !== 'icons') expect(other[key]).toEqual(one[key]);
      const [before, now] = [one['icons'] ?? [], other['icons']] as Record<string, unknown>[][];
      expect(now?.slice(0, before?.length).map((each) => each['src'])).toEqual(before?.map((each) => each['src']));
      for (const icon of icons)
        expect(
          now?.some(
            (each) => String(each['src']).endsWith(icon.src.split('/').at(-1) ?? '') && each['sizes'] === icon.sizes,
          ),
        ).toBe(true);
      expect(after.match(/a note/g)?.length).toBe(text.match(/a note/g)?.length);
      expect(addIcons(after, icons, address)).toEqual({ kind: 'none' });
    }),
    { numRuns: process.env['WAN_FULL'] ? 20_000 : 500 },
  );
});

test('what is no entry is not taken for one, whatever it holds', () => {
  const text = '{"icons": [[["src", "/icons/icon-192.png"], ["sizes", "1x1"]]]}';
  const { icons: list } = JSON.parse(edited(text, icons.slice(0, 1))) as { icons: unknown[] };
  expect(list).toEqual([
    [
      ['src', '/icons/icon-192.png'],
      ['sizes', '1x1'],
    ],
    icons[0],
  ]);
});
