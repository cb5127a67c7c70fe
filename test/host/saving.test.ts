import * as assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { SaveError } from '../../src/host/saving/saveError.ts';
import { type KeptPicture, Saver } from '../../src/host/saving/saver.ts';
import { MemoryFiles } from './support/memoryFiles.ts';

describe('saving a picture', () => {
  const saver = new Saver();
  let root: string;
  let picture: KeptPicture;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'wan-saver-'));
    await writeFile(join(root, 'kept'), 'picture');
    picture = { file: join(root, 'kept'), name: 'a-fox', extension: 'png' };
  });

  afterEach(() => rm(root, { recursive: true, force: true }));

  const folderAt = (uri: vscode.Uri): vscode.WorkspaceFolder => ({ uri, name: 'work', index: 0 });
  const place = (folder: string) => ({ workspaceFolder: folderAt(vscode.Uri.file(root)), folder });
  const problem = (work: Promise<unknown>) =>
    work.then(
      () => 'saved',
      (error: unknown) => (error instanceof SaveError ? error.kind : error),
    );

  it('makes the folder and never takes the place of a file', async () => {
    const first = await saver.save(picture, place('docs/images'));
    const second = await saver.save(picture, place('docs/images'));
    assert.equal(first.path, vscode.Uri.file(join(root, 'docs', 'images', 'a-fox.png')).path);
    assert.match(second.path, /a-fox-2\.png$/);
    assert.equal(await readFile(second.fsPath, 'utf8'), 'picture');
    assert.deepEqual(await readdir(join(root, 'docs', 'images')), ['a-fox-2.png', 'a-fox.png']);
  });

  it('refuses a folder outside, by its words or by a link', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'wan-outside-'));
    await symlink(outside, join(root, 'link'));
    assert.equal(await problem(saver.save(picture, place('../elsewhere'))), 'bad-folder');
    assert.equal(await problem(saver.save(picture, place('/tmp'))), 'bad-folder');
    assert.equal(await problem(saver.save(picture, place('link'))), 'outside');
    assert.deepEqual(await readdir(outside), []);
    await rm(outside, { recursive: true });
  });

  it('says when the folder is a file, or the kept picture is gone', async () => {
    assert.equal(await problem(saver.save(picture, place('kept'))), 'not-a-folder');
    assert.equal(await problem(saver.save({ ...picture, file: join(root, 'gone') }, place('images'))), 'lost');
  });

  it('replaces what a dialog has asked about, and gives a false extension the true one without replacing', async () => {
    await writeFile(join(root, 'hero.png'), 'old');
    await saver.saveAs(picture, vscode.Uri.file(join(root, 'hero.png')));
    assert.equal(await readFile(join(root, 'hero.png'), 'utf8'), 'picture');
    const saved = await saver.saveAs(picture, vscode.Uri.file(join(root, 'hero.jpg')));
    assert.match(saved.path, /hero-2\.png$/);
  });

  describe('in a virtual workspace', () => {
    let files: MemoryFiles;

    afterEach(() => files.dispose());

    it('writes a new file there and leaves no other', async () => {
      files = new MemoryFiles('wan-test-files');
      files.put('/work/images/a-fox.png', 'mine');
      const saved = await saver.save(picture, { workspaceFolder: folderAt(files.uri('/work')), folder: 'images' });
      assert.equal(saved.path, '/work/images/a-fox-2.png');
      assert.deepEqual(files.names, ['/work/images/a-fox.png', '/work/images/a-fox-2.png']);
      assert.equal(files.read('/work/images/a-fox.png'), 'mine');
      assert.equal(files.read('/work/images/a-fox-2.png'), 'picture');
    });

    it('says that one that can only be read cannot be written', async () => {
      files = new MemoryFiles('wan-test-fixed', { isReadonly: true });
      await files.isKnown();
      assert.equal(
        await problem(saver.save(picture, { workspaceFolder: folderAt(files.uri('/work')), folder: 'images' })),
        'read-only',
      );
    });

    it('says that it may not be written', async () => {
      files = new MemoryFiles('wan-test-locked');
      files.trouble = vscode.FileSystemError.NoPermissions();
      assert.equal(
        await problem(saver.save(picture, { workspaceFolder: folderAt(files.uri('/work')), folder: 'images' })),
        'not-allowed',
      );
      assert.deepEqual(files.names, []);
    });
  });
});
