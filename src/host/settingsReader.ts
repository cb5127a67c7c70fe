import * as vscode from 'vscode';
import { emptyRequest, type ImageRequest } from '../core/request.ts';
import { settingKey, type SettingName, settings, type SettingValue, validValue } from './settings.ts';

/**
 * Reads a setting. What decides about money, the key or the service is read from the user's own settings alone, whatever
 * a workspace holds; a value of the wrong kind counts as not set.
 */
export function readSetting<Name extends SettingName>(name: Name, resource?: vscode.Uri): SettingValue<Name> {
  const key = settingKey(name);
  const configuration = vscode.workspace.getConfiguration(undefined, resource ?? null);
  const entry = settings[name];
  const value = entry.scope === 'application' ? configuration.inspect(key)?.globalValue : configuration.get(key);
  return validValue(name, value) ?? (entry.default as SettingValue<Name>);
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
