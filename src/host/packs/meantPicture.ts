import { posix } from 'node:path';
import type * as vscode from 'vscode';
import { readPictureFile } from '../editing/pictureFile.ts';
import { asSourceError } from '../editing/sourceError.ts';
import { isInWorkspace } from '../editing/places.ts';
import { shortPath } from '../results.ts';

/** A picture that something is made of. */
export interface MeantPicture {
  readonly bytes: Uint8Array;
  /** What it is called, without an extension: files that are made of it are named after it. */
  readonly name: string;
  /** As the user knows it. */
  readonly place: string;
  /** Of a file in the workspace: others can be put beside it. */
  readonly file: vscode.Uri | undefined;
  /** Of a result. */
  readonly resultId: string | undefined;
}

/** Reads a file. `shown` is what the user knows it by, where that is not its path. Throws SourceError. */
export async function readMeant(file: vscode.Uri, shown?: string, resultId?: string): Promise<MeantPicture> {
  const place = shown ?? shortPath(file);
  try {
    const bytes = await readPictureFile(file, place);
    const base = posix.basename(shown ?? file.path);
    const name = posix.basename(base, posix.extname(base));
    return { bytes, name, place, file: (await isInWorkspace(file)) ? file : undefined, resultId };
  } catch (error) {
    throw asSourceError(error, place);
  }
}
