import type { Failure } from '../../core/failure.ts';
import { failureOf } from '../../jobs/failures.ts';
import type { Account, ServiceClient } from '../../service/types.ts';
import { type Comparison, compareCatalogue, otherPrices, strangers } from './comparison.ts';
import type { Found } from './serviceFacts.ts';

/** The catalogue held against the model page. */
export interface ReadCatalogue {
  readonly comparisons: readonly Comparison[];
  readonly strangers: ReturnType<typeof strangers>;
}

/** What can be found out about a service without a picture. */
export interface FreePart {
  readonly account: Account | { readonly failure: Failure };
  /** `missing`: the service has no page of the model. */
  readonly catalogue: ReadCatalogue | { readonly failure: Failure } | 'missing';
  /** Those that differ from the model page's; undefined where none does, `unknown` where no catalogue was read. */
  readonly prices: Found['prices'] | 'unknown';
}

/** Asks what costs nothing: is the key valid, what is left on the account, what does the catalogue say. */
export async function askFree(client: Pick<ServiceClient, 'account' | 'catalogue'>, now: number): Promise<FreePart> {
  const account = await client.account().catch((error: unknown) => ({ failure: failureOf(error, false) }));
  if (endsCheck(account)) return { account, catalogue: 'missing', prices: 'unknown' };
  try {
    const catalogue = await client.catalogue();
    if (!catalogue) return { account, catalogue: 'missing', prices: 'unknown' };
    const other = otherPrices(catalogue);
    return {
      account,
      catalogue: { comparisons: compareCatalogue(catalogue), strangers: strangers(catalogue) },
      prices: other && { ...other, at: now },
    };
  } catch (error) {
    const failure = failureOf(error, false);
    return { account, catalogue: failure.status === 404 ? 'missing' : { failure }, prices: 'unknown' };
  }
}

/** True where there is no use in asking for more. */
export function endsCheck(account: FreePart['account']): account is { readonly failure: Failure } {
  return 'failure' in account && ['key-missing', 'key-refused', 'network'].includes(account.failure.kind);
}
