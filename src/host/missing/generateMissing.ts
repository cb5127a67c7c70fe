import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { l10n } from 'vscode';
import { formatPrice, highestPrice } from '../../core/request.ts';
import { promisedFiles } from '../../jobs/promised.ts';
import type { Services } from '../services.ts';
import { askAndRun, type GenerateParts, runTold } from '../palette/generate.ts';
import { plainLabel, plainText } from '../plainText.ts';
import { tellBeingMade } from '../setFiles/setTelling.ts';
import type { Sites } from '../site.ts';
import { isThere } from './presentFiles.ts';
import { pageOf, type Wanted, wantedIn } from './wantedPictures.ts';

export interface MissingParts extends GenerateParts {
  readonly services: GenerateParts['services'] & Pick<Services, 'current'>;
  readonly sites: Pick<Sites, 'siteOf'>;
}

/** Does something with the document, and at the place, that a quick fix or a lens hands over, or with that of the active editor. */
export async function withDocument(
  [address, offset]: readonly unknown[],
  act: (document: vscode.TextDocument, place: number | undefined) => Promise<void>,
): Promise<void> {
  const document =
    typeof address === 'string'
      ? await vscode.workspace.openTextDocument(vscode.Uri.parse(address, true))
      : vscode.window.activeTextEditor?.document;
  if (document) await act(document, typeof offset === 'number' ? offset : undefined);
}

/**
 * Generates pictures that a document refers to and that do not exist, as exactly those files. With an offset in the
 * document the one that is named there; otherwise those that the user picks, each a job of its own.
 */
export async function generateMissing(
  document: vscode.TextDocument,
  offset: number | undefined,
  parts: MissingParts,
): Promise<void> {
  const wanted = await wantedIn(pageOf(document), offset, parts, async (file) => !(await isThere(file)));
  const free = await withoutThoseUnderWay(wanted, parts);
  const [only] = free;
  if (!only) return parts.teller.tell({ severity: 'info', text: nothingSentence(document, wanted), actions: [] });
  if (offset === undefined) await generateSeveral(free, parts);
  else await generateOne(only, parts);
}

async function generateOne(wanted: Wanted, parts: MissingParts): Promise<void> {
  const { file, request } = wanted;
  const title = l10n.t('Generate {0}', plainText(vscode.workspace.asRelativePath(file)));
  const outcome = await askAndRun(title, intentFor(wanted), { ...parts, startingRequest: () => request });
  if (outcome?.kind === 'started') parts.announcer.own(outcome.service, outcome.job.record.id);
}

/** Generates those that the user picks, each as a job of its own; false where the user wants none. */
export async function generateSeveral(wanted: readonly Wanted[], parts: MissingParts): Promise<boolean> {
  const chosen = await pickSeveral(wanted, parts);
  let underWay = 0;
  for (const one of chosen) {
    // Another window may have begun with it while the question stood here.
    if ((await withoutThoseUnderWay([one], parts)).length === 0) {
      underWay++;
      continue;
    }
    const { request } = one;
    const shownPrice = highestPrice(request, parts.prices()) ?? 0;
    const outcome = await runTold(request, { draftId: randomUUID(), intent: intentFor(one), shownPrice }, parts);
    // What stands in the way of one stands in the way of the next, and has been told.
    if (outcome.kind !== 'started') return false;
    parts.announcer.own(outcome.service, outcome.job.record.id);
  }
  if (underWay > 0) await parts.teller.tell(tellBeingMade(underWay));
  return chosen.length > 0;
}

const intentFor = ({ file, replaces }: Wanted) => ({
  kind: 'save' as const,
  targets: [file.toString()],
  ...(replaces !== undefined && { replaces: [replaces] }),
});

/** Shows which pictures would be made from which words, and what that costs at most. */
function pickSeveral(wanted: readonly Wanted[], { services, prices }: MissingParts): Promise<readonly Wanted[]> {
  const pick = vscode.window.createQuickPick<vscode.QuickPickItem & Wanted>();
  pick.canSelectMany = true;
  pick.ignoreFocusOut = true;
  pick.placeholder = l10n.t('Each picture is made from these words and saved as this file.');
  pick.items = wanted.map((one) => ({
    ...one,
    label: plainLabel(vscode.workspace.asRelativePath(one.file)),
    detail: plainLabel(one.request.prompt),
  }));
  pick.selectedItems = pick.items;
  const showPrice = (chosen: readonly Wanted[]) =>
    (pick.title = titleFor(chosen, services.mode === 'practice', prices));
  showPrice(wanted);
  return new Promise<readonly Wanted[]>((resolve) => {
    pick.onDidChangeSelection(showPrice);
    pick.onDidAccept(() => resolve([...pick.selectedItems]));
    pick.onDidHide(() => resolve([]));
    pick.show();
  }).finally(() => pick.dispose());
}

function titleFor(chosen: readonly Wanted[], isFree: boolean, prices: GenerateParts['prices']): string {
  const { length } = chosen;
  if (isFree)
    return length === 1
      ? l10n.t('Generate 1 Missing Picture, free practice')
      : l10n.t('Generate {0} Missing Pictures, free practice', length);
  const price = formatPrice(chosen.reduce((sum, { request }) => sum + (highestPrice(request, prices()) ?? 0), 0));
  return length === 1
    ? l10n.t('Generate 1 Missing Picture, up to {0}', price)
    : l10n.t('Generate {0} Missing Pictures, up to {1}', length, price);
}

/** Nothing is asked for a second time while it is being made, by whichever window. */
export async function withoutThoseUnderWay(wanted: readonly Wanted[], { services }: MissingParts): Promise<Wanted[]> {
  const underWay = promisedFiles((await services.current()).jobs.list());
  return wanted.filter(({ file }) => !underWay.has(file.toString()));
}

function nothingSentence(document: vscode.TextDocument, wanted: readonly Wanted[]): string {
  const name = plainText(vscode.workspace.asRelativePath(document.uri));
  return wanted.length > 0
    ? l10n.t('What is missing in {0} is being made already. The studio shows how far it is.', name)
    : l10n.t('Every picture that {0} refers to is there, as far as it can be followed.', name);
}
