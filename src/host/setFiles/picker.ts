import * as vscode from 'vscode';
import { l10n } from 'vscode';
import { plainLabel } from '../plainText.ts';

/** A picture that came without a name. */
export interface UnnamedPicture {
  readonly resultId: string;
  /** In the answer, from 0. */
  readonly place: number;
  readonly file: vscode.Uri;
}

/** A name that is still without a picture. */
interface OpenName {
  readonly name: string;
  readonly asked: number;
  /** What was asked for. */
  readonly line: string;
}

interface Row extends vscode.QuickPickItem {
  readonly picture?: UnnamedPicture;
}

/**
 * Asks for each name which of the pictures it is; the picture of the row is shown in an editor. Nothing is guessed: a name
 * that gets no picture stays without one, and so do all that follow once the question is left.
 */
export async function nameWhatCame(
  names: readonly OpenName[],
  pictures: readonly UnnamedPicture[],
): Promise<{ resultId: string; place: number; asked: number }[]> {
  const named: { resultId: string; place: number; asked: number }[] = [];
  let left = [...pictures];
  for (const [index, { name, asked, line }] of names.entries()) {
    if (left.length === 0) break;
    const title = l10n.t('Which Picture Is “{0}”? ({1} of {2})', plainLabel(name), index + 1, names.length);
    const chosen = await ask(title, line, left);
    if (chosen === undefined) break;
    if (!chosen.picture) continue;
    const { resultId, place } = chosen.picture;
    named.push({ resultId, place, asked });
    left = left.filter((picture) => picture !== chosen.picture);
  }
  return named;
}

async function ask(title: string, line: string, left: readonly UnnamedPicture[]): Promise<Row | undefined> {
  const rows: Row[] = [
    ...left.map((picture) => ({
      label: l10n.t('Picture {0}', picture.place + 1),
      description: l10n.t('shown in the editor while this row is chosen'),
      iconPath: picture.file,
      picture,
    })),
    { label: l10n.t('None of these'), description: l10n.t('the name stays without a picture') },
  ];
  let shown: UnnamedPicture | undefined;
  const show = (item: Row | string | undefined) => {
    const picture = typeof item === 'object' ? item.picture : undefined;
    if (!picture || picture === shown) return;
    shown = picture;
    // Nobody waits for it: the question can be answered by the small picture of the row as well.
    void vscode.commands.executeCommand('vscode.open', picture.file, { preview: true, preserveFocus: true });
  };
  return vscode.window.showQuickPick<Row>(rows, {
    title,
    placeHolder: l10n.t('{0} of the pictures came without saying which they are. Asked for: {1}', left.length, line),
    ignoreFocusOut: true,
    onDidSelectItem: show,
  });
}
