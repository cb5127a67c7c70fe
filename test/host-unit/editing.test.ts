import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { emptyRequest, type InputImage } from '../../src/core/request.ts';
import { BoxMemory } from '../../src/host/editing/boxMemory.ts';
import { editedInput } from '../../src/host/editing/editedInput.ts';
import { KeptBytes, keptName, sha256Of } from '../../src/host/editing/keptBytes.ts';
import { verifyFile } from '../../src/host/inspectPicture.ts';
import { Previews } from '../../src/host/editing/previews.ts';
import { Replacements } from '../../src/host/editing/replacements.ts';
import { hasReplacements } from '../../src/host/editing/replacementsLeft.ts';
import { tidyKept, usualRoom } from '../../src/host/editing/tidying.ts';
import type { JobSource } from '../../src/jobs/record.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wan-editing-'));
});

afterEach(() => rm(folder, { recursive: true }));

const facts = {
  format: 'png',
  width: 400,
  height: 300,
  byteLength: 3,
  hasAlpha: false,
  animated: false,
  orientation: 1,
  isCmyk: false,
  isDeep: false,
};
const box = { x1: 1, y1: 2, x2: 30, y2: 40 };

describe('boxes of a picture', () => {
  const memento = () => {
    const stored = new Map<string, unknown>();
    return {
      get: (key: string) => stored.get(key),
      update: async (key: string, value: unknown) =>
        void stored.set(key, value === undefined ? undefined : JSON.parse(JSON.stringify(value))),
    };
  };
  const size = { width: 400, height: 300 };

  test('are there again when it is opened again, as long as it has the size it had', async () => {
    const store = memento() as ConstructorParameters<typeof BoxMemory>[0];
    await new BoxMemory(store).remember('file:///a.png', size, [box]);
    expect(new BoxMemory(store).recall('file:///a.png', size)).toEqual([box]);
    expect(new BoxMemory(store).recall('file:///a.png', { width: 300, height: 400 })).toEqual([]);
    expect(new BoxMemory(store).recall('file:///b.png', size)).toEqual([]);
  });

  test('are known to be outdated when it has another size, until they are drawn anew', async () => {
    const store = memento() as ConstructorParameters<typeof BoxMemory>[0];
    const boxes = new BoxMemory(store);
    const other = { width: 400, height: 299 };
    await boxes.remember('file:///a.png', size, [box]);
    expect([size, other].map((now) => boxes.isOutdated('file:///a.png', now))).toEqual([false, true]);
    expect(boxes.isOutdated('file:///b.png', other)).toBe(false);
    await boxes.remember('file:///a.png', other, [box]);
    expect([size, other].map((now) => boxes.isOutdated('file:///a.png', now))).toEqual([true, false]);
    expect(boxes.recall('file:///a.png', other)).toEqual([box]);
  });

  test('are known to be of other content when the file is another one of the same size, where both are known', async () => {
    const store = memento() as ConstructorParameters<typeof BoxMemory>[0];
    const boxes = new BoxMemory(store);
    const isOther = (sha256: string | undefined, now = size) => boxes.isOtherContent('file:///a.png', now, sha256);
    await boxes.remember('file:///a.png', size, [box]);
    expect(isOther('one')).toBe(false);
    await boxes.remember('file:///a.png', size, [box], 'one');
    expect([isOther('one'), isOther('two'), isOther(undefined)]).toEqual([false, true, false]);
    // Another size is told in other words, and a picture without boxes not at all.
    expect(isOther('two', { width: 1, height: 1 })).toBe(false);
    expect(boxes.isOtherContent('file:///b.png', size, 'two')).toBe(false);
    // They are of no use less than of the right picture: they stay.
    expect(boxes.recall('file:///a.png', size)).toEqual([box]);
    await boxes.remember('file:///a.png', size, [box], 'two');
    expect(isOther('two')).toBe(false);
  });

  test('are kept of the hundred pictures that were drawn on last, and forgotten of all at once', async () => {
    const store = memento() as ConstructorParameters<typeof BoxMemory>[0];
    const boxes = new BoxMemory(store);
    for (let index = 0; index <= 100; index++) await boxes.remember(`file:///${index}.png`, size, [box]);
    expect(boxes.pictures).toBe(100);
    expect(boxes.recall('file:///0.png', size)).toEqual([]);
    expect(boxes.recall('file:///1.png', size)).toEqual([box]);
    await boxes.forget();
    expect(boxes.pictures).toBe(0);
    expect(new BoxMemory(store).recall('file:///1.png', size)).toEqual([]);
  });

  test('are forgotten when they are deleted', async () => {
    const store = memento() as ConstructorParameters<typeof BoxMemory>[0];
    const boxes = new BoxMemory(store);
    await boxes.remember('file:///a.png', size, [box]);
    await boxes.remember('file:///a.png', size, []);
    expect(boxes.recall('file:///a.png', size)).toEqual([]);
  });

  test('are not remembered where they are more than anybody has drawn', async () => {
    const store = memento() as ConstructorParameters<typeof BoxMemory>[0];
    const boxes = new BoxMemory(store);
    await boxes.remember('file:///a.png', size, [box]);
    await boxes.remember(
      'file:///a.png',
      size,
      Array.from({ length: 10_000 }, () => box),
    );
    await boxes.remember('file:///a.png', size, [{ ...box, label: 'x'.repeat(100_000) }]);
    expect(boxes.recall('file:///a.png', size)).toEqual([box]);
  });

  test('survive a store that holds something else', () => {
    const store = { get: () => ({ not: 'boxes' }), update: async () => undefined } as unknown as ConstructorParameters<
      typeof BoxMemory
    >[0];
    expect(new BoxMemory(store).recall('file:///a.png', size)).toEqual([]);
  });
});

