import { isObject } from './refusals.ts';
import type { UsageEvent, UsagePage } from './types.ts';

type Json = Readonly<Record<string, unknown>>;

/** One page holds at most this many addresses of one event; a set has twelve pictures. */
const mostAddresses = 24;

/**
 * A page of the account's past requests in an answer of the usage endpoint; undefined where the answer is none. Of an event
 * only some names are documented, and none of its time; so likely names are read, and what is missing or strange is left
 * out. Source: the service dossier, section 1.8.
 */
export function usagePageOf(json: unknown): UsagePage | undefined {
  if (!isObject(json) || (json['error'] !== undefined && json['error'] !== null)) return undefined;
  const list = [json['data'], json['events'], json['usage'], json['items']].find((candidate) =>
    Array.isArray(candidate),
  ) as readonly unknown[] | undefined;
  if (list === undefined) return undefined;
  const next = textOf(json['next_cursor']) ?? (json['has_more'] === true ? textOf(lastId(list)) : undefined);
  return { events: list.filter(isObject).map(eventOf), ...(next !== undefined && { next }) };
}

function eventOf(event: Json): UsageEvent {
  const id = textOf(event['id']);
  const createdAt = timeOf(event);
  const cost = costOf(event['cost']);
  const model = textOf(event['model']);
  const endpoint = textOf(event['endpoint']);
  return {
    ...(id !== undefined && { id }),
    ...(createdAt !== undefined && { createdAt }),
    isError: isError(event),
    ...(cost !== undefined && { cost }),
    ...(model !== undefined && { model }),
    ...(endpoint !== undefined && { endpoint }),
    addresses: addressesOf(event),
  };
}

function isError(event: Json): boolean {
  const status = typeof event['status'] === 'string' ? event['status'].toLowerCase() : '';
  const code = event['status_code'];
  return /error|fail|cancel|refus/.test(status) || (typeof code === 'number' && code >= 400);
}

/** Addresses stand as texts or as objects with one; only those that could be fetched are taken. */
function addressesOf(event: Json): string[] {
  const metadata = isObject(event['metadata']) ? event['metadata'] : {};
  const lists = [event['output_urls'], event['outputs'], metadata['output_urls']];
  const list = lists.find((candidate) => Array.isArray(candidate)) as readonly unknown[] | undefined;
  const single = typeof event['output_urls'] === 'string' ? [event['output_urls']] : [];
  return (list ?? single)
    .map((entry) => (isObject(entry) ? entry['url'] : entry))
    .filter((entry): entry is string => typeof entry === 'string' && /^https?:\/\//i.test(entry))
    .slice(0, mostAddresses);
}

/** Milliseconds since 1970. */
function timeOf(event: Json): number | undefined {
  return ['created_at', 'created', 'timestamp', 'time', 'occurred_at', 'completed_at', 'date']
    .map((name) => momentOf(event[name]))
    .find((moment) => moment !== undefined);
}

function momentOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d{10,13}(\.\d+)?$/.test(value) ? Number(value) : value;
  if (typeof number === 'number') {
    // Seconds until the year 5138, milliseconds from 1973 on.
    const moment = Math.round(number < 1e11 ? number * 1000 : number);
    return moment > 0 && moment < 1e14 ? moment : undefined;
  }
  const parsed = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(parsed) || parsed <= 0 ? undefined : parsed;
}

/** US dollars. */
function costOf(value: unknown): number | undefined {
  const amount = isObject(value) ? value['amount'] : value;
  const number = typeof amount === 'string' && amount.trim() !== '' ? Number(amount.replace('$', '')) : amount;
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : undefined;
}

function lastId(list: readonly unknown[]): unknown {
  const last = list.at(-1);
  return isObject(last) ? last['id'] : undefined;
}

function textOf(value: unknown): string | undefined {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  return text === '' || text.length > 1000 ? undefined : text;
}
