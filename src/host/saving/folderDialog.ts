import * as vscode from 'vscode';
import { l10n } from 'vscode';

/** Asks for a folder in the system's own dialog; undefined where the user wants none. It may lie anywhere. */
export async function askForFolder(
  title: string,
  openLabel: string,
  start: vscode.Uri | undefined = vscode.workspace.workspaceFolders?.[0]?.uri,
): Promise<vscode.Uri | undefined> {
  const [chosen] =
    (await vscode.window.showOpenDialog({
      canSelectFiles: false,
      canSelectFolders: true,
      canSelectMany: false,
      ...(start && { defaultUri: start }),
      openLabel,
      title,
    })) ?? [];
  return chosen;
}

/** What to say of a folder that was pointed at and does not lie in the workspace. */
export const outsideSentence = (uri: vscode.Uri): string =>
  l10n.t('{0} is not in the workspace. Choose a folder inside it.', uri.scheme === 'file' ? uri.fsPath : uri.path);
