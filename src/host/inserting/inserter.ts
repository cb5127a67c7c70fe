import * as vscode from 'vscode';
import { Imports } from '../../core/references/imports.ts';
import { insertLanguages } from '../../core/references/languages.ts';
import { type Referenced, type ReferencedVariant, referenceIn } from '../../core/references/reference.ts';
import type { Sites } from '../site.ts';
import { DocumentPlace, fileOf } from './documentPlace.ts';
import { InsertError } from './insertError.ts';
import type { InsertTarget, TextRange } from './insertTarget.ts';
import { altFromSelection } from './reference.ts';

/** A picture in another size or format, as a file of its own. */
export interface SavedVariant extends Pick<ReferencedVariant, 'width' | 'type'> {
  readonly file: vscode.Uri;
}

/** A saved picture that a document is to refer to. */
export interface SavedPicture extends SavedVariant {
  readonly alt: string;
  /** Pixels. */
  readonly height: number;
  /** Without the picture itself. */
  readonly variants?: readonly SavedVariant[];
}

/**
 * Writes references to saved pictures at every cursor of a document and in the place of every selection, with what has to be
 * imported for them, as one step that Undo takes back. As many pictures as cursors are dealt out. Throws InsertError.
 */
export async function insertReferences(
  target: InsertTarget,
  pictures: readonly SavedPicture[],
  sites: Pick<Sites, 'siteOf'>,
): Promise<vscode.TextDocument> {
  const document = await openForWriting(target.document);
  const place = await DocumentPlace.of(document, sites);
  // From here on nothing waits, so that the text is the one that the references are written for.
  const { replacements, imported, alt } = writeReferences(place, rangesOf(target, document), pictures);
  const edit = new vscode.WorkspaceEdit();
  edit.set(document.uri, imported ? [imported, ...replacements] : replacements);
  const editor = target.isUntouched ? editorAt(target, document) : undefined;
  const start = replacements[0] && document.offsetAt(replacements[0].range.start);
  const shift = imported && start !== undefined && document.offsetAt(imported.range.start) <= start;
  if (!(await vscode.workspace.applyEdit(edit))) throw new InsertError('refused');
  if (alt && start !== undefined && editor?.document === document) {
    const at = start + (shift ? imported.newText.length : 0);
    editor.selection = new vscode.Selection(document.positionAt(at + alt.start), document.positionAt(at + alt.end));
  }
  return document;
}

/** References as they are to be written into a document. */
export interface WrittenReferences {
  readonly replacements: readonly vscode.TextEdit[];
  /** What has to be imported for them. */
  readonly imported?: vscode.TextEdit;
  /** Where the alternative text stands in the new text, if there is exactly one reference. */
  readonly alt?: TextRange;
}

/** Writes references for ranges of a document without touching it. Throws InsertError. */
export function writeReferences(
  place: DocumentPlace,
  ranges: readonly TextRange[],
  pictures: readonly SavedPicture[],
): WrittenReferences {
  const { document, language, text } = place;
  const imports = new Imports(text, insertLanguages[language]);
  const separator = language === 'markdown' || language === 'mdx' ? '\n\n' : '\n';
  const isDealt = ranges.length > 1 && ranges.length === pictures.length;
  const written = ranges.map(({ start, end }, index) => {
    const alt = altFromSelection(text.slice(start, end));
    const surroundings = { place: place.at(start), imports, before: text.slice(0, start) };
    const meant = isDealt ? pictures.slice(index, index + 1) : pictures;
    const references = meant.map((picture) => referenceIn(surroundings, referenced(picture, place, alt)));
    return { start, end, references, text: references.map((each) => each.text).join(separator) };
  });
  const addition = imports.addition();
  // An import cannot go into a text that is replaced.
  const covering = addition && written.find(({ start, end }) => start < addition.offset && addition.offset < end);
  const at = addition && document.positionAt(covering?.start ?? addition.offset);
  const replacements = written.map(({ start, end, text }) =>
    vscode.TextEdit.replace(new vscode.Range(document.positionAt(start), document.positionAt(end)), text),
  );
  const [only, ...more] = written.flatMap(({ references }) => references);
  const alt = more.length === 0 ? only?.alt : undefined;
  return {
    replacements,
    ...(addition && at && { imported: vscode.TextEdit.insert(at, addition.text) }),
    ...(alt && { alt }),
  };
}

function referenced(picture: SavedPicture, place: DocumentPlace, alt: string | undefined): Referenced {
  const { file, variants = [], ...facts } = picture;
  return {
    ...facts,
    ...place.locate(file),
    ...(alt !== undefined && { alt }),
    variants: variants.map(({ file, ...each }) => ({ ...each, ...place.locate(file) })),
  };
}

/** Inside the document, each once and in order; two that touch would be one to the editor. */
function rangesOf({ offset, ranges }: InsertTarget, document: vscode.TextDocument): TextRange[] {
  const { length } = document.getText();
  const inside = (at: number) => Math.min(Math.max(at, 0), length);
  const all = (ranges ?? [{ start: offset, end: offset }])
    .map(({ start, end }) => ({ start: inside(Math.min(start, end)), end: inside(Math.max(start, end)) }))
    .toSorted((one, other) => one.start - other.start);
  return all.filter(({ start }, index) => index === 0 || start > (all[index - 1]?.end ?? 0));
}

/** The editor whose cursor is still where the reference goes: what is written on there is meant for its place. */
function editorAt(target: InsertTarget, document: vscode.TextDocument): vscode.TextEditor | undefined {
  const [range, ...more] = target.ranges ?? [];
  if (!range || more.length > 0) return undefined;
  const wanted = new vscode.Range(document.positionAt(range.start), document.positionAt(range.end));
  return vscode.window.visibleTextEditors.find(
    (editor) => editor.document === document && editor.selection.isEqual(wanted),
  );
}

async function openForWriting(uri: vscode.Uri): Promise<vscode.TextDocument> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  const file = open ? fileOf(open) : uri;
  if (file && file.scheme !== 'untitled') await needWritable(file);
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
