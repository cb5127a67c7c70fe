import { setTimeout as pause } from 'node:timers/promises';
import type * as vscode from 'vscode';
import type { Job } from '../../jobs/engineTypes.ts';
import type { JobRecord } from '../../jobs/record.ts';
import { type Announcer, resultIds } from '../announcer.ts';
import type { Results } from '../results.ts';
import type { Service } from '../services.ts';
import { unsavedError } from './agentTelling.ts';
import { agreedFile } from './sameCall.ts';

interface Parts {
  readonly announcer: Pick<Announcer, 'claim'>;
  readonly results: Pick<Results, 'saveExactly'>;
}

/** How long another window has to make files of what it was the first to tell of, in milliseconds. */
const otherWindowMs = 10_000;

/** Makes files of what callers have asked for, once over all callers and windows. */
export class SavingOnce {
  readonly #parts: Parts;
  /** What is being saved, by job. */
  readonly #saving = new Map<string, Promise<readonly vscode.Uri[]>>();
  /** Jobs whose pictures this window is the one to save. */
  readonly #ours = new Set<string>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Makes files of what has come, and answers those that were written for this caller and no other: its news. Throws
   * AgentError where it cannot be done.
   */
  async save(service: Service, job: Job, targets: readonly vscode.Uri[]): Promise<readonly vscode.Uri[]> {
    const { id } = job.record;
    const underWay = this.#saving.get(id);
    if (underWay) {
      await underWay;
      return [];
    }
    const saving = this.#save(service, job, targets).finally(() => this.#saving.delete(id));
    this.#saving.set(id, saving);
    return saving;
  }

  async #save(service: Service, job: Job, targets: readonly vscode.Uri[]): Promise<readonly vscode.Uri[]> {
    const { announcer, results } = this.#parts;
    const { record } = job;
    const isUnsaved = () => {
      const now = (service.jobs.get(record.id) ?? job).record;
      return now.results.some((result) => agreedFile(now, result) === undefined);
    };
    const isMine = await announcer.claim(service, record.id);
    if (isMine) this.#ours.add(record.id);
    // Whoever was told first makes the files; two that write at the same moment would stand in each other's way.
    else if (!this.#ours.has(record.id) && !record.cancelled) await leaveTime(record, isUnsaved);
    const outcome = await results.saveExactly(
      resultIds(job),
      targets.map((target) => target.toString()),
    );
    // Another window may have been quicker after all.
    if (outcome.kind === 'failed' && isUnsaved()) throw unsavedError(outcome.telling.text);
    return outcome.files;
  }
}

/** Gives another window the time to save what it was the first to tell of, unless that was long ago. */
async function leaveTime({ status }: JobRecord, isUnsaved: () => boolean): Promise<void> {
  const end = (status.state === 'done' ? status.endedAt : 0) + otherWindowMs;
  for (;;) {
    if (!isUnsaved() || Date.now() > end) return;
    await pause(100);
  }
}
