import { createHash } from 'node:crypto';
import { chunk } from './png.ts';

// A placeholder carries a mark near its beginning, so that it is found without reading whole files. The mark holds a digest
// of all that follows it: whoever paints over a placeholder makes it a picture of their own, which is not replaced.

/** The keyword of the PNG text entry that says what the file is. */
export const placeholderKeyword = 'Wan Image Placeholder';

/** How much of a file has to be read to see whether it carries the mark, in bytes. */
export const placeholderHead = 1024;

/** The PNG with the mark behind its header. */
export function withPlaceholderMark(png: Uint8Array): Buffer {
  const rest = png.subarray(endOfHeader);
  const mark = chunk('tEXt', Buffer.from(`${placeholderKeyword}\0${digestOf(rest)}`, 'latin1'));
  return Buffer.concat([png.subarray(0, endOfHeader), mark, rest]);
}

/** Whether the beginning of a file, of at least {@link placeholderHead} bytes where it has them, carries the mark. */
export function carriesPlaceholderMark(head: Uint8Array): boolean {
  return markIn(head) !== undefined;
}

/** Whether a whole file is a placeholder as it was written. */
export function isUntouchedPlaceholder(bytes: Uint8Array): boolean {
  const mark = markIn(bytes);
  return mark !== undefined && mark.digest === digestOf(bytes.subarray(mark.end));
}

/** Signature, and the chunk IHDR with its length, name and checksum. */
const endOfHeader = 8 + 25;

function markIn(bytes: Uint8Array): { readonly digest: string; readonly end: number } | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, placeholderHead));
  const begin = `tEXt${placeholderKeyword}\0`;
  const isPng = head.toString('latin1', 1, 4) === 'PNG';
  const at = endOfHeader + 4;
  if (!isPng || head.toString('latin1', at, at + begin.length) !== begin) return undefined;
  const end = at + begin.length + 64 + 4; // digest and checksum
  return { digest: head.toString('latin1', at + begin.length, end - 4), end };
}

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
