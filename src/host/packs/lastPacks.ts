import * as vscode from 'vscode';
import { l10n } from 'vscode';
import { asList, asText } from '../../core/joining.ts';
import { shortPath } from '../results.ts';
import type { Telling } from '../telling.ts';
import { undoBatch, type WrittenFile } from './batch.ts';
import { type AddedEntries, takeEntriesOut } from './manifestOffer.ts';

/** Files that were written together, and what was written into manifests for them. */
interface Made {
  readonly written: readonly WrittenFile[];
  readonly added: readonly AddedEntries[];
}

/** What was made from pictures in this window and can be taken back, the last first. */
export class LastPacks {
  #made: readonly Made[] = [];

  remember(written: readonly WrittenFile[]): void {
    this.#keep([...this.#made, { written, added: [] }]);
  }

  /** Notes what was written into a manifest for files that were remembered. */
  rememberEntries(written: readonly WrittenFile[], added: AddedEntries): void {
    this.#keep(
      this.#made.map((made) => (made.written === written ? { ...made, added: [...made.added, added] } : made)),
    );
  }

  /** Whether a manifest was given entries for these files. */
  hasEntries(written: readonly WrittenFile[]): boolean {
    return this.#made.some((made) => made.written === written && made.added.length > 0);
  }

  /**
   * Takes back what was made last, or these files, as far as nobody has changed it, and answers what has become of it. What could
   * not be deleted can be tried again.
   */
  async undo(written?: readonly WrittenFile[]): Promise<Telling> {
    const made = written ? this.#made.find((one) => one.written === written) : this.#made.at(-1);
    if (!made) return { severity: 'info', text: l10n.t('There is nothing left to take back.'), actions: [] };
    const others = this.#made.filter((one) => one !== made);
    this.#keep(others); // a second press while this one is at work is about something else
    const { deleted, left, stuck } = await undoBatch(made.written);
    if (stuck.length > 0) this.#keep([...this.#made, { written: stuck, added: [] }]);
    const [out, stay]: [vscode.Uri[], vscode.Uri[]] = [[], []];
    for (const added of made.added.toReversed()) {
      const how = await takeEntriesOut(added);
      if (how !== 'out-already') (how === 'out' ? out : stay).push(added.uri);
    }
    const text = asText([
      deleted.length > 0 ? l10n.t('Deleted {0}.', names(deleted)) : undefined,
      left.length > 0 ? l10n.t('Left as they are, since they have changed: {0}.', names(left)) : undefined,
      stuck.length > 0
        ? l10n.t('Could not be deleted: {0}. “Undo Last Icons” tries again.', names(stuck.map(({ target }) => target)))
        : undefined,
      out.length > 0 ? l10n.t('As before again, and not saved yet: {0}.', names(out)) : undefined,
      stay.length > 0
        ? l10n.t('Changed since, so the entries of the icons stay: {0}. Take them out by hand.', names(stay))
        : undefined,
    ]);
    const isWhole = left.length + stuck.length + stay.length === 0;
    const gone = l10n.t('The files were gone already.');
    return { severity: isWhole ? 'info' : 'warning', text: text === '' ? gone : text, actions: [] };
  }

  #keep(made: readonly Made[]): void {
    this.#made = made;
    void vscode.commands.executeCommand('setContext', 'wanImage.canUndoPacks', made.length > 0);
  }
}

const names = (files: readonly vscode.Uri[]): string => asList(files.map(shortPath), vscode.env.language);
