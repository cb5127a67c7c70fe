import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from './faults.ts';

/** An HTTP answer before it is sent, so that faults can still replace it. */
export interface Answer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: Buffer;
}

export function jsonAnswer(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: Buffer.from(JSON.stringify(value)),
  };
}

/** The OpenAI-compatible error envelope. */
export function errorAnswer(status: number, code: string, message: string, param: string | null = null): Answer {
  const type = status >= 500 ? 'server_error' : status === 429 ? 'rate_limit_error' : 'invalid_request_error';
  return jsonAnswer(status, { error: { message, type, code, param } });
}

/** What a fault puts in the place of the true answer; undefined when it leaves the answer as it is. */
export function answerOfFault(fault: Fault | undefined): Answer | undefined {
  switch (fault?.kind) {
    case 'status': {
      const status = fault.status ?? 500;
      const [code, message] = ordinaryErrors[status] ?? ['internal_error', 'Something went wrong.'];
      const answer = errorAnswer(status, fault.code ?? code, fault.message ?? message);
      const headers =
        fault.retryAfter === undefined
          ? answer.headers
          : { ...answer.headers, 'retry-after': String(fault.retryAfter) };
      return { ...answer, headers };
    }
    case 'html-page':
      return {
        status: fault.status ?? 200,
        headers: { 'content-type': 'text/html; charset=utf-8' },
        body: Buffer.from(htmlPage),
      };
    case 'malformed-json':
      return {
        status: fault.status ?? 200,
        headers: { 'content-type': 'application/json' },
        body: Buffer.from('{"job_id": "job_'),
      };
    case 'empty-body':
      return { status: fault.status ?? 200, headers: { 'content-type': 'application/json' }, body: Buffer.alloc(0) };
    case undefined:
    default:
      return undefined;
  }
}

/** Sends an answer, as the fault wants it: cut in the middle, or in small pieces. */
export async function send(response: ServerResponse, { status, headers, body }: Answer, fault?: Fault): Promise<void> {
  if (response.destroyed) return;
  response.writeHead(status, { 'content-length': String(body.length), ...headers });
  if (fault?.kind === 'drop-inside-answer') {
    await new Promise<void>((resolve) =>
      response.write(body.subarray(0, Math.floor(body.length / 2)), () => resolve()),
    );
    response.destroy();
    return;
  }
  if (fault?.kind === 'slow-drip') {
    const piece = fault.pieceBytes ?? Math.max(1, Math.ceil(body.length / 20));
    for (let at = 0; at < body.length && !response.destroyed; at += piece) {
      response.write(body.subarray(at, at + piece));
      await sleep(fault.ms ?? 20);
    }
  }
  response.end(fault?.kind === 'slow-drip' ? undefined : body);
}

const ordinaryErrors: Readonly<Record<number, readonly [string, string]>> = {
  400: ['invalid_parameter', 'The request is not valid.'],
  401: ['invalid_api_key', 'The API key is not valid.'],
  402: ['insufficient_credits', 'The account has not enough credits.'],
  403: ['access_denied', 'Access denied.'],
  404: ['not_found', 'Not found.'],
  413: ['request_too_large', 'The request body is too large.'],
  429: ['rate_limit_exceeded', 'Too many requests.'],
  500: ['internal_error', 'Something went wrong.'],
  502: ['upstream_error', 'The provider returned an error.'],
  503: ['model_unavailable', 'The worker is temporarily offline. Retry shortly.'],
  504: ['upstream_timeout', 'The provider did not answer in time.'],
};

const htmlPage =
  '<!DOCTYPE html><html><head><title>Service notice</title></head><body><h1>Please come back later</h1></body></html>';
