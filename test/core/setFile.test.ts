import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findProblems, preflight } from '../../src/core/preflight.ts';
import {
  destinationOf,
  groupsOf,
  priceOf,
  requestFor,
  type SetEntry,
  type SetFile,
  wordsOf,
} from '../../src/core/setFile.ts';
import { setFileProblems } from '../../src/core/setFileRules.ts';
import { emptyLock, lockedIn, lockNameOf, readLock, type SetLock, writeLock } from '../../src/core/setLock.ts';
import { type SetEntryState, stateOf } from '../../src/core/setState.ts';

const aSet = (fields: Partial<SetFile> = {}): SetFile => ({
  version: 1,
  style: 'Flat gouache',
  pictures: ['spring', 'summer', 'autumn'].map((name) => ({ name, prompt: `A park in ${name}` })),
  ...fields,
});
const named = (...names: string[]): SetEntry[] => names.map((name) => ({ name, prompt: 'a park' }));
const codes = (set: SetFile, folder: string[] = ['docs']) =>
  setFileProblems(set, folder).map(({ code, path }) => `${code} ${path.join('.')}`);

const words = fc.string({ minLength: 1, maxLength: 12 }).filter((text) => text.trim() !== '');
const sizes = fc.record({ width: fc.integer({ min: 768, max: 2048 }), height: fc.integer({ min: 768, max: 2048 }) });
const sets: fc.Arbitrary<SetFile> = fc
  .record(
    {
      version: fc.constant(1 as const),
      style: words,
      model: fc.constantFrom('pro' as const, 'standard' as const),
      ratio: fc.constantFrom('1:1' as const, '4:3' as const),
      resolution: fc.constantFrom('1K' as const, '2K' as const),
      size: sizes,
      thinking: fc.boolean(),
      seed: fc.integer({ min: 0, max: 2147483647 }),
      together: fc.boolean(),
      pictures: fc.uniqueArray(
        fc.record(
          { name: fc.stringMatching(/^[a-z]{1,8}$/), prompt: words, size: sizes },
          { requiredKeys: ['name', 'prompt'] },
        ),
        { minLength: 1, maxLength: 30, selector: ({ name }) => name },
      ),
    },
    { requiredKeys: ['version', 'pictures'] },
  )
  .map((set) => set as SetFile);

