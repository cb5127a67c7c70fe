import * as assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { pastedPicture } from '../../src/core/pasted.ts';
import { emptyRequest } from '../../src/core/request.ts';
import { ImageRequest } from '../../src/core/requestSchema.ts';
import type { App } from '../../src/host/app.ts';
import { handleMessage } from '../../src/host/studio/messages.ts';
import { app, until, workspaceFolder } from './support/extension.ts';
import { Questions } from './support/questions.ts';

describe('the inputs of the form', () => {
  let parts: App;

  before(async () => {
    parts = await app();
  });

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await parts.pasting.forget();
    await parts.drafts.offer(emptyRequest());
    await parts.pastDrafts.forget();
  });

  const send = (message: Parameters<typeof handleMessage>[0]) =>
    handleMessage(message, { ...parts, notice: () => undefined });
  const draft = (): ImageRequest => ImageRequest.parse(parts.drafts.get().request);
  const views = () => parts.editing.views((file) => file);

  async function paste(bytes: Buffer, name = 'image.jpg') {
    const { pieceBytes } = pastedPicture;
    const total = Math.ceil(bytes.length / pieceBytes);
    const pasteId = randomUUID();
    for (let index = 0; index < total; index++) {
      const data = bytes.subarray(index * pieceBytes, (index + 1) * pieceBytes).toString('base64');
      const telling = await send({ type: 'pastePiece', pasteId, index, total, name, data });
      if (telling) return telling;
    }
    return undefined;
  }
  const photo = () => readFile(join(workspaceFolder().uri.fsPath, 'images', 'photo.jpg'));

  describe('a pasted picture', () => {
    it('is in the form with its facts, beside what is written there, and once only', async () => {
      await parts.drafts.offer({ ...emptyRequest(), prompt: 'Make it night', resolution: '4K' });
      assert.equal(await paste(await photo()), undefined);
      const { inputs, prompt, resolution } = draft();
      assert.deepEqual([inputs[0]?.name, prompt, resolution], ['Pasted picture', 'Make it night', '2K']);
      await until('it is read', () => views().every(({ phase }) => phase.state === 'ready'));
      assert.match((await paste(await photo()))?.text ?? '', /is there already/);
      assert.equal(draft().inputs.length, 1);
    });

    it('is not lent to a panel that names its file, and not found outside of the extension’s own storage', async () => {
      await parts.drafts.offer(emptyRequest());
      await paste(await photo());
      const uri = parts.sources.get(draft().inputs[0]?.id ?? '')?.uri;
      assert.ok(uri);
      await parts.drafts.offer({ ...emptyRequest(), prompt: 'Another one' });
      const telling = await send({ type: 'dropSources', uris: [uri.toString()] });
      assert.match(telling?.text ?? '', /neither|workspace/);
      assert.deepEqual(draft().inputs, []);
    });

    it('that is none is refused with a sentence', async () => {
      await parts.drafts.offer({ ...emptyRequest(), prompt: 'As it was' });
      assert.match((await paste(Buffer.from('no picture')))?.text ?? '', /does not hold a picture/);
      assert.deepEqual(draft(), { ...emptyRequest(), prompt: 'As it was' });
    });

    it('is named among what is stored, counts as being nowhere else, and is deleted there', async () => {
      await parts.drafts.offer(emptyRequest());
      await paste(await photo());
      const file = parts.sources.get(draft().inputs[0]?.id ?? '')?.uri.fsPath ?? '';
      await access(file);
      views();
      const label = 'Pictures that were pasted in this workspace';
      const questions = new Questions({ picks: [label], buttons: ['Delete'] });
      try {
        await vscode.commands.executeCommand('wanImage.deleteStored');
        assert.match(
          questions.shown[0] ?? '',
          new RegExp(`${label}\nPictures: 1, [\\d.]+ MB\nThey may be nowhere else`),
        );
        assert.equal(questions.shown.at(-1), 'What you chose was deleted.');
      } finally {
        questions.dispose();
      }
      await assert.rejects(access(file));
      await until('the form says that it is gone', () => views().some(({ phase }) => phase.state === 'refused'));
    });
  });

  describe('colours', () => {
    async function show(content: string, language: string): Promise<void> {
      const document = await vscode.workspace.openTextDocument({ content, language });
      await vscode.window.showTextDocument(document);
      await until('the document is the last one', () => parts.lastEditor.document === document);
    }
    const found = async (pictureId?: string) => {
      const askId = randomUUID();
      await send({ type: 'findColours', askId, ...(pictureId !== undefined && { pictureId }) });
      assert.equal(parts.colours.found?.askId, askId);
      return parts.colours.found;
    };

    it('are read from the document that was edited last, with what has not been saved', async () => {
      await show(':root { --sea: #264653; --sand: rgb(233 196 106); }', 'css');
      assert.deepEqual((await found()).colours, [
        { hex: '#264653', name: '--sea' },
        { hex: '#E9C46A', name: '--sand' },
      ]);
      await show('module.exports = { theme: { colors: { brand: { 500: "#0ea5e9" } } } }', 'javascript');
      assert.deepEqual((await found()).colours, [{ hex: '#0EA5E9', name: 'brand.500' }]);
      await show('{ "colors": { "editor.background": "#1e1e1e" } }', 'json');
      assert.deepEqual((await found()).colours, [{ hex: '#1E1E1E', name: 'editor.background' }]);
    });

    it('are those of a picture of the form, with their parts; of one that nobody knows there are none', async () => {
      await parts.drafts.offer(emptyRequest());
      await paste(await photo());
      const { from, colours, trouble } = await found(draft().inputs[0]?.id);
      assert.equal(from, 'Pasted picture');
      assert.equal(trouble, undefined);
      assert.ok(colours.length >= 3 && colours.length <= 10, `${colours.length} colours`);
      assert.ok(Math.abs(colours.reduce((sum, { weight = 0 }) => sum + weight, 0) - 1) < 1e-9);
      assert.deepEqual((await found(randomUUID())).colours, []);
    });
  });

  describe('drafts', () => {
    it('that another request takes the place of can be found again; adding pictures is no such thing', async () => {
      await parts.pastDrafts.forget();
      const written = { ...emptyRequest(), prompt: 'Half an idea' };
      await send({ type: 'draft', draftId: randomUUID(), request: written });
      await paste(await photo());
      assert.deepEqual(parts.pastDrafts.list(), []);
      await parts.studio.openWith({ ...emptyRequest(), prompt: 'Another' });
      const [kept] = parts.pastDrafts.list();
      assert.equal(ImageRequest.parse(kept?.request).prompt, 'Half an idea');
      assert.equal(ImageRequest.parse(kept?.request).inputs.length, 1);
      await send({ type: 'keepDraft', draftId: 'mine', request: { prompt: 'Replaced in the panel' } });
      assert.deepEqual(
        parts.pastDrafts.list().map(({ draftId }) => draftId),
        ['mine', kept?.draftId],
      );
      await parts.pastDrafts.noteRun('mine');
      assert.deepEqual(
        parts.pastDrafts.list().map(({ draftId }) => draftId),
        [kept?.draftId],
      );
    });
  });
});
