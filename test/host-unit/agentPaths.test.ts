import { expect, test, vi } from 'vitest';
import { fileNamed } from '../../src/host/agents/agentPaths.ts';

const editor = vi.hoisted(() => ({ roots: [] as { name: string; path: string; scheme: string }[] }));

vi.mock('vscode', async () => {
  const { posix } = await import('node:path');
  const uri = (path: string, scheme = 'file'): object => ({
    scheme,
    authority: '',
    path,
    with: (change: { path: string }) => uri(change.path, scheme),
    toString: () => `${scheme}://${path}`,
  });
  const folders = () => editor.roots.map(({ name, path, scheme }) => ({ name, uri: uri(path, scheme) }));
  return {
    Uri: {
      file: (path: string) => uri(path.replaceAll('\\', '/')),
      joinPath: (base: { path: string; scheme: string }, ...parts: string[]) =>
        uri(posix.join(base.path, ...parts), base.scheme),
    },
    l10n: {
      t: (text: string, ...args: unknown[]) => text.replaceAll(/\{(\d)\}/g, (_, at) => String(args[Number(at)])),
    },
    workspace: {
      get workspaceFolders() {
        return folders();
      },
      getWorkspaceFolder: ({ path, scheme }: { path: string; scheme: string }) => {
        const at = editor.roots.findIndex(
          (root) => root.scheme === scheme && (path === root.path || path.startsWith(`${root.path}/`)),
        );
        return folders()[at];
      },
    },
  };
});

const app = { name: 'app', path: '/w/app', scheme: 'file' };
const docs = { name: 'docs', path: '/w/documents', scheme: 'file' };
const remote = { name: 'remote', path: '/project', scheme: 'memfs' };

/** The address of the file that a path names, or the sentence about it. */
function named(path: string, ...roots: (typeof app)[]): string {
  editor.roots = roots;
  const file = fileNamed(path);
  return 'sentence' in file ? file.sentence : file.toString();
}

test.each([
  ['images/a.png', 'file:///w/app/images/a.png'],
  ['./images//a.png', 'file:///w/app/images/a.png'],
  ['app/a.png', 'file:///w/app/app/a.png'],
  ['/w/app/a.png', 'file:///w/app/a.png'],
  ['%2e%2e/a.png', 'file:///w/app/%2e%2e/a.png'],
])('in one folder %s is %s', (path, address) => expect(named(path, app)).toBe(address));

test.each([
  ['docs/a.png', 'file:///w/documents/a.png'],
  ['app/images/a.png', 'file:///w/app/images/a.png'],
  ['/w/documents/a.png', 'file:///w/documents/a.png'],
  ['/project/a.png', 'memfs:///project/a.png'],
  ['remote/a.png', 'memfs:///project/a.png'],
])('in several folders %s is %s', (path, address) => expect(named(path, app, docs, remote)).toBe(address));

test.each(['a.png', 'images/a.png', 'documents/a.png'])(
  'in several folders %s has to begin with one of them',
  (path) => {
    expect(named(path, app, docs)).toMatch(/Begin .* with the name of one of them: app, docs\./);
  },
);

test.each(['docs', '.', '/', '/w/app', '/w', '/w/apple/a.png', '/w/app/../x.png', 'docs/../../x.png', ''])(
  '%o names no file',
  (path) => expect(named(path, app, docs)).toMatch(/not a file inside the workspace|Begin/),
);

test('without a folder there is no file', () => expect(named('a.png')).toMatch(/No folder is open/));

test('a name that two open folders have stands for neither', () => {
  const other = { ...docs, name: 'app' };
  expect(named('app/a.png', app, other)).toMatch(/Several open folders have the name app\./);
  expect(named('/w/documents/a.png', app, other)).toBe('file:///w/documents/a.png');
});
