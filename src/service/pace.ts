/** How often and how long things are tried; milliseconds where nothing else is said. */
export interface Pace {
  /** Before the first question about a new job, and between questions, growing by the factor up to the longest. */
  readonly pollFirst: number;
  readonly pollGrowth: number;
  readonly pollLongest: number;
  /** A job that has run this long is late, and is asked about this seldom. */
  readonly lateAfter: number;
  readonly pollLate: number;
  /** A job that the service still calls unfinished after this long is given up. */
  readonly giveUpAfter: number;
  /** Pauses after trouble double from the first to the longest. */
  readonly retryFirst: number;
  readonly retryLongest: number;
  /** A wish of the service to wait longer than this is not followed when polling: finished jobs are forgotten after an hour. */
  readonly retryAfterLongest: number;
  /** How often a single question, or a download, is tried in all. */
  readonly tries: number;
  /** How long the answer to a request may take to begin; the platform itself gives up after 15 minutes. */
  readonly submitTimeout: number;
  /** How long other answers may take to begin, and any answer may pause. */
  readonly talkTimeout: number;
  /**
   * How long a call may take in all, its answer included: one that drips never pauses for long. A request may carry 240 MB
   * over a slow line; the answer about a job may hold its pictures, that about the account is short.
   */
  readonly wholeSubmit: number;
  readonly wholePoll: number;
  readonly wholeAccount: number;
  /** Requests in a minute, of which some are kept free for new jobs. The account's limit is 50. */
  readonly requestsPerMinute: number;
  readonly reservedForSubmits: number;
  /** How long one picture may take to come, with all tries, and how long it may pause. */
  readonly downloadTimeout: number;
  readonly downloadIdle: number;
  /** Bytes of one picture. */
  readonly downloadCeiling: number;
}

/**
 * The pace for the real service. Source: the service dossier, sections 1.2 and 1.6. A job takes a minute as a rule; the
 * provider behind the service forgets its tasks after a day, so that nothing can come of one that is older.
 */
export const usualPace: Pace = {
  pollFirst: 3_000,
  pollGrowth: 1.25,
  pollLongest: 10_000,
  lateAfter: 900_000,
  pollLate: 60_000,
  giveUpAfter: 86_400_000,
  retryFirst: 1_000,
  retryLongest: 60_000,
  retryAfterLongest: 120_000,
  tries: 5,
  submitTimeout: 960_000,
  talkTimeout: 30_000,
  wholeSubmit: 3_600_000,
  wholePoll: 900_000,
  wholeAccount: 60_000,
  requestsPerMinute: 48,
  reservedForSubmits: 4,
  downloadTimeout: 600_000,
  downloadIdle: 60_000,
  downloadCeiling: 67_108_864,
};

/** What is otherwise for the stand-in on this machine, which nobody shares: it is asked sooner and as often as it takes. */
export const practicePace: Partial<Pace> = { pollFirst: 500, requestsPerMinute: 600 };