describe('kept bytes', () => {
  test('are read as they were kept, and kept once', async () => {
    const kept = new KeptBytes(join(folder, 'kept'));
    const bytes = Buffer.from('old picture');
    const name = await kept.keep(bytes, await sha256Of(bytes), 'JPG');
    expect(name).toBe(keptName(await sha256Of(bytes), 'jpg'));
    await kept.keep(bytes, await sha256Of(bytes), 'jpg');
    expect(await readdir(join(folder, 'kept'))).toEqual([name]);
    expect(await kept.read(name)).toEqual(bytes);
  });

  test('are written anew where what is kept under their name is damaged', async () => {
    const kept = new KeptBytes(folder);
    const bytes = Buffer.from('old picture');
    const name = await kept.keep(bytes, await sha256Of(bytes), 'png');
    await writeFile(kept.fileOf(name), 'OLD PICTURE');
    await kept.keep(bytes, await sha256Of(bytes), 'png');
    expect(await kept.read(name)).toEqual(bytes);
  });

  test('have a name that every disk takes, whatever stands after the last dot of a path', async () => {
    const kept = new KeptBytes(folder);
    const bytes = Buffer.from('old picture');
    const name = await kept.keep(bytes, await sha256Of(bytes), `d/${'a-folder/'.repeat(40)}picture`);
    expect(await kept.read(name)).toEqual(bytes);
    expect(name.length).toBeLessThan(90);
  });

  test('are not given out when they are not what they were, or gone', async () => {
    const kept = new KeptBytes(folder);
    const bytes = Buffer.from('old picture');
    const name = await kept.keep(bytes, await sha256Of(bytes), '../png');
    expect(await readdir(folder)).toEqual([name]);
    await writeFile(kept.fileOf(name), 'other bytes');
    expect(await kept.read(name)).toBeUndefined();
    expect(await kept.read(keptName('0'.repeat(64), 'png'))).toBeUndefined();
  });
});

