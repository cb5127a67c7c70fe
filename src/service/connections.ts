import tls from 'node:tls';
import { Agent, type Dispatcher, ProxyAgent } from 'undici';

/** What is trusted beside the certificates that Node brings along. */
export interface Trust {
  /** False accepts any certificate. */
  readonly strictCertificates: boolean;
  /** Certificates in PEM form; the system's where nothing else is given. */
  readonly authorities: () => readonly string[];
}

const connectTimeout = 15_000;

/** Keeps the connections to every origin, direct or through a proxy, and closes them together. */
export class Connections {
  readonly #trust: Trust;
  readonly #dispatchers = new Map<string, Dispatcher>();
  #secureContext: tls.SecureContext | undefined;

  constructor(trust: Trust) {
    this.#trust = trust;
  }

  /**
   * Connections for an address. Fresh ones are used once: a request that must not be sent twice must not meet a
   * connection that the server is about to close, since then nobody could say whether it has arrived.
   */
  to(url: URL, proxy: URL | undefined, freshness: 'kept' | 'fresh'): Dispatcher {
    const name = [freshness, url.protocol, proxy?.href ?? ''].join(' ');
    const known = this.#dispatchers.get(name);
    if (known) return known;
    const made = proxy ? this.#through(proxy, freshness) : this.#direct(url, freshness);
    this.#dispatchers.set(name, made);
    return made;
  }

  /** Closes everything at once; what is under way fails. */
  async close(): Promise<void> {
    const dispatchers = [...this.#dispatchers.values()];
    this.#dispatchers.clear();
    await Promise.all(dispatchers.map((dispatcher) => dispatcher.destroy()));
  }

  #direct(url: URL, freshness: 'kept' | 'fresh'): Dispatcher {
    const secure = url.protocol === 'https:' ? this.#secure() : {};
    return new Agent({ ...shape(freshness), connect: { timeout: connectTimeout, ...secure } });
  }

  #through(proxy: URL, freshness: 'kept' | 'fresh'): Dispatcher {
    const secure = this.#secure();
    // Always a tunnel, so that a proxy sees neither key nor prompt.
    return new ProxyAgent({
      uri: proxy.href,
      ...shape(freshness),
      proxyTunnel: true,
      requestTls: secure,
      proxyTls: { ...secure, timeout: connectTimeout },
    });
  }

  /** Building the context from some hundred certificates takes tens of milliseconds, so there is one for all. */
  #secure() {
    this.#secureContext ??= tls.createSecureContext({ ca: [...this.#trust.authorities()] });
    return { secureContext: this.#secureContext, rejectUnauthorized: this.#trust.strictCertificates, allowH2: false };
  }
}

/** HTTP/1.1 throughout: over HTTP/2 undici sends a request again when the server says it has not looked at it. */
function shape(freshness: 'kept' | 'fresh'): Agent.Options {
  return { allowH2: false, pipelining: freshness === 'fresh' ? 0 : 1, keepAliveTimeout: 20_000 };
}

/** The certificates of Node, of NODE_EXTRA_CA_CERTS and of the system, each once. */
export function systemAuthorities(): readonly string[] {
  // Node before 22.15 has no such function; then its own list must do.
  const read = (tls as Partial<Pick<typeof tls, 'getCACertificates'>>).getCACertificates;
  return read ? [...new Set([...read('default'), ...read('system')])] : tls.rootCertificates;
}
