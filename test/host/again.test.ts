import * as assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { PanelMessage } from '../../src/core/messages.ts';
import { emptyRequest, type ImageRequest } from '../../src/core/request.ts';
import { Again } from '../../src/host/again.ts';
import type { App } from '../../src/host/app.ts';
import { keptName } from '../../src/host/editing/keptBytes.ts';
import { handleMessage } from '../../src/host/studio/messages.ts';
import type { Telling } from '../../src/host/telling.ts';
import type { JobRecord } from '../../src/jobs/record.ts';
import { SimulatorControl } from '../e2e/simulatorControl.ts';
import { app, setUserSetting, until, workspaceFolder } from './support/extension.ts';
import { Questions } from './support/questions.ts';

type AgainMessage = PanelMessage & { type: 'again' };

describe('running a job again', () => {
  const simulator = new SimulatorControl(process.env['WAN_IMAGE_SIMULATOR_URL'] ?? '');
  let parts: App;
  let questions: Questions;
  let folder: string;

  before(async () => {
    parts = await app();
    await setUserSetting('service', 'simulator');
    folder = join(workspaceFolder().uri.fsPath, 'again');
    await mkdir(folder, { recursive: true });
  });

  beforeEach(() => {
    questions = new Questions();
  });

  afterEach(() => questions.dispose());

  after(async () => {
    await setUserSetting('service', undefined);
    await rm(folder, { recursive: true });
  });

  const answer = (...buttons: string[]) => {
    questions.dispose();
    questions = new Questions({ buttons });
  };
  const small: ImageRequest = {
    ...emptyRequest(),
    prompt: 'A fox in the snow',
    variant: 'wan2.7-image',
    resolution: '1K',
  };

  async function ended(jobId: string): Promise<JobRecord> {
    const record = () => parts.services.find(jobId)?.job.record;
    await until('the job is done', () => record()?.status.state === 'done', 30_000);
    return record()!;
  }

  async function made(request: ImageRequest): Promise<JobRecord> {
    const origin = { draftId: randomUUID(), askedBy: 'test', intent: { kind: 'show' }, shownPrice: 1000 } as const;
    const outcome = await parts.runner.run(request, origin);
    assert.equal(outcome.kind, 'started', JSON.stringify(outcome));
    return ended(outcome.kind === 'started' ? outcome.job.record.id : '');
  }

  function again(jobId: string, changes: Partial<AgainMessage> = {}): Promise<Telling | undefined> {
    const message = { type: 'again', jobId, seed: 'same', draftId: randomUUID(), highestPrice: 1000 } as const;
    return handleMessage({ ...message, ...changes }, { ...parts, notice: () => undefined });
  }

  const jobsOf = async (draftId: string): Promise<JobRecord[]> =>
    (await parts.services.current()).jobs
      .list()
      .map(({ record }) => record)
      .filter((record) => record.draftId === draftId);

  /** The one job that was made of a draft. */
  async function jobOf(draftId: string): Promise<JobRecord> {
    const [one, ...more] = await jobsOf(draftId);
    assert.ok(one);
    assert.deepEqual(more, []);
    return ended(one.id);
  }

  it('sends the same request with the seed that was drawn for it, or with a new one', async () => {
    const first = await made(small);
    const { seed } = first.request;
    assert.notEqual(seed, undefined);
    const [same, fresh] = [randomUUID(), randomUUID()];
    assert.equal(await again(first.id, { draftId: same }), undefined);
    assert.equal(await again(first.id, { draftId: fresh, seed: 'new' }), undefined);
    assert.deepEqual((await jobOf(same)).request, first.request);
    const { seed: other, ...rest } = (await jobOf(fresh)).request;
    assert.notEqual(other, seed);
    assert.deepEqual({ ...rest, seed }, first.request);
  });

  it('makes one job of one press, however often and whenever it is sent', async () => {
    const first = await made(small);
    const before = (await simulator.counts()).accepted;
    const draftId = randomUUID();
    await Promise.all([again(first.id, { draftId }), again(first.id, { draftId }), again(first.id, { draftId })]);
    await jobOf(draftId);
    await again(first.id, { draftId });
    assert.equal((await simulator.counts()).accepted, before + 1);
  });

  it('does nothing about a job that does not exist', async () => {
    assert.equal(await again('../../etc'), undefined);
  });

  it('says that a seed is not known, and sends nothing', async () => {
    const { request, ...first } = await made(small);
    const { seed: _, ...unseeded } = request;
    const sent: unknown[] = [];
    const one = new Again({
      services: { find: () => ({ job: { record: { ...first, request: unseeded } } }) as never },
      sources: parts.sources,
      kept: parts.kept,
      runner: {
        run: (asked) => {
          sent.push(asked);
          return Promise.resolve({ kind: 'declined' });
        },
      },
      ask: () => Promise.resolve(undefined),
    });
    const press = { jobId: first.id, draftId: 'd', highestPrice: 75 };
    assert.match((await one.run({ ...press, seed: 'same' }))?.text ?? '', /seed of this job is not known/);
    assert.deepEqual(sent, []);
    await one.run({ ...press, seed: 'new' });
    assert.deepEqual(sent, [unseeded]);
  });

  describe('with pictures', () => {
    let file: string;
    let first: JobRecord;
    const boxes = [{ x1: 10, y1: 20, x2: 110, y2: 120 }];

    beforeEach(async () => {
      file = join(folder, `${randomUUID()}.jpg`);
      await copyFile(join(workspaceFolder().uri.fsPath, 'images', 'photo.jpg'), file);
      const { id } = parts.sources.add(vscode.Uri.file(file), 'photo.jpg');
      first = await made({ ...small, prompt: 'Make it blue', inputs: [{ id, name: 'photo.jpg', boxes }] });
    });

    const changeFile = () => copyFile(join(workspaceFolder().uri.fsPath, 'images', 'screen.png'), file);
    const sentOf = ({ sources = [] }: JobRecord) => sources.map(({ sha256 }) => sha256);

    it('sends what was sent, without a question, while the file is the same', async () => {
      const draftId = randomUUID();
      assert.equal(await again(first.id, { draftId }), undefined);
      const job = await jobOf(draftId);
      assert.doesNotMatch(questions.shown.join(), /Changed since/); // A job of a test before may end meanwhile.
      assert.deepEqual(job.sources, first.sources);
      assert.deepEqual(job.request, first.request);
    });

    it('asks once about a file that has changed, and sends nothing where neither is wanted', async () => {
      await changeFile();
      const draftId = randomUUID();
      assert.deepEqual(await Promise.all([again(first.id, { draftId }), again(first.id, { draftId })]), [
        undefined,
        undefined,
      ]);
      const asked = questions.shown.filter((text) => text.startsWith('Changed since'));
      assert.deepEqual(asked, ['Changed since it was sent: photo.jpg.']);
      assert.deepEqual(await jobsOf(draftId), []);
    });

    it('sends it as it was', async () => {
      await changeFile();
      const draftId = randomUUID();
      answer('Send as It Was');
      assert.equal(await again(first.id, { draftId }), undefined);
      const job = await jobOf(draftId);
      assert.deepEqual(sentOf(job), sentOf(first));
      assert.deepEqual(job.request.inputs[0]?.boxes, first.request.inputs[0]?.boxes);
    });

    it('sends it as it is now', async () => {
      await changeFile();
      const draftId = randomUUID();
      answer('Send as It Is Now');
      assert.equal(await again(first.id, { draftId }), undefined);
      assert.notDeepEqual(sentOf(await jobOf(draftId)), sentOf(first));
    });

    it('has a file that is gone as it was; where that is gone too, it says so', async () => {
      await rm(file);
      answer('Send as It Was');
      const draftId = randomUUID();
      assert.equal(await again(first.id, { draftId }), undefined);
      assert.match(questions.shown.join(), /not there any more: photo\.jpg/);
      assert.deepEqual(sentOf(await jobOf(draftId)), sentOf(first));

      const kept = parts.kept.fileOf(keptName(sentOf(first)[0] ?? '', 'jpg'));
      const bytes = await readFile(kept);
      await rm(kept);
      answer('Send as It Was');
      const telling = await again(first.id);
      await writeFile(kept, bytes);
      assert.match(telling?.text ?? '', /^Nothing was sent\. photo\.jpg is not there any more\./);
      assert.doesNotMatch(questions.shown.join(), /Changed since/);
    });

    it('sends nothing where the file changes after it was looked at', async () => {
      const runner: Pick<App['runner'], 'run'> = {
        run: async (...args) => {
          await changeFile();
          return parts.runner.run(...args);
        },
      };
      const late = new Again({ ...parts, ask: () => Promise.resolve(undefined), runner });
      const draftId = randomUUID();
      const telling = await late.run({ jobId: first.id, seed: 'same', draftId, highestPrice: 1000 });
      assert.match(telling?.text ?? '', /photo\.jpg was changed by something else/);
      assert.deepEqual(await jobsOf(draftId), []);
    });
  });

  it('goes the way of every paid request: a price that was not shown is refused', async () => {
    await setUserSetting('service', 'empiriolabs');
    await setUserSetting('serviceUrl', process.env['WAN_IMAGE_SIMULATOR_URL']);
    await parts.keys.keep('sk-empiriolabs-again-test');
    const first = await made(small);
    const before = (await simulator.counts()).accepted;
    const telling = await again(first.id, { highestPrice: 29 });
    const after = (await simulator.counts()).accepted;
    await parts.keys.forget();
    const keyless = await again(first.id);
    await setUserSetting('serviceUrl', undefined);
    await setUserSetting('service', 'simulator');
    assert.match(telling?.text ?? '', /more than was shown\. Nothing was sent/);
    assert.match(keyless?.text ?? '', /No API key is set/);
    assert.equal(after, before);
  });
});
