import type { LedgerEntry } from '../../jobs/ledgerEntry.ts';
import { countedFor, type LedgerLine } from '../../jobs/ledgerLines.ts';
import { type Cell, csvOf } from './csv.ts';
import { isKnown } from './summary.ts';

/** A job of the ledger with the words that belong to it, as far as they are not damaged. */
export interface Line {
  readonly line: LedgerLine;
  readonly entry: LedgerEntry | undefined;
}

/** What is exported of a job; amounts in US dollars. The names are those of the columns and fields. */
function exportedOf({ line, entry }: Line): Record<string, Cell> {
  const dollars = (mills: number) => mills / 1000;
  return {
    day: line.day,
    createdAt: entry && new Date(entry.createdAt).toISOString(),
    endedAt: entry?.end && new Date(entry.end.at).toISOString(),
    workspace: entry?.workspaceName,
    workspaceKey: line.workspace,
    service: entry?.service,
    caller: line.caller,
    askedBy: entry?.askedBy,
    model: line.variant,
    prompt: entry?.prompt,
    picturesAskedFor: entry?.highestCount,
    resolution: entry?.resolution,
    askedSize: entry?.askedSize && `${entry.askedSize.width}x${entry.askedSize.height}`,
    picturesReceived: entry?.end?.pictures.length,
    receivedSizes: entry?.end?.pictures.map(({ width, height }) => `${width}x${height}`).join(' '),
    picturesBilled: entry?.end?.billedImages,
    highestPrice: dollars(line.highest),
    actualPrice: isKnown(line) ? dollars(countedFor(line)) : undefined,
    countedAs: dollars(countedFor(line)),
    state: line.settlement?.outcome ?? 'not ended',
    job: line.jobId,
  };
}

const columns = Object.keys(
  exportedOf({
    line: { day: '', jobId: '', highest: 0, caller: 'person', workspace: '', variant: '', settlement: undefined },
    entry: undefined,
  }),
);

/** Every job as comma-separated values, under a line of names. */
export function exportedCsv(lines: readonly Line[]): string {
  return csvOf([columns, ...lines.map((line) => Object.values(exportedOf(line)))]);
}

/** Every job as JSON. What is not known is left out. */
export function exportedJson(lines: readonly Line[]): string {
  return `${JSON.stringify(lines.map(exportedOf), undefined, 2)}\n`;
}
