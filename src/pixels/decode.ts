import { type DecodeLimits, PixelEngine } from './engine.ts';
import type { Raster } from './raster.ts';

/**
 * Decodes a picture on this thread: upright, in sRGB, 8 bits, first frame; four channels where it has alpha.
 * The header is held against the limits before anything is decoded. Throws PixelError of any kind.
 * For workers, the simulator and tests; the host decodes through client.ts, which never blocks it.
 */
export function decodeImage(
  bytes: Uint8Array,
  limits: DecodeLimits = {},
  engine: PixelEngine = threadEngine,
): Promise<Raster> {
  return engine.decode(bytes, limits);
}

/** The engine that callers on this thread share; it starts nothing until it is first asked. */
const threadEngine = new PixelEngine();
