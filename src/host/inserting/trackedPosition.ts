import * as vscode from 'vscode';
import { moveOffset } from './trackedOffset.ts';

/** A place in a document that stays with the text around it while the document is edited, renamed or saved under a name. */
export class TrackedPosition implements vscode.Disposable {
  readonly #subscriptions: vscode.Disposable[];
  #document: vscode.Uri;
  #offset: number;

  constructor(document: vscode.Uri, offset: number) {
    this.#document = document;
    this.#offset = offset;
    this.#subscriptions = [
      vscode.workspace.onDidChangeTextDocument((event) => {
        if (event.document.uri.toString() === this.#document.toString())
          this.#offset = moveOffset(this.#offset, event.contentChanges);
      }),
      vscode.workspace.onDidRenameFiles(({ files }) => {
        const renamed = files.find((file) => file.oldUri.toString() === this.#document.toString());
        if (renamed) this.#document = renamed.newUri;
      }),
    ];
  }

  get document(): vscode.Uri {
    return this.#document;
  }

  /** In UTF-16 units from the start of the document. */
  get offset(): number {
    return this.#offset;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}
