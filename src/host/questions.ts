import * as vscode from 'vscode';
import { l10n } from 'vscode';
import { asList, asText } from '../core/joining.ts';
import { formatPrice } from '../core/request.ts';
import { callerOf } from '../jobs/limits.ts';
import { callerInWords } from './agents/agentNotice.ts';
import type { KeyCommands } from './keyCommands.ts';

/** Asks whether a request may cost this much, in thousandths of a dollar. */
export async function confirmPrice(highestPrice: number, askedBy: string): Promise<boolean> {
  const run = l10n.t('Generate for up to {0}', formatPrice(highestPrice));
  const question = l10n.t('This can cost up to {0}.', formatPrice(highestPrice));
  const who = callerOf(askedBy) === 'agent' ? l10n.t('Asked for by {0}.', callerInWords(askedBy)) : undefined;
  const why = l10n.t(
    'You are asked because it is more than the limit in the setting wanImage.confirmAbove. A request that was sent cannot be taken back.',
  );
  const detail = asText([who, why]);
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

/** Pictures that are not what they were when they were sent, and in which state they can be sent again. */
export interface ChangedPictures {
  /** As the user knows them. */
  readonly names: readonly string[];
  /** True where each is kept as it was sent. */
  readonly canBeAsSent: boolean;
  /** True where each is a file that can be read. */
  readonly canBeAsNow: boolean;
}

/** Asks in which state changed pictures are to be sent again; undefined where the user wants none. One of the two must be possible. */
export async function askAboutChanged({
  names,
  canBeAsSent,
  canBeAsNow,
}: ChangedPictures): Promise<'as-sent' | 'as-now' | undefined> {
  const asSent = l10n.t('Send as It Was');
  const asNow = l10n.t('Send as It Is Now');
  const list = asList(names, vscode.env.language);
  const question = canBeAsNow
    ? l10n.t('Changed since it was sent: {0}.', list)
    : l10n.t('Changed since it was sent, or not there any more: {0}.', list);
  const detail = [
    canBeAsSent ? l10n.t('It is kept as it was sent.') : undefined,
    canBeAsNow ? l10n.t('As it is now, boxes lie where they were drawn then.') : undefined,
  ];
  const chosen = await vscode.window.showWarningMessage(
    question,
    { modal: true, detail: asText(detail) },
    ...(canBeAsSent ? [asSent] : []),
    ...(canBeAsNow ? [asNow] : []),
  );
  if (chosen === undefined) return undefined;
  return chosen === asSent ? 'as-sent' : 'as-now';
}
