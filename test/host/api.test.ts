import * as assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Finished, WanImageStudio } from '../../src/host/api/wanImageStudio.ts';
import type { App } from '../../src/host/app.ts';
import { SimulatorControl } from '../e2e/simulatorControl.ts';
import { app, setUserSetting, until, workspaceFolder } from './support/extension.ts';
import { Questions } from './support/questions.ts';

describe('what other extensions get', () => {
  const simulator = new SimulatorControl(process.env['WAN_IMAGE_SIMULATOR_URL'] ?? '');
  const caller = 'vscode.markdown-language-features';
  const folder = () => join(workspaceFolder().uri.fsPath, 'api');
  let parts: App;
  let api: WanImageStudio;
  let questions: Questions;

  before(async () => {
    parts = await app();
    await vscode.extensions.getExtension(caller)?.activate();
    const extension = vscode.extensions.getExtension<WanImageStudio>('wan-image-studio.wan-image-studio');
    assert.ok(extension);
    api = extension.exports;
    await setUserSetting('service', 'simulator');
  });

  beforeEach(async () => {
    questions = new Questions();
    await simulator.reset();
  });

  afterEach(async () => {
    questions.dispose();
    await rm(folder(), { recursive: true, force: true });
  });

  after(async () => {
    await parts.keys.forget();
    for (const name of ['service', 'serviceUrl', 'agentDailyLimit']) await setUserSetting(name, undefined);
  });

  async function goLive(): Promise<void> {
    await setUserSetting('serviceUrl', process.env['WAN_IMAGE_SIMULATOR_URL']);
    await setUserSetting('service', 'empiriolabs');
    await parts.keys.keep('sk-empiriolabs-host-test');
  }

  function answer(...buttons: string[]): void {
    questions.dispose();
    questions = new Questions({ buttons });
  }

  const request = { prompt: 'A paper lighthouse', path: 'api/hero.webp', model: 'standard', resolution: '1K' } as const;
  const accepted = async () => (await simulator.counts()).accepted;

  it('says which version it is', () => {
    assert.equal(api.apiVersion, 1);
  });

  it('asks the person, naming the caller, and makes the picture', async () => {
    const finished: Finished[] = [];
    const subscription = api.onDidFinish((job) => finished.push(job));
    answer('Generate, free practice');
    const made = await api.generate(request, { caller });
    assert.equal(made.kind, 'made', JSON.stringify(made));
    assert.ok(existsSync(join(folder(), 'hero.webp')));
    assert.ok(questions.shown[0]?.includes(`It says it is`) && questions.shown[0].includes(caller), questions.shown[0]);
    const jobId = made.kind === 'made' ? made.jobId : '';
    assert.equal(parts.services.find(jobId)?.job.record.askedBy, `extension ${caller}`);
    await until('its end is told', () => finished.some((job) => job.jobId === jobId && job.caller === caller));
    assert.equal(finished.length, 1);
    // Made before: nothing is asked and nothing is made.
    const { length } = questions.shown;
    const again = await api.generate(request, { caller });
    assert.ok(again.kind === 'made' && again.wasMadeBefore);
    assert.equal(questions.shown.slice(length).filter((text) => text.includes('It says it is')).length, 0);
    assert.equal(await accepted(), 1);
    subscription.dispose();
  });

  it('makes nothing where the person does not agree', async () => {
    await assert.rejects(api.generate(request, { caller }), /did not agree/);
    assert.equal(await accepted(), 0);
    assert.ok(!existsSync(join(folder(), 'hero.webp')));
  });

  it('names the price where it costs money, asks once, and keeps to the limit of agents', async () => {
    await goLive();
    answer('Generate for up to $0.03');
    assert.equal((await api.generate(request, { caller })).kind, 'made');
    assert.equal(
      questions.shown.filter((text) => text.includes('cost up to') || text.includes('It says it is')).length,
      1,
    );
    await setUserSetting('agentDailyLimit', (await parts.ledger.spentToday('')).agent / 1000 + 0.01);
    const refused = await api.generate({ ...request, path: 'api/other.webp' }, { caller });
    assert.deepEqual(refused.kind === 'problems' && refused.problems.map(({ code }) => code), ['over-limit']);
    assert.equal(await accepted(), 1);
    await setUserSetting('agentDailyLimit', undefined);
    await setUserSetting('service', 'simulator');
  });

  for (const [name, options] of Object.entries({
    nobody: {},
    'a stranger': { caller: 'no.such-extension' },
    'this extension': { caller: 'wan-image-studio.wan-image-studio' },
    'no text': { caller: 7 },
  }))
    it(`refuses a caller that names ${name}`, async () => {
      await assert.rejects(api.generate(request, options as { caller: string }), /must name itself/);
      await assert.rejects(api.preflight({ generate: request }, options as { caller: string }), /must name itself/);
      assert.deepEqual(questions.shown, []);
    });

  it('checks without asking, making or sending anything', async () => {
    const checked = await api.preflight({ generate: { ...request, count: 9 } }, { caller });
    assert.deepEqual([checked.canRun, checked.problems[0]?.field], [false, 'count']);
    const good = await api.preflight({ generate: request }, { caller });
    assert.deepEqual([good.canRun, good.highestPrice, good.targets[0]?.relativePath], [true, 0, 'api/hero.webp']);
    assert.deepEqual(questions.shown, []);
    assert.equal(await accepted(), 0);
  });
});
