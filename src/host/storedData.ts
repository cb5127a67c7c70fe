import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { l10n } from 'vscode';
import { asList, asText } from '../core/joining.ts';
import { emptyBin } from '../jobs/bin.ts';
import { bytesIn, deleteEnded, type Ended, endedIn } from '../jobs/deleting.ts';
import { dayOf } from '../jobs/ledgerLines.ts';
import { fileSize } from './fileSize.ts';
import type { BoxMemory } from './editing/boxMemory.ts';
import type { Pasting } from './editing/pasting.ts';
import type { Log } from './log.ts';
import type { PastDrafts } from './pastDrafts.ts';
import type { StorageFolders } from './storageFolders.ts';

interface Parts {
  readonly folders: StorageFolders;
  /** Takes away the copies of this workspace's own pictures, and the ways back that need them. */
  readonly forgetCopies: () => Promise<void>;
  readonly boxes: Pick<BoxMemory, 'pictures' | 'forget'>;
  readonly pasting: Pick<Pasting, 'stored' | 'forget'>;
  readonly pastDrafts: Pick<PastDrafts, 'count' | 'forget'>;
  readonly log: Log;
}

/** Something that is kept and can be deleted as a whole. */
interface Kept extends vscode.QuickPickItem {
  /** Pictures that are nowhere else. */
  readonly unsavedPictures: number;
  readonly delete: () => Promise<unknown>;
}

/** Shows what the extension keeps on this machine, how much it is, and deletes what the user chooses. */
export async function deleteStoredData(parts: Parts): Promise<void> {
  const kept = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: l10n.t('Looking at what is stored…') },
    () => whatIsKept(parts),
  );
  if (kept.length === 0) {
    void vscode.window.showInformationMessage(l10n.t('Nothing is stored that can be deleted.'));
    return;
  }
  const chosen = await vscode.window.showQuickPick(kept, {
    canPickMany: true,
    title: l10n.t('Delete Stored Data'),
    placeHolder: l10n.t('What is to be deleted from this machine?'),
    ignoreFocusOut: true,
  });
  if (!chosen || chosen.length === 0 || !(await confirm(chosen))) return;
  for (const one of chosen) await one.delete();
  parts.log.info('Stored data were deleted.');
  void vscode.window.showInformationMessage(l10n.t('What you chose was deleted.'));
}

async function confirm(chosen: readonly Kept[]): Promise<boolean> {
  const unsaved = chosen.reduce((sum, { unsavedPictures }) => sum + unsavedPictures, 0);
  const remove = l10n.t('Delete');
  const question = l10n.t(
    'Delete what you chose: {0}?',
    asList(
      chosen.map(({ label }) => label),
      vscode.env.language,
    ),
  );
  const detail = asText([unsaved > 0 ? nowhereElse(unsaved) : undefined, l10n.t('This cannot be undone.')]);
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, remove)) === remove;
}

async function whatIsKept({ folders, forgetCopies, boxes, pasting, pastDrafts, log }: Parts): Promise<Kept[]> {
  const line = (text: string) => log.info(text);
  const journals = await journalsIn(folders.all);
  const here = journals.filter(({ workspace }) => workspace === folders.here).map(({ journal }) => journal);
  const elsewhere = journals.filter(({ workspace }) => workspace !== folders.here).map(({ journal }) => journal);
  const [ofHere, ofOthers] = [await allEnded(here, line), await allEnded(elsewhere, line)];
  const copies = await bytesIn(join(folders.pictures, 'kept'));
  const pasted = await pasting.stored();
  const others = await otherPictures(folders);
  const days = await formerDays(folders.ledger);
  const kept: Kept[] = [];
  if (ofHere.bytes > 0)
    kept.push({
      ...jobsItem(ofHere, l10n.t('Requests and pictures of this workspace')),
      delete: () => deleteAll(ofHere, line),
    });
  if (ofOthers.bytes > 0)
    kept.push({
      ...jobsItem(ofOthers, l10n.t('Requests and pictures of other workspaces')),
      delete: () => deleteAll(ofOthers, line),
    });
  if (copies > 0)
    kept.push({
      label: l10n.t('Copies of this workspace’s own pictures'),
      description: fileSize(copies),
      detail: l10n.t('Those that were sent along or replaced. Replaced pictures cannot be brought back then.'),
      unsavedPictures: 0,
      delete: forgetCopies,
    });
  if (pasted.length > 0)
    kept.push({
      label: l10n.t('Pictures that were pasted in this workspace'),
      description: l10n.t(
        'Pictures: {0}, {1}',
        pasted.length,
        fileSize(await bytesIn(join(folders.pictures, 'pasted'))),
      ),
      detail: l10n.t('They may be nowhere else. A request that still uses one needs another picture then.'),
      unsavedPictures: pasted.length,
      delete: () => pasting.forget(),
    });
  if (pastDrafts.count > 0)
    kept.push({
      label: l10n.t('Earlier drafts of this workspace'),
      description: l10n.t('Drafts: {0}', pastDrafts.count),
      detail: l10n.t('Requests that were in the form and were not run.'),
      unsavedPictures: 0,
      delete: () => pastDrafts.forget(),
    });
  if (others.bytes > 0)
    kept.push({
      label: l10n.t('Copies of other workspaces’ own pictures'),
      description: fileSize(others.bytes),
      detail: l10n.t(
        'Those that were sent along, replaced, pasted or looked at. Replaced pictures cannot be brought back there then.',
      ),
      unsavedPictures: 0,
      delete: () => Promise.all(others.folders.map((folder) => rm(folder, { recursive: true, force: true }))),
    });
  if (boxes.pictures > 0)
    kept.push({
      label: l10n.t('Boxes drawn on this workspace’s pictures'),
      description: l10n.t('Pictures: {0}', boxes.pictures),
      detail: l10n.t('A picture opens without them then. Those in the form stay there.'),
      unsavedPictures: 0,
      delete: () => boxes.forget(),
    });
  if (days.length > 0)
    kept.push({
      label: l10n.t('What was spent before today'),
      description: l10n.t('Days: {0}', days.length),
      detail: l10n.t('Today’s stays, since the limits count by it.'),
      unsavedPictures: 0,
      delete: () => Promise.all(days.map((day) => rm(day, { recursive: true, force: true }))),
    });
  return kept;
}

