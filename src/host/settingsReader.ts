import * as vscode from 'vscode';
import { emptyRequest, type ImageRequest } from '../core/request.ts';
import type { Limits } from '../jobs/limits.ts';
import {
  type CapName,
  loweredValue,
  millsOf,
  settingKey,
  type SettingName,
  settings,
  type SettingValue,
  validValue,
} from './settings.ts';

/**
 * Reads a setting. What decides about the key or the service is read from the user's own settings alone, whatever a
 * workspace holds; a value of the wrong kind counts as not set. What limits money is read by `readCap`.
 */
export function readSetting<Name extends Exclude<SettingName, CapName>>(
  name: Name,
  resource?: vscode.Uri,
): SettingValue<Name> {
  const key = settingKey(name);
  const configuration = vscode.workspace.getConfiguration(undefined, resource ?? null);
  const entry = settings[name];
  const value = entry.scope === 'application' ? configuration.inspect(key)?.globalValue : configuration.get(key);
  return validValue(name, value) ?? (entry.default as SettingValue<Name>);
}

/** Reads a setting about money that workspace and folders can only lower, in thousandths of a dollar. */
export function readCap(name: CapName): number {
  const key = settingKey(name);
  const found = vscode.workspace.getConfiguration(undefined, null).inspect(key);
  const folders = (vscode.workspace.workspaceFolders ?? []).map(
    ({ uri }) => vscode.workspace.getConfiguration(undefined, uri).inspect(key)?.workspaceFolderValue,
  );
  return millsOf(loweredValue(name, found?.globalValue, [found?.workspaceValue, ...folders]));
}

/** The most that may be spent today. */
export function readLimits(): Limits {
  return { day: readCap('dailyLimit'), workspace: readCap('workspaceDailyLimit'), agent: readCap('agentDailyLimit') };
}

/** Writes one of the user's own settings. */
export async function writeUserSetting<Name extends SettingName>(name: Name, value: SettingValue<Name>): Promise<void> {
  await vscode.workspace.getConfiguration().update(settingKey(name), value, vscode.ConfigurationTarget.Global);
}

/** The request that a new form starts with under the present settings. */
export function startingRequest(): ImageRequest {
  return {
    ...emptyRequest(),
    variant: readSetting('defaultModel'),
    resolution: readSetting('defaultResolution'),
    responseFormat: readSetting('responseFormat'),
  };
}
