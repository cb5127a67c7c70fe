import type { Failure } from '../core/failure.ts';
import { backoff, type Clock } from './clock.ts';
import { isServiceError, ServiceError } from './errors.ts';
import type { Pace } from './pace.ts';
import type { JobStatus, WaitNews } from './types.ts';

/** A job that has come to its end. */
export type EndedJob = Exclude<JobStatus, { state: 'queued' | 'processing' }>;

/** What waiting needs. */
export interface Waiting {
  /** Asks once. */
  readonly ask: () => Promise<JobStatus>;
  readonly clock: Clock;
  readonly pace: Pace;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

/**
 * Asks until the job has ended. Passing trouble is ridden out for as long as it lasts; a job is taken for lost when the
 * service says twice that it does not know it, and when it has no better word for it after a day.
 */
export async function waitForEnd(
  waiting: Waiting,
  startedAt: number,
  onNews: (news: WaitNews) => void,
): Promise<EndedJob> {
  const { clock, pace, signal } = waiting;
  const trouble = new Trouble(waiting);
  let state: Omit<WaitNews, 'late'> = { state: 'queued' };
  let interval = pace.pollFirst;
  // By a clock that was set back the job began in the future; the service forgets it long before that comes.
  const sinceStart = Math.max(0, clock.now() - startedAt);
  await clock.sleep(Math.max(0, pace.pollFirst - sinceStart), signal);
  for (let asked = 1; ; asked++) {
    const isLate = clock.now() - startedAt >= pace.lateAfter;
    const isOverdue = clock.now() - startedAt >= pace.giveUpAfter;
    let pause = interval;
    try {
      const status = await waiting.ask();
      if (status.state === 'completed' || status.state === 'failed') return status;
      // A clock that was wrong when the job began can make it a day old at once.
      if (isOverdue && asked >= fewestQuestions) return { state: 'failed', failure: overdue };
      trouble.isOver();
      state = status;
      interval = Math.min(pace.pollLongest, interval * pace.pollGrowth);
    } catch (error) {
      pause = Math.max(interval, trouble.pauseAfter(error, isOverdue));
    }
    onNews({ ...state, late: isLate });
    await clock.sleep(isLate ? Math.max(pause, pace.pollLate) : pause, signal);
  }
}

/** Before a job that goes on by the service's word is given up, it is asked about this often, a minute apart. */
const fewestQuestions = 3;

const overdue: Failure = {
  kind: 'nothing-delivered',
  mayBeBilled: true,
  detail: 'After a day the service still calls the job unfinished.',
};

/** Asks a few times, until there is an answer. */
export async function askPatiently(waiting: Waiting): Promise<JobStatus> {
  const trouble = new Trouble(waiting);
  for (let attempt = 1; ; attempt++) {
    try {
      return await waiting.ask();
    } catch (error) {
      const pause = trouble.pauseAfter(error);
      if (attempt >= waiting.pace.tries) throw error;
      await waiting.clock.sleep(pause, waiting.signal);
    }
  }
}

/** Trouble while asking: how long it has lasted, and whether it will pass. */
class Trouble {
  readonly #waiting: Waiting;
  #inARow = 0;
  #unknownInARow = 0;
  #pagesInARow = 0;
  #nonsenseInARow = 0;

  constructor(waiting: Waiting) {
    this.#waiting = waiting;
  }

  isOver(): void {
    this.#inARow = 0;
    this.#unknownInARow = 0;
    this.#pagesInARow = 0;
    this.#nonsenseInARow = 0;
  }

  /** Milliseconds until the next try. Throws where no further try would help; for an overdue job that is sooner. */
  pauseAfter(error: unknown, isOverdue = false): number {
    const { clock, pace, log } = this.#waiting;
    if (!isServiceError(error)) throw error;
    this.#unknownInARow = isUnknownJob(error) ? this.#unknownInARow + 1 : 0;
    this.#pagesInARow = isMissingPage(error) ? this.#pagesInARow + 1 : 0;
    this.#nonsenseInARow = isOverdue && error.kind === 'unexpected' ? this.#nonsenseInARow + 1 : 0;
    const isGivenUp = this.#pagesInARow >= mostPages || this.#nonsenseInARow >= mostPages;
    if (isGivenUp || (isOverdue && isRefusal(error)))
      throw new ServiceError({ ...error.failure, kind: 'nothing-delivered' }, { cause: error });
    if (!isPassing(error) && this.#unknownInARow !== 1) throw error;
    this.#inARow++;
    const own = backoff(this.#inARow, pace.retryFirst, pace.retryLongest, clock.random());
    const asked = Math.min(pace.retryAfterLongest, error.failure.retryAfterMs ?? 0);
    log(`Asking again in ${Math.max(own, asked)} ms.`);
    return Math.max(own, asked);
  }
}

/** A gateway without its backend may say 404 for minutes; ten of them with growing pauses are more than that. */
const mostPages = 10;

function isMissingPage(error: ServiceError): boolean {
  return error.kind === 'unexpected' && (error.failure.status === 404 || error.failure.status === 410);
}

/** Of a question, not of the key: nothing that the user could mend. */
function isRefusal(error: ServiceError): boolean {
  return ['bad-request', 'content-refused', 'inline-image-refused'].includes(error.kind);
}

/** A single "unknown" may come from a server that has not heard of the job yet. */
function isUnknownJob(error: ServiceError): boolean {
  return error.kind === 'nothing-delivered' && error.failure.status !== undefined;
}

/** A question costs nothing, so whatever may pass is asked again: also an answer of somebody in between, as in a hotel's network. */
function isPassing(error: ServiceError): boolean {
  return ['network', 'unavailable', 'busy', 'storage', 'unexpected'].includes(error.kind);
}
