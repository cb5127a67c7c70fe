/** Longer waits are cut to this: an hour, in milliseconds. */
const longest = 3_600_000;

/** Header values by lowercase name, as node:http and undici give them. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * How long an answer asks to wait, in milliseconds from `now`, 0 to one hour: Retry-After as seconds or date, else the
 * moment when an x-ratelimit window starts anew. The service documents none of these; all are read if present.
 */
export function retryAfterMs(headers: Headers, now: number): number | undefined {
  const readings = [
    milliseconds(header(headers, 'retry-after-ms')),
    waitOf(header(headers, 'retry-after'), now),
    waitOf(header(headers, 'x-ratelimit-reset-requests'), now),
    waitOf(header(headers, 'x-ratelimit-reset'), now),
  ];
  const wait = readings.find((reading) => reading !== undefined);
  return wait === undefined ? undefined : Math.round(Math.min(longest, Math.max(0, wait)));
}

/** The first value of a header, trimmed. */
export function header(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return (typeof value === 'string' ? value : value?.[0])?.trim();
}

function milliseconds(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}(\.\d{1,15})?$/.test(text) ? Number(text) : undefined;
}

/** Seconds to wait, a moment as Unix time in seconds or milliseconds, a length such as `1m30s`, or a date. */
function waitOf(text: string | undefined, now: number): number | undefined {
  if (text === undefined || text === '') return undefined;
  const number = milliseconds(text);
  if (number !== undefined) {
    if (number >= 1e11) return number - now;
    return number >= 1e9 ? number * 1000 - now : number * 1000;
  }
  const length = /^(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6}(?:\.\d{1,6})?)s)?(?:(\d{1,9})ms)?$/.exec(text);
  if (length) {
    const [, hours = '0', minutes = '0', seconds = '0', thousandths = '0'] = length;
    return (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000 + Number(thousandths);
  }
  // Date.parse takes nearly anything that holds a number for a date.
  const date = /[a-z]{3}.*\d{4}|^\d{4}-\d\d-\d\d/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : date - now;
}
