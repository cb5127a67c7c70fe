import { posix } from 'node:path';
import type * as vscode from 'vscode';
import { type FoundReference, headingAbove, referencesIn } from '../../core/foundReferences.ts';
import { requestForMissing } from '../../core/missingPicture.ts';
import type { ImageRequest } from '../../core/request.ts';
import type { Sites } from '../site.ts';
import { wantedFile } from './wantedFile.ts';

/** A document, open or not. */
export interface Page {
  readonly uri: vscode.Uri;
  readonly languageId: string;
  readonly text: string;
}

/** A document as it is in the editor, saved or not. */
export const pageOf = (document: vscode.TextDocument): Page => ({
  uri: document.uri,
  languageId: document.languageId,
  text: document.getText(),
});

/** A picture that a document refers to and that is to be made, and the request for it. */
export interface Wanted {
  readonly file: vscode.Uri;
  readonly request: ImageRequest;
  /** The sha256 of the placeholder that it takes the place of; left out where there is none. */
  readonly replaces?: string;
}

export interface WantedParts {
  readonly sites: Pick<Sites, 'siteOf'>;
  readonly startingRequest: () => ImageRequest;
}

/** The pictures of a document that are wanted, each file once, in the order in which they stand; with an offset only what is named there. */
export async function wantedIn(
  { uri, languageId, text }: Page,
  offset: number | undefined,
  { sites, startingRequest }: WantedParts,
  isWanted: (file: vscode.Uri) => Promise<boolean>,
): Promise<Wanted[]> {
  const wanted = new Map<string, Wanted>();
  for (const found of referencesIn(languageId, text)) {
    if (offset !== undefined && (offset < found.start || offset > found.end)) continue;
    const file = await wantedFile(uri, found.path, sites);
    if (!file || wanted.has(file.toString()) || !(await isWanted(file))) continue;
    wanted.set(file.toString(), { file, request: requestFor(languageId, text, found, file, startingRequest()) });
  }
  return [...wanted.values()];
}

function requestFor(
  languageId: string,
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
