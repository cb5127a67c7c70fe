import * as vscode from 'vscode';
import { isInsertLanguage } from '../../core/references/languages.ts';

/** A document and a place in it, in UTF-16 units from its start. */
export interface InsertTarget {
  readonly document: vscode.Uri;
  readonly offset: number;
  /** Every cursor and selection, which the references take the place of; that of `offset` alone where it is left out. */
  readonly ranges?: readonly TextRange[];
  /** Nobody has written in the document since, so that a selection may be left in it. */
  readonly isUntouched?: boolean;
}

/** A part of a text in UTF-16 units from its start; the end is exclusive. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** Where Insert would write now: the cursors of this editor, if its document takes references. */
export function targetIn(editor: vscode.TextEditor | undefined): InsertTarget | undefined {
  if (!editor || !isInsertLanguage(editor.document.languageId)) return undefined;
  if (vscode.workspace.fs.isWritableFileSystem(editor.document.uri.scheme) === false) return undefined;
  const { document, selection, selections } = editor;
  const ranges = selections.map((each) => ({ start: document.offsetAt(each.start), end: document.offsetAt(each.end) }));
  return { document: document.uri, offset: document.offsetAt(selection.active), ranges, isUntouched: true };
}

/**
 * Remembers the editor that the user was last in, since opening the studio takes the focus away from it. Forgets it when
 * its document is closed.
 */
export class LastEditor implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable[];
  #editor: vscode.TextEditor | undefined;

  constructor() {
    this.#editor = vscode.window.activeTextEditor;
    this.#subscriptions = [
      this.#changed,
      vscode.window.onDidChangeActiveTextEditor((editor) => this.#take(editor)),
      vscode.workspace.onDidCloseTextDocument((document) => {
        if (document === this.#editor?.document) this.#set(undefined);
      }),
    ];
  }

  /** Fires when `target` may be another one. */
  get onDidChange(): vscode.Event<void> {
    return this.#changed.event;
  }

  /** Where Insert would write now. The cursor is read at the moment of the call, so edits need no tracking. */
  get target(): InsertTarget | undefined {
    return targetIn(this.#editor);
  }

  /** The document that the user was last in, whatever it is; undefined where that is no document of theirs. */
  get document(): vscode.TextDocument | undefined {
    const document = this.#editor?.document;
    return document && ['output', 'debug'].includes(document.uri.scheme) ? undefined : document;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #take(editor: vscode.TextEditor | undefined): void {
    // No editor at all means that a panel, a picture or nothing has the focus: the last one is still meant.
    if (editor && editor !== this.#editor) this.#set(editor);
  }

  #set(editor: vscode.TextEditor | undefined): void {
    this.#editor = editor;
    this.#changed.fire();
  }
}
