import * as vscode from 'vscode';
import { l10n } from 'vscode';
import { asList, asText } from '../core/joining.ts';
import type { Actions } from './actions.ts';
import { plainText } from './plainText.ts';
import { shortPath, showInExplorer } from './results.ts';
import type { HeavyPictures } from './saving/heavy.ts';
import { actionLabel, heavySentence, type Telling } from './telling.ts';

/** Says things in the window, for what was asked for outside the studio. */
export class WindowTeller {
  readonly #actions: Pick<Actions, 'perform'>;

  readonly #heavy: Pick<HeavyPictures, 'offer'>;

  constructor(actions: Pick<Actions, 'perform'>, heavy: Pick<HeavyPictures, 'offer'>) {
    this.#actions = actions;
    this.#heavy = heavy;
  }

  /** Shows a message with its next steps and does the one that is chosen. */
  async tell(telling: Telling): Promise<void> {
    const items = telling.actions.map((id) => ({ title: actionLabel(id), id }));
    const chosen = await show(telling.severity, telling.text, items);
    const answer = chosen && (await this.#actions.perform(chosen.id, telling));
    if (answer) await this.tell(answer);
  }

  /** Says that files were written, with the ways to look at them. */
  async tellSaved(files: readonly vscode.Uri[], document?: vscode.Uri): Promise<void> {
    const [first] = files;
    if (!first) return;
    const open = { title: l10n.t('Open') };
    const reveal = { title: l10n.t('Show in Explorer') };
    const offer = this.#heavy.offer(files);
    const lighter = { title: actionLabel('save-lighter') };
    const said = savedSentence(files, document);
    const sentence = plainText(offer ? asText([said, heavySentence(offer.bytes)]) : said);
    const chosen = await vscode.window.showInformationMessage(sentence, open, reveal, ...(offer ? [lighter] : []));
    if (chosen === lighter && offer) {
      const answer = await this.#actions.perform('save-lighter', {
        heavy: offer.files,
        ...(document && { heavyIn: document.toString() }),
      });
      if (answer) await this.tell(answer);
    }
    if (chosen === open) await vscode.commands.executeCommand('vscode.open', first);
    if (chosen === reveal) await showInExplorer(first);
  }
}

/** What was saved, and into which document it was inserted. */
export function savedSentence(files: readonly vscode.Uri[], document?: vscode.Uri): string {
  const [first] = files;
  const name = document && shortPath(document);
  if (files.length === 1 && first) {
    return name === undefined
      ? l10n.t('Saved {0}.', shortPath(first))
      : l10n.t('Saved {0} and inserted it into {1}.', shortPath(first), name);
  }
  const folders = [...new Set(files.map((file) => shortPath(vscode.Uri.joinPath(file, '..'))))];
  const places = asList(folders, vscode.env.language);
  return name === undefined
    ? l10n.t('Saved {0} pictures in {1}.', files.length, places)
    : l10n.t('Saved {0} pictures in {1} and inserted them into {2}.', files.length, places, name);
}

function show<Item extends vscode.MessageItem>(
  severity: Telling['severity'],
  text: string,
  items: Item[],
): Thenable<Item | undefined> {
  const plain = plainText(text);
  switch (severity) {
    case 'error':
      return vscode.window.showErrorMessage(plain, ...items);
    case 'warning':
      return vscode.window.showWarningMessage(plain, ...items);
    case 'info':
      return vscode.window.showInformationMessage(plain, ...items);
  }
}
