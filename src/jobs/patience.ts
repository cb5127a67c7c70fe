import type { Failure } from '../core/failure.ts';

/** How long a request that the service was too busy to accept is kept and sent again; milliseconds. */
export interface PatienceLimits {
  /** The first pause where the service does not say how long to wait; it doubles up to the longest. */
  readonly busyFirstMs: number;
  readonly busyLongestMs: number;
  /** How long this may go on in all. */
  readonly busyTotalMs: number;
}

/**
 * True for the one answer after which a request may be sent again: HTTP 429 itself. It says that the request was not
 * accepted; no other failure says so with certainty, or would be mended by waiting.
 */
export function isTooEarly({ kind, status, mayBeBilled }: Failure): boolean {
  return kind === 'busy' && status === 429 && !mayBeBilled;
}

/** Counts the time that a service has been too busy for one request. */
export class Patience {
  readonly #limits: PatienceLimits;
  readonly #since: number;
  #tries = 0;

  /** @param now of a clock that is never set, in milliseconds */
  constructor(limits: PatienceLimits, now: number) {
    this.#limits = limits;
    this.#since = now;
  }

  /** Milliseconds until the next try: as long as the service asks for. Undefined when it has lasted too long. */
  pauseAfter(failure: Failure, now: number): number | undefined {
    const { busyFirstMs, busyLongestMs, busyTotalMs } = this.#limits;
    const own = Math.min(busyLongestMs, busyFirstMs * 2 ** Math.min(this.#tries++, 20));
    // Spread by chance, so that windows do not all come back at once.
    const pause = failure.retryAfterMs || own * (0.75 + Math.random() / 2);
    return now - this.#since + pause > busyTotalMs ? undefined : Math.round(pause);
  }
}
