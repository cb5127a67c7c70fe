import * as vscode from 'vscode';
import { l10n } from 'vscode';
import type { Job } from '../jobs/engineTypes.ts';
import { callerOf } from '../jobs/limits.ts';
import type { Intent } from '../jobs/record.ts';
import type { InsertTarget } from './inserting/insertTarget.ts';
import type { Log } from './log.ts';
import { plainText } from './plainText.ts';
import type { Results } from './results.ts';
import type { Service, Services } from './services.ts';
import { tellFailure } from './telling.ts';
import type { WindowTeller } from './windowTeller.ts';

/** How long a window leaves the news to the window that started the job, in milliseconds. */
const courtesyMs = 3_000;

interface Parts {
  readonly services: Pick<Services, 'onDidChangeJob' | 'find'>;
  readonly results: Pick<Results, 'save' | 'saveElsewhere' | 'saveExactly' | 'insert'>;
  readonly teller: Pick<WindowTeller, 'tell' | 'tellSaved'>;
  readonly studio: { readonly isVisible: boolean; open(): void };
  /** Where Insert would write now. */
  readonly target: () => InsertTarget | undefined;
  /** Makes files of what a set file has asked for, and tells of it. */
  readonly finishSet: (service: Service, job: Job) => Promise<void>;
  /** Tells of what an agent has had made, by the files that were written. */
  readonly tellMadeByAgent: (service: Service, jobId: string, written: readonly vscode.Uri[]) => Promise<void>;
  readonly log: Log;
}

