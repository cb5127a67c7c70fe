import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { PictureFile } from '../../src/service/pictureFile.ts';

const synced = vi.hoisted((): string[] => []);

vi.mock(import('node:fs/promises'), async (load) => {
  const real = await load();
  const open: typeof real.open = async (file, ...rest) => {
    const handle = await real.open(file, ...rest);
    const sync = handle.sync.bind(handle);
    return Object.assign(handle, { sync: () => sync().then(() => void synced.push(String(file))) });
  };
  return { ...real, open };
});

test.skipIf(process.platform === 'win32')(
  'a picture that came as text is durable with its name, and so is every folder that was made for it',
  async () => {
    const root = await realpath(await mkdtemp(join(tmpdir(), 'picture-')));
    const picture = await PictureFile.open(join(root, 'a', 'b'), 1000);
    expect(synced).toEqual([join(root, 'a'), root]);
    await picture.add(Buffer.from(Buffer.from('a picture').toString('base64')));
    await picture.end();
    expect(synced.slice(2)).toEqual([picture.file, dirname(picture.file)]);
    expect(await readFile(picture.file, 'utf8')).toBe('a picture');
    await rm(root, { recursive: true });
  },
);
