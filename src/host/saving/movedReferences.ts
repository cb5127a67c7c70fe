import { posix } from 'node:path';
import * as vscode from 'vscode';
import { referencesIn } from '../../core/foundReferences.ts';
import { wantedFile } from '../missing/wantedFile.ts';
import type { Sites } from '../site.ts';

/**
 * Writes another file of the same folder into what a document says of one, as a step of the editor that Undo takes back. False
 * where the document names the file nowhere, or in a way that cannot be changed; then it is as it was.
 */
export async function moveReferences(
  uri: vscode.Uri,
  from: vscode.Uri,
  to: vscode.Uri,
  sites: Pick<Sites, 'siteOf'>,
): Promise<boolean> {
  const document = await vscode.workspace.openTextDocument(uri).then(undefined, () => undefined);
  if (!document) return false;
  const { version } = document;
  const text = document.getText();
  const edit = new vscode.WorkspaceEdit();
  const [former, next] = [posix.basename(from.path), posix.basename(to.path)];
  let [rest, at] = ['', 0];
  for (const { start, end, path } of referencesIn(document.languageId, text)) {
    if ((await wantedFile(uri, path, sites))?.toString() !== from.toString()) continue;
    const name = renamed(text.slice(start, end), former, next);
    if (name === undefined) return false;
    rest += text.slice(at, start);
    at = end;
    edit.replace(uri, new vscode.Range(document.positionAt(start), document.positionAt(end)), name);
  }
  // A list of several widths, a template or a program may name it where nobody looks.
  if (`${rest}${text.slice(at)}`.includes(former)) return false;
  return edit.size > 0 && document.version === version && (await vscode.workspace.applyEdit(edit));
}

/**
 * An address as a document writes it, with escapes of its own, of the other file. Only the end of a name is another one, a
 * number and its format, and those are written everywhere as they are.
 */
function renamed(written: string, from: string, to: string): string | undefined {
  let same = 0;
  while (same < from.length && from[same] === to[same]) same++;
  const [gone, come] = [from.slice(same), to.slice(same)];
  const isPlain = [gone, come].every((end) => /^[a-z\d.-]+$/i.test(end));
  return isPlain && written.endsWith(gone) ? written.slice(0, written.length - gone.length) + come : undefined;
}
