/** Requests within the last minute. */
export class RateLimit {
  #times: number[] = [];

  /** Counts a request at `now` (ms). Returns undefined, or after how many whole seconds there is room again. */
  admit(now: number, perMinute: number | null): number | undefined {
    if (perMinute === null) return undefined;
    this.#times = this.#times.filter((time) => time > now - 60_000);
    if (this.#times.length < perMinute) {
      this.#times.push(now);
      return undefined;
    }
    const oldest = this.#times[0] ?? now;
    return Math.max(1, Math.ceil((oldest + 60_000 - now) / 1000));
  }

  clear(): void {
    this.#times = [];
  }
}
