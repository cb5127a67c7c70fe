import * as assert from 'node:assert/strict';
import sharp from 'sharp';
import * as vscode from 'vscode';
import { readRecipe } from '../../src/core/recipe.ts';
import { readLock } from '../../src/core/setLock.ts';
import type { App } from '../../src/host/app.ts';
import { ImageRequest } from '../../src/core/requestSchema.ts';
import { SimulatorControl } from '../e2e/simulatorControl.ts';
import { app, setUserSetting, until } from './support/extension.ts';
import { acceptLists, madePicture } from './support/making.ts';
import { MemoryFiles } from './support/memoryFiles.ts';
import { OpenFolders } from './support/openFolders.ts';
import { Questions } from './support/questions.ts';

describe('in a virtual workspace', () => {
  const simulator = new SimulatorControl(process.env['WAN_IMAGE_SIMULATOR_URL'] ?? '');
  let parts: App;
  let questions: Questions;
  let files: MemoryFiles;
  let open: OpenFolders;
  let count = 0;

  before(async () => {
    parts = await app();
    await setUserSetting('service', 'simulator');
  });

  beforeEach(() => {
    questions = new Questions();
  });

  afterEach(async () => {
    questions.dispose();
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    open.dispose();
    files.dispose();
    await setUserSetting('recipe', undefined);
    await setUserSetting('recipePlace', undefined);
  });

  after(() => setUserSetting('service', undefined));

  /** A workspace with this in its folder /work. */
  async function workspaceOf(
    content: Readonly<Record<string, string | Uint8Array>>,
    options: { readonly isReadonly?: boolean } = {},
  ): Promise<void> {
    // A document of the test before may still be known under its address.
    files = new MemoryFiles(`wan-virtual-${++count}`, options);
    for (const [path, bytes] of Object.entries(content)) files.put(`/work/${path}`, bytes);
    await files.isKnown();
    open = new OpenFolders([files.uri('/work')]);
  }

  const answer = (answers: ConstructorParameters<typeof Questions>[0]): void => {
    questions.dispose();
    questions = new Questions(answers);
  };
  const told = () => questions.shown.join('\n');
  const accepted = async () => (await simulator.counts()).accepted;
  const isPng = (path: string) =>
    Buffer.from(files.bytes(path) ?? [])
      .subarray(1, 4)
      .toString() === 'PNG';
  const logo = () =>
    sharp({ create: { width: 300, height: 300, channels: 3, background: '#a02060' } })
      .png()
      .toBuffer();
  const names = () => files.names.toSorted();

  it('a picture is saved beside nothing that is there, and a document refers to it', async () => {
    await workspaceOf({ 'docs/page.md': 'x', 'images/a-virtual-fox.png': 'mine' });
    const id = await madePicture(parts, 'A virtual fox');
    const page = files.uri('/work/docs/page.md');
    const outcome = await parts.results.insert([id], { document: page, offset: 1 });
    assert.equal(outcome.kind, 'inserted', JSON.stringify(outcome));
    assert.equal(files.read('/work/images/a-virtual-fox.png'), 'mine');
    assert.ok(isPng('/work/images/a-virtual-fox-2.png'), names().join());
    const document = await vscode.workspace.openTextDocument(page);
    assert.equal(document.getText(), 'x![A virtual fox](../images/a-virtual-fox-2.png)');
    assert.deepEqual(names(), [
      '/work/docs/page.md',
      '/work/images/a-virtual-fox-2.png',
      '/work/images/a-virtual-fox.png',
    ]);
    await vscode.window.showTextDocument(document);
  });

  it('one that can only be read says so, and the picture is kept', async () => {
    await workspaceOf({ 'page.md': 'x' }, { isReadonly: true });
    const id = await madePicture(parts, 'A fox behind glass');
    const outcome = await parts.results.insert([id], { document: files.uri('/work/page.md'), offset: 1 });
    assert.ok(outcome.kind === 'failed', JSON.stringify(outcome));
    assert.match(outcome.telling.text, /images can only be read.* The picture is still kept in the studio\./);
    assert.ok(outcome.telling.actions.includes('choose-folder'));
    assert.deepEqual(names(), ['/work/page.md']);
  });

  it('a missing picture is generated as exactly that file', async () => {
    await workspaceOf({ 'docs/page.html': '<img src="../images/hero.png" alt="A virtual hero">' });
    const document = files.uri('/work/docs/page.html').toString();
    await acceptLists(vscode.commands.executeCommand('wanImage.generateMissing', document));
    await until('it is there', () => isPng('/work/images/hero.png'), 25_000);
    assert.deepEqual(names(), ['/work/docs/page.html', '/work/images/hero.png']);
    await vscode.commands.executeCommand('wanImage.generateMissing', document);
    assert.match(told(), /Every picture that docs\/page\.html refers to is there/);
  });

  it('a missing picture that could not be written is not sent for', async () => {
    await workspaceOf({ 'page.html': '<img src="hero.png" alt="A hero behind glass">' }, { isReadonly: true });
    const before = await accepted();
    await acceptLists(
      vscode.commands.executeCommand('wanImage.generateMissing', files.uri('/work/page.html').toString()),
    );
    assert.match(told(), /hero\.png can only be read.*Nothing was sent\./);
    assert.equal(await accepted(), before);
  });

  const set = JSON.stringify({
    version: 1,
    style: 'Gouache',
    model: 'standard',
    size: { width: 800, height: 768 },
    destination: '../images',
    pictures: ['spring', 'autumn'].map((name) => ({ name, prompt: `A virtual park in ${name}` })),
  });

  it('a set file becomes pictures and a lock, or placeholders', async () => {
    await simulator.behave({ setDelivers: 12 });
    await workspaceOf({ 'sets/seasons.wanset.json': set });
    const uri = files.uri('/work/sets/seasons.wanset.json');
    await vscode.commands.executeCommand('wanImage.fillWithPlaceholders', uri);
    assert.ok(isPng('/work/images/spring.png') && isPng('/work/images/autumn.png'), told());
    for (const name of ['spring', 'autumn']) files.delete(files.uri(`/work/images/${name}.png`));
    files.delete(files.uri('/work/sets/seasons.wanset.lock.json'));
    const before = await accepted();
    await vscode.commands.executeCommand('wanImage.generateSetMissing', uri);
    assert.equal((await accepted()) - before, 1, told());
    const expected = [
      'images/autumn.png',
      'images/spring.png',
      'sets/seasons.wanset.json',
      'sets/seasons.wanset.lock.json',
    ];
    assert.deepEqual(
      names(),
      expected.map((name) => `/work/${name}`),
      told(),
    );
    const lock = readLock(files.read('/work/sets/seasons.wanset.lock.json') ?? '');
    assert.deepEqual(Object.keys(lock?.pictures ?? {}).toSorted(), ['autumn', 'spring']);
    await vscode.commands.executeCommand('wanImage.generateSetMissing', uri);
    assert.equal((await accepted()) - before, 1);
    await simulator.behave({ setDelivers: null });
  });

  it('a set file whose pictures could not be written sends nothing and says why', async () => {
    await workspaceOf({ 'seasons.wanset.json': set.replace('../images', 'images') }, { isReadonly: true });
    const before = await accepted();
    const uri = files.uri('/work/seasons.wanset.json');
    await vscode.commands.executeCommand('wanImage.generateSetMissing', uri);
    assert.match(told(), /spring\.png can only be read.*Nothing was sent\./);
    await vscode.commands.executeCommand('wanImage.fillWithPlaceholders', uri);
    assert.equal(await accepted(), before);
    assert.equal(questions.shown.filter((text) => text.includes('can only be read')).length, 2, told());
  });

  it('icons are made of a picture, all of them, and taken back', async () => {
    await workspaceOf({ 'art/logo.png': await logo(), 'favicon.ico': 'mine' });
    answer({ picks: [['Favicon', 'Apple Touch Icon'], 'work/', ['favicon-2.ico', 'apple-touch-icon.png']] });
    await vscode.commands.executeCommand('wanImage.makePacks', files.uri('/work/art/logo.png'));
    const made = ['/work/apple-touch-icon.png', '/work/favicon-2.ico'];
    assert.deepEqual(names(), [made[0], '/work/art/logo.png', made[1], '/work/favicon.ico'], told());
    assert.equal(files.read('/work/favicon.ico'), 'mine');
    answer({ buttons: ['Delete', 'Undo'] });
    await vscode.commands.executeCommand('wanImage.undoPacks');
    assert.deepEqual(names(), ['/work/art/logo.png', '/work/favicon.ico'], told());
  });

  it('icons that could not be written are said not to be', async () => {
    await workspaceOf({ 'logo.png': await logo() }, { isReadonly: true });
    answer({ picks: [['Favicon'], 'work/', ['favicon.ico']] });
    await vscode.commands.executeCommand('wanImage.makePacks', files.uri('/work/logo.png'));
    assert.match(told(), /can only be read.*Nothing was written\. Choose another folder or try again\./);
    assert.deepEqual(names(), ['/work/logo.png']);
  });

  it('a recipe travels in the picture and beside it, names the picture it was made from, and opens again', async () => {
    await setUserSetting('recipe', 'full');
    await workspaceOf({ 'art/logo.png': await logo() });
    const source = files.uri('/work/art/logo.png');
    const id = await madePicture(parts, 'A virtual door', source);
    const [inside] = (await parts.results.saveBeside([id], source)).files;
    assert.ok(inside && isPng(inside.path), names().join());
    await setUserSetting('recipePlace', 'beside');
    const [picture] = (await parts.results.saveBeside([id], source)).files;
    assert.ok(picture);
    const beside = readRecipe((files.read(`${picture.path}.wan.json`) ?? '').trim());
    assert.ok(beside.kind === 'recipe', names().join());
    const [input] = beside.recipe.inputs;
    assert.deepEqual(input?.source.kind === 'file' && input.source.path, 'logo.png');
    for (const file of [inside, picture]) {
      await parts.drafts.offer({ ...ImageRequest.parse({ prompt: '' }) });
      await vscode.commands.executeCommand('wanImage.openRecipe', file);
      const form = ImageRequest.parse(parts.drafts.get().request);
      assert.equal(form.prompt, 'A virtual door');
      assert.equal(parts.sources.get(form.inputs[0]?.id ?? '')?.uri.toString(), source.toString());
    }
  });
});
