import type Vips from 'wasm-vips';
import { canBringBack } from '../core/preparation.ts';
import type { Size } from '../core/size.ts';
import {
  factsLike,
  fittedPixels,
  sourcePixels,
  storedColours,
  withAlphaOf,
  writePlain,
  writeStored,
} from './bringBack.ts';
import { FAIL_ON, imageOf, type Keep, rasterOf, type VipsModule } from './engine.ts';
import type { Engines } from './engines.ts';
import { isLosslessWebp } from './metadata/webp.ts';
import { loadPicture, openPicture, type Picture, turnImageBack, turnImageUpright } from './picture.ts';
import { PixelError } from './pixelError.ts';
import type { Edges, InsideOptions, KeptOutside } from './protocol.ts';
import type { Raster } from './raster.ts';
import { tiffCompression } from './tiff.ts';

/**
 * The source with an answer in its boxes and nowhere else, as `Pixels.insideBoxes` of client.ts says. The two are mixed in
 * the colours in which the source is stored, so that a pixel outside is never converted. Throws PixelError.
 */
export async function answerInsideBoxes(
  engines: Engines,
  answerBytes: Uint8Array,
  sourceBytes: Uint8Array,
  { boxes, feather, background, crop, as = 'source' }: InsideOptions,
): Promise<KeptOutside> {
  const given = await openPicture(engines, sourceBytes);
  const verdict = canBringBack(given.facts);
  if (!verdict.possible) throw new PixelError('unsupported', `nothing is put into this source: ${verdict.reason}`);
  const source = as === 'png' ? await openPicture(engines, await exactPng(engines, given)) : given;
  const answer = await openPicture(engines, answerBytes);
  const plain = crop ? await placed(engines, answer, source, crop) : await fittedPixels(engines, answer, source.facts);
  const seen = await sourcePixels(engines, source);
  const pixels = source.facts.hasAlpha ? withAlphaOf(seen, plain, background) : plain;
  const weights = weightsOf(
    boxes.map((box) => storedEdges(box, source.facts, source.facts.orientation)),
    source.stored,
    feather,
  );
  const { bytes, isExact } = await engines
    .for(source.facts.format)
    .work(source.bytes, (vips, keep) => write(vips, keep, source, { pixels, seen, weights }));
  const isWhole = isExact && given.facts.isDeep !== true;
  return { bytes, facts: await factsLike(engines, bytes, source), outside: isWhole ? 'identical' : 'nearly' };
}

/** The very samples of a picture as a PNG, upright and with its colour profile. A PNG holds no inks: these become sRGB. */
function exactPng(engines: Engines, picture: Picture): Promise<Uint8Array> {
  const { bytes, facts } = picture;
  return engines.for(facts.format).work(bytes, (vips, keep) => {
    const hasOwnLoader = facts.format === 'bmp' || facts.format === 'gif' || facts.isCmyk;
    const image = hasOwnLoader ? loadPicture(vips, keep, picture) : samples(vips, keep, bytes);
    const upright = turnImageUpright(image, facts.orientation, keep);
    // It is read once and thrown away.
    return upright.pngsaveBuffer({ compression: 1, filter: 'none', keep: vips.ForeignKeep.icc });
  });
}

/** The answer in its part of an otherwise black picture of the source's size, turned as the source is stored. */
async function placed(engines: Engines, answer: Picture, { facts }: Picture, crop: Edges): Promise<Raster> {
  const size = { width: crop.x2 - crop.x1, height: crop.y2 - crop.y1 };
  const part = await fittedPixels(engines, answer, { ...size, orientation: 1 });
  return engines.for(answer.facts.format).work(part.data, (vips, keep) => {
    const whole = keep(keep(imageOf(vips, part)).embed(crop.x1, crop.y1, facts.width, facts.height));
    return rasterOf(turnImageBack(whole, facts.orientation, keep));
  });
}

interface Layers {
  /** The answer in sRGB, in the source's stored size. */
  readonly pixels: Raster;
  /** The source in sRGB. */
  readonly seen: Raster;
  readonly weights: Uint8Array;
}

function write(
  vips: VipsModule,
  keep: Keep,
  source: Picture,
  { pixels, seen, weights }: Layers,
): { readonly bytes: Uint8Array; readonly isExact: boolean } {
  const mixed = mix(seen, pixels, weights);
  const plain = writePlain(source, mixed);
  // These leave the profile out, so that a source with one is seen as before by other samples.
  if (plain) return { bytes: plain, isExact: isLossless(source) && !hasOwnColours(vips, keep, source) };
  const { image, hasProfile } = storedColours(vips, keep, source, pixels);
  if (!hasProfile && !source.facts.isCmyk) {
    const bytes = writeStored(vips, keep, source, keep(imageOf(vips, mixed)), false);
    return { bytes, isExact: isLossless(source) && !hasOwnColours(vips, keep, source) };
  }
  // Inks, or colours of a profile: going to sRGB and back would move each pixel a little.
  const stored = storedImage(vips, keep, source, image.bands);
  const inStored = mixBands(vips, keep, stored, image, weights);
  return { bytes: writeStored(vips, keep, source, inStored, hasProfile), isExact: isLossless(source) };
}

function hasOwnColours(vips: VipsModule, keep: Keep, { bytes, facts }: Picture): boolean {
  if (facts.format === 'bmp') return false;
  return keep(vips.Image.newFromBuffer(bytes, '', { access: 'sequential' })).getTypeof('icc-profile-data') !== 0;
}

