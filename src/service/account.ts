import { isObject } from './refusals.ts';
import type { Account } from './types.ts';

const balanceNames = [
  'balance',
  'credit_balance',
  'current_balance',
  'credits',
  'credit',
  'remaining_credits',
  'available_credits',
  'available',
];

/** An amount may be wrapped with its currency, and that once more. */
const deepest = 3;

/**
 * The account in an answer of the usage endpoint, undefined where the answer is none. The name of the balance's field is
 * not documented, so likely names are read; a missing balance still proves the key. Source: the service dossier, section 1.8.
 */
export function accountOf(json: unknown): Account | undefined {
  if (!isObject(json) || (json['error'] !== undefined && json['error'] !== null)) return undefined;
  const nested = [json, json['account'], json['usage'], json['summary']].filter(isObject);
  const balance = nested
    .flatMap((object) => balanceNames.map((name) => amountOf(object[name])))
    .find((amount) => amount !== undefined);
  return balance === undefined ? {} : { balance };
}

function amountOf(value: unknown, depth = 0): number | undefined {
  const number =
    typeof value === 'string' && /^-?\$?\d+(\.\d+)?$/.test(value.trim()) ? Number(value.replace('$', '')) : value;
  // JSON can say 1e999, which reads as infinity.
  if (typeof number === 'number') return Number.isFinite(number) ? number : undefined;
  if (!isObject(value) || depth === deepest) return undefined;
  return ['amount', 'value', 'usd', 'balance', 'remaining', 'available']
    .map((name) => amountOf(value[name], depth + 1))
    .find((amount) => amount !== undefined);
}
