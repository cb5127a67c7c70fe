import { randomBytes } from 'node:crypto';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';

/** Where a secret could have gone: a folder with all that is in it, or a text or bytes that were at hand. */
export type Place =
  | { readonly name: string; readonly folder: string }
  | { readonly name: string; readonly content: string | Uint8Array };

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

/**
 * Looks for a secret, or for either half of one, as plain text, base64, percent-encoded, hexadecimal and UTF-16. Throws
 * for a place with nothing in it: nothing would be found there, and nothing would be proven.
 */
export async function findCanary(places: readonly Place[], secret: string): Promise<Finding[]> {
  const needles = halvesOf(secret).flatMap(needlesOf);
  const findings: Finding[] = [];
  for (const place of places) {
    let searched = 0;
    for await (const { file, bytes } of partsOf(place)) {
      searched += bytes.length;
      // A file's name can give a secret away as well as its content.
      const haystack = Buffer.concat([Buffer.from(`${file}\n`), bytes]);
      const encodings = new Set(
        needles.filter(({ needle }) => haystack.includes(needle)).map(({ encoding }) => encoding),
      );
      for (const encoding of encodings) findings.push({ place: place.name, file, encoding });
    }
    if (searched === 0) throw new RangeError(`There is nothing to search in the ${place.name}.`);
  }
  return findings;
}

/** A secret as `findCanary` must find it, each under the name of the encoding; for leaks that are made on purpose. */
export function encodingsOf(secret: string): Record<string, Buffer> {
  const bytes = Buffer.from(secret);
  const base64 = (skip: number): Buffer =>
    Buffer.from(Buffer.concat([Buffer.alloc(skip, 'x'), bytes, Buffer.from('yyy')]).toString('base64'));
  return {
    raw: bytes,
    'lower case': Buffer.from(secret.toLowerCase()),
    'base64, at 0': base64(0),
    'base64, at 1': base64(1),
    'base64, at 2': base64(2),
    'base64url, at 0': Buffer.from(bytes.toString('base64url')),
    'percent-encoded': Buffer.from(percentEncoded(bytes)),
    hexadecimal: Buffer.from(bytes.toString('hex')),
    'UTF-16': Buffer.from(secret, 'utf16le'),
    'the first half': bytes.subarray(0, Math.ceil(bytes.length / 2)),
    'the second half': bytes.subarray(Math.ceil(bytes.length / 2)),
  };
}

/** What was cut short or masked in part is a leak too. */
function halvesOf(secret: string): string[] {
  const middle = Math.ceil(secret.length / 2);
  return [secret.slice(0, middle), secret.slice(middle)];
}

interface Needle {
  readonly encoding: string;
  readonly needle: Buffer;
}

function needlesOf(text: string): Needle[] {
  const bytes = Buffer.from(text);
  const hex = bytes.toString('hex');
  const percent = percentEncoded(bytes);
  const written: [encoding: string, text: string][] = [
    ['raw', text],
    ['lower case', text.toLowerCase()],
    ['percent-encoded', percent],
    ['percent-encoded', percent.toLowerCase()],
    ['percent-encoded', encodeURIComponent(text)],
    ['hexadecimal', hex],
    ['hexadecimal', hex.toUpperCase()],
    ...[0, 1, 2].flatMap((skip): [string, string][] => [
      ['base64', base64Inside(bytes, skip, 'base64')],
      ['base64url', base64Inside(bytes, skip, 'base64url')],
    ]),
  ];
  // Without the last byte, which is zero, big-endian text is found as well.
  const utf16 = Buffer.from(text, 'utf16le').subarray(0, -1);
  const distinct = written.filter(([, needle], index) => written.findIndex(([, other]) => other === needle) === index);
  return [
    ...distinct.map(([encoding, needle]) => ({ encoding, needle: Buffer.from(needle) })),
    { encoding: 'UTF-16', needle: utf16 },
  ];
}

const percentEncoded = (bytes: Buffer): string => bytes.toString('hex').toUpperCase().replaceAll(/../g, '%$&');

/** The part of a base64 text that these bytes alone decide, when `skip` bytes (modulo 3) stand before them. */
function base64Inside(bytes: Buffer, skip: number, encoding: 'base64' | 'base64url'): string {
  const text = Buffer.concat([Buffer.alloc(skip), bytes]).toString(encoding);
  return text.slice(Math.ceil((skip * 8) / 6), Math.floor(((skip + bytes.length) * 8) / 6));
}

interface Part {
  readonly file: string;
  readonly bytes: Buffer;
}

async function* partsOf(place: Place): AsyncGenerator<Part> {
  if ('content' in place) yield { file: '', bytes: Buffer.from(place.content) };
  else yield* filesIn(place.folder, '');
}

async function* filesIn(folder: string, inside: string): AsyncGenerator<Part> {
  for (const entry of await readdir(join(folder, inside), { withFileTypes: true })) {
    const file = join(inside, entry.name);
    if (entry.isDirectory()) yield* filesIn(folder, file);
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
