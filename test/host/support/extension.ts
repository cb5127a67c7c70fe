import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { App } from '../../../src/host/app.ts';

const extensionId = 'wan-image-studio.wan-image-studio';

export interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string }[]>>;
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly default: unknown }>> };
    readonly walkthroughs: readonly { readonly steps: readonly { readonly media: { readonly markdown: string } }[] }[];
  };
}

/** The extension under test, activated. */
export async function activated(): Promise<vscode.Extension<{ app(): Promise<App> }>> {
  const extension = vscode.extensions.getExtension<{ app(): Promise<App> }>(extensionId);
  assert.ok(extension, 'the extension is not installed');
  await extension.activate();
  return extension;
}

/** The parts of the extension under test. */
export async function app(): Promise<App> {
  return (await activated()).exports.app();
}

/** Sets one of the user's own settings for the time of a test; undefined removes it. */
export async function setUserSetting(name: string, value: unknown): Promise<void> {
  await vscode.workspace.getConfiguration('wanImage').update(name, value, vscode.ConfigurationTarget.Global);
}

/** The folder that the test window has open. */
export function workspaceFolder(): vscode.WorkspaceFolder {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder, 'the test window has no folder');
  return folder;
}

/** Whether files of the workspace can be searched for: old releases have no file search in this rig. */
export async function canSearchFiles(): Promise<boolean> {
  return vscode.workspace.findFiles('**/*', undefined, 1).then(
    ({ length }) => length > 0,
    () => false,
  );
}

/** Waits until something holds. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  milliseconds = 20_000,
): Promise<void> {
  const end = Date.now() + milliseconds;
  while (!(await holds())) {
    assert.ok(Date.now() < end, `still not: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
