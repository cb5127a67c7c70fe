import { randomBytes } from 'node:crypto';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, inflateSync } from 'node:zlib';

/** Where a secret could have gone: a folder with all that is in it, or a text or bytes that were at hand. */
export type Place =
  | {
      readonly name: string;
      readonly folder: string;
      /** Which of its files are meant, by their paths inside it with slashes. Left out: all. */
      readonly only?: (file: string) => boolean;
      /** True where there may be nothing to search. */
      readonly mayBeEmpty?: boolean;
    }
  | { readonly name: string; readonly content: string | Uint8Array };

/** Something that may be in some places alone: a text, or bytes of a picture. */
export interface Canary {
  readonly name: string;
  readonly secret: string | Uint8Array;
}

/** Where it was found, and how it was written there. */
export interface Finding {
  /** The name of the place. */
  readonly place: string;
  /** Where in the place: a path inside the folder, or empty. */
  readonly file: string;
  readonly encoding: string;
}

/** A key like no other, which the simulator accepts. */
export const newCanary = (): string => `sk-empiriolabs-canary-${randomBytes(24).toString('base64url')}`;

/** Looks for one secret; see `findCanaries`. */
export async function findCanary(places: readonly Place[], secret: string): Promise<Finding[]> {
  const found = await findCanaries(places, [{ name: 'secret', secret }]);
  return found.map(({ canary: _, ...finding }) => finding);
}

/**
 * Looks for secrets, or for either half of a long one, in all the forms that `encodingsOf` names, compressed as a whole or
 * not. Throws for a place with nothing in it: nothing would be found there, and nothing would be proven.
 */
export async function findCanaries(
  places: readonly Place[],
  canaries: readonly Canary[],
): Promise<(Finding & { readonly canary: string })[]> {
  const find = needleFinder(
    canaries.flatMap(({ name, secret }) =>
      halvesOf(secret)
        .flatMap(needlesOf)
        .map((needle) => ({ ...needle, canary: name })),
    ),
  );
  const findings: (Finding & { readonly canary: string })[] = [];
  for (const place of places) {
    let searched = 0;
    for await (const { file, bytes } of partsOf(place)) {
      searched += bytes.length;
      // A file's name can give a secret away as well as its content.
      const plain = find(Buffer.concat([Buffer.from(`${file}\n`), bytes]));
      const packed = find(unpacked(bytes)).map((needle) => ({ ...needle, encoding: `compressed, ${needle.encoding}` }));
      const found = [...plain, ...packed].map(({ canary, encoding }) => JSON.stringify([canary, encoding]));
      for (const each of new Set(found)) {
        const [canary, encoding] = JSON.parse(each) as [string, string];
        findings.push({ canary, place: place.name, file, encoding });
      }
    }
    if (searched === 0 && !('folder' in place && place.mayBeEmpty))
      throw new RangeError(`There is nothing to search in the ${place.name}.`);
  }
  return findings;
}

/** A secret as it must be found, each under the name of the encoding; for leaks that are made on purpose. */
export function encodingsOf(secret: string): Record<string, Buffer> {
  const bytes = Buffer.from(secret);
  const percent = percentEncoded(bytes);
  const inside = (skip: number, encoding: 'base64' | 'base64url'): Buffer =>
    Buffer.from(Buffer.concat([Buffer.alloc(skip, 'x'), bytes, Buffer.from('yyy')]).toString(encoding));
  return {
    raw: bytes,
    'lower case': Buffer.from(secret.toLowerCase()),
    'upper case': Buffer.from(secret.toUpperCase()),
    'base64, at 0': inside(0, 'base64'),
    'base64, at 1': inside(1, 'base64'),
    'base64, at 2': inside(2, 'base64'),
    'base64url, at 0': inside(0, 'base64url'),
    'base64url, at 1': inside(1, 'base64url'),
    'base64url, at 2': inside(2, 'base64url'),
    'percent-encoded': Buffer.from(percent),
    'percent-encoded where it must be': Buffer.from(encodeURIComponent(secret)),
    'percent-encoded twice': Buffer.from(encodeURIComponent(percent)),
    'escaped as JSON': Buffer.from(jsonEscaped(secret)),
    hexadecimal: Buffer.from(bytes.toString('hex')),
    'UTF-16': Buffer.from(secret, 'utf16le'),
    'UTF-16, big-endian': Buffer.from(secret, 'utf16le').swap16(),
    'the first half': Buffer.from(secret.slice(0, middleOf(secret))),
    'the second half': Buffer.from(secret.slice(middleOf(secret))),
  };
}

/** The shortest text that is looked for by halves: half a word is found everywhere. */
const shortestHalved = 16;

const middleOf = (secret: { readonly length: number }): number => Math.ceil(secret.length / 2);

/** What was cut short or masked in part is a leak too. */
function halvesOf(secret: string | Uint8Array): (string | Uint8Array)[] {
  if (secret.length < shortestHalved) return [secret];
  return [secret.slice(0, middleOf(secret)), secret.slice(middleOf(secret))];
}

interface Needle {
  readonly encoding: string;
  readonly needle: Buffer;
}

