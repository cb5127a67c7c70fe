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

function amountOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'string')
    return /^-?\$?\d+(\.\d+)?$/.test(value.trim()) ? Number(value.replace('$', '')) : undefined;
  if (!isObject(value)) return undefined;
  return ['amount', 'value', 'usd', 'balance', 'remaining', 'available']
    .map((name) => amountOf(value[name]))
    .find((amount) => amount !== undefined);
}
