import { bmpStride } from '../bmp.ts';
import { bmpLayout } from '../headers/bmp.ts';
import { readIn, Window } from '../headers/window.ts';
import { PixelError } from '../pixelError.ts';
import type { ByteStream } from './byteStream.ts';

/** Longest header with masks behind it. */
const HEADERS = 14 + 124 + 16;

/** The rows that the header promises are there; of run-length coded pixels the length that is told. */
export async function checkBmp(stream: ByteStream): Promise<number> {
  const view = await stream.take(Math.min(HEADERS, stream.size));
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  const layout = readIn(bytes, bmpLayout(new Window(bytes.length)));
  const end =
    layout.pixels + (layout.isRunLengthCoded ? Math.max(layout.codedBytes, 1) : bmpStride(layout) * layout.height);
  if (end > stream.size) throw new PixelError('truncated', `a BMP of ${end} bytes in a file of ${stream.size}`);
  return end;
}
