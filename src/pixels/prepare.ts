import type Vips from 'wasm-vips';
import { type InputFormat, inputFormats, modelCard } from '../core/modelCard.ts';
import { type Part, sizeOfPart, type Step } from '../core/preparation.ts';
import type { Size } from '../core/size.ts';
import { sourceOfBytes } from './byteSource.ts';
import { imageOf, type Keep, rasterOf, type VipsModule } from './engine.ts';
import type { Engines } from './engines.ts';
import { factsOfHeader, imageFactsOf } from './facts.ts';
import { verifyPicture } from './integrity.ts';
import { bareParts, joined } from './metadata/bare.ts';
import { isLosslessWebp } from './metadata/webp.ts';
import { flattenOn, loadPicture, openPicture, type Picture, turnedSize, turnImageUpright } from './picture.ts';
import { PixelError } from './pixelError.ts';
import type { Prepared } from './protocol.ts';
import { writeImage } from './write.ts';

/** Lossy pictures are written anew with hardly a loss, since the service's own comes on top. */
const USUAL_QUALITY = 92;
/** Tried in turn until a picture is light enough. */
const LIGHTER: readonly number[] = [95, 90, 85, 75, 60, 40, 20];
/** A PNG of more than 8 MB that is not even half as large as its pixels shows a photo, which JPEG keeps as well in a fifth. */
const HEAVY_PNG = 8 * 1024 * 1024;
const PHOTO_PART = 0.4;
/** Pictures with no more colours than this are drawn by the pixel, and are enlarged by whole squares. */
const PIXEL_ART_COLOURS = 64;

/** Carries out the steps of a plan, as `Pixels.prepare` of client.ts says. */
export async function preparePicture(engines: Engines, bytes: Uint8Array, steps: readonly Step[]): Promise<Prepared> {
  if (steps.length === 0) return asItIs(bytes);
  const picture = await openPicture(engines, bytes);
  const work = workOf(picture, steps);
  const made = await engines
    .for(picture.facts.format)
    .work(bytes, (vips, keep) => makeLightEnough(vips, picture, work, keep));
  const facts = imageFactsOf(made.bytes);
  if (facts.width !== work.size.width || facts.height !== work.size.height || facts.hasAlpha)
    throw new Error(`prepared to ${JSON.stringify(facts)} and not to ${JSON.stringify(work.size)}`);
  return { bytes: made.bytes, facts, steps: withLighten(steps, made) };
}

/** A picture that needs no step is only looked through from its first byte to its last, and rid of its metadata, without the engine. */
async function asItIs(bytes: Uint8Array): Promise<Prepared> {
  const { header } = await verifyPicture(sourceOfBytes(bytes));
  workOf({ bytes, facts: factsOfHeader(header, bytes.length), stored: header }, []);
  const bare = joined(bareParts(bytes, header.format), bytes);
  return { bytes: bare, facts: imageFactsOf(bare), steps: [] };
}

/** The steps of a plan, as one thing to be done. */
interface Work {
  background: string;
  /** As it is sent, upright. */
  size: Size;
  resize: Resize | undefined;
  /** The part of the upright picture that is sent. */
  crop: Part | undefined;
  format: InputFormat;
  isLightened: boolean;
}

function workOf({ facts }: Picture, steps: readonly Step[]): Work {
  const resize = steps.find((step) => isResize(step));
  const flatten = steps.find((step) => step.kind === 'flatten');
  const convert = steps.find((step) => step.kind === 'convert');
  const lighten = steps.find((step) => step.kind === 'lighten');
  const crop = steps.find((step) => step.kind === 'crop')?.to;
  const part = crop ? sizeOfPart(crop) : facts;
  const has = (kind: Step['kind']): boolean => steps.some((step) => step.kind === kind);
  const format = lighten?.to ?? convert?.to ?? facts.format;
  const isPlanned =
    isInputFormat(format) &&
    (convert !== undefined || !(facts.isCmyk || facts.isDeep)) &&
    (flatten !== undefined) === facts.hasAlpha &&
    has('upright') === (facts.orientation !== 1) &&
    has('first-frame') === facts.animated &&
    (crop === undefined || (crop.x2 <= facts.width && crop.y2 <= facts.height)) &&
    (resize === undefined || (resize.from.width === part.width && resize.from.height === part.height));
  if (!isPlanned) throw new PixelError('corrupt', 'the picture is not the one that the steps were planned for');
  return {
    background: flatten?.background ?? '#ffffff',
    size: resize?.to ?? part,
    resize,
    crop,
    format,
    isLightened: lighten !== undefined,
  };
}

