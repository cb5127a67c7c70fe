import { createHash } from 'node:crypto';
import { movedAvif } from './movedAvif.ts';
import { chunk } from './png.ts';

// A placeholder carries a mark near its beginning, so that it is found without reading whole files. The mark holds a digest
// of all that follows it: whoever paints over a placeholder makes it a picture of their own, which is not replaced.

/** What the mark says, and the keyword of the text entry that it is in a PNG. */
const words = 'Wan Image Placeholder';

/** How much of a file has to be read to see whether it carries the mark, in bytes. */
export const placeholderHead = 1024;

/** Lowercase hexadecimal. */
const digestLength = 64;
const markLength = words.length + 1 + digestLength;
/** Of a box of an AVIF: its length and its name. */
const boxHeader = 8;

/**
 * A PNG, JPEG, WebP or AVIF with the mark behind its header: a text entry, a comment, or a chunk or box that readers pass over.
 * Throws RangeError for other bytes.
 */
export function withPlaceholderMark(bytes: Uint8Array): Buffer {
  const at = headerEnd(bytes);
  // What is put before the picture of an AVIF moves it, and its places are counted from the beginning of the file.
  const rest = formatOf(bytes) === 'avif' ? movedAvif(bytes.subarray(at), boxHeader + markLength) : bytes.subarray(at);
  const mark = Buffer.from(`${words}\0${createHash('sha256').update(rest).digest('hex')}`, 'latin1');
  switch (formatOf(bytes)) {
    case 'png':
      return Buffer.concat([bytes.subarray(0, at), chunk('tEXt', mark), rest]);
    case 'jpeg':
      return Buffer.concat([bytes.subarray(0, at), Buffer.from([0xff, 0xfe, 0, mark.length + 2]), mark, rest]);
    case 'webp':
      return markedWebp(bytes, mark, rest);
    case 'avif':
      return Buffer.concat([bytes.subarray(0, at), freeBox(mark), rest]);
    case undefined:
      throw new RangeError('only a PNG, JPEG, WebP or AVIF can be marked as a placeholder');
  }
}

/** Whether the beginning of a file, of at least {@link placeholderHead} bytes where it has them, carries the mark. */
export function carriesPlaceholderMark(head: Uint8Array): boolean {
  return markIn(head) !== undefined;
}

/** Whether a whole file is a placeholder as it was written. */
export function isUntouchedPlaceholder(bytes: Uint8Array): boolean {
  const mark = markIn(bytes);
  return mark !== undefined && mark.digest === createHash('sha256').update(bytes.subarray(mark.end)).digest('hex');
}

function markIn(bytes: Uint8Array): { readonly digest: string; readonly end: number } | undefined {
  const format = formatOf(bytes);
  if (format === undefined) return undefined;
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, placeholderHead));
  const at = head.indexOf(`${words}\0`, 0, 'latin1');
  if (at === -1) return undefined;
  const end = at + words.length + 1 + digestLength;
  return { digest: head.toString('latin1', end - digestLength, end), end: format === 'png' ? end + 4 : end };
}

function formatOf(bytes: Uint8Array): 'png' | 'jpeg' | 'webp' | 'avif' | undefined {
  const begins = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 12)).toString('latin1');
  if (begins.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (begins.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (begins.slice(4) === 'ftypavif') return 'avif';
  return begins.startsWith('RIFF') && begins.slice(8) === 'WEBP' ? 'webp' : undefined;
}

/** Where the mark goes: behind the signature and IHDR of a PNG, the signature of a JPEG, the RIFF header of a WebP, the first box of an AVIF. */
function headerEnd(bytes: Uint8Array): number {
  const format = formatOf(bytes);
  if (format === 'avif') return Buffer.from(bytes.buffer, bytes.byteOffset, 4).readUInt32BE(0);
  return format === 'png' ? 8 + 25 : format === 'jpeg' ? 2 : 12;
}

/** A box that says nothing of the picture, which any reader passes over. Source: ISO/IEC 14496-12, `free`. */
function freeBox(content: Buffer): Buffer {
  const head = Buffer.alloc(boxHeader);
  head.writeUInt32BE(boxHeader + content.length, 0);
  head.write('free', 4, 'latin1');
  return Buffer.concat([head, content]);
}

/** Only the extended form of WebP may hold other chunks than the picture; the encoder writes the simple one, without alpha. */
function markedWebp(bytes: Uint8Array, mark: Buffer, rest: Uint8Array): Buffer {
  const { width, height } = webpSize(Buffer.from(rest.buffer, rest.byteOffset, rest.length));
  const extended = Buffer.alloc(18);
  extended.write('VP8X', 'latin1');
  extended.writeUInt32LE(10, 4);
  extended.writeUIntLE(width - 1, 12, 3);
  extended.writeUIntLE(height - 1, 15, 3);
  const head = Buffer.alloc(8);
  head.write('wanP', 'latin1');
  head.writeUInt32LE(mark.length, 4); // an even number of bytes, so that none pads it
  const riff = Buffer.from(bytes.subarray(0, 12));
  riff.writeUInt32LE(4 + extended.length + head.length + mark.length + rest.length, 4);
  return Buffer.concat([riff, extended, head, mark, rest]);
}

/** Pixels, from the chunk `VP8L` or `VP8 ` that a simple WebP consists of. */
function webpSize(chunks: Buffer): { width: number; height: number } {
  if (chunks.toString('latin1', 0, 4) === 'VP8L') {
    const bits = chunks.readUInt32LE(9);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  if (chunks.toString('latin1', 0, 4) !== 'VP8 ')
    throw new RangeError('only a simple WebP can be marked as a placeholder');
  return { width: chunks.readUInt16LE(14) & 0x3fff, height: chunks.readUInt16LE(16) & 0x3fff };
}
