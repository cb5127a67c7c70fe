import { crc32 } from 'node:zlib';
import type { ImageHeader } from '../header.ts';
import { PixelError } from '../pixelError.ts';
import type { ByteStream } from './byteStream.ts';
import { PixelCount } from './pixelCount.ts';

/** Larger pictures are not inflated: that would take seconds to learn little. */
const MOST_PIXELS_INFLATED = 64_000_000;
const PALETTE = 3;
const LONGEST_CHUNK = 0x7fffffff;

/** Every chunk whole and with its checksum, in the order that matters, and exactly the pixels that the header promises. */
export async function checkPng(stream: ByteStream, header: ImageHeader): Promise<number> {
  stream.skip(8);
  const inflates = header.width * header.height <= MOST_PIXELS_INFLATED;
  let count: PixelCount | undefined;
  let headerSeen = false;
  let needsPalette = false;
  let pixelsSeen = false;
  try {
    for (;;) {
      const head = await stream.take(8);
      const length = head.getUint32(0);
      // The view belongs to the stream's piece, which the next read may replace.
      const type = new Uint8Array(head.buffer.slice(head.byteOffset + 4, head.byteOffset + 8));
      const name = String.fromCharCode(...type);
      if (length > LONGEST_CHUNK || !/^[A-Za-z]{4}$/.test(name))
        throw new PixelError('corrupt', `no PNG chunk at byte ${stream.position - 8}`);
      if (name === 'IHDR') {
        if (headerSeen) throw new PixelError('corrupt', 'a PNG with two headers');
        headerSeen = true;
        const ihdr = await peekHeader(stream);
        needsPalette = ihdr.getUint8(9) === PALETTE;
        if (inflates) count = new PixelCount(expectedBytes(ihdr));
      }
      if (name === 'PLTE') needsPalette = false;
      if (name === 'IDAT' && needsPalette) throw new PixelError('corrupt', 'a palette PNG without its palette');
      const sink = name === 'IDAT' ? count : undefined;
      await checkChunk(stream, type, length, sink);
      if (name === 'IDAT') pixelsSeen = true;
      if (name === 'IEND') break;
    }
    if (!pixelsSeen) throw new PixelError('corrupt', 'a PNG without pixels');
    await count?.end();
  } finally {
    count?.close();
  }
  return stream.position;
}

async function checkChunk(
  stream: ByteStream,
  type: Uint8Array,
  length: number,
  sink: PixelCount | undefined,
): Promise<void> {
  let sum = crc32(type);
  for (let left = length; left > 0;) {
    const bytes = await stream.some(left);
    if (!bytes) throw new PixelError('truncated', 'the file ends inside a PNG chunk');
    sum = crc32(bytes, sum);
    await sink?.write(bytes);
    left -= bytes.length;
  }
  const stored = (await stream.take(4)).getUint32(0);
  if (stored !== sum)
    throw new PixelError('corrupt', `the checksum of the PNG chunk before byte ${stream.position} is wrong`);
}

async function peekHeader(stream: ByteStream): Promise<DataView> {
  const view = await stream.take(13);
  stream.putBack(13);
  return view;
}

const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** Start column, start row, step right and step down of each Adam7 pass. */
const ADAM7: readonly (readonly [number, number, number, number])[] = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
];

/** Bytes that the pixels inflate to: each row's samples in whole bytes and one for its filter. */
function expectedBytes(ihdr: DataView): number {
  const width = ihdr.getUint32(0);
  const height = ihdr.getUint32(4);
  const bits = ihdr.getUint8(8) * (SAMPLES[ihdr.getUint8(9)] ?? 0);
  const bytesOf = (columns: number, rows: number) => (columns === 0 ? 0 : rows * (1 + Math.ceil((columns * bits) / 8)));
  if (ihdr.getUint8(12) === 0) return bytesOf(width, height);
  let sum = 0;
  for (const [x, y, right, down] of ADAM7) {
    sum += bytesOf(Math.max(0, Math.ceil((width - x) / right)), Math.max(0, Math.ceil((height - y) / down)));
  }
  return sum;
}
