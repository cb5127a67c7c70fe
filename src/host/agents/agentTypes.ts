import type { Severity } from '../../core/problem.ts';
import type { Outside, WanImageError } from '../api/wanImageStudio.ts';

/** Something that a caller can mend, or should know before it pays. */
export interface AgentProblem {
  /** A word that stays the same in every language. */
  readonly code: string;
  /** The field of the call's input, deeper places with dots; empty for all of it. */
  readonly field: string;
  readonly severity: Severity;
  readonly sentence: string;
  /** What would remove it, in words. */
  readonly fix?: string;
}

/** A file that a call is about. */
export interface AgentFile {
  readonly absolutePath: string;
  /** As people see it: from the workspace folder on, with that folder's name where there are several. */
  readonly relativePath: string;
}

/** A small copy of a picture. */
export interface Preview {
  readonly mime: string;
  readonly bytes: Uint8Array;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

/** A picture that became a file. */
export interface AgentPicture extends AgentFile {
  /** Read from the file: pixels, format, and bytes. */
  readonly width: number;
  readonly height: number;
  readonly format: string;
  readonly byteLength: number;
  /** After an edit in boxes: what it has outside them. */
  readonly outside?: Outside;
  /** Left out where none could be made. */
  readonly preview?: Preview;
}

/** What a call has come to. */
export interface AgentAnswer {
  readonly kind: 'made';
  /** Of the job; the recipe in the files belongs to it, and the history shows it. */
  readonly jobId: string;
  readonly pictures: readonly AgentPicture[];
  /** Thousandths of a dollar; left out where nobody can say. 0 for placeholders. */
  readonly cost?: number;
  /** Placeholders that were drawn on this machine. */
  readonly isPractice: boolean;
  /** The same call had been made before: this is what it brought then, and nothing was paid again. */
  readonly wasMadeBefore: boolean;
  /** Pictures that were asked for and did not come. */
  readonly missing: number;
  /** What the caller should know: warnings and notes. */
  readonly problems: readonly AgentProblem[];
}

/** What stands in the way of a call; nothing was sent. */
export interface AgentProblems {
  readonly kind: 'problems';
  readonly problems: readonly AgentProblem[];
}

/** What a call would come to. */
export interface AgentCheck {
  readonly canRun: boolean;
  /** The most it can cost, thousandths of a dollar; 0 in practice mode, left out where nobody can say. */
  readonly highestPrice?: number;
  readonly isPractice: boolean;
  readonly targets: readonly (AgentFile & { readonly exists: boolean })[];
  readonly problems: readonly AgentProblem[];
}

/** A call that failed in a way that another input does not mend. Its message says what happened and what to do next. */
export class AgentError extends Error implements WanImageError {
  override readonly name = 'AgentError';
  /** Pictures may exist, or may have been paid for: the same must not be bought again before somebody has looked. */
  readonly mayExist: boolean;

  constructor(message: string, mayExist: boolean, options?: ErrorOptions) {
    super(message, options);
    this.mayExist = mayExist;
  }
}
