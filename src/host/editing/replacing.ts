import * as vscode from 'vscode';
import { l10n } from 'vscode';
import type { Log } from '../log.ts';
import { type Results, shortPath } from '../results.ts';
import type { Telling } from '../telling.ts';
import { savedSentence } from '../windowTeller.ts';
import type { Replacer, ReplaceOutcome } from './replacer.ts';

interface Parts {
  readonly replacer: Pick<Replacer, 'replace' | 'undo' | 'sourceOf'>;
  readonly results: Pick<Results, 'saveBeside'>;
  /** Says in the window what went wrong. */
  readonly tell: (telling: Telling) => Promise<void>;
  readonly log: Log;
}

/** Replacing as the user meets it: what is done is said in the window, with the way back beside it. */
export class Replacing {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Puts a result in the place of its source and answers what the studio should say about it. */
  async replace(resultId: string): Promise<Telling | undefined> {
    const outcome = await this.#parts.replacer.replace(resultId);
    if (outcome.kind === 'save-beside') return this.#saveBeside(resultId);
    if (outcome.kind === 'done') this.#offerUndo(outcome);
    return outcome.kind === 'failed' ? outcome.telling : undefined;
  }

  /** Brings back what a replacement took the place of, and answers what the studio should say about it. */
  async undo(replacementId?: string): Promise<Telling | undefined> {
    const outcome = await this.#parts.replacer.undo(replacementId);
    if (outcome.kind === 'failed') return outcome.telling;
    return outcome.kind === 'done'
      ? { severity: 'info', text: l10n.t('{0} is as it was before.', shortPath(outcome.file)), actions: [] }
      : undefined;
  }

  /** Undoes the latest replacement and says so in the window. */
  async undoLatest(): Promise<void> {
    const telling = await this.undo();
    await this.#parts.tell(telling ?? nothingBroughtBack());
  }

  async #saveBeside(resultId: string): Promise<Telling | undefined> {
    const source = this.#parts.replacer.sourceOf(resultId);
    if (!source) return undefined;
    const outcome = await this.#parts.results.saveBeside([resultId], source);
    if (outcome.kind === 'failed') return outcome.telling;
    if (outcome.files.length === 0) return undefined;
    return { severity: 'info', text: savedSentence(outcome.files), actions: [] };
  }

  /** Nobody waits for the answer, which may come much later or never. */
  #offerUndo({ file, replacement }: ReplaceOutcome & { kind: 'done' }): void {
    const undo = l10n.t('Undo Replace');
    const offer = async () => {
      const chosen = await vscode.window.showInformationMessage(l10n.t('Replaced {0}.', shortPath(file)), undo);
      if (chosen !== undo) return;
      const telling = await this.undo(replacement?.id);
      await this.#parts.tell(telling ?? nothingBroughtBack());
    };
    offer().catch((error: unknown) => this.#parts.log.error('A replacement could not be undone.', error));
  }
}

const nothingBroughtBack = (): Telling => ({
  severity: 'info',
  text: l10n.t('Nothing was brought back.'),
  actions: [],
});
