import * as vscode from 'vscode';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { fileNamed } from '../../src/host/agents/agentPaths.ts';
import { wantedFile } from '../../src/host/missing/wantedFile.ts';
import { isPortable } from '../../src/host/saving/fileName.ts';
import { targetTrouble } from '../../src/host/saving/fixedTarget.ts';
import { folderParts, isInside } from '../../src/host/saving/insideFolder.ts';
import { insideOf } from '../../src/host/saving/markdownDestination.ts';
import { SaveError } from '../../src/host/saving/saveError.ts';

const editor = vi.hoisted(() => ({ roots: [] as { name: string; path: string; authority: string }[] }));

// The rules of Windows for paths, on whatever system the tests run.
vi.mock('node:path', async (original) => (await original<typeof import('node:path')>()).win32);

// Addresses as VS Code has them on Windows: the drive is large or small in a path, and small in the text of an address.
vi.mock('vscode', async () => {
  const { win32 } = await vi.importActual<typeof import('node:path')>('node:path');
  interface Address {
    readonly scheme: string;
    readonly authority: string;
    readonly path: string;
    with(change: { readonly path: string }): Address;
    toString(): string;
  }
  const uri = (authority: string, path: string): Address => ({
    scheme: 'file',
    authority,
    path,
    with: (change) => uri(authority, change.path),
    toString: () => `file://${authority}${path.replace(/^\/[A-Z]:/, (drive) => drive.toLowerCase())}`,
  });
  const file = (written: string) => {
    const path = written.replaceAll('\\', '/');
    const [, authority, rest] = /^\/\/([^/]*)(\/.*)?$/.exec(path) ?? [];
    return authority === undefined ? uri('', path.startsWith('/') ? path : `/${path}`) : uri(authority, rest ?? '/');
  };
  const folders = () =>
    editor.roots.map(({ name, path, authority }, index) => ({ name, index, uri: uri(authority, path) }));
  return {
    Uri: {
      file,
      parse: (text: string) => {
        const [, authority = '', path = ''] = /^file:\/\/([^/]*)(\/.*)$/.exec(text) ?? [];
        return uri(authority, path);
      },
      joinPath: ({ authority, path }: Address, ...parts: string[]) => {
        const from = authority === '' ? path.slice(1) : `//${authority}${path}`;
        return uri(authority, file(win32.join(from, ...parts)).path);
      },
    },
    l10n: {
      t: (text: string, ...args: unknown[]) => text.replaceAll(/\{(\d)\}/g, (_, at) => String(args[Number(at)])),
    },
    workspace: {
      fs: { isWritableFileSystem: () => true },
      get workspaceFolders() {
        return folders();
      },
      // Letters are no matter to it on Windows.
      getWorkspaceFolder: ({ authority, path }: Address) =>
        folders().find(
          ({ uri: root }) =>
            root.authority === authority &&
            (path.toLowerCase() === root.path.toLowerCase() ||
              path.toLowerCase().startsWith(`${root.path.toLowerCase()}/`)),
        ),
      asRelativePath: ({ path }: Address) => path,
    },
  };
});

const app = { name: 'app', path: '/c:/Work/app', authority: '' };
const share = { name: 'share', path: '/team/app', authority: 'server' };

afterEach(() => void vi.unstubAllGlobals());

const kindOf = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error instanceof SaveError ? error.kind : error;
  }
};

test.each<[string, string[] | string]>([
  ['docs\\images', ['docs', 'images']],
  ['.\\docs/images\\', ['docs', 'images']],
  ['docs\\..\\..\\x', 'bad-folder'],
  ['..\\images', 'bad-folder'],
  ['\\images', 'bad-folder'],
  ['C:images', 'bad-folder'],
  ['C:\\images', 'bad-folder'],
  ['\\\\server\\share', 'bad-folder'],
  ['//server/share', 'bad-folder'],
  ['\\\\?\\C:\\images', 'bad-folder'],
  ['con', 'bad-name'],
  ['docs\\aux', 'bad-name'],
  ['Lpt1.old/images', 'bad-name'],
  ['images.', 'bad-name'],
  ['images ', 'bad-name'],
  ['... /x', 'bad-name'],
  ['.. \\x', 'bad-name'],
  ['docs/a:hidden', 'bad-name'],
  ['docs\\C:\\x', 'bad-name'],
  ['what?', 'bad-name'],
  ['${publicRoot}\\images', ['${publicRoot}', 'images']],
  ['console/.github/v1.2', ['console', '.github', 'v1.2']],
])('the save folder %s is %j', (setting, parts) => expect(kindOf(() => folderParts(setting))).toEqual(parts));

test.each<[string, boolean]>([
  ['C:\\Work\\app\\images', true],
  ['c:\\work\\APP\\images', true],
  ['C:\\Work\\app', true],
  ['C:\\Work\\app\\..fox', true],
  ['C:\\Work\\apple', false],
  ['C:\\Work', false],
  ['D:\\Work\\app\\images', false],
  ['\\\\server\\team\\app', false],
  ['\\\\.\\con', false],
])('a folder that is really %s is inside: %s', (real, inside) => expect(isInside('C:\\Work\\app', real)).toBe(inside));

