import type Vips from 'wasm-vips';
import { canBringBack } from '../core/preparation.ts';
import type { ImageFacts } from '../core/readyRequest.ts';
import type { Size } from '../core/size.ts';
import { encodeBmp } from './bmpWriter.ts';
import { describePicture } from './describe.ts';
import { imageOf, type Keep, rasterOf, type VipsModule } from './engine.ts';
import type { Engines } from './engines.ts';
import { indexedPng } from './indexedPng.ts';
import { withoutTransparentColour } from './metadata/gif.ts';
import { jpegTraits, withJpegMetadata } from './metadata/jpeg.ts';
import { isInterlacedPng, isPalettePng, withPngMetadata } from './metadata/png.ts';
import { isLosslessWebp, withWebpMetadata } from './metadata/webp.ts';
import {
  coloursOf,
  flattenOn,
  loadPicture,
  openPicture,
  type Picture,
  turnImageBack,
  turnedSize,
  turnImageUpright,
} from './picture.ts';
import { PixelError } from './pixelError.ts';
import { intoProfile, readProfile } from './profile.ts';
import type { BringBackOptions, BroughtBack } from './protocol.ts';
import type { Raster } from './raster.ts';
import { tiffCompression } from './tiff.ts';
import { writeImage } from './write.ts';

/** An answer whose ratio of sides is off by no more than this is stretched; beyond, something would look wrong. */
const MOST_STRETCH = 1.04;
/** Below this a JPEG would show more of its own blocks than of what the model has made. */
const LEAST_JPEG_QUALITY = 85;

/**
 * An answer of the service as a file like its source: format, stored size, orientation (the tag stays, the pixels are turned
 * back under it, so that it looks the same to viewers which go by the tag and to those which do not), transparency, colour
 * profile, metadata of JPEG, PNG and WebP. 8 bits a sample; a palette where it holds every colour. Throws PixelError.
 */
export async function bringPictureBack(
  engines: Engines,
  answerBytes: Uint8Array,
  sourceBytes: Uint8Array,
  { alpha = 'keep', background }: BringBackOptions = {},
): Promise<BroughtBack> {
  const source = await openPicture(engines, sourceBytes);
  const verdict = canBringBack(source.facts);
  if (!verdict.possible)
    throw new PixelError('unsupported', `nothing is brought back to this source: ${verdict.reason}`);
  const answer = await openPicture(engines, answerBytes);
  const fitted = isStretched(answer.facts, source.facts) ? 'scaled' : 'cut';
  const plain = await fittedPixels(engines, answer, source.facts);
  const pixels =
    alpha === 'keep' && source.facts.hasAlpha
      ? withAlphaOf(await sourcePixels(engines, source), plain, background)
      : plain;
  const bytes = await engines
    .for(source.facts.format)
    .work(sourceBytes, (vips, keep) => writeLike(vips, keep, source, pixels));
  return { bytes, facts: await factsLike(engines, bytes, source), fitted };
}

/** Measures what was written like a source, and throws where it is something else. */
export async function factsLike(engines: Engines, bytes: Uint8Array, { facts: source }: Picture): Promise<ImageFacts> {
  const facts = await factsOf(engines, bytes);
  if (facts.width !== source.width || facts.height !== source.height || facts.format !== source.format)
    throw new Error(`brought back as ${JSON.stringify(facts)}`);
  return facts;
}

async function factsOf(engines: Engines, bytes: Uint8Array): Promise<ImageFacts> {
  const { format, width, height, hasAlpha, byteLength } = await describePicture(engines, bytes);
  return { format, width, height, byteLength, hasAlpha };
}

function isStretched(answer: Size, source: Size): boolean {
  const ratio = (answer.width * source.height) / (answer.height * source.width);
  return ratio <= MOST_STRETCH && ratio >= 1 / MOST_STRETCH;
}

/** The answer without alpha, in a size as seen, turned as a picture of this orientation is stored. */
export function fittedPixels(
  engines: Engines,
  answer: Picture,
  { width, height, orientation }: Size & { readonly orientation: number },
): Promise<Raster> {
  const wanted = { width, height };
  const size = isStretched(answer.facts, wanted) ? wanted : covering(answer.facts, wanted);
  return engines.for(answer.facts.format).work(answer.bytes, (vips, keep) => {
    const loaded = loadPicture(vips, keep, answer, turnedSize(size, answer.facts.orientation));
    const upright = turnImageUpright(flattenOn(loaded, '#ffffff', keep), answer.facts.orientation, keep);
    const [left, top] = [Math.floor((size.width - width) / 2), Math.floor((size.height - height) / 2)];
    const cut =
      left + top > 0 || size.width > width || size.height > height
        ? keep(upright.crop(left, top, width, height))
        : upright;
    return rasterOf(turnImageBack(cut, orientation, keep));
  });
}

/** The smallest size in the answer's ratio that covers the source. */
function covering(answer: Size, source: Size): Size {
  const factor = Math.max(source.width / answer.width, source.height / answer.height);
  return {
    width: Math.max(source.width, Math.round(answer.width * factor)),
    height: Math.max(source.height, Math.round(answer.height * factor)),
  };
}

export function sourcePixels(engines: Engines, source: Picture): Promise<Raster> {
  return engines.for(source.facts.format).work(source.bytes, (vips, keep) => rasterOf(loadPicture(vips, keep, source)));
}

