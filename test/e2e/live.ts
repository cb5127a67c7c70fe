import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../rig/places.ts';
import type { RunningVscode, StartOptions } from '../rig/vscode.ts';
import type { Code } from './code.ts';
import { expect, type Rig } from './fixtures.ts';

/** A VS Code of its own whose service is the real one by the settings, at the address of a stand-in: it needs a key. */
export interface Live {
  readonly vscode: RunningVscode;
  /** Holds all that belongs to it: `vscode`, `workspace`, and whatever the test puts there. */
  readonly directory: string;
  /** The absolute path of its own copy of the sample workspace. */
  readonly workspace: string;
  stop(): Promise<void>;
}

/** Starts a VS Code in live mode. `serviceUrl` is the simulator's address, or of something before it. */
export async function startLive(
  rig: Rig,
  serviceUrl: string,
  { userSettings, ...options }: Pick<StartOptions, 'trust' | 'userSettings'> = {},
): Promise<Live> {
  const directory = mkdtempSync(join(tmpdir(), 'wan-live-'));
  const workspace = join(directory, 'workspace');
  cpSync(join(root, 'test', 'rig', 'sample'), workspace, { recursive: true });
  const vscode = await rig.another({
    dataDirectory: join(directory, 'vscode'),
    userSettings: { 'wanImage.service': 'empiriolabs', 'wanImage.serviceUrl': serviceUrl, ...userSettings },
    ...options,
  });
  const stop = async (): Promise<void> => {
    await vscode.stop();
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  };
  return { vscode, directory, workspace, stop };
}

/** Sets a key as a user does, one that the service accepts. */
export async function setKey(code: Code, key: string): Promise<void> {
  await code.run('Wan Image: Set API Key');
  await code.answer('Set API Key', key);
  await expect(code.toast('The service accepts the API key.')).toBeVisible();
  await code.run('Notifications: Clear All Notifications');
}
