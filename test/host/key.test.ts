import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { app, setUserSetting, until } from './support/extension.ts';
import { Questions } from './support/questions.ts';

describe('the API key', () => {
  let questions: Questions | undefined;

  before(async () => {
    await setUserSetting('serviceUrl', process.env['WAN_IMAGE_SIMULATOR_URL']);
  });

  afterEach(async () => {
    questions?.dispose();
    await (await app()).keys.forget();
  });

  after(() => setUserSetting('serviceUrl', undefined));

  const kept = async () => (await app()).keys.read();

  it('is tested, trimmed and kept', async () => {
    questions = new Questions({ input: ['  sk-empiriolabs-host-test \n'] });
    await vscode.commands.executeCommand('wanImage.setKey');
    assert.equal(await kept(), 'sk-empiriolabs-host-test');
    assert.match(questions.shown.join('\n'), /^The service accepts the API key\. .* Balance: \$\d+\.\d\d\.$/);
  });

  it('that is refused is not kept, and the message does not hold it', async () => {
    questions = new Questions({ input: ['sk-empiriolabs-refused-canary'] });
    await vscode.commands.executeCommand('wanImage.setKey');
    assert.equal(await kept(), undefined);
    assert.match(questions.shown.join('\n'), /The service refused the API key\. It was not kept\./);
    assert.doesNotMatch(questions.shown.join('\n'), /canary/);
  });

  it('can be entered again after a refusal', async () => {
    questions = new Questions({
      input: ['sk-empiriolabs-refused-1', 'sk-empiriolabs-right'],
      buttons: ['Enter Another Key'],
    });
    await vscode.commands.executeCommand('wanImage.setKey');
    assert.equal(await kept(), 'sk-empiriolabs-right');
  });

  it('that was not entered changes nothing', async () => {
    await (await app()).keys.keep('sk-empiriolabs-before');
    questions = new Questions({ input: [] });
    await vscode.commands.executeCommand('wanImage.setKey');
    assert.equal(await kept(), 'sk-empiriolabs-before');
  });

  it('is deleted after a question', async () => {
    await (await app()).keys.keep('sk-empiriolabs-before');
    questions = new Questions({ buttons: ['Delete'] });
    await vscode.commands.executeCommand('wanImage.deleteKey');
    assert.equal(await kept(), undefined);
  });

  it('that is kept can be tested', async () => {
    await (await app()).keys.keep('sk-empiriolabs-before');
    questions = new Questions();
    await vscode.commands.executeCommand('wanImage.testKey');
    await until('the verdict is shown', () => /accepts the API key/.test(questions?.shown.join('\n') ?? ''));
  });

  it('goes to no address that is not https or this machine', async () => {
    await setUserSetting('serviceUrl', 'http://service.example');
    try {
      questions = new Questions({ input: ['sk-empiriolabs-host-test'] });
      await vscode.commands.executeCommand('wanImage.setKey');
      assert.match(questions.shown.join('\n'), /not an https address, so nothing was sent/);
    } finally {
      await setUserSetting('serviceUrl', process.env['WAN_IMAGE_SIMULATOR_URL']);
    }
  });
});
