import * as vscode from 'vscode';
import { l10n } from 'vscode';
import type { Log } from '../log.ts';
import type { DroppedReference } from './droppedPictures.ts';

/** Where a dropped or pasted picture becomes a reference: VS Code does that itself in Markdown and style sheets. */
const languages = ['html', 'mdx', 'javascriptreact', 'typescriptreact', 'vue', 'svelte', 'astro'];
const kind = vscode.DocumentDropOrPasteEditKind.Empty.append('wanImage', 'reference');
const pictureName = /\.(?:png|jpe?g|webp|gif|avif|svg|bmp)$/i;
/** More at once are not meant to be shown. */
const mostFiles = 20;
const list = 'text/uri-list';

/** Makes the references; loaded when pictures are dropped for the first time. */
export type WriteDropped = (
  document: vscode.TextDocument,
  ranges: readonly vscode.Range[],
  files: readonly vscode.Uri[],
) => Promise<DroppedReference | undefined>;

/** Lets pictures of the Explorer be dropped and pasted into documents as references to them. */
export function registerPictureDrops(load: () => Promise<WriteDropped>, log: Log): vscode.Disposable {
  const write = async (
    document: vscode.TextDocument,
    ranges: readonly vscode.Range[],
    data: vscode.DataTransfer,
    token: vscode.CancellationToken,
  ): Promise<DroppedReference | undefined> => {
    const files = picturesIn((await data.get(list)?.asString()) ?? '');
    if (files.length === 0 || token.isCancellationRequested) return undefined;
    try {
      return await (
        await load()
      )(document, ranges, files);
    } catch (error) {
      // The editor's own ways are still offered.
      log.error('A dropped picture could not be looked at.', error);
      return undefined;
    }
  };
  return vscode.Disposable.from(
    vscode.languages.registerDocumentDropEditProvider(
      languages,
      {
        provideDocumentDropEdits: async (document, position, data, token) => {
          const written = await write(document, [new vscode.Range(position, position)], data, token);
          if (!written) return undefined;
          const edit = new vscode.DocumentDropEdit(written.text, titleOf(), kind);
          return withImports(edit, document, written);
        },
      },
      { providedDropEditKinds: [kind], dropMimeTypes: [list] },
    ),
    vscode.languages.registerDocumentPasteEditProvider(
      languages,
      {
        provideDocumentPasteEdits: async (document, ranges, data, _context, token) => {
          const written = await write(document, ranges, data, token);
          if (!written) return undefined;
          return [withImports(new vscode.DocumentPasteEdit(written.text, titleOf(), kind), document, written)];
        },
      },
      { providedPasteEditKinds: [kind], pasteMimeTypes: [list] },
    ),
  );
}

export const titleOf = (): string => l10n.t('Insert Picture');

export function withImports<Edit extends { additionalEdit?: vscode.WorkspaceEdit }>(
  edit: Edit,
  document: vscode.TextDocument,
  { imported }: DroppedReference,
): Edit {
  if (!imported) return edit;
  edit.additionalEdit = new vscode.WorkspaceEdit();
  edit.additionalEdit.set(document.uri, [imported]);
  return edit;
}

/** The files of a list of addresses, if all of them are called like pictures. */
function picturesIn(text: string): vscode.Uri[] {
  const lines = text.split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('#'));
  const uris = lines.slice(0, mostFiles + 1).map((line) => vscode.Uri.parse(line));
  return uris.length <= mostFiles && uris.every(({ path }) => pictureName.test(path)) ? uris : [];
}
