import type { SourceFacts } from '../core/preparation.ts';
import type { ImageFacts } from '../core/readyRequest.ts';
import { type ImageHeader, readHeaderOf } from './header.ts';
import { PixelError } from './pixelError.ts';

/**
 * What the plan of a preparation needs to know, from a header alone. Sides as seen.
 * Throws PixelError 'unsupported' where the header tells of a picture that no decoder here takes.
 */
export function factsOfHeader(header: ImageHeader, byteLength: number): SourceFacts {
  if (header.format === 'jpeg' && header.bitsPerSample !== undefined && header.bitsPerSample !== 8)
    throw new PixelError('unsupported', `a JPEG with ${header.bitsPerSample} bits a sample`);
  return {
    format: header.format,
    width: header.uprightWidth,
    height: header.uprightHeight,
    byteLength,
    hasAlpha: header.hasAlpha,
    animated: header.animated,
    orientation: header.orientation,
    isCmyk: header.isCmyk ?? false,
    isDeep: (header.bitsPerSample ?? 8) > 8,
  };
}

/** What preflight needs to know, measured from the very bytes that are sent. Throws PixelError. */
export function imageFactsOf(bytes: Uint8Array): ImageFacts {
  const { format, uprightWidth, uprightHeight, hasAlpha } = readHeaderOf(bytes);
  return { format, width: uprightWidth, height: uprightHeight, byteLength: bytes.length, hasAlpha };
}
