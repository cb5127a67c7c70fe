/** A line of the log as the problem report finds it: not scrubbed, so nothing but the report may read it. */
export interface RecentLine {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly level: 'info' | 'error';
  readonly line: string;
  /** The error in words: its name, message, stack and causes. */
  readonly error?: string;
}

/** How many lines are kept. */
const most = 60;
/** The longest text that is kept of a line and of an error, in UTF-16 units. */
const longestLine = 2_000;
const longestError = 8_000;

/** The latest lines of the log of this window, in memory alone. */
export class RecentLines {
  readonly #lines: RecentLine[] = [];

  get all(): readonly RecentLine[] {
    return this.#lines;
  }

  add(level: RecentLine['level'], line: string, error?: string): void {
    const kept = { at: Date.now(), level, line: line.slice(0, longestLine) };
    this.#lines.push(error === undefined ? kept : { ...kept, error: error.slice(0, longestError) });
    if (this.#lines.length > most) this.#lines.shift();
  }
}
