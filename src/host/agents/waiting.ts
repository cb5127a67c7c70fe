import { setTimeout as pause } from 'node:timers/promises';
import type { Job } from '../../jobs/engineTypes.ts';
import type { Announcer } from '../announcer.ts';
import type { Service, Services } from '../services.ts';
import { cancelledError, heldUpError } from './agentTelling.ts';

interface Parts {
  readonly services: Pick<Services, 'onDidChangeJob'>;
  readonly announcer: Pick<Announcer, 'end'>;
}

/** How long somebody has to mend what holds a job up before its caller is told, in milliseconds. */
const troubleMs = 20_000;
/** How long a request that was cancelled may take to end unsent, in milliseconds. */
const unsentMs = 3_000;

/** Callers that wait for jobs. */
export class Waiting {
  readonly #parts: Parts;
  /** How many wait for a job: the last one to leave cancels it. */
  readonly #callers = new Map<string, number>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Waits for the end of a job. Throws AgentError where its caller or the person gives it up, or somebody has to mend something first. */
  async end(service: Service, jobId: string, signal: AbortSignal): Promise<Job> {
    this.#callers.set(jobId, (this.#callers.get(jobId) ?? 0) + 1);
    try {
      const job = await this.#end(service, jobId, signal);
      if (job) return job;
      const isLast = this.#callers.get(jobId) === 1;
      throw cancelledError(!isLast || !(await cancelledUnsent(service, jobId)), service.mode);
    } finally {
      const left = (this.#callers.get(jobId) ?? 1) - 1;
      if (left > 0) this.#callers.set(jobId, left);
      else this.#callers.delete(jobId);
    }
  }

  /** Undefined where it was given up. */
  async #end(service: Service, jobId: string, signal: AbortSignal): Promise<Job | undefined> {
    const { announcer, services } = this.#parts;
    const record = () => service.jobs.get(jobId)?.record;
    const wasStopped = record()?.cancelled === true;
    // The person may stop it in the studio.
    const isStopped = () => !wasStopped && record()?.cancelled === true;
    let held = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const watch = () => {
      if (isStopped()) held.abort();
      if (service.jobs.get(jobId)?.trouble) timer ??= setTimeout(() => held.abort(), troubleMs);
      else {
        clearTimeout(timer);
        timer = undefined;
      }
    };
    const subscription = services.onDidChangeJob((change) => change.jobId === jobId && watch());
    try {
      for (;;) {
        watch();
        const how = await announcer.end(service, jobId, AbortSignal.any([signal, held.signal]));
        const job = service.jobs.get(jobId);
        if (how === 'ended' && job) return job;
        if (signal.aborted || !job || isStopped()) return undefined;
        if (job.trouble) throw heldUpError(job.trouble, service.mode);
        held = new AbortController(); // mended in the very moment that patience ended
      }
    } finally {
      subscription.dispose();
      clearTimeout(timer);
    }
  }
}

/** Takes back a request that has not been sent; false where it has been, or may have been. */
async function cancelledUnsent({ jobs }: Service, jobId: string): Promise<boolean> {
  await jobs.cancel(jobId);
  const end = Date.now() + unsentMs;
  for (;;) {
    const status = jobs.get(jobId)?.record.status;
    if (status?.state === 'failed') return !status.failure.mayBeBilled;
    if (status?.state !== 'prepared' || Date.now() > end) return false;
    await pause(50);
  }
}
