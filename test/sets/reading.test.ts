import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SetFile } from '../../src/core/setFile.ts';
import { writeLock } from '../../src/core/setLock.ts';
import { drawPlaceholder } from '../../src/pixels/placeholder.ts';
import { withPlaceholderMark } from '../../src/pixels/placeholderMark.ts';
import { standingPicture, wordsDigest } from '../../src/sets/digests.ts';
import { judgeSetFile } from '../../src/sets/judging.ts';
import { lineAndColumn, readSetFile } from '../../src/sets/reading.ts';

const usual = {
  version: 1,
  style: 'Gouache',
  destination: 'img',
  pictures: [
    { name: 'one', prompt: 'a park' },
    { name: 'two', prompt: 'a lake' },
    { name: 'three', prompt: 'a hill' },
  ],
};
const textOf = (set: unknown) => JSON.stringify(set, null, 2);

describe('a set file', () => {
  test('is read, and says where everything in it is', () => {
    const text = textOf(usual);
    const { set, problems, spanOf } = readSetFile(text, []);
    expect(problems).toEqual([]);
    expect(set).toEqual(usual);
    const { offset, length } = spanOf(['pictures', 1, 'prompt']);
    expect(text.slice(offset, offset + length)).toBe('"a lake"');
  });

  test('with a problem says where it is, as a person counts', () => {
    const text = textOf({ ...usual, pictures: [usual.pictures[0], { name: 'One', prompt: 'x' }] });
    const [problem, ...others] = readSetFile(text, []).problems;
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ code: 'set-name-twice', isAboutShape: false });
    const { line, column } = lineAndColumn(text, problem?.offset ?? 0);
    expect(text.split('\n')[line - 1]?.slice(column - 1)).toMatch(/^"One"/);
  });

  test.each<[string, string, string]>([
    ['nothing', '', 'set-not-json'],
    ['no JSON', '{ "version": 1, }', 'set-not-json'],
    ['a comment', '// x\n{}', 'set-not-json'],
    ['a list', '[]', 'set-wrong-value'],
    ['an unknown field', textOf({ ...usual, styel: 'x' }), 'set-unknown-field'],
    ['another version', textOf({ ...usual, version: 2 }), 'set-wrong-value'],
    ['no pictures', textOf({ ...usual, pictures: [] }), 'set-wrong-value'],
    ['a picture without a name', textOf({ ...usual, pictures: [{ prompt: 'x' }] }), 'set-wrong-value'],
    [
      'too many pictures',
      textOf({ ...usual, pictures: Array.from({ length: 201 }, (_, at) => ({ name: `n${at}`, prompt: 'x' })) }),
      'set-wrong-value',
    ],
    ['lists without an end', '['.repeat(100_000), 'set-too-large'],
    ['objects without an end', '{"a":'.repeat(40_000), 'set-too-large'],
    ['a text without an end', `"${'x'.repeat(300_000)}"`, 'set-too-large'],
  ])('that holds %s is refused with a reason', (_, text, code) => {
    const { set, problems } = readSetFile(text, []);
    expect(set).toBeUndefined();
    expect(problems[0]).toMatchObject({ code, severity: 'error' });
  });

  test('never throws, and is a set file where it has no error about its shape', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string(), fc.json({ maxDepth: 20 })), (text) => {
        const { set, problems } = readSetFile(text, []);
        expect(set === undefined).toBe(
          problems.some(({ isAboutShape, code }) => isAboutShape || code === 'set-too-large'),
        );
        expect(SetFile.safeParse(set).success).toBe(set !== undefined);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the check of set files', () => {
  let folder: string;
  let program: string;
  let root: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wan-sets-'));
    program = join(folder, 'check.mjs');
    const alias = { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' };
    const options = { bundle: true, platform: 'node', format: 'esm', alias } as const;
    await build({ ...options, entryPoints: ['src/sets/check.ts'], outfile: program });
  });
  beforeEach(async () => {
    root = await mkdtemp(join(folder, 'repository-'));
    await mkdir(join(root, '.git'));
    await mkdir(join(root, 'img'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function run(...words: string[]): Promise<{ code: number; out: string; err: string }> {
    const ran = promisify(execFile)(process.execPath, [program, ...words], { cwd: root });
    return ran.then(
      ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
      ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
        code,
        out: stdout,
        err: stderr,
      }),
    );
  }

  /** Writes the usual set, its pictures `one` and `two`, and what the lock says of them. */
  async function writeSet(): Promise<void> {
    const bytes = Buffer.from('a picture');
    const locked = (entry: SetFile['pictures'][number]) => ({
      words: wordsDigest(usual as SetFile, entry),
      sha256: standingPicture(bytes).sha256,
      as: 'made' as const,
    });
    const [one, two] = usual.pictures as [SetFile['pictures'][number], SetFile['pictures'][number]];
    await writeFile(join(root, 'a.wanset.json'), textOf(usual));
    for (const { name } of [one, two]) await writeFile(join(root, 'img', `${name}.png`), bytes);
    const pictures = { one: locked(one), two: { ...locked(two), words: locked(one).words } };
    await writeFile(join(root, 'a.wanset.lock.json'), writeLock({ version: 1, pictures }));
  }

  test('says which pictures are to be made and what that can cost', async () => {
    await writeSet();
    const { pictures, problems, highestPrice } = await judgeSetFile(join(root, 'a.wanset.json'));
    expect(problems).toEqual([]);
    expect(pictures).toEqual([
      { name: 'one', state: 'current', file: 'img/one.png' },
      { name: 'two', state: 'changed', file: 'img/two.png' },
      { name: 'three', state: 'missing', file: 'img/three.png' },
    ]);
    expect(highestPrice).toEqual({ missing: 75, changed: 75, placeholder: 0 });
  });

  test('ends with 1 while something is to be made, and with 0 when nothing is', async () => {
    await writeSet();
    const first = await run('a.wanset.json');
    expect(first).toMatchObject({ code: 1, err: '' });
    expect(first.out).toContain('1 missing, 1 changed, 1 current; up to $0.15 to make.');
    await writeFile(join(root, 'img', 'two.png'), 'edited by hand');
    await writeFile(
      join(root, 'img', 'three.png'),
      withPlaceholderMark(drawPlaceholder({ width: 40, height: 20 }, 'x')),
    );
    const second = await run('--json', 'a.wanset.json');
    expect(second.code).toBe(1);
    const [found] = (JSON.parse(second.out) as { files: { pictures: { state: string }[]; highestPrice: object }[] })
      .files;
    expect(found?.pictures.map(({ state }) => state)).toEqual(['current', 'edited', 'placeholder']);
    expect(found?.highestPrice).toEqual({ missing: 0, changed: 0, placeholder: 75 });
    await writeFile(join(root, 'img', 'three.png'), 'a picture of my own');
    expect(await run('a.wanset.json')).toMatchObject({ code: 0 });
  });

  test('prices nothing that only has another name, and says where it is', async () => {
    await writeSet();
    const [one, ...others] = usual.pictures as SetFile['pictures'];
    await writeFile(
      join(root, 'a.wanset.json'),
      textOf({ ...usual, pictures: [{ ...one, name: 'first' }, ...others] }),
    );
    const { pictures, highestPrice } = await judgeSetFile(join(root, 'a.wanset.json'));
    expect(pictures[0]).toEqual({ name: 'first', state: 'renamed', file: 'img/first.png', formerly: ['one'] });
    expect(highestPrice).toEqual({ missing: 75, changed: 75, placeholder: 0 });
    expect(await run('a.wanset.json')).toMatchObject({
      code: 1,
      out: expect.stringMatching(
        /first: renamed \(img\/first\.png\): its picture is there under the name one;/,
      ) as string,
    });
    // Two pictures of the same words: nobody can tell which it is.
    const twice = [{ ...one, name: 'first' }, { ...one, name: 'second' }, ...others];
    await writeFile(join(root, 'a.wanset.json'), textOf({ ...usual, pictures: twice }));
    const { pictures: unclear } = await judgeSetFile(join(root, 'a.wanset.json'));
    expect(unclear.slice(0, 2)).toMatchObject([
      { state: 'missing', formerly: ['one'] },
      { state: 'missing', formerly: ['one'] },
    ]);
    expect((await run('a.wanset.json')).out).toMatch(/which is which is not clear; rename the right file by hand/);
    // A file that was given its name by hand says by its bytes what it is.
    await rename(join(root, 'img', 'one.png'), join(root, 'img', 'second.png'));
    const { pictures: moved } = await judgeSetFile(join(root, 'a.wanset.json'));
    expect(moved.slice(0, 2).map(({ state }) => state)).toEqual(['missing', 'renamed']);
  });

  test('names line and column of a problem, and ends with 2', async () => {
    await writeFile(join(root, 'a.wanset.json'), textOf({ ...usual, destination: '../img' }));
    const { code, out } = await run('a.wanset.json');
    expect(code).toBe(2);
    expect(out).toMatch(/^a\.wanset\.json:4:18: error: The destination must be a folder inside the workspace/);
    expect(await run('nothing.wanset.json')).toMatchObject({ code: 2, out: '' });
    await writeSet();
    await writeFile(join(root, 'a.wanset.lock.json'), '<<<<<<< ours');
    expect((await run('a.wanset.json')).out).toMatch(/a\.wanset\.lock\.json beside this one cannot be read/);
  });

  test('explains itself, and refuses what it does not know', async () => {
    expect(await run('--help')).toMatchObject({ code: 0, err: '' });
    for (const words of [[], ['--fix', 'a.wanset.json'], ['--root']])
      expect(await run(...words)).toMatchObject({ code: 2, out: '' });
  });
});
