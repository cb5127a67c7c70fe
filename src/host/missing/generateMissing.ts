import { randomUUID } from 'node:crypto';
import { posix } from 'node:path';
import * as vscode from 'vscode';
import { l10n } from 'vscode';
import { type FoundReference, headingAbove, referencesIn } from '../../core/foundReferences.ts';
import { requestForMissing } from '../../core/missingPicture.ts';
import { formatPrice, highestPrice, type ImageRequest } from '../../core/request.ts';
import type { Services } from '../services.ts';
import { askAndRun, type GenerateParts, runTold } from '../palette/generate.ts';
import { plainLabel, plainText } from '../plainText.ts';
import type { Sites } from '../site.ts';
import { isThere } from './presentFiles.ts';
import { wantedFile } from './wantedFile.ts';

export interface MissingParts extends GenerateParts {
  readonly services: GenerateParts['services'] & Pick<Services, 'current'>;
  readonly sites: Pick<Sites, 'siteOf'>;
}

/** A picture that a document refers to and that does not exist, and the request for it. */
interface Wanted {
  readonly file: vscode.Uri;
  readonly request: ImageRequest;
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
  const wanted = await wantedIn(document, offset, parts);
  const free = await withoutThoseUnderWay(wanted, parts);
  const [only] = free;
  if (!only) return parts.teller.tell({ severity: 'info', text: nothingSentence(document, wanted), actions: [] });
  return offset === undefined ? generateSeveral(free, parts) : generateOne(only, parts);
}

async function generateOne({ file, request }: Wanted, parts: MissingParts): Promise<void> {
  const title = l10n.t('Generate {0}', plainText(vscode.workspace.asRelativePath(file)));
  const outcome = await askAndRun(title, intentFor(file), { ...parts, startingRequest: () => request });
  if (outcome?.kind === 'started') parts.announcer.own(outcome.service, outcome.job.record.id);
}

async function generateSeveral(wanted: readonly Wanted[], parts: MissingParts): Promise<void> {
  const chosen = await pickSeveral(wanted, parts);
  for (const { file, request } of chosen) {
    const shownPrice = highestPrice(request, parts.prices()) ?? 0;
    const outcome = await runTold(request, { draftId: randomUUID(), intent: intentFor(file), shownPrice }, parts);
    // What stands in the way of one stands in the way of the next, and has been told.
    if (outcome.kind !== 'started') return;
    parts.announcer.own(outcome.service, outcome.job.record.id);
  }
}

const intentFor = (file: vscode.Uri) => ({ kind: 'save' as const, targets: [file.toString()] });

/** Shows which pictures would be made from which words, and what that costs at most. */
function pickSeveral(wanted: readonly Wanted[], { services, prices }: MissingParts): Promise<readonly Wanted[]> {
  const pick = vscode.window.createQuickPick<vscode.QuickPickItem & Wanted>();
  pick.canSelectMany = true;
  pick.ignoreFocusOut = true;
  pick.placeholder = l10n.t('Each picture is made from these words and saved as this file.');
  pick.items = wanted.map(({ file, request }) => ({
    label: plainLabel(vscode.workspace.asRelativePath(file)),
    detail: plainLabel(request.prompt),
    file,
    request,
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

/** Each file once, in the order of the document. */
async function wantedIn(
  document: vscode.TextDocument,
  offset: number | undefined,
  { sites, startingRequest }: MissingParts,
): Promise<Wanted[]> {
  const text = document.getText();
  const wanted = new Map<string, Wanted>();
  for (const found of referencesIn(document.languageId, text)) {
    if (offset !== undefined && (offset < found.start || offset > found.end)) continue;
    const file = await wantedFile(document.uri, found.path, sites);
    if (!file || wanted.has(file.toString()) || (await isThere(file))) continue;
    wanted.set(file.toString(), { file, request: requestFor(document, text, found, file, startingRequest()) });
  }
  return [...wanted.values()];
}

function requestFor(
  { languageId }: vscode.TextDocument,
  text: string,
  { start, alt, width, height }: FoundReference,
  file: vscode.Uri,
  starting: ImageRequest,
): ImageRequest {
  const heading = headingAbove(languageId, text, start);
  const facts = {
    fileName: posix.basename(file.path),
    ...(alt !== undefined && { alt }),
    ...(width !== undefined && { width }),
    ...(height !== undefined && { height }),
    ...(heading !== undefined && { heading }),
  };
  return requestForMissing(facts, starting);
}

/** Nothing is asked for a second time while it is being made, by whichever window. */
async function withoutThoseUnderWay(wanted: readonly Wanted[], { services }: MissingParts): Promise<Wanted[]> {
  const jobs = (await services.current()).jobs.list();
  const underWay = new Set(
    jobs.flatMap(({ record: { intent, status, cancelled } }) =>
      intent.kind === 'save' && !cancelled && status.state !== 'done' && status.state !== 'failed'
        ? intent.targets
        : [],
    ),
  );
  return wanted.filter(({ file }) => !underWay.has(file.toString()));
}

function nothingSentence(document: vscode.TextDocument, wanted: readonly Wanted[]): string {
  const name = plainText(vscode.workspace.asRelativePath(document.uri));
  return wanted.length > 0
    ? l10n.t('What is missing in {0} is being made already. The studio shows how far it is.', name)
    : l10n.t('Every picture that {0} refers to is there, as far as it can be followed.', name);
}
