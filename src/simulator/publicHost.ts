import { isIP } from 'node:net';

/** Whether a server on the internet could reach this host: no loopback, private, link-local or nameless-domain host. */
export function isPublicHost(hostname: string): boolean {
  const host = hostname.toLowerCase().replace(/\.$/, '');
  const address = host.startsWith('[') ? host.slice(1, -1) : host;
  const kind = isIP(address);
  if (kind === 4) return isPublicIpv4(address);
  if (kind === 6) return isPublicIpv6(address);
  if (!host.includes('.')) return false;
  return !privateEndings.some((ending) => host.endsWith(ending));
}

const privateEndings = ['.localhost', '.local', '.internal', '.lan', '.home.arpa'];

function isPublicIpv4(address: string): boolean {
  const [a = 0, b = 0] = address.split('.').map(Number);
  if (a === 0 || a === 10 || a === 127 || a >= 224) return false;
  if (a === 100 && b >= 64 && b <= 127) return false;
  if (a === 169 && b === 254) return false;
  if (a === 172 && b >= 16 && b <= 31) return false;
  return !(a === 192 && b === 168);
}

function isPublicIpv6(address: string): boolean {
  if (address === '::' || address === '::1') return false;
  // URL writes a mapped IPv4 address in hexadecimal: ::ffff:7f00:1.
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(address);
  if (mapped) {
    const high = Number.parseInt(mapped[1] ?? '0', 16);
    const low = Number.parseInt(mapped[2] ?? '0', 16);
    return isPublicIpv4([high >> 8, high & 255, low >> 8, low & 255].join('.'));
  }
  return !/^(f[cd]|fe[89ab]|ff)/.test(address);
}
