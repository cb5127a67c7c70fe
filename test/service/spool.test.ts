import * as fc from 'fast-check';
import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { CutAnswer, readAnswer, SpoolError, spoolLimits, sweepSpool, textLimits } from '../../src/service/spool.ts';
import { newFolder } from './rig.ts';

async function* chunked(text: Buffer, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let offset = 0, turn = 0; offset < text.length; turn++) {
    const size = Math.max(1, sizes[turn % sizes.length] ?? 1);
    yield text.subarray(offset, offset + size);
    offset += size;
  }
}

/** The JSON that was read, with the bytes of its pictures in their places. */
async function read(text: string | Buffer, sizes: readonly number[], folder: string): Promise<unknown> {
  const answer = await readAnswer(chunked(Buffer.from(text), sizes), folder);
  if (answer.state !== 'json') return answer.state;
  const bytes = new Map<string, string>();
  for (const [token, file] of answer.pictures) bytes.set(token, (await readFile(file)).toString('hex'));
  return JSON.parse(JSON.stringify(answer.json), (key, value: unknown) =>
    key === 'b64_json' && typeof value === 'string' ? (bytes.get(value) ?? value) : value,
  ) as unknown;
}

const picture = fc.uint8Array({ maxLength: 400 });
const noise = fc.dictionary(
  fc.string().filter((key) => key !== 'b64_json' && key !== '__proto__'),
  fc.jsonValue(),
);

test('pictures come out byte for byte, and the rest unchanged, however the answer is cut into chunks', async () => {
  const folder = await newFolder();
  await fc.assert(
    fc.asyncProperty(
      fc.array(picture, { maxLength: 4 }),
      noise,
      fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1 }),
      fc.boolean(),
      fc.boolean(),
      async (pictures, extra, sizes, isPretty, hasOpening) => {
        const opening = hasOpening ? 'data:image/png;base64,' : '';
        const answer = (encode: (bytes: Uint8Array) => string) => ({
          note: 'b64_json',
          extra,
          data: pictures.map((bytes) => ({ 'b"64\\': 1, b64_json: encode(bytes), x: null })),
        });
        const text = JSON.stringify(
          answer((bytes) => opening + Buffer.from(bytes).toString('base64')),
          undefined,
          isPretty ? 2 : undefined,
        );
        const expected = answer((bytes) => Buffer.from(bytes).toString('hex'));
        expect(await read(text, sizes, folder)).toEqual(JSON.parse(JSON.stringify(expected)));
        expect(await read(text.replaceAll('/', '\\/'), sizes, folder)).toEqual(JSON.parse(JSON.stringify(expected)));
      },
    ),
    { numRuns: 35 },
  );
});

test('a large picture is decoded as it comes', async () => {
  const bytes = Buffer.alloc(3_500_001, 'wan').map((byte, index) => (byte * index) & 255);
  const folder = await newFolder();
  const found = (await read(
    JSON.stringify({ data: [{ b64_json: Buffer.from(bytes).toString('base64') }] }),
    [65_536],
    folder,
  )) as { data: { b64_json: string }[] };
  expect(found.data[0]?.b64_json === Buffer.from(bytes).toString('hex')).toBe(true);
});

test.each([
  'AAAA*AAA',
  'AAA',
  'AAAAA',
  'AA=A',
  '====',
  'AAAA\\n',
  'AA AAAAA',
  'AAAA=',
  'A===',
  'AAAA\\u0000AAA',
  'AAAA\\u00e9AAA',
  'AAAAé',
])('damaged base64 %s never becomes more than its whole beginning', async (text) => {
  const folder = await newFolder();
  const found = (await read(`{"b64_json":"${text}"}`, [3], folder)) as { b64_json: string };
  expect(['', '000000']).toContain(found.b64_json);
});

test('damage in the middle of a long picture cuts it there', async () => {
  const folder = await newFolder();
  const good = 'A'.repeat(40_000);
  const answer = await readAnswer(chunked(Buffer.from(`{"b64_json":"${good}!${good}"}`), [4096]), folder);
  const [file = ''] = answer.pictures.values();
  expect((await readFile(file)).length).toBeLessThanOrEqual(30_000);
});

