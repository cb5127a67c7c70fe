import { colourTable } from '../headers/gif.ts';
import { PixelError } from '../pixelError.ts';
import type { ByteStream } from './byteStream.ts';

const IMAGE = 0x2c;
const EXTENSION = 0x21;
const TRAILER = 0x3b;

/** Every block whole, at least one image, and the trailer. */
export async function checkGif(stream: ByteStream): Promise<number> {
  stream.skip(10);
  const screen = await stream.take(3);
  stream.skip(colourTable(screen.getUint8(0)));
  let frames = 0;
  for (;;) {
    const kind = (await stream.take(1)).getUint8(0);
    if (kind === TRAILER) break;
    if (kind === IMAGE) {
      frames += 1;
      const image = await stream.take(9);
      stream.skip(colourTable(image.getUint8(8)));
      stream.skip(1);
    } else if (kind === EXTENSION) {
      stream.skip(1);
    } else {
      throw new PixelError('corrupt', `no GIF block at byte ${stream.position - 1}`);
    }
    await skipSubBlocks(stream);
  }
  if (frames === 0) throw new PixelError('corrupt', 'a GIF without a picture');
  return stream.position;
}

async function skipSubBlocks(stream: ByteStream): Promise<void> {
  for (;;) {
    const length = (await stream.take(1)).getUint8(0);
    if (length === 0) return;
    stream.skip(length);
  }
}
