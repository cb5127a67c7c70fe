import * as assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { SetLock } from '../../src/core/setLock.ts';
import { isUntouchedPlaceholder } from '../../src/pixels/placeholderMark.ts';
import type { App } from '../../src/host/app.ts';
import { targetTrouble } from '../../src/host/saving/fixedTarget.ts';
import { Saver } from '../../src/host/saving/saver.ts';
import { SimulatorControl } from '../e2e/simulatorControl.ts';
import { app, setUserSetting, until, workspaceFolder, canSearchFiles } from './support/extension.ts';
import { Questions } from './support/questions.ts';

describe('a set file', () => {
  const simulator = new SimulatorControl(process.env['WAN_IMAGE_SIMULATOR_URL'] ?? '');
  const names = ['spring', 'summer', 'autumn'];
  let parts: App;
  let questions: Questions;
  let folder: string;
  let uri: vscode.Uri;

  before(async () => {
    parts = await app();
    await setUserSetting('service', 'simulator');
  });
  beforeEach(async () => {
    questions = new Questions();
    // By itself it sometimes delivers fewer, as the service does.
    await simulator.behave({ setDelivers: 12 });
    folder = join(workspaceFolder().uri.fsPath, 'setFiles', randomUUID());
    uri = vscode.Uri.file(join(folder, 'seasons.wanset.json'));
    await vscode.workspace.fs.createDirectory(vscode.Uri.file(folder));
    await write();
  });
  afterEach(async () => {
    questions.dispose();
    await simulator.behave({ setDelivers: null });
  });
  after(async () => {
    await setUserSetting('service', undefined);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await rm(join(workspaceFolder().uri.fsPath, 'setFiles'), { recursive: true, force: true });
  });

  function write(prompts: Readonly<Record<string, string>> = {}, more: object = {}): Promise<void> {
    const pictures = names.map((name) => ({ name, prompt: prompts[name] ?? `A park in ${name} ${folder.slice(-6)}` }));
    const options = { model: 'standard', size: { width: 800, height: 768 }, destination: 'img', ...more };
    return writeFile(uri.fsPath, JSON.stringify({ version: 1, style: 'Gouache', ...options, pictures }, null, 2));
  }

  const fileOf = (name: string) => join(folder, 'img', `${name}.png`);
  const bytesOf = (name: string) => readFile(fileOf(name)).catch(() => undefined);
  /** A few letters that stand for the bytes of a picture. */
  const markOf = async (name: string) => {
    const bytes = await bytesOf(name);
    return bytes && createHash('sha256').update(bytes).digest('hex').slice(0, 12);
  };
  const lock = async () => JSON.parse(await readFile(uri.fsPath.replace('.json', '.lock.json'), 'utf8')) as SetLock;
  const run = (command: string) => vscode.commands.executeCommand(`wanImage.${command}`, uri);
  const accepted = async () => (await simulator.counts()).accepted;

  /** What stands above the file and its pictures. */
  async function lenses(): Promise<string[]> {
    const document = await vscode.workspace.openTextDocument(uri);
    await until(
      'the editor shows what is on the disk',
      async () => document.getText() === (await readFile(uri.fsPath, 'utf8')),
    );
    return (await parts.setFiles.lenses(document)).map(({ command }) => command?.title ?? '');
  }

  it('becomes pictures by one request, which are current then, and nothing is bought again', async () => {
    assert.deepEqual((await lenses()).slice(0, 3), [
      '$(sparkle) Generate 3 missing',
      'Fill with Placeholders',
      'Missing',
    ]);
    const before = await accepted();
    await Promise.all([run('generateSetMissing'), run('generateSetMissing')]);
    for (const name of names)
      assert.equal((await bytesOf(name))?.subarray(1, 4).toString(), 'PNG', questions.shown.join('\n'));
    assert.equal((await accepted()) - before, 1);
    assert.deepEqual(Object.keys((await lock()).pictures), names.toSorted());
    assert.equal((await lenses())[0], '$(check) All 3 pictures are current');
    await run('generateSetMissing');
    await run('generateSetChanged');
    assert.equal((await accepted()) - before, 1);
    assert.match(questions.shown.join('\n'), /There is nothing to make/);
  });

  it('becomes files of the format that it names, which are current then', async () => {
    await write({}, { format: 'webp' });
    await run('generateSetMissing');
    for (const name of names) {
      const bytes = await readFile(join(folder, 'img', `${name}.webp`));
      assert.equal(bytes.subarray(8, 12).toString(), 'WEBP', questions.shown.join('\n'));
    }
    assert.equal((await lenses())[0], '$(check) All 3 pictures are current');
  });

  it('makes what has changed anew, and leaves alone what was edited by hand', async () => {
    await run('generateSetMissing');
    const before = await accepted();
    const [old, other] = [await markOf('spring'), await markOf('autumn')];
    await writeFile(fileOf('summer'), 'by hand');
    await write({ spring: 'Rain', summer: 'Sun' });
    assert.ok((await lenses()).includes('$(sync) Regenerate 1 changed'));
    await run('generateSetChanged');
    assert.equal((await accepted()) - before, 1);
    assert.notEqual(await markOf('spring'), old);
    assert.equal(await markOf('autumn'), other);
    assert.equal((await bytesOf('summer'))?.toString(), 'by hand');
    // The words of before were paid for before.
    await write({ summer: 'Sun' });
    await run('generateSetChanged');
    assert.equal(await markOf('spring'), old);
    assert.equal((await accepted()) - before, 1);
  });

  it('gets back what was deleted without buying it again', async () => {
    await run('generateSetMissing');
    const before = await accepted();
    const mark = await markOf('summer');
    await rm(fileOf('summer'));
    await run('generateSetMissing');
    assert.equal(await markOf('summer'), mark);
    assert.equal(await accepted(), before);
  });

  it('renames files of entries that have another name, buys nothing for them, and replaces nothing', async () => {
    await run('generateSetMissing');
    const before = await accepted();
    const [spring, summer] = [await markOf('spring'), await markOf('summer')];
    const text = await readFile(uri.fsPath, 'utf8');
    await writeFile(uri.fsPath, text.replace('"spring"', '"march"').replace('"summer"', '"june"'));
    assert.deepEqual((await lenses()).slice(0, 3), ['$(files) Rename 2 files', 'Renamed: was “spring”', 'Rename File']);
    await run('generateSetMissing');
    assert.equal(await accepted(), before);
    await run('renameSetFiles');
    assert.deepEqual([await markOf('march'), await markOf('june')], [spring, summer], questions.shown.join('\n'));
    assert.deepEqual([await bytesOf('spring'), await bytesOf('summer')], [undefined, undefined]);
    assert.deepEqual(Object.keys((await lock()).pictures), ['autumn', 'june', 'march']);
    assert.equal((await lenses())[0], '$(check) All 3 pictures are current');
    // A file that is changed between the look and the press stays what it is, and so does the lock.
    await writeFile(uri.fsPath, text.replace('"spring"', '"april"').replace('"summer"', '"june"'));
    await writeFile(fileOf('march'), 'by hand');
    await run('renameSetFiles');
    assert.match(questions.shown.at(-1) ?? '', /There is nothing to make/);
    assert.equal((await bytesOf('march'))?.toString(), 'by hand');
    assert.deepEqual(Object.keys((await lock()).pictures), ['autumn', 'june', 'march']);
  });

  it('asks which picture is which where fewer came, and leaves the others missing', async () => {
    await simulator.behave({ setDelivers: 2 });
    await run('generateSetMissing');
    for (const name of names) assert.equal(await bytesOf(name), undefined);
    const before = await accepted();
    questions.dispose();
    questions = new Questions({ picks: ['Picture 2', 'None of these', 'Picture 1'] });
    await run('generateSetMissing');
    assert.equal(await accepted(), before);
    assert.match(questions.shown.join('\n'), /Which Picture Is “spring”\? \(1 of 3\)/);
    assert.ok((await bytesOf('spring')) && (await bytesOf('autumn')));
    assert.equal(await bytesOf('summer'), undefined);
    assert.deepEqual(Object.keys((await lock()).pictures), ['autumn', 'spring']);
    await run('generateSetMissing');
    assert.equal((await accepted()) - before, 1);
    assert.ok(await bytesOf('summer'), questions.shown.join('\n'));
  });

  it('is filled with placeholders of the exact size, which are found and made real', async function () {
    if (!(await canSearchFiles())) return this.skip();
    const before = await accepted();
    await run('fillWithPlaceholders');
    for (const name of names) {
      const bytes = await bytesOf(name);
      assert.ok(bytes && isUntouchedPlaceholder(bytes));
      assert.deepEqual([bytes.readUInt32BE(16), bytes.readUInt32BE(20)], [800, 768]);
    }
    assert.equal(await accepted(), before);
    assert.ok((await lenses()).includes('$(sparkle) Make 3 placeholders real'));
    questions.dispose();
    questions = new Questions({ picks: ['summer'] });
    await vscode.commands.executeCommand('wanImage.makePlaceholdersReal');
    assert.match(questions.shown.join('\n'), /Make Which of 3 Placeholders Real/);
    const made = await bytesOf('summer');
    assert.ok(made && !isUntouchedPlaceholder(made));
    assert.equal((await accepted()) - before, 1);
    assert.equal((await lock()).pictures['summer']?.as, 'practice');
    const still = await bytesOf('spring');
    assert.ok(still && isUntouchedPlaceholder(still));
    // Those of one set are asked for together, so that they look as if they belong together.
    questions.dispose();
    questions = new Questions({ picks: [['spring', 'autumn']] });
    await vscode.commands.executeCommand('wanImage.makePlaceholdersReal');
    assert.equal((await accepted()) - before, 2);
    assert.equal((await lenses())[0], '$(check) All 3 pictures are current');
  });

  it('says what is wrong with it where its schema cannot, and nothing is made from it', async () => {
    await write({}, { destination: '../../../../outside' });
    const document = await vscode.workspace.openTextDocument(uri);
    const found = () => vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'Wan Image');
    await until('the problem is shown', () => found().length > 0);
    assert.match(found()[0]?.message ?? '', /destination must be a folder inside the workspace/);
    assert.equal(document.getText(found()[0]?.range), '"../../../../outside"');
    const before = await accepted();
    await run('generateSetMissing');
    await run('fillWithPlaceholders');
    assert.equal(await accepted(), before);
    assert.match(questions.shown.join('\n'), /Nothing can be made from .*seasons\.wanset\.json/);
  });

  it('keeps a lock that it cannot read, and says so', async () => {
    const file = uri.fsPath.replace('.json', '.lock.json');
    await writeFile(file, '<<<<<<< ours');
    await run('generateSetMissing');
    assert.match(questions.shown.join('\n'), /seasons\.wanset\.lock\.json beside this one cannot be read/);
    assert.equal(await readFile(file, 'utf8'), '<<<<<<< ours');
  });

  it('takes the place of the file that was meant, and of no other', async () => {
    const [kept, target] = [join(folder, 'kept.png'), vscode.Uri.file(fileOf('summer'))];
    await vscode.workspace.fs.createDirectory(vscode.Uri.file(join(folder, 'img')));
    await writeFile(kept, 'new');
    await writeFile(target.fsPath, 'old');
    const meant = createHash('sha256').update('old').digest('hex');
    const other = createHash('sha256').update('older').digest('hex');
    const trouble = async (...replaced: string[]) => (await targetTrouble([target.toString()], replaced))?.kind;
    assert.deepEqual([await trouble(), await trouble(other), await trouble(meant)], ['exists', 'changed', undefined]);
    const saver = new Saver();
    await assert.rejects(saver.saveExactly(kept, 'png', target, other), { kind: 'changed' });
    await assert.rejects(saver.saveExactly(kept, 'png', target), { kind: 'exists' });
    assert.equal((await bytesOf('summer'))?.toString(), 'old');
    await saver.saveExactly(kept, 'png', target, meant);
    assert.equal((await bytesOf('summer'))?.toString(), 'new');
  });

  it('takes a file of the user’s own as current when told to', async () => {
    await vscode.workspace.fs.createDirectory(vscode.Uri.file(join(folder, 'img')));
    await writeFile(fileOf('summer'), 'mine');
    questions.dispose();
    questions = new Questions({ picks: ['summer'] });
    await run('keepSetPicture');
    assert.equal((await lock()).pictures['summer']?.as, 'kept');
    assert.equal((await lenses()).filter((title) => title === 'Current').length, 1);
  });
});
