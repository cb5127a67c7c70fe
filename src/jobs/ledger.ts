import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Mills } from '../core/modelCard.ts';
import { createDurably, makeFolderDurably, writeDurably } from './durable.ts';
import { LedgerEntry } from './ledgerEntry.ts';
import {
  dayOf,
  daysAround,
  type LedgerLine,
  linesOf,
  nameOf,
  type Reservation,
  type Settlement,
  spentOf,
} from './ledgerLines.ts';
import { type Caller, LimitError, type Limits, type Refusal, refusalOf, type Spent } from './limits.ts';

interface LedgerParts {
  /** Holds a folder for each day; shared by all windows and workspaces. */
  readonly folder: string;
  /** As the settings are now. */
  readonly limits: () => Limits;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: (line: string) => void;
}

/** How often a request is tried when another window's undecided one may be all that stands in its way. */
const tries = 4;
/** The longest pause between two tries, in milliseconds. */
const longestPause = 80;

/**
 * What was bought, and what may yet be: a folder for each local day, and in it a file for each job, made before anything is
 * sent, and one more when it is known what the job cost. No file is written again, and none but that of a refused request is
 * taken away; so whoever reads a folder while others write sees too much at worst.
 *
 * The limits hold over all windows without a lock: a job's file is there first, and only then is the day added up with it
 * in. Of two windows that do so at once, the one whose file came later sees both.
 */
export class Ledger {
  readonly #parts: LedgerParts;
  /** Requests of this window are decided one after the other, so that none is refused for one that is refused itself. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: LedgerParts) {
    this.#parts = parts;
  }

  /**
   * Sets the highest price of a job aside, on the day it was created. Throws `LimitError`, and then nothing is set aside
   * and nothing may be sent.
   */
  reserve(asked: Reservation, entry: LedgerEntry): Promise<void> {
    const reserving = this.#last.then(() => this.#reserve(asked, entry));
    this.#last = reserving.catch(() => undefined); // Whoever asked is told; the next one is decided all the same.
    return reserving;
  }

  /**
   * Says what a job cost. What is known replaces what is not; otherwise the first word stands, so that it can be said
   * again. A job that is not in the ledger is left out of it. Throws what the disk throws: the job then counts at its
   * highest price.
   */
  async settle(jobId: string, settlement: Settlement, entry: LedgerEntry): Promise<void> {
    for (const day of daysAround(entry.createdAt)) {
      const line = (await this.#linesOf(day)).find((other) => other.jobId === jobId);
      if (!line) continue;
      if (line.settlement && (line.settlement.outcome !== 'unknown' || settlement.outcome === 'unknown')) return;
      const name = nameOf(line, settlement);
      if (name === undefined) throw new Error(`${settlement.amount} is no amount`);
      // Another workspace's window may end a job: where it came from stands in what was set aside.
      const words = { ...entry, ...(await this.entryOf(line)), end: entry.end };
      return writeDurably(join(this.#parts.folder, day, name), JSON.stringify(words));
    }
  }

  /** What is spent today. Throws `LimitError` where that cannot be read. */
  async spentToday(workspace: string): Promise<Spent> {
    return spentOf(await this.#linesOf(dayOf(this.#parts.now())).catch(refuseUnreadable), workspace);
  }

  /** The limits as they are now. */
  get limits(): Limits {
    return this.#parts.limits();
  }

  /** Why a request that can cost this much would be refused now. For asking early; `reserve` decides. */
  async refusal(highest: Mills, caller: Caller, workspace: string): Promise<Refusal | undefined> {
    try {
      return refusalOf(highest, caller, await this.spentToday(workspace), this.limits);
    } catch (error) {
      if (error instanceof LimitError) return error.refusal;
      throw error;
    }
  }

  /** Every job there is, the oldest first. */
  async lines(): Promise<LedgerLine[]> {
    const days = (await namesIn(this.#parts.folder)).filter((name) => /^\d{4}-\d\d-\d\d$/.test(name)).sort();
    const lines: LedgerLine[] = [];
    for (const day of days) lines.push(...(await this.#linesOf(day)));
    return lines;
  }

  /** The words that belong to a job; undefined where they are damaged. */
  async entryOf(line: LedgerLine): Promise<LedgerEntry | undefined> {
    const names = [nameOf(line, line.settlement), nameOf(line)];
    for (const name of names) {
      // A damaged file costs words; the job is shown with what its name says.
      const text = name && (await readFile(join(this.#parts.folder, line.day, name), 'utf8').catch(() => ''));
      const parsed = text ? LedgerEntry.safeParse(parseJson(text)) : undefined;
      if (parsed?.success && parsed.data.jobId === line.jobId) return parsed.data;
    }
    return undefined;
  }

  async #reserve(asked: Reservation, entry: LedgerEntry): Promise<void> {
    const day = dayOf(entry.createdAt);
    const name = nameOf(asked);
    if (name === undefined) throw new LimitError({ kind: 'price-unknown' });
    const file = join(this.#parts.folder, day, name);
    for (let count = 1; ; count++) {
      const refusal = await this.#setAside(asked, entry, file).catch(async (error: unknown) => {
        // A file that was there before belongs to a job that counts.
        if (detailOf(error) !== 'EEXIST') await this.#takeBack(file);
        return refuseUnreadable(error);
      });
      if (!refusal) return;
      await this.#takeBack(file);
      if (count === tries) throw new LimitError(refusal);
      // Another window may have seen this request as this one saw that window's, and both have stood back.
      await new Promise((resolve) => setTimeout(resolve, 1 + Math.random() * longestPause));
      const others = await this.#linesOf(day).catch(refuseUnreadable);
      if (this.#judge(asked, others)) throw new LimitError(refusal);
    }
  }

  async #setAside(asked: Reservation, entry: LedgerEntry, file: string): Promise<Refusal | undefined> {
    const day = dayOf(entry.createdAt);
    await makeFolderDurably(join(this.#parts.folder, day));
    await createDurably(file, JSON.stringify(entry));
    const lines = await this.#linesOf(day);
    const others = lines.filter(({ jobId }) => jobId !== asked.jobId);
    if (others.length === lines.length) throw new Error('what was just written is not there');
    return this.#judge(asked, others);
  }

  #judge({ highest, caller, workspace }: Reservation, others: readonly LedgerLine[]): Refusal | undefined {
    return refusalOf(highest, caller, spentOf(others, workspace), this.limits);
  }

  /** A file that cannot be taken away goes on counting, which is safe. */
  async #takeBack(file: string): Promise<void> {
    await rm(file, { force: true }).catch((error: unknown) =>
      this.#parts.log(`A refused request still counts in the ledger: ${detailOf(error)}`),
    );
  }

  async #linesOf(day: string): Promise<LedgerLine[]> {
    return linesOf(day, await namesIn(join(this.#parts.folder, day)));
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
}

function refuseUnreadable(error: unknown): never {
  throw new LimitError({ kind: 'unreadable', detail: detailOf(error) }, { cause: error });
}

function detailOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error ? String(error.code) : error.message;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // The schema says that it cannot be read.
  }
}
