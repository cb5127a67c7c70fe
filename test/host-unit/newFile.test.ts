import {
  chmod,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { folderParts, makeFolderInside } from '../../src/host/saving/insideFolder.ts';
import { replaceFile, writeNewFile } from '../../src/host/saving/newFile.ts';
import { asSaveError, SaveError } from '../../src/host/saving/saveError.ts';

let root: string;
let source: string;
let folder: string;

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'wan-save-')));
  source = join(root, 'kept.png');
  folder = join(root, 'images');
  await mkdir(folder);
  await writeFile(source, 'the picture', { mode: 0o600 });
});

afterEach(async () => {
  await chmod(folder, 0o700);
  await rm(root, { recursive: true, force: true });
});

const kindOf = (error: unknown) => asSaveError(error, 'images').kind;
const saveKind = (work: Promise<unknown>) => work.then(() => 'saved', kindOf);

describe('a new file', () => {
  test('holds the bytes, and nothing else is left in the folder', async () => {
    expect(await writeNewFile(source, folder, 'fox', 'png')).toBe('fox.png');
    expect(await readdir(folder)).toEqual(['fox.png']);
    expect(await readFile(join(folder, 'fox.png'), 'utf8')).toBe('the picture');
  });

  test('is not written through a folder that has become a link, and leaves nothing at its far end', async () => {
    const link = join(root, 'link');
    await symlink(folder, link);
    expect(await saveKind(writeNewFile(source, link, 'fox', 'png'))).toBe('outside');
    expect(await saveKind(replaceFile(source, link, 'fox.png'))).toBe('outside');
    expect(await readdir(folder)).toEqual([]);
  });

  test('never takes the place of another', async () => {
    await writeFile(join(folder, 'fox.png'), 'mine');
    await mkdir(join(folder, 'fox-2.png'));
    await symlink(join(root, 'nowhere'), join(folder, 'fox-3.png'));
    expect(await writeNewFile(source, folder, 'fox', 'png')).toBe('fox-4.png');
    expect(await readFile(join(folder, 'fox.png'), 'utf8')).toBe('mine');
  });

  test('ten at once get ten names', async () => {
    const names = await Promise.all(Array.from({ length: 10 }, () => writeNewFile(source, folder, 'fox', 'png')));
    expect(new Set(names).size).toBe(10);
    expect(await readdir(folder)).toHaveLength(10);
  });

  test('is no second name of the kept picture, and gets the rights of any new file', async () => {
    await writeNewFile(source, folder, 'fox', 'png');
    const saved = await stat(join(folder, 'fox.png'));
    expect(saved.nlink).toBe(1);
    expect(saved.mode & 0o777).toBe(0o666 & ~process.umask());
  });

  test('removes what a crash left long ago, and nothing that may be in work', async () => {
    const old = join(folder, '.wan-image-00000000-0000-4000-8000-000000000000.part');
    const young = join(folder, '.wan-image-00000000-0000-4000-8000-000000000001.part');
    await writeFile(old, '');
    await writeFile(young, '');
    const longAgo = new Date(Date.now() - 2 * 60 * 60 * 1000);
    await utimes(old, longAgo, longAgo);
    await writeNewFile(source, folder, 'fox', 'png');
    expect((await readdir(folder)).toSorted()).toEqual([young.slice(folder.length + 1), 'fox.png']);
  });

  test('a kept picture that is gone is said to be lost', async () => {
    expect(await saveKind(writeNewFile(join(root, 'gone.png'), folder, 'fox', 'png'))).toBe('lost');
    expect(await readdir(folder)).toEqual([]);
  });

  test.skipIf(process.getuid?.() === 0)('a folder without the right to write is said to be so', async () => {
    await chmod(folder, 0o500);
    expect(await saveKind(writeNewFile(source, folder, 'fox', 'png'))).toBe('not-allowed');
  });
});

test('replacing keeps one file, whole', async () => {
  await writeFile(join(folder, 'fox.png'), 'old');
  await link(join(folder, 'fox.png'), join(root, 'other-name.png'));
  await replaceFile(source, folder, 'fox.png');
  expect(await readFile(join(folder, 'fox.png'), 'utf8')).toBe('the picture');
  expect(await readFile(join(root, 'other-name.png'), 'utf8')).toBe('old');
  expect(await readdir(folder)).toEqual(['fox.png']);
});

test.each([
  ['ENOSPC', 'no-space'],
  ['EDQUOT', 'no-space'],
  ['EROFS', 'read-only'],
  ['EACCES', 'not-allowed'],
  ['NoPermissions', 'not-allowed'],
  ['ENAMETOOLONG', 'name-too-long'],
  ['EIO', 'unexpected'],
])('%s of a file system is %s', (code, kind) => {
  expect(kindOf(Object.assign(new Error('x'), { code }))).toBe(kind);
});

describe('the save folder', () => {
  test('is made with its parents', async () => {
    expect(await makeFolderInside(root, folderParts('docs/pictures/'))).toBe(join(root, 'docs', 'pictures'));
  });

  test.each(['/etc', '../out', 'a/../../out', 'C:\\out', '\\\\host\\share', '~/out', 'a\0b'])(
    '%j is no folder inside',
    (setting) => {
      expect(() => folderParts(setting)).toThrow(SaveError);
    },
  );

  test('may be a link that stays inside', async () => {
    await symlink(folder, join(root, 'pictures'));
    expect(await makeFolderInside(root, ['pictures'])).toBe(folder);
  });

  test('may not lead out by a link, at any depth, and nothing is made out there', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'wan-outside-'));
    await symlink(outside, join(root, 'out'));
    await symlink(join(outside, 'missing'), join(root, 'dangling'));
    for (const parts of [['out'], ['out', 'deep'], ['dangling']])
      expect(await saveKind(makeFolderInside(root, parts))).toBe('outside');
    expect(await readdir(outside)).toEqual([]);
    await rm(outside, { recursive: true });
  });

  test('may not be a file', async () => {
    await writeFile(join(root, 'file'), '');
    expect(await saveKind(makeFolderInside(root, ['file']))).toBe('not-a-folder');
    expect(await saveKind(makeFolderInside(root, ['file', 'deep']))).toBe('not-a-folder');
  });
});
