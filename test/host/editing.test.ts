import * as assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import {
  chmod,
  copyFile,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import * as vscode from 'vscode';
import type { SourceView } from '../../src/core/messages.ts';
import { type Box, emptyRequest } from '../../src/core/request.ts';
import { ImageRequest } from '../../src/core/requestSchema.ts';
import type { App } from '../../src/host/app.ts';
import { handleMessage } from '../../src/host/studio/messages.ts';
import { app, setUserSetting, until, workspaceFolder } from './support/extension.ts';
import { Questions } from './support/questions.ts';

describe('editing pictures of the workspace', () => {
  let parts: App;
  let questions: Questions;
  let folder: string;

  before(async () => {
    parts = await app();
    await setUserSetting('service', 'simulator');
    folder = join(workspaceFolder().uri.fsPath, 'edited');
    await mkdir(folder, { recursive: true });
  });

  beforeEach(() => {
    questions = new Questions();
  });

  afterEach(() => questions.dispose());

  after(async () => {
    await setUserSetting('service', undefined);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await rm(folder, { recursive: true });
  });

  const sample = (name: string) => join(workspaceFolder().uri.fsPath, 'images', name);
  const sha256 = async (file: string) =>
    createHash('sha256')
      .update(await readFile(file))
      .digest('hex');
  const answer = (...buttons: string[]) => {
    questions.dispose();
    questions = new Questions({ buttons });
  };

  /** A copy of a sample picture under a name of its own. */
  async function pictureOf(name: string): Promise<string> {
    const file = join(folder, `${randomUUID()}-${name}`);
    await copyFile(sample(name), file);
    return file;
  }

  function draft(): ImageRequest {
    return ImageRequest.parse(parts.drafts.get().request);
  }

  async function begin(...files: string[]): Promise<ImageRequest> {
    await parts.editing.begin(files.map((file) => vscode.Uri.file(file)));
    return draft();
  }

  const views = () => parts.editing.views((file) => file);

  /** What is shown of the pictures once all of them have been read. */
  async function shownViews(): Promise<SourceView[]> {
    await until('the pictures are read', () => views().every(({ phase }) => phase.state !== 'reading'));
    return views();
  }

  /** Runs an edit of a picture and answers the id of its first result. */
  async function edited(file: string, boxes: Box[] = []): Promise<string> {
    const request = await begin(file);
    const inputs = request.inputs.map((input) => ({ ...input, boxes }));
    const outcome = await parts.runner.run(
      { ...request, prompt: 'Make it blue', variant: 'wan2.7-image', resolution: '1K', inputs },
      { draftId: randomUUID(), askedBy: 'test', intent: { kind: 'show' }, shownPrice: 1000 },
    );
    assert.equal(outcome.kind, 'started', JSON.stringify(outcome));
    if (outcome.kind !== 'started') return '';
    const { service, job } = outcome;
    await until('the edit is done', () => service.jobs.get(job.record.id)?.record.status.state === 'done', 30_000);
    return service.jobs.get(job.record.id)?.record.results[0]?.id ?? '';
  }

  describe('sources', () => {
    // An open panel tells of the form as it has it, which would take the place of the boxes that a test draws.
    beforeEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

    it('opens on the pictures of a menu, in their order, and again with their boxes', async () => {
      const [photo, screen] = [await pictureOf('photo.jpg'), await pictureOf('screen.png')].map((file) =>
        vscode.Uri.file(file),
      );
      await vscode.commands.executeCommand('wanImage.edit', screen, [screen, photo]);
      const { inputs } = draft();
      assert.deepEqual(
        inputs.map(({ name }) => name),
        [screen, photo].map((uri) => uri && vscode.workspace.asRelativePath(uri)),
      );
      assert.deepEqual(
        (await shownViews()).map(({ phase }) => phase.state),
        ['ready', 'ready'],
      );

      const boxes = [{ x1: 10, y1: 20, x2: 110, y2: 90 }];
      const drawn = { ...draft(), inputs: inputs.map((input) => ({ ...input, boxes })) };
      await handleMessage(
        { type: 'draft', draftId: randomUUID(), request: drawn },
        { ...parts, notice: () => undefined },
      );
      assert.deepEqual((await begin(photo?.fsPath ?? '')).inputs[0]?.boxes, boxes);
    });

    it('says so where a picture of the same size is another one than boxes were drawn on, and keeps them', async () => {
      const file = await pictureOf('screen.png');
      const { inputs } = await begin(file);
      await shownViews();
      const boxes = [{ x1: 10, y1: 20, x2: 110, y2: 90, label: 'a clock' }];
      await parts.editing.remember({ inputs: [{ ...inputs[0], boxes }] });
      assert.equal(await parts.editing.begin([vscode.Uri.file(file)]), undefined);
      await writeFile(file, await sharp(sample('screen.png')).negate({ alpha: false }).png().toBuffer());
      const telling = await parts.editing.begin([vscode.Uri.file(file)]);
      assert.match(telling?.text ?? '', /screen\.png has changed since boxes were drawn on it\./);
      assert.deepEqual(draft().inputs[0]?.boxes, boxes);
    });

    it('says so where a picture has another size than when boxes were drawn on it, and opens it without them', async () => {
      const file = await pictureOf('screen.png');
      const { inputs } = await begin(file);
      await shownViews();
      const boxes = [{ x1: 10, y1: 20, x2: 110, y2: 90, label: 'a clock' }];
      await parts.editing.remember({ inputs: [{ ...inputs[0], boxes }] });
      await writeFile(file, await sharp(sample('screen.png')).resize(300, 200).png().toBuffer());
      const telling = await parts.editing.begin([vscode.Uri.file(file)]);
      assert.match(telling?.text ?? '', /screen\.png has another size than when boxes were drawn on it/);
      assert.deepEqual(draft().inputs[0]?.boxes, []);
      await copyFile(sample('screen.png'), file);
      assert.equal(await parts.editing.begin([vscode.Uri.file(file)]), undefined);
      assert.deepEqual(draft().inputs[0]?.boxes, boxes);
    });

    it('takes the picture of the active tab where a menu names none', async () => {
      const file = await pictureOf('screen.png');
      await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(file));
      await until(
        'the picture has a tab',
        () => vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputCustom,
      );
      await vscode.commands.executeCommand('wanImage.edit', { webview: 'imagePreview.previewEditor' });
      assert.equal(draft().inputs[0]?.name, vscode.workspace.asRelativePath(file));
    });

    it('says of each file that cannot be sent why', async () => {
      const make = async (name: string, content: string | Buffer) => {
        const file = join(folder, name);
        await writeFile(file, content);
        return file;
      };
      const photo = await readFile(sample('photo.jpg'));
      const wide = await sharp({ create: { width: 2000, height: 100, channels: 3, background: 'red' } })
        .png()
        .toBuffer();
      await begin(
        await make('empty.png', ''),
        await make('words.png', 'These are words and not a picture.'),
        await make('half.jpg', photo.subarray(0, 40)),
        await make('nearly.jpg', photo.subarray(0, 12_000)),
        await make('wide.png', wide),
        join(folder, 'never.png'),
      );
      const sentences = (await shownViews()).map(({ phase }) =>
        phase.state === 'refused' ? phase.sentence : phase.state,
      );
      const expected = [
        /is empty/,
        /does not hold a picture/,
        /ends before|damaged/,
        /ends before its picture does/,
        /eight times/,
        /not there any more/,
      ];
      expected.forEach((pattern, index) => assert.match(sentences[index] ?? '', pattern));
    });

    it('reads a picture again when it changes on disk', async () => {
      const file = await pictureOf('photo.jpg');
      await begin(file);
      const shown = () => views()[0]?.phase;
      const [before] = await shownViews();
      await sharp({ create: { width: 321, height: 300, channels: 3, background: 'red' } })
        .jpeg()
        .toFile(file);
      await until('the new size is known', () => {
        const phase = shown();
        return phase?.state === 'ready' && phase.facts.width === 321;
      });
      assert.notDeepEqual(shown(), before?.phase);
      await unlink(file);
      await until('the loss is known', () => shown()?.state === 'refused');
    });

    it('shows a turned picture upright, and says its size as it is seen', async () => {
      const file = join(folder, 'turned.webp');
      await sharp({ create: { width: 400, height: 300, channels: 3, background: 'red' } })
        .withMetadata({ orientation: 6 })
        .webp()
        .toFile(file);
      await begin(file);
      const phase = (await shownViews())[0]?.phase;
      assert.equal(phase?.state, 'ready');
      if (phase?.state !== 'ready') return;
      assert.deepEqual([phase.facts.width, phase.facts.height], [300, 400]);
      const preview = await sharp(phase.src).metadata();
      assert.deepEqual([preview.width, preview.height, preview.orientation ?? 1], [300, 400, 1]);
    });

    it('takes what is dropped only from the workspace or a tab, after links are followed', async () => {
      const outside = await mkdtemp(join(tmpdir(), 'wan-outside-'));
      await copyFile(sample('photo.jpg'), join(outside, 'secret.jpg'));
      await symlink(join(outside, 'secret.jpg'), join(folder, 'link.jpg'));
      const inside = await pictureOf('photo.jpg');
      await begin();
      const claims = [join(outside, 'secret.jpg'), join(folder, 'link.jpg'), inside].map((file) =>
        vscode.Uri.file(file).toString(),
      );
      const telling = await parts.editing.drop([...claims, 'no address at all']);
      assert.deepEqual(
        draft().inputs.map(({ name }) => name),
        [vscode.workspace.asRelativePath(inside)],
      );
      assert.equal(telling?.text.match(/neither in the workspace nor open in a tab/g)?.length, 3);
      await rm(outside, { recursive: true });
    });

    it('sends along nine pictures at most, none twice', async () => {
      const files = await Promise.all(Array.from({ length: 11 }, () => pictureOf('icon.png')));
      await begin(...files, ...files);
      assert.equal(draft().inputs.length, 9);
    });

    it('goes on from a result, saved or not; saved beside its source', async () => {
      const id = await edited(await pictureOf('photo.jpg'));
      await parts.editing.continueFrom(id);
      assert.match(draft().inputs[0]?.name ?? '', /make-it-blue\.png/);
      assert.equal((await shownViews())[0]?.phase.state, 'ready');
      const [saved] = (await parts.results.save([id])).files;
      await parts.editing.continueFrom(id);
      assert.match(draft().inputs[0]?.name ?? '', /^edited\/.*-photo\.png$/);
      assert.equal(draft().inputs[0]?.name, saved && vscode.workspace.asRelativePath(saved));
    });

    it('does not run a picture that has become unreadable, and says so', async () => {
      const file = await pictureOf('photo.jpg');
      const request = { ...(await begin(file)), prompt: 'Make it blue' };
      await writeFile(file, (await readFile(file)).subarray(0, 3000));
      const outcome = await parts.runner.run(request, {
        draftId: randomUUID(),
        askedBy: 'test',
        intent: { kind: 'show' },
        shownPrice: 1000,
      });
      assert.equal(outcome.kind, 'bad-picture', JSON.stringify(outcome));
    });
  });

  describe('replacing', () => {
    it('brings the answer into the size and format of the source, and undo restores the very bytes', async () => {
      const file = await pictureOf('photo.jpg');
      const before = await sha256(file);
      const { mode } = await stat(file);
      const { width, height, format } = await sharp(file).metadata();
      const id = await edited(file, [{ x1: 10, y1: 10, x2: 200, y2: 160 }]);
      assert.equal(await parts.replacing.replace(id), undefined);
      assert.notEqual(await sha256(file), before);
      const after = await sharp(await readFile(file)).metadata();
      assert.deepEqual([after.width, after.height, after.format], [width, height, format]);
      assert.equal((await stat(file)).mode, mode);
      const name = vscode.workspace.asRelativePath(file);
      assert.ok(questions.shown.includes(`Replaced ${name}.`));
      const job = parts.services.findResult(id)?.job;
      assert.equal(job && parts.replacer.view(job, id).replaced?.name, name);
      await vscode.commands.executeCommand('wanImage.undoReplace');
      assert.equal(await sha256(file), before);
      assert.equal(job && parts.replacer.view(job, id).replaced, undefined);
      assert.deepEqual(
        (await readdir(folder)).filter((left) => left.endsWith('.part')),
        [],
      );
    });

    it('keeps the transparency of a small icon', async () => {
      const file = await pictureOf('icon.png');
      const alphaOf = async () =>
        sharp(await readFile(file))
          .ensureAlpha()
          .extractChannel('alpha')
          .raw()
          .toBuffer();
      const [before, alpha] = [await sharp(file).metadata(), await alphaOf()];
      assert.equal(await parts.replacing.replace(await edited(file)), undefined);
      const after = await sharp(await readFile(file)).metadata();
      assert.deepEqual(
        [after.width, after.height, after.format, after.hasAlpha],
        [before.width, before.height, 'png', true],
      );
      assert.ok(alpha.equals(await alphaOf()));
    });

    it('takes a second result without asking, and undoes one after the other', async () => {
      const file = await pictureOf('screen.png');
      const before = await sha256(file);
      const [first, second] = [await edited(file), await edited(file)];
      await parts.replacing.replace(first);
      const between = await sha256(file);
      await parts.replacing.replace(second);
      assert.ok(!questions.shown.some((text) => text.includes('has changed')));
      await parts.replacing.undo();
      assert.equal(await sha256(file), between);
      await parts.replacing.undo();
      assert.equal(await sha256(file), before);
    });

    it('asks when the file has changed, and then saves beside, or replaces and keeps the change', async () => {
      const file = await pictureOf('photo.jpg');
      const id = await edited(file);
      await sharp({ create: { width: 500, height: 500, channels: 3, background: 'green' } })
        .jpeg()
        .toFile(file);
      const changed = await sha256(file);
      await parts.replacing.replace(id);
      assert.equal(await sha256(file), changed, 'nothing happens without an answer');
      assert.ok(questions.shown.some((text) => text.includes('has changed since it was sent')));

      answer('Save Beside');
      const telling = await parts.replacing.replace(id);
      assert.match(telling?.text ?? '', /^Saved edited\/.*photo\.png\.$/);
      assert.equal(await sha256(file), changed);

      answer('Replace Anyway');
      await parts.replacing.replace(id);
      assert.notEqual(await sha256(file), changed);
      await parts.replacing.undo();
      assert.equal(await sha256(file), changed);
    });

    it('asks before undoing what was changed after, and that can be undone in turn', async () => {
      const file = await pictureOf('photo.jpg');
      const before = await sha256(file);
      const id = await edited(file);
      await parts.replacing.replace(id);
      await writeFile(file, 'somebody else wrote this');
      await parts.replacing.undo();
      assert.equal(await readFile(file, 'utf8'), 'somebody else wrote this');
      answer('Bring Back Anyway');
      await parts.replacing.undo();
      assert.equal(await sha256(file), before);
      await parts.replacing.undo();
      assert.equal(await readFile(file, 'utf8'), 'somebody else wrote this');
    });

    it('writes through a link inside the workspace, which stays a link, and refuses one that leads out', async () => {
      const file = await pictureOf('photo.jpg');
      const link = join(folder, `${randomUUID()}-link.jpg`);
      await symlink(file, link);
      const before = await sha256(file);
      await parts.replacing.replace(await edited(link));
      assert.ok((await lstat(link)).isSymbolicLink());
      assert.notEqual(await sha256(file), before);
      await parts.replacing.undo();
      assert.equal(await sha256(file), before);

      const outside = await mkdtemp(join(tmpdir(), 'wan-outside-'));
      await copyFile(sample('photo.jpg'), join(outside, 'theirs.jpg'));
      const way = join(folder, `${randomUUID()}-out.jpg`);
      await symlink(join(outside, 'theirs.jpg'), way);
      const telling = await parts.replacing.replace(await edited(way));
      assert.match(telling?.text ?? '', /leads out of the workspace/);
      assert.equal(await sha256(join(outside, 'theirs.jpg')), await sha256(sample('photo.jpg')));
      await rm(outside, { recursive: true });
    });

    it('leaves a file that may only be read as it is, and says so', async () => {
      const file = await pictureOf('photo.jpg');
      const before = await sha256(file);
      const id = await edited(file);
      await chmod(file, 0o444);
      const telling = await parts.replacing.replace(id);
      assert.match(telling?.text ?? '', /can only be read/);
      assert.deepEqual(telling?.actions, ['choose-folder']);
      assert.equal(await sha256(file), before);
    });

    it('is not offered for an animation, nor for a picture outside the workspace', async () => {
      const frames = await Promise.all(
        ['red', 'blue'].map((background) =>
          sharp({ create: { width: 300, height: 300, channels: 3, background } })
            .png()
            .toBuffer(),
        ),
      );
      const animation = join(folder, 'moving.gif');
      await sharp(frames, { join: { animated: true } })
        .gif()
        .toFile(animation);
      const outside = await mkdtemp(join(tmpdir(), 'wan-outside-'));
      await copyFile(sample('photo.jpg'), join(outside, 'theirs.jpg'));
      for (const [file, sentence] of [
        [animation, /several frames/],
        [join(outside, 'theirs.jpg'), /not in the workspace/],
      ] as const) {
        const id = await edited(file);
        const job = parts.services.findResult(id)?.job;
        const view = job && parts.replacer.view(job, id).replace;
        assert.match(view?.can === false ? view.sentence : '', sentence);
      }
      await rm(outside, { recursive: true });
    });
  });

  it('measures once whether the change lies in the boxes, and tells the sent boxes from the drawn ones', async function () {
    this.timeout(60_000);
    const file = join(folder, 'large.jpg');
    await sharp(sample('photo.jpg')).resize(2600, 1950, { fit: 'fill' }).jpeg().toFile(file);
    const boxes = [{ x1: 300, y1: 300, x2: 1500, y2: 1500 }];
    const id = await edited(file, boxes);
    const jobId = parts.services.findResult(id)?.job.record.id ?? '';
    await until('the change is measured', () => parts.services.find(jobId)?.job.record.change !== undefined, 30_000);
    const record = parts.services.find(jobId)?.job.record;
    assert.equal(record?.change, 'inside');
    assert.deepEqual(record?.asked?.inputs[0]?.boxes, boxes);
    assert.notDeepEqual(record?.request.inputs[0]?.boxes, boxes);
  });

  it('does nothing about pictures and replacements that do not exist', async () => {
    const doing = { ...parts, notice: () => undefined };
    for (const type of ['continueFrom', 'replace'] as const) {
      assert.equal(await handleMessage({ type, resultId: '../../etc/passwd' }, doing), undefined);
    }
    assert.equal(await handleMessage({ type: 'undoReplace', replacementId: '../../etc/passwd' }, doing), undefined);
    const request = { ...emptyRequest(), prompt: 'A fox', inputs: [{ id: 'made-up', name: 'x.png', boxes: [] }] };
    const outcome = await parts.runner.run(request, {
      draftId: randomUUID(),
      askedBy: 'test',
      intent: { kind: 'show' },
      shownPrice: 1000,
    });
    assert.equal(outcome.kind, 'problems');
  });
});
