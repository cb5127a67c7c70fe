import * as assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { PanelMessage } from '../../src/core/messages.ts';
import { emptyRequest } from '../../src/core/request.ts';
import type { App } from '../../src/host/app.ts';
import { handleMessage } from '../../src/host/studio/messages.ts';
import { jobView } from '../../src/host/studio/views.ts';
import type { Telling } from '../../src/host/telling.ts';
import { SimulatorControl } from '../e2e/simulatorControl.ts';
import { app, setUserSetting, until, workspaceFolder } from './support/extension.ts';
import { Questions } from './support/questions.ts';

describe('a set of pictures', () => {
  const simulator = new SimulatorControl(process.env['WAN_IMAGE_SIMULATOR_URL'] ?? '');
  let parts: App;
  let questions: Questions;

  before(async () => {
    parts = await app();
    await setUserSetting('service', 'simulator');
    await simulator.behave({ setDelivers: 3 });
  });

  beforeEach(async () => {
    questions = new Questions();
    await setUserSetting('saveFolder', `sets/${randomUUID()}`);
  });

  afterEach(() => questions.dispose());

  after(async () => {
    await simulator.behave({ setDelivers: null });
    await setUserSetting('saveFolder', undefined);
    await setUserSetting('service', undefined);
    await vscode.workspace.fs.delete(vscode.Uri.joinPath(workspaceFolder().uri, 'sets'), { recursive: true });
  });

  const send = (message: Exclude<PanelMessage, { type: 'ready' }>): Promise<Telling | undefined> =>
    handleMessage(message, { ...parts, notice: () => undefined });

  /** Makes a set of which three of four pictures come; answers the ids. */
  async function threeOfFour(): Promise<{ jobId: string; ids: string[] }> {
    const outcome = await parts.runner.run(
      {
        ...emptyRequest(),
        prompt: 'Seasons in a small park',
        variant: 'wan2.7-image',
        resolution: '1K',
        imageSet: true,
        setLines: ['Spring', 'Summer', 'Autumn', 'Winter'],
      },
      { draftId: randomUUID(), askedBy: 'test', intent: { kind: 'show' }, shownPrice: 1000 },
    );
    assert.equal(outcome.kind, 'started', JSON.stringify(outcome));
    const jobId = outcome.kind === 'started' ? outcome.job.record.id : '';
    const record = () => parts.services.find(jobId)?.job.record;
    await until('the set is done', () => record()?.status.state === 'done', 30_000);
    return { jobId, ids: record()?.results.map(({ id }) => id) ?? [] };
  }

  function shownSlots(jobId: string): (number | undefined)[] {
    const found = parts.services.find(jobId);
    assert.ok(found);
    const src = (file: string) => file;
    const addresses = {
      src,
      savedAs: src,
      source: () => undefined,
      replacing: () => ({}),
      inside: () => ({}),
      heavy: () => undefined,
    };
    return jobView(found.job, found.service, addresses).results.map(({ slot }) => slot);
  }

  const savedNames = (jobId: string) =>
    parts.services
      .find(jobId)
      ?.job.record.results.map(({ savedAs }) => savedAs && vscode.Uri.parse(savedAs).path.split('/').at(-1));

  it('is saved under the names of its slots, as they are after a picture was moved', async () => {
    const { jobId, ids } = await threeOfFour();
    assert.deepEqual(shownSlots(jobId), [0, 1, 2]);
    await send({ type: 'moveToSlot', resultId: ids[1] ?? '', slot: 3 });
    await send({ type: 'moveToSlot', resultId: ids[0] ?? '', slot: 2 });
    await send({ type: 'moveToSlot', resultId: ids[0] ?? '', slot: 99 });
    assert.deepEqual(shownSlots(jobId), [2, 3, 0]);
    const telling = await send({ type: 'saveAll', jobId });
    assert.match(telling?.text ?? '', /^Saved 3 pictures in sets/);
    assert.deepEqual(savedNames(jobId), ['autumn.png', 'winter.png', 'spring.png']);
    assert.doesNotMatch(questions.shown.join(), /save/i); // A job of a test before may end meanwhile.
  });

  it('says by name what could not be saved, and saves the others', async () => {
    const { jobId, ids } = await threeOfFour();
    await rm(parts.services.findResult(ids[1] ?? '')?.file ?? '');
    const telling = await send({ type: 'saveAll', jobId });
    assert.deepEqual(savedNames(jobId), ['spring.png', undefined, 'autumn.png']);
    assert.match(
      telling?.text ?? '',
      /^Saved 2 of 3 pictures\. Not saved: Summer\. The kept picture is not on the disk/,
    );
    assert.deepEqual(telling?.unsaved, [ids[1]]);
  });

  it('names each that a folder does not take, with the reason once, and offers another place', async () => {
    await setUserSetting('saveFolder', '../elsewhere');
    const { jobId, ids } = await threeOfFour();
    const telling = await send({ type: 'saveAll', jobId });
    assert.match(telling?.text ?? '', /^Saved 0 of 3 pictures\. Not saved: Spring, Summer, Autumn\. The save folder/);
    assert.equal(telling?.text.match(/The save folder/g)?.length, 1);
    assert.deepEqual(telling?.actions, ['choose-folder', 'open-settings']);
    assert.deepEqual(telling?.unsaved, ids);
  });

  it('copies the whole path of what was saved, and says when that is gone', async () => {
    const { jobId, ids } = await threeOfFour();
    const [resultId = ''] = ids;
    assert.equal(await send({ type: 'copyPath', resultId }), undefined);
    await send({ type: 'saveAll', jobId });
    const file = await parts.results.savedFile(resultId);
    const telling = await send({ type: 'copyPath', resultId });
    assert.match(telling?.text ?? '', /The path of sets.*spring\.png is in the clipboard/);
    assert.equal(await vscode.env.clipboard.readText(), file?.fsPath);
    if (file) await vscode.workspace.fs.delete(file);
    for (const type of ['copyPath', 'reveal'] as const)
      assert.match((await send({ type, resultId }))?.text ?? '', /spring\.png is not there any more/);
  });
});
