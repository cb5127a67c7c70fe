import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { addressKey, Claims } from '../../src/jobs/claims.ts';
import { newFolder } from './rig.ts';

const bytes = (digit: string): string => digit.repeat(64);
const none = () => Promise.resolve([]);

test('one picture is claimed by one of many jobs, by bytes, round after round', async () => {
  const folder = await newFolder();
  for (let round = 0; round < 30; round++) {
    const sha256 = round.toString(16).padStart(64, '0');
    const taken = await Promise.all(
      ['a', 'b', 'c', 'd'].map((jobId) => new Claims(folder, none).take(jobId, { sha256 })),
    );
    expect(taken.filter(Boolean)).toHaveLength(1);
  }
  expect((await readdir(folder)).filter((name) => name.endsWith('.new'))).toEqual([]);
});

test('a job that claimed a picture and did not get it may claim it again, and nobody else may', async () => {
  const claims = new Claims(await newFolder(), none);
  const picture = { sha256: bytes('1'), address: 'https://cdn.example/1.png?signature=a' };
  expect(await claims.take('a', picture)).toBe(true);
  expect(await claims.take('a', picture)).toBe(true);
  expect(await claims.take('b', picture)).toBe(false);
  expect(await claims.isContentOfOther('a', picture.sha256)).toBe(false);
  expect(await claims.isContentOfOther('b', picture.sha256)).toBe(true);
});

test('an address is known again whatever its signature is', async () => {
  const claims = new Claims(await newFolder(), none);
  await claims.note('a', { sha256: bytes('2'), address: 'https://cdn.example/2.png?expires=1&signature=a' });
  await claims.note('b', { sha256: bytes('2'), address: 'https://cdn.example/2.png' });
  expect(await claims.isAddressOfOther('b', 'https://cdn.example/2.png?expires=2&signature=b#x')).toBe(true);
  expect(await claims.isAddressOfOther('a', 'https://cdn.example/2.png')).toBe(false);
  expect(await claims.isAddressOfOther('b', 'https://cdn.example/3.png')).toBe(false);
  expect(addressKey('https://cdn.example/2.png?a')).not.toContain('cdn');
});

test('a claim that cannot be read is somebody else’s', async () => {
  const folder = await newFolder();
  await writeFile(join(folder, `${bytes('3')}.content`), '');
  const claims = new Claims(folder, none);
  expect(await claims.isContentOfOther('a', bytes('3'))).toBe(true);
  expect(await claims.take('a', { sha256: bytes('3') })).toBe(false);
});

test('pictures kept before there were claims are known from the journals', async () => {
  const folder = await newFolder();
  const journals = [join(folder, 'one'), join(folder, 'missing'), join(folder, 'two')];
  for (const [journal, jobId, text] of [
    [
      'one',
      'a',
      JSON.stringify({ sources: [{ sha256: bytes('9') }], results: [{ sha256: bytes('4') }, { sha256: bytes('5') }] }),
    ],
    ['one', 'b', '{"results":'],
    ['two', 'c', JSON.stringify({ results: [{ sha256: bytes('6') }] })],
  ] as const) {
    await mkdir(join(folder, journal, jobId), { recursive: true });
    await writeFile(join(folder, journal, jobId, 'job.json'), text);
  }
  await writeFile(join(folder, 'one', 'bell'), '');
  const known = await new Claims(join(folder, 'claims'), () => Promise.resolve(journals)).knownContents();
  expect([...known].toSorted()).toEqual([bytes('4'), bytes('5'), bytes('6')]);
});
