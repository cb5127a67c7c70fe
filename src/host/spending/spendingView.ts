import { basename } from 'node:path';
import * as vscode from 'vscode';
import { l10n } from 'vscode';
import type { Ledger } from '../../jobs/ledger.ts';
import { dayOf, type LedgerLine } from '../../jobs/ledgerLines.ts';
import type { Log } from '../log.ts';
import { shortPath, startOfDialogs } from '../results.ts';
import type { Telling } from '../telling.ts';
import { exportedCsv, exportedJson, type Line } from './exported.ts';
import { markdownText } from './markdownText.ts';
import type { Spending } from './spending.ts';
import { spendingDocument } from './spendingDocument.ts';
import { summaryOf } from './summary.ts';

interface Parts {
  readonly ledger: Ledger;
  readonly spending: Pick<Spending, 'askBalance' | 'balance' | 'onDidChange'>;
  /** Storage key of the workspace that is open. */
  readonly workspace: string;
  readonly tell: (telling: Telling) => Promise<void>;
  readonly log: Log;
}

const scheme = 'wan-image-spending';
/** How many requests the view lists; the export has them all. */
const listed = 300;
/** How many files are read at a time. */
const atOnce = 64;
/** How long the view waits for the balance, in milliseconds. */
const balancePatience = 4_000;

/** One view of what was spent on what, as a document that can only be read, and the way to take it along as a file. */
export class SpendingView implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #parts: Parts;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #subscription: vscode.Disposable;
  readonly #uri = vscode.Uri.from({ scheme, path: `/${l10n.t('Spending')}.md` });

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#subscription = vscode.Disposable.from(
      vscode.workspace.registerTextDocumentContentProvider(scheme, this),
      parts.spending.onDidChange(() => this.#refresh()),
      this.#changed,
    );
  }

  get onDidChange(): vscode.Event<vscode.Uri> {
    return this.#changed.event;
  }

  /** Shows the view, up to date. */
  async show(): Promise<void> {
    this.#refresh();
    await Promise.race([
      this.#parts.spending.askBalance(),
      new Promise<void>((resolve) => setTimeout(resolve, balancePatience)),
    ]);
    // The preview belongs to an extension that comes with VS Code, but can be disabled.
    if (vscode.extensions.getExtension('vscode.markdown-language-features'))
      await vscode.commands.executeCommand('markdown.showPreview', this.#uri);
    else await vscode.window.showTextDocument(this.#uri);
  }

  /** The text of the view, for VS Code. */
  async provideTextDocumentContent(): Promise<string> {
    const { ledger, workspace, spending } = this.#parts;
    try {
      const lines = await ledger.lines();
      const latest = await this.#read(lines.slice(-listed).toReversed());
      return spendingDocument({
        summary: summaryOf(lines, dayOf(Date.now())),
        latest,
        older: Math.max(0, lines.length - listed),
        limits: ledger.limits,
        spent: await ledger.spentToday(workspace),
        balance: spending.balance,
        workspaceNames: await this.#workspaceNames(lines),
        workspace,
      });
    } catch (error) {
      this.#parts.log.error('The spending could not be read.', error);
      const sentence = l10n.t('What was spent cannot be read. Restore the access to the disk; the log says more.');
      return `# ${markdownText(l10n.t('Spending'))}\n\n${markdownText(sentence)}\n`;
    }
  }

  /** Writes every request to a file that the user names: comma-separated values, or JSON by its name. */
  async export(): Promise<void> {
    const chosen = await vscode.window.showSaveDialog({
      defaultUri: vscode.Uri.joinPath(startOfDialogs(), `wan-image-spending-${dayOf(Date.now())}.csv`),
      filters: { [l10n.t('Comma-separated values')]: ['csv'], JSON: ['json'] },
      title: l10n.t('Export Spending'),
    });
    if (!chosen) return;
    try {
      const lines = await this.#read(await this.#parts.ledger.lines());
      const isJson = basename(chosen.path).toLowerCase().endsWith('.json');
      await vscode.workspace.fs.writeFile(chosen, Buffer.from(isJson ? exportedJson(lines) : exportedCsv(lines)));
      const text =
        lines.length === 1
          ? l10n.t('1 request was written to {0}.', shortPath(chosen))
          : l10n.t('{0} requests were written to {1}.', lines.length, shortPath(chosen));
      await this.#parts.tell({ severity: 'info', text, actions: [] });
    } catch (error) {
      this.#parts.log.error('The spending could not be exported.', error);
      const text = l10n.t('The spending could not be written to {0}. Choose another place.', shortPath(chosen));
      await this.#parts.tell({ severity: 'error', text, actions: ['export-spending', 'show-log'] });
    }
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  #refresh(): void {
    this.#changed.fire(this.#uri);
  }

  async #read(lines: readonly LedgerLine[]): Promise<Line[]> {
    const read: Line[] = [];
    for (let start = 0; start < lines.length; start += atOnce) {
      const some = lines.slice(start, start + atOnce);
      read.push(
        ...(await Promise.all(some.map(async (line) => ({ line, entry: await this.#parts.ledger.entryOf(line) })))),
      );
    }
    return read;
  }

  /** Every workspace as it was called by the latest request that says so. */
  async #workspaceNames(lines: readonly LedgerLine[]): Promise<ReadonlyMap<string, string>> {
    const latest = new Map(lines.map((line) => [line.workspace, line]));
    const read = await this.#read([...latest.values()]);
    return new Map(read.flatMap(({ line, entry }) => (entry ? [[line.workspace, entry.workspaceName] as const] : [])));
  }
}
