import * as assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { emptyRequest, highestPrice, type ImageRequest } from '../../src/core/request.ts';
import type { App } from '../../src/host/app.ts';
import type { RunOutcome } from '../../src/host/runner.ts';
import { CopiedPictures } from '../../src/host/inserting/copied.ts';
import { handleMessage } from '../../src/host/studio/messages.ts';
import { readHeaderOf } from '../../src/pixels/header.ts';
import { app, setUserSetting, until, workspaceFolder } from './support/extension.ts';
import { Questions } from './support/questions.ts';

describe('from a request to a file, against the practice service', () => {
  let parts: App;
  let questions: Questions;
  /** Of one job that several tests look at. */
  let resultIds: string[];

  before(async () => {
    parts = await app();
    await setUserSetting('service', 'simulator');
    await setUserSetting('saveFolder', 'made by tests');
    ({ resultIds } = await runToEnd(small));
  });

  beforeEach(() => {
    questions = new Questions();
  });

  afterEach(() => questions.dispose());

  after(async () => {
    await setUserSetting('service', undefined);
    await setUserSetting('saveFolder', undefined);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  const small: ImageRequest = {
    ...emptyRequest(),
    prompt: 'A fox in the snow',
    variant: 'wan2.7-image',
    resolution: '1K',
    aspectRatio: '1:1',
  };

  function run(request: unknown, draftId: string = randomUUID(), shownPrice = 1000): Promise<RunOutcome> {
    return parts.runner.run(request, { draftId, askedBy: 'studio', intent: { kind: 'show' }, shownPrice });
  }

  async function runToEnd(request: ImageRequest): Promise<{ jobId: string; resultIds: string[] }> {
    const outcome = await run(request);
    assert.equal(outcome.kind, 'started');
    const { job, service } = outcome as RunOutcome & { kind: 'started' };
    const jobId = job.record.id;
    await until('the job is done', () => service.jobs.get(jobId)?.record.status.state === 'done');
    return { jobId, resultIds: service.jobs.get(jobId)?.record.results.map(({ id }) => id) ?? [] };
  }

  it('saves what came, and writes its reference into a document', async () => {
    const saved = await parts.results.save(resultIds);
    assert.equal(saved.kind, 'saved');
    const [file] = saved.files;
    assert.equal(file && vscode.workspace.asRelativePath(file), 'made by tests/a-fox-in-the-snow.png');
    const header = readHeaderOf(await readFile(file?.fsPath ?? ''));
    assert.deepEqual([header.format, header.width, header.height], ['png', 1024, 1024]);

    const uri = vscode.Uri.joinPath(workspaceFolder().uri, 'docs', 'inserted.md');
    await vscode.workspace.fs.writeFile(uri, Buffer.from('# Title\n\n'));
    const inserted = await parts.results.insert(resultIds, { document: uri, offset: 9 });
    assert.equal(inserted.kind, 'inserted');
    const document = await vscode.workspace.openTextDocument(uri);
    assert.equal(document.getText(), '# Title\n\n![A fox in the snow](../made%20by%20tests/a-fox-in-the-snow.png)');
    await document.save();
  });

  it('writes a picture that was copied in the studio where it is pasted, and nothing that only claims to be one', async () => {
    const uri = vscode.Uri.joinPath(workspaceFolder().uri, 'docs', 'pasted.md');
    await vscode.workspace.fs.writeFile(uri, Buffer.from('# Title\n\nold words'));
    const document = await vscode.workspace.openTextDocument(uri);
    const range = new vscode.Range(2, 0, 2, 3);
    const provider = new CopiedPictures(() => Promise.resolve(parts.writeCopied), {
      info: () => undefined,
      error: () => undefined,
    });
    const { token } = new vscode.CancellationTokenSource();
    const copiedData = (text: string) => {
      const data = new vscode.DataTransfer();
      data.set('application/vnd.wan-image-studio.pictures', new vscode.DataTransferItem(text));
      return data;
    };
    const offered = (text: string) => provider.provideDocumentPasteEdits(document, [range], copiedData(text));
    const file = await parts.results.savedFile(resultIds[0] ?? '');
    if (file) await vscode.workspace.fs.delete(file);
    const [edit] = (await offered(resultIds.join('\n'))) ?? [];
    assert.ok(edit);
    assert.equal(
      await parts.results.savedFile(resultIds[0] ?? ''),
      undefined,
      'nothing is written before it is chosen',
    );
    const { insertText } = await provider.resolveDocumentPasteEdit(edit, token);
    assert.ok(typeof insertText === 'string', 'a snippet would be lost');
    assert.match(insertText, /^!\[old\]\(\.\.\/made%20by%20tests\/a-fox-in-the-snow(?:-\d)?\.png\)$/);
    assert.ok(await parts.results.savedFile(resultIds[0] ?? ''));

    const [claimed] = (await offered('../../etc/passwd')) ?? [];
    assert.ok(claimed);
    await assert.rejects(Promise.resolve(provider.resolveDocumentPasteEdit(claimed, token)), vscode.CancellationError);
    assert.match(questions.shown.join('\n'), /The copied picture is not in the history of this folder/);
    assert.equal(await offered('\n'), undefined);
  });

  it('saves a picture again when its file is gone, and only then', async () => {
    assert.deepEqual((await parts.results.saveAll(resultIds)).files, []);
    const file = await parts.results.savedFile(resultIds[0] ?? '');
    if (file) await vscode.workspace.fs.delete(file);
    assert.equal((await parts.results.saveAll(resultIds)).files.length, 1);
  });

  it('offers another place when the save folder is not inside, and uses it', async () => {
    await setUserSetting('saveFolder', '../elsewhere');
    const outcome = await parts.results.save(resultIds);
    await setUserSetting('saveFolder', 'made by tests');
    assert.equal(outcome.kind, 'failed');
    const { telling } = outcome as typeof outcome & { kind: 'failed' };
    assert.deepEqual(telling.actions, ['choose-folder', 'open-settings']);
    questions.dispose();
    const chosen = vscode.Uri.joinPath(workspaceFolder().uri, 'chosen.png');
    questions = new Questions({ save: chosen });
    await parts.actions.perform('choose-folder', telling);
    assert.ok((await vscode.workspace.fs.stat(chosen)).size > 0);
  });

  it('names the pictures of a set after their own lines', async () => {
    const set = await runToEnd({
      ...small,
      imageSet: true,
      setMaxImages: 2,
      setLines: ['Spring in the valley', 'Autumn in the valley'],
    });
    const saved = await parts.results.saveAll(set.resultIds);
    const names = saved.files.map((file) => file.path.split('/').at(-1));
    assert.deepEqual(names, ['spring-in-the-valley.png', 'autumn-in-the-valley.png'].slice(0, names.length));
  });

  it('makes one job of the same draft sent twice', async () => {
    const draftId = randomUUID();
    const outcomes = await Promise.all([run(small, draftId), run(small, draftId)]);
    assert.deepEqual(
      outcomes.map(({ kind }) => kind).toSorted((a, b) => a.localeCompare(b)),
      ['declined', 'started'],
    );
  });

  it('does not run what has errors, and says all of them', async () => {
    const outcome = await run({ ...small, prompt: '', seed: -1 });
    assert.equal(outcome.kind, 'problems');
    const { problems } = outcome as RunOutcome & { kind: 'problems' };
    const codes = problems.filter(({ severity }) => severity === 'error').map(({ code }) => code);
    assert.deepEqual(new Set(codes), new Set(['prompt-missing', 'seed-range']));
  });

  describe('with the real service', () => {
    before(async () => {
      await setUserSetting('service', 'empiriolabs');
      await setUserSetting('serviceUrl', process.env['WAN_IMAGE_SIMULATOR_URL']);
    });

    after(async () => {
      await parts.keys.forget();
      await setUserSetting('serviceUrl', undefined);
      await setUserSetting('service', 'simulator');
    });

    it('a missing key is said before anything is kept or sent', async () => {
      const outcome = await run(small);
      assert.equal(outcome.kind === 'failed' && outcome.failure.kind, 'key-missing');
    });

    it('a price that is higher than the one shown is refused', async () => {
      await parts.keys.keep('sk-empiriolabs-host-test');
      assert.equal((await run(small, randomUUID(), 29)).kind, 'dearer');
    });

    it('a dear request is asked about, and not sent on a no', async () => {
      const dear: ImageRequest = { ...small, variant: 'wan2.7-image-pro', imageSet: true, setMaxImages: 12 };
      const outcome = await run(dear, randomUUID(), highestPrice(dear));
      assert.equal(outcome.kind, 'declined');
      assert.ok(questions.shown.includes('This can cost up to $0.90.')); // A job of a test before may end meanwhile.
    });

    it('an address that is not safe for a key is refused', async () => {
      await setUserSetting('serviceUrl', 'http://service.example');
      assert.equal((await run(small)).kind, 'bad-address');
      await setUserSetting('serviceUrl', process.env['WAN_IMAGE_SIMULATOR_URL']);
    });

    it('a picture that was made is kept and counted', async () => {
      const live = await runToEnd(small);
      assert.equal(live.resultIds.length, 1);
      assert.equal(parts.services.find(live.jobId)?.service.mode, 'live');
    });
  });
});

describe('the studio', () => {
  it('opens as one panel, and a second call brings it back', async () => {
    await app();
    await vscode.commands.executeCommand('wanImage.openStudio');
    await vscode.commands.executeCommand('wanImage.openStudio');
    const labels = () =>
      vscode.window.tabGroups.all
        .flatMap(({ tabs }) => tabs)
        .filter(({ input }) => input instanceof vscode.TabInputWebview)
        .map(({ label }) => label);
    await until('the studio has a tab', () => labels().length > 0);
    assert.deepEqual(labels(), ['Wan Image Studio']);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('does nothing about jobs and pictures that do not exist', async () => {
    const parts = { ...(await app()), notice: () => undefined };
    for (const type of ['cancel', 'dismiss', 'putBack', 'saveAll'] as const) {
      assert.equal(await handleMessage({ type, jobId: '../../etc' }, parts), undefined);
    }
    for (const type of ['save', 'saveAs', 'insert', 'reveal', 'open'] as const) {
      assert.equal(await handleMessage({ type, resultId: '../../etc/passwd' }, parts), undefined);
    }
  });
});
