import * as vscode from 'vscode';
import { type FoundReference, referenceLanguages, referencesIn } from '../../core/foundReferences.ts';
import type { Sites } from '../site.ts';
import { PresentFiles } from './presentFiles.ts';
import { wantedFile } from './wantedFile.ts';

/** A reference of a document to a picture inside its workspace folder. */
export interface PictureReference {
  readonly found: FoundReference;
  /** Of the path in the document. */
  readonly range: vscode.Range;
  readonly file: vscode.Uri;
  readonly isMissing: boolean;
}

interface Seen {
  readonly version: number;
  readonly found: readonly FoundReference[];
}

/** What documents refer to. A document is looked through once for each of its versions, and nothing but documents is. */
export class PictureReferences implements vscode.Disposable {
  readonly #sites: Pick<Sites, 'siteOf'>;
  readonly #files = new PresentFiles();
  readonly #seen = new WeakMap<vscode.TextDocument, Seen>();

  constructor(sites: Pick<Sites, 'siteOf'>) {
    this.#sites = sites;
  }

  /** Fires when a picture may have come or gone. */
  get onDidChange(): vscode.Event<void> {
    return this.#files.onDidChange;
  }

  /** True for documents in which references are looked for. */
  isMeant({ languageId, uri }: vscode.TextDocument): boolean {
    return referenceLanguages.includes(languageId) && vscode.workspace.getWorkspaceFolder(uri) !== undefined;
  }

  /** Those of a document as it is now, in their order. */
  async of(document: vscode.TextDocument): Promise<PictureReference[]> {
    if (!this.isMeant(document)) return [];
    const references = this.#foundIn(document).map(async (found) => {
      const file = await wantedFile(document.uri, found.path, this.#sites);
      if (!file) return [];
      const range = new vscode.Range(document.positionAt(found.start), document.positionAt(found.end));
      return [{ found, range, file, isMissing: !(await this.#files.has(file)) }];
    });
    return (await Promise.all(references)).flat();
  }

  dispose(): void {
    this.#files.dispose();
  }

  #foundIn(document: vscode.TextDocument): readonly FoundReference[] {
    const { version, languageId } = document;
    const seen = this.#seen.get(document);
    if (seen?.version === version) return seen.found;
    const found = referencesIn(languageId, document.getText());
    this.#seen.set(document, { version, found });
    return found;
  }
}
