import type { ImageHeader } from '../header.ts';
import { losslessSize, lossySize } from '../headers/webp.ts';
import { nameAt, readIn, Window } from '../headers/window.ts';
import { PixelError } from '../pixelError.ts';
import type { ByteStream } from './byteStream.ts';

const FRAME_HEADER = 16;

/** The RIFF length covers the file, every chunk lies inside, and each frame is there and fits the canvas. */
export async function checkWebp(stream: ByteStream, header: ImageHeader): Promise<number> {
  const riff = await stream.take(12);
  const end = riff.getUint32(4, true) + 8;
  if (end > stream.size) throw new PixelError('truncated', `a WebP of ${end} bytes in a file of ${stream.size}`);
  let frames = 0;
  while (stream.position + 8 <= end) {
    const head = await stream.take(8);
    const name = nameAt(head, 0);
    const length = head.getUint32(4, true);
    const next = stream.position + length + (length & 1);
    // A last chunk of odd length may lack its padding.
    if (stream.position + length > end)
      throw new PixelError('corrupt', `the WebP chunk at byte ${stream.position - 8} reaches past the end`);
    if (name === 'VP8 ' || name === 'VP8L') {
      await checkFrame(stream, name, length, header, true);
      frames += 1;
    } else if (name === 'ANMF') {
      await checkAnimationFrame(stream, length, header);
      frames += 1;
    }
    stream.skip(Math.min(next, end) - stream.position);
  }
  if (frames === 0) throw new PixelError('corrupt', 'a WebP without pixels');
  return end;
}

async function checkFrame(
  stream: ByteStream,
  name: string,
  length: number,
  canvas: ImageHeader,
  isWhole: boolean,
): Promise<void> {
  const start = stream.position;
  const view = await stream.take(Math.min(length, 10));
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  const { width, height } = readIn(bytes, (name === 'VP8L' ? losslessSize : lossySize)(new Window(bytes.length), 0));
  const fits = isWhole
    ? width === canvas.width && height === canvas.height
    : width <= canvas.width && height <= canvas.height;
  if (!fits)
    throw new PixelError(
      'corrupt',
      `a WebP frame of ${width} x ${height} on a canvas of ${canvas.width} x ${canvas.height}`,
    );
  if (name !== 'VP8 ') return;
  // Bits 5-23 of the frame tag: the length of the first partition, which must be followed by at least one more.
  const firstPartition = ((view.getUint8(0) | (view.getUint8(1) << 8) | (view.getUint8(2) << 16)) >>> 5) & 0x7ffff;
  if (10 + firstPartition > length)
    throw new PixelError('corrupt', `the VP8 partition at byte ${start} is longer than its chunk`);
}

async function checkAnimationFrame(stream: ByteStream, length: number, canvas: ImageHeader): Promise<void> {
  const end = stream.position + length;
  if (length < FRAME_HEADER) throw new PixelError('corrupt', 'a WebP animation frame that is too short');
  stream.skip(FRAME_HEADER);
  while (stream.position + 8 <= end) {
    const head = await stream.take(8);
    const name = nameAt(head, 0);
    const size = head.getUint32(4, true);
    const next = stream.position + size + (size & 1);
    if (stream.position + size > end)
      throw new PixelError('corrupt', `the WebP chunk at byte ${stream.position - 8} reaches past its frame`);
    if (name === 'VP8 ' || name === 'VP8L') {
      await checkFrame(stream, name, size, canvas, false);
      stream.skip(end - stream.position);
      return;
    }
    stream.skip(Math.min(next, end) - stream.position);
  }
  throw new PixelError('corrupt', 'a WebP animation frame without pixels');
}