test('what is no JSON is called by its name', async () => {
  const folder = await newFolder();
  expect(await read('', [1], folder)).toBe('empty');
  expect(await read(' \n', [1], folder)).toBe('empty');
  expect(await read(' <!DOCTYPE html><p data="x">', [5], folder)).toBe('html');
  expect(await read('{"job_id": "job_', [5], folder)).toBe('malformed');
  expect(await read(`{"a":"${'x'.repeat(1_100_000)}"}`, [65_536], folder)).toBe('too-large');
  expect(await read('\uFEFF{"a":1}', [2], folder)).toEqual({ a: 1 });
});

test('an answer cannot name a file of its own', async () => {
  const folder = await newFolder();
  const answer = await readAnswer(
    chunked(Buffer.from('{"data":[{"b64_json":null},{"b64_json":{"file":"/etc/passwd"}}]}'), [7]),
    folder,
  );
  expect(answer.pictures.size).toBe(0);
});

test('no more than twenty-four pictures are kept, and none grows over its ceiling', async () => {
  const folder = await newFolder();
  const text = JSON.stringify({ data: Array.from({ length: 30 }, () => ({ b64_json: 'AAAAAAAA' })) });
  const many = await readAnswer(chunked(Buffer.from(text), [100]), folder);
  expect(many.pictures.size).toBe(24);
  const large = await readAnswer(chunked(Buffer.from(`{"b64_json":"${'AAAA'.repeat(100_000)}"}`), [65_536]), folder, {
    ...spoolLimits,
    picture: 100_000,
  });
  const [file = ''] = large.pictures.values();
  expect((await readFile(file)).length).toBeLessThanOrEqual(100_000);
});

test('pictures that are not kept have an end as well, and so have answers without any', async () => {
  const folder = await newFolder();
  async function* endless(first: string) {
    yield Buffer.from(first);
    for (;;) yield Buffer.alloc(65_536, 'A');
  }
  const limits = { ...spoolLimits, picture: 100_000, whole: 1_000_000 };
  for (const first of ['{"data":[{"b64_json":"AAAA"},{"b64_json":"', '"', '<html>']) {
    const answer = await readAnswer(endless(first), folder, limits);
    expect(answer.state).toBe('too-large');
    expect(answer.pictures.size).toBe(first.startsWith('{') ? 1 : 0);
  }
  expect((await readAnswer(endless('{"b64_json":"'), folder, textLimits)).pictures.size).toBe(0);
  expect(await readdir(folder)).toHaveLength(1);
});

test('a disk that does not take a picture is named, though the answer goes on meanwhile', async () => {
  const folder = path.join(await newFolder(), 'file');
  await writeFile(folder, 'no folder');
  const text = Buffer.from(JSON.stringify({ b64_json: 'AAAA'.repeat(1_000_000) }));
  await expect(readAnswer(chunked(text, [65_536]), folder)).rejects.toBeInstanceOf(SpoolError);
});

test('when the answer breaks off, whole pictures stay and the half one goes', async () => {
  const folder = await newFolder();
  async function* broken() {
    yield Buffer.from('{"data":[{"b64_json":"AAAA"},{"b64_json":"BBBB');
    await Promise.reject(new Error('cut'));
  }
  const error: unknown = await readAnswer(broken(), folder).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(CutAnswer);
  expect((error as CutAnswer).pictures.size).toBe(1);
  expect(await readdir(folder)).toHaveLength(1);
});

test('only old files of this kind are swept', async () => {
  const folder = await newFolder();
  for (const name of ['old.spool', 'new.spool', 'other.png']) await writeFile(path.join(folder, name), 'x');
  for (const name of ['old.spool', 'other.png']) await utimes(path.join(folder, name), 1000, 1000);
  await sweepSpool(folder, 60_000, Date.now());
  await sweepSpool(path.join(folder, 'missing'), 60_000, Date.now());
  expect((await readdir(folder)).sort()).toEqual(['new.spool', 'other.png']);
});
