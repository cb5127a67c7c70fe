import { posix } from 'node:path';
import * as vscode from 'vscode';
import { destinationOf, fileNameOf, mostOfSetFile, type SetEntry, type SetFile } from '../../core/setFile.ts';
import { type LockedPicture, lockedIn, type SetLock } from '../../core/setLock.ts';
import { type FormerName, formerNames, type FormerPicture, renamesAmong } from '../../core/setRenames.ts';
import { type SetEntryState, type StandingPicture, stateOf } from '../../core/setState.ts';
import { standingPicture, wordsDigest } from '../../sets/digests.ts';
import { readSetFile, type SetReading } from '../../sets/reading.ts';
import { readStanding } from '../editing/standingFile.ts';
import { SaveError } from '../saving/saveError.ts';
import { lockOf, lockUriOf } from './lockFile.ts';

/** One picture of a set file, as it stands. */
export interface SetPicture {
  readonly entry: SetEntry;
  /** Its place in the file, from 0. */
  readonly index: number;
  readonly words: string;
  readonly file: vscode.Uri;
  readonly locked: LockedPicture | undefined;
  readonly standing: StandingPicture | undefined;
  readonly state: SetEntryState;
  /** The name that it had before, where that can be told. */
  readonly former?: FormerName;
}

/** A set file with its pictures. Without a `set`, its problems say why nothing can be made from it. */
export interface SetView {
  readonly uri: vscode.Uri;
  readonly reading: SetReading;
  readonly set: SetFile | undefined;
  readonly pictures: readonly SetPicture[];
  /** The name of the lock, where it cannot be read. */
  readonly badLock: string | undefined;
}

/** The pattern of set files. */
export const setFilePattern = '**/*.wanset.json';

export const isSetFile = (uri: vscode.Uri): boolean => /[^/]\.wanset\.json$/i.test(uri.path);

/** What stands in a picture's place. */
type Look = (file: vscode.Uri) => Promise<StandingPicture | undefined>;

/** The findings of an open set file. */
export function readSetDocument(document: vscode.TextDocument): SetReading {
  return readSetFile(document.getText(), folderOf(document.uri));
}

/**
 * Reads a set file with its lock and the pictures that are there.
 * @param shown the document that it is drawn for, whose places count; without it what is on the disk counts, or in an editor
 * that was not saved yet
 */
export async function viewSet(
  uri: vscode.Uri,
  isPractice: boolean,
  look: Look = standingAt,
  shown?: vscode.TextDocument,
): Promise<SetView> {
  const reading = readSetFile(shown?.getText() ?? (await textOf(uri)), folderOf(uri));
  const lock = await lockOf(uri);
  const badLock = lock ? undefined : posix.basename(lockUriOf(uri).path);
  const { set } = reading;
  const hasErrors = reading.problems.some(({ severity }) => severity === 'error');
  const home = vscode.workspace.getWorkspaceFolder(uri);
  const destination = set && destinationOf(set, folderOf(uri));
  if (!set || hasErrors || !lock || !home || !destination)
    return { uri, reading, set: undefined, pictures: [], badLock };
  const pictures: SetPicture[] = [];
  for (const [index, entry] of set.pictures.entries()) {
    const file = vscode.Uri.joinPath(home.uri, ...destination, fileNameOf(set, entry));
    pictures.push(await viewPicture(set, entry, index, file, lock, isPractice, look));
  }
  const former: FormerPicture[] = [];
  for (const [name, locked] of formerNames(set, lock, pictures)) {
    const file = vscode.Uri.joinPath(home.uri, ...destination, fileNameOf(set, { name }));
    former.push({ name, locked, standing: await look(file) });
  }
  return { uri, reading, set, pictures: withFormer(pictures, former, isPractice), badLock };
}

function withFormer(
  pictures: readonly SetPicture[],
  former: readonly FormerPicture[],
  isPractice: boolean,
): SetPicture[] {
  const named = pictures.map(({ entry: { name }, words, locked, standing }) => ({ name, words, locked, standing }));
  const renames = renamesAmong(named, former, isPractice);
  return pictures.map((picture) => {
    const known = renames.get(picture.entry.name);
    if (!known) return picture;
    return { ...picture, former: known, state: known.kind === 'renamed' ? 'renamed' : picture.state };
  });
}

async function viewPicture(
  set: SetFile,
  entry: SetEntry,
  index: number,
  file: vscode.Uri,
  lock: SetLock,
  isPractice: boolean,
  look: Look,
): Promise<SetPicture> {
  const words = wordsDigest(set, entry);
  const locked = lockedIn(lock, entry.name);
  const standing = await look(file);
  return { entry, index, words, file, locked, standing, state: stateOf(words, locked, standing, isPractice) };
}

/** More than any picture has that was made here, in bytes. */
const largestPicture = 256 * 1024 * 1024;
const notOurs: StandingPicture = { sha256: '', isPlaceholder: false };

/** What stands in a picture's place. What cannot be read, such as a link out of the workspace, is nothing of ours. */
export async function standingAt(file: vscode.Uri): Promise<StandingPicture | undefined> {
  try {
    if ((await sizeOf(file)) > largestPicture) return notOurs;
    const bytes = await readStanding(file);
    return bytes && standingPicture(bytes);
  } catch (error) {
    if (error instanceof SaveError) return notOurs;
    throw error;
  }
}

/** Looks at files again only where their time or size is another: for what is drawn at each key press. */
export class StandingMemory {
  readonly #known = new Map<string, { readonly mark: string; readonly standing: StandingPicture | undefined }>();

  readonly look: Look = async (file) => {
    const mark = await markOf(file);
    const known = this.#known.get(file.toString());
    if (known?.mark === mark) return known.standing;
    const standing = await standingAt(file);
    if (this.#known.size > 2 * mostOfSetFile.pictures) this.#known.clear();
    this.#known.set(file.toString(), { mark, standing });
    return standing;
  };
}

const markOf = (file: vscode.Uri): Thenable<string> =>
  vscode.workspace.fs.stat(file).then(
    ({ mtime, size }) => `${mtime} ${size}`,
    () => 'none',
  );

const sizeOf = (file: vscode.Uri): Thenable<number> =>
  vscode.workspace.fs.stat(file).then(
    ({ size }) => size,
    () => 0, // whoever reads it says why it cannot be read
  );

async function textOf(uri: vscode.Uri): Promise<string> {
  const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri.toString());
  // One that was not changed here may be behind what another program has just written.
  if (document?.isDirty) return document.getText();
  const { size } = await vscode.workspace.fs.stat(uri);
  // Four bytes are the most that a sign of a text takes. One that is longer for certain is not read to say so.
  if (size > 4 * mostOfSetFile.text) return ' '.repeat(mostOfSetFile.text + 1);
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
}

/** The folder of a set file, as names from its workspace folder on. */
function folderOf(uri: vscode.Uri): string[] {
  const home = vscode.workspace.getWorkspaceFolder(uri);
  const way = home ? posix.relative(home.uri.path, posix.dirname(uri.path)) : '';
  return way === '' ? [] : way.split('/');
}
