import { createHash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { backoff, type Clock } from './clock.ts';
import { isServiceError, ServiceError, type KnownFailure } from './errors.ts';
import { publish, sha256OfFile } from './files.ts';
import type { Pace } from './pace.ts';
import { isNear } from './hosts.ts';
import { isLoopback } from './proxy.ts';
import { header, retryAfterMs } from './retryAfter.ts';
import { describe, type Incoming, type Transport, TransportError } from './transport.ts';
import type { Downloaded, ResultItem, Verify } from './types.ts';

const mostRedirects = 5;
/** Six times the largest picture of the model; a file of a few kilobytes can claim a thousand times as many. */
const mostPixels = 100_000_000;
/** A picture that came damaged is fetched once more; one that came damaged twice is damaged where it lies. */
const mostDamaged = 2;

interface Parts {
  readonly transport: Transport;
  readonly verify: Verify;
  readonly clock: Clock;
  readonly pace: Pace;
  readonly userAgent: string;
  /** The service itself is on this machine, so that pictures may come from this machine without encryption. */
  readonly isLocal: boolean;
  /** The service itself is in this machine's network, so that pictures may be as well. */
  readonly isNear: boolean;
  readonly log: (line: string) => void;
}

/** What came over the wire into a file. */
interface Fetched {
  readonly byteLength: number;
  readonly sha256: string;
}

/** Brings pictures to their files. Never has the key. */
export class Downloads {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** See ServiceClient.collect. */
  async collect(item: ResultItem, file: string, signal: AbortSignal): Promise<Downloaded> {
    if (item.kind === 'url') return await this.#bring(item.url, file, signal);
    try {
      return await this.#take(item.file, file);
    } catch (error) {
      if (item.url === undefined || !isServiceError(error)) throw error;
      this.#parts.log(`The picture inside the answer is not whole, so it is fetched from its address.`);
      return await this.#bring(item.url, file, signal);
    }
  }

  async #bring(url: string, file: string, signal: AbortSignal): Promise<Downloaded> {
    const deadline = new AbortController();
    const timer = setTimeout(
      () => deadline.abort(new TransportError('The picture did not come in time.')),
      this.#parts.pace.downloadTimeout,
    );
    const part = `${file}.part`;
    try {
      const { picture, fetched } = await this.#fetchWhole(url, part, AbortSignal.any([signal, deadline.signal]));
      await publish(part, file);
      return { format: picture.format, width: picture.width, height: picture.height, ...fetched };
    } catch (error) {
      await rm(part, { force: true });
      if (signal.aborted) throw failed({ kind: 'cancelled' });
      throw deadline.signal.aborted ? failed({ kind: 'network', detail: 'The picture did not come in time.' }) : error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Takes over a picture that was decoded while the answer arrived. The first file stays until it is swept, so that this can be repeated. */
  async #take(source: string, file: string): Promise<Downloaded> {
    const picture = await this.#verified(source);
    if (picture instanceof ServiceError) throw picture;
    const { sha256, byteLength } = await sha256OfFile(source);
    await publish(source, file, { keepSource: true });
    return { format: picture.format, width: picture.width, height: picture.height, byteLength, sha256 };
  }

  async #fetchWhole(url: string, part: string, signal: AbortSignal) {
    const { clock, pace, log } = this.#parts;
    let damaged = 0;
    let refused = 0;
    for (let attempt = 1; ; attempt++) {
      try {
        const fetched = await this.#fetch(url, part, signal);
        const picture = await this.#verified(part);
        if (!(picture instanceof ServiceError)) return { picture, fetched };
        damaged++;
        throw picture;
      } catch (error) {
        signal.throwIfAborted();
        if (!isServiceError(error)) throw error;
        if (isRefusal(error)) refused++;
        const isWorthATry =
          attempt < pace.tries &&
          (isPassing(error) || (isRefusal(error) && refused < 2) || (damaged > 0 && damaged < mostDamaged));
        log(`The picture did not come: ${error.message}`);
        if (!isWorthATry) throw error;
        await clock.sleep(
          Math.max(
            backoff(attempt, pace.retryFirst, pace.retryLongest, clock.random()),
            Math.min(pace.retryAfterLongest, error.failure.retryAfterMs ?? 0),
          ),
          signal,
        );
      }
    }
  }

  async #verified(file: string) {
    try {
      const picture = await this.#parts.verify(file);
      if (picture.width * picture.height <= mostPixels) return picture;
      return failed({ kind: 'nothing-delivered', detail: 'What came claims to have more pixels than any picture.' });
    } catch (error) {
      // The disk's own errors are not the picture's fault.
      if (
        error instanceof Error &&
        (error as NodeJS.ErrnoException).errno !== undefined &&
        (error as NodeJS.ErrnoException).code !== 'ENOENT'
      )
        throw error;
      return failed(
        {
          kind: 'nothing-delivered',
          detail: `What came is not a whole picture: ${error instanceof Error ? error.message : String(error)}`,
        },
        error,
      );
    }
  }

  async #fetch(address: string, part: string, signal: AbortSignal): Promise<Fetched> {
    const startedAt = this.#parts.clock.now();
    const { incoming, url } = await this.#request(address, signal);
    // Whoever leaves early destroys the stream, and an error after that concerns nobody.
    incoming.body.on('error', () => undefined);
    try {
      const fetched = await this.#store(incoming, url, part);
      this.#parts.log(`GET ${url.host}: ${fetched.byteLength} bytes in ${this.#parts.clock.now() - startedAt} ms.`);
      return fetched;
    } finally {
      incoming.body.destroy();
    }
  }

  /** Follows redirects by hand, since each address must pass. */
  async #request(address: string, signal: AbortSignal): Promise<{ incoming: Incoming; url: URL }> {
    const { pace, userAgent, transport } = this.#parts;
    let url = this.#checked(address);
    for (let redirects = 0; redirects <= mostRedirects; redirects++) {
      const headers = { accept: 'image/*', 'accept-encoding': 'identity', 'user-agent': userAgent };
      const incoming = await transport
        .send({
          method: 'GET',
          url,
          headers,
          signal,
          headersTimeout: pace.downloadIdle,
          idleTimeout: pace.downloadIdle,
        })
        .catch((error: unknown) => {
          throw error instanceof TransportError ? failed({ kind: 'network', detail: error.message }, error) : error;
        });
      const location = header(incoming.headers, 'location');
      if (incoming.status === 200) return { incoming, url };
      incoming.body.on('error', () => undefined).destroy(); // of no further use
      if (incoming.status < 300 || incoming.status >= 400 || location === undefined) throw this.#refused(incoming);
      url = this.#checked(location, url);
    }
    throw failed({
      kind: 'nothing-delivered',
      detail: 'The address of the picture leads from one place to the next without end.',
    });
  }

  #checked(address: string, base?: URL): URL {
    const url = URL.parse(address, base?.href);
    const isAllowed =
      url && (url.protocol === 'https:' || (url.protocol === 'http:' && this.#parts.isLocal && isLoopback(url)));
    if (!isAllowed || url.username !== '' || url.password !== '')
      throw failed({ kind: 'nothing-delivered', detail: 'The address of the picture is not a plain https address.' });
    if (isNear(url) && !this.#parts.isNear)
      throw failed({
        kind: 'nothing-delivered',
        detail: "The address of the picture leads into this machine's network.",
      });
    return url;
  }

  #refused(incoming: Incoming): ServiceError {
    const { status } = incoming;
    const wait = retryAfterMs(incoming.headers, this.#parts.clock.now());
    if (status === 429) return failed({ kind: 'busy', status, retryAfterMs: wait });
    if (status >= 500 || status === 408) return failed({ kind: 'unavailable', status, retryAfterMs: wait });
    const detail =
      status >= 400 ? 'The address of the picture does not work any more.' : 'There is no picture at its address.';
    return failed({ kind: 'nothing-delivered', status, detail });
  }

  async #store(incoming: Incoming, url: URL, part: string): Promise<Fetched> {
    const ceiling = this.#parts.pace.downloadCeiling;
    const tooLarge = () =>
      failed({
        kind: 'nothing-delivered',
        detail: `The picture is larger than ${Math.round(ceiling / 1_048_576)} MB.`,
      });
    if (Number(header(incoming.headers, 'content-length') ?? 0) > ceiling) throw tooLarge();
    const hash = createHash('sha256');
    const handle = await open(part, 'w');
    let byteLength = 0;
    try {
      const chunks: AsyncIterator<Buffer> = incoming.body[Symbol.asyncIterator]();
      for (;;) {
        const next = await chunks.next().catch((error: unknown) => {
          throw failed({ kind: 'network', detail: describe(error, url, undefined) }, error);
        });
        if (next.done === true) break;
        byteLength += next.value.length;
        if (byteLength > ceiling) throw tooLarge();
        hash.update(next.value);
        await handle.writeFile(next.value);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    return { byteLength, sha256: hash.digest('hex') };
  }
}

/** The pictures of a job have been paid for, whatever becomes of them. */
function failed(known: Omit<KnownFailure, 'mayBeBilled'>, cause?: unknown): ServiceError {
  return new ServiceError({ ...known, mayBeBilled: true }, { cause });
}

function isPassing(error: ServiceError): boolean {
  return ['network', 'unavailable', 'busy'].includes(error.kind);
}

/** The store may hear of a new object a moment late, so one refusal is not the last word. */
function isRefusal(error: ServiceError): boolean {
  return error.kind === 'nothing-delivered' && error.failure.status !== undefined;
}