function jobsItem({ jobs, bytes, unsavedPictures }: Counted, label: string): Omit<Kept, 'delete'> {
  const stays = l10n.t('Those that have not ended, or whose pictures can still be looked for, stay.');
  return {
    label,
    description: l10n.t('Requests: {0}, {1}', jobs, fileSize(bytes)),
    detail: asText([unsavedPictures === 0 ? undefined : nowhereElse(unsavedPictures), stays]),
    unsavedPictures,
  };
}

const nowhereElse = (pictures: number): string => l10n.t('Pictures that were not saved anywhere else: {0}.', pictures);

/** What was counted in several journals, and is deleted when the user wants it: what ends later was not asked about. */
interface Counted {
  readonly journals: readonly { readonly journal: string; readonly ids: readonly string[] }[];
  readonly jobs: number;
  readonly bytes: number;
  readonly unsavedPictures: number;
}

async function allEnded(journals: readonly string[], log: (line: string) => void): Promise<Counted> {
  const counted = await Promise.all(
    journals.map(async (journal) => {
      const ended = await endedIn(journal, log);
      return { journal, ...ended, bytes: ended.bytes + (await bytesIn(join(journal, '.bin'))) };
    }),
  );
  const sum = (part: (one: Ended) => number): number => counted.reduce((total, one) => total + part(one), 0);
  return {
    journals: counted,
    jobs: sum(({ ids }) => ids.length),
    bytes: sum(({ bytes }) => bytes),
    unsavedPictures: sum(({ unsavedPictures }) => unsavedPictures),
  };
}

async function deleteAll({ journals }: Counted, log: (line: string) => void): Promise<void> {
  for (const { journal, ids } of journals) {
    await deleteEnded(journal, ids, log);
    // What was deleted in the history waits there to be brought back.
    await emptyBin(journal, Number.POSITIVE_INFINITY);
  }
}

/** Every workspace's folder holds one for each service. */
async function journalsIn(all: string): Promise<{ readonly workspace: string; readonly journal: string }[]> {
  const workspaces = (await foldersIn(all)).map((name) => join(all, name));
  const journals = workspaces.map(async (workspace) =>
    (await foldersIn(workspace)).map((name) => ({ workspace, journal: join(workspace, name) })),
  );
  return (await Promise.all(journals)).flat();
}

/** What other workspaces keep of their own pictures, and their ways back, which need it. */
async function otherPictures({
  pictures,
  replacements,
}: StorageFolders): Promise<{ folders: string[]; bytes: number }> {
  const names = (await foldersIn(dirname(pictures))).filter((name) => name !== basename(pictures));
  const folders = names.map((name) => join(dirname(pictures), name));
  const sizes = await Promise.all(folders.map(bytesIn));
  return {
    folders: [...folders, ...names.map((name) => join(dirname(replacements), name))],
    bytes: sizes.reduce((sum, size) => sum + size, 0),
  };
}

async function formerDays(ledger: string): Promise<string[]> {
  const today = dayOf(Date.now());
  return (await foldersIn(ledger)).filter((day) => day < today).map((day) => join(ledger, day));
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}
