import { isFrame, standsAlone } from '../headers/jpeg.ts';
import { PixelError } from '../pixelError.ts';
import type { ByteStream } from './byteStream.ts';

const START_OF_SCAN = 0xda;
const END_OF_IMAGE = 0xd9;

/** Every segment whole, a frame and at least one scan, and the end marker. The entropy-coded data are passed over, not decoded. */
export async function checkJpeg(stream: ByteStream): Promise<number> {
  stream.skip(2);
  let hasFrame = false;
  let hasScan = false;
  for (;;) {
    // Also how a scan is passed: its data hold no marker but restarts, and every FF in them is followed by 00.
    const marker = await nextMarker(stream);
    if (marker === END_OF_IMAGE) break;
    if (standsAlone(marker)) continue;
    const length = (await stream.take(2)).getUint16(0);
    if (length < 2) throw new PixelError('corrupt', `JPEG segment of length ${length}`);
    stream.skip(length - 2);
    if (isFrame(marker)) hasFrame = true;
    if (marker === START_OF_SCAN) hasScan = true;
  }
  if (!hasFrame || !hasScan) throw new PixelError('corrupt', 'a JPEG without pixels');
  return stream.position;
}

async function nextMarker(stream: ByteStream): Promise<number> {
  let afterFill = false;
  for (;;) {
    const bytes = await stream.some(Number.MAX_SAFE_INTEGER);
    if (!bytes) throw new PixelError('truncated', 'a JPEG that ends without its end marker');
    for (let at = afterFill ? 0 : bytes.indexOf(0xff) + 1; at > 0 || afterFill;) {
      // `at` is the byte behind an FF.
      if (at === bytes.length) {
        afterFill = true;
        break;
      }
      const byte = bytes[at]!;
      if (byte !== 0xff && byte !== 0x00) {
        stream.putBack(bytes.length - at - 1);
        return byte;
      }
      afterFill = false;
      at = byte === 0xff ? at + 1 : bytes.indexOf(0xff, at + 1) + 1;
    }
  }
}