describe('kept bytes without end', () => {
  const day = 24 * 60 * 60 * 1000;
  const now = Date.now();

  async function keepFor(kept: KeptBytes, text: string, days: number): Promise<string> {
    const name = await kept.keep(Buffer.from(text), await sha256Of(Buffer.from(text)), 'png');
    const usedAt = new Date(now - days * day);
    await utimes(kept.fileOf(name), usedAt, usedAt);
    return name;
  }

  test('lose what was not used for longest, as much as is needed and nothing of the last thirty days', async () => {
    const kept = new KeptBytes(join(folder, 'kept'));
    const replacements = new Replacements(join(folder, 'replacements'));
    const [old, older, oldest] = [
      await keepFor(kept, 'old picture', 40),
      await keepFor(kept, 'older image', 50),
      await keepFor(kept, 'oldest ones', 60),
    ];
    const recent = await keepFor(kept, 'new picture', 29);
    await replacements.add({ uri: 'file:///a.png', resultId: 'a', former: oldest, sha256: 'a' }, now - 60 * day);
    const undoable = await replacements.add({ uri: 'file:///b.png', resultId: 'b', former: recent, sha256: 'b' }, now);

    await tidyKept(kept, replacements, { ...usualRoom(now), most: 44 });
    expect(await readdir(join(folder, 'kept'))).toHaveLength(4);
    await tidyKept(kept, replacements, { ...usualRoom(now), most: 22 });
    expect((await readdir(join(folder, 'kept'))).toSorted()).toEqual([old, recent].toSorted());
    await tidyKept(kept, replacements, { ...usualRoom(now), most: 0 });
    expect(await readdir(join(folder, 'kept'))).toEqual([recent]);
    expect(older).not.toBe(old);
    await replacements.load();
    expect(replacements.latest).toEqual(undoable);
    expect(replacements.byResult('a')).toBeUndefined();
  });

  test('count what is kept again, or read, as used', async () => {
    const kept = new KeptBytes(join(folder, 'kept'));
    const again = await keepFor(kept, 'sent twice', 60);
    const looked = await keepFor(kept, 'looked at', 60);
    await kept.keep(Buffer.from('sent twice'), await sha256Of(Buffer.from('sent twice')), 'png');
    await kept.read(looked);
    await tidyKept(kept, new Replacements(join(folder, 'replacements')), { ...usualRoom(now), most: 0 });
    expect((await readdir(join(folder, 'kept'))).toSorted()).toEqual([again, looked].toSorted());
  });

  test('are nothing to do where nothing was ever kept', async () => {
    await tidyKept(new KeptBytes(join(folder, 'none')), new Replacements(join(folder, 'none')), {
      ...usualRoom(now),
      most: 0,
    });
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('replacements', () => {
  const one = { uri: 'file:///a.png', resultId: 'job-0', former: 'x.png', sha256: 'aa' };

  test('are known to the next window, the latest first to be undone', async () => {
    const first = new Replacements(folder);
    await first.add(one, 1000);
    const latest = await first.add({ ...one, resultId: 'job-1', sha256: 'bb' }, 2000);
    const next = new Replacements(folder);
    await next.load();
    expect(next.latest).toEqual(latest);
    expect(next.isOurs('file:///a.png', 'aa')).toBe(true);
    expect(next.isOurs('file:///b.png', 'aa')).toBe(false);
    expect(await hasReplacements(folder)).toBe(true);
  });

  test('show as the state of a file only while no later one took the place', async () => {
    const replacements = new Replacements(folder);
    const first = await replacements.add(one, 1000);
    const second = await replacements.add({ ...one, resultId: 'job-1' }, 2000);
    expect(replacements.byResult('job-0')).toBeUndefined();
    expect(replacements.byResult('job-1')).toEqual(second);
    await replacements.remove(second.id);
    expect(replacements.byResult('job-0')).toEqual(first);
    await replacements.remove(first.id);
    expect(await hasReplacements(folder)).toBe(false);
  });

  test('that cannot be read are left alone', async () => {
    await writeFile(join(folder, '000-bad.json'), '{"version":2}');
    await writeFile(join(folder, '001-torn.json'), '{"vers');
    const replacements = new Replacements(folder);
    await replacements.load();
    expect(replacements.latest).toBeUndefined();
    expect(await readdir(folder)).toHaveLength(2);
    expect(await hasReplacements(join(folder, 'never made'))).toBe(false);
  });
});

describe('the picture that an answer is an edit of', () => {
  const input = (id: string, boxes: InputImage['boxes'] = []): InputImage => ({ id, name: id, boxes });
  const source = (id: string): JobSource => ({ id, uri: `file:///${id}`, sha256: id, facts });
  const edited = (inputs: InputImage[], sources: JobSource[]) =>
    editedInput({ asked: { ...emptyRequest(), inputs }, sources });

  test('is the last one with boxes, else the last', () => {
    expect(edited([input('a', [box]), input('b')], [source('a'), source('b')])).toMatchObject({
      source: { id: 'a' },
      isLast: false,
    });
    expect(edited([input('a'), input('b')], [source('a'), source('b')])).toMatchObject({
      source: { id: 'b' },
      isLast: true,
      background: '#ffffff',
    });
  });

  test('is none where the picture came by address, or nothing was sent along', () => {
    expect(edited([{ ...input('a'), url: 'https://example.org/a.png' }], [])).toBeUndefined();
    const byAddress = { ...input('a'), url: 'https://example.org/a.png' };
    expect(edited([input('a'), byAddress], [source('a')])).toBeUndefined();
    expect(editedInput({})).toBeUndefined();
  });
});

describe('a preview', () => {
  const pixels = {
    preview: async () => ({ format: 'webp' as const, width: 1, height: 1, bytes: Buffer.from('drawn') }),
  };
  const bytes = { file: undefined, read: async () => Buffer.from('as it is') };
  const isWhole = async () => undefined;

  test('is a copy where a browser shows the picture as it is, and drawn where not', async () => {
    const previews = new Previews(folder, pixels, isWhole);
    expect(await previews.of('upright', facts, bytes)).toBe(join(folder, 'upright.png'));
    expect(await previews.of('turned', { ...facts, format: 'webp', orientation: 6 }, bytes)).toBe(
      join(folder, 'turned.webp'),
    );
    expect(await previews.of('drawing', { ...facts, format: 'svg' }, bytes)).toBe(join(folder, 'drawing.webp'));
  });

  test('is made once, also when it is asked for twice at a time', async () => {
    const previews = new Previews(folder, pixels, isWhole);
    let count = 0;
    const counted = { file: undefined, read: async () => Buffer.from(String(++count)) };
    await Promise.all([previews.of('same', facts, counted), previews.of('same', facts, counted)]);
    await previews.of('same', facts, counted);
    expect(count).toBe(1);
  });

  test('is not made of a damaged picture, which leaves nothing behind', async () => {
    const half = (
      await sharp({ create: { width: 400, height: 300, channels: 3, background: 'red' } })
        .png()
        .toBuffer()
    ).subarray(0, -20);
    const damaged = { file: undefined, read: async () => half };
    const previews = new Previews(folder, pixels, verifyFile);
    await expect(previews.of('half', facts, damaged)).rejects.toMatchObject({ kind: 'truncated' });
    expect(await readdir(folder)).toEqual([]);
  });

  test('that cannot be made leaves nothing behind', async () => {
    const failing = { file: undefined, read: () => Promise.reject(new Error('gone')) };
    await expect(new Previews(folder, pixels, isWhole).of('never', facts, failing)).rejects.toThrow('gone');
    expect(await readdir(folder)).toEqual([]);
  });
});
