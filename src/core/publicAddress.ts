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
  const [, host = '', port = ''] = /^(\[[^\]]*\]|[^:]+)(?::(\d*))?$/.exec(authority) ?? [];
  if (host === '' || Number(port) > 65535) return 'not-http';
  if (host.startsWith('[')) {
    const groups = ipv6Groups(host.slice(1, -1));
    if (!groups) return 'not-http';
    return isPublicIpv6(groups) ? undefined : 'private';
  }
  const name = plainName(host);
  if (name === undefined) return 'not-http';
  return isPublicHost(name.replace(/\.$/, '')) ? undefined : 'private';
}

/**
 * The host in small letters and plain characters, as whoever fetches it will read it: fullwidth digits and dots become
 * plain ones. Undefined for one with signs that are not part of a name, or that are dropped when it is read: `loc%61lhost`.
 */
function plainName(host: string): string | undefined {
  const plain = host.normalize('NFKC').toLowerCase().normalize('NFKC').replaceAll('。', '.');
  return /^[\p{L}\p{N}\p{M}._-]+$/u.test(plain) && !/\p{Default_Ignorable_Code_Point}/u.test(plain) ? plain : undefined;
}

function isPublicHost(host: string): boolean {
  const labels = host.split('.');
  const last = labels.at(-1) ?? '';
  // A last label that is a number makes the whole host an IPv4 address, also in its short, octal and hexadecimal spellings.
  if (/^(\d+|0x[0-9a-f]*)$/.test(last)) return isPublicIpv4(labels);
  if (labels.some((label) => label === '') || labels.length < 2) return false;
  return (
    !['localhost', 'local', 'internal', 'lan', 'home', 'corp', 'test', 'invalid', 'example', 'onion'].includes(last) &&
    !host.endsWith('.home.arpa')
  );
}

function isPublicIpv4(labels: readonly string[]): boolean {
  if (labels.length !== 4 || !labels.every((label) => /^(0|[1-9]\d{0,2})$/.test(label) && Number(label) < 256))
    return false;
  const [a = 0, b = 0, c = 0] = labels.map(Number);
  const isReserved =
    a === 0 ||
    a === 10 ||
    a === 127 ||
    a >= 224 ||
    (a === 100 && b >= 64 && b < 128) ||
    (a === 169 && b === 254) ||
    (a === 172 && b >= 16 && b < 32) ||
    (a === 192 && (b === 168 || (b === 0 && (c === 0 || c === 2)))) ||
    (a === 198 && (b === 18 || b === 19 || (b === 51 && c === 100))) ||
    (a === 203 && b === 0 && c === 113);
  return !isReserved;
}

/** The eight 16-bit groups of an IPv6 address, or undefined when it is not written as one. */
function ipv6Groups(address: string): number[] | undefined {
  const halves = address.split('::').map((half) => (half === '' ? [] : half.split(':')));
  const [before = [], after = []] = halves;
  const missing = 8 - before.length - after.length;
  if (halves.length > 2 || (halves.length === 2 ? missing < 1 : missing !== 0)) return undefined;
  if (![...before, ...after].every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return [...before, ...Array<string>(missing).fill('0'), ...after].map((group) => Number.parseInt(group, 16));
}

/** Global unicast is 2000::/3; its documentation and translation ranges are not reachable, and may hide private IPv4. */
function isPublicIpv6([first = 0, second = 0]: readonly number[]): boolean {
  if (first < 0x2000 || first > 0x3fff) return false;
  const isDocumentation = (first === 0x2001 && second === 0x0db8) || (first === 0x3fff && second < 0x1000);
  const isTranslation = first === 0x2002 || (first === 0x2001 && second === 0);
  return !isDocumentation && !isTranslation;
}
