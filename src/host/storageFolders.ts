import { join } from 'node:path';
import * as vscode from 'vscode';
import { storageKey } from './storageKey.ts';

/** Absolute paths under the extension's global storage, which all windows share. */
export interface StorageFolders {
  /** Holds a folder for each workspace. */
  readonly all: string;
  /** This workspace's own, with a folder for each service. */
  readonly here: string;
  /** Pictures of this workspace that were looked at, sent or replaced; the panel may load what is in it. */
  readonly pictures: string;
  /** The replacements in this workspace that can be undone. */
  readonly replacements: string;
  /** Which pictures belong to a job, for each service; shared by all workspaces. */
  readonly claims: string;
  /** What was spent, over all workspaces. */
  readonly ledger: string;
  /** Where answers that hold pictures as text are decoded. */
  readonly spool: string;
  /** Where all windows count their requests, with a folder for each service. */
  readonly pace: string;
  /** Where the practice service remembers its jobs. */
  readonly practice: string;
}

/** The folders for the workspace that is open. */
export function storageFolders(globalStorage: vscode.Uri): StorageFolders {
  const { fsPath } = globalStorage;
  const all = join(fsPath, 'workspaces');
  const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.toString());
  const key = storageKey({ workspaceFile: vscode.workspace.workspaceFile?.toString(), folders });
  return {
    all,
    here: join(all, key),
    pictures: join(fsPath, 'pictures', key),
    replacements: join(fsPath, 'replacements', key),
    claims: join(fsPath, 'claims'),
    ledger: join(fsPath, 'ledger'),
    spool: join(fsPath, 'spool'),
    pace: join(fsPath, 'pace'),
    practice: join(fsPath, 'practice-service'),
  };
}
