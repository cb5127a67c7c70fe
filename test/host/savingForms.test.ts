import * as assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { asItCame, type SaveOptions } from '../../src/core/saveOptions.ts';
import type { SaveAsk, SavingView } from '../../src/core/saving.ts';
import { emptyRequest } from '../../src/core/request.ts';
import type { App } from '../../src/host/app.ts';
import { app, setUserSetting, until, workspaceFolder } from './support/extension.ts';

/** What a file is by its first bytes. */
function formatOf(bytes: Buffer): string {
  if (bytes.subarray(1, 4).toString() === 'PNG') return 'png';
  if (bytes.subarray(8, 12).toString() === 'WEBP') return 'webp';
  if (bytes.subarray(4, 12).toString() === 'ftypavif') return 'avif';
  return bytes[0] === 0xff && bytes[1] === 0xd8 ? 'jpeg' : 'unknown';
}

describe('saving in other forms and places', () => {
  let parts: App;
  let id: string;
  const root = () => workspaceFolder().uri.fsPath;
  const at = (path: string) => join(root(), 'forms', path);
  const uriAt = (path: string) => vscode.Uri.joinPath(workspaceFolder().uri, 'forms', path);

  before(async () => {
    parts = await app();
    await setUserSetting('service', 'simulator');
    await setUserSetting('saveFolder', 'forms/saved');
    await mkdir(at(''), { recursive: true });
    await writeFile(at('page.md'), '');
    const outcome = await parts.runner.run(
      { ...emptyRequest(), prompt: 'A red fox', variant: 'wan2.7-image', resolution: '1K', seed: 77 },
      { draftId: randomUUID(), askedBy: 'test', intent: { kind: 'show' }, shownPrice: 1000 },
    );
    assert.equal(outcome.kind, 'started', JSON.stringify(outcome));
    const jobId = outcome.kind === 'started' ? outcome.job.record.id : '';
    await until('the picture is there', () => parts.services.find(jobId)?.job.record.status.state === 'done', 30_000);
    id = `${jobId}-0`;
  });

  afterEach(async () => {
    parts.saving.close();
    await parts.making.choices.remember(workspaceFolder().uri, { options: asItCame, isUsual: false });
    for (const name of ['fileName', 'warnAboveSize']) await setUserSetting(name, undefined);
    await setUserSetting('saveFolder', 'forms/saved');
    await rm(at('saved'), { recursive: true, force: true });
  });

  after(async () => {
    for (const name of ['service', 'saveFolder']) await setUserSetting(name, undefined);
    await rm(at(''), { recursive: true, force: true });
  });

  const webp: SaveOptions = { format: 'webp', quality: 60, size: { kind: 'widths', widths: [64, 128] } };
  const ask = (changes: Partial<SaveAsk> = {}): SaveAsk => ({
    resultId: id,
    askId: randomUUID(),
    options: webp,
    folder: 'forms/saved',
    name: '${slug}',
    isUsual: false,
    ...changes,
  });

  async function answered(question: SaveAsk): Promise<NonNullable<SavingView['answer']>> {
    await parts.saving.preview(question);
    const answer = parts.saving.view?.answer;
    assert.ok(answer);
    assert.equal(answer.askId, question.askId);
    return answer;
  }

  it('what the sheet shows is what it writes: paths, pixels and bytes', async () => {
    await parts.saving.open(id);
    assert.equal(parts.saving.view?.start.name, 'a-red-fox');
    await mkdir(at('saved'), { recursive: true });
    await writeFile(at('saved/a-red-fox-64.webp'), 'mine');
    const question = ask();
    const { files, state } = await answered(question);
    assert.equal(state, 'ready');
    assert.deepEqual(
      files.map(({ path, width }) => [path, width]),
      [
        ['forms/saved/a-red-fox-64-2.webp', 64],
        ['forms/saved/a-red-fox-128.webp', 128],
      ],
    );
    assert.deepEqual(await readdir(at('saved')), ['a-red-fox-64.webp']);
    assert.equal((await parts.saving.save(question))?.kind, 'saved');
    for (const { path, byteLength } of files) {
      const bytes = await readFile(join(root(), path));
      assert.equal(formatOf(bytes), 'webp');
      // Its recipe comes on top.
      const extra = bytes.length - (byteLength ?? 0);
      assert.ok(extra >= 0 && extra < 20_000, `${extra} bytes`);
    }
    assert.equal(await readFile(at('saved/a-red-fox-64.webp'), 'utf8'), 'mine');
    const view = () => parts.saving.view;
    assert.equal(view(), undefined);
    await parts.saving.open(id);
    assert.deepEqual(view()?.start.options, webp);
  });

  it('of a picture that was saved in several widths, a page names all', async () => {
    await parts.saving.open(id);
    await parts.saving.save(ask());
    const page = uriAt('page.html');
    await vscode.workspace.fs.writeFile(page, Buffer.from('<body></body>'));
    const outcome = await parts.results.insert([id], { document: page, offset: 6, ranges: [{ start: 6, end: 6 }] });
    assert.equal(outcome.kind, 'inserted', JSON.stringify(outcome));
    const text = (await vscode.workspace.openTextDocument(page)).getText();
    assert.match(text, /src="saved\/a-red-fox-128\.webp"/);
    assert.match(text, /srcset="saved\/a-red-fox-64\.webp 64w, saved\/a-red-fox-128\.webp 128w"/);
    assert.match(text, /width="128"/);
    await vscode.window.showTextDocument(page);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('what was chosen counts for Save where that was wished for, and only there', async () => {
    await parts.saving.open(id);
    const options: SaveOptions = {
      format: 'jpeg',
      quality: 70,
      size: { kind: 'exact', width: 50, height: 40, how: 'crop' },
    };
    await parts.saving.save(ask({ options, name: 'one' }));
    await parts.results.save([id]);
    await parts.saving.open(id);
    await parts.saving.save(ask({ options, name: 'two', isUsual: true }));
    await parts.results.save([id]);
    assert.deepEqual(await readdir(at('saved')), ['a-red-fox.jpg', 'a-red-fox.png', 'one.jpg', 'two.jpg']);
    assert.equal(formatOf(await readFile(at('saved/a-red-fox.jpg'))), 'jpeg');
  });

  it('a folder that leads outside, by words or by a link, is told and not written', async () => {
    const outside = join(tmpdir(), `wan-outside-${randomUUID()}`);
    await mkdir(outside);
    await symlink(outside, at('link'));
    await parts.saving.open(id);
    for (const folder of ['../elsewhere', '/tmp', 'forms/link/deep', '${nothing}/x']) {
      const { trouble, files } = await answered(ask({ folder }));
      assert.ok(trouble, folder);
      assert.deepEqual(files, []);
      assert.equal((await parts.saving.save(ask({ folder })))?.kind, 'failed');
      assert.ok(parts.saving.view?.answer?.trouble);
    }
    assert.deepEqual(await readdir(outside), []);
    await rm(outside, { recursive: true });
    await rm(at('link'));
  });

  it('a later question takes the place of an earlier one, also while that is being made', async () => {
    await parts.saving.open(id);
    const slow = ask({ options: { format: 'avif', quality: 90, size: asItCame.size } });
    const first = parts.saving.preview(slow);
    const { files } = await answered(ask({ options: { ...webp, size: asItCame.size } }));
    await first;
    assert.match(files[0]?.path ?? '', /webp$/);
    assert.match(parts.saving.view?.answer?.files[0]?.path ?? '', /webp$/);
  });

  it('the settings fill in the folder of the site, the document and the name', async () => {
    await mkdir(at('site/docs'), { recursive: true });
    await writeFile(at('site/package.json'), '{"devDependencies":{"vite":"7"}}');
    await writeFile(at('site/vite.config.ts'), 'export default {}');
    await writeFile(at('site/docs/guide.md'), '# Guide\n');
    await setUserSetting('saveFolder', '${publicRoot}/pictures/${documentName}');
    await setUserSetting('fileName', '${slug}-${seed}-${n}-${width}');
    const document = uriAt('site/docs/guide.md');
    const saved = await parts.results.save([id], document);
    assert.equal(saved.files.length, 1);
    assert.match(saved.files[0]?.path ?? '', /forms\/site\/public\/pictures\/guide\/a-red-fox-77-1-\d+\.png$/);
    await setUserSetting('fileName', '${colour}');
    const refused = await parts.results.save([id], document);
    assert.equal(refused.kind, 'failed');
    assert.match(refused.kind === 'failed' ? refused.telling.text : '', /^\$\{colour\} is not known/);
  });

  it('a Markdown document gets its picture where the setting of VS Code says', async () => {
    await mkdir(at('notes'), { recursive: true });
    await writeFile(at('notes/day.md'), '# Day\n');
    const setting = vscode.workspace.getConfiguration('markdown');
    const destination = { '/forms/other/**': 'no/', '/forms/notes/**/*': '${documentBaseName}-media/' };
    await setting.update('copyFiles.destination', destination, vscode.ConfigurationTarget.Global);
    try {
      const { files } = await parts.results.save([id], uriAt('notes/day.md'));
      assert.equal(files[0]?.path, uriAt('notes/day-media/a-red-fox.png').path);
      await setting.update('copyFiles.destination', { '*': '../../../out/' }, vscode.ConfigurationTarget.Global);
      assert.equal((await parts.results.save([id], uriAt('notes/day.md'))).kind, 'failed');
    } finally {
      await setting.update('copyFiles.destination', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it('a fixed target gets the format that its name says', async () => {
    const target = uriAt('fixed.avif');
    const outcome = await parts.results.saveExactly([id], [target.toString()]);
    assert.deepEqual(outcome.files.map(String), [target.toString()]);
    assert.equal(formatOf(await readFile(target.fsPath)), 'avif');
  });

  it('a heavy picture is offered as a lighter one once, which takes its place until that is undone', async () => {
    await setUserSetting('warnAboveSize', 0.001);
    const { files } = await parts.results.save([id]);
    const offer = parts.heavy.offer(files);
    assert.deepEqual(offer?.files, files.map(String));
    assert.equal(parts.heavy.offer(files), undefined);
    const heavy = await readFile(at('saved/a-red-fox.png'));
    const telling = await parts.heavy.lighten(offer?.files ?? []);
    assert.deepEqual(telling.actions, ['undo-lighter']);
    assert.deepEqual(await readdir(at('saved')), ['a-red-fox.webp']);
    assert.equal((await parts.results.savedFile(id))?.path, uriAt('saved/a-red-fox.webp').path);
    assert.ok((await stat(at('saved/a-red-fox.webp'))).size < heavy.length);
    await parts.heavy.undo();
    assert.deepEqual(await readdir(at('saved')), ['a-red-fox.png']);
    assert.deepEqual(await readFile(at('saved/a-red-fox.png')), heavy);
  });

  it('a heavy picture that was inserted gives way to a lighter one that the document names, and back', async () => {
    await setUserSetting('warnAboveSize', 0.001);
    const document = await vscode.workspace.openTextDocument(uriAt('page.md'));
    const inserted = async () => {
      const outcome = await parts.results.insert([id], { document: document.uri, offset: 0 });
      assert.ok(outcome.kind === 'inserted');
      return outcome.files.map(String);
    };
    const heavy = await inserted();
    assert.match(document.getText(), /\(saved\/a-red-fox\.png\)/);
    const telling = await parts.heavy.lighten(heavy, document.uri.toString());
    assert.match(telling.text, /removed the heavy file\. .*page\.md names what is there now/);
    assert.match(document.getText(), /\(saved\/a-red-fox\.webp\)/);
    assert.deepEqual(await readdir(at('saved')), ['a-red-fox.webp']);
    await parts.heavy.undo();
    assert.match(document.getText(), /\(saved\/a-red-fox\.png\)/);
    assert.deepEqual(await readdir(at('saved')), ['a-red-fox.png']);

    // What is named where nobody can change it stays.
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), '`a-red-fox.png` is ours.\n\n');
    await vscode.workspace.applyEdit(edit);
    assert.deepEqual((await parts.heavy.lighten(heavy, document.uri.toString())).actions, []);
    assert.deepEqual(await readdir(at('saved')), ['a-red-fox.png', 'a-red-fox.webp']);
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('a heavy file that somebody has changed since stays as it is', async () => {
    await setUserSetting('warnAboveSize', 0.001);
    const { files } = await parts.results.save([id]);
    await writeFile(at('saved/a-red-fox.png'), 'mine');
    const { actions } = await parts.heavy.lighten(files.map(String));
    assert.deepEqual(actions, []);
    assert.equal(await readFile(at('saved/a-red-fox.png'), 'utf8'), 'mine');
  });
});