test.each([
  ['/c:/Work/app/docs/a.png', { folder: ['docs'], name: 'a' }],
  ['/d:/Work/app/docs/a.png', 'outside'],
  ['/c:/Work/other/a.png', 'outside'],
])('a copied file at %s is %j', (path, place) => expect(kindOf(() => insideOf('/c:/Work/app', path))).toEqual(place));

test.each(['con.png', 'NUL.tar.webp', 'com¹.png', 'a:b.png', 'fox?.png', 'a\\b.png', 'dot.', 'space '])(
  '%j is no name on every system',
  (name) => expect(isPortable(name)).toBe(false),
);

test.each(['console.png', '.hidden.png', 'a.b.png', '夜明け.png', 'a fox (2).png'])('%j is one', (name) =>
  expect(isPortable(name)).toBe(true),
);

test('before anything is paid, a file that another picture will be saved as is refused, in whatever case', async () => {
  editor.roots = [app];
  const file = 'file:///c:/Work/app/images/a.png';
  expect(await targetTrouble([file], [], new Set([file.replace('a.png', 'A.PNG')]))).toMatchObject({
    kind: 'promised',
  });
});

test.each([
  ['/c:/Work/app/images/con.png', 'bad-name'],
  ['/c:/Work/app/images/Aux.x.png', 'bad-name'],
  ['/c:/Work/app/images/fox.png:hidden.png', 'bad-name'],
  ['/c:/Work/app/..\\images\\a.png', 'bad-name'],
  ['/c:/Work/app/a\\..\\..\\b/a.png', 'bad-name'],
  ['/c:/Work/other/a.png', 'outside'],
  ['/d:/Work/app/a.png', 'outside'],
])('before anything is paid, the file %s is refused: %s', async (path, kind) => {
  editor.roots = [app];
  expect(await targetTrouble([`file://${path}`])).toMatchObject({ kind });
});

test.each([
  ['..\\images\\a.png', '/c:/Work/app/images/a.png'],
  ['..\\..\\other\\a.png', undefined],
  ['../..\\..\\a.png', undefined],
  ['\\images\\a.png', '/c:/Work/app/docs/images/a.png'],
  ['/images\\a.png', '/c:/Work/app/images/a.png'],
  ['/..\\a.png', undefined],
])('a document that names %s means %s', async (path, file) => {
  editor.roots = [app];
  const sites = { siteOf: async () => ({ root: vscode.Uri.file('c:\\Work\\app'), framework: 'plain' as const }) };
  const wanted = await wantedFile(vscode.Uri.file('c:\\Work\\app\\docs\\page.md'), path, sites);
  expect(wanted?.path).toBe(file);
});

test.each(['con', 'images.', 'a:b', 'AUX.old/x'])(
  'before anything is paid, the folder %s is refused on Windows, where it cannot be made',
  async (folder) => {
    editor.roots = [app];
    vi.stubGlobal('process', { ...process, platform: 'win32' });
    expect(await targetTrouble([`file:///c:/Work/app/${folder}/a.png`])).toMatchObject({ kind: 'bad-name' });
  },
);

describe('the path of a caller on Windows', () => {
  function named(path: string, ...roots: (typeof app)[]): string {
    editor.roots = roots;
    vi.stubGlobal('process', { ...process, platform: 'win32' });
    const file = fileNamed(path);
    return 'sentence' in file ? file.sentence : file.toString();
  }

  test.each([
    ['images\\a.png', 'file:///c:/Work/app/images/a.png'],
    ['.\\images/a.png', 'file:///c:/Work/app/images/a.png'],
    ['C:\\Work\\app\\a.png', 'file:///c:/Work/app/a.png'],
    ['c:/work/APP/Sub/a.png', 'file:///c:/Work/app/Sub/a.png'],
  ])('%s is %s', (path, address) => expect(named(path, app)).toBe(address));

  test.each(['share\\a.png', '\\\\server\\team\\app\\a.png', '//SERVER/team/app/a.png'])(
    '%s is a file of the folder on another machine, if that is open',
    (path) => expect(named(path, app, share)).toBe('file://server/team/app/a.png'),
  );

  test.each([
    '..\\a.png',
    'images\\..\\..\\a.png',
    'C:\\Work\\other\\a.png',
    'D:\\Work\\app\\a.png',
    'C:a.png',
    '\\\\server\\c:\\Work\\app\\a.png',
    '\\\\other\\team\\app\\a.png',
    '/team/app/a.png',
    '\\\\?\\C:\\Work\\app\\a.png',
  ])('%s is no file of the workspace', (path) =>
    expect(named(path, app, share)).toMatch(/not a file inside the workspace/),
  );
});
