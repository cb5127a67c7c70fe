import { describe, expect, test } from 'vitest';
import type { SetFile } from '../../src/core/setFile.ts';
import type { LockedPicture, SetLock } from '../../src/core/setLock.ts';
import { formerNames, type FormerPicture, renamesAmong } from '../../src/core/setRenames.ts';

const locked = (words: string, sha256: string, as: LockedPicture['as'] = 'made'): LockedPicture => ({
  words,
  sha256,
  as,
});
const standing = (sha256: string) => ({ sha256, isPlaceholder: false });
const missing = (name: string, words: string) => ({ name, words, locked: undefined, standing: undefined });
const former = (name: string, words: string, sha256 = name, found = sha256): FormerPicture => ({
  name,
  locked: locked(words, sha256),
  standing: standing(found),
});
const found = (pictures: Parameters<typeof renamesAmong>[0], files: readonly FormerPicture[]) =>
  Object.fromEntries(renamesAmong(pictures, files, false));

describe('a picture whose entry has another name', () => {
  test('is known by its words where its file is there and unchanged', () => {
    expect(found([missing('b', 'w')], [former('a', 'w')])).toEqual({ b: { kind: 'renamed', from: 'a' } });
    expect(found([missing('b', 'other')], [former('a', 'w')])).toEqual({});
    expect(found([missing('b', 'w')], [former('a', 'w', 'bytes', 'by hand')])).toEqual({});
    expect(found([missing('b', 'w')], [{ ...former('a', 'w'), standing: undefined }])).toEqual({});
  });

  test('is a drawing of practice mode only while that is on', () => {
    const drawn = { ...former('a', 'w'), locked: locked('w', 'a', 'practice') };
    expect(found([missing('b', 'w')], [drawn])).toEqual({});
    expect(renamesAmong([missing('b', 'w')], [drawn], true).get('b')).toEqual({ kind: 'renamed', from: 'a' });
  });

  test('is told by the user where several could be it', () => {
    const unclear = { kind: 'unclear', files: ['a'] };
    expect(found([missing('b', 'w'), missing('c', 'w')], [former('a', 'w')])).toEqual({ b: unclear, c: unclear });
    expect(found([missing('c', 'w')], [former('a', 'w'), former('b', 'w')])).toEqual({
      c: { kind: 'unclear', files: ['a', 'b'] },
    });
  });

  test('is known by its bytes where the file has the new name already', () => {
    const moved = { name: 'c', words: 'w', locked: undefined, standing: standing('b') };
    expect(found([moved, missing('d', 'w')], [former('a', 'w'), former('b', 'w')])).toEqual({
      c: { kind: 'renamed', from: 'b' },
      d: { kind: 'renamed', from: 'a' },
    });
  });
});

test('former names are such as a file may have, of no entry that is there, and made from words that are wanted', () => {
  const set: SetFile = {
    version: 1,
    pictures: [
      { name: 'new', prompt: 'a' },
      { name: 'Spring', prompt: 'b' },
    ],
  };
  const names = ['old', '../../outside', 'a/b', 'nul', 'spring', 'other'];
  const lock: SetLock = {
    version: 1,
    pictures: Object.fromEntries(names.map((name) => [name, locked(name === 'other' ? 'else' : 'w', 'a')])),
  };
  const wanted = [{ words: 'w', locked: undefined }];
  expect(formerNames(set, lock, wanted).map(([name]) => name)).toEqual(['old']);
  expect(formerNames(set, lock, [{ words: 'w', locked: locked('w', 'a') }])).toEqual([]);
  const many = Object.fromEntries(Array.from({ length: 201 }, (_, at) => [`n${at}`, locked('w', 'a')]));
  expect(formerNames(set, { version: 1, pictures: many }, wanted)).toEqual([]);
});
