import type Vips from 'wasm-vips';
import type { SourceFacts } from '../core/preparation.ts';
import type { Size } from '../core/size.ts';
import { decodeBmp } from './bmp.ts';
import { describePicture } from './describe.ts';
import {
  DEFAULT_MAX_PIXELS,
  FAIL_ON,
  imageOf,
  type Keep,
  loadAsPromised,
  toSrgb,
  type VipsModule,
  withoutIdleAlpha,
} from './engine.ts';
import type { Engines } from './engines.ts';
import { readHeaderOf } from './header.ts';
import { PixelError } from './pixelError.ts';

/** A picture of any readable format, measured and found small enough to be decoded. */
export interface Picture {
  readonly bytes: Uint8Array;
  readonly facts: SourceFacts;
  /** Sides before any turning. */
  readonly stored: Size;
}

/** Measures a picture and holds it against the limit, before anything is decoded. Throws PixelError. */
export async function openPicture(
  engines: Engines,
  bytes: Uint8Array,
  maxPixels = DEFAULT_MAX_PIXELS,
): Promise<Picture> {
  const facts = await describePicture(engines, bytes);
  if (facts.width * facts.height > maxPixels)
    throw new PixelError('too-large', `${facts.width} x ${facts.height} is more than ${maxPixels} pixels`);
  return { bytes, facts, stored: turnedSize(facts, facts.orientation) };
}

/** The size with its sides swapped where the orientation is one that lies on its side. */
export function turnedSize({ width, height }: Size, orientation: number): Size {
  return orientation >= 5 ? { width: height, height: width } : { width, height };
}

/**
 * The pixels as stored, in sRGB, 8 bits, first frame, with 3 bands, or 4 where the facts tell of alpha. They may be read once,
 * from top to bottom.
 * @param size brings them to this size while they are read, by Lanczos; sides before any turning
 */
export function loadPicture(vips: VipsModule, keep: Keep, picture: Picture, size?: Size): Vips.Image {
  const { bytes, facts, stored } = picture;
  const isWhole = size === undefined || (size.width === stored.width && size.height === stored.height);
  const options = isWhole ? undefined : { height: size.height, size: 'force', no_rotate: true, fail_on: FAIL_ON };
  const resized = (image: Vips.Image): Vips.Image =>
    options && size ? keep(image.thumbnailImage(size.width, options)) : image;
  if (facts.format === 'bmp') return resized(keep(imageOf(vips, decodeBmp(bytes))));
  // From the file itself where that may be, so that decoders which can shrink while they read do so.
  if (facts.format === 'gif') return resized(loadAsPromised(vips, bytes, readHeaderOf(bytes), keep));
  const image = keep(
    options && size
      ? vips.Image.thumbnailBuffer(bytes, size.width, options)
      : vips.Image.newFromBuffer(bytes, '', { access: 'sequential', fail_on: FAIL_ON }),
  );
  if (isWhole && (image.width !== stored.width || image.height !== stored.height)) {
    throw new PixelError(
      'corrupt',
      `the header says ${stored.width} x ${stored.height}, the pixels are ${image.width} x ${image.height}`,
    );
  }
  return withoutIdleAlpha(toSrgb(image, keep), facts, keep);
}

/** The pixels as they are to be seen. */
export function turnImageUpright(image: Vips.Image, orientation: number, keep: Keep): Vips.Image {
  if (orientation === 1) return image;
  // Turning reads rows in another order than a decoder gives them.
  const held = keep(image.copyMemory());
  switch (orientation) {
    case 2:
      return keep(held.flipHor());
    case 3:
      return keep(held.rot180());
    case 4:
      return keep(held.flipVer());
    case 5:
      return keep(keep(held.rot90()).flipHor());
    case 6:
      return keep(held.rot90());
    case 7:
      return keep(keep(held.rot90()).flipVer());
    case 8:
      return keep(held.rot270());
    default:
      throw new RangeError(`an orientation of ${orientation}`);
  }
}

/** Turns upright pixels so that they are upright again under this orientation. */
export function turnImageBack(image: Vips.Image, orientation: number, keep: Keep): Vips.Image {
  // All are their own opposite but the two quarter turns.
  const opposite = orientation === 6 ? 8 : orientation === 8 ? 6 : orientation;
  return turnImageUpright(image, opposite, keep);
}

/** #RRGGBB as three numbers. Throws RangeError where it is no such text. */
export function coloursOf(hex: string): [number, number, number] {
  if (!/^#[0-9a-f]{6}$/i.test(hex)) throw new RangeError(`not a colour: ${hex.slice(0, 20)}`);
  const whole = Number.parseInt(hex.slice(1), 16);
  return [whole >> 16, (whole >> 8) & 255, whole & 255];
}

/** The picture on a colour; itself where it has no alpha. */
export function flattenOn(image: Vips.Image, background: string, keep: Keep): Vips.Image {
  return image.bands < 4 ? image : keep(image.flatten({ background: coloursOf(background) }));
}
