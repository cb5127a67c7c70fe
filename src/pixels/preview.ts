import type { Thumbnail } from './engine.ts';
import type { Engines } from './engines.ts';
import { loadPicture, openPicture, turnedSize, turnImageUpright } from './picture.ts';

/**
 * A copy that fits a square of `maxSide` pixels (1 to 4096), never enlarged but for drawings: PNG where there is alpha, else
 * WebP; upright, in sRGB, first frame. Throws PixelError.
 */
export async function previewPicture(engines: Engines, bytes: Uint8Array, maxSide: number): Promise<Thumbnail> {
  if (!Number.isInteger(maxSide) || maxSide < 1 || maxSide > 4096)
    throw new RangeError(`a preview of ${maxSide} pixels`);
  const picture = await openPicture(engines, bytes);
  const { facts } = picture;
  const factor = Math.min(1, maxSide / Math.max(facts.width, facts.height));
  const width = Math.max(1, Math.round(facts.width * factor));
  const height = Math.max(1, Math.round(facts.height * factor));
  return engines.for(facts.format).work(bytes, (vips, keep) => {
    const loaded = loadPicture(vips, keep, picture, turnedSize({ width, height }, facts.orientation));
    const image = turnImageUpright(loaded, facts.orientation, keep);
    return image.bands === 4
      ? { format: 'png', width, height, bytes: image.pngsaveBuffer({ compression: 6, keep: 'none' }) }
      : { format: 'webp', width, height, bytes: image.webpsaveBuffer({ Q: 82, effort: 2, keep: 'none' }) };
  });
}
