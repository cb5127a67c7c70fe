import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { emptyRequest } from '../../src/core/request.ts';
import { probeFolderInside } from '../../src/host/saving/folderProbe.ts';
import { probeVault, roomFor, vaultTrouble } from '../../src/host/vaultProbe.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'wan-probe-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const isRoot = process.getuid?.() === 0;

/** A file system of its own for the time of `work`; false where the system does not let us make one. */
async function mounted(options: string, work: (place: string) => Promise<void>): Promise<boolean> {
  const place = join(root, 'mounted');
  await mkdir(place);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', place], { stdio: 'ignore' });
  } catch {
    return false;
  }
  try {
    await work(place);
  } finally {
    execFileSync('umount', [place]);
  }
  return true;
}

test('a vault is made where it is missing, and nothing is left in it', async () => {
  const vault = join(root, 'deep', 'vault');
  const state = await probeVault(vault);
  expect('free' in state && state.free > 0).toBe(true);
  expect(await readdir(vault)).toEqual([]);
  expect(vaultTrouble(state, 1)).toBeUndefined();
});

test('a vault that is a file, or may not be written, is told before anything is paid', async () => {
  await writeFile(join(root, 'file'), '');
  expect(await probeVault(join(root, 'file'))).toMatchObject({ kind: 'not-writable' });
  if (isRoot) return; // root may write everywhere
  await chmod(root, 0o500);
  expect(await probeVault(root)).toMatchObject({ kind: 'not-writable', folder: root });
  await chmod(root, 0o700);
});

test('a vault on a disk that can only be read, or has too little room, is told', async (context) => {
  const isDone = await mounted('ro', async (place) => {
    expect(await probeVault(join(place, 'vault'))).toMatchObject({ kind: 'not-writable' });
  });
  context.skip(!isDone, 'this system does not let tests make a file system');
  await rm(join(root, 'mounted'), { recursive: true });
  await mounted('size=1m', async (place) => {
    const state = await probeVault(place);
    expect(vaultTrouble(state, roomFor(emptyRequest()))).toMatchObject({ kind: 'no-space' });
    expect(vaultTrouble(state, 1000)).toBeUndefined();
    await writeFile(join(place, 'filling'), Buffer.alloc(2_000_000)).catch(() => undefined);
    expect(vaultTrouble(await probeVault(place), 1000)).toMatchObject({ kind: 'no-space' });
  });
});

test('room is asked for by number and size of the pictures', () => {
  const one = roomFor(emptyRequest());
  expect(roomFor({ ...emptyRequest(), count: 4 })).toBeGreaterThan(3 * (one - 16 * 1024 * 1024));
  expect(roomFor({ ...emptyRequest(), imageSet: true, setMaxImages: 12 })).toBeGreaterThan(one * 5);
  expect(roomFor({ ...emptyRequest(), useCustomSize: true, customWidth: 768, customHeight: 768 })).toBeLessThan(one);
});

test('a save folder that is there, or can be made, is fine, and nothing is made', async () => {
  await mkdir(join(root, 'docs'));
  expect(await probeFolderInside(root, [])).toBeUndefined();
  expect(await probeFolderInside(root, ['docs'])).toBeUndefined();
  expect(await probeFolderInside(root, ['docs', 'images', 'deep'])).toBeUndefined();
  expect(await readdir(root)).toEqual(['docs']);
  expect(await readdir(join(root, 'docs'))).toEqual([]);
});

test('a save folder that is a file, leads out by a link, or can only be read, is told', async () => {
  const outside = await mkdtemp(join(tmpdir(), 'wan-outside-'));
  await writeFile(join(root, 'file'), '');
  await mkdir(join(root, 'docs'));
  await symlink(outside, join(root, 'out'));
  await symlink(join(root, 'docs'), join(root, 'in'));
  await symlink(join(root, 'nowhere'), join(root, 'dangling'));
  expect(await probeFolderInside(root, ['file'])).toBe('not-a-folder');
  expect(await probeFolderInside(root, ['file', 'images'])).toBe('not-a-folder');
  expect(await probeFolderInside(root, ['out'])).toBe('outside');
  expect(await probeFolderInside(root, ['out', 'images'])).toBe('outside');
  expect(await probeFolderInside(root, ['dangling'])).toBe('outside');
  expect(await probeFolderInside(root, ['in', 'images'])).toBeUndefined();
  await mounted('ro', async (place) => {
    expect(await probeFolderInside(root, ['mounted', 'images'])).toBe('read-only');
    expect(await readdir(place)).toEqual([]);
  });
  await rm(outside, { recursive: true });
});
