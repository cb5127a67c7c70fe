import { setTimeout as pause } from 'node:timers/promises';
import * as vscode from 'vscode';
import { l10n } from 'vscode';
import { plainText } from '../plainText.ts';
import type { PictureReferences } from './pictureReferences.ts';

/** What our diagnostics are known by. */
export const missingCode = 'missing-picture';
/** How long a document must rest before it is looked through, in milliseconds. */
const restMs = 400;

interface Parts {
  readonly references: PictureReferences;
  /** Whether the user wants to be told in this document. */
  readonly isWanted: (document: vscode.TextDocument) => boolean;
  readonly onDidChangeWish: vscode.Event<void>;
  readonly failed: (error: unknown) => void;
}

/**
 * Marks references to pictures that do not exist in the documents that are open. Markdown is left to VS Code's own check of
 * links, which is the user's to switch on.
 */
export class MissingDiagnostics implements vscode.Disposable {
  readonly #parts: Parts;
  readonly #collection = vscode.languages.createDiagnosticCollection('wanImage');
  readonly #subscriptions: vscode.Disposable[];
  /** Which look at a document is the last one. */
  readonly #looks = new Map<string, number>();

  constructor(parts: Parts) {
    this.#parts = parts;
    const all = () => {
      for (const document of vscode.workspace.textDocuments) void this.#look(document, 0);
    };
    this.#subscriptions = [
      this.#collection,
      vscode.workspace.onDidOpenTextDocument((document) => void this.#look(document, 0)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => void this.#look(document, restMs)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#forget(uri)),
      parts.references.onDidChange(all),
      parts.onDidChangeWish(all),
    ];
    all();
  }

  dispose(): void {
    this.#looks.clear();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #forget(uri: vscode.Uri): void {
    this.#looks.delete(uri.toString());
    this.#collection.delete(uri);
  }

  async #look(document: vscode.TextDocument, delayMs: number): Promise<void> {
    const { references, isWanted, failed } = this.#parts;
    if (!references.isMeant(document) || document.languageId === 'markdown') return;
    const key = document.uri.toString();
    const look = (this.#looks.get(key) ?? 0) + 1;
    this.#looks.set(key, look);
    try {
      if (delayMs > 0) await pause(delayMs);
      if (this.#looks.get(key) !== look) return;
      const found = isWanted(document) ? await references.of(document) : [];
      if (this.#looks.get(key) !== look) return;
      this.#collection.set(
        document.uri,
        found.filter(({ isMissing }) => isMissing).map(({ range, file }) => diagnosticOf(range, file)),
      );
    } catch (error) {
      failed(error);
    }
  }
}

function diagnosticOf(range: vscode.Range, file: vscode.Uri): vscode.Diagnostic {
  const name = plainText(vscode.workspace.asRelativePath(file));
  const text = l10n.t('The picture {0} does not exist.', name);
  const diagnostic = new vscode.Diagnostic(range, text, vscode.DiagnosticSeverity.Information);
  diagnostic.source = 'Wan Image';
  diagnostic.code = missingCode;
  return diagnostic;
}
