import { posix } from 'node:path';
import * as vscode from 'vscode';
import { l10n } from 'vscode';
import { settingKey } from '../settings.ts';
import type { Telling } from '../telling.ts';
import { askForFolder, outsideSentence } from './folderDialog.ts';

/** Asks for a folder of the workspace to save pictures in from now on, and answers what stands in the way. */
export async function pickSaveFolder(): Promise<Telling | undefined> {
  if (!vscode.workspace.isTrusted) {
    const text = l10n.t('The save folder is a setting of this folder, and those are off until you trust it.');
    return { severity: 'warning', text, actions: ['manage-trust'] };
  }
  const chosen = await askForFolder(l10n.t('Folder for Saved Pictures'), l10n.t('Save Pictures Here'));
  if (!chosen) return undefined;
  const workspaceFolder = vscode.workspace.getWorkspaceFolder(chosen);
  if (!workspaceFolder) {
    return { severity: 'warning', text: outsideSentence(chosen), actions: ['pick-save-folder'] };
  }
  const folder = posix.relative(workspaceFolder.uri.path, chosen.path);
  try {
    const configuration = vscode.workspace.getConfiguration(undefined, workspaceFolder);
    await configuration.update(settingKey('saveFolder'), folder, vscode.ConfigurationTarget.WorkspaceFolder);
    return undefined;
  } catch {
    // The editor has its reasons in words of its own; most likely the workspace cannot be written at all.
    const text = l10n.t('The editor could not store the save folder in the settings of this workspace.');
    return { severity: 'warning', text, actions: ['open-settings'] };
  }
}
