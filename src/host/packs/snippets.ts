import { posix } from 'node:path';
import * as vscode from 'vscode';
import { headSnippet, type ManifestIcon, manifestIcons, pairSnippet } from '../../core/packs.ts';
import { InsertError } from '../inserting/insertError.ts';
import type { InsertTarget } from '../inserting/insertTarget.ts';
import type { ChosenFolder } from './folderChoice.ts';

/** A written file of a pack: its name there, and where it lies. */
export interface PackPlace {
  readonly name: string;
  readonly file: vscode.Uri;
}

/** What a page and a manifest have to say of files that were written. Empty where there is nothing. */
export interface Snippets {
  /** For a head, or for the place of the picture. */
  readonly markup: string;
  /** Entries of a manifest's `icons`. */
  readonly icons: readonly ManifestIcon[];
  /** A line of package.json. */
  readonly icon: string;
}

/** A light and a dark picture that were written. */
export interface WrittenPair {
  readonly light: vscode.Uri;
  readonly dark: vscode.Uri;
  readonly alt: string;
  readonly width: number;
  readonly height: number;
}

/**
 * @param manifest where the site has its manifest, if it has one
 * @param document where the markup is meant for: Markdown names pictures by the way to them, pages by that from the site's root
 */
export function snippetsOf(
  places: readonly PackPlace[],
  folder: ChosenFolder,
  manifest: string | undefined,
  pair: WrittenPair | undefined,
  document: vscode.TextDocument | undefined,
): Snippets {
  const inSite = (file: vscode.Uri): string => pathInSite(folder, file);
  const inDocument = (file: vscode.Uri): string =>
    document?.languageId === 'markdown' && !document.isUntitled
      ? posix.relative(posix.dirname(document.uri.path), file.path)
      : inSite(file);
  const files = places.map(({ name, file }) => ({ name, path: inSite(file) }));
  const icons = manifestIcons(files);
  const head = headSnippet(files, manifest);
  const picture = pair && pairSnippet({ ...pair, light: inDocument(pair.light), dark: inDocument(pair.dark) });
  const icon = places.find(({ name }) => name === 'icon.png');
  return {
    markup: [head, picture].filter(Boolean).join('\n'),
    icons,
    icon: icon ? `"icon": ${JSON.stringify([...folder.parts, posix.basename(icon.file.path)].join('/'))},` : '',
  };
}

/** Where a site has a file of a folder. */
export const pathInSite = ({ inSite }: ChosenFolder, file: vscode.Uri): string =>
  `${inSite}/${posix.basename(file.path)}`;

/** Writes lines at a place in a document, indented as its line is, as one step that Undo takes back. Throws InsertError. */
export async function insertLines(target: InsertTarget, lines: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument(target.document).then(undefined, (error: unknown) => {
    throw new InsertError('gone', { cause: error });
  });
  const position = document.positionAt(target.offset);
  const before = document.lineAt(position).text.slice(0, position.character);
  const indent = /^\s*/.exec(before)?.[0] ?? '';
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, position, lines.replaceAll('\n', `\n${indent}`));
  if (!(await vscode.workspace.applyEdit(edit))) throw new InsertError('refused');
}
