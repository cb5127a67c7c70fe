import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type * as vscode from 'vscode';
import { pastedPicture } from '../../src/core/pasted.ts';
import { KeptBytes, keptName, sha256Of } from '../../src/host/editing/keptBytes.ts';
import { Pasting } from '../../src/host/editing/pasting.ts';
import { verifyFile } from '../../src/host/inspectPicture.ts';
import { factsOfHeader } from '../../src/pixels/facts.ts';
import { readHeaderOf } from '../../src/pixels/header.ts';

vi.mock('vscode', () => ({
  Uri: { file: (path: string) => ({ scheme: 'file', fsPath: path }) },
  l10n: { t: (text: string, ...args: unknown[]) => text.replaceAll(/\{(\d)\}/g, (_, at) => String(args[Number(at)])) },
}));

let folder: string;
let pasting: Pasting;
let added: { file: string; name: string }[];
let names: string[];
let deleted: string[];

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'wan-pasting-')), 'pasted');
  added = [];
  names = [];
  deleted = [];
  pasting = new Pasting({
    kept: new KeptBytes(folder),
    pixels: { describe: (bytes) => Promise.resolve().then(() => factsOfHeader(readHeaderOf(bytes), bytes.length)) },
    verify: verifyFile,
    add: async (file, name) => {
      added.push({ file: file.fsPath, name });
      names.push(name);
      return undefined;
    },
    deleted: (file) => deleted.push(file.fsPath),
    names: () => names,
    log: { info: () => undefined, error: () => undefined },
  });
});

afterEach(async () => {
  vi.useRealTimers();
  pasting.dispose();
  await rm(join(folder, '..'), { recursive: true, force: true });
});

/** A picture of so many bytes at least: noise cannot be made smaller. */
async function picture(seed: number, side = 300): Promise<Buffer> {
  const noise = Buffer.alloc(side * side * 3);
  for (let at = 0, state = seed + 1; at < noise.length; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    noise[at] = state >>> 24;
  }
  return sharp(noise, { raw: { width: side, height: side, channels: 3 } })
    .png()
    .toBuffer();
}

interface Piece {
  pasteId: string;
  index: number;
  total: number;
  name: string;
  data: string;
}

function piecesOf(bytes: Buffer, pasteId: string, name = 'image.png'): Piece[] {
  const total = Math.ceil(bytes.length / pastedPicture.pieceBytes);
  return Array.from({ length: total }, (_, index) => ({
    pasteId,
    index,
    total,
    name,
    data: bytes.subarray(index * pastedPicture.pieceBytes, (index + 1) * pastedPicture.pieceBytes).toString('base64'),
  }));
}

const take = async (pieces: readonly Piece[]): Promise<(string | undefined)[]> => {
  const said: (string | undefined)[] = [];
  for (const piece of pieces) said.push((await pasting.take(piece))?.text);
  return said;
};
const stored = (): Promise<readonly string[]> => pasting.stored();