/**
 * The answer's colours with the source's transparency. Where that is partial, the answer shows a mixture with the background,
 * which is taken out again. What cannot be seen at all stays as the source has it.
 */
export function withAlphaOf(
  source: Raster,
  { data: plain, width, height }: Raster,
  background: string | undefined,
): Raster {
  const data = new Uint8Array(width * height * 4);
  const behind = background === undefined ? undefined : coloursOf(background);
  for (let from = 0, to = 0; to < data.length; from += 3, to += 4) {
    const alpha = source.channels === 4 ? source.data[to + 3]! : 255;
    data[to + 3] = alpha;
    for (let channel = 0; channel < 3; channel++) {
      const seen = plain[from + channel]!;
      if (alpha === 0) data[to + channel] = source.data[to + channel]!;
      else if (alpha === 255 || behind === undefined) data[to + channel] = seen;
      else data[to + channel] = unmixed(seen, behind[channel]!, alpha);
    }
  }
  return { width, height, channels: 4, data };
}

function unmixed(seen: number, behind: number, alpha: number): number {
  return Math.max(0, Math.min(255, Math.round((seen * 255 - behind * (255 - alpha)) / alpha)));
}

/** Writes stored pixels the way the source was written. */
function writeLike(vips: VipsModule, keep: Keep, source: Picture, pixels: Raster): Uint8Array {
  const plain = writePlain(source, pixels);
  if (plain) return plain;
  const { image, hasProfile } = storedColours(vips, keep, source, pixels);
  return writeStored(vips, keep, source, image, hasProfile);
}

/** The formats that have no use for a colour profile: undefined where the source is of another one. */
export function writePlain({ bytes, facts }: Picture, pixels: Raster): Uint8Array | undefined {
  if (facts.format === 'bmp') return encodeBmp(pixels);
  const indexed = facts.format === 'png' && isPalettePng(bytes) ? indexedPng(pixels) : undefined;
  return indexed && withPngMetadata(indexed, bytes, false);
}

/** Pixels of sRGB in the colours in which the source is stored. */
export function storedColours(
  vips: VipsModule,
  keep: Keep,
  { bytes, facts }: Picture,
  pixels: Raster,
): { readonly image: Vips.Image; readonly hasProfile: boolean } {
  const profile = readProfile(vips, keep, bytes, facts.isCmyk);
  const plain = keep(imageOf(vips, pixels));
  const image = intoProfile(keep, plain, profile, facts.isCmyk);
  return { image, hasProfile: image !== plain && profile !== undefined };
}

/** Writes an image in the source's colours the way the source was written. */
export function writeStored(
  vips: VipsModule,
  keep: Keep,
  source: Picture,
  image: Vips.Image,
  hasProfile: boolean,
): Uint8Array {
  const { bytes, facts } = source;
  switch (facts.format) {
    case 'png':
      return withPngMetadata(
        writeImage(vips, image, 'png', { progressive: isInterlacedPng(bytes) }),
        bytes,
        hasProfile,
      );
    case 'jpeg': {
      const traits = jpegTraits(bytes);
      const quality = Math.max(LEAST_JPEG_QUALITY, traits.quality);
      return withJpegMetadata(writeImage(vips, image, 'jpeg', { ...traits, quality }), bytes, hasProfile);
    }
    case 'webp':
      return withWebpMetadata(webpLike(vips, image, bytes), bytes, hasProfile);
    case 'avif':
      return writeImage(vips, image, 'avif', { quality: avifQuality(source), profile: hasProfile });
    case 'gif': {
      const gif = image.gifsaveBuffer({ effort: 7, keep: vips.ForeignKeep.none });
      return image.bands === 4 ? gif : withoutTransparentColour(gif);
    }
    default:
      return writeTiff(keep, image, source, hasProfile);
  }
}

/** Without loss where the source is; else about as large as the source, at a quality of 75 to 90. */
function webpLike(vips: VipsModule, image: Vips.Image, source: Uint8Array): Uint8Array {
  if (isLosslessWebp(source)) return writeImage(vips, image, 'webp', { lossless: true });
  const tries = [90, 82, 75];
  let written: Uint8Array = new Uint8Array();
  for (const quality of tries) {
    written = writeImage(vips, image, 'webp', { quality });
    if (written.length <= source.length * 1.3) break;
  }
  return written;
}

/** By how many bits the source spends on a pixel: encoding twice to compare would take too long. */
function avifQuality({ bytes, facts }: Picture): number {
  const bits = (bytes.length * 8) / (facts.width * facts.height);
  if (bits < 0.5) return 60;
  return bits < 1.5 ? 70 : 80;
}

function writeTiff(keep: Keep, image: Vips.Image, source: Picture, hasProfile: boolean): Uint8Array {
  const compression = tiffCompression(source.bytes);
  const told = keep(image.copy());
  if (source.facts.orientation !== 1) told.setInt('orientation', source.facts.orientation);
  const isPlain = compression === 'none' || compression === 'jpeg' || compression === 'packbits';
  return told.tiffsaveBuffer({
    compression,
    predictor: isPlain ? 'none' : 'horizontal',
    Q: 92,
    // 'other' holds the orientation.
    keep: hasProfile ? 'icc:other' : 'other',
  });
}
