import * as assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, unlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import * as vscode from 'vscode';
import { ImageRequest } from '../../src/core/requestSchema.ts';
import type { App } from '../../src/host/app.ts';
import { Replacing } from '../../src/host/editing/replacing.ts';
import { Sources } from '../../src/host/editing/sources.ts';
import { handleMessage } from '../../src/host/studio/messages.ts';
import type { JobRecord } from '../../src/jobs/record.ts';
import { app, setUserSetting, until, workspaceFolder } from './support/extension.ts';
import { MemoryFiles } from './support/memoryFiles.ts';
import { Questions } from './support/questions.ts';

describe('editing pictures while others write to them', () => {
  let parts: App;
  let questions: Questions;
  let folder: string;

  before(async () => {
    parts = await app();
    await setUserSetting('service', 'simulator');
    folder = join(workspaceFolder().uri.fsPath, 'troubled');
  });

  beforeEach(async () => {
    questions = new Questions();
    await mkdir(folder, { recursive: true });
  });

  afterEach(() => questions.dispose());

  after(async () => {
    await setUserSetting('service', undefined);
    await rm(folder, { recursive: true });
  });

  const sample = join(workspaceFolder().uri.fsPath, 'images', 'photo.jpg');
  const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
  const hashOf = async (file: string) => sha256(await readFile(file));
  const draft = () => ImageRequest.parse(parts.drafts.get().request);
  const plainPicture = (background: string) =>
    sharp({ create: { width: 500, height: 500, channels: 3, background } })
      .jpeg()
      .toBuffer();

  async function pictureOf(name = `${randomUUID()}.jpg`): Promise<string> {
    const file = join(folder, name);
    await copyFile(sample, file);
    return file;
  }

  /** Runs an edit of a picture and answers the id of its first result. */
  async function edited(picture: string | vscode.Uri): Promise<string> {
    await parts.editing.begin([typeof picture === 'string' ? vscode.Uri.file(picture) : picture]);
    const request: ImageRequest = { ...draft(), prompt: 'Make it blue', variant: 'wan2.7-image', resolution: '1K' };
    const outcome = await parts.runner.run(request, {
      draftId: randomUUID(),
      askedBy: 'test',
      intent: { kind: 'show' },
      shownPrice: 1000,
    });
    assert.ok(outcome.kind === 'started', JSON.stringify(outcome));
    const record = (): JobRecord | undefined => outcome.service.jobs.get(outcome.job.record.id)?.record;
    await until('the edit is done', () => record()?.status.state === 'done', 30_000);
    return record()?.results[0]?.id ?? '';
  }

  /** Answers the next question with a button, after something has happened while it stood there. */
  function answerAfter(work: () => Promise<unknown>, button: string): void {
    const ask = async () => {
      await work();
      return button;
    };
    Object.assign(vscode.window, { showWarningMessage: ask });
  }

  describe('replacing', () => {
    it('does not take the place of what was written while the question stood there', async () => {
      const file = await pictureOf();
      const id = await edited(file);
      await writeFile(file, await plainPicture('green'));
      const mine = await plainPicture('yellow');
      answerAfter(() => writeFile(file, mine), 'Replace Anyway');
      const telling = await parts.replacing.replace(id);
      assert.equal(await hashOf(file), sha256(mine));
      assert.match(telling?.text ?? '', /was changed by something else at the same moment/);
      assert.deepEqual(telling?.actions, ['choose-folder']);
      const job = parts.services.findResult(id)?.job;
      assert.equal(job && parts.replacer.view(job, id).replaced, undefined);
    });

    it('does not follow a link that was turned outwards while the question stood there', async () => {
      const file = await pictureOf();
      const link = join(folder, `${randomUUID()}-link.jpg`);
      await symlink(file, link);
      const id = await edited(link);
      await writeFile(file, await plainPicture('green'));
      const outside = await mkdtemp(join(tmpdir(), 'wan-outside-'));
      const theirs = join(outside, 'theirs.jpg');
      await copyFile(file, theirs);
      const turn = async () => {
        await unlink(link);
        await symlink(theirs, link);
      };
      const before = await hashOf(theirs);
      answerAfter(turn, 'Replace Anyway');
      const telling = await parts.replacing.replace(id);
      assert.equal(await hashOf(theirs), before);
      assert.match(telling?.text ?? '', /leads out of the workspace/);
      await rm(outside, { recursive: true });
    });

    it('asks what to do where the whole folder has gone, and undo brings it back with its picture', async () => {
      const inner = join(folder, randomUUID(), 'deeper');
      await mkdir(inner, { recursive: true });
      const file = join(inner, 'photo.jpg');
      await copyFile(sample, file);
      const before = await hashOf(file);
      const id = await edited(file);
      assert.equal(await parts.replacing.replace(id), undefined);
      await rm(join(inner, '..'), { recursive: true });
      assert.equal(await parts.replacing.replace(id), undefined);
      assert.ok(
        questions.shown.some((text) => text.includes('is not there any more')),
        questions.shown.join('\n'),
      );
      const telling = await parts.replacing.undo();
      assert.match(telling?.text ?? '', /is as it was before/);
      assert.equal(await hashOf(file), before);
    });

    it('takes away what a crash has left beside the picture', async () => {
      const file = await pictureOf();
      const left = join(folder, `.wan-image-${randomUUID()}.part`);
      await writeFile(left, 'half a picture');
      const longAgo = new Date(Date.now() - 2 * 60 * 60 * 1000);
      await utimes(left, longAgo, longAgo);
      assert.equal(await parts.replacing.replace(await edited(file)), undefined);
      assert.ok(!(await readdir(folder)).includes(basename(left)));
    });

    it('keeps the way back where a file system has taken the old file away and then failed', async () => {
      const files = new MemoryFiles('wan-troubled');
      await files.isKnown();
      const find = vscode.workspace.getWorkspaceFolder;
      const uri = files.uri('/pictures/photo.jpg');
      Object.assign(vscode.workspace, {
        getWorkspaceFolder: (asked: vscode.Uri) =>
          asked.scheme === uri.scheme ? { uri: files.uri('/'), name: 'troubled', index: 1 } : find(asked),
      });
      try {
        const before = await readFile(sample);
        files.put('/pictures/photo.jpg', before);
        const id = await edited(uri);
        files.renameTrouble = vscode.FileSystemError.Unavailable('the other side has gone');
        const telling = await parts.replacing.replace(id);
        assert.equal(telling?.severity, 'error');
        files.renameTrouble = undefined;
        const undone = await parts.replacing.undo();
        assert.match(undone?.text ?? '', /is as it was before/);
        assert.equal(sha256(files.bytes('/pictures/photo.jpg') ?? Buffer.of()), sha256(before));

        assert.equal(await parts.replacing.replace(id), undefined);
        assert.notEqual(sha256(files.bytes('/pictures/photo.jpg') ?? Buffer.of()), sha256(before));
      } finally {
        Object.assign(vscode.workspace, { getWorkspaceFolder: find });
        files.dispose();
      }
    });

    it('says of a name that looks like a command only the name', async () => {
      const file = await pictureOf(`${randomUUID()} [Open](command:workbench.action.quit)\u202e\n.jpg`);
      assert.equal(await parts.replacing.replace(await edited(file)), undefined);
      const said = questions.shown.find((text) => text.startsWith('Replaced'));
      assert.ok(said);
      assert.doesNotMatch(said, /\]\(command:|[\n\u202e]/);
    });

    it('says that there is nothing to bring back where another window has done so', async () => {
      const file = await pictureOf();
      const id = await edited(file);
      let answer: (button: string) => void = () => undefined;
      const waiting = new Promise<string>((resolve) => (answer = resolve));
      const show = vscode.window.showInformationMessage;
      Object.assign(vscode.window, {
        showInformationMessage: (text: string, ...rest: string[]) =>
          text.startsWith('Replaced') ? waiting : show(text, ...rest),
      });
      await parts.replacing.replace(id);
      await parts.replacing.undo();
      answer('Undo Replace');
      await until('it is said', () => questions.shown.includes('Nothing was brought back.'));
    });
  });

  describe('the form', () => {
    it('keeps what is written while a picture that was added is looked at', async () => {
      await parts.editing.begin([]);
      const file = vscode.Uri.file(await pictureOf());
      const facts = parts.sources.facts.bind(parts.sources);
      let isAsked = false;
      let goOn: () => void = () => undefined;
      const gate = new Promise<void>((resolve) => (goOn = resolve));
      Object.assign(parts.sources, {
        facts: async (id: string) => {
          isAsked = true;
          await gate;
          return facts(id);
        },
      });
      try {
        const adding = parts.editing.drop([file.toString()]);
        await until('the picture is looked at', () => isAsked);
        await handleMessage(
          { type: 'draft', draftId: randomUUID(), request: { ...draft(), prompt: 'Written meanwhile' } },
          { ...parts, notice: () => undefined },
        );
        goOn();
        await adding;
        assert.equal(draft().prompt, 'Written meanwhile');
        assert.equal(draft().inputs.length, 1);
      } finally {
        Reflect.deleteProperty(parts.sources, 'facts');
      }
    });

    it('says that a picture which is added again is there already, also by its address', async () => {
      const file = vscode.Uri.file(await pictureOf());
      await parts.editing.begin([file]);
      const again = await parts.editing.drop([file.toString()]);
      assert.match(again?.text ?? '', /is there already\./);
      const inputs = draft().inputs.map((input) => ({ ...input, url: 'https://example.org/a.jpg' }));
      await parts.drafts.offer({ ...draft(), inputs });
      const byAddress = await parts.editing.drop([file.toString()]);
      assert.match(byAddress?.text ?? '', /is there already, by its address\. .*Use the File Again/);
      assert.equal(draft().inputs.length, 1);
    });

    it('knows a dropped file in one form, and none of another machine', async () => {
      await parts.editing.begin([]);
      const uri = vscode.Uri.file(await pictureOf());
      const roundabout = uri.with({ path: `${folder}/../troubled/./${basename(uri.path)}` });
      const telling = await parts.editing.drop([
        uri.toString(),
        roundabout.toString(),
        uri.with({ query: 'v=1' }).toString(),
        uri.with({ fragment: 'top' }).toString(),
        uri.with({ authority: 'elsewhere' }).toString(),
      ]);
      assert.equal(draft().inputs.length, 1);
      assert.equal(draft().inputs[0]?.name, vscode.workspace.asRelativePath(uri));
      assert.equal(telling?.text.match(/neither in the workspace nor open in a tab/g)?.length, 1);
    });

    it('does not offer smaller images where they were as small as they get', async () => {
      const id = await edited(await pictureOf());
      const jobId = parts.services.findResult(id)?.job.record.id ?? '';
      assert.equal(await parts.actions.perform('send-smaller', { jobId }), undefined);
      assert.equal(draft().inputs[0]?.preparation?.size, 'small');
      const outcome = await parts.runner.run(draft(), {
        draftId: randomUUID(),
        askedBy: 'test',
        intent: { kind: 'show' },
        shownPrice: 1000,
      });
      assert.ok(outcome.kind === 'started');
      const telling = await parts.actions.perform('send-smaller', { jobId: outcome.job.record.id });
      assert.match(telling?.text ?? '', /already sent as small as they are made/);
    });
  });

  for (const name of ['~drafts', 'back\\slash', '100 % #1 [x] 👩‍🎨']) {
    it(`saves beside a picture in a folder called ${name}`, async () => {
      const inner = join(workspaceFolder().uri.fsPath, name);
      await mkdir(inner);
      const file = join(inner, 'photo.jpg');
      await copyFile(sample, file);
      const outcome = await parts.results.save([await edited(file)]);
      const there = await readdir(inner);
      await rm(inner, { recursive: true });
      assert.equal(outcome.kind, 'saved', JSON.stringify(outcome));
      assert.deepEqual(there.toSorted(), ['photo.jpg', 'photo.png']);
    });
  }

  it('says nothing of saving beside where nothing was saved', async () => {
    const replacing = new Replacing({
      replacer: {
        replace: async () => ({ kind: 'save-beside' }),
        undo: async () => ({ kind: 'declined' }),
        sourceOf: () => vscode.Uri.file(sample),
      },
      results: { saveBeside: async () => ({ kind: 'declined', files: [] }) },
      tell: async () => undefined,
      log: { info: () => undefined, error: () => undefined },
    });
    assert.equal(await replacing.replace('a result'), undefined);
  });

  it('survives a memory of pictures that are no addresses', () => {
    const memento = { get: () => [{ uri: 'no scheme: at all', name: 'x' }, 'y', null], update: async () => undefined };
    const { pixels } = parts;
    const log = { info: () => undefined, error: () => undefined };
    const sources = new Sources({
      memento,
      pixels,
      previews: { of: () => Promise.reject(new Error('not asked for')) },
      log,
    });
    assert.deepEqual(
      sources.views([], (path) => path),
      [],
    );
    sources.dispose();
  });

  it('says in the window when the studio cannot be brought up to date', async () => {
    const { services, studio } = parts;
    Object.assign(services, { current: () => Promise.reject(new Error('EACCES')) });
    try {
      studio.open();
      await until('it is said', () => {
        studio.refresh();
        return questions.shown.some((text) => text.includes('could not be brought up to date'));
      });
      studio.refresh();
      await new Promise((resolve) => setTimeout(resolve, 200));
      assert.equal(questions.shown.length, 1);
    } finally {
      Reflect.deleteProperty(services, 'current');
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    }
  });

  it('counts a picture as saved when only the note of it could not be kept', async () => {
    const file = await pictureOf();
    const id = await edited(file);
    const jobs = parts.services.findResult(id)?.service.jobs;
    assert.ok(jobs);
    Object.assign(jobs, { markSaved: () => Promise.reject(new Error('ENOSPC')) });
    try {
      const outcome = await parts.results.save([id]);
      assert.equal(outcome.kind, 'saved');
      assert.equal(outcome.files.length, 1);
    } finally {
      Reflect.deleteProperty(jobs, 'markSaved');
    }
  });
});
