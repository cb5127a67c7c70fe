import type Vips from 'wasm-vips';
import type { VipsModule } from './engine.ts';
import { encodeBmp } from './bmpWriter.ts';
import { rasterOf } from './engine.ts';
import type { EncodedFormat } from './protocol.ts';

/** How the pixels of a picture are written. */
export interface WriteOptions {
  /** 1 to 100. */
  quality?: number;
  lossless?: boolean;
  /** For JPEG: whether colours have half the pixels of brightness each way (4:2:0); default false (4:4:4). */
  subsampled?: boolean;
  /** For JPEG and PNG: whether the file shows itself coarsely first. */
  progressive?: boolean;
  /** Keeps the colour profile that is attached to the image. */
  profile?: boolean;
}

/**
 * Writes an image, without any metadata but the profile if asked. JPEG takes no alpha. AVIF wants the engine that has it.
 */
export function writeImage(
  vips: VipsModule,
  image: Vips.Image,
  format: EncodedFormat | 'bmp',
  { quality = 90, lossless = false, subsampled = false, progressive = false, profile = false }: WriteOptions = {},
): Uint8Array {
  const keep = profile ? vips.ForeignKeep.icc : vips.ForeignKeep.none;
  switch (format) {
    case 'png':
      // Filters make a photo a fifth smaller and a screenshot a tenth larger; photos weigh more.
      return image.pngsaveBuffer({ compression: 6, filter: 'all', interlace: progressive, keep });
    case 'jpeg':
      return image.jpegsaveBuffer({
        Q: quality,
        optimize_coding: true,
        interlace: progressive,
        subsample_mode: subsampled ? 'on' : 'off',
        keep,
      });
    case 'webp':
      return image.webpsaveBuffer({ Q: quality, lossless, exact: lossless, effort: lossless ? 2 : 4, keep });
    case 'avif':
      // The encoder has no threads here: at its usual effort a picture of one megapixel takes a quarter of a minute.
      return image.heifsaveBuffer({ Q: quality, lossless, compression: 'av1', effort: 0, bitdepth: 8, keep });
    case 'bmp':
      return encodeBmp(rasterOf(image));
  }
}
