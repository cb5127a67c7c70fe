import * as assert from 'node:assert/strict';
import { hostname, userInfo } from 'node:os';
import * as vscode from 'vscode';
import { tellFailure } from '../../src/host/telling.ts';
import { findCanaries } from '../e2e/canary.ts';
import { app, setUserSetting, workspaceFolder } from './support/extension.ts';
import { Questions } from './support/questions.ts';

const simulator = process.env['WAN_IMAGE_SIMULATOR_URL'] ?? '';
const key = 'sk-empiriolabs-report-5Wq8Zt3Lk2';

describe('a problem report', () => {
  let questions: Questions | undefined;

  before(async () => {
    await setUserSetting('serviceUrl', 'https://pictures.intern.example/gateway-9Xv2');
    await setUserSetting('saveFolder', 'merger-7Kq2Zt-pictures');
    await (await app()).keys.keep(key);
  });

  afterEach(async () => {
    questions?.dispose();
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  after(async () => {
    await setUserSetting('serviceUrl', undefined);
    await setUserSetting('saveFolder', undefined);
    await (await app()).keys.forget();
  });

  const requests = async (): Promise<number> =>
    ((await (await fetch(`${simulator}/__sim/requests`)).json()) as unknown[]).length;

  it('is a new document that nobody was sent, with nothing private in it', async () => {
    const before = await requests();
    await vscode.commands.executeCommand('wanImage.reportProblem');
    const document = vscode.window.activeTextEditor?.document;
    assert.deepEqual([document?.isUntitled, document?.languageId], [true, 'markdown']);
    const text = document?.getText() ?? '';
    assert.match(text, /nothing of it was sent anywhere/);
    assert.match(text, /^- API key: set$/m);
    assert.match(text, /^- Workspace: one folder, trusted$/m);
    assert.match(text, /^- wanImage\.serviceUrl: another value, left out, set by the user$/m);
    assert.match(text, /^- wanImage\.saveFolder: another value, left out, set by the user$/m);
    assert.equal(await requests(), before);
    const canaries = [
      { name: 'key', secret: key },
      { name: 'address', secret: 'pictures.intern.example' },
      { name: 'folder', secret: 'merger-7Kq2Zt-pictures' },
      { name: 'workspace', secret: workspaceFolder().uri.fsPath },
      { name: 'machine', secret: hostname() },
      { name: 'home', secret: userInfo().homedir },
    ].filter(({ secret }) => secret.length >= 5);
    assert.deepEqual(await findCanaries([{ name: 'report', content: text }], canaries), []);
  });

  it('is the next step of what was not expected', () => {
    const { actions } = tellFailure({ kind: 'unexpected', mayBeBilled: true }, 'live');
    assert.deepEqual(actions, ['find-pictures', 'edit-request', 'report-problem', 'show-log']);
  });

  it('opens from the message of a command that failed', async () => {
    const { editing } = await app();
    const begin = editing.begin.bind(editing);
    Object.assign(editing, { begin: () => Promise.reject(new Error('a fault with /home/joe/secret.png')) });
    try {
      questions = new Questions({ buttons: ['Report a Problem'] });
      await vscode.commands.executeCommand('wanImage.edit', workspaceFolder().uri);
    } finally {
      Object.assign(editing, { begin });
    }
    assert.match(questions.shown.join('\n'), /That did not work\. The log says more\./);
    const reports = vscode.workspace.textDocuments.filter(({ isUntitled }) => isUntitled);
    const text = reports.map((document) => document.getText()).join('\n');
    assert.match(text, /error: The command wanImage\.edit failed\. \(Error, .*app\.cjs:\d+:\d+/s);
    assert.doesNotMatch(text, /joe|secret/);
  });
});
