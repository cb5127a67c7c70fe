import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { readCap, readLimits, readSetting, startingRequest } from '../../src/host/settingsReader.ts';
import { activated, setUserSetting, until, workspaceFolder } from './support/extension.ts';

describe('settings', () => {
  const file = () => vscode.Uri.joinPath(workspaceFolder().uri, '.vscode', 'settings.json');

  before(activated);

  afterEach(async () => {
    await vscode.workspace.fs
      .delete(vscode.Uri.joinPath(file(), '..'), { recursive: true })
      .then(undefined, () => undefined);
    for (const name of [
      'dailyLimit',
      'agentDailyLimit',
      'service',
      'serviceUrl',
      'confirmAbove',
      'defaultModel',
      'defaultResolution',
      'saveFolder',
    ]) {
      await setUserSetting(name, undefined);
    }
  });

  async function writeWorkspaceSettings(values: Record<string, unknown>): Promise<void> {
    await vscode.workspace.fs.writeFile(file(), Buffer.from(JSON.stringify(values)));
  }

  it('of a folder decide nothing about the service, the key or money', async () => {
    await writeWorkspaceSettings({
      'wanImage.service': 'simulator',
      'wanImage.serviceUrl': 'https://elsewhere.example',
      'wanImage.confirmAbove': 100,
      'wanImage.defaultModel': 'wan2.7-image',
      'wanImage.saveFolder': 'pictures',
    });
    await until(
      'the folder’s save folder counts',
      () => readSetting('saveFolder', workspaceFolder().uri) === 'pictures',
    );
    assert.equal(readSetting('service'), 'empiriolabs');
    assert.equal(readSetting('serviceUrl'), 'https://api.empiriolabs.ai');
    assert.equal(readCap('confirmAbove'), 300);
    assert.equal(readSetting('defaultModel'), 'wan2.7-image-pro');
  });

  it('of a folder only lower what may be spent', async () => {
    await setUserSetting('dailyLimit', 4);
    await setUserSetting('agentDailyLimit', 0.5);
    await writeWorkspaceSettings({
      'wanImage.confirmAbove': 0.1,
      'wanImage.dailyLimit': 100,
      'wanImage.workspaceDailyLimit': 2.5,
      'wanImage.agentDailyLimit': -1,
    });
    await until('the folder’s own limit counts', () => readLimits().workspace === 2500);
    await until('the user’s limit counts', () => readLimits().day === 4000);
    assert.deepEqual(readLimits(), { day: 4000, workspace: 2500, agent: 500 });
    assert.equal(readCap('confirmAbove'), 100);
  });

  it('of the user count', async () => {
    await setUserSetting('defaultModel', 'wan2.7-image');
    await setUserSetting('defaultResolution', '1K');
    assert.equal(startingRequest().variant, 'wan2.7-image');
    assert.equal(startingRequest().resolution, '1K');
  });

  it('that hold nonsense count as not set', async () => {
    await setUserSetting('confirmAbove', 'much');
    await setUserSetting('service', 'toString');
    assert.equal(readCap('confirmAbove'), 300);
    assert.equal(readSetting('service'), 'empiriolabs');
  });
});
