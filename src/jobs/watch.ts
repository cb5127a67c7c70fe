/** Who looks less often than this, such as a computer that slept, has not watched: the counting begins anew. */
const longestGapMs = 10_000;

/**
 * Knows for how long a file has stood still, counted by this process alone and only while it looks. Clocks that are set
 * back or forward, other machines' clocks and sleep have no say in it.
 */
export class Watch {
  readonly #now: () => number;
  readonly #seen = new Map<string, { readonly mark: number; readonly since: number; readonly last: number }>();

  /** @param now milliseconds on a clock that nobody sets */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Milliseconds since `mark`, such as the time of the last change, was first seen as it is. */
  stillFor(file: string, mark: number): number {
    const now = this.#now();
    const seen = this.#seen.get(file);
    const isWatched = seen !== undefined && seen.mark === mark && now - seen.last < longestGapMs;
    const since = isWatched ? seen.since : now;
    this.#seen.set(file, { mark, since, last: now });
    return now - since;
  }

  forget(file: string): void {
    this.#seen.delete(file);
  }
}
