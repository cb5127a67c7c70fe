import { mkdtemp, mkdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { serviceFolderName, storageKey } from '../../src/host/storageKey.ts';
import { hasWorkLeft } from '../../src/host/workLeft.ts';

describe('the folder of a workspace', () => {
  const key = (folders: string[], workspaceFile?: string) => storageKey({ folders, workspaceFile });

  test('is the same in every window on the same folders, whatever their order', () => {
    expect(key(['file:///a', 'file:///b'])).toBe(key(['file:///b', 'file:///a/']));
    expect(key(['file:///a'])).toMatch(/^[0-9a-f]{16}$/);
  });

  test('is another one for other folders', () => {
    expect(new Set([key(['file:///a']), key(['file:///b']), key(['file:///a', 'file:///b']), key([])]).size).toBe(4);
  });

  test('goes by the workspace file where there is one', () => {
    expect(key(['file:///a'], 'file:///w.code-workspace')).toBe(key(['file:///b'], 'file:///w.code-workspace'));
  });

  test('an empty window has one too', () => {
    expect(key([])).toBe('no-folder');
  });
});

test('jobs of one service are kept apart from those of another', () => {
  const names = [
    serviceFolderName({ mode: 'practice' }),
    serviceFolderName({ mode: 'live', address: 'https://a.example' }),
    serviceFolderName({ mode: 'live', address: 'https://b.example' }),
  ];
  expect(new Set(names).size).toBe(3);
});

describe('whether a journal is worth opening', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wan-journal-'));
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function keepJob(id: string, state: string, isTold = false): Promise<string> {
    const job = join(folder, id);
    await mkdir(job);
    await writeFile(join(job, 'job.json'), JSON.stringify({ version: 1, id, status: { state } }));
    if (isTold) await writeFile(join(job, 'announced'), '');
    return job;
  }

  const now = Date.now();

  test('not when there is none, or an empty one', async () => {
    expect(await hasWorkLeft(join(folder, 'none'), 'unfinished or untold', now)).toBe(false);
    await writeFile(join(folder, 'bell'), '');
    expect(await hasWorkLeft(folder, 'unfinished or untold', now)).toBe(false);
  });

  test.each(['prepared', 'sending', 'accepted', 'collecting'])('a job that is %s is', async (state) => {
    await keepJob('a', state);
    expect(await hasWorkLeft(folder, 'unfinished', now)).toBe(true);
  });

  test.each(['done', 'failed'])('one that is %s is until somebody was told', async (state) => {
    await keepJob('a', state);
    expect(await hasWorkLeft(folder, 'unfinished or untold', now)).toBe(true);
    expect(await hasWorkLeft(folder, 'unfinished', now)).toBe(false);
    await keepJob('b', state, true);
    await writeFile(join(folder, 'a', 'announced'), '');
    expect(await hasWorkLeft(folder, 'unfinished or untold', now)).toBe(false);
  });

  test('what nobody has touched for weeks is history', async () => {
    const job = await keepJob('a', 'accepted');
    const longAgo = new Date(now - 20 * 24 * 60 * 60 * 1000);
    await utimes(job, longAgo, longAgo);
    expect(await hasWorkLeft(folder, 'unfinished or untold', now)).toBe(false);
  });
});
