import * as vscode from 'vscode';
import type { InsertTarget, TextRange } from './insertTarget.ts';
import { moveOffset } from './trackedOffset.ts';

/** Places in a document that stay with the text around them while the document is edited, renamed or saved under a name. */
export class TrackedPosition implements InsertTarget, vscode.Disposable {
  readonly #subscriptions: vscode.Disposable[];
  #document: vscode.Uri;
  #offset: number;
  #ranges: readonly TextRange[];
  #isUntouched = true;

  constructor({ document, offset, ranges = [{ start: offset, end: offset }] }: InsertTarget) {
    this.#document = document;
    this.#offset = offset;
    this.#ranges = ranges;
    this.#subscriptions = [
      vscode.workspace.onDidChangeTextDocument((event) => {
        if (event.document.uri.toString() === this.#document.toString()) this.#follow(event.contentChanges);
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

  get ranges(): readonly TextRange[] {
    return this.#ranges;
  }

  get isUntouched(): boolean {
    return this.#isUntouched;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #follow(changes: readonly vscode.TextDocumentContentChangeEvent[]): void {
    if (changes.length === 0) return;
    this.#isUntouched = false;
    this.#offset = moveOffset(this.#offset, changes);
    this.#ranges = this.#ranges.map(({ start, end }) => ({
      start: moveOffset(start, changes),
      end: moveOffset(end, changes),
    }));
  }
}
