import * as vscode from 'vscode';
import { copiedPicturesType, idsOfCopied } from '../../core/copiedPictures.ts';
import { insertLanguages } from '../../core/references/languages.ts';
import type { Log } from '../log.ts';
import { titleOf, withImports } from './dropping.ts';
import type { DroppedReference } from './droppedPictures.ts';

const kind = vscode.DocumentDropOrPasteEditKind.Empty.append('wanImage', 'copied');

/** What is written where pictures were pasted: plain text, as VS Code writes nothing of a snippet that comes so late. */
export type CopiedReference = DroppedReference & { readonly text: string };

/** Saves copied pictures if need be and writes references to them; undefined, after the user was told, where that cannot be. */
export type WriteCopied = (
  document: vscode.TextDocument,
  range: vscode.Range,
  ids: readonly string[],
) => Promise<CopiedReference | undefined>;

/** A paste of pictures that the studio copied. */
class CopiedEdit extends vscode.DocumentPasteEdit {
  readonly document: vscode.TextDocument;
  readonly range: vscode.Range;
  readonly ids: readonly string[];

  constructor(document: vscode.TextDocument, range: vscode.Range, ids: readonly string[]) {
    super('', titleOf(), kind);
    this.document = document;
    this.range = range;
    this.ids = ids;
  }
}

/** Takes pictures that were copied in the studio into documents, as references in their language. */
export class CopiedPictures implements vscode.DocumentPasteEditProvider<CopiedEdit> {
  readonly #load: () => Promise<WriteCopied>;
  readonly #log: Log;

  constructor(load: () => Promise<WriteCopied>, log: Log) {
    this.#load = load;
    this.#log = log;
  }

  async provideDocumentPasteEdits(
    document: vscode.TextDocument,
    [range]: readonly vscode.Range[],
    data: vscode.DataTransfer,
  ): Promise<CopiedEdit[] | undefined> {
    const ids = idsOfCopied((await data.get(copiedPicturesType)?.asString()) ?? '');
    return range && ids.length > 0 ? [new CopiedEdit(document, range, ids)] : undefined;
  }

  /** A file is written only now that the user has chosen this way of pasting. */
  async resolveDocumentPasteEdit(edit: CopiedEdit, token: vscode.CancellationToken): Promise<CopiedEdit> {
    const written = token.isCancellationRequested ? undefined : await this.#write(edit);
    // Anything else would take what is selected away, or be told a second time.
    if (!written) throw new vscode.CancellationError();
    edit.insertText = written.text;
    return withImports(edit, edit.document, written);
  }

  async #write({ document, range, ids }: CopiedEdit): Promise<CopiedReference | undefined> {
    try {
      return await (
        await this.#load()
      )(document, range, ids);
    } catch (error) {
      this.#log.error('A copied picture could not be pasted.', error);
      throw error;
    }
  }
}

/** Lets pictures of the studio be pasted wherever Insert can write. */
export function registerCopiedPictures(load: () => Promise<WriteCopied>, log: Log): vscode.Disposable {
  return vscode.languages.registerDocumentPasteEditProvider(
    Object.keys(insertLanguages),
    new CopiedPictures(load, log),
    { providedPasteEditKinds: [kind], pasteMimeTypes: [copiedPicturesType] },
  );
}