/** A picture's own samples of 8 bits, as they are stored, without any conversion. */
function samples(vips: VipsModule, keep: Keep, bytes: Uint8Array): Vips.Image {
  const image = keep(vips.Image.newFromBuffer(bytes, '', { fail_on: FAIL_ON }));
  return image.format === 'uchar' ? image : keep(image.cast('uchar', { shift: true }));
}

/** The source's own samples with as many bands as what is to be mixed in. */
function storedImage(vips: VipsModule, keep: Keep, { bytes }: Picture, bands: number): Vips.Image {
  const whole = samples(vips, keep, bytes);
  if (whole.bands === bands) return whole;
  if (whole.bands > bands) return keep(whole.extractBand(0, { n: bands }));
  throw new PixelError('unsupported', `a source of ${whole.bands} bands, an answer of ${bands}`);
}

function mixBands(vips: VipsModule, keep: Keep, below: Vips.Image, above: Vips.Image, weights: Uint8Array): Vips.Image {
  const data = mixedSamples(samplesOf(below), samplesOf(above), weights, below.bands);
  const mixed = keep(vips.Image.newFromMemory(data, below.width, below.height, below.bands, vips.BandFormat.uchar));
  // What is attached to the answer's image, its profile and what its bands mean, goes with the result.
  const told = keep(mixed.copy({ interpretation: above.interpretation }));
  if (above.getTypeof('icc-profile-data') !== 0) told.setBlob('icc-profile-data', above.getBlob('icc-profile-data'));
  return told;
}

function samplesOf(image: Vips.Image): Uint8Array {
  const { buffer, byteOffset, byteLength } = image.writeToMemory();
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function mix(below: Raster, above: Raster, weights: Uint8Array): Raster {
  const { width, height, channels } = below;
  return { width, height, channels, data: mixedSamples(below.data, above.data, weights, channels) };
}

/** Where the weight is 0, the very samples of `below`. */
function mixedSamples(below: Uint8Array, above: Uint8Array, weights: Uint8Array, bands: number): Uint8Array {
  const data = new Uint8Array(below);
  for (let pixel = 0, at = 0; pixel < weights.length; pixel++, at += bands) {
    const weight = weights[pixel]!;
    if (weight === 0) continue;
    for (let band = 0; band < bands; band++) {
      const from = below[at + band]!;
      data[at + band] = Math.round(from + ((above[at + band]! - from) * weight) / 255);
    }
  }
  return data;
}

/** 0 to 255 for each stored pixel: 0 outside, 255 inside beyond the feather. */
function weightsOf(boxes: readonly Edges[], size: Size, feather: number): Uint8Array {
  const weights = new Uint8Array(size.width * size.height);
  for (const box of boxes) {
    const across = ramp(box.x1, box.x2, size.width, feather);
    const down = ramp(box.y1, box.y2, size.height, feather);
    for (let y = Math.max(0, box.y1); y < Math.min(size.height, box.y2); y++) {
      for (let x = Math.max(0, box.x1); x < Math.min(size.width, box.x2); x++) {
        const at = y * size.width + x;
        const weight = Math.round(255 * Math.min(across[x]!, down[y]!));
        if (weight > weights[at]!) weights[at] = weight;
      }
    }
  }
  return weights;
}

/** Grows from the box's edges inwards over `feather` pixels; an edge of the picture needs no blending. */
function ramp(from: number, to: number, end: number, feather: number): Float64Array {
  const heights = new Float64Array(end);
  for (let at = Math.max(0, from); at < Math.min(end, to); at++) {
    const left = from <= 0 ? Infinity : at + 0.5 - from;
    const right = to >= end ? Infinity : to - at - 0.5;
    heights[at] = feather <= 0 ? 1 : Math.min(1, Math.min(left, right) / feather);
  }
  return heights;
}

/** A box of the upright picture in the rows and columns of the file. `size`: the upright one. */
function storedEdges({ x1, y1, x2, y2 }: Edges, { width, height }: Size, orientation: number): Edges {
  const [fromRight, fromBottom] = [
    { x1: width - x2, x2: width - x1 },
    { y1: height - y2, y2: height - y1 },
  ];
  const turned = (across: Pick<Edges, 'y1' | 'y2'>, down: Pick<Edges, 'x1' | 'x2'>): Edges => ({
    x1: across.y1,
    x2: across.y2,
    y1: down.x1,
    y2: down.x2,
  });
  switch (orientation) {
    case 2:
      return { ...fromRight, y1, y2 };
    case 3:
      return { ...fromRight, ...fromBottom };
    case 4:
      return { x1, x2, ...fromBottom };
    case 5:
      return turned({ y1, y2 }, { x1, x2 });
    case 6:
      return turned({ y1, y2 }, fromRight);
    case 7:
      return turned(fromBottom, fromRight);
    case 8:
      return turned(fromBottom, { x1, x2 });
    default:
      return { x1, y1, x2, y2 };
  }
}

/** Whether what is written like this source holds every sample that goes in. */
export function isLossless({ bytes, facts }: Picture): boolean {
  if (facts.isDeep) return false;
  switch (facts.format) {
    case 'png':
    case 'bmp':
      return true;
    case 'webp':
      return isLosslessWebp(bytes);
    case 'tiff':
      return tiffCompression(bytes) !== 'jpeg';
    default:
      return false;
  }
}
