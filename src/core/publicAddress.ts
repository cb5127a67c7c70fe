/** Why an address cannot be given to the service to fetch. */
export type AddressTrouble = 'not-http' | 'private' | 'credentials';

const parts = /^(https?):\/\/([^/?#\\\s]+)(?:[/?#][^\s]*)?$/i;

/**
 * Says why the service could not fetch an address, or undefined when nothing speaks against it (rule 30). Hosts inside
 * private networks are told by their names and numbers; nothing is looked up.
 */
export function addressTrouble(address: string): AddressTrouble | undefined {
  const match = parts.exec(address);
  if (!match) return 'not-http';
  const authority = match[2] ?? '';
  if (authority.includes('@')) return 'credentials';
  const host = authority.startsWith('[') ? authority.slice(0, authority.indexOf(']') + 1) : authority.replace(/:\d*$/, '');
  if (!/^(\[[0-9a-f:.]+\]|[^[\]:]+)$/i.test(host)) return 'not-http';
  return isPublicHost(host.toLowerCase().replace(/\.$/, '')) ? undefined : 'private';
}

function isPublicHost(host: string): boolean {
  if (host.startsWith('[')) return isPublicIpv6(host.slice(1, -1));
  const labels = host.split('.');
  const last = labels.at(-1) ?? '';
  // A last label that is a number makes the whole host an IPv4 address, also in its short, octal and hexadecimal spellings.
  if (/^(\d+|0x[0-9a-f]*)$/.test(last)) return isPublicIpv4(labels);
  if (labels.some(label => label === '') || labels.length < 2) return false;
  return !['localhost', 'local', 'internal', 'lan', 'home', 'corp', 'test', 'invalid', 'example', 'onion'].includes(last) && !host.endsWith('.home.arpa');
}

function isPublicIpv4(labels: readonly string[]): boolean {
  if (labels.length !== 4 || !labels.every(label => /^(0|[1-9]\d{0,2})$/.test(label) && Number(label) < 256)) return false;
  const [a = 0, b = 0, c = 0] = labels.map(Number);
  const isReserved =
    a === 0 || a === 10 || a === 127 || a >= 224 ||
    (a === 100 && b >= 64 && b < 128) ||
    (a === 169 && b === 254) ||
    (a === 172 && b >= 16 && b < 32) ||
    (a === 192 && (b === 168 || (b === 0 && (c === 0 || c === 2)))) ||
    (a === 198 && (b === 18 || b === 19 || (b === 51 && c === 100))) ||
    (a === 203 && b === 0 && c === 113);
  return !isReserved;
}

/** Global unicast is 2000::/3; its documentation and translation ranges are not reachable, and may hide private IPv4. */
function isPublicIpv6(address: string): boolean {
  const first = Number.parseInt(address.split(':')[0] || '0', 16);
  if (!(first >= 0x2000 && first <= 0x3fff)) return false;
  return !/^(2001:0?db8|2002|2001:0{0,3}0?:|2001::)/.test(address);
}