type Resize = Extract<Step, { kind: 'enlarge' | 'shrink' }>;

function isResize(step: Step): step is Resize {
  return step.kind === 'enlarge' || step.kind === 'shrink';
}

function isInputFormat(format: string): format is InputFormat {
  return (inputFormats as readonly string[]).includes(format);
}

function withLighten(steps: readonly Step[], { bytes, format, isLightened }: Made): readonly Step[] {
  if (bytes.length > modelCard.inputs.maxBytes) throw new PixelError('too-large', `still ${bytes.length} bytes`);
  if (!isLightened || steps.some(({ kind }) => kind === 'lighten')) return steps;
  return [...steps, { kind: 'lighten', to: format }];
}

interface Made {
  bytes: Uint8Array;
  format: InputFormat;
  isLightened: boolean;
}

function makeLightEnough(vips: VipsModule, picture: Picture, work: Work, keep: Keep): Made {
  const { format, size } = work;
  if (!work.isLightened) {
    const isLossless = format === 'webp' && picture.facts.format === 'webp' && isLosslessWebp(picture.bytes);
    const image = makePixels(vips, picture, work, keep);
    const bytes = writeImage(vips, image, format, { quality: USUAL_QUALITY, lossless: isLossless });
    const isPhoto =
      format === 'png' && bytes.length > HEAVY_PNG && bytes.length > size.width * size.height * 3 * PHOTO_PART;
    if (!isPhoto && bytes.length <= modelCard.inputs.maxBytes) return { bytes, format, isLightened: false };
  }
  // From here on the pixels are needed more than once, and are worth their memory.
  const image = keep(makePixels(vips, picture, work, keep).copyMemory());
  const lighter = format === 'webp' ? 'webp' : 'jpeg';
  let bytes: Uint8Array = new Uint8Array();
  for (const quality of LIGHTER) {
    bytes = writeImage(vips, image, lighter, { quality });
    if (bytes.length <= modelCard.inputs.maxBytes) break;
  }
  return { bytes, format: lighter, isLightened: true };
}

function makePixels(vips: VipsModule, picture: Picture, work: Work, keep: Keep): Vips.Image {
  const { background, resize, size, crop } = work;
  const { facts } = picture;
  if (crop) return makePart(vips, picture, work, crop, keep);
  // What is drawn by lines is drawn anew at any size; what has pixels is enlarged below.
  const isReadAtSize = resize?.kind === 'shrink' || facts.format === 'svg';
  const loaded = loadPicture(vips, keep, picture, isReadAtSize ? turnedSize(size, facts.orientation) : undefined);
  const flat = flattenOn(loaded, background, keep);
  const enlarged =
    resize?.kind === 'enlarge' && !isReadAtSize ? enlarge(vips, flat, size.width / facts.width, keep) : flat;
  return turnImageUpright(enlarged, facts.orientation, keep);
}

/** A part is cut out of the picture as it is seen, before anything is done to its size. */
function makePart(
  vips: VipsModule,
  picture: Picture,
  { background, resize, size }: Work,
  crop: Part,
  keep: Keep,
): Vips.Image {
  const flat = flattenOn(loadPicture(vips, keep, picture), background, keep);
  const upright = turnImageUpright(flat, picture.facts.orientation, keep);
  const { width, height } = sizeOfPart(crop);
  const part = keep(upright.crop(crop.x1, crop.y1, width, height));
  if (resize?.kind === 'enlarge') return enlarge(vips, part, size.width / width, keep);
  return resize ? keep(part.thumbnailImage(size.width, { height: size.height, size: 'force' })) : part;
}

/** By a whole factor, as core plans it. */
function enlarge(vips: VipsModule, image: Vips.Image, factor: number, keep: Keep): Vips.Image {
  const raster = rasterOf(image);
  const small = keep(imageOf(vips, raster));
  return keep(
    hasFewColours(raster.data) ? small.zoom(factor, factor) : small.resize(factor, { kernel: vips.Kernel.lanczos3 }),
  );
}

function hasFewColours(data: Uint8Array): boolean {
  const seen = new Set<number>();
  for (let at = 0; at < data.length && seen.size <= PIXEL_ART_COLOURS; at += 3)
    seen.add((data[at]! << 16) | (data[at + 1]! << 8) | data[at + 2]!);
  return seen.size <= PIXEL_ART_COLOURS;
}
