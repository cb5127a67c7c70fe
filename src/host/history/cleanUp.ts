import { join } from 'node:path';
import * as vscode from 'vscode';
import { l10n } from 'vscode';
import type { Summary } from '../../jobs/summary.ts';
import { bytesIn } from '../../jobs/deleting.ts';
import type { Service, Services } from '../services.ts';
import { fileSize } from '../fileSize.ts';
import { bytesOf, unsavedIn } from './finding.ts';
import type { StorageUse } from './storageUse.ts';

interface Parts {
  readonly services: Pick<Services, 'current'>;
  readonly storage: Pick<StorageUse, 'excess' | 'forget'>;
  readonly changed: () => void;
}

/** What can be chosen. */
interface Offer extends vscode.QuickPickItem {
  readonly what: { readonly kind: 'bin' } | { readonly kind: 'jobs'; readonly ids: readonly string[] };
  /** Pictures that are nowhere else. */
  readonly unsaved: number;
}

/** How many unsaved requests are offered by name, the oldest. */
const mostNamed = 50;
/** How many requests are proposed where nothing says how many would do. */
const mostProposed = 500;

/**
 * Offers to make room: what was deleted already, then the oldest requests whose pictures are all saved and that have no star.
 * These are chosen beforehand only where more is kept than the settings allow. What is nowhere else is offered by its name
 * alone, and never chosen beforehand. Nothing is deleted that was not chosen.
 */
export async function cleanUp({ services, storage, changed }: Parts): Promise<void> {
  const service = await services.current();
  const offers = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: l10n.t('Looking at what is stored…') },
    async () => offersOf(service, await storage.excess()),
  );
  if (offers.length === 0) {
    void vscode.window.showInformationMessage(
      l10n.t('There is nothing to clean up here. Delete Stored Data has what other workspaces keep.'),
    );
    return;
  }
  const chosen = await vscode.window.showQuickPick(offers, {
    canPickMany: true,
    title: l10n.t('Clean Up'),
    placeHolder: l10n.t('What is to be deleted? Favourites stay.'),
    ignoreFocusOut: true,
  });
  if (!chosen || chosen.length === 0 || !(await confirmUnsaved(chosen))) return;
  if (chosen.some(({ what }) => what.kind === 'bin')) await service.jobs.emptyBin(Number.POSITIVE_INFINITY);
  const ids = chosen.flatMap(({ what }) => (what.kind === 'jobs' ? what.ids : []));
  for (const id of ids) await service.recovery.end(id);
  const moved = ids.length > 0 ? await service.jobs.moveToBin(ids) : [];
  storage.forget();
  changed();
  if (moved.length > 0) await tellDone(service, moved.length, { storage, changed });
}

async function offersOf(service: Service, excess: number): Promise<Offer[]> {
  const summaries = service.jobs
    .history()
    .summaries.filter(({ state, favourite, pictures }) => state !== 'active' && !favourite && pictures.length > 0)
    .sort((one, other) => one.createdAt - other.createdAt);
  const binBytes = await bytesIn(join(service.folder, '.bin'));
  const saved = await proposal(service, summaries, excess - binBytes);
  const offers: Offer[] = [];
  if (binBytes > 0)
    offers.push({
      label: l10n.t('What was deleted already'),
      description: fileSize(binBytes),
      detail: l10n.t('It cannot be brought back then.'),
      picked: excess > 0,
      what: { kind: 'bin' },
      unsaved: 0,
    });
  const [oldest, newest] = [saved[0], saved.at(-1)];
  if (oldest && newest)
    offers.push({
      label: l10n.t('The oldest requests whose pictures are all saved'),
      description: l10n.t('Requests: {0}, {1}', saved.length, fileSize(sum(saved))),
      detail: l10n.t('From {0} to {1}. They can be brought back for a day.', day(oldest), day(newest)),
      picked: excess > binBytes,
      what: { kind: 'jobs', ids: saved.map(({ id }) => id) },
      unsaved: 0,
    });
  const proposed = new Set(saved.map(({ id }) => id));
  const named = summaries.filter((summary) => !proposed.has(summary.id) && unsavedIn(summary) > 0).slice(0, mostNamed);
  for (const summary of named) {
    const unsaved = unsavedIn(summary);
    offers.push({
      label: summary.title.slice(0, 80),
      description: `${day(summary)}, ${fileSize(bytesOf(summary))}`,
      detail: l10n.t('Pictures that were not saved anywhere else: {0}.', unsaved),
      what: { kind: 'jobs', ids: [summary.id] },
      unsaved,
    });
  }
  return offers;
}

/** The oldest whose pictures are saved and still there as files, as many as free so many bytes. */
async function proposal({ jobs }: Service, summaries: readonly Summary[], bytes: number): Promise<Summary[]> {
  const saved: Summary[] = [];
  for (const summary of summaries) {
    if (saved.length >= mostProposed || (bytes > 0 && sum(saved) >= bytes)) break;
    if (unsavedIn(summary) > 0 || summary.lacks) continue;
    const job = await jobs.recall(summary.id);
    const files = job?.record.results.map(({ savedAs }) => savedAs) ?? [undefined];
    if ((await Promise.all(files.map(isFile))).every(Boolean)) saved.push(summary);
  }
  return saved;
}

/** What was saved may have been deleted since: then the vault has the only copy. */
async function isFile(uri: string | undefined): Promise<boolean> {
  if (uri === undefined) return false;
  return vscode.workspace.fs.stat(vscode.Uri.parse(uri)).then(
    ({ size }) => size > 0,
    () => false,
  );
}

async function confirmUnsaved(chosen: readonly Offer[]): Promise<boolean> {
  const named = chosen.filter(({ unsaved }) => unsaved > 0);
  if (named.length === 0) return true;
  const remove = l10n.t('Delete');
  const question = l10n.t('Delete pictures that were not saved anywhere else?');
  const detail = `${named.map(({ label }) => `“${label}”`).join(', ')}. ${l10n.t('They can be brought back for a day.')}`;
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, remove)) === remove;
}

async function tellDone(
  { jobs }: Service,
  count: number,
  { storage, changed }: Pick<Parts, 'storage' | 'changed'>,
): Promise<void> {
  const back = l10n.t('Bring Back');
  const free = l10n.t('Free the Room Now');
  const text = l10n.t('Requests deleted: {0}. They can be brought back for a day, and take their room as long.', count);
  const chosen = await vscode.window.showInformationMessage(text, back, free);
  if (chosen === back) await jobs.bringBackLast();
  if (chosen === free) await jobs.emptyBin(Number.POSITIVE_INFINITY);
  storage.forget();
  changed();
}

const sum = (summaries: readonly Summary[]): number => summaries.reduce((total, one) => total + bytesOf(one), 0);

const day = ({ createdAt }: Summary): string =>
  new Intl.DateTimeFormat(vscode.env.language, { dateStyle: 'medium' }).format(createdAt);
