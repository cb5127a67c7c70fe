import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { emptyLock, type LockedPicture, writeLock } from '../../src/core/setLock.ts';
import { renameFiles } from '../../src/host/setFiles/renaming.ts';

const editor = vi.hoisted(() => ({ root: '' }));

// As much of VS Code as paths and files need; the workspace is one folder of this disk.
vi.mock('vscode', async () => {
  const { readFile: read, unlink } = await import('node:fs/promises');
  const { posix } = await import('node:path');
  const uri = (path: string): object => ({ scheme: 'file', path, fsPath: path, toString: () => `file://${path}` });
  return {
    Uri: {
      file: uri,
      joinPath: (base: { path: string }, ...parts: string[]) => uri(posix.join(base.path, ...parts)),
    },
    l10n: {
      t: (text: string, ...args: unknown[]) => text.replaceAll(/\{(\d)\}/g, (_, at) => String(args[Number(at)])),
    },
    workspace: {
      get workspaceFolders() {
        return [{ uri: uri(editor.root), name: 'work', index: 0 }];
      },
      asRelativePath: ({ path }: { path: string }) => path.slice(editor.root.length + 1),
      fs: {
        readFile: ({ path }: { path: string }) => read(path),
        delete: ({ path }: { path: string }) => unlink(path),
      },
    },
  };
});

const bytes = Buffer.from('a picture');
const locked: LockedPicture = {
  words: '0'.repeat(64),
  sha256: createHash('sha256').update(bytes).digest('hex'),
  as: 'made',
};
let folder: string;
const fileOf = (name: string) => join(editor.root, name);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wan-renaming-'));
  editor.root = join(folder, 'work');
  await mkdir(editor.root);
  await writeFile(fileOf('a.wanset.lock.json'), writeLock({ ...emptyLock, pictures: { old: locked } }));
});
afterEach(() => rm(folder, { recursive: true }));

/** Gives the picture `old`, of an entry that is called `new` now and whose file stands there already, its name. */
async function rename(): Promise<string> {
  const picture = {
    entry: { name: 'new', prompt: 'A fox' },
    file: vscode.Uri.file(fileOf('new.png')),
    standing: { sha256: locked.sha256, isPlaceholder: false },
    former: { kind: 'renamed', from: 'old' },
  };
  const view = { uri: vscode.Uri.file(fileOf('a.wanset.json')), set: { pictures: [] } };
  const parts = {
    kept: {},
    saver: { saveExactly: () => expect.unreachable('it is there') },
    log: { error: console.error },
  };
  return (await renameFiles({ view, pictures: [picture] } as never, parts as never)).text;
}

test('a file that only is another name of the renamed picture stays, and that is said', async () => {
  await writeFile(fileOf('old.png'), bytes);
  await symlink('old.png', fileOf('new.png'));
  expect(await rename()).toContain('old.png');
  expect(await readFile(fileOf('new.png'))).toEqual(bytes);
});

test.each([
  ['a copy', async () => Promise.all([writeFile(fileOf('old.png'), bytes), writeFile(fileOf('new.png'), bytes)])],
  [
    'a hard link, which leaves the other one whole',
    async () => (await writeFile(fileOf('new.png'), bytes), link(fileOf('new.png'), fileOf('old.png'))),
  ],
])('the former file goes where it is %s', async (_, prepare) => {
  await prepare();
  await rename();
  expect(await readFile(fileOf('new.png'))).toEqual(bytes);
  expect(existsSync(fileOf('old.png'))).toBe(false);
});
