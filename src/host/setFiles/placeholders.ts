import * as vscode from 'vscode';
import { l10n } from 'vscode';
import { asText } from '../../core/joining.ts';
import { requestFor } from '../../core/setFile.ts';
import type { LockedPicture } from '../../core/setLock.ts';
import { expectedSize } from '../../core/size.ts';
import type { Log } from '../log.ts';
import { plainLabel } from '../plainText.ts';
import { carriesMark, type PlaceholderParts, writePlaceholder } from '../saving/placeholderFile.ts';
import { SaveError } from '../saving/saveError.ts';
import { tellUnsaved, type Telling, type UnsavedPicture } from '../telling.ts';
import type { ToMake } from './generating.ts';
import { type SetPicture, type SetView, standingAt } from './setView.ts';

type Parts = PlaceholderParts & { readonly log: Log };

/** How many files of a workspace are looked at in a search for placeholders. */
const mostLooked = 5_000;

/** Draws free placeholders for missing pictures, each of the size that its picture will have. Answers what the lock is to say of them. */
export async function fillWithPlaceholders(
  { view, pictures }: ToMake,
  parts: Parts,
): Promise<{ files: vscode.Uri[]; noted: Record<string, LockedPicture>; telling?: Telling }> {
  const files: vscode.Uri[] = [];
  const failed: UnsavedPicture[] = [];
  const noted: Record<string, LockedPicture> = {};
  for (const { entry, words, file } of pictures) {
    const size = expectedSize(requestFor(view.set, [entry]), undefined);
    if (!size) throw new Error('A picture of a set file has no size.');
    const format = view.set.format ?? 'png';
    try {
      const sha256 = await writePlaceholder(file, { size, label: entry.name, format }, parts);
      files.push(file);
      noted[entry.name] = { words, sha256, as: 'placeholder' };
    } catch (error) {
      if (!(error instanceof SaveError)) throw error;
      parts.log.error(`A placeholder was not written: ${error.kind}.`, error.cause);
      failed.push({ id: '', name: entry.name, kind: error.kind, place: error.place });
    }
  }
  if (failed.length === 0) return { files, noted };
  // There is nothing of it in the studio that could be saved elsewhere.
  return { files, noted, telling: { ...tellUnsaved(failed, pictures.length), actions: ['show-log'], unsaved: [] } };
}

/** A picture of a set file that is still a placeholder. */
export interface FoundPlaceholder {
  readonly view: ToMake['view'];
  readonly picture: SetPicture;
}

/**
 * Every placeholder of the workspace: those that set files know how to make real, and the others, by the mark at the
 * beginning of pictures' files: the sha256 of each by its URI.
 */
export async function findPlaceholders(
  views: readonly SetView[],
): Promise<{ found: FoundPlaceholder[]; others: Map<string, string> }> {
  const found = views.flatMap((view) => {
    const { set } = view;
    if (!set) return [];
    const usable = { ...view, set }; // one for all of its pictures, by which those who make them tell sets apart
    return view.pictures.filter(({ state }) => state === 'placeholder').map((picture) => ({ view: usable, picture }));
  });
  const known = new Set(found.map(({ picture }) => picture.file.toString()));
  const others = new Map<string, string>();
  for (const file of await vscode.workspace.findFiles(
    '**/*.{png,jpg,jpeg,webp,avif}',
    '**/node_modules/**',
    mostLooked,
  )) {
    if (known.has(file.toString()) || !(await carriesMark(file))) continue;
    const standing = await standingAt(file);
    if (standing?.isPlaceholder) others.set(file.toString(), standing.sha256);
  }
  return { found, others };
}

/** Asks which placeholders are to be made real; all are chosen at first. */
export async function choosePlaceholders(found: readonly FoundPlaceholder[]): Promise<readonly FoundPlaceholder[]> {
  const title =
    found.length === 1
      ? l10n.t('Make This Placeholder Real?')
      : l10n.t('Make Which of {0} Placeholders Real?', found.length);
  const rows = found.map((one) => ({
    label: plainLabel(one.picture.entry.name),
    description: plainLabel(vscode.workspace.asRelativePath(one.picture.file)),
    detail: plainLabel(one.picture.entry.prompt),
    picked: true,
    one,
  }));
  const chosen = await vscode.window.showQuickPick(rows, { title, canPickMany: true, ignoreFocusOut: true });
  return chosen?.map(({ one }) => one) ?? [];
}

/** What to say where no placeholder can be made real. */
export function tellNoPlaceholders(others: ReadonlyMap<string, string>): Telling {
  const [first] = others.keys();
  const strays =
    first !== undefined &&
    l10n.t('Nothing names {0}, or it is being made already.', vscode.workspace.asRelativePath(vscode.Uri.parse(first)));
  const none = l10n.t('There is no placeholder that a set file or a document of this workspace could make real.');
  const text = asText([none, strays || undefined]);
  return { severity: 'info', text, actions: [] };
}
