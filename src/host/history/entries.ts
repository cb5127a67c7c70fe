import * as vscode from 'vscode';
import { l10n } from 'vscode';
import type { Summary } from '../../jobs/summary.ts';
import type { Service, Services } from '../services.ts';
import type { Telling } from '../telling.ts';
import { unsavedIn } from './finding.ts';
import type { StorageUse } from './storageUse.ts';

interface Parts {
  readonly services: Pick<Services, 'current'>;
  readonly storage: Pick<StorageUse, 'forget'>;
}

/** What is done with whole entries of the history. Ids that do not exist do nothing. */
export class Entries {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async markFavourite(jobId: string, isFavourite: boolean): Promise<void> {
    await (await this.#parts.services.current()).jobs.markFavourite(jobId, isFavourite);
  }

  /** Deletes entries so that they can be brought back; asks first where something that was paid for is nowhere else. */
  async delete(jobIds: readonly string[]): Promise<Telling | undefined> {
    const service = await this.#parts.services.current();
    const wanted = new Set(jobIds);
    const summaries = service.jobs.history().summaries.filter(({ id }) => wanted.has(id));
    const ended = summaries.filter(({ state }) => state !== 'active');
    if (summaries.length === 0 || (ended.length > 0 && !(await confirm(ended, service)))) return undefined;
    const gone = await this.#moveToBin(service, ended);
    return gone < summaries.length ? tellKept(summaries.length - gone) : undefined;
  }

  /** Brings back what was deleted last. */
  async undoDelete(): Promise<void> {
    await (await this.#parts.services.current()).jobs.bringBackLast();
    this.#parts.storage.forget();
  }

  async #moveToBin({ jobs, recovery }: Service, summaries: readonly Summary[]): Promise<number> {
    const ids = summaries.map(({ id }) => id);
    for (const id of ids) await recovery.end(id);
    const moved = await jobs.moveToBin(ids);
    this.#parts.storage.forget();
    return moved.length;
  }
}

/** True where there is nothing to ask, or the user has said yes. */
async function confirm(summaries: readonly Summary[], { mode }: Service): Promise<boolean> {
  if (mode === 'practice') return true;
  const unsaved = summaries.reduce((sum, summary) => sum + unsavedIn(summary), 0);
  const lacking = summaries.filter(({ lacks }) => lacks).length;
  if (unsaved === 0 && lacking === 0) return true;
  const [only] = summaries;
  const question =
    summaries.length === 1 && only
      ? l10n.t('Delete “{0}”?', only.title.slice(0, 80))
      : l10n.t('Delete {0} requests with their pictures?', summaries.length);
  const detail = [
    unsaved > 0 && l10n.t('Pictures that were paid for and not saved anywhere else: {0}.', unsaved),
    lacking > 0 && l10n.t('Requests whose lost pictures can still be looked for: {0}.', lacking),
    l10n.t('They can be brought back for a day.'),
  ];
  const remove = l10n.t('Delete');
  const options = { modal: true, detail: detail.filter(Boolean).join(' ') };
  return (await vscode.window.showWarningMessage(question, options, remove)) === remove;
}

function tellKept(count: number): Telling {
  const text =
    count === 1
      ? l10n.t(
          'One request stays, because it is still being made or another window works on it. Stop it, or delete it when it has ended.',
        )
      : l10n.t(
          '{0} requests stay, because they are still being made or another window works on them. Stop them, or delete them when they have ended.',
          count,
        );
  return { severity: 'warning', text, actions: [] };
}
