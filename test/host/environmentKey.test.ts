import * as assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { emptyRequest } from '../../src/core/request.ts';
import { keyVariable } from '../../src/host/environmentKey.ts';
import type { LoggedRequest } from '../../src/simulator/tally.ts';
import { app, setUserSetting } from './support/extension.ts';
import { Questions } from './support/questions.ts';

const simulator = process.env['WAN_IMAGE_SIMULATOR_URL'] ?? '';
const inEnvironment = 'sk-empiriolabs-from-environment-7Rk2';
const takeOver = `Take over the key in ${keyVariable}`;

describe('a key in the environment', () => {
  let questions: Questions | undefined;

  before(async () => {
    await setUserSetting('service', 'empiriolabs');
    await setUserSetting('serviceUrl', simulator);
  });

  beforeEach(async () => {
    await (await app()).keys.forget();
    process.env[keyVariable] = inEnvironment;
  });

  afterEach(async () => {
    delete process.env[keyVariable];
    questions?.dispose();
    await (await app()).keys.forget();
  });

  after(async () => {
    await setUserSetting('service', undefined);
    await setUserSetting('serviceUrl', undefined);
  });

  const kept = async () => (await app()).keys.read();
  const set = () => vscode.commands.executeCommand('wanImage.setKey');
  const asked = async () => (await (await fetch(`${simulator}/__sim/requests`)).json()) as LoggedRequest[];

  it('is used for no request while it is only there', async () => {
    const before = (await asked()).length;
    const { runner, services } = await app();
    questions = new Questions();
    const request = { ...emptyRequest(), prompt: 'A lighthouse', variant: 'wan2.7-image' };
    const origin = { draftId: randomUUID(), askedBy: 'test', intent: { kind: 'show' }, shownPrice: 1000 } as const;
    const outcome = await runner.run(request, origin);
    assert.equal(outcome.kind === 'failed' && outcome.failure.kind, 'key-missing');
    await vscode.commands.executeCommand('wanImage.testKey');
    services.reconfigure();
    assert.match(questions.shown.join('\n'), /No API key is set\./);
    assert.equal(await kept(), undefined);
    assert.deepEqual((await asked()).slice(before), []);
  });

  it('is taken over when the user chooses it, tested, kept, and never shown', async () => {
    process.env[keyVariable] = ` ${inEnvironment}\n`;
    questions = new Questions({ picks: [takeOver] });
    await set();
    assert.equal(await kept(), inEnvironment);
    const shown = questions.shown.join('\n');
    assert.match(shown, /It is used only if you take it over\./);
    assert.match(shown, /The service accepts the API key\. .* Balance: /);
    assert.doesNotMatch(shown, /7Rk2|from-environment/);
  });

  it('is not read again once it was taken over', async () => {
    questions = new Questions({ picks: [takeOver] });
    await set();
    process.env[keyVariable] = 'sk-empiriolabs-another';
    await vscode.commands.executeCommand('wanImage.testKey');
    assert.equal(await kept(), inEnvironment);
  });

  it('is left alone when the user leaves the list, or enters another key', async () => {
    questions = new Questions({ input: ['sk-empiriolabs-typed'] });
    await set();
    assert.equal(await kept(), undefined);
    questions.dispose();
    questions = new Questions({ picks: ['Enter a key'], input: ['sk-empiriolabs-typed'] });
    await set();
    assert.equal(await kept(), 'sk-empiriolabs-typed');
  });

  it('that the service refuses is not kept, and another can be typed', async () => {
    process.env[keyVariable] = 'sk-empiriolabs-refused-7Rk2';
    questions = new Questions({
      picks: [takeOver],
      buttons: ['Enter Another Key'],
      input: ['sk-empiriolabs-typed'],
    });
    await set();
    assert.match(questions.shown.join('\n'), /The service refused the API key\. It was not kept\./);
    assert.equal(await kept(), 'sk-empiriolabs-typed');
  });

  for (const [text, reason] of [
    ['sk-empiriolabs-7Rk2 and more', /no spaces or line breaks/],
    ['sk-empiriolabs-7Rk2-ü', /only English letters, digits and signs/],
  ] as const) {
    it(`that cannot be a key is not sent and not shown: ${reason.source}`, async () => {
      process.env[keyVariable] = text;
      const before = (await asked()).length;
      questions = new Questions({ picks: [takeOver] });
      await set();
      const shown = questions.shown.join('\n');
      assert.match(shown, /What EMPIRIOLABS_API_KEY holds cannot be a key, so it was not taken over\./);
      assert.match(shown, reason);
      assert.doesNotMatch(shown, /7Rk2/);
      assert.equal(await kept(), undefined);
      assert.deepEqual((await asked()).slice(before), []);
    });
  }

  it('that is blank is not offered', async () => {
    process.env[keyVariable] = '  ';
    questions = new Questions({ input: ['sk-empiriolabs-typed'] });
    await set();
    assert.equal(await kept(), 'sk-empiriolabs-typed');
    assert.doesNotMatch(questions.shown.join('\n'), /EMPIRIOLABS_API_KEY/);
  });
});
