import type { IncomingMessage } from 'node:http';
import { errorAnswer } from './answer.ts';
import type { Answer } from './answer.ts';
import type { LoggedRequest } from './tally.ts';
import type { Twin } from './twin.ts';

const prefix = 'sk-empiriolabs-';

/** Keys that begin like this are told that they are not valid, and keys of an account without credit. For trying these cases out. */
const refusedPrefix = `${prefix}refused`;
const brokePrefix = `${prefix}broke`;

/** Where the request carries a key, for the log; never the key itself. */
export function keyIn(request: IncomingMessage): LoggedRequest['keyIn'] {
  if (request.headers.authorization !== undefined) return 'authorization';
  return request.headers['x-api-key'] === undefined ? 'none' : 'x-api-key';
}

/** Lets a request of the account in, or answers why not: 401 for its key, 429 when the account's minute is used up. */
export function admit(twin: Twin, request: IncomingMessage): Answer | undefined {
  const key = keyOf(request);
  if (key === undefined || key === '') return errorAnswer(401, 'missing_api_key', 'No API key was given.');
  if (!key.startsWith(prefix) || key.startsWith(refusedPrefix))
    return errorAnswer(401, 'invalid_api_key', 'The API key is not valid.');
  const waitSeconds = twin.rateLimit.admit(twin.clock(), twin.behaviour.requestsPerMinute);
  if (waitSeconds === undefined) return undefined;
  const answer = errorAnswer(429, 'rate_limit_exceeded', 'Too many requests for this account.');
  return { ...answer, headers: { ...answer.headers, 'retry-after': String(waitSeconds) } };
}

export function isBroke(request: IncomingMessage): boolean {
  return keyOf(request)?.startsWith(brokePrefix) === true;
}

function keyOf({ headers }: IncomingMessage): string | undefined {
  const bearer = /^Bearer +(.*)$/i.exec(headers.authorization ?? '')?.[1];
  const named = headers['x-api-key'];
  return bearer?.trim() ?? (Array.isArray(named) ? named[0] : named);
}
