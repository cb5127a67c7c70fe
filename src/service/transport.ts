import type { request as httpsRequestOfNode, RequestOptions } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Connections, type Trust } from './connections.ts';
import { type Environment, proxyFor, proxyName } from './proxy.ts';
import type { RequestBody } from './body.ts';
import type { Headers } from './retryAfter.ts';
import type { NetworkSettings } from './types.ts';

/** One request. Redirects are never followed here, and nothing is ever sent a second time. */
export interface Outgoing {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: RequestBody;
  readonly signal: AbortSignal;
  /** How long the server may take to begin its answer, in milliseconds. */
  readonly headersTimeout: number;
  /** How long the answer may pause, in milliseconds. */
  readonly idleTimeout: number;
}

/** The beginning of an answer. */
export interface Incoming {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readable;
}

/** The request failed before an answer began; the proxy is named where there was one. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
}

/** Sends requests as VS Code's network settings want them sent. */
export class Transport {
  readonly #network: NetworkSettings;
  readonly #environment: Environment;
  readonly #log: (line: string) => void;
  readonly #connections: Connections;

  constructor(
    network: NetworkSettings,
    environment: Environment,
    authorities: Trust['authorities'],
    log: (line: string) => void,
  ) {
    this.#network = network;
    this.#environment = environment;
    this.#log = log;
    this.#connections = new Connections({ strictCertificates: network.strictCertificates, authorities });
  }

  /** Sends one request once. Throws TransportError, or the signal's reason. */
  async send(outgoing: Outgoing): Promise<Incoming> {
    const proxy = await this.#proxyFor(outgoing.url);
    try {
      return await this.#sendByUndici(outgoing, proxy);
    } catch (error) {
      outgoing.signal.throwIfAborted();
      const request = this.#network.httpsRequest;
      // The tunnel was refused, so nothing of the request has left yet.
      if (isProxyLogin(error) && request && outgoing.url.protocol === 'https:')
        return await this.#sendByHttps(outgoing, request);
      throw new TransportError(describe(error, outgoing.url, proxy), { cause: error });
    }
  }

  /** Closes every connection; requests under way fail. */
  close(): Promise<void> {
    return this.#connections.close();
  }

  async #proxyFor(url: URL): Promise<URL | undefined> {
    try {
      return await proxyFor(url, this.#network, this.#environment, this.#log);
    } catch (error) {
      throw new TransportError('The address of the proxy is not understood.', { cause: error });
    }
  }

  async #sendByUndici(outgoing: Outgoing, proxy: URL | undefined): Promise<Incoming> {
    const { url, body } = outgoing;
    const answer = await this.#connections.to(url, proxy, body ? 'fresh' : 'kept').request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: outgoing.method,
      headers: body ? { ...outgoing.headers, 'content-length': String(body.byteLength) } : outgoing.headers,
      // undici takes any async iterable, though its types say only Readable, which would read ahead of the socket.
      ...(body ? { body: body as unknown as Readable } : {}),
      signal: outgoing.signal,
      headersTimeout: outgoing.headersTimeout,
      bodyTimeout: outgoing.idleTimeout,
    });
    return { status: answer.statusCode, headers: answer.headers, body: answer.body };
  }

  /** VS Code's own `https` knows how to log in to proxies: by password, by ticket, by asking the user. */
  #sendByHttps(outgoing: Outgoing, request: typeof httpsRequestOfNode): Promise<Incoming> {
    this.#log(`The proxy asks for a login, so the request to ${outgoing.url.host} goes through VS Code's own https.`);
    const { url, body, method, signal } = outgoing;
    const headers = body ? { ...outgoing.headers, 'content-length': String(body.byteLength) } : { ...outgoing.headers };
    const options: RequestOptions = { method, headers, signal, rejectUnauthorized: this.#network.strictCertificates };
    return new Promise((resolve, reject) => {
      const fail = (error: unknown) => {
        reject(
          signal.aborted
            ? (signal.reason as Error)
            : new TransportError(describe(error, url, undefined), { cause: error }),
        );
      };
      const sent = request(url, options, (answer: IncomingMessage) => {
        sent.setTimeout(outgoing.idleTimeout);
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: answer });
      });
      sent.setTimeout(outgoing.headersTimeout, () => sent.destroy(new Error('No answer came in time.')));
      sent.on('error', fail);
      if (body) pipeline(Readable.from(body, { objectMode: false }), sent).catch(fail);
      else sent.end();
    });
  }
}

/** What went wrong on the way, in one sentence with the system's code. */
export function describe(error: unknown, url: URL, proxy: URL | undefined): string {
  const causes = causesOf(error);
  const code =
    causes.map((cause) => (cause as { code?: unknown }).code).find((candidate) => typeof candidate === 'string') ?? '';
  const told = isProxyLogin(error)
    ? 'the proxy asks for a login (407)'
    : (sentences[code] ?? tlsSentence(code) ?? causes.at(-1)?.message ?? 'the request failed');
  return `${url.host}${proxy ? ` through the proxy ${proxyName(proxy)}` : ''}: ${told}${code === '' || told.includes(code) ? '' : ` (${code})`}.`;
}

const sentences: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the name could not be resolved',
  EAI_AGAIN: 'the name could not be resolved',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the connection was cut',
  EHOSTUNREACH: 'there is no route',
  ENETUNREACH: 'there is no network',
  ETIMEDOUT: 'no connection came about in time',
  UND_ERR_CONNECT_TIMEOUT: 'no connection came about in time',
  UND_ERR_HEADERS_TIMEOUT: 'no answer came in time',
  UND_ERR_BODY_TIMEOUT: 'the answer stopped',
};

function tlsSentence(code: string): string | undefined {
  return /CERT|SELF_SIGNED|ISSUER|ERR_TLS|UNABLE_TO_VERIFY/.test(code) ? 'the certificate is not trusted' : undefined;
}

function isProxyLogin(error: unknown): boolean {
  return causesOf(error).some((cause) => /Proxy response \(407\)|Proxy Authentication Required/.test(cause.message));
}

function causesOf(error: unknown): Error[] {
  if (!(error instanceof Error)) return [];
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : error.cause;
  return [error, ...causesOf(inner)];
}
