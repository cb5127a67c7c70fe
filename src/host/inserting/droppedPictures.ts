import { posix } from 'node:path';
import * as vscode from 'vscode';
import type { SourceFacts } from '../../core/preparation.ts';
import type { Sites } from '../site.ts';
import { DocumentPlace } from './documentPlace.ts';
import { InsertError } from './insertError.ts';
import { type SavedPicture, writeReferences, type WrittenReferences } from './inserter.ts';
import { altFromName } from './reference.ts';

/** What is written where pictures were dropped, with the alternative text to be corrected at once. */
export interface DroppedReference extends Pick<WrittenReferences, 'imported'> {
  readonly text: string | vscode.SnippetString;
}

interface Parts {
  readonly sites: Pick<Sites, 'siteOf'>;
  /** What picture a file holds; undefined where it holds none that can be read. */
  readonly describe: (file: vscode.Uri) => Promise<Pick<SourceFacts, 'width' | 'height' | 'format'> | undefined>;
}

/** Writes references to files that were dropped into a document; undefined where they cannot be referred to from there. */
export async function writeDropped(
  document: vscode.TextDocument,
  ranges: readonly vscode.Range[],
  files: readonly vscode.Uri[],
  { sites, describe }: Parts,
): Promise<DroppedReference | undefined> {
  const found = await Promise.all(files.map(async (file) => pictureOf(file, await describe(file))));
  const pictures = found.filter((picture) => picture !== undefined);
  const [range] = ranges;
  if (pictures.length < files.length || !range) return undefined;
  try {
    const { alt, ...written } = await writeAt(document, range, pictures, sites);
    return { ...written, text: alt ? snippetOf(written.text, alt) : written.text };
  } catch (error) {
    if (error instanceof InsertError) return undefined;
    throw error;
  }
}

/** What the editor is to write in a range, which does it at each of its cursors. Throws InsertError. */
export async function writeAt(
  document: vscode.TextDocument,
  range: vscode.Range,
  pictures: readonly SavedPicture[],
  sites: Pick<Sites, 'siteOf'>,
): Promise<Omit<WrittenReferences, 'replacements'> & { readonly text: string }> {
  const at = { start: document.offsetAt(range.start), end: document.offsetAt(range.end) };
  const place = await DocumentPlace.of(document, sites);
  const { replacements, ...rest } = writeReferences(place, [at], pictures);
  return { ...rest, text: replacements[0]?.newText ?? '' };
}

function pictureOf(file: vscode.Uri, facts: Awaited<ReturnType<Parts['describe']>>): SavedPicture | undefined {
  if (!facts) return undefined;
  const { width, height, format } = facts;
  return { file, alt: altFromName(posix.basename(file.path)), width, height, type: `image/${format}` };
}

function snippetOf(text: string, { start, end }: NonNullable<WrittenReferences['alt']>): vscode.SnippetString {
  return new vscode.SnippetString()
    .appendText(text.slice(0, start))
    .appendPlaceholder((words) => words.appendText(text.slice(start, end)))
    .appendText(text.slice(end));
}
