import * as vscode from 'vscode';
import { l10n } from 'vscode';
import { exampleSite } from '../../core/packs.ts';
import { asList, asText } from '../../core/joining.ts';
import { InsertError } from '../inserting/insertError.ts';
import type { InsertTarget } from '../inserting/insertTarget.ts';
import type { Log } from '../log.ts';
import { plainText } from '../plainText.ts';
import { shortPath } from '../results.ts';
import { insertSentence, type Telling } from '../telling.ts';
import type { WrittenFile } from './batch.ts';
import type { ChosenFolder } from './folderChoice.ts';
import type { LastPacks } from './lastPacks.ts';
import { offerEntries, type StandingManifest } from './manifestOffer.ts';
import { insertLines, type PackPlace, type Snippets, snippetsOf, type WrittenPair } from './snippets.ts';

interface Parts {
  readonly target: () => InsertTarget | undefined;
  readonly last: LastPacks;
  readonly tell: (telling: Telling) => Promise<void>;
  readonly log: Log;
}

/** What was written. */
interface Done {
  readonly written: readonly WrittenFile[];
  readonly places: readonly PackPlace[];
  readonly folder: ChosenFolder;
  /** The site's manifest, where it has one. */
  readonly manifest: StandingManifest | undefined;
  /** Whether that one was there before, and does not name the icons. */
  readonly entriesWanted: boolean;
  readonly pair: WrittenPair | undefined;
}

/** What can be done once files were written: what a page has to say of them, and the way back. */
export class PackOffers {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Says what was written and offers the rest, one after the other, until the user has enough. */
  async offer(done: Done): Promise<void> {
    const { written } = done;
    let said = l10n.t(
      'Wrote {0}.',
      asList(
        written.map(({ target }) => plainText(shortPath(target))),
        vscode.env.language,
      ),
    );
    for (;;) {
      const target = this.#parts.target();
      const snippets = await this.#snippets(done, target);
      const chosen = await vscode.window.showInformationMessage(said, ...this.#buttons(snippets, target, done));
      if (!chosen) return;
      const next = await this.#do(chosen.does, done, snippets, target);
      if (next === undefined) return;
      said = next;
    }
  }

  #buttons(snippets: Snippets, target: InsertTarget | undefined, done: Done): Button[] {
    const entriesWanted = done.entriesWanted && !this.#parts.last.hasEntries(done.written);
    return buttonsOf(snippets, target, entriesWanted);
  }

  async #snippets({ places, folder, manifest, pair }: Done, target: InsertTarget | undefined): Promise<Snippets> {
    const document =
      target && (await vscode.workspace.openTextDocument(target.document).then(undefined, () => undefined));
    return snippetsOf(places, folder, manifest?.path, pair, document);
  }

  async #do(
    does: Button['does'],
    { written, manifest }: Done,
    { markup, icons, icon }: Snippets,
    target: InsertTarget | undefined,
  ): Promise<string | undefined> {
    switch (does) {
      case 'insert':
        return target && this.#insert(target, markup);
      case 'copy':
        await vscode.env.clipboard.writeText(markup);
        return asText([l10n.t('The lines are in the clipboard.'), addressWords(markup)]);
      case 'add-entries':
        return manifest && this.#addEntries(manifest, icons, written);
      case 'copy-manifest':
        await vscode.env.clipboard.writeText(JSON.stringify(icons, undefined, 2));
        return l10n.t('The entries are in the clipboard. They belong into the list "icons" of the manifest.');
      case 'copy-icon':
        await vscode.env.clipboard.writeText(icon);
        return l10n.t('The line is in the clipboard. It belongs into package.json.');
      case 'undo':
        await this.#parts.tell(await this.#parts.last.undo(written));
        return undefined;
    }
  }

  async #insert(target: InsertTarget, markup: string): Promise<string | undefined> {
    const name = plainText(shortPath(target.document));
    try {
      await insertLines(target, markup);
      return asText([l10n.t('The lines were inserted into {0}.', name), addressWords(markup)]);
    } catch (error) {
      if (!(error instanceof InsertError)) throw error;
      this.#parts.log.error(`Lines were not inserted: ${error.kind}.`, error.cause);
      await this.#parts.tell({ severity: 'warning', text: insertSentence(error.kind, name), actions: [] });
      return undefined;
    }
  }

  async #addEntries(
    manifest: StandingManifest,
    icons: Snippets['icons'],
    written: readonly WrittenFile[],
  ): Promise<string | undefined> {
    const offered = await offerEntries(manifest, icons);
    if (offered?.added) this.#parts.last.rememberEntries(written, offered.added);
    // Who says no to the entries has not said no to the rest.
    return offered?.said ?? l10n.t('The manifest stays as it is.');
  }
}

interface Button extends vscode.MessageItem {
  readonly does: 'insert' | 'copy' | 'add-entries' | 'copy-manifest' | 'copy-icon' | 'undo';
}

function buttonsOf(
  { markup, icons, icon }: Snippets,
  target: InsertTarget | undefined,
  entriesWanted: boolean,
): Button[] {
  return [
    ...(markup !== '' && target ? [{ title: l10n.t('Insert Lines for the Page'), does: 'insert' as const }] : []),
    ...(markup !== '' ? [{ title: l10n.t('Copy Lines for the Page'), does: 'copy' as const }] : []),
    ...(icons.length > 0 && entriesWanted
      ? [
          { title: l10n.t('Add to Manifest…'), does: 'add-entries' as const },
          { title: l10n.t('Copy Manifest Entries'), does: 'copy-manifest' as const },
        ]
      : []),
    ...(icon !== '' ? [{ title: l10n.t('Copy Line for package.json'), does: 'copy-icon' as const }] : []),
    { title: l10n.t('Undo'), does: 'undo' as const },
  ];
}

function addressWords(markup: string): string | undefined {
  return markup.includes(exampleSite)
    ? l10n.t('Put the address of your site in the place of {0}: social pictures need a whole one.', exampleSite)
    : undefined;
}