describe('a pasted picture', () => {
  test('is kept as the very bytes, under their hash, and goes into the form by a name that says so', async () => {
    const bytes = await picture(1, 500);
    expect(bytes.length).toBeGreaterThan(pastedPicture.pieceBytes);
    expect(await take(piecesOf(bytes, 'a'))).toEqual([undefined, undefined]);
    expect(await stored()).toEqual([keptName(await sha256Of(bytes), 'png')]);
    expect(added).toEqual([{ file: join(folder, keptName(await sha256Of(bytes), 'png')), name: 'Pasted picture' }]);
    expect(await readFile(added[0]?.file ?? '')).toEqual(bytes);
  });

  test('has the name of its file, without a path, and a number where there is one of that name', async () => {
    for (const [seed, name] of [
      [1, 'image.png'],
      [2, ''],
      [3, '../../etc/shot 1.png'],
      [4, 'C:\\me\\shot 1.png'],
    ] as const)
      await take(piecesOf(await picture(seed, 250), `paste-${seed}`, name));
    expect(names).toEqual([
      'Pasted picture',
      'Pasted picture (2)',
      'Pasted picture shot 1.png',
      'Pasted picture shot 1.png (2)',
    ]);
  });

  test('comes whole beside another that comes at the same time', async () => {
    const [one, other] = [await picture(1, 500), await picture(2, 500)];
    const [ones, others] = [piecesOf(one, 'one'), piecesOf(other, 'other')];
    await take(ones.flatMap((piece, index) => [piece, others[index]!]));
    expect((await Promise.all(added.map(({ file }) => readFile(file)))).map((bytes) => bytes.length)).toEqual([
      one.length,
      other.length,
    ]);
  });

  test('is given up with a sentence, once, when its pieces come in a wrong order, twice, or with another total', async () => {
    const bytes = await picture(1, 800);
    const pieces = piecesOf(bytes, 'a');
    expect(pieces.length).toBeGreaterThan(3);
    const [first, second, third] = pieces as [Piece, Piece, Piece];
    for (const wrong of [
      [first, third, ...pieces.slice(3)],
      [first, second, second, third],
      [first, { ...second, total: 54 }, third],
      [first, { ...second, data: second.data.slice(0, 400) }, third],
    ]) {
      const said = (await take(wrong)).filter((one) => one !== undefined);
      expect(said).toEqual(['The pasted picture did not come whole, so it was not taken. Paste it again.']);
    }
    expect(await take([second, third])).toEqual([undefined, undefined]);
    expect(added).toEqual([]);
    expect(await stored()).toEqual([]);
    expect(await take(pieces)).not.toContain(
      'The pasted picture did not come whole, so it was not taken. Paste it again.',
    );
    expect(added).toHaveLength(1);
  });

  test('that breaks off leaves nothing behind, and its rest is passed over', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const pieces = piecesOf(await picture(1, 500), 'a');
    await take(pieces.slice(0, 1));
    vi.advanceTimersByTime(60_000);
    expect(await take(pieces.slice(1))).toEqual([undefined]);
    expect(await stored()).toEqual([]);
    expect(added).toEqual([]);
  });

  test('of more than 20 MB is not taken, however many pieces say that it is less', async () => {
    const bytes = Buffer.concat([await picture(1), Buffer.alloc(pastedPicture.maxBytes)]);
    const pieces = piecesOf(bytes.subarray(0, pastedPicture.maxBytes + 1), 'a');
    expect(pieces.length).toBeLessThanOrEqual(pastedPicture.maxPieces);
    expect((await take(pieces)).at(-1)).toContain('more than 20 MB');
    expect(await stored()).toEqual([]);
  });

  test('that is none, lies about what it is, or ends early is not kept, and that is said', async () => {
    const whole = await picture(1, 250);
    const lying = Buffer.from(whole);
    lying.writeUInt32BE(9999, 16); // the width in its header
    for (const [bytes, words] of [
      [Buffer.from('<html>not a picture</html>'), 'does not hold a picture'],
      [whole.subarray(0, whole.length - 100), 'ends before its picture does'],
      [lying, 'Pasted picture'],
      [Buffer.concat([whole.subarray(0, 200), Buffer.alloc(whole.length - 200)]), 'Pasted picture'],
    ] as const) {
      const said = (await take(piecesOf(Buffer.from(bytes), 'a'))).at(-1);
      expect(said).toContain(words);
    }
    expect(added).toEqual([]);
    expect(await stored()).toEqual([]);
  });

  test('waits for others when many are on their way', async () => {
    const pieces = piecesOf(await picture(1, 500), 'x');
    const first = pieces[0]!;
    expect(await take(['a', 'b', 'c'].map((pasteId) => ({ ...first, pasteId })))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect((await take([{ ...first, pasteId: 'd' }]))[0]).toContain('Several pictures');
    await take([{ ...pieces[1]!, pasteId: 'a' }]);
    expect(added).toHaveLength(1);
    expect(await take([{ ...first, pasteId: 'd' }])).toEqual([undefined]);
  });
});

describe('pasted pictures that are kept', () => {
  test('stay while the form has them, and go when they were not used for long', async () => {
    await take([...piecesOf(await picture(1, 250), 'a'), ...piecesOf(await picture(2, 250), 'b')]);
    const [used, unused] = added.map(({ file }) => file) as [string, string];
    const old = new Date(Date.now() - 90 * 24 * 60 * 60 * 1000);
    for (const file of [used, unused]) await utimes(file, old, old);
    const uri = { scheme: 'file', fsPath: used } as vscode.Uri;
    await pasting.tidy([uri], { most: 0, before: Date.now() - 60_000 });
    expect(await stored()).toEqual([used.split('/').at(-1)]);
  });

  test('are all deleted when they are to be forgotten', async () => {
    expect(await stored()).toEqual([]);
    await take(piecesOf(await picture(1, 250), 'a'));
    await writeFile(join(folder, 'rest.part'), 'x');
    const files = await stored();
    await pasting.forget();
    expect(await readdir(folder)).toEqual([]);
    expect(deleted).toEqual(files.map((name) => join(folder, name)));
  });
});
