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

interface LiveOptions {
  /** Names of folders on the way to everything, and of the workspace. */
  readonly user?: string;
  readonly folder?: string;
  /** Added to the user's settings. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** See StartOptions. */
  readonly trust?: StartOptions['trust'];
  /** Added to the environment of the extension host. */
  readonly env?: Record<string, string>;
}

/** Starts a VS Code in live mode. `serviceUrl` is the simulator's address, or of something before it. */
export async function startLive(rig: Rig, serviceUrl: string, options: LiveOptions = {}): Promise<Live> {
  const top = mkdtempSync(join(tmpdir(), 'wan-live-'));
  const directory = join(top, options.user ?? 'user');
  const workspace = join(directory, options.folder ?? 'workspace');
  cpSync(join(root, 'test', 'rig', 'sample'), workspace, { recursive: true });
  const vscode = await rig.another({
    dataDirectory: join(directory, 'vscode'),
    env: options.env ?? {},
    ...(options.trust && { trust: options.trust }),
    userSettings: { 'wanImage.service': 'empiriolabs', 'wanImage.serviceUrl': serviceUrl, ...options.settings },
  });
  const stop = async (): Promise<void> => {
    await vscode.stop();
    rmSync(top, { recursive: true, force: true, maxRetries: 5 });
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
