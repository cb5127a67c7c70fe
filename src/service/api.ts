import type { Failure } from '../core/failure.ts';
import type { RequestBody } from './body.ts';
import type { Clock } from './clock.ts';
import { ServiceError, type KnownFailure } from './errors.ts';
import type { Pace } from './pace.ts';
import { isLoopback } from './proxy.ts';
import type { RateLimit } from './rateLimit.ts';
import { type Asked, detailOf, isObject, kindOfAnswer, refusalOf } from './refusals.ts';
import { header, retryAfterMs } from './retryAfter.ts';
import { scrub, scrubDetail } from './scrub.ts';
import {
  type Answer,
  CutAnswer,
  discardPictures,
  type Pictures,
  readAnswer,
  SpoolError,
  spoolLimits,
  textLimits,
} from './spool.ts';
import { describe, type Incoming, type Transport, TransportError } from './transport.ts';
import type { Connection, SubmitOptions } from './types.ts';

/** A key that was read longer ago is read anew before it is sent, in milliseconds. */
const longestOldKey = 500;

/** One call to the service. */
export interface Call {
  /** From `/v1/` on. */
  readonly path: string;
  /** Makes it a POST. */
  readonly body?: RequestBody;
  readonly asked: Asked;
  readonly urgency: 'urgent' | 'patient';
  readonly signal: AbortSignal;
  readonly untilTurn?: AbortSignal | undefined;
  readonly onQueue?: SubmitOptions['onQueue'] | undefined;
  readonly beforeSending?: SubmitOptions['beforeSending'] | undefined;
}

/** A 2xx answer. `json` is undefined where it could not be read to its end, and `trouble` says why. */
export interface Reply {
  readonly json: unknown;
  readonly pictures: Pictures;
  readonly status: number;
  readonly requestId: string | undefined;
  readonly trouble?: Pick<KnownFailure, 'kind' | 'detail'>;
}

/** Calls the service with the key, once each, and turns whatever goes wrong into a ServiceError. */
export class Api {
  readonly #connection: Connection;
  readonly #transport: Transport;
  readonly #rateLimit: RateLimit;
  readonly #clock: Clock;
  readonly #pace: Pace;
  /** The key that was sent last, to take it out of whatever is told. */
  #secrets: readonly string[] = [];

  constructor(connection: Connection, transport: Transport, rateLimit: RateLimit, clock: Clock, pace: Pace) {
    this.#connection = connection;
    this.#transport = transport;
    this.#rateLimit = rateLimit;
    this.#clock = clock;
    this.#pace = pace;
  }

  /** What must not appear in any text. */
  get secrets(): readonly string[] {
    return this.#secrets;
  }

  log(line: string): void {
    this.#connection.log(scrub(line, this.#secrets));
  }

  /** Resolves with a 2xx answer that is JSON or has whole pictures in it; everything else is thrown. */
  async call(call: Call): Promise<Reply> {
    try {
      const url = addressOf(this.#connection.baseUrl, call.path);
      const key = await this.#keyAtTurn(call);
      await call.beforeSending?.();
      call.signal.throwIfAborted();
      const startedAt = this.#clock.now();
      const reply = await this.#exchange(url, key, call);
      if (call.asked.what === 'submit')
        this.log(
          `POST ${call.path} with ${call.body?.byteLength ?? 0} bytes: ${reply.status} after ${this.#clock.now() - startedAt} ms.`,
        );
      return reply;
    } catch (error) {
      const known = this.#errorOf(error, call);
      const { status, retryAfterMs: wish } = known.failure;
      if (known.kind === 'busy' && status === 429 && wish !== undefined) this.#rateLimit.hold(wish);
      if (known.kind !== 'cancelled') this.log(`${call.body ? 'POST' : 'GET'} ${call.path}: ${inOwnWords(known)}`);
      throw known;
    }
  }

  /** A ServiceError for this call, which knows best whether it may have been billed. */
  error(known: Omit<KnownFailure, 'mayBeBilled'>, call: Pick<Call, 'asked' | 'body'>, cause?: unknown): ServiceError {
    return new ServiceError({ ...known, mayBeBilled: mayHaveBeenAccepted(call) }, { cause, secrets: this.#secrets });
  }

  /** The key as it is when the turn has come: the user may have changed it, or the service's address, meanwhile. */
  async #keyAtTurn(call: Call): Promise<string> {
    const key = await this.#key(call);
    const { signal, untilTurn, onQueue } = call;
    const askedAt = this.#clock.now();
    await this.#rateLimit.take(call.urgency, {
      signal: untilTurn ? AbortSignal.any([signal, untilTurn]) : signal,
      onQueue,
    });
    return this.#clock.now() - askedAt < longestOldKey ? key : await this.#key(call);
  }

