import { posix } from 'node:path';
import * as vscode from 'vscode';
import { l10n } from 'vscode';
import { publicFolders, usualWayInSite } from '../../core/packs.ts';
import { plainLabel } from '../plainText.ts';
import { askForFolder } from '../saving/folderDialog.ts';
import type { Sites } from '../site.ts';

/** A folder of the workspace that files are to be written into. */
export interface ChosenFolder {
  readonly uri: vscode.Uri;
  readonly workspaceFolder: vscode.WorkspaceFolder;
  /** The folders from the workspace folder to it. */
  readonly parts: readonly string[];
  /** Where the site has it, with a slash before and none behind; empty for its root. */
  readonly inSite: string;
  /** How many folders it lies below the site's root. */
  readonly stepsInSite: number;
}

/** That a folder was pointed at which is not in the workspace. */
export interface OutsideFolder {
  readonly outside: vscode.Uri;
}

/** Asks for a folder: those that a site's root is in, that of the picture, or any of the workspace. Undefined where the user wants none. */
export async function chooseFolder(
  near: vscode.Uri | undefined,
  sites: Pick<Sites, 'siteOf'>,
): Promise<ChosenFolder | OutsideFolder | undefined> {
  const rows = await suggestions(near, sites);
  const other = { label: l10n.t('$(folder-opened) Another Folder…'), alwaysShow: true };
  const chosen: { readonly label: string; readonly uri?: vscode.Uri } | undefined = await vscode.window.showQuickPick(
    [...rows, other],
    { placeHolder: l10n.t('Into which folder? A page names the files from the root of its site.') },
  );
  if (!chosen) return undefined;
  const uri = chosen.uri ?? (await askForFolder(l10n.t('Folder for the Files'), l10n.t('Save Here')));
  return uri && placeOf(uri, sites);
}

async function suggestions(near: vscode.Uri | undefined, sites: Pick<Sites, 'siteOf'>) {
  const rows: { readonly label: string; readonly description: string; readonly uri: vscode.Uri }[] = [];
  const add = (uri: vscode.Uri, description: string) => {
    if (rows.every((row) => row.uri.toString() !== uri.toString()))
      rows.push({ label: plainLabel(`${vscode.workspace.asRelativePath(uri)}/`), description, uri });
  };
  const folders = vscode.workspace.workspaceFolders ?? [];
  for (const place of [...(near ? [near] : []), ...folders.map(({ uri }) => uri)]) {
    const root = (await sites.siteOf(place))?.publicRoot;
    if (root) add(root, l10n.t('a root of sites'));
  }
  for (const { uri } of folders) {
    for (const name of publicFolders) {
      const candidate = vscode.Uri.joinPath(uri, name);
      if (await isFolder(candidate)) add(candidate, l10n.t('a root of sites'));
    }
  }
  const beside = near && vscode.workspace.getWorkspaceFolder(near) && vscode.Uri.joinPath(near, '..');
  const isRoot = folders.some(({ uri }) => uri.toString() === beside?.toString());
  if (beside && !isRoot) add(beside, l10n.t('beside the picture'));
  for (const { uri, name } of folders)
    rows.push({ label: plainLabel(`${name}/`), description: l10n.t('the workspace folder'), uri });
  return rows;
}

async function isFolder(uri: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(uri).then(
    ({ type }) => (type & vscode.FileType.Directory) !== 0,
    () => false, // whatever cannot be looked at is not suggested
  );
}

async function placeOf(uri: vscode.Uri, sites: Pick<Sites, 'siteOf'>): Promise<ChosenFolder | OutsideFolder> {
  const workspaceFolder = vscode.workspace.getWorkspaceFolder(uri);
  if (!workspaceFolder) return { outside: uri };
  const parts = stepsTo(uri, workspaceFolder.uri) ?? [];
  const { publicRoot, base = '/' } = (await sites.siteOf(uri)) ?? {};
  const steps = publicRoot && stepsTo(uri, publicRoot);
  const inSite = steps ? [base.replace(/\/$/, ''), ...steps].join('/') : usualWayInSite(parts);
  const stepsInSite = steps ? steps.length : inSite.split('/').length - 1;
  return { uri, workspaceFolder, parts, inSite, stepsInSite };
}

/** The folders from one to another within it; undefined where it lies elsewhere. */
function stepsTo(uri: vscode.Uri, root: vscode.Uri): string[] | undefined {
  const steps = posix
    .relative(root.path, uri.path)
    .split('/')
    .filter((step) => step !== '');
  return steps[0] === '..' ? undefined : steps;
}
