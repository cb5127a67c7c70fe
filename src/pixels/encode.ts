import type { Engines } from './engines.ts';
import { imageFactsOf } from './facts.ts';
import { flattenOn, loadPicture, openPicture, turnImageUpright } from './picture.ts';
import type { Encoded, EncodedFormat, EncodeOptions } from './protocol.ts';
import { writeImage } from './write.ts';
import { imageOf, rasterOf } from './engine.ts';

/** Writes a picture anew, upright, in sRGB, first frame, without metadata. Throws PixelError. */
export async function encodePicture(
  engines: Engines,
  bytes: Uint8Array,
  format: EncodedFormat,
  options: EncodeOptions = {},
): Promise<Encoded> {
  const picture = await openPicture(engines, bytes);
  const { orientation, width, height, hasAlpha } = picture.facts;
  const raster = await engines.for(picture.facts.format).work(bytes, (vips, keep) => {
    const image = turnImageUpright(loadPicture(vips, keep, picture), orientation, keep);
    return rasterOf(format === 'jpeg' ? flattenOn(image, options.background ?? '#ffffff', keep) : image);
  });
  const quality = options.quality ?? (format === 'avif' ? 65 : 90);
  const encoded = await engines
    .for(format)
    .work(bytes, (vips, keep) =>
      writeImage(vips, keep(imageOf(vips, raster)), format, { quality, lossless: options.lossless ?? false }),
    );
  const facts =
    format === 'avif'
      ? { format, width, height, byteLength: encoded.length, hasAlpha: raster.channels === 4 && hasAlpha }
      : imageFactsOf(encoded);
  return { bytes: encoded, facts };
}
