import { join } from 'node:path';
import * as vscode from 'vscode';
import { storageKey } from './storageKey.ts';

/** Absolute paths under the extension's global storage, which all windows share. */
export interface StorageFolders {
  /** Holds a folder for each workspace. */
  readonly all: string;
  /** This workspace's own, with a folder for each service. */
  readonly here: string;
  /** Where answers that hold pictures as text are decoded. */
  readonly spool: string;
  /** Where the practice service remembers its jobs. */
  readonly practice: string;
}

/** The folders for the workspace that is open. */
export function storageFolders(globalStorage: vscode.Uri): StorageFolders {
  const { fsPath } = globalStorage;
  const all = join(fsPath, 'workspaces');
  const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.toString());
  const here = join(all, storageKey({ workspaceFile: vscode.workspace.workspaceFile?.toString(), folders }));
  return { all, here, spool: join(fsPath, 'spool'), practice: join(fsPath, 'practice-service') };
}
