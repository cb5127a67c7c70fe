import { posix } from 'node:path';
import * as vscode from 'vscode';
import { l10n } from 'vscode';
import { expectedSize } from '../../core/size.ts';
import type { Log } from '../log.ts';
import { plainText } from '../plainText.ts';
import { formatOfTarget } from '../saving/fixedTarget.ts';
import { type PlaceholderParts, writePlaceholder } from '../saving/placeholderFile.ts';
import { SaveError } from '../saving/saveError.ts';
import { tellUnsaved, type UnsavedPicture } from '../telling.ts';
import { generateSeveral, type MissingParts, withoutThoseUnderWay } from './generateMissing.ts';
import type { WindowTeller } from '../windowTeller.ts';
import { isThere } from './presentFiles.ts';
import { type Page, pageOf, type Wanted, wantedIn } from './wantedPictures.ts';

/** What documents are in, by how their names end. */
const languageOf: Readonly<Record<string, string>> = {
  '.md': 'markdown',
  '.markdown': 'markdown',
  '.mdx': 'mdx',
  '.html': 'html',
  '.htm': 'html',
  '.vue': 'vue',
  '.svelte': 'svelte',
  '.astro': 'astro',
  '.js': 'javascript',
  '.jsx': 'javascriptreact',
  '.ts': 'typescript',
  '.tsx': 'typescriptreact',
  '.css': 'css',
  '.scss': 'scss',
  '.less': 'less',
};

/** How many documents of a workspace are looked through. */
const mostPages = 5_000;
/** No page is longer, in bytes; what is, is data. */
const longestPage = 2_000_000;

/**
 * Draws free placeholders for the pictures that a document refers to and that do not exist, as exactly those files, each of
 * the size that its picture will have.
 */
export async function fillMissing(
  document: vscode.TextDocument,
  parts: MissingParts & PlaceholderParts & { readonly teller: Pick<WindowTeller, 'tellSaved'>; readonly log: Log },
): Promise<void> {
  const { teller, log } = parts;
  const wanted = await wantedIn(pageOf(document), undefined, parts, async (file) => !(await isThere(file)));
  const free = await withoutThoseUnderWay(wanted, parts);
  const files: vscode.Uri[] = [];
  const failed: UnsavedPicture[] = [];
  for (const { file, request } of free) {
    const label = posix.basename(file.path);
    try {
      const format = formatOfTarget(file);
      const size = expectedSize(request, undefined);
      // References are found by these formats, and a request of words alone always has a size.
      if (!size || !format) throw new Error(`There is no placeholder for ${label}.`);
      await writePlaceholder(file, { size, label: label.replace(/\.[^.]*$/, ''), format }, parts);
      files.push(file);
    } catch (error) {
      if (!(error instanceof SaveError)) throw error;
      log.error(`A placeholder was not written: ${error.kind}.`, error.cause);
      failed.push({ id: '', name: label, kind: error.kind, place: error.place });
    }
  }
  const name = plainText(vscode.workspace.asRelativePath(document.uri));
  if (free.length === 0) {
    const text = l10n.t('No picture is missing in {0} that is not being made already.', name);
    return teller.tell({ severity: 'info', text, actions: [] });
  }
  // There is nothing of it in the studio that could be saved elsewhere.
  const unsaved =
    failed.length > 0 &&
    teller.tell({ ...tellUnsaved(failed, free.length), actions: ['show-log'] as const, unsaved: [] });
  await Promise.all([teller.tellSaved(files), unsaved]);
}

/**
 * Makes placeholders real that documents of the workspace refer to: those that the user picks, each a job of its own, from
 * the words that stand there now.
 * @param placeholders the sha256 of each, by its URI
 * @returns how many a document refers to; undefined where the user wants none of them
 */
export async function makePagesReal(
  placeholders: ReadonlyMap<string, string>,
  parts: MissingParts,
): Promise<number | undefined> {
  if (placeholders.size === 0) return 0;
  const wanted = new Map<string, Wanted>();
  for await (const page of pages()) {
    const found = await wantedIn(page, undefined, parts, async (file) => placeholders.has(file.toString()));
    for (const one of found) {
      const key = one.file.toString();
      const replaces = placeholders.get(key);
      if (replaces !== undefined && !wanted.has(key)) wanted.set(key, { ...one, replaces });
    }
  }
  const free = await withoutThoseUnderWay([...wanted.values()], parts);
  if (free.length === 0) return 0;
  return (await generateSeveral(free, parts)) ? free.length : undefined;
}

/** The documents of the workspace in which references are found, as they are on the screen. */
async function* pages(): AsyncGenerator<Page> {
  const ends = Object.keys(languageOf).map((end) => end.slice(1));
  const files = await vscode.workspace.findFiles(`**/*.{${ends.join(',')}}`, '**/node_modules/**', mostPages);
  const open = new Map(vscode.workspace.textDocuments.map((document) => [document.uri.toString(), document]));
  for (const uri of files.toSorted((one, other) => (one.path < other.path ? -1 : 1))) {
    const document = open.get(uri.toString());
    const page = document ? pageOf(document) : await closedPage(uri);
    if (page) yield page;
  }
}

/** Undefined where it is too long, or is gone by now. */
async function closedPage(uri: vscode.Uri): Promise<Page | undefined> {
  const languageId = languageOf[posix.extname(uri.path).toLowerCase()];
  try {
    if (languageId === undefined || (await vscode.workspace.fs.stat(uri)).size > longestPage) return undefined;
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    return { uri, languageId, text };
  } catch (error) {
    if (error instanceof vscode.FileSystemError) return undefined;
    throw error;
  }
}