/** Tells the user, in one window and once, that a job has ended; unless somebody here waits for it or the studio shows it. */
export class Announcer implements vscode.Disposable {
  readonly #parts: Parts;
  readonly #subscription: vscode.Disposable;
  /** Jobs that were started in this window. */
  readonly #own = new Set<string>();
  /** Jobs whose end is told by whoever waits for them. */
  readonly #awaited = new Set<string>();
  readonly #handled = new Set<string>();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#subscription = parts.services.onDidChangeJob(({ service, jobId }) => this.#consider(service, jobId));
  }

  /** The end of this job, which was started here, is news for this window first. */
  own(service: Service, jobId: string): void {
    this.#own.add(jobId);
    this.#consider(service, jobId);
  }

  /** Waits until a job of this window has ended, and leaves the telling to the caller. Ends early with `signal`. */
  async end(service: Service, jobId: string, signal: AbortSignal): Promise<'ended' | 'given up'> {
    this.#awaited.add(jobId);
    const how = await this.#untilEnd(jobId, signal);
    this.#awaited.delete(jobId);
    if (how === 'given up') this.own(service, jobId);
    else this.#handled.add(jobId);
    return how;
  }

  /** True for the one who may tell of a job's end, over all windows. */
  async claim(service: Service, jobId: string): Promise<boolean> {
    this.#handled.add(jobId);
    return service.jobs.claimAnnouncement(jobId);
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  #untilEnd(jobId: string, signal: AbortSignal): Promise<'ended' | 'given up'> {
    const { services } = this.#parts;
    return new Promise((resolve) => {
      const subscription = services.onDidChangeJob((change) => change.jobId === jobId && check());
      const finish = (how: 'ended' | 'given up') => {
        subscription.dispose();
        resolve(how);
      };
      const check = () => {
        const found = services.find(jobId);
        if (!found || hasEnded(found.job)) finish('ended');
      };
      signal.addEventListener('abort', () => finish('given up'), { once: true });
      if (signal.aborted) finish('given up');
      else check();
    });
  }

  #consider(service: Service, jobId: string): void {
    const job = service.jobs.get(jobId);
    if (!job || !hasEnded(job) || this.#awaited.has(jobId) || this.#handled.has(jobId)) return;
    this.#handled.add(jobId);
    const delay = this.#own.has(jobId) ? 0 : courtesyMs;
    setTimeout(() => {
      this.#announce(service, jobId).catch((error: unknown) =>
        this.#parts.log.error('The end of a job could not be told.', error),
      );
    }, delay);
  }

  async #announce(service: Service, jobId: string): Promise<void> {
    const job = service.jobs.get(jobId);
    if (!job || !(await service.jobs.claimAnnouncement(jobId))) return;
    const { intent, status } = job.record;
    // What was agreed on before it was paid for is done whatever is in view, unless the user has taken it back.
    if (intent.kind === 'save' && status.state === 'done' && !job.record.cancelled)
      return intent.set ? this.#parts.finishSet(service, job) : this.#saveExactly(service, job, intent);
    const isForInsert = intent.kind === 'insert';
    // The studio shows the end itself; what was to be inserted has to be offered all the same.
    if (job.record.dismissed || (this.#parts.studio.isVisible && !isForInsert)) return;
    if (job.record.status.state === 'failed') return this.#tellFailed(service, job);
    return isForInsert ? this.#offerInsert(job) : this.#offerSave(job);
  }

  async #tellFailed(service: Service, { record }: Job): Promise<void> {
    if (record.status.state !== 'failed' || (record.cancelled && record.status.failure.kind === 'cancelled')) return;
    await this.#parts.teller.tell({ ...tellFailure(record.status.failure, service.mode), jobId: record.id });
  }

  async #offerSave(job: Job): Promise<void> {
    const { results, teller, studio } = this.#parts;
    const ids = resultIds(job);
    const save = ids.length === 1 ? l10n.t('Save') : l10n.t('Save All');
    const show = l10n.t('Show');
    const chosen = await vscode.window.showInformationMessage(readySentence(job), save, show);
    if (chosen === show) return studio.open();
    if (chosen !== save) return;
    const outcome = await results.save(ids);
    if (outcome.kind === 'failed') return teller.tell(outcome.telling);
    await teller.tellSaved(outcome.files);
  }

  async #saveExactly(
    service: Service,
    job: Job,
    { targets, replaces }: Extract<Intent, { kind: 'save' }>,
  ): Promise<void> {
    const { results, teller } = this.#parts;
    const outcome = await results.saveExactly(resultIds(job), targets, replaces);
    // Each stays until the user has read it, so neither waits for the other.
    const failure = outcome.kind === 'failed' ? teller.tell(outcome.telling) : undefined;
    const isAgents = callerOf(job.record.askedBy) === 'agent';
    const saved = isAgents
      ? this.#parts.tellMadeByAgent(service, job.record.id, outcome.files)
      : teller.tellSaved(outcome.files);
    await Promise.all([saved, failure]);
  }

  async #offerInsert(job: Job): Promise<void> {
    const { results, teller, studio } = this.#parts;
    const ids = resultIds(job);
    const insert = l10n.t('Insert at Cursor');
    const open = l10n.t('Open Studio');
    const chosen = await vscode.window.showInformationMessage(readySentence(job), insert, open);
    if (chosen === open) return studio.open();
    if (chosen !== insert) return;
    const target = this.#parts.target() ?? formerTarget(job);
    if (!target) return studio.open();
    const outcome = await results.insert(ids, target);
    if (outcome.kind === 'failed') return teller.tell(outcome.telling);
    if (outcome.kind === 'inserted') await teller.tellSaved(outcome.files, outcome.document);
  }
}

/** True when nothing more comes of a job. */
function hasEnded({ record }: Job): boolean {
  return record.status.state === 'done' || record.status.state === 'failed';
}

/** The pictures of a job. */
export function resultIds({ record }: Job): string[] {
  return record.results.map(({ id }) => id);
}

function readySentence({ record }: Job): string {
  const prompt = plainText(record.request.prompt);
  const excerpt = [...prompt].length > 40 ? `${[...prompt].slice(0, 39).join('')}…` : prompt;
  const { length } = record.results;
  return length === 1
    ? l10n.t('Your picture “{0}” is ready.', excerpt)
    : l10n.t('Your {0} pictures “{1}” are ready.', length, excerpt);
}

/** Where the cursor was when the job was started; the text may have moved since, which Undo mends. */
function formerTarget({ record: { intent } }: Job): InsertTarget | undefined {
  return intent.kind === 'insert' ? { document: vscode.Uri.parse(intent.document), offset: intent.offset } : undefined;
}
