import { readHeaderOf } from '../header.ts';
import type { Container } from './container.ts';

const ALPHA = 0x10;
const XMP = 0x04;

interface Chunk {
  readonly name: string;
  /** With name, length and what fills it up to an even length. */
  readonly whole: Uint8Array;
  readonly body: Uint8Array;
}

/**
 * The packet of a WebP, which comes last; undefined where the file cannot be walked through. A file of the simple form gets
 * the extended one, since only that knows packets. Throws PixelError where its header is none. Source: WebP Container Specification, Extended File Format.
 */
export function webpContainer(bytes: Uint8Array): Container | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = bytes.length < 12 ? Infinity : view.getUint32(4, true) + 8;
  if (end > bytes.length) return undefined;
  const chunks: Chunk[] = [];
  for (let at = 12; at + 8 <= end;) {
    const size = view.getUint32(at + 4, true);
    if (at + 8 + size > end) return undefined;
    const next = Math.min(at + 8 + size + (size & 1), end);
    const name = String.fromCharCode(...bytes.subarray(at, at + 4));
    chunks.push({ name, whole: bytes.subarray(at, next), body: bytes.subarray(at + 8, at + 8 + size) });
    at = next;
  }
  if (chunks.length === 0) return undefined;
  const head = chunks[0]?.name === 'VP8X' ? undefined : chunkOf('VP8X', extended(bytes));
  const packet = chunks.find(({ name }) => name === 'XMP ')?.body;
  return {
    ...(packet && { packet }),
    isSigned: chunks.some(({ name }) => name === 'C2PA'),
    with: (put) => Buffer.concat([...fileOf(head, chunks, put), bytes.subarray(end)]),
  };
}

/** @param head what a file of the simple form needs for a packet */
function fileOf(head: Uint8Array | undefined, chunks: readonly Chunk[], packet: Uint8Array | undefined): Uint8Array[] {
  const kept = chunks
    .filter(({ name }) => name !== 'XMP ')
    .map(({ name, whole }) => {
      if (name !== 'VP8X') return filled(whole);
      const told = new Uint8Array(whole);
      told[8] = ((told[8] ?? 0) & ~XMP) | (packet ? XMP : 0);
      return told;
    });
  const parts = [...(head && packet ? [head] : []), ...kept, ...(packet ? [chunkOf('XMP ', packet)] : [])];
  const length = parts.reduce((sum, part) => sum + part.length, 4);
  const start = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1');
  start.writeUInt32LE(length, 4);
  return [start, ...parts];
}

/** The last one of a file may lack what fills it up. */
const filled = (whole: Uint8Array): Uint8Array =>
  whole.length & 1 ? Buffer.concat([whole, new Uint8Array(1)]) : whole;

function chunkOf(name: string, body: Uint8Array): Uint8Array {
  const head = Buffer.alloc(8);
  head.write(name, 0, 'latin1');
  head.writeUInt32LE(body.length, 4);
  return filled(Buffer.concat([head, body]));
}

/** What the extended form says of a picture of the simple one. */
function extended(bytes: Uint8Array): Uint8Array {
  const { width, height, hasAlpha } = readHeaderOf(bytes);
  const body = Buffer.alloc(10);
  body[0] = XMP | (hasAlpha ? ALPHA : 0);
  body.writeUIntLE(width - 1, 4, 3);
  body.writeUIntLE(height - 1, 7, 3);
  return body;
}