function needlesOf(secret: string | Uint8Array): Needle[] {
  const bytes = Buffer.from(secret as string);
  const hex = bytes.toString('hex');
  const percent = percentEncoded(bytes);
  const written: [encoding: string, needle: string | Buffer][] = [
    ['raw', bytes],
    ['percent-encoded', percent],
    ['percent-encoded', percent.toLowerCase()],
    ['percent-encoded twice', encodeURIComponent(percent)],
    ['percent-encoded twice', encodeURIComponent(percent).toLowerCase()],
    ['hexadecimal', hex],
    ['hexadecimal', hex.toUpperCase()],
    ...[0, 1, 2].flatMap((skip): [string, string][] => [
      ['base64', base64Inside(bytes, skip, 'base64')],
      ['base64url', base64Inside(bytes, skip, 'base64url')],
    ]),
    ...(typeof secret === 'string' ? ofText(secret) : []),
  ];
  const needles = written.map(([encoding, needle]) => ({ encoding, needle: Buffer.from(needle as string) }));
  return needles.filter(({ needle }, index) => needles.findIndex((other) => other.needle.equals(needle)) === index);
}

/** The forms that letters have and bytes have not. */
function ofText(text: string): [encoding: string, needle: string | Buffer][] {
  const utf16 = Buffer.from(text, 'utf16le');
  return [
    ['lower case', text.toLowerCase()],
    ['upper case', text.toUpperCase()],
    ['percent-encoded', encodeURIComponent(text)],
    ['percent-encoded twice', encodeURIComponent(encodeURIComponent(text))],
    ['escaped as JSON', JSON.stringify(text).slice(1, -1)],
    ['escaped as JSON', jsonEscaped(text)],
    ['escaped as JSON', jsonEscaped(text).toUpperCase().replaceAll('\\U', '\\u')],
    ['UTF-16', utf16],
    ['UTF-16', Buffer.from(utf16).swap16()],
  ];
}

const percentEncoded = (bytes: Buffer): string => bytes.toString('hex').toUpperCase().replaceAll(/../g, '%$&');

const jsonEscaped = (text: string): string =>
  Buffer.from(text, 'utf16le').swap16().toString('hex').replaceAll(/..../g, '\\u$&');

/** The part of a base64 text that these bytes alone decide, when `skip` bytes (modulo 3) stand before them. */
function base64Inside(bytes: Buffer, skip: number, encoding: 'base64' | 'base64url'): string {
  const text = Buffer.concat([Buffer.alloc(skip), bytes]).toString(encoding);
  return text.slice(Math.ceil((skip * 8) / 6), Math.floor(((skip + bytes.length) * 8) / 6));
}

/** Looks for all needles in one go: thousands of files are searched for hundreds of them. Each has four bytes at least. */
function needleFinder<N extends Needle>(needles: readonly N[]): (haystack: Buffer) => N[] {
  const mayBegin = new Uint8Array(1 << 16);
  const byBeginning = new Map<number, N[]>();
  for (const each of needles) {
    if (each.needle.length < 4) throw new RangeError(`${each.needle.length} bytes are found everywhere.`);
    const beginning = each.needle.readUInt32BE(0);
    mayBegin[beginning >>> 16] = 1;
    byBeginning.set(beginning, [...(byBeginning.get(beginning) ?? []), each]);
  }
  return (haystack) => {
    const found = new Set<N>();
    for (let at = 0, end = haystack.length - 3; at < end; at++) {
      if (mayBegin[((haystack[at] ?? 0) << 8) | (haystack[at + 1] ?? 0)] === 0) continue;
      for (const each of byBeginning.get(haystack.readUInt32BE(at)) ?? []) {
        if (haystack.subarray(at, at + each.needle.length).equals(each.needle)) found.add(each);
      }
    }
    return [...found];
  };
}

/** What a gzip or zlib stream holds; nothing where it is none. */
function unpacked(bytes: Buffer): Buffer {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const isZlib = bytes[0] === 0x78 && bytes.length > 2 && bytes.readUInt16BE(0) % 31 === 0;
  if (!isGzip && !isZlib) return Buffer.alloc(0);
  try {
    return isGzip ? gunzipSync(bytes) : inflateSync(bytes);
  } catch {
    return Buffer.alloc(0); // It only begins like one.
  }
}

interface Part {
  readonly file: string;
  readonly bytes: Buffer;
}

async function* partsOf(place: Place): AsyncGenerator<Part> {
  if ('content' in place) yield { file: '', bytes: Buffer.from(place.content) };
  else
    for await (const part of filesIn(place.folder, '', place.only ?? (() => true))) {
      yield part;
    }
}

async function* filesIn(folder: string, inside: string, isMeant: (file: string) => boolean): AsyncGenerator<Part> {
  for (const entry of await readdir(join(folder, inside), { withFileTypes: true })) {
    const file = join(inside, entry.name);
    if (entry.isDirectory()) yield* filesIn(folder, file, isMeant);
    else if (!isMeant(file.replaceAll('\\', '/'))) continue;
    else if (entry.isFile()) yield { file, bytes: await unlessGone(readFile(join(folder, file))) };
    else if (entry.isSymbolicLink()) yield { file, bytes: Buffer.from(await unlessGone(readlink(join(folder, file)))) };
  }
}

/** A file of a running program may be taken away between being listed and being read. */
async function unlessGone<T>(reading: Promise<T>): Promise<T | Buffer> {
  try {
    return await reading;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}
