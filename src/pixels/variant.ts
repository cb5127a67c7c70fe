import type Vips from 'wasm-vips';
import type { Variant } from '../core/saveOptions.ts';
import type { Size } from '../core/size.ts';
import { imageOf, type Keep, rasterOf, type VipsModule } from './engine.ts';
import type { Engines } from './engines.ts';
import { imageFactsOf } from './facts.ts';
import { flattenOn, loadPicture, openPicture, turnedSize, turnImageUpright } from './picture.ts';
import type { Encoded } from './protocol.ts';
import type { Raster } from './raster.ts';
import { writeImage } from './write.ts';

/** What shows through in a JPEG. */
const white = '#ffffff';

/**
 * Makes a file of a picture in another format or size: upright, in sRGB, first frame, without metadata. Scaled by Lanczos.
 * Throws PixelError.
 */
export async function makeVariant(engines: Engines, bytes: Uint8Array, variant: Variant): Promise<Encoded> {
  const picture = await openPicture(engines, bytes);
  const { orientation, format, width, height } = picture.facts;
  const scaled = scaledSize({ width, height }, variant.size);
  const raster = await engines.for(format).work(bytes, (vips, keep) => {
    const loaded = loadPicture(vips, keep, picture, scaled && turnedSize(scaled, orientation));
    const upright = turnImageUpright(loaded, orientation, keep);
    const framed = variant.size ? inFrame(upright, variant.size, variant.format !== 'jpeg', keep) : upright;
    return rasterOf(variant.format === 'jpeg' ? flattenOn(framed, white, keep) : framed);
  });
  const written = await engines
    .for(variant.format)
    .work(bytes, (vips, keep) => write(vips, keep(imageOf(vips, raster)), variant));
  return { bytes: written, facts: factsOf(written, variant, raster) };
}

/** The size that all of a picture has before it is cut or given bars; undefined where it keeps its own. */
function scaledSize(picture: Size, frame: Variant['size']): Size | undefined {
  if (!frame) return undefined;
  if (frame.how === 'fill') return { width: frame.width, height: frame.height };
  const [across, down] = [frame.width / picture.width, frame.height / picture.height];
  const scale = frame.how === 'fit' ? Math.min(across, down) : Math.max(across, down);
  // The side that decides is the frame's, to the pixel.
  return {
    width: scale === across ? frame.width : Math.max(1, Math.round(picture.width * scale)),
    height: scale === down ? frame.height : Math.max(1, Math.round(picture.height * scale)),
  };
}

/** The middle of a picture that reaches beyond the frame; bars beside one that does not fill it, clear where that can be. */
function inFrame(image: Vips.Image, { width, height }: Size, canBeClear: boolean, keep: Keep): Vips.Image {
  const [spareWidth, spareHeight] = [image.width - width, image.height - height];
  if (spareWidth === 0 && spareHeight === 0) return image;
  const left = Math.floor(Math.abs(spareWidth) / 2);
  const top = Math.floor(Math.abs(spareHeight) / 2);
  if (spareWidth >= 0 && spareHeight >= 0) return keep(image.crop(left, top, width, height));
  if (!canBeClear && image.bands < 4)
    return keep(image.embed(left, top, width, height, { extend: 'background', background: [255, 255, 255] }));
  const withAlpha = image.bands < 4 ? keep(image.bandjoin(255)) : image;
  return keep(withAlpha.embed(left, top, width, height, { extend: 'background', background: [0, 0, 0, 0] }));
}

function write(vips: VipsModule, image: Vips.Image, { format, quality }: Variant): Uint8Array {
  if (format !== 'png-palette') return writeImage(vips, image, format, { quality });
  // Filters are for pixels that differ a little from their neighbours; numbers of colours do not.
  return image.pngsaveBuffer({
    palette: true,
    Q: quality,
    dither: 1,
    compression: 9,
    filter: 'none',
    keep: vips.ForeignKeep.none,
  });
}

/** The headers that are read here are not those of AVIF. */
function factsOf(bytes: Uint8Array, { format }: Variant, { width, height, channels }: Raster): Encoded['facts'] {
  return format === 'avif'
    ? { format, width, height, byteLength: bytes.length, hasAlpha: channels === 4 }
    : imageFactsOf(bytes);
}
