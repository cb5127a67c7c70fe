import { type Background, type CutOptions, type CutReport, mostSuggested } from '../core/cutOut.ts';
import type { Size } from '../core/size.ts';
import { borderOf } from './border.ts';
import { findCheckerboard } from './checkerboard.ts';
import { cutOutOf } from './cutOut.ts';
import { edgePieceOf } from './edgePiece.ts';
import { imageOf, rasterOf } from './engine.ts';
import type { Engines } from './engines.ts';
import { loadPicture, openPicture, turnedSize, turnImageUpright } from './picture.ts';
import { encodePngAsync } from './png.ts';
import type { Raster } from './raster.ts';
import { writeImage } from './write.ts';

/** A picture with its background cut out. */
export interface CutOut extends Size {
  readonly bytes: Uint8Array;
  readonly report: CutReport;
}

/** As large as squares and borders are looked at: what is drawn survives a picture of twice the size being halved. */
const looked = 2048;

/** Looks at the background of a picture. Throws PixelError. */
export async function examineBackgroundOf(engines: Engines, bytes: Uint8Array): Promise<Background> {
  const { raster, size } = await uprightRaster(engines, bytes, looked);
  const { hex, common, evenness, transparent } = borderOf(raster);
  const found = findCheckerboard(raster);
  const square = found && Math.round((found.square * size.width) / raster.width);
  return {
    ...size,
    key: hex,
    colours: common.slice(0, mostSuggested),
    evenness,
    transparent,
    ...(square !== undefined && { checkerboard: square }),
  };
}

/** Cuts a background out, upright, in sRGB, without metadata, as PNG or WebP without loss. Throws PixelError. */
export async function cutOutPictureOf(
  engines: Engines,
  bytes: Uint8Array,
  options: CutOptions,
  format: 'png' | 'webp',
): Promise<CutOut> {
  const { raster: whole } = await uprightRaster(engines, bytes, Number.POSITIVE_INFINITY);
  const { raster, report } = cutOutOf(whole, options);
  const { width, height } = raster;
  if (format === 'png') return { bytes: await encodePngAsync(raster), width, height, report };
  const written = await engines
    .for('webp')
    .work(bytes, (vips, keep) => writeImage(vips, keep(imageOf(vips, raster)), 'webp', { lossless: true }));
  return { bytes: written, width, height, report };
}

/** A cut of a copy that fits a square of `maxSide` pixels, as PNG. Throws PixelError. */
export async function previewCutOf(
  engines: Engines,
  bytes: Uint8Array,
  options: CutOptions,
  maxSide: number,
): Promise<CutOut> {
  const { raster: small } = await uprightRaster(engines, bytes, maxSide);
  const { raster, report } = cutOutOf(small, options);
  return { bytes: await encodePngAsync(raster), width: raster.width, height: raster.height, report };
}

/** Measures a cut in all pixels of the picture, and shows a piece of it where its edge is. Throws PixelError. */
export async function measureCutOf(
  engines: Engines,
  bytes: Uint8Array,
  options: CutOptions,
  pieceSide: number,
): Promise<CutOut> {
  const { raster: whole } = await uprightRaster(engines, bytes, Number.POSITIVE_INFINITY);
  const { raster, report } = cutOutOf(whole, options);
  const piece = edgePieceOf(raster, pieceSide);
  return { bytes: await encodePngAsync(piece), width: piece.width, height: piece.height, report };
}

async function uprightRaster(
  engines: Engines,
  bytes: Uint8Array,
  maxSide: number,
): Promise<{ readonly raster: Raster; readonly size: Size }> {
  const picture = await openPicture(engines, bytes);
  const { width, height, orientation, format } = picture.facts;
  const factor = Math.min(1, maxSide / Math.max(width, height));
  const size = { width: Math.max(1, Math.round(width * factor)), height: Math.max(1, Math.round(height * factor)) };
  const raster = await engines
    .for(format)
    .work(bytes, (vips, keep) =>
      rasterOf(turnImageUpright(loadPicture(vips, keep, picture, turnedSize(size, orientation)), orientation, keep)),
    );
  return { raster, size: { width, height } };
}
