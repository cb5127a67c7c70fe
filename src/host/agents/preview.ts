import type { Pixels } from '../../pixels/client.ts';
import { PixelError } from '../../pixels/pixelError.ts';
import type { Preview } from './agentTypes.ts';

/** The longest sides that are tried, in pixels. What is larger than the first floods the context that it lands in. */
const sides = [512, 384, 256, 128] as const;
const mostBytes = 60 * 1024;

/** A copy of at most 512 pixels a side and 60 KB; undefined where none can be made, which keeps nobody from the picture. */
export async function previewOf(bytes: Uint8Array, pixels: Pick<Pixels, 'preview'>): Promise<Preview | undefined> {
  try {
    for (const side of sides) {
      const { format, bytes: small, width, height } = await pixels.preview(bytes, side);
      if (small.byteLength <= mostBytes) return { mime: `image/${format}`, bytes: small, width, height };
    }
    return undefined;
  } catch (error) {
    if (error instanceof PixelError) return undefined;
    throw error;
  }
}
