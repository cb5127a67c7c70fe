import * as vscode from 'vscode';
import { l10n } from 'vscode';
import { formatPrice } from '../core/request.ts';
import type { KeyCommands } from './keyCommands.ts';

/** Asks whether a request may cost this much, in thousandths of a dollar. */
export async function confirmPrice(highestPrice: number): Promise<boolean> {
  const run = l10n.t('Generate for up to {0}', formatPrice(highestPrice));
  const question = l10n.t('This can cost up to {0}.', formatPrice(highestPrice));
  const detail = l10n.t(
    'You are asked because it is more than the limit in the setting wanImage.confirmAbove. A request that was sent cannot be taken back.',
  );
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, run)) === run;
}

/** Says that there is no key and offers the two ways on; true when one was taken. */
export async function offerKey(
  keyCommands: Pick<KeyCommands, 'set'>,
  usePractice: () => Promise<void>,
): Promise<boolean> {
  const set = l10n.t('Set API Key');
  const practise = l10n.t('Use Practice Mode');
  const chosen = await vscode.window.showErrorMessage(l10n.t('No API key is set.'), set, practise);
  if (chosen === set) return keyCommands.set();
  if (chosen !== practise) return false;
  await usePractice();
  return true;
}