describe('the requests of a set file', () => {
  test('ask for each picture once, and never for more together than a set may have', () => {
    fc.assert(
      fc.property(sets, (set) => {
        const groups = groupsOf(set, set.pictures);
        expect(
          groups
            .flat()
            .map(({ name }) => name)
            .sort(),
        ).toEqual(set.pictures.map(({ name }) => name).sort());
        for (const group of groups) {
          expect(group.length).toBeLessThanOrEqual(set.together === false ? 1 : 12);
          const request = requestFor(set, group);
          const known = { boxForm: 'auto', drawSeed: () => 1 } as const;
          const { ready, problems } = preflight(request, new Map(), known);
          if (!ready) continue; // A long side may still make a shape or an area that the service does not take.
          expect(ready.highestCount).toBe(group.length);
          // What a file leaves open is nothing to be told about.
          const notes = problems.filter(({ severity }) => severity === 'note').map(({ code }) => code);
          expect(notes.filter((code) => code !== 'set-may-be-smaller')).toEqual([]);
        }
        expect(priceOf(set, set.pictures)).toBe(set.pictures.length * (set.model === 'standard' ? 30 : 75));
      }),
      { numRuns: 200 },
    );
  });

  test('carry style, prompts and options to where the service reads them', () => {
    const set = aSet({ model: 'standard', ratio: '1:1', resolution: '1K', seed: 7 });
    expect(requestFor(set, set.pictures)).toMatchObject({
      prompt: 'Flat gouache',
      imageSet: true,
      setMaxImages: 3,
      setLines: ['A park in spring', 'A park in summer', 'A park in autumn'],
      variant: 'wan2.7-image',
      aspectRatio: '1:1',
      resolution: '1K',
      thinking: false,
      seed: 7,
    });
    expect(requestFor(set, [{ name: 'x', prompt: 'A park\n in rain ' }])).toMatchObject({
      prompt: 'Flat gouache\nA park in rain',
      imageSet: false,
      count: 1,
    });
  });

  test('with a palette are such as the service takes, when each picture is made by itself', () => {
    const set = aSet({ together: false, palette: ['#112233', { hex: '#445566', share: 2 }, '#778899'] });
    const found = findProblems(requestFor(set, set.pictures.slice(0, 1)), { images: new Map(), boxForm: 'auto' });
    expect(found.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(setFileProblems(set, [])).toEqual([]);
  });
});

describe('what a picture is made from', () => {
  const [entry] = aSet().pictures as [SetEntry];
  const before = wordsOf(aSet(), entry);

  test.each<[string, SetFile, SetEntry]>([
    ['its style', aSet({ style: 'Ink' }), entry],
    ['its prompt', aSet(), { ...entry, prompt: 'A park at night' }],
    ['its own size', aSet(), { ...entry, size: { width: 1000, height: 800 } }],
    ['the size', aSet({ size: { width: 1000, height: 800 } }), entry],
    ['the ratio', aSet({ ratio: '1:1' }), entry],
    ['the resolution', aSet({ resolution: '1K' }), entry],
    ['the model', aSet({ model: 'standard' }), entry],
    ['the seed', aSet({ seed: 0 }), entry],
    ['thinking', aSet({ thinking: false }), entry],
    ['the palette', aSet({ palette: ['#112233', '#445566', '#778899'] }), entry],
  ])('changes with %s', (_, set, changed) => {
    expect(wordsOf(set, changed)).not.toBe(before);
  });

  test.each<[string, SetFile, SetEntry]>([
    ['its name', aSet(), { ...entry, name: 'other' }],
    ['its alternative text', aSet(), { ...entry, alt: 'A park' }],
    ['space around words', aSet({ style: ' Flat gouache ' }), { ...entry, prompt: `${entry.prompt}\n` }],
    ['other pictures and their order', aSet({ pictures: aSet().pictures.toReversed() }), entry],
    ['where it goes and in which format', aSet({ destination: 'x', format: 'webp' }), entry],
    ['whether it is made together with others', aSet({ together: false }), entry],
    ['what is the default anyway', aSet({ model: 'pro', resolution: '2K' }), entry],
  ])('does not change with %s', (_, set, changed) => {
    expect(wordsOf(set, changed)).toBe(before);
  });
});

describe('the rules of a set file', () => {
  test('let a usual one through', () => expect(codes(aSet({ destination: '../images' }))).toEqual([]));

  test.each<[string, SetFile, string[]]>([
    ['two names that differ by case', aSet({ pictures: named('Hero', 'hero') }), ['set-name-twice pictures.1.name']],
    [
      'two names that differ by how a letter is composed',
      aSet({ pictures: named('café', 'cafe\u0301') }),
      ['set-name-twice pictures.1.name'],
    ],
    ...[
      'a/b',
      'a\\b',
      '..',
      '.hidden',
      'dot.',
      ' x',
      'a:b',
      'con',
      'NUL.x',
      'com1',
      'a\u0000b',
      'x\u202Egnp',
      '__proto__',
    ].map((name): [string, SetFile, string[]] => [
      `the name ${JSON.stringify(name)}`,
      aSet({ pictures: named(name) }),
      ['set-name-invalid pictures.0.name'],
    ]),
    ...['../../x', '/etc', 'C:/x', 'a\\..\\..\\x', '~/x', 'a/../../../x'].map(
      (destination): [string, SetFile, string[]] => [
        `the destination ${destination}`,
        aSet({ destination }),
        ['set-destination destination'],
      ],
    ),
    [
      'a palette in an image set',
      aSet({ palette: ['#112233', '#445566', '#778899'] }),
      ['set-palette-together palette'],
    ],
    ['4K in an image set', aSet({ resolution: '4K' }), ['large-not-in-set resolution']],
    [
      '4K with Standard',
      aSet({ resolution: '4K', model: 'standard', together: false }),
      ['large-needs-pro resolution'],
    ],
    [
      'a size of its own beside others',
      aSet({ size: { width: 800, height: 800 }, ratio: '1:1' }),
      ['set-size-twice size'],
    ],
    ['a style that is too long with its lines', aSet({ style: 'x'.repeat(4990) }), ['prompt-too-long style']],
    [
      'a prompt that is too long with its style',
      aSet({
        style: 'x'.repeat(100),
        together: false,
        pictures: [...named('a'), { name: 'b', prompt: 'x'.repeat(4900) }],
      }),
      ['prompt-too-long pictures.1.prompt'],
    ],
    [
      'a size that an image set cannot have',
      aSet({ size: { width: 4000, height: 1000 } }),
      ['custom-side-range size.width'],
    ],
  ])('refuse %s', (_, set, expected) => expect(codes(set)).toEqual(expected));
});

test('a destination is seen from the file, and stays inside by its words', () => {
  expect(destinationOf({ destination: './a//b/' }, ['docs'])).toEqual(['docs', 'a', 'b']);
  expect(destinationOf({ destination: '../images' }, ['docs'])).toEqual(['images']);
  expect(destinationOf({}, [])).toEqual([]);
  fc.assert(
    fc.property(fc.array(fc.constantFrom('..', '.', 'a', '', '/', '\\', 'C:', '~')), (parts) => {
      const found = destinationOf({ destination: parts.join('/') }, ['one', 'two']) ?? [];
      expect(
        found.filter((part) => ['..', '.', '', '\\', '~', 'C:'].includes(part) && part !== 'C:' && part !== '~'),
      ).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

describe('the lock', () => {
  const digest = (letter: string) => letter.repeat(64);
  const picture = { words: digest('a'), sha256: digest('b'), as: 'made', job: 'm1-0123456789ab' } as const;

  test('reads as it was written, with the pictures in the order of their names', () => {
    const lock: SetLock = { version: 1, pictures: { b: picture, a: { ...picture, as: 'kept' } } };
    const text = writeLock(lock);
    expect(readLock(text)).toEqual(lock);
    expect(text.indexOf('"a"')).toBeLessThan(text.indexOf('"b"'));
    expect(text.endsWith('}\n')).toBe(true);
  });

  test.each([
    '',
    '{',
    '[]',
    '{"version":2,"pictures":{}}',
    '{"version":1,"pictures":{"a":{"words":"x"}}}',
    `{"version":1,"pictures":${'['.repeat(50_000)}`,
    `{"version":1,"pictures":{"a":{"words":"${digest('a')}","sha256":"${digest('a')}","as":"made","job":"../../x"}}}`,
  ])('that is none is said to be none: %#', (text) => expect(readLock(text)).toBeUndefined());

  test('knows nothing of names that every object has', () => {
    expect(lockedIn(emptyLock, 'constructor')).toBeUndefined();
  });

  test('lies beside its set file, and is none itself', () => {
    expect(lockNameOf('icons.wanset.json')).toBe('icons.wanset.lock.json');
    expect(lockNameOf('icons.wanset.lock.json')).toBeUndefined();
    expect(lockNameOf('.wanset.json')).toBeUndefined();
  });

  const made = { sha256: digest('b'), isPlaceholder: false };
  test.each<[SetEntryState, Parameters<typeof stateOf>]>([
    ['missing', [digest('a'), picture, undefined, false]],
    ['current', [digest('a'), picture, made, false]],
    ['changed', [digest('c'), picture, made, false]],
    ['edited', [digest('a'), picture, { ...made, sha256: digest('c') }, false]],
    ['edited', [digest('c'), picture, { ...made, sha256: digest('c') }, false]],
    ['edited', [digest('a'), undefined, made, false]],
    ['placeholder', [digest('a'), undefined, { ...made, isPlaceholder: true }, false]],
    ['placeholder', [digest('a'), { ...picture, as: 'practice' }, made, false]],
    ['current', [digest('a'), { ...picture, as: 'practice' }, made, true]],
    ['current', [digest('a'), { ...picture, as: 'kept' }, made, false]],
  ])('says %s: %#', (state, input) => expect(stateOf(...input)).toBe(state));
});
