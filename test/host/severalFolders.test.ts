import * as assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import * as vscode from 'vscode';
import type { App } from '../../src/host/app.ts';
import { fileNamed } from '../../src/host/agents/agentPaths.ts';
import { recipeOf } from '../../src/host/recipes/making.ts';
import { SimulatorControl } from '../e2e/simulatorControl.ts';
import { app, setUserSetting, until } from './support/extension.ts';
import { acceptLists, madePicture } from './support/making.ts';
import { OpenFolders } from './support/openFolders.ts';
import { Questions } from './support/questions.ts';

describe('in a workspace of two folders that hold files of the same names', () => {
  const simulator = new SimulatorControl(process.env['WAN_IMAGE_SIMULATOR_URL'] ?? '');
  let parts: App;
  let root: string;
  let open: OpenFolders;
  let questions: Questions;
  /** Of a picture that belongs to no file. */
  let id: string;

  before(async () => {
    parts = await app();
    await setUserSetting('service', 'simulator');
    id = await madePicture(parts, 'Two foxes');
  });

  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'wan-folders-')));
    const png = await sharp({ create: { width: 300, height: 300, channels: 3, background: '#a02060' } })
      .png()
      .toBuffer();
    for (const name of ['app', 'site']) {
      await mkdir(join(root, name, 'images'), { recursive: true });
      await writeFile(join(root, name, 'page.html'), '<p></p><img src="images/hero.png" alt="A hero">');
      await writeFile(join(root, name, 'images', 'logo.png'), png);
    }
    open = new OpenFolders(
      ['app', 'site'].map((name) => vscode.Uri.file(join(root, name))),
      1,
    );
    questions = new Questions();
  });

  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    questions.dispose();
    open.dispose();
    await rm(root, { recursive: true });
  });

  after(() => setUserSetting('service', undefined));

  const site = (...path: string[]) => vscode.Uri.file(join(root, 'site', ...path));
  const standing = async (name: string) => (await readdir(join(root, name, 'images'))).toSorted();
  const told = () => questions.shown.join('\n');

  it('a picture is saved in the folder of the document that it is inserted into', async () => {
    await writeFile(join(root, 'site', 'images', 'two-foxes.png'), 'mine');
    const outcome = await parts.results.insert([id], { document: site('page.html'), offset: 3 });
    assert.equal(outcome.kind, 'inserted', JSON.stringify(outcome));
    assert.deepEqual(await standing('app'), ['logo.png']);
    assert.deepEqual(await standing('site'), ['logo.png', 'two-foxes-2.png', 'two-foxes.png']);
    const document = await vscode.workspace.openTextDocument(site('page.html'));
    assert.match(document.getText(), /^<p><img src="images\/two-foxes-2\.png"/);
    assert.equal(open.asked, 0);
    await vscode.window.showTextDocument(document);
  });

  it('one that belongs to no document is saved where the user says, or nowhere', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const [file] = (await parts.results.save([id])).files;
    assert.equal(file?.fsPath, site('images', 'two-foxes.png').fsPath);
    assert.equal(open.asked, 1);
    open.dispose();
    open = new OpenFolders(['app', 'site'].map((name) => vscode.Uri.file(join(root, name))));
    assert.deepEqual(await parts.results.save([id]), { kind: 'declined', files: [] });
    assert.deepEqual(await standing('app'), ['logo.png']);
  });

  it('an edit is saved beside its picture, and its recipe names pictures of its own folder alone', async () => {
    const edit = await madePicture(parts, 'A logo of two foxes', site('images', 'logo.png'));
    const [file] = (await parts.results.save([edit])).files;
    assert.match(file?.path ?? '', /\/site\/images\/logo-2\.png$|\/site\/images\/logo-.*\.png$/);
    assert.deepEqual(await standing('app'), ['logo.png']);
    const found = parts.services.findResult(edit);
    assert.ok(found);
    const pathIn = (name: string) => {
      const [input] = recipeOf(found, vscode.Uri.file(join(root, name, 'images')), 'test').inputs;
      return input?.source.kind === 'file' ? input.source.path : undefined;
    };
    assert.deepEqual([pathIn('site'), pathIn('app')], ['logo.png', undefined]);
  });

  it('a missing picture is the one of the folder of its document', async () => {
    await acceptLists(vscode.commands.executeCommand('wanImage.generateMissing', site('page.html').toString()));
    // What is being written has another name for a moment.
    await until('it alone has come', async () => (await standing('site')).join() === 'hero.png,logo.png', 25_000);
    assert.deepEqual(await standing('app'), ['logo.png']);
  });

  it('a path of a document that leads into the other folder is not followed', async () => {
    await writeFile(site('page.html').fsPath, '<img src="../app/images/hero.png">');
    await vscode.commands.executeCommand('wanImage.generateMissing', site('page.html').toString());
    assert.match(told(), /Every picture that site\/page\.html refers to is there/);
    assert.deepEqual(await standing('app'), ['logo.png']);
  });

  it('the pictures and the lock of a set file lie in its own folder, whose edge it cannot cross', async () => {
    await simulator.behave({ setDelivers: 12 });
    const file = site('seasons.wanset.json');
    const text = (destination: string) =>
      JSON.stringify({
        version: 1,
        style: 'Gouache',
        model: 'standard',
        destination,
        pictures: ['spring', 'autumn'].map((name) => ({ name, prompt: `A park of two in ${name}` })),
      });
    await writeFile(file.fsPath, text('../app/images'));
    await vscode.commands.executeCommand('wanImage.generateSetMissing', file);
    assert.deepEqual(await standing('app'), ['logo.png']);
    assert.match(told(), /The destination must be a folder inside the workspace/);
    await writeFile(file.fsPath, text('images'));
    await vscode.commands.executeCommand('wanImage.generateSetMissing', file);
    assert.deepEqual(await standing('site'), ['autumn.png', 'logo.png', 'spring.png'], told());
    assert.deepEqual(await standing('app'), ['logo.png']);
    assert.deepEqual((await readdir(join(root, 'app'))).toSorted(), ['images', 'page.html']);
    assert.ok((await readFile(site('seasons.wanset.lock.json').fsPath, 'utf8')).includes('spring'));
    await simulator.behave({ setDelivers: null });
  });

  it('icons are offered for the folder of their picture first, and each folder has its name', async () => {
    questions.dispose();
    questions = new Questions({ picks: [['Favicon'], 'site/images/', ['site/images/favicon.ico']] });
    await vscode.commands.executeCommand('wanImage.makePacks', site('images', 'logo.png'));
    assert.deepEqual(await standing('site'), ['favicon.ico', 'logo.png'], told());
    assert.deepEqual(await standing('app'), ['logo.png']);
    const folders = questions.lists.find((rows) => rows.some(({ label }) => label === 'site/images/')) ?? [];
    assert.deepEqual(
      folders.map(({ label }) => label).filter((label) => label.endsWith('/')),
      ['site/images/', 'app/', 'site/'],
    );
  });

  it('a caller names a file by the name of its folder', () => {
    const named = (path: string) => {
      const file = fileNamed(path);
      return 'sentence' in file ? file.sentence : file.fsPath;
    };
    assert.equal(named('site/images/logo.png'), site('images', 'logo.png').fsPath);
    assert.match(named('images/logo.png'), /Begin images\/logo\.png with the name of one of them: app, site\./);
  });
});
