import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { EditedInput } from '../../src/host/editing/editedInput.ts';
import { InsideFiles, type OneAnswer, pathOf } from '../../src/host/editing/insideFiles.ts';
import { KeptBytes, sha256Of } from '../../src/host/editing/keptBytes.ts';
import { SourceError } from '../../src/host/editing/sourceError.ts';
import { createPixels, type Pixels } from '../../src/pixels/client.ts';

let pixels: Pixels;
beforeAll(() => {
  pixels = createPixels(fileURLToPath(new URL('../../src/pixels/worker.ts', import.meta.url)));
});
afterAll(() => pixels.dispose());

let folder: string;
let kept: KeptBytes;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wan-inside-'));
  kept = new KeptBytes(join(folder, 'kept'));
});
afterEach(() => rm(folder, { recursive: true }));

const size = { width: 300, height: 200 };
const box = { x1: 100, y1: 50, x2: 200, y2: 150 };
const plain = (background: string) => sharp({ create: { ...size, channels: 3, background } });

/** An answer all in red to an edit of a grey picture, in a vault; `readSource` is what the file of the source holds now. */
async function anAnswer(
  format: 'png' | 'jpeg',
  readSource: (uri: string) => Promise<Uint8Array> = () => Promise.reject(new SourceError('gone', 'a.png')),
): Promise<{ files: InsideFiles; one: OneAnswer; source: Buffer; keep: () => Promise<unknown> }> {
  const source = await plain('#808080').toFormat(format).toBuffer();
  const sha256 = await sha256Of(source);
  const vault = join(folder, 'job');
  await mkdir(vault);
  const file = join(vault, '0.png');
  await writeFile(file, await plain('#ff0000').resize(600, 400).png().toBuffer());
  const facts = {
    ...size,
    format,
    byteLength: source.length,
    hasAlpha: false,
    animated: false,
    orientation: 1,
    isCmyk: false,
    isDeep: false,
  };
  const edited: EditedInput = {
    input: { id: 'a', name: 'a picture', boxes: [box] },
    source: { id: 'a', uri: 'file:///a.png', sha256, facts },
    background: '#ffffff',
    isLast: true,
  };
  return {
    files: new InsideFiles({ pixels, kept, readSource }),
    one: { result: { id: 'job-0' }, file, edited },
    source,
    keep: () => kept.keep(source, sha256, format === 'jpeg' ? 'jpg' : 'png'),
  };
}

/** Red of the pixel in the middle of the box, and of the one in the corner of the picture. */
async function reds(file: string): Promise<[number, number]> {
  const { data, info } = await sharp(file).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return [data[(100 * info.width + 150) * info.channels]!, data[0]!];
}

