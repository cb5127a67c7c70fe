import type { NetworkSettings } from './types.ts';

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy for an address as a URL, or undefined for a direct connection. VS Code's own answer comes first, then
 * `http.proxy`, then the environment; `http.noProxy` and loopback addresses go before all, `http.proxySupport: off` too.
 * Throws TypeError where the setting is no address.
 */
export async function proxyFor(
  url: URL,
  network: NetworkSettings,
  environment: Environment,
  log: (line: string) => void,
): Promise<URL | undefined> {
  if (network.proxySupport === 'off' || isLoopback(url) || bypasses(url, network.noProxy ?? [])) return undefined;
  const resolved = await network.resolveProxy?.(url.href).catch((error: unknown) => {
    log(`VS Code's proxy resolver failed, so the settings are used: ${String(error)}`);
    return undefined;
  });
  if (resolved !== undefined && resolved.trim() !== '') return parseProxy(resolved);
  if (network.proxy !== undefined && network.proxy.trim() !== '') return parseProxy(network.proxy);
  return proxyOfEnvironment(url, environment);
}

/** True for addresses of this machine: `localhost`, its subdomains, 127.0.0.0/8 and ::1. */
export function isLoopback(url: URL): boolean {
  const host = url.hostname.toLowerCase().replace(/\.$/, '');
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** A proxy for people to read: never its user name and password. */
export function proxyName(proxy: URL): string {
  return `${proxy.protocol}//${proxy.host}`;
}

function proxyOfEnvironment(url: URL, environment: Environment): URL | undefined {
  const read = (name: string) => environment[name] ?? environment[name.toUpperCase()] ?? '';
  if (bypasses(url, read('no_proxy').split(/[,\s]+/))) return undefined;
  const proxy = (url.protocol === 'https:' ? read('https_proxy') : '') || read('http_proxy');
  return proxy === '' ? undefined : parseProxy(proxy);
}

/** True where an entry names the host, a domain above it, or everything (`*`); an entry may end in a port. */
function bypasses(url: URL, entries: readonly string[]): boolean {
  const host = url.hostname.toLowerCase().replace(/^\[|\]$|\.$/g, '');
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return entries.some((entry) => {
    const [, bracketed, plain = '', wantedPort] =
      /^(?:\[([^\]]+)\]|([^:]*|[^:]*:.*:[^:]*))(?::(\d+))?$/.exec(entry.trim().toLowerCase()) ?? [];
    const name = (bracketed ?? plain).replace(/\.$/, '');
    if (name === '' || (wantedPort !== undefined && wantedPort !== port)) return false;
    if (name === '*') return true;
    const domain = name.replace(/^\*?\./, '');
    return host.endsWith(`.${domain}`) || (host === domain && !name.startsWith('*'));
  });
}

/** Reads a URL, a bare `host:port`, or a line of a PAC file's answer such as `PROXY host:port`. */
function parseProxy(text: string): URL | undefined {
  const first = text.split(';')[0]?.trim() ?? '';
  const pac = /^(PROXY|HTTPS?|SOCKS[45]?)\s+(\S+)$/i.exec(first);
  if (/^DIRECT$/i.test(first)) return undefined;
  if (pac) return new URL(`${schemes[pac[1]?.toLowerCase() ?? ''] ?? 'http'}://${pac[2]}`);
  return new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(first) ? first : `http://${first}`);
}

const schemes: Readonly<Record<string, string>> = {
  proxy: 'http',
  http: 'http',
  https: 'https',
  socks: 'socks5',
  socks4: 'socks5',
  socks5: 'socks5',
};
