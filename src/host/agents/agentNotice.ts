import * as vscode from 'vscode';
import { l10n } from 'vscode';
import { asList, asText } from '../../core/joining.ts';
import type { JobRecord } from '../../jobs/record.ts';
import { sha256Of } from '../editing/keptBytes.ts';
import { undoBatch, type WrittenFile } from '../packs/batch.ts';
import { plainText } from '../plainText.ts';
import { shortPath } from '../results.ts';
import type { Telling } from '../telling.ts';
import { costText } from './agentTelling.ts';

interface Parts {
  /** Shows a job whole in the studio, each picture beside what it was made from. */
  readonly show: (jobId: string) => void;
  readonly tell: (telling: Telling) => Promise<void>;
}

/** Tells the person what an agent or another extension has had made, with the way to look at it and the way back. */
export class AgentNotice {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * @param files what was written just now; nothing else is offered to be taken back
   * @param isPractice of the service that the job belongs to
   */
  async tell(record: JobRecord, files: readonly vscode.Uri[], isPractice: boolean): Promise<void> {
    const [first] = files;
    if (!first) return;
    // As they are now: what is changed later is not ours to delete.
    const written = await Promise.all(files.map(asWritten));
    const open = l10n.t('Open');
    const compare = l10n.t('Compare');
    const undo = l10n.t('Undo');
    // Whoever has looked at it may want to take it back, so what is left is offered once more.
    for (let offered = [open, compare, undo]; ;) {
      const chosen = await vscode.window.showInformationMessage(sentenceOf(record, files, isPractice), ...offered);
      if (chosen === undo) return this.#undo(written);
      if (chosen === undefined) return;
      if (chosen === open) await vscode.commands.executeCommand('vscode.open', first);
      else this.#parts.show(record.id);
      offered = offered.filter((button) => button !== chosen);
    }
  }

  /** The pictures themselves stay in the history. */
  async #undo(written: readonly WrittenFile[]): Promise<void> {
    const { deleted, left, stuck } = await undoBatch(written);
    const names = (files: readonly vscode.Uri[]) => asList(files.map(shortPath), vscode.env.language);
    const text = asText([
      deleted.length > 0 ? l10n.t('Deleted {0}. The picture is still in the history.', names(deleted)) : undefined,
      left.length > 0 ? l10n.t('Left as they are, since they have changed: {0}.', names(left)) : undefined,
      stuck.length > 0
        ? l10n.t('Could not be deleted: {0}. Delete them by hand.', names(stuck.map(({ target }) => target)))
        : undefined,
    ]);
    const severity = left.length + stuck.length > 0 ? 'warning' : 'info';
    if (text !== '') await this.#parts.tell({ severity, text, actions: [] });
  }
}

function sentenceOf({ askedBy, actualPrice }: JobRecord, files: readonly vscode.Uri[], isPractice: boolean): string {
  const name = extensionAsking(askedBy) ?? l10n.t('An agent');
  const cost = costText(actualPrice, isPractice);
  return plainText(l10n.t('{0} had {1} made ({2}).', name, asList(files.map(shortPath), vscode.env.language), cost));
}

async function asWritten(target: vscode.Uri): Promise<WrittenFile> {
  return { target, sha256: await sha256Of(new Uint8Array(await vscode.workspace.fs.readFile(target))) };
}

/** Who asked for a job, as people know them, within a sentence. */
export const callerInWords = (askedBy: string): string => extensionAsking(askedBy) ?? l10n.t('an agent');

/** The name of the extension that asked; undefined where it was an agent. */
function extensionAsking(askedBy: string): string | undefined {
  const [, extensionId] = /^extension (.+)$/.exec(askedBy) ?? [];
  return extensionId === undefined ? undefined : (nameOfExtension(extensionId) ?? extensionId);
}

/** What an extension calls itself, if it is installed. */
export function nameOfExtension(extensionId: string): string | undefined {
  const manifest: unknown = vscode.extensions.getExtension(extensionId)?.packageJSON;
  const name = typeof manifest === 'object' && manifest !== null && 'displayName' in manifest && manifest.displayName;
  return typeof name === 'string' && name !== '' ? name : undefined;
}