  async #key(call: Call): Promise<string> {
    const key = (await this.#connection.key())?.trim() ?? '';
    if (key === '') throw this.error({ kind: 'key-missing' }, call);
    this.#secrets = [key];
    if (!/^[\u0021-\u007e]+$/.test(key))
      throw this.error({ kind: 'key-refused', detail: 'The key holds characters that no key has.' }, call);
    return key;
  }

  /** Sends the call and reads its answer, all in the time that such a call may take. */
  async #exchange(url: URL, key: string, call: Call): Promise<Reply> {
    const deadline = new AbortController();
    const timer = setTimeout(
      () => deadline.abort(new TransportError(`${url.host}: the answer did not come to its end in time.`)),
      wholeTime(this.#pace, call.asked.what),
    );
    try {
      const signal = AbortSignal.any([call.signal, deadline.signal]);
      const incoming = await this.#transport.send(this.#outgoing(url, key, call, signal));
      return await this.#read(incoming, url, call);
    } finally {
      clearTimeout(timer);
    }
  }

  #outgoing(url: URL, key: string, { body, asked }: Call, signal: AbortSignal) {
    const headers = {
      authorization: `Bearer ${key}`,
      accept: 'application/json',
      'accept-encoding': 'identity',
      'user-agent': this.#connection.userAgent,
      ...(body ? { 'content-type': 'application/json' } : {}),
    };
    const headersTimeout = asked.what === 'submit' ? this.#pace.submitTimeout : this.#pace.talkTimeout;
    // Pictures inside an answer may take the service a while to write out.
    const idleTimeout = asked.what === 'submit' ? Math.max(120_000, this.#pace.talkTimeout) : this.#pace.talkTimeout;
    return {
      method: body ? ('POST' as const) : ('GET' as const),
      url,
      headers,
      signal,
      headersTimeout,
      idleTimeout,
      ...(body ? { body } : {}),
    };
  }

  async #read(incoming: Incoming, url: URL, call: Call): Promise<Reply> {
    const isGood = incoming.status >= 200 && incoming.status < 300;
    // Whoever leaves early destroys the stream, and an error after that concerns nobody.
    incoming.body.on('error', () => undefined);
    try {
      const limits = isGood && call.asked.what !== 'account' ? spoolLimits : textLimits;
      const answer = await readAnswer(incoming.body, this.#connection.spoolFolder, limits);
      if (isGood) return this.#goodReply(incoming, answer, call);
      throw this.#refused(incoming, answer, call);
    } catch (error) {
      if (!(error instanceof CutAnswer || error instanceof SpoolError)) throw error;
      // A refusal counts even when its words were lost on the way.
      if (!isGood) throw this.#refused(incoming, undefined, call, error.cause);
      return await this.#cutReply(incoming, error, url, call);
    } finally {
      incoming.body.destroy();
    }
  }

  #goodReply(incoming: Incoming, answer: Answer, call: Call): Reply {
    const known = {
      status: incoming.status,
      requestId: this.#requestIdOf(incoming, answer),
      pictures: answer.pictures,
    };
    if (answer.state === 'json') return { ...known, json: answer.json };
    const trouble = { kind: 'unexpected', detail: sentenceOf(answer.state, incoming) } as const;
    return this.#keptOrThrown({ ...known, json: undefined, trouble }, call);
  }

  async #cutReply(incoming: Incoming, error: CutAnswer | SpoolError, url: URL, call: Call): Promise<Reply> {
    if (call.signal.aborted) await discardPictures(error.pictures);
    call.signal.throwIfAborted();
    const trouble =
      error instanceof CutAnswer
        ? ({ kind: 'network', detail: `The answer was cut off. ${cutSentence(error.cause, url)}` } as const)
        : ({ kind: 'storage', detail: `The answer could not be stored: ${error.message}` } as const);
    const known = { status: incoming.status, requestId: this.#requestIdOf(incoming), pictures: error.pictures };
    return this.#keptOrThrown({ ...known, json: undefined, trouble }, call, error.cause);
  }

  /** Pictures were paid for, whatever happened to the rest of the answer. */
  #keptOrThrown(
    reply: Reply & { readonly trouble: NonNullable<Reply['trouble']> },
    call: Call,
    cause?: unknown,
  ): Reply {
    if (reply.pictures.size > 0) return reply;
    throw this.error({ ...reply.trouble, status: reply.status, requestId: reply.requestId }, call, cause);
  }

  #refused(incoming: Incoming, answer: Answer | undefined, call: Call, cause?: unknown): ServiceError {
    const refusal = answer?.state === 'json' ? refusalOf(answer.json) : undefined;
    const failure = {
      kind: kindOfAnswer(incoming.status, refusal, call.asked),
      status: incoming.status,
      requestId: this.#requestIdOf(incoming, answer),
      retryAfterMs: retryAfterMs(incoming.headers, this.#clock.now()),
      detail: refusal
        ? detailOf(refusal)
        : answer && answer.state !== 'json'
          ? sentenceOf(answer.state, incoming)
          : undefined,
    };
    const mayBeBilled =
      call.asked.what === 'submit'
        ? mayBeBilledAt(failure.status, failure.kind, refusal?.code)
        : call.asked.what === 'poll';
    return new ServiceError({ ...failure, mayBeBilled }, { cause, secrets: this.#secrets });
  }

  /** In a form that may be logged and stored, whatever stands there. */
  #requestIdOf(incoming: Incoming, answer?: Answer): string | undefined {
    const inBody = answer?.state === 'json' && isObject(answer.json) ? answer.json['request_id'] : undefined;
    const said =
      header(incoming.headers, 'x-request-id') ??
      header(incoming.headers, 'request-id') ??
      (typeof inBody === 'string' ? inBody : '');
    return scrubDetail(said, this.#secrets) || undefined;
  }

  #errorOf(error: unknown, call: Call): ServiceError {
    if (error instanceof ServiceError) return error;
    const isLeft = call.untilTurn?.aborted === true && error === call.untilTurn.reason;
    if (call.signal.aborted || isLeft) return this.error({ kind: 'cancelled' }, call);
    if (error instanceof TransportError) return this.error({ kind: 'network', detail: error.message }, call, error);
    return this.error(
      { kind: 'unexpected', detail: error instanceof Error ? error.message : String(error) },
      call,
      error,
    );
  }
}

