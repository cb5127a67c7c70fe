import { PixelError } from './pixelError.ts';
import type { Raster } from './raster.ts';

/** Bounds that are checked against the header before anything is decoded. */
export interface DecodeLimits {
  /** Most pixels, width × height; default 100,000,000. */
  maxPixels?: number;
}

/** Decodes a picture upright, in sRGB, 8 bits, first frame. Throws PixelError of any kind. */
export async function decodeImage(_bytes: Uint8Array, _limits: DecodeLimits = {}): Promise<Raster> {
  throw new PixelError('engine-unavailable', 'not here yet');
}
