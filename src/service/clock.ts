import { setTimeout } from 'node:timers/promises';

/** Time and chance, so that tests can have their own. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after so many milliseconds; rejects with the signal's reason when that comes first. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** From 0 up to 1. */
  random(): number;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds, signal) => setTimeout(milliseconds, undefined, signal ? { signal } : {}),
  random: () => Math.random(),
};

/**
 * How long to wait before try number `attempt` (from 1) is made again, in milliseconds: doubling from `first` up to
 * `longest`, spread by chance over its upper half, so that clients do not come back all at once.
 */
export function backoff(attempt: number, first: number, longest: number, random: number): number {
  const full = Math.min(longest, first * 2 ** Math.min(attempt - 1, 20));
  return Math.round(full / 2 + (full / 2) * random);
}
