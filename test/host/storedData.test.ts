import * as assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { access, copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { emptyRequest } from '../../src/core/request.ts';
import { ImageRequest } from '../../src/core/requestSchema.ts';
import type { App } from '../../src/host/app.ts';
import { app, setUserSetting, until, workspaceFolder } from './support/extension.ts';
import { Questions } from './support/questions.ts';

describe('what is stored', () => {
  const ofHere = 'Requests and pictures of this workspace';
  let parts: App;
  let file: string;
  let jobId: string;

  before(async () => {
    parts = await app();
    await setUserSetting('service', 'simulator');
    const request = { ...emptyRequest(), prompt: 'A picture to be deleted', variant: 'wan2.7-image', resolution: '1K' };
    const outcome = await parts.runner.run(request, {
      draftId: randomUUID(),
      askedBy: 'test',
      intent: { kind: 'show' },
      shownPrice: 0,
    });
    assert.equal(outcome.kind, 'started');
    if (outcome.kind !== 'started') return;
    jobId = outcome.job.record.id;
    await until('the picture is there', () => parts.services.find(jobId)?.job.record.status.state === 'done');
    file = parts.services.findResult(`${jobId}-0`)?.file ?? '';
    await access(file);
  });

  after(() => setUserSetting('service', undefined));

  async function ask(answers: ConstructorParameters<typeof Questions>[0]): Promise<string[]> {
    const questions = new Questions(answers);
    try {
      await vscode.commands.executeCommand('wanImage.deleteStored');
      return questions.shown;
    } finally {
      questions.dispose();
    }
  }

  it('is told with its size and what is nowhere else, and stays when nothing is chosen', async () => {
    const [list, ...further] = await ask({});
    assert.match(
      list ?? '',
      new RegExp(`${ofHere}\nRequests: \\d+, [\\d.]+ MB\nPictures that were not saved anywhere else: \\d+\\.`),
    );
    assert.deepEqual(further, []);
    await access(file);
  });

  it('stays when the question is not answered with Delete', async () => {
    const shown = await ask({ picks: [ofHere] });
    assert.equal(shown[1], `Delete what you chose: ${ofHere}?`);
    assert.equal(shown.length, 2);
    await access(file);
  });

  it('has the boxes that were drawn on pictures, which are forgotten when they are chosen', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'stored-data-'));
    const file = join(folder, 'drawn on.png');
    await copyFile(join(workspaceFolder().uri.fsPath, 'images', 'screen.png'), file);
    const begin = () => parts.editing.begin([vscode.Uri.file(file)]);
    const request = () => ImageRequest.parse(parts.drafts.get().request);
    await begin();
    const views = () => parts.editing.views((path) => path);
    await until('the picture is read', () => views().every(({ phase }) => phase.state === 'ready'));
    const boxes = [{ x1: 10, y1: 20, x2: 110, y2: 90 }];
    await parts.editing.remember({ ...request(), inputs: request().inputs.map((input) => ({ ...input, boxes })) });
    await begin();
    assert.deepEqual(request().inputs[0]?.boxes, boxes);
    const drawn = 'Boxes drawn on this workspace’s pictures';
    const shown = await ask({ picks: [drawn], buttons: ['Delete'] });
    assert.match(shown[0] ?? '', new RegExp(`${drawn}\nPictures: \\d+`));
    await begin();
    assert.deepEqual(request().inputs[0]?.boxes, []);
    assert.ok(!(await ask({}))[0]?.includes(drawn));
    await rm(folder, { recursive: true });
  });

  it('goes from the disk and from the studio when it is', async () => {
    const shown = await ask({ picks: [ofHere], buttons: ['Delete'] });
    assert.equal(shown.at(-1), 'What you chose was deleted.');
    await assert.rejects(access(file));
    await until('the studio has let go of it', () => parts.services.find(jobId) === undefined);
  });
});
