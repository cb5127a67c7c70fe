import type { Mills } from '../core/modelCard.ts';
import type { Caller, Spent } from './limits.ts';

/** How a job ended for the purse. `unknown`: it may have been billed, so it counts at its highest price. */
export type Outcome = 'paid' | 'nothing' | 'unknown';

/** What a job ended with, in thousandths of a dollar. */
export interface Settlement {
  readonly outcome: Outcome;
  readonly amount: Mills;
}

/** What the limits need to know of a job that may cost money. */
export interface Reservation {
  readonly jobId: string;
  readonly highest: Mills;
  readonly caller: Caller;
  /** The workspace's storage key. */
  readonly workspace: string;
  readonly variant: string;
}

/**
 * One job in the ledger, as the names of its files say. The limits rest on names alone: the content of a file may be lost
 * in a crash, its name is not.
 */
export interface LedgerLine extends Reservation {
  /** Local date, yyyy-mm-dd. */
  readonly day: string;
  /** Undefined while the job has not ended. */
  readonly settlement: Settlement | undefined;
}

const pattern =
  /^([0-9a-z-]{1,64})_(\d{1,9})_(person|agent)_([0-9a-z-]{1,64})_([0-9a-z.-]{1,64})(?:_(paid|nothing|unknown)_(\d{1,9}))?\.json$/;

/**
 * The name of the file that reserves a job's highest price, or, with a settlement, of the one that says what it cost.
 * Undefined where an amount or a name cannot be written in one.
 */
export function nameOf(
  { jobId, highest, caller, workspace, variant }: Reservation,
  settlement?: Settlement,
): string | undefined {
  const parts = [jobId, highest, caller, workspace, variant];
  const name = `${[...parts, ...(settlement ? [settlement.outcome, settlement.amount] : [])].join('_')}.json`;
  return pattern.test(name) ? name : undefined;
}

/** The jobs of a day by the names of the files in its folder, the oldest first. What is not ours is not looked at. */
export function linesOf(day: string, names: readonly string[]): LedgerLine[] {
  const lines = new Map<string, LedgerLine>();
  for (const name of names) {
    const line = lineOf(day, name);
    if (!line) continue;
    const known = lines.get(line.jobId);
    lines.set(line.jobId, known ? { ...line, settlement: better(known.settlement, line.settlement) } : line);
  }
  return [...lines.values()].sort((a, b) => (a.jobId < b.jobId ? -1 : 1));
}

function lineOf(day: string, name: string): LedgerLine | undefined {
  const match = pattern.exec(name);
  if (!match) return undefined;
  const [, jobId = '', highest, caller, workspace = '', variant = '', outcome, amount] = match;
  return {
    day,
    jobId,
    highest: Number(highest),
    caller: caller as Caller,
    workspace,
    variant,
    settlement: outcome === undefined ? undefined : { outcome: outcome as Outcome, amount: Number(amount) },
  };
}

/** What is known beats what is not; of two amounts the higher one counts. */
function better(one: Settlement | undefined, other: Settlement | undefined): Settlement | undefined {
  if (!one || !other) return one ?? other;
  if ((one.outcome === 'unknown') !== (other.outcome === 'unknown')) return one.outcome === 'unknown' ? other : one;
  return one.amount >= other.amount ? one : other;
}

/** What a job counts for: what it cost where that is known, the most it can cost where not. */
export function countedFor({ settlement, highest }: LedgerLine): Mills {
  return settlement && settlement.outcome !== 'unknown' ? settlement.amount : highest;
}

/** Adds up one day. */
export function spentOf(lines: readonly LedgerLine[], workspace: string): Spent {
  const sum = (counts: (line: LedgerLine) => boolean) =>
    lines.filter(counts).reduce((total, line) => total + countedFor(line), 0);
  return {
    day: sum(() => true),
    workspace: sum((line) => line.workspace === workspace),
    agent: sum((line) => line.caller === 'agent'),
  };
}

/** The local date of a time, as yyyy-mm-dd. `time` in milliseconds since 1970. */
export function dayOf(time: number): string {
  const date = new Date(time);
  const two = (part: number) => String(part).padStart(2, '0');
  return `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The local dates from two days before to two days after: a job is looked for in these, wherever its user has travelled. */
export function daysAround(time: number): string[] {
  const date = new Date(time);
  return [0, -1, 1, -2, 2].map((days) =>
    dayOf(new Date(date.getFullYear(), date.getMonth(), date.getDate() + days, 12).getTime()),
  );
}
