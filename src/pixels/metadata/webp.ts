import { readHeaderOf } from '../header.ts';
import { PixelError } from '../pixelError.ts';
import { withoutExifThumbnail } from './exif.ts';
import { holdsPictures } from './xmp.ts';

interface Chunk {
  readonly name: string;
  readonly body: Uint8Array;
}

const PROFILE = 0x20;
const ALPHA = 0x10;
const EXIF = 0x08;
const XMP = 0x04;

/** Whether the pixels are stored without loss. */
export function isLosslessWebp(bytes: Uint8Array): boolean {
  return chunksOf(bytes).some(({ name }) => name === 'VP8L');
}

/**
 * A newly written WebP with the source's EXIF and XMP.
 * @param withProfile takes the source's colour profile along, too
 */
export function withWebpMetadata(written: Uint8Array, source: Uint8Array, withProfile: boolean): Uint8Array {
  const [first, ...others] = chunksOf(source);
  const said = first?.name === 'VP8X' ? (first.body[0] ?? 0) : 0;
  const find = (name: string, flag: number): Uint8Array | undefined =>
    said & flag ? others.find((chunk) => chunk.name === name)?.body : undefined;
  const profile = withProfile ? find('ICCP', PROFILE) : undefined;
  const exif = find('EXIF', EXIF);
  const packet = find('XMP ', XMP);
  const xmp = packet && !holdsPictures(packet) ? packet : undefined;
  if (!profile && !exif && !xmp) return written;

  const { width, height, hasAlpha } = readHeaderOf(written);
  const extended = Buffer.alloc(10);
  extended[0] = (profile ? PROFILE : 0) | (hasAlpha ? ALPHA : 0) | (exif ? EXIF : 0) | (xmp ? XMP : 0);
  extended.writeUIntLE(width - 1, 4, 3);
  extended.writeUIntLE(height - 1, 7, 3);
  const pixels = chunksOf(written).filter(({ name }) => name === 'ALPH' || name === 'VP8 ' || name === 'VP8L');
  return riffOf([
    { name: 'VP8X', body: extended },
    ...(profile ? [{ name: 'ICCP', body: profile }] : []),
    ...pixels,
    ...(exif ? [{ name: 'EXIF', body: trimmedExif(exif) }] : []),
    ...(xmp ? [{ name: 'XMP ', body: xmp }] : []),
  ]);
}

const SHOWN: readonly string[] = ['VP8X', 'ICCP', 'ANIM', 'ANMF', 'ALPH', 'VP8 ', 'VP8L'];

/** A WebP's picture alone, as {@link bareParts} says: no EXIF, XMP, or chunks of others. */
export function bareWebpParts(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = view.getUint32(4, true) + 8;
  if (end > bytes.length) throw new PixelError('truncated', 'a WebP that ends in a chunk');
  const parts: Uint8Array[] = [];
  for (let at = 12; at + 8 <= end;) {
    const size = view.getUint32(at + 4, true);
    if (at + 8 + size > end) throw new PixelError('corrupt', 'a WebP chunk that reaches past the end');
    const next = Math.min(at + 8 + size + (size & 1), end);
    if (SHOWN.includes(String.fromCharCode(...bytes.subarray(at, at + 4)))) parts.push(bytes.subarray(at, next));
    at = next;
  }
  const length = parts.reduce((sum, part) => sum + part.length, 12);
  if (length === end) return [bytes.subarray(0, end)];
  const head = new Uint8Array(bytes.subarray(0, 12));
  new DataView(head.buffer).setUint32(4, length - 8, true);
  return [head, ...parts.map(withoutMetadataFlags)];
}

function withoutMetadataFlags(chunk: Uint8Array): Uint8Array {
  if (String.fromCharCode(...chunk.subarray(0, 4)) !== 'VP8X') return chunk;
  const told = new Uint8Array(chunk);
  told[8]! &= ~(EXIF | XMP);
  return told;
}

/** Some writers put the JPEG segment's name before the block. */
function trimmedExif(body: Uint8Array): Uint8Array {
  const prefix = Buffer.from('Exif\0\0', 'latin1');
  const isPrefixed = Buffer.from(body.subarray(0, prefix.length)).equals(prefix);
  return isPrefixed
    ? Buffer.concat([prefix, withoutExifThumbnail(body.subarray(prefix.length))])
    : withoutExifThumbnail(body);
}

function chunksOf(bytes: Uint8Array): Chunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const chunks: Chunk[] = [];
  let at = 12;
  while (at + 8 <= bytes.length) {
    const length = view.getUint32(at + 4, true);
    const name = String.fromCharCode(...bytes.subarray(at, at + 4));
    chunks.push({ name, body: bytes.subarray(at + 8, at + 8 + length) });
    at += 8 + length + (length & 1);
  }
  return chunks;
}

function riffOf(chunks: readonly Chunk[]): Buffer {
  const parts = chunks.flatMap(({ name, body }) => {
    const head = Buffer.alloc(8);
    head.write(name, 0, 'latin1');
    head.writeUInt32LE(body.length, 4);
    return [head, body, Buffer.alloc(body.length & 1)];
  });
  const inside = Buffer.concat(parts);
  const head = Buffer.alloc(12);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(inside.length + 4, 4);
  head.write('WEBP', 8, 'latin1');
  return Buffer.concat([head, inside]);
}
