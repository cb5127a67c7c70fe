import { type FileHandle, open, readFile, stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import { planPreparation, type SourceFacts } from '../../core/preparation.ts';
import { sourceOfFile } from '../../pixels/byteSource.ts';
import type { Pixels } from '../../pixels/client.ts';
import { factsOfHeader } from '../../pixels/facts.ts';
import { readHeader } from '../../pixels/header.ts';
import { PixelError } from '../../pixels/pixelError.ts';
import { isEngineFormat, sourceFormatOf } from '../../pixels/sourceFormat.ts';
import { codeOf } from '../saving/saveError.ts';
import { SourceError } from './sourceError.ts';

/** A file of more bytes than this is not read: no format that is sent needs them, and they have to fit into memory several times. */
const mostBytes = 256 * 1024 * 1024;

/** What is known of a picture file without decoding it. */
export interface Described {
  readonly facts: SourceFacts;
  /** Another one after the file was written to. */
  readonly stamp: string;
}

/** The whole of a picture file. Throws SourceError or the file system's own error. */
export async function readPictureFile(uri: vscode.Uri, place: string): Promise<Uint8Array> {
  await statPicture(uri, place);
  return uri.scheme === 'file' ? readFile(uri.fsPath) : vscode.workspace.fs.readFile(uri);
}

/** Something that changes when the file is written to. Throws as `readPictureFile`. */
export async function stampOf(uri: vscode.Uri, place: string): Promise<string> {
  const { size, changedAt } = await statPicture(uri, place);
  return `${size}-${changedAt}`;
}

/**
 * Says what picture a file holds: from a few KB where it is on this machine's disk and has a header of its own, else from
 * the whole. Throws SourceError, PixelError or the file system's own error.
 */
export async function describePicture(
  uri: vscode.Uri,
  place: string,
  pixels: Pick<Pixels, 'describe'>,
): Promise<Described> {
  const stamp = await stampOf(uri, place);
  const facts =
    uri.scheme === 'file'
      ? await describeOnDisk(uri.fsPath, pixels)
      : await pixels.describe(await readPictureFile(uri, place), { give: true });
  needPlan(facts, place);
  return { facts, stamp };
}

/** The same for a file that may be none; undefined where nothing can be said. */
export async function describeIfPicture(
  uri: vscode.Uri,
  pixels: Pick<Pixels, 'describe'>,
): Promise<SourceFacts | undefined> {
  try {
    return (await describePicture(uri, '', pixels)).facts;
  } catch (error) {
    if (error instanceof SourceError || error instanceof PixelError || codeOf(error) !== undefined) return undefined;
    throw error;
  }
}

/** Throws SourceError where no preparation can make the picture acceptable. */
export function needPlan(facts: SourceFacts, place: string): void {
  const plan = planPreparation(facts);
  if (plan.kind === 'refused') throw new SourceError(plan.reason === 'too-long' ? 'too-long' : 'too-large', place);
}

async function describeOnDisk(file: string, pixels: Pick<Pixels, 'describe'>): Promise<SourceFacts> {
  const handle = await open(file, 'r');
  try {
    return await describeOpened(handle, pixels);
  } finally {
    await handle.close();
  }
}

async function describeOpened(handle: FileHandle, pixels: Pick<Pixels, 'describe'>): Promise<SourceFacts> {
  const source = await sourceOfFile(handle);
  if (isEngineFormat(sourceFormatOf(await source.read(0, 4096))))
    return pixels.describe(await source.read(0, source.size), { give: true });
  return factsOfHeader(await readHeader(source), source.size);
}

/** Looks before anything is opened: opening a pipe would wait for ever. */
async function statPicture(uri: vscode.Uri, place: string): Promise<{ size: number; changedAt: number }> {
  const { isFile, size, changedAt } = uri.scheme === 'file' ? await statOnDisk(uri.fsPath) : await statElsewhere(uri);
  if (!isFile) throw new SourceError('not-a-picture', place);
  if (size === 0) throw new SourceError('empty', place);
  if (size > mostBytes) throw new SourceError('too-large', place);
  return { size, changedAt };
}

async function statOnDisk(file: string) {
  const found = await stat(file);
  return { isFile: found.isFile(), size: found.size, changedAt: found.mtimeMs };
}

async function statElsewhere(uri: vscode.Uri) {
  const { type, size, mtime } = await vscode.workspace.fs.stat(uri);
  return { isFile: (type & vscode.FileType.Directory) === 0, size, changedAt: mtime };
}
