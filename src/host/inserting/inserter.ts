import { posix } from 'node:path';
import * as vscode from 'vscode';
import { InsertError } from './insertError.ts';
import type { InsertTarget } from './insertTarget.ts';
import { isInsertLanguage, referenceIn, relativePath } from './reference.ts';

/** A saved picture that a document is to refer to. */
export interface SavedPicture {
  readonly file: vscode.Uri;
  readonly alt: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

/** Writes references to saved pictures into a document, as one step that Undo takes back. Throws InsertError. */
export async function insertReferences(
  target: InsertTarget,
  pictures: readonly SavedPicture[],
): Promise<vscode.TextDocument> {
  const document = await openForWriting(target.document);
  const { languageId } = document;
  if (!isInsertLanguage(languageId)) throw new InsertError('language');
  const references = pictures.map((picture) =>
    referenceIn(languageId, { ...picture, path: pathFrom(document, picture.file) }),
  );
  const separator = languageId === 'markdown' ? '\n\n' : '\n';
  const edit = new vscode.WorkspaceEdit();
  // positionAt brings an offset past the end to the end.
  edit.insert(document.uri, document.positionAt(target.offset), references.join(separator));
  if (!(await vscode.workspace.applyEdit(edit))) throw new InsertError('refused');
  return document;
}

async function openForWriting(uri: vscode.Uri): Promise<vscode.TextDocument> {
  if (uri.scheme !== 'untitled') await needWritable(uri);
  try {
    return await vscode.workspace.openTextDocument(uri);
  } catch (error) {
    throw new InsertError('gone', { cause: error });
  }
}

async function needWritable(uri: vscode.Uri): Promise<void> {
  if (vscode.workspace.fs.isWritableFileSystem(uri.scheme) === false) throw new InsertError('read-only');
  let permissions: vscode.FilePermission | undefined;
  try {
    ({ permissions } = await vscode.workspace.fs.stat(uri));
  } catch (error) {
    throw new InsertError('gone', { cause: error });
  }
  if (permissions !== undefined && permissions & vscode.FilePermission.Readonly) throw new InsertError('read-only');
}

/** From the document's folder; from the workspace folder for a document that is not saved yet. */
function pathFrom(document: vscode.TextDocument, file: vscode.Uri): string {
  const base = document.isUntitled
    ? (vscode.workspace.getWorkspaceFolder(file)?.uri ?? vscode.Uri.joinPath(file, '..'))
    : document.uri;
  if (base.scheme !== file.scheme || base.authority !== file.authority || driveOf(base) !== driveOf(file))
    throw new InsertError('elsewhere');
  return relativePath(document.isUntitled ? base.path : posix.dirname(base.path), file.path);
}

const driveOf = (uri: vscode.Uri): string | undefined => /^\/([A-Za-z]):/.exec(uri.path)?.[1]?.toLowerCase();
