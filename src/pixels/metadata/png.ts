import { crc32 } from 'node:zlib';
import { PixelError } from '../pixelError.ts';
import { chunk } from '../png.ts';
import { withoutExifThumbnail } from './exif.ts';

interface Chunk {
  readonly name: string;
  /** With length, name and checksum. */
  readonly whole: Uint8Array;
  readonly body: Uint8Array;
}

/** What stays of a PNG whose pixels change: density and texts. Not the time, which is another now. */
const KEPT: readonly string[] = ['pHYs', 'tEXt', 'zTXt', 'iTXt'];
/** How colours are meant. Our decoder goes by none of these, so that the numbers go back as they came, and mean the same again. */
const COLOURS: readonly string[] = ['sRGB', 'gAMA', 'cHRM', 'cICP'];

/**
 * A newly written PNG with the source's metadata.
 * @param withProfile takes the source's colour profile along, too
 */
export function withPngMetadata(written: Uint8Array, source: Uint8Array, withProfile: boolean): Uint8Array {
  const kept: Uint8Array[] = [];
  let isBeforePixels = true;
  let hasExif = false;
  const chunks = chunksOf(source);
  // By a profile it does go: without it the colours are sRGB now, whatever was written beside the profile.
  const keepsColours = withProfile || !chunks.some(({ name }) => name === 'iCCP');
  for (const { name, whole, body } of chunks) {
    if (name === 'IDAT') isBeforePixels = false;
    if (KEPT.includes(name) || (name === 'iCCP' && withProfile) || (COLOURS.includes(name) && keepsColours))
      kept.push(whole);
    // Behind the pixels no reader looks for an orientation; before them it would begin to count.
    if (name === 'eXIf' && isBeforePixels && !hasExif) {
      hasExif = true;
      kept.push(chunk(name, withoutExifThumbnail(body)));
    }
  }
  const rest = chunksOf(written).filter(({ name }) => CRITICAL.includes(name));
  const [header, ...pixels] = rest.map(({ whole }) => whole);
  // Everything that is kept may stand before the palette; the first three must.
  return Buffer.concat([written.subarray(0, 8), header ?? new Uint8Array(), ...kept, ...pixels]);
}

/** What decoders need besides the critical chunks, to show the same. Frames of an animation are none of it: the still picture is sent. */
const SHOWN: readonly string[] = [...COLOURS, 'iCCP', 'tRNS', 'sBIT', 'bKGD', 'pHYs', 'mDCV', 'cLLI'];
const ANCILLARY = 0x20;

/** A PNG's picture alone, as {@link bareParts} says: no EXIF, texts, time, or chunks of others. */
export function barePngParts(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const parts = [bytes.subarray(0, 8)];
  for (let at = 8; ;) {
    const end = at + 12 <= bytes.length ? at + 12 + view.getUint32(at) : Infinity;
    if (end > bytes.length) throw new PixelError('truncated', 'a PNG that ends in a chunk');
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const isCritical = (bytes[at + 4]! & ANCILLARY) === 0;
    if (isCritical || SHOWN.includes(name)) parts.push(bytes.subarray(at, end));
    if (name === 'IEND') return parts;
    at = end;
  }
}

const CRITICAL: readonly string[] = ['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND'];

/** Whether the pixels are indices into a palette. */
export function isPalettePng(bytes: Uint8Array): boolean {
  return bytes[25] === 3;
}

/** Whether the rows are interlaced (Adam7). */
export function isInterlacedPng(bytes: Uint8Array): boolean {
  return bytes[28] === 1;
}

/**
 * Chunks with a right checksum, to the end or to where the file makes no sense any more. An orientation counts whatever its
 * checksum, as it does for our header reader and for others: pixels that are turned back under it need it.
 */
function chunksOf(bytes: Uint8Array): Chunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const chunks: Chunk[] = [];
  let at = 8;
  while (at + 12 <= bytes.length) {
    const end = at + 12 + view.getUint32(at);
    if (end > bytes.length) break;
    const checked = bytes.subarray(at + 4, end - 4);
    const name = String.fromCharCode(...checked.subarray(0, 4));
    if (name === 'eXIf' || crc32(checked) === view.getUint32(end - 4))
      chunks.push({ name, whole: bytes.subarray(at, end), body: checked.subarray(4) });
    if (name === 'IEND') break;
    at = end;
  }
  return chunks;
}
