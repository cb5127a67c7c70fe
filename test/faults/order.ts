import type { DiskFault } from './window/gate.ts';

/** What a window is told to do: open the journal below a folder, run a request if there is one, and let everything come to rest. */
export interface Order {
  /** Holds `vault`, `spool` and `workspace`. A path without links. */
  readonly root: string;
  readonly serviceUrl: string;
  /** The user's click on Run; without it the window is only opened. */
  readonly action: { readonly draftId: string; readonly request: object } | undefined;
  readonly diskFault: DiskFault | undefined;
  /** How far the machine's clock is off, and a change of it some time after the start; milliseconds. */
  readonly clockOff: number;
  readonly clockJump: { readonly afterMs: number; readonly byMs: number } | undefined;
  /** The window is closed when this has passed, at rest or not. */
  readonly patienceMs: number;
  /** Writes down what is needed to play the loss of power. */
  readonly isRecording: boolean;
}

/** What the user has been shown of a job, in the order in which it was shown. Appended to `told.jsonl` before the window goes on. */
export interface Told {
  readonly jobId: string;
  readonly draftId: string;
  readonly state: string;
  /** Of a job that has failed, or of a request that could not even be started. */
  readonly failure: { readonly kind: string; readonly mayBeBilled: boolean } | undefined;
  /** Pictures said to be missing. */
  readonly missing: number;
  readonly results: readonly ToldResult[];
}

interface ToldResult {
  readonly id: string;
  /** Absolute path in the vault. */
  readonly file: string;
  readonly savedAs: string | undefined;
}

/** What a window says when it is closed. */
export interface Report {
  /** Nothing was left to do. */
  readonly isAtRest: boolean;
  /** Every job in the list, as it was shown last. */
  readonly jobs: readonly Told[];
  /** What the user was told of a request that could not be started. */
  readonly refused: Told | undefined;
  /** Pictures that this window has saved. */
  readonly savedCount: number;
  /** Operations on files other than reading. */
  readonly steps: number;
  readonly log: readonly string[];
}