/** False only where it is certain that no complete request has reached a server. */
function mayHaveBeenAccepted({ asked, body }: Pick<Call, 'asked' | 'body'>): boolean {
  return asked.what === 'submit' ? body?.isWhole === true : asked.what === 'poll';
}

/**
 * Whether an answer leaves it open that the request was accepted. A 4xx has not been, nor one that the provider refused;
 * a bare 5xx or a redirect may come from a gateway whose backend went on working.
 */
export function mayBeBilledAt(status: number, kind: Failure['kind'], code = ''): boolean {
  if (status >= 400 && status < 500) return false;
  if (status === 503 && code.toLowerCase() === 'model_unavailable') return false;
  return ![
    'content-refused',
    'bad-request',
    'inline-image-refused',
    'key-missing',
    'key-refused',
    'no-credit',
    'busy',
  ].includes(kind);
}

/** An error for the log: what the service says may repeat the prompt, so its words are left to who asked for the picture. */
function inOwnWords({ message, failure: { kind, status, requestId } }: ServiceError): string {
  if (status === undefined) return message;
  return `${kind} (HTTP ${status})${requestId === undefined ? '' : `, request ${requestId}`}`;
}

/** The address of a call: https, or http on this machine, and without anything that could lead elsewhere. */
function addressOf(baseUrl: string, path: string): URL {
  const base = URL.parse(baseUrl);
  const isAllowed = base && (base.protocol === 'https:' || (base.protocol === 'http:' && isLoopback(base)));
  if (!isAllowed || base.username !== '' || base.password !== '' || base.search !== '' || base.hash !== '') {
    throw new ServiceError({
      kind: 'unexpected',
      mayBeBilled: false,
      detail: 'The address of the service must be https, or http on this machine, without user name or query.',
    });
  }
  const url = new URL(base.href.replace(/\/+$/, '') + path);
  if (url.origin !== base.origin)
    throw new ServiceError({
      kind: 'unexpected',
      mayBeBilled: false,
      detail: 'The address of the call leads away from the service.',
    });
  return url;
}

function wholeTime(pace: Pace, what: Asked['what']): number {
  return { submit: pace.wholeSubmit, poll: pace.wholePoll, account: pace.wholeAccount }[what];
}

function cutSentence(cause: unknown, url: URL): string {
  return cause instanceof TransportError ? cause.message : describe(cause, url, undefined);
}

function sentenceOf(state: Exclude<Answer['state'], 'json'>, incoming: Incoming): string {
  const encoding = header(incoming.headers, 'content-encoding') ?? 'identity';
  // It is not unpacked: a few kilobytes could become gigabytes, and whoever packs it was told not to.
  const isPacked = (state === 'malformed' || state === 'too-large') && encoding.toLowerCase() !== 'identity';
  return isPacked ? 'The answer is compressed, which was not asked for.' : answerSentences[state];
}

const answerSentences = {
  empty: 'The answer is empty.',
  html: 'The answer is a web page.',
  malformed: 'The answer is not valid JSON.',
  'too-large': 'The answer is larger than any answer should be.',
} as const;
