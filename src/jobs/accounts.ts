import type { Failure } from '../core/failure.ts';
import type { Mills } from '../core/modelCard.ts';
import type { Ledger } from './ledger.ts';
import type { LedgerEntry } from './ledgerEntry.ts';
import { callerOf, isMills } from './limits.ts';
import type { JobRecord } from './record.ts';

/** Where an engine has its jobs paid for. */
export interface Accounts {
  /** Sets the highest price of a new job aside. Throws `LimitError` where it does not fit, and then nothing may be sent. */
  reserve(record: JobRecord): Promise<void>;
  /** Says what a job that has ended cost. Doing it again changes nothing. */
  settle(record: JobRecord): Promise<void>;
}

/** What the ledger should say beside a job's own facts. */
interface Place {
  /** The workspace's storage key, and its name for people. */
  readonly workspace: string;
  readonly workspaceName: string;
  /** Host name of the service. */
  readonly service: string;
}

/** Keeps the jobs that one workspace sends to one service in the ledger. */
export function accountsIn(ledger: Pick<Ledger, 'reserve' | 'settle'>, place: Place): Accounts {
  return {
    reserve: (record) =>
      ledger.reserve(
        {
          jobId: record.id,
          highest: record.highestPrice,
          caller: callerOf(record.askedBy),
          workspace: place.workspace,
          variant: record.request.variant,
        },
        entryOf(record, place),
      ),
    settle: (record) => {
      const { actualPrice, highestPrice } = record;
      const outcome = actualPrice === undefined ? 'unknown' : actualPrice === 0 ? 'nothing' : 'paid';
      return ledger.settle(record.id, { outcome, amount: actualPrice ?? highestPrice }, entryOf(record, place));
    },
  };
}

/** How many characters of a prompt the ledger keeps. */
const promptLength = 80;

function entryOf(record: JobRecord, { workspaceName, service }: Place): LedgerEntry {
  const { request, status, expectedSize, billedImages } = record;
  const hasEnded = status.state === 'done' || status.state === 'failed';
  return {
    version: 1,
    jobId: record.id,
    createdAt: record.createdAt,
    workspaceName,
    service,
    askedBy: record.askedBy,
    prompt: [...request.prompt].slice(0, promptLength).join(''),
    highestCount: record.highestCount,
    resolution: request.resolution,
    ...(expectedSize && { askedSize: expectedSize }),
    ...(hasEnded && {
      end: {
        at: status.endedAt,
        pictures: record.results.map(({ width, height }) => ({ width, height })),
        ...(billedImages !== undefined && { billedImages }),
      },
    }),
  };
}

/**
 * What a job cost, in thousandths of a dollar: the pictures that the service says it billed, else those it delivered.
 * Undefined where more may have been billed than is known.
 */
export function actualPriceOf(
  { billedImages, highestPrice, highestCount }: Pick<JobRecord, 'billedImages' | 'highestPrice' | 'highestCount'>,
  end: { readonly delivered: number; readonly isCertain: boolean } | Failure,
): Mills | undefined {
  if (highestCount === 0) return undefined; // of a damaged entry
  // By the price that was known when it was sent.
  const price = highestPrice / highestCount;
  if (isMills(billedImages)) return billedImages * price;
  if ('kind' in end) return end.mayBeBilled ? undefined : 0;
  return end.isCertain ? end.delivered * price : undefined;
}
