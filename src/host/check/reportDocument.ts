import * as vscode from 'vscode';
import type { Log } from '../log.ts';
import { type CheckReport, reportText } from './report.ts';

const scheme = 'wan-image-check';
const address = vscode.Uri.from({ scheme, path: '/Check Service.md' });

/** The last check as a document that can be read and not written. */
export class ReportDocument implements vscode.Disposable {
  readonly #log: Log;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #registration: vscode.Disposable;
  #text = '';

  constructor(log: Log) {
    this.#log = log;
    this.#registration = vscode.workspace.registerTextDocumentContentProvider(scheme, {
      onDidChange: this.#changed.event,
      provideTextDocumentContent: () => this.#text,
    });
  }

  async show(report: CheckReport): Promise<void> {
    this.#text = reportText(report);
    this.#changed.fire(address);
    try {
      await vscode.commands.executeCommand('markdown.showPreview', address);
    } catch (error) {
      // Where the editor's own Markdown preview is switched off, its text has to do.
      this.#log.error('The preview of the report could not be shown.', error);
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(address));
    }
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }
}
