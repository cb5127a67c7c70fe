/**
 * An EXIF block (a TIFF structure) without the small picture that many cameras put into it, which shows what the picture no
 * longer shows. Everything else keeps its place. What cannot be read is given back as it is.
 */
export function withoutExifThumbnail(block: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(block);
  const view = new DataView(bytes.buffer);
  const order = bytes.length >= 8 ? view.getUint16(0) : 0;
  if (order !== 0x4949 && order !== 0x4d4d) return block;
  const little = order === 0x4949;
  const link = endOfDirectory(view, view.getUint32(4, little), little);
  if (link === undefined) return block;
  const second = view.getUint32(link, little);
  if (second === 0) return block;
  view.setUint32(link, 0, little);
  const entries = readDirectory(view, second, little);
  let length = bytes.length;
  for (const [start, size] of PICTURE_TAGS) {
    const from = entries.get(start);
    const until = from === undefined ? undefined : from + (entries.get(size) ?? 0);
    if (from === undefined || until === undefined || until > bytes.length) continue;
    bytes.fill(0, from, until);
    if (until === bytes.length) length = from;
  }
  return bytes.subarray(0, length);
}

/** Offset and length of a JPEG, and of the one strip of plain pixels. */
const PICTURE_TAGS: readonly (readonly [number, number])[] = [
  [0x0201, 0x0202],
  [0x0111, 0x0117],
];

/**
 * The entries of a TIFF directory that hold one whole number, by tag; empty where there is no directory.
 * @param at offset of the directory
 */
export function readDirectory(view: DataView, at: number, little: boolean): Map<number, number> {
  const found = new Map<number, number>();
  const end = endOfDirectory(view, at, little) ?? at;
  for (let entry = at + 2; entry + 12 <= end; entry += 12) {
    const type = view.getUint16(entry + 2, little);
    if (view.getUint32(entry + 4, little) !== 1 || (type !== SHORT && type !== LONG)) continue;
    const value = type === SHORT ? view.getUint16(entry + 8, little) : view.getUint32(entry + 8, little);
    found.set(view.getUint16(entry, little), value);
  }
  return found;
}

const SHORT = 3;
const LONG = 4;

/** Where the link to the next directory is, or undefined where the block ends before. */
function endOfDirectory(view: DataView, at: number, little: boolean): number | undefined {
  if (at + 2 > view.byteLength) return undefined;
  const end = at + 2 + view.getUint16(at, little) * 12;
  return end + 4 > view.byteLength ? undefined : end;
}
