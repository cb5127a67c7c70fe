import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { makeFolderDurably } from '../../src/jobs/durable.ts';

const opened = vi.hoisted((): string[] => []);

vi.mock(import('node:fs/promises'), async (load) => {
  const real = await load();
  const open: typeof real.open = (file, ...rest) => {
    opened.push(String(file));
    return real.open(file, ...rest);
  };
  return { ...real, open };
});

test('a folder is made with every parent that was missing, each name durable in its own', async () => {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'durable-')));
  opened.length = 0;
  await makeFolderDurably(join(root, 'a', 'b', 'c', 'd'));
  const parents = [root, join(root, 'a'), join(root, 'a', 'b'), join(root, 'a', 'b', 'c')];
  expect(opened).toEqual(expect.arrayContaining(process.platform === 'win32' ? [] : parents));
  await rm(root, { recursive: true });
});
