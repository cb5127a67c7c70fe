import type { Failure } from '../core/failure.ts';
import type { ResultVersion } from '../core/messages.ts';
import type { ReadyRequest } from '../core/readyRequest.ts';
import type { Downloaded, QueueNews, WaitNews } from '../service/types.ts';
import type { ImageRequest } from '../core/request.ts';
import type { Batch } from './bin.ts';
import type { Intent, JobRecord, JobSource, KeptResult } from './record.ts';
import type { Summary } from './summary.ts';

/** A job as it is now: its journal entry, and what is known only while it runs. */
export interface Job {
  readonly record: JobRecord;
  /** The last word of the service, while the job is waiting in this window. */
  readonly news: WaitNews | undefined;
  /** How the request waits for its turn, while this window has not sent it. */
  readonly queue: QueueNews | undefined;
  /** What holds the job up in this window, such as a refused key or a full disk. It goes on by itself or by `resume`. */
  readonly trouble: Failure | undefined;
}

/** Where a job comes from. */
export interface Origin {
  readonly draftId: string;
  readonly askedBy: string;
  readonly intent: Intent;
  /** The request as it was asked for, where it is sent otherwise: boxes in the pixels of the sources. */
  readonly asked?: ImageRequest;
  readonly sources?: JobSource[];
}

/** A line for each job of a journal. */
export interface History {
  /** In no order. */
  readonly summaries: Summary[];
  /** False while jobs are still being read that no index knows. */
  readonly isWhole: boolean;
}

/** The one entry point for paid work. Everything it promises is durable before it is told. */
export interface Jobs {
  /** Reads the journal and goes on with whatever was left unfinished by a closed window. Call once. */
  open(): Promise<void>;
  /**
   * Starts a job, or returns the one that was already started from the same draft and is still in the list. The journal entry is durable when
   * this resolves. It rejects, and then nothing is sent, with a `LimitError` where a limit stands in the way, and with a
   * ServiceError-like failure of kind 'storage' when the disk does not take the entry. The rest goes on by itself and is told
   * through `onDidChange`.
   */
  start(ready: ReadyRequest, origin: Origin): Promise<Job>;
  /** Stops at once what has not been sent, also while it waits for its turn; otherwise only stops waiting: the result is still collected and offered. */
  cancel(jobId: string): Promise<void>;
  /** Tries again at once what is held up by trouble, such as after the key was changed. */
  resume(): void;
  /** Takes a job that has ended out of the list. */
  dismiss(jobId: string): Promise<void>;
  /** Shows a job again that was taken out of the list. */
  putBack(jobId: string): Promise<void>;
  /**
   * Newest first, without dismissed ones: those that were read or used in this window, among them all that have not ended, the
   * newest twenty, and all whose pictures can be looked for. Older ones rest; `history` has a line for each.
   */
  list(): readonly Job[];
  /** A job at hand. One that rests is brought to hand by `recall`. */
  get(jobId: string): Job | undefined;
  /** A job, also one that rests: from then on it is at hand. Rejects where its entry cannot be read now. */
  recall(jobId: string): Promise<Job | undefined>;
  /** Every job, dismissed ones too. */
  history(): History;
  /** Marks a job as one to keep, or takes the mark away. */
  markFavourite(jobId: string, isFavourite: boolean): Promise<void>;
  /** Deletes jobs that have ended, so that they can be brought back for a while, and answers which went. Others stay. */
  moveToBin(jobIds: readonly string[]): Promise<string[]>;
  /** Brings back what was deleted last, and answers which jobs that was. */
  bringBackLast(): Promise<string[]>;
  /** What can be brought back, oldest first. */
  binned(): Promise<Batch[]>;
  /** Removes for good what was deleted before this moment, in milliseconds since 1970. */
  emptyBin(before: number): Promise<void>;
  /**
   * Gives a picture that was found again to a job that lacks pictures: the file, which is durable and on the vault's disk,
   * is moved into the vault before anybody is told. 'busy' while another window does the same, 'over' where nothing is
   * lacking any more. Rejects with a failure of kind 'storage'.
   */
  attach(jobId: string, file: string, picture: Downloaded): Promise<'kept' | 'busy' | 'over'>;
  /** A kept picture and the absolute path of its file. */
  result(resultId: string): { readonly job: Job; readonly result: KeptResult; readonly file: string } | undefined;
  /** Remembers where a picture was saved, in which version. */
  markSaved(resultId: string, uri: string, version?: ResultVersion): Promise<void>;
  /** Remembers which version of a picture the user wants. */
  markShown(resultId: string, version: ResultVersion): Promise<void>;
  /** Remembers what the first picture of a boxed edit has changed. */
  markChange(jobId: string, change: NonNullable<JobRecord['change']>): Promise<void>;
  /** Puts a picture of a set into a slot, from 0; what lay there takes its old one. A slot that does not exist changes nothing. */
  moveToSlot(resultId: string, slot: number): Promise<void>;
  /** True for one caller only, over all windows: who gets it tells the user that the job has ended. */
  claimAnnouncement(jobId: string): Promise<boolean>;
  /** Called after each durable change, also one made by another window, and on news from the service. */
  onDidChange(listener: (jobId: string) => void): { dispose(): void };
  /** Stops working; nothing is lost, another window or the next start goes on. */
  dispose(): Promise<void>;
}
