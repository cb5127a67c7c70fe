import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { l10n } from 'vscode';
import type { ManifestIcon } from '../../core/packs.ts';
import { isInWorkspace } from '../editing/places.ts';
import { plainLabel } from '../plainText.ts';
import { shortPath } from '../results.ts';
import {
  addIcons,
  changed,
  isWebManifest,
  type ManifestEdit,
  mostOfManifest,
  type TextChange,
} from './manifestEdit.ts';
import type { ChosenFolder } from './folderChoice.ts';

/** Names that the manifest of a web app usually has; a new one gets the first. */
export const manifestNames = ['site.webmanifest', 'manifest.webmanifest', 'manifest.json'] as const;

/** A web app's manifest that is there. */
export interface StandingManifest {
  readonly uri: vscode.Uri;
  /** From the root of its site, with a slash before. */
  readonly path: string;
}

/** Entries that were written into a manifest: its text before and after. */
export interface AddedEntries {
  readonly uri: vscode.Uri;
  readonly before: string;
  readonly after: string;
}

/** The manifest beside files of a folder, or in one of the folders above it that belong to the same site. */
export async function manifestNear({ uri, inSite, stepsInSite }: ChosenFolder): Promise<StandingManifest | undefined> {
  const steps = inSite.split('/');
  for (let up = 0; up <= stepsInSite; up++) {
    const folder = vscode.Uri.joinPath(uri, ...Array.from({ length: up }, () => '..'));
    for (const name of manifestNames) {
      const candidate = vscode.Uri.joinPath(folder, name);
      if (await isManifest(candidate))
        return { uri: candidate, path: [...steps.slice(0, steps.length - up), name].join('/') };
    }
  }
  return undefined;
}

async function isManifest(uri: vscode.Uri): Promise<boolean> {
  const found = await vscode.workspace.fs.stat(uri).then(undefined, () => undefined);
  // What cannot be looked at is not written over either: files are only ever new.
  if (!found || (found.type & vscode.FileType.File) === 0) return false;
  if (!uri.path.endsWith('.json')) return true;
  if (found.size > largestFile || !(await isInWorkspace(uri))) return false;
  const bytes = await vscode.workspace.fs.readFile(uri).then(undefined, () => undefined);
  return bytes !== undefined && isWebManifest(new TextDecoder().decode(bytes));
}

/** Four bytes are the most that a sign of a text takes. */
const largestFile = 4 * mostOfManifest;

/**
 * Shows how a manifest would name icons, beside how it is, and writes that into its document once the user has agreed: not
 * saved, and taken back by the editor's own Undo. Answers the sentence to say, and what was written, if anything was.
 */
export async function offerEntries(
  { uri, path }: StandingManifest,
  icons: readonly ManifestIcon[],
): Promise<{ readonly said: string; readonly added?: AddedEntries } | undefined> {
  const name = shortPath(uri);
  for (;;) {
    const document = await openManifest(uri);
    if (!document) return { said: l10n.t('{0} cannot be opened as a text of this workspace.', name) };
    const before = document.getText();
    const edit = addIcons(before, icons, path);
    if (edit.kind !== 'changes') return { said: sentenceOf(edit, name) };
    const after = changed(before, edit.changes);
    const answer = await askInDiff(document, after, name);
    if (!answer) return undefined;
    if (document.getText() !== before) continue; // what was agreed to is not what would come of it: shown anew
    await vscode.window.showTextDocument(document, { preview: false });
    if (!(await apply(document, edit.changes)))
      return { said: l10n.t('The editor did not take the entries into {0}. Copy them instead.', name) };
    return {
      said: l10n.t('The entries are in {0}, which is not saved yet.', name),
      added: { uri, before, after: document.getText() },
    };
  }
}

/** Puts the text of a manifest back to what it was, unsaved, where nobody has changed it since. */
export async function takeEntriesOut({ uri, before, after }: AddedEntries): Promise<'out' | 'out-already' | 'changed'> {
  const document = await openManifest(uri);
  const text = document?.getText();
  if (text === before) return 'out-already';
  if (!document || text !== after) return 'changed';
  return (await apply(document, [{ offset: 0, length: text.length, text: before }])) ? 'out' : 'changed';
}

/** The document of a manifest; undefined for one that is too large, no text, or behind a link out of the workspace. */
async function openManifest(uri: vscode.Uri): Promise<vscode.TextDocument | undefined> {
  try {
    if ((await vscode.workspace.fs.stat(uri)).size > largestFile || !(await isInWorkspace(uri))) return undefined;
    return await vscode.workspace.openTextDocument(uri);
  } catch {
    return undefined; // the editor has its reasons; the entries can be copied
  }
}

function sentenceOf(edit: Exclude<ManifestEdit, { kind: 'changes' }>, name: string): string {
  switch (edit.kind) {
    case 'none':
      return l10n.t('{0} names these icons already.', name);
    case 'too-large':
      return l10n.t('{0} is too large to be edited here. Copy the entries instead.', name);
    case 'not-json':
      return l10n.t(
        '{0} cannot be read as JSON: line {1}, column {2} ({3}). Mend it and try again, or copy the entries.',
        name,
        edit.line,
        edit.column,
        edit.reason,
      );
    case 'no-list':
      return l10n.t(
        '{0} has no list of icons where one belongs: line {1}, column {2}. Mend it and try again, or copy the entries.',
        name,
        edit.line,
        edit.column,
      );
  }
}

const scheme = 'wan-image-manifest';

/** Shows a document beside a text that it could have, and asks whether it shall. */
async function askInDiff(document: vscode.TextDocument, after: string, name: string): Promise<boolean> {
  const proposed = document.uri.with({ scheme, authority: '', query: randomUUID(), fragment: '' });
  const provider = vscode.workspace.registerTextDocumentContentProvider(scheme, {
    provideTextDocumentContent: ({ query }) => (query === proposed.query ? after : undefined),
  });
  try {
    const title = l10n.t('{0}: icons to add', name);
    await vscode.commands.executeCommand('vscode.diff', document.uri, proposed, title, { preview: true });
    const apply = {
      label: l10n.t('$(check) Apply'),
      detail: l10n.t('The file is not saved, and Undo takes the entries back.'),
    };
    const leave = { label: l10n.t('$(close) Leave It as It Is') };
    // A message would be gone before the change was read.
    const options = { title: l10n.t('Add These Entries to {0}?', plainLabel(name)), ignoreFocusOut: true };
    return (await vscode.window.showQuickPick([apply, leave], options)) === apply;
  } finally {
    await closeDiff(proposed);
    provider.dispose();
  }
}

/** Closes the comparison, whose other side is gone with its question. */
async function closeDiff(proposed: vscode.Uri): Promise<void> {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  const shown = tabs.filter(
    ({ input }) => input instanceof vscode.TabInputTextDiff && input.modified.toString() === proposed.toString(),
  );
  if (shown.length > 0) await vscode.window.tabGroups.close(shown, true);
}

async function apply(document: vscode.TextDocument, changes: readonly TextChange[]): Promise<boolean> {
  const edit = new vscode.WorkspaceEdit();
  for (const { offset, length, text } of changes)
    edit.replace(
      document.uri,
      new vscode.Range(document.positionAt(offset), document.positionAt(offset + length)),
      text,
    );
  return vscode.workspace.applyEdit(edit);
}
