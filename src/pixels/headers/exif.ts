import type { Orientation } from '../header.ts';
import type { Reading, Window } from './window.ts';

const ORIENTATION_TAG = 0x0112;
/** Bytes of the types that are whole numbers. It should be a SHORT (3); libexif takes any, and so do most that build on it. */
const LENGTHS: Readonly<Record<number, 1 | 2 | 4>> = { 1: 1, 3: 2, 4: 4, 6: 1, 8: 2, 9: 4 };
const MOST_ENTRIES = 256;

/**
 * The orientation in the TIFF structure that lies in `length` bytes from `start`. EXIF is the least carefully written part of
 * most files, and no decoder refuses a picture for it: whatever is nonsense reads as upright.
 */
export function* exifOrientation(window: Window, start: number, length: number): Reading<Orientation> {
  const end = Math.min(start + length, window.size);
  if (end - start < 8) return 1;
  const head = yield* window.bytes(start, 8);
  const order = head.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return 1;
  const little = order === 0x4949;
  if (head.getUint16(2, little) !== 42) return 1;

  const directory = start + head.getUint32(4, little);
  if (directory + 2 > end) return 1;
  const count = (yield* window.bytes(directory, 2)).getUint16(0, little);
  const entries = Math.min(count, MOST_ENTRIES, Math.floor((end - directory - 2) / 12));
  if (entries < 1) return 1;
  const table = yield* window.bytes(directory + 2, entries * 12);
  for (let at = 0; at < entries * 12; at += 12) {
    if (table.getUint16(at, little) !== ORIENTATION_TAG) continue;
    // More than one value does not fit beside the tag: what stands there is then an offset, or nonsense.
    if (table.getUint32(at + 4, little) !== 1) return 1;
    const length = LENGTHS[table.getUint16(at + 2, little)];
    const value =
      length === 1
        ? table.getUint8(at + 8)
        : length === 2
          ? table.getUint16(at + 8, little)
          : length === 4
            ? table.getUint32(at + 8, little)
            : 0;
    return isOrientation(value) ? value : 1;
  }
  return 1;
}

function isOrientation(value: number): value is Orientation {
  return value >= 1 && value <= 8;
}
