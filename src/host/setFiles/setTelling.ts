import * as vscode from 'vscode';
import { l10n } from 'vscode';
import { asList, asText } from '../../core/joining.ts';
import type { Mills } from '../../core/modelCard.ts';
import { formatPrice } from '../../core/request.ts';
import { fill } from '../../core/sentences.ts';
import { setFileSentences, setSentence, type SetProblem } from '../../core/setFileRules.ts';
import type { FormerName } from '../../core/setRenames.ts';
import type { SetEntryState } from '../../core/setState.ts';
import { plainText } from '../plainText.ts';
import type { SaveErrorKind } from '../saving/saveError.ts';
import { saveSentence, type Telling } from '../telling.ts';
import type { SetView } from './setView.ts';

// Every sentence about set files.

/** The sentence of one finding. */
export function setProblemSentence({ code, args }: Pick<SetProblem, 'code' | 'args'>): string {
  return fill(l10n.t(setSentence(code)), args);
}

/** What keeps everything from being made from a set file. */
export function tellUnusable(view: SetView): Telling {
  const name = vscode.workspace.asRelativePath(view.uri);
  const [error] = view.reading.problems.filter(({ severity }) => severity === 'error');
  const reason = error
    ? setProblemSentence(error)
    : view.badLock === undefined
      ? l10n.t('It does not lie in a folder of this workspace.')
      : fill(l10n.t(setFileSentences['set-lock-unreadable']), [view.badLock]);
  return { severity: 'error', text: asText([l10n.t('Nothing can be made from {0}.', name), reason]), actions: [] };
}

export function tellUntrusted(): Telling {
  const text = l10n.t(
    'This folder is not trusted, so no pictures are made from its set files. They can be read, and their problems are shown.',
  );
  return { severity: 'warning', text, actions: ['manage-trust'] };
}

export function tellNothingToMake(): Telling {
  return {
    severity: 'info',
    text: l10n.t('There is nothing to make: no picture of this set is in that state.'),
    actions: [],
  };
}

/** What to say of pictures that are being made already. */
export function tellBeingMade(count: number): Telling {
  const text =
    count === 1
      ? l10n.t('That picture is being made already. It is saved when it comes.')
      : l10n.t('{0} of these pictures are being made already. They are saved when they come.', count);
  return { severity: 'info', text, actions: [] };
}

/** What to say when names have stayed without a picture. */
export function tellWithout(count: number): Telling {
  const text =
    count === 1
      ? l10n.t('One name of the set is still without a picture. “Generate Missing Pictures” goes on with it.')
      : l10n.t(
          '{0} names of the set are still without a picture. “Generate Missing Pictures” goes on with them.',
          count,
        );
  return { severity: 'warning', text, actions: [] };
}

/** What to say when the lock could not be written. */
export function tellNotNoted(kind: SaveErrorKind, place: string): Telling {
  const counts = l10n.t('Until the lock can be written, the new pictures count as edited by hand.');
  return { severity: 'error', text: asText([saveSentence(kind, place), counts]), actions: ['show-log'] };
}

export function tellKept(name: string): Telling {
  const text = l10n.t('“{0}” counts as current now, as it is. The lock file beside the set says so.', name);
  return { severity: 'info', text, actions: [] };
}

/** What to say when files have the names of their entries again. */
export function tellRenamed(count: number, left: readonly vscode.Uri[]): Telling {
  const moved =
    count === 1
      ? l10n.t('One picture of the set has its new name now. Nothing was bought.')
      : l10n.t('{0} pictures of the set have their new names now. Nothing was bought.', count);
  const [first] = left;
  const stays =
    first &&
    l10n.t(
      '{0} could not be deleted or has changed since, so it is there as well.',
      plainText(vscode.workspace.asRelativePath(first)),
    );
  return { severity: first ? 'warning' : 'info', text: asText([moved, stays]), actions: [] };
}

/** What to say when a file could not get the name of its entry. */
export function tellNotRenamed(kind: SaveErrorKind, place: string): Telling {
  const stays = l10n.t('The picture is still there under its former name. “Rename Files” tries again.');
  return { severity: 'error', text: asText([saveSentence(kind, place), stays]), actions: ['show-log'] };
}

/** What stands above an entry whose picture may be there under a former name. */
export function formerWords(former: FormerName): string {
  if (former.kind === 'renamed') return l10n.t('Renamed: was “{0}”', former.from);
  const files = asList(
    former.files.map((name) => `“${name}”`),
    vscode.env.language,
  );
  return l10n.t('Missing, but {0} was made from the same words: rename the right file by hand', files);
}

/** Asks whether pictures of set files may cost this much. */
export async function confirmSet(count: number, highestPrice: Mills, requests: number): Promise<boolean> {
  const run = l10n.t('Generate for up to {0}', formatPrice(highestPrice));
  const question =
    count === 1
      ? l10n.t('Generate 1 picture for up to {0}?', formatPrice(highestPrice))
      : l10n.t('Generate {0} pictures for up to {1}?', count, formatPrice(highestPrice));
  const detail = l10n.t('Requests: {0}. A request that was sent cannot be taken back.', requests);
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, run)) === run;
}

/** Asks whether a file that somebody has worked on may be replaced. */
export async function confirmReplace(file: vscode.Uri): Promise<boolean> {
  const replace = l10n.t('Replace It');
  const question = l10n.t(
    '{0} is not the file that was made for this set. Replace it all the same?',
    plainText(vscode.workspace.asRelativePath(file)),
  );
  const detail = l10n.t('What was done to it since is lost, unless version control has it.');
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, replace)) === replace;
}

/** A state as it stands above an entry. */
export function stateWord(state: SetEntryState | 'making'): string {
  switch (state) {
    case 'missing':
      return l10n.t('Missing');
    case 'changed':
      return l10n.t('Changed');
    case 'placeholder':
      return l10n.t('Placeholder');
    case 'edited':
      return l10n.t('Edited by hand');
    case 'renamed':
      return l10n.t('Renamed');
    case 'current':
      return l10n.t('Current');
    case 'making':
      return l10n.t('Being made…');
  }
}

/** A button with what it costs at most; without a price it is free. */
export function priced(words: string, price: Mills | undefined): string {
  return price === undefined ? words : l10n.t('{0} · up to {1}', words, formatPrice(price));
}
