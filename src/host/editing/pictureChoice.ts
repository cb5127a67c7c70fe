import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { l10n } from 'vscode';
import { plainLabel } from '../plainText.ts';
import { shortPath } from '../results.ts';
import { uriOfTab } from './places.ts';

/** Extensions of the pictures that can be sent along, most of them after a change of format. */
const pictureExtensions = ['png', 'jpg', 'jpeg', 'webp', 'bmp', 'gif', 'tif', 'tiff', 'avif', 'svg'] as const;

const pictureName = new RegExp(`\\.(${pictureExtensions.join('|')})$`, 'i');
/** More are not listed; the file dialog finds the others. */
const mostListed = 500;

/**
 * The pictures a command means: those that a menu hands over, else the one in the active tab, else those that the user
 * chooses. The built-in image preview's own menu hands over none.
 */
export async function meantPictures(
  handed: readonly unknown[],
  question = l10n.t('Which picture should be edited?'),
): Promise<vscode.Uri[]> {
  const [first, second] = handed;
  const several = Array.isArray(second) ? second.filter((one): one is vscode.Uri => one instanceof vscode.Uri) : [];
  const selected = several.length > 0 ? several : first instanceof vscode.Uri ? [first] : [];
  const pictures = selected.filter(isPictureName);
  // A single file that is no picture by its name is looked at all the same, and then told about.
  if (selected.length > 0) return pictures.length > 0 ? pictures : selected.slice(0, 1);
  const active = uriOfTab(vscode.window.tabGroups.activeTabGroup.activeTab);
  return active && isPictureName(active) ? [active] : choosePicture(question);
}

const isPictureName = ({ path }: vscode.Uri): boolean => pictureName.test(path);

/** Asks for one of the pictures of the workspace, or another file. */
export async function choosePicture(question: string): Promise<vscode.Uri[]> {
  const pattern = `**/*.{${pictureExtensions.flatMap((extension) => [extension, extension.toUpperCase()]).join(',')}}`;
  const found = await vscode.workspace.findFiles(pattern, '**/{node_modules,.git}/**', mostListed);
  if (found.length === 0) return openDialog();
  const files = found.map((uri) => ({
    label: plainLabel(nameOf(uri)),
    description: plainLabel(shortPath(vscode.Uri.joinPath(uri, '..'))),
    uri,
  }));
  const other = { label: l10n.t('$(folder-opened) Another File…'), alwaysShow: true };
  const sorted = files.toSorted((one, next) => shortPath(one.uri).localeCompare(shortPath(next.uri)));
  const chosen: { readonly label: string; readonly uri?: vscode.Uri } | undefined = await vscode.window.showQuickPick(
    [...sorted, other],
    {
      placeHolder: question,
      matchOnDescription: true,
    },
  );
  if (!chosen) return [];
  return chosen.uri ? [chosen.uri] : openDialog();
}

const nameOf = ({ path }: vscode.Uri): string => path.split('/').at(-1) ?? path;

/** Asks for picture files, several at once if wanted. */
export async function openDialog(): Promise<vscode.Uri[]> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const chosen = await vscode.window.showOpenDialog({
    canSelectMany: true,
    defaultUri: folder?.uri ?? vscode.Uri.file(homedir()),
    filters: { [l10n.t('Pictures')]: [...pictureExtensions] },
    openLabel: l10n.t('Add'),
    title: l10n.t('Add Pictures'),
  });
  return chosen ?? [];
}