describe('an answer inside its boxes', () => {
  test('is a file beside the answer, which stays as it came, and is made once', async () => {
    const { files, one, keep } = await anAnswer('png');
    await keep();
    const before = await readFile(one.file);
    const [made, again] = await Promise.all([files.make(one, 'inside'), files.make(one, 'inside')]);
    expect(again).toEqual(made);
    expect(made).toMatchObject({ ...size, format: 'png', outside: 'identical' });
    const path = pathOf(one.file, made.file);
    expect(made.byteLength).toBe((await stat(path)).size);
    expect(await reds(path)).toEqual([255, 128]);
    expect(await readFile(one.file)).toEqual(before);
    const { mtimeMs } = await stat(path);
    expect(
      await new InsideFiles({ pixels, kept, readSource: () => Promise.reject(new Error()) }).make(one, 'inside'),
    ).toEqual(made);
    expect((await stat(path)).mtimeMs).toBe(mtimeMs);
  });

  test('is made again where it is gone, cut off, or its note cannot be read', async () => {
    const { files, one, keep } = await anAnswer('png');
    await keep();
    const made = await files.make(one, 'inside');
    const path = pathOf(one.file, made.file);
    const note = pathOf(one.file, 'job-0-inside.json');
    const damages = [
      () => rm(path),
      () => writeFile(path, 'PNG'),
      () => writeFile(note, '{"file":'),
      () => writeFile(note, '{}'),
    ];
    for (const damage of damages) {
      await damage();
      expect(await files.make(one, 'inside')).toEqual(made);
      expect(await reds(path)).toEqual([255, 128]);
    }
  });

  test('of a JPEG is nearly the same outside, and as PNG the very same', async () => {
    const { files, one, keep } = await anAnswer('jpeg');
    await keep();
    expect(await files.make(one, 'inside')).toMatchObject({ format: 'jpeg', outside: 'nearly' });
    const exact = await files.make(one, 'inside-png');
    expect(exact).toMatchObject({ format: 'png', outside: 'identical' });
    expect(await reds(pathOf(one.file, exact.file))).toEqual([255, 128]);
    expect((await readdir(join(folder, 'job', 'inside'))).toSorted()).toEqual([
      'job-0-inside-png.json',
      'job-0-inside-png.png',
      'job-0-inside.jpg',
      'job-0-inside.json',
    ]);
  });

  test('of a crop is put back in all of the crop or in its boxes alone, with the picture around it as it was', async () => {
    const { files, one, keep } = await anAnswer('png');
    await keep();
    const crop = { x1: 60, y1: 20, x2: 240, y2: 180 };
    const ofCrop = { ...one, edited: { ...one.edited, source: { ...one.edited.source, crop } } };
    const [back, inside] = [await files.make(ofCrop, 'crop'), await files.make(ofCrop, 'inside')];
    expect([back, inside]).toMatchObject([
      { ...size, outside: 'identical' },
      { ...size, outside: 'identical' },
    ]);
    // Outside the box, but in the crop and beyond the feather at its edge; then where the edge itself is.
    const at = async (made: typeof back, x: number, y: number): Promise<number | undefined> => {
      const { data, info } = await sharp(pathOf(one.file, made.file)).raw().toBuffer({ resolveWithObject: true });
      return data[(y * info.width + x) * info.channels];
    };
    expect([await at(back, 220, 100), await at(inside, 220, 100)]).toEqual([255, 128]);
    expect([await at(back, 59, 100), await at(back, 240, 100)]).toEqual([128, 128]);
    const png = await files.make(ofCrop, 'crop-png');
    expect(png).toMatchObject({ format: 'png', outside: 'identical' });
    expect([await at(png, 220, 100), await at(png, 59, 100)]).toEqual([255, 128]);
    const edge = (await at(back, 62, 100)) ?? 0;
    expect(edge > 128 && edge < 255, String(edge)).toBe(true);
  });

  test('needs the source as it was sent: the copy from then, or the file where it is still the same', async () => {
    let standing: Uint8Array = new Uint8Array([1, 2, 3]);
    const { files, one, source } = await anAnswer('png', () => Promise.resolve(standing));
    await expect(files.make(one, 'inside')).rejects.toMatchObject({ kind: 'changed', place: 'a picture' });
    await expect(files.leak(one)).rejects.toMatchObject({ kind: 'changed' });
    standing = new Uint8Array(source);
    expect(await files.make(one, 'inside')).toMatchObject({ outside: 'identical' });
  });

  test('cannot be made where source or answer is gone, or the disk takes nothing, and each is known by its kind', async () => {
    const { files, one, keep } = await anAnswer('png');
    await expect(files.make(one, 'inside')).rejects.toMatchObject({ kind: 'gone' });
    await keep();
    await writeFile(join(folder, 'job', 'inside'), 'a file where the folder would be');
    await expect(files.make(one, 'inside')).rejects.toMatchObject({ kind: 'disk' });
    await rm(join(folder, 'job', 'inside'));
    await rm(one.file);
    await expect(files.make(one, 'inside')).rejects.toMatchObject({ kind: 'lost' });
    expect(files.isMaking(one, 'inside')).toBe(false);
  });
});

test('what the whole answer changed outside is measured once, with a map of it', async () => {
  const { files, one, keep } = await anAnswer('png');
  await keep();
  const leak = await files.leak(one);
  expect(leak).toMatchObject({ share: 1, outside: 'identical' });
  expect(await sharp(pathOf(one.file, leak.file)).metadata()).toMatchObject({ ...size, format: 'png' });
  await writeFile(one.file, 'not looked at again');
  expect(await files.leak(one)).toEqual(leak);
});
