import * as assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { commandTable } from '../../src/host/commandTable.ts';
import { settingKey, type SettingName, settings } from '../../src/host/settings.ts';
import { activated, type Manifest } from './support/extension.ts';

describe('the extension and its manifest', () => {
  let manifest: Manifest;
  let folder: string;

  before(async () => {
    const extension = await activated();
    manifest = extension.packageJSON as Manifest;
    folder = extension.extensionPath;
  });

  it('registers every contributed command, and no other', async () => {
    const contributed = manifest.contributes.commands
      .map(({ command }) => command)
      .toSorted((a, b) => a.localeCompare(b));
    const all = await vscode.commands.getCommands(true);
    const registered = all.filter((command) => command.startsWith('wanImage.')).toSorted((a, b) => a.localeCompare(b));
    assert.deepEqual(registered, contributed);
    assert.deepEqual(new Set(contributed), new Set(Object.keys(commandTable)));
  });

  it('puts only contributed commands into menus', () => {
    const inMenus = Object.values(manifest.contributes.menus).flatMap((items) => items.map(({ command }) => command));
    assert.deepEqual(
      inMenus.filter((command) => !Object.hasOwn(commandTable, command)),
      [],
    );
  });

  it('contributes every setting with the default that the code uses', () => {
    const { properties } = manifest.contributes.configuration;
    const expected = Object.entries(settings).map(([name, entry]) => [settingKey(name as SettingName), entry.default]);
    assert.deepEqual(
      Object.entries(properties).map(([key, property]) => [key, property.default]),
      expected,
    );
    for (const [key, value] of expected) {
      assert.deepEqual(vscode.workspace.getConfiguration().inspect(String(key))?.defaultValue, value);
    }
  });

  it('has a text for each %key%, which VS Code has filled in', async () => {
    assert.doesNotMatch(JSON.stringify(manifest), /"%[^"%]+%"/);
    const texts = JSON.parse(await readFile(join(folder, 'package.nls.json'), 'utf8')) as Record<string, string>;
    const raw = await readFile(join(folder, 'package.json'), 'utf8');
    const used = [...raw.matchAll(/"%([^"%]+)%"/g)].map(([, key]) => key);
    assert.deepEqual(new Set(used), new Set(Object.keys(texts)));
  });

  it('has the pages of its walkthrough', async () => {
    for (const { media } of manifest.contributes.walkthroughs.flatMap(({ steps }) => steps)) {
      assert.match(await readFile(join(folder, media.markdown), 'utf8'), /^# /);
    }
  });
});
