import type { Mills } from '../../core/modelCard.ts';
import { countedFor, type LedgerLine } from '../../jobs/ledgerLines.ts';

/** Sums over some jobs, in thousandths of a dollar. */
export interface Sum {
  readonly requests: number;
  /** What is known to have been paid. */
  readonly paid: Mills;
  /** Of jobs whose price is not known: the most that they can have cost. */
  readonly open: Mills;
}

/** The same sums over the three spans that are shown. */
export interface Spans {
  readonly today: Sum;
  readonly month: Sum;
  readonly all: Sum;
}

/** Where the money went. */
export interface Summary extends Spans {
  /** By storage key, by variant and by kind of caller; what cost most comes first. */
  readonly byWorkspace: readonly (readonly [string, Spans])[];
  readonly byVariant: readonly (readonly [string, Spans])[];
  readonly byCaller: readonly (readonly [string, Spans])[];
}

/** Adds everything up. `today` is a local date, yyyy-mm-dd. */
export function summaryOf(lines: readonly LedgerLine[], today: string): Summary {
  return {
    ...spansOf(lines, today),
    byWorkspace: grouped(lines, today, ({ workspace }) => workspace),
    byVariant: grouped(lines, today, ({ variant }) => variant),
    byCaller: grouped(lines, today, ({ caller }) => caller),
  };
}

function spansOf(lines: readonly LedgerLine[], today: string): Spans {
  const month = today.slice(0, 'yyyy-mm'.length);
  return {
    today: sumOf(lines.filter(({ day }) => day === today)),
    month: sumOf(lines.filter(({ day }) => day.startsWith(month))),
    all: sumOf(lines),
  };
}

function sumOf(lines: readonly LedgerLine[]): Sum {
  let paid = 0;
  let open = 0;
  for (const line of lines) {
    if (isKnown(line)) paid += countedFor(line);
    else open += countedFor(line);
  }
  return { requests: lines.length, paid, open };
}

/** True once it is known what a job cost. */
export function isKnown({ settlement }: LedgerLine): boolean {
  return settlement !== undefined && settlement.outcome !== 'unknown';
}

function grouped(
  lines: readonly LedgerLine[],
  today: string,
  keyOf: (line: LedgerLine) => string,
): (readonly [string, Spans])[] {
  const groups = Map.groupBy(lines, keyOf);
  return [...groups]
    .map(([key, group]) => [key, spansOf(group, today)] as const)
    .sort(([, a], [, b]) => b.all.paid + b.all.open - (a.all.paid + a.all.open));
}
