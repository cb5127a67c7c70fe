import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { folderFromTemplate, type FolderValues } from '../../src/host/saving/folderTemplate.ts';
import { nameFromTemplate, nameVariables, type NameValues } from '../../src/host/saving/nameTemplate.ts';
import { SaveError } from '../../src/host/saving/saveError.ts';

const values: NameValues = { slug: 'a-red-fox', seed: 77, n: 3, width: 640, height: 480, date: '2026-03-09' };

test.each([
  ['${slug}', 'a-red-fox'],
  ['${slug}-${seed}', 'a-red-fox-77'],
  ['${date} ${slug} ${n} ${width}x${height}', '2026-03-09 a-red-fox 3 640x480'],
  ['hero', 'hero'],
  ['日本-${n}', '日本-3'],
  ['../../${slug}', 'a-red-fox'],
  ['a/b\\c:${n}', 'a-b-c-3'],
  ['', 'image'],
  ['...', 'image'],
  ['CON', 'image-CON'],
  ['nul.tar', 'image-nul.tar'],
])('the template %s names a file %s', (template, name) => {
  expect(nameFromTemplate(template, values)).toBe(name);
});

test('what is not known leaves no trace of its place', () => {
  expect(nameFromTemplate('${slug}-${seed}', { ...values, seed: undefined })).toBe('a-red-fox');
});

test('an unknown variable is told by how it is written', () => {
  for (const make of [
    () => nameFromTemplate('${slug}-${colour}', values),
    () => folderFromTemplate('x/${colour}', folders),
  ])
    expect(make).toThrow(expect.objectContaining({ kind: 'unknown-variable', place: '${colour}' }));
});

test('every name is one that every system can have, and the seed stays however long the prompt is', () => {
  const pieces = fc.oneof(
    fc.constantFrom(...nameVariables.map((name) => `\${${name}}`)),
    fc.string({ unit: 'binary' }),
  );
  const template = fc.array(pieces, { maxLength: 6 }).map((list) => list.join(''));
  fc.assert(
    fc.property(template, fc.string({ unit: 'grapheme', maxLength: 150 }), (written, slug) => {
      if (/\$\{(?!(slug|seed|n|width|height|date)\})/.test(written)) return;
      const name = nameFromTemplate(written, { ...values, slug });
      expect(name).not.toMatch(/[<>:"/\\|?*\p{Cc}]/u);
      expect(name).not.toMatch(/^[.\s]|[.\s]$|^$/u);
      expect(name).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i);
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200);
    }),
    { numRuns: process.env['WAN_FULL'] ? 1000 : 100 },
  );
  const long = nameFromTemplate('${slug}-${seed}', { ...values, slug: '狐'.repeat(300) });
  expect(long).toMatch(/^狐+-77$/u);
  expect(long.length).toBeGreaterThan(50);
  expect(Buffer.byteLength(long)).toBeLessThanOrEqual(200);
});

const folders: FolderValues = {
  publicRoot: ['site', 'public'],
  documentFolder: ['docs', 'guide'],
  documentName: 'start',
  date: '2026-03-09',
};

test.each([
  ['images', ['images']],
  ['${publicRoot}/images', ['site', 'public', 'images']],
  ['${documentFolder}/${documentName}', ['docs', 'guide', 'start']],
  ['img/${date}', ['img', '2026-03-09']],
  ['./a//b\\c', ['a', 'b', 'c']],
])('the folder %s is %j', (template, parts) => {
  expect(folderFromTemplate(template, folders)).toEqual(parts);
});

test('without a site and without a document the folder is a plain one', () => {
  const none = { publicRoot: [], documentFolder: [], documentName: undefined, date: '2026-03-09' };
  expect(folderFromTemplate('${publicRoot}/images', none)).toEqual(['images']);
  expect(folderFromTemplate('${documentFolder}/${documentName}/', none)).toEqual([]);
});

test('no words and no variable lead out of the workspace folder', () => {
  const names = fc.constantFrom('..', '.', '', 'a', '...', '/', '\\', 'C:', '~');
  const hostile = fc.record({
    publicRoot: fc.array(names, { maxLength: 3 }),
    documentFolder: fc.array(names, { maxLength: 3 }),
    documentName: fc.option(names, { nil: undefined }),
    date: fc.constant('2026-03-09'),
  });
  const piece = fc.constantFrom(
    '..',
    '/',
    '\\',
    '~',
    'C:',
    'a',
    '${publicRoot}',
    '${documentFolder}',
    '${documentName}',
    '${date}',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 7 }), hostile, (pieces, given) => {
      try {
        const parts = folderFromTemplate(pieces.join(''), given);
        expect(parts.every((part) => part !== '..' && part !== '' && !part.includes('/'))).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(SaveError);
      }
    }),
    { numRuns: 400 },
  );
});
