/**
 * The boxes of an AVIF behind its first one, as they are when they lie so many bytes further on: the places of its pictures are
 * counted from the beginning of the file. Throws RangeError for an AVIF that is none of those that encoders write.
 * Source: ISO/IEC 14496-12, `meta` and `iloc`.
 */
export function movedAvif(boxes: Uint8Array, by: number): Buffer {
  const moved = Buffer.from(boxes);
  const meta = boxIn(moved, 0, moved.length, 'meta');
  const places = boxIn(moved, meta.start + 4, meta.end, 'iloc');
  let at = places.start;
  const read = (size: number): number => {
    if (at + size > places.end) throw notKnown();
    const value = size === 0 ? 0 : moved.readUIntBE(at, size);
    at += size;
    return value;
  };
  const version = read(4) >>> 24;
  const sizes = [read(1), read(1)].flatMap((both) => [both >>> 4, both & 15]);
  const [offsetSize = 0, lengthSize = 0, baseSize = 0, indexSize = 0] = sizes;
  // Eight bytes are for files of more than 4 GB.
  if (version > 2 || sizes.some((size) => size !== 0 && size !== 4)) throw notKnown();
  const move = (size: number, value: number): void => void moved.writeUIntBE(value + by, at - size, size);
  const count = read(version < 2 ? 2 : 4);
  for (let item = 0; item < count; item++) {
    read(version < 2 ? 2 : 4);
    const isInFile = version === 0 || (read(2) & 15) === 0;
    read(2);
    const base = read(baseSize);
    if (isInFile && baseSize > 0) move(baseSize, base);
    const extents = read(2);
    for (let extent = 0; extent < extents; extent++) {
      if (version > 0) read(indexSize);
      const offset = read(offsetSize);
      if (isInFile && baseSize === 0) {
        if (offsetSize === 0) throw notKnown();
        move(offsetSize, offset);
      }
      read(lengthSize);
    }
  }
  return moved;
}

/** Where the content of a box begins and ends. */
function boxIn(bytes: Buffer, from: number, to: number, name: string): { start: number; end: number } {
  for (let at = from; at + 8 <= to;) {
    const length = bytes.readUInt32BE(at);
    if (length < 8 || at + length > to) break;
    if (bytes.toString('latin1', at + 4, at + 8) === name) return { start: at + 8, end: at + length };
    at += length;
  }
  throw notKnown();
}

const notKnown = (): RangeError => new RangeError('only a simple AVIF can be marked as a placeholder');
