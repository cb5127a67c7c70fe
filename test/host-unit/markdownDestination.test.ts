import { expect, test } from 'vitest';
import { copiedTo, insideOf } from '../../src/host/saving/markdownDestination.ts';

const file = {
  document: '/work/docs/api/readme.md',
  workspaceFolder: '/work',
  fileName: 'a-fox.png',
  now: Date.UTC(2026, 2, 9, 8),
};

// What VS Code itself makes of these; the variables are those of its documentation.
test.each([
  ['', '/work/docs/api/a-fox.png'],
  ['images/', '/work/docs/api/images/a-fox.png'],
  ['images/${fileName}', '/work/docs/api/images/a-fox.png'],
  ['/images/', '/work/images/a-fox.png'],
  ['${documentWorkspaceFolder}/static/${documentBaseName}/', '/work/static/readme/a-fox.png'],
  ['${documentDirName}/../media/${fileName}', '/work/docs/media/a-fox.png'],
  ['/img/${documentRelativeDirName}/${documentBaseName}.${fileExtName}', '/work/img/docs/api/readme.png'],
  ['/img/${documentRelativeFilePath}-${documentExtName}/', '/work/img/docs/api/readme.md-md/a-fox.png'],
  ['/assets/${documentRelativeDirName/^docs\\/(.*)$/$1/}/', '/work/assets/api/a-fox.png'],
  ['${documentBaseName/(.).*/$1/}/', '/work/docs/api/r/a-fox.png'],
  ['${documentBaseName/(/x/}/', '/work/docs/api/readme/a-fox.png'],
  ['\\${fileName}/${unknown}/${constructor}', '/work/docs/api/${fileName}/${unknown}/${constructor}'],
  ['${isoTime}-${unixTime}.png', `/work/docs/api/2026-03-09T08:00:00.000Z-${Date.UTC(2026, 2, 9, 8)}.png`],
])('the destination %s is %s', (destination, path) => {
  expect(copiedTo(destination, file)).toBe(path);
});

test('a path in the workspace folder is its folders and a name', () => {
  expect(insideOf('/work', '/work/docs/a-fox.png')).toEqual({ folder: ['docs'], name: 'a-fox' });
  expect(insideOf('/work', '/work/a.b.png')).toEqual({ folder: [], name: 'a.b' });
});

test.each(['/work2/a.png', '/etc/a.png', '/work', '/work/../a.png'])('%s is no place in it', (path) => {
  expect(() => insideOf('/work', path)).toThrow(expect.objectContaining({ kind: 'outside' }));
});
