import * as assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { access, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import * as vscode from 'vscode';
import { everything } from '../../src/core/historyQuery.ts';
import { type Box, emptyRequest, type ImageRequest } from '../../src/core/request.ts';
import type { App } from '../../src/host/app.ts';
import { keptName } from '../../src/host/editing/keptBytes.ts';
import type { Log } from '../../src/host/log.ts';
import { Reopening } from '../../src/host/history/reopening.ts';
import { handleMessage } from '../../src/host/studio/messages.ts';
import { app, setUserSetting, until, workspaceFolder } from './support/extension.ts';
import { Questions } from './support/questions.ts';

describe('the history', () => {
  const mark = randomUUID().slice(0, 8);
  let parts: App;
  let folder: string;

  before(async () => {
    parts = await app();
    await setUserSetting('service', 'simulator');
    folder = join(workspaceFolder().uri.fsPath, `history-${mark}`);
    await mkdir(folder, { recursive: true });
  });

  after(async () => {
    parts.gallery.close();
    await setUserSetting('service', undefined);
    await rm(folder, { recursive: true });
  });

  const small: ImageRequest = { ...emptyRequest(), variant: 'wan2.7-image', resolution: '1K' };
  const send = (message: Parameters<typeof handleMessage>[0]) =>
    handleMessage(message, { ...parts, notice: () => undefined });

  /** Makes a picture and answers the id of its job. */
  async function make(request: ImageRequest): Promise<string> {
    const outcome = await parts.runner.run(request, {
      draftId: randomUUID(),
      askedBy: 'test',
      intent: { kind: 'show' },
      shownPrice: 1000,
    });
    assert.equal(outcome.kind, 'started', JSON.stringify(outcome));
    if (outcome.kind !== 'started') return '';
    const { id } = outcome.job.record;
    await until('the picture is there', () => parts.services.find(id)?.job.record.status.state === 'done', 30_000);
    return id;
  }

  async function found(text: string) {
    const asked = { query: { ...everything, text: `${mark} ${text}` }, from: 0, count: 60 };
    await send({ type: 'history', ...asked });
    const view = await parts.gallery.view(await parts.services.current(), (file) => file);
    assert.ok(view);
    return view;
  }

  it('finds what was made, with a small picture that is made once', async () => {
    const id = await make({ ...small, prompt: `A Löwe in the history ${mark}` });
    assert.deepEqual(
      (await found('lowe')).entries.map((entry) => entry.id),
      [id],
    );
    const thumbnail = async () => (await found('lowe')).entries[0]?.thumbnail;
    await until('the thumbnail is there', async () => (await thumbnail())?.state === 'ready');
    const shown = await thumbnail();
    const { width, height } = await sharp(shown?.state === 'ready' ? shown.src : '').metadata();
    assert.equal(Math.max(width, height), 256);
    assert.equal((await found('nowhere')).total, 0);
  });

  it('keeps a star over windows, and finds by it', async () => {
    const id = await make({ ...small, prompt: `A star in the history ${mark}` });
    await send({ type: 'markFavourite', jobId: id, isFavourite: true });
    assert.equal((await found('star')).entries[0]?.favourite, true);
    await send({ type: 'markFavourite', jobId: id, isFavourite: false });
    assert.equal((await found('star')).entries[0]?.favourite, false);
  });

  it('deletes so that it can be brought back, pictures and all', async () => {
    const id = await make({ ...small, prompt: `To be deleted and brought back ${mark}` });
    const file = parts.services.findResult(`${id}-0`)?.file ?? '';
    assert.equal(await send({ type: 'deleteEntries', jobIds: [id] }), undefined);
    await assert.rejects(access(file));
    const gone = await found('deleted');
    assert.deepEqual([gone.total, gone.deleted], [0, 1]);
    assert.equal(parts.services.find(id), undefined);
    await send({ type: 'undoDelete' });
    await access(file);
    assert.equal((await found('deleted')).total, 1);
    assert.equal(parts.services.findResult(`${id}-0`)?.file, file);
  });

  it('cleans up what is saved and has no star, and only what is chosen', async () => {
    const saved = await make({ ...small, prompt: `Saved ${mark}` });
    const starred = await make({ ...small, prompt: `Saved and starred ${mark}` });
    const unsaved = await make({ ...small, prompt: `Not saved ${mark}` });
    for (const id of [saved, starred])
      await parts.results.saveBeside([`${id}-0`], vscode.Uri.file(join(folder, `${id}.png`)));
    await send({ type: 'markFavourite', jobId: starred, isFavourite: true });
    const oldest = 'The oldest requests whose pictures are all saved';
    const questions = new Questions({ picks: [oldest] });
    try {
      await send({ type: 'cleanUp' });
      // A picture that is announced just then is none of its business.
      const list = questions.shown.find((text) => text.startsWith('Clean Up')) ?? '';
      assert.match(list, new RegExp(`${oldest}\nRequests: \\d+, `));
      assert.match(list, new RegExp(`Not saved ${mark}\n`));
      assert.doesNotMatch(list, /Saved and starred/);
    } finally {
      questions.dispose();
    }
    assert.equal(parts.services.find(saved), undefined);
    for (const id of [starred, unsaved]) assert.ok(parts.services.find(id));
    await send({ type: 'undoDelete' });
    assert.ok(parts.services.find(saved));
  });

  describe('opened again', () => {
    const boxes: Box[] = [{ x1: 40, y1: 60, x2: 200, y2: 180, label: 'a door' }];
    const paint = (file: string, background: string, width = 400) =>
      sharp({ create: { width, height: 300, channels: 3, background } })
        .jpeg()
        .toFile(file);

    /** An edit of a new file. */
    async function edit(name: string): Promise<{ id: string; file: string }> {
      const file = join(folder, name);
      await paint(file, 'green');
      await parts.editing.begin([vscode.Uri.file(file)]);
      const { inputs } = parts.drafts.request;
      const id = await make({
        ...small,
        prompt: `Edit ${name} ${mark}`,
        inputs: inputs.map((input) => ({ ...input, boxes })),
      });
      await parts.drafts.offer({ ...small, prompt: 'Something else' });
      return { id, file };
    }

    async function reopened(id: string) {
      await send({ type: 'reopen', jobId: id });
      const [input] = parts.drafts.request.inputs;
      assert.ok(input);
      const view = () => parts.editing.views((path) => path)[0]?.phase;
      await until('the picture is read', () => view()?.state !== 'reading');
      return { input, phase: view(), note: parts.reopening.note(input.id).former };
    }

    it('an edit is in the form as it was, with its file and its boxes', async () => {
      const { id, file } = await edit('same.jpg');
      const { input, phase, note } = await reopened(id);
      assert.deepEqual(input.boxes, boxes);
      assert.equal(parts.sources.get(input.id)?.uri.fsPath, file);
      assert.equal(phase?.state, 'ready');
      assert.equal(note, undefined);
      assert.equal(parts.drafts.request.prompt, `Edit same.jpg ${mark}`);
    });

    it('a file that has changed is said, the copy that was sent stands in, and the file can be used with its boxes', async () => {
      const { id, file } = await edit('changed.jpg');
      await paint(file, 'red', 800);
      const { input, phase, note } = await reopened(id);
      assert.match(note?.sentence ?? '', /changed\.jpg has changed since this was made\. Shown here is the copy/);
      assert.equal(note?.canUseFile, true);
      assert.ok(phase?.state === 'ready' && phase.facts.width === 400);
      await send({ type: 'swapInput', inputId: input.id, by: 'file' });
      const [now] = parts.drafts.request.inputs;
      assert.equal(parts.sources.get(now?.id ?? '')?.uri.fsPath, file);
      assert.deepEqual(now?.boxes, [{ x1: 80, y1: 60, x2: 400, y2: 180, label: 'a door' }]);
      assert.equal(parts.reopening.note(now?.id ?? '').former, undefined);
    });

    it('what is said of a picture is said again after a reload', async () => {
      const { id, file } = await edit('reloaded.jpg');
      await paint(file, 'red');
      const stored = new Map<string, unknown>();
      const memento = {
        get: (key: string) => stored.get(key),
        update: async (key: string, value: unknown) => void stored.set(key, JSON.parse(JSON.stringify(value))),
      };
      const { services, sources, kept, drafts } = parts;
      const log = { error: assert.fail } as unknown as Log;
      const anew = () => new Reopening({ services, sources, kept, drafts, memento, log });
      await anew().reopen(id);
      const [input] = parts.drafts.request.inputs;
      const { former } = anew().note(input?.id ?? '');
      assert.match(former?.sentence ?? '', /reloaded\.jpg has changed since this was made\. Shown here is the copy/);
      await anew().swap(input?.id ?? '', 'file');
      assert.equal(parts.sources.get(parts.drafts.request.inputs[0]?.id ?? '')?.uri.fsPath, file);
      assert.equal(anew().note(input?.id ?? '').former, undefined);
    });

    it('a file that is gone is said, with its copy or without', async () => {
      const { id, file } = await edit('gone.jpg');
      await rm(file);
      const copied = await reopened(id);
      assert.match(copied.note?.sentence ?? '', /gone\.jpg is gone\. Shown here is the copy/);
      assert.equal(copied.note?.canUseFile, false);
      assert.equal(copied.phase?.state, 'ready');
      const [source] = parts.services.find(id)?.job.record.sources ?? [];
      await rm(parts.kept.fileOf(keptName(source?.sha256 ?? '', 'jpg')));
      const lost = await reopened(id);
      assert.match(lost.note?.sentence ?? '', /no copy of what was sent is kept/);
      assert.equal(lost.phase?.state, 'refused');
    });

    it('a file that has changed and of which no copy is kept stands as it is, and says so', async () => {
      const { id, file } = await edit('uncopied.jpg');
      const [source] = parts.services.find(id)?.job.record.sources ?? [];
      await rm(parts.kept.fileOf(keptName(source?.sha256 ?? '', 'jpg')));
      await paint(file, 'red');
      const { input, note } = await reopened(id);
      assert.match(note?.sentence ?? '', /This is the file as it is now/);
      assert.equal(note?.canUseFile, false);
      assert.equal(parts.sources.get(input.id)?.uri.fsPath, file);
    });
  });

  it('more than the limit is told, and nothing is deleted', async () => {
    const { folder: journal } = await parts.services.current();
    const before = (await readdir(journal)).length;
    await setUserSetting('storageLimit', 1);
    try {
      const view = await found('');
      await until('it is counted', async () => (await found('')).storage !== undefined);
      assert.equal((await found('')).storage?.limit, 1024 * 1024);
      assert.ok(view.total > 0);
      assert.equal((await readdir(journal)).length, before);
      assert.ok((await stat(journal)).isDirectory());
    } finally {
      await setUserSetting('storageLimit', undefined);
    }
  });
});
