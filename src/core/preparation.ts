import { type InputFormat, inputFormats, modelCard } from './modelCard.ts';
import type { Box, ImageRequest, InputImage } from './request.ts';
import type { Size } from './size.ts';

/** What is known of a picture file before it is made acceptable. Sides in pixels as the picture is seen, after orientation. */
export interface SourceFacts extends Size {
  /** png, jpeg, webp, bmp, gif, tiff, avif or svg, by the bytes. */
  readonly format: string;
  readonly byteLength: number;
  readonly hasAlpha: boolean;
  readonly animated: boolean;
  /** EXIF orientation, 1 to 8; 1 is upright. */
  readonly orientation: number;
  /** True where the pixels are inks, as in a CMYK JPEG. */
  readonly isCmyk: boolean;
  /** True where a sample has more than 8 bits, which many readers of PNG take for something else. */
  readonly isDeep?: boolean;
}

/** What the user can choose about how a picture is made acceptable. */
export interface PreparationChoice {
  /** Colour that shows through transparent places, as #RRGGBB. */
  readonly background: string;
  /** `useful`: no larger than the answer of an edit can be. `full`: as large as the service takes. `small`: 1K, where even that is refused. */
  readonly size: 'small' | 'useful' | 'full';
}

export const usualPreparation: PreparationChoice = { background: '#ffffff', size: 'useful' };

/** A part of a picture in its own pixels as seen upright; right and bottom edges are exclusive. */
export type Part = NonNullable<InputImage['crop']>;

/** One change that makes a picture acceptable; see `stepSentences` for what is said of it. */
export type Step =
  | { readonly kind: 'first-frame' }
  | { readonly kind: 'upright' }
  /** Right and bottom edges are exclusive. */
  | { readonly kind: 'crop'; readonly to: Part }
  | { readonly kind: 'flatten'; readonly background: string }
  | { readonly kind: 'enlarge' | 'shrink'; readonly from: Size; readonly to: Size }
  /** `from` is the source's format, or `cmyk` or `16-bit` where that is the reason. */
  | { readonly kind: 'convert'; readonly from: string; readonly to: InputFormat }
  | { readonly kind: 'lighten'; readonly to: InputFormat };

/** How a picture will be sent. Without steps its bytes go as they are, but for metadata, which are never sent. */
export type Preparation =
  | {
      readonly kind: 'possible';
      readonly steps: readonly Step[];
      readonly sent: Size & { readonly format: InputFormat };
    }
  | { readonly kind: 'refused'; readonly reason: 'too-long' | 'too-many-pixels' };

/** The largest area of an input in pixels: an edit's answer has at most 2K. */
const largestArea = {
  small: modelCard.presetArea['1K'],
  useful: modelCard.presetArea['2K'],
  full: Number.POSITIVE_INFINITY,
};
/** What is enlarged is enlarged to about this, since a model sees little in 240 pixels. */
const comfortableSide = 512;
/** More pixels than this are not decoded. */
const mostPixels = 100_000_000;

/**
 * Plans how a picture is made acceptable to the service, from its facts alone; the same in the panel and in the host.
 * @param crop the part of it that is sent, where that is not all of it
 */
export function planPreparation(
  facts: SourceFacts,
  choice: PreparationChoice = usualPreparation,
  crop?: Part,
): Preparation {
  const { width, height } = sizeOfPart(crop ?? facts);
  if (facts.width * facts.height > mostPixels) return { kind: 'refused', reason: 'too-many-pixels' };
  const sent = sentSize({ width, height }, choice);
  if (!sent) return { kind: 'refused', reason: 'too-long' };
  const steps: Step[] = [];
  if (facts.animated) steps.push({ kind: 'first-frame' });
  if (facts.orientation !== 1) steps.push({ kind: 'upright' });
  if (crop) steps.push({ kind: 'crop', to: crop });
  if (facts.hasAlpha) steps.push({ kind: 'flatten', background: choice.background });
  if (sent.width !== width || sent.height !== height) {
    steps.push({ kind: sent.width > width ? 'enlarge' : 'shrink', from: { width, height }, to: sent });
  }
  const from = facts.isCmyk ? 'cmyk' : facts.isDeep ? '16-bit' : facts.format;
  const format = sentFormat(facts, steps.length > 0);
  if (format !== from) steps.push({ kind: 'convert', from, to: format });
  if (facts.byteLength > modelCard.inputs.maxBytes && steps.length === 0)
    steps.push({ kind: 'lighten', to: format === 'webp' ? 'webp' : 'jpeg' });
  return { kind: 'possible', steps, sent: { ...sent, format: steps.length === 0 ? format : lightened(steps, format) } };
}

const lightened = (steps: readonly Step[], format: InputFormat): InputFormat =>
  steps.reduce((to, step) => (step.kind === 'lighten' ? step.to : to), format);

/** The format the picture is sent in. Whatever is written anew is JPEG where it was lossy before, PNG where it was not; WebP stays what it is. */
function sentFormat({ format }: SourceFacts, isWrittenAnew: boolean): InputFormat {
  if (format === 'bmp' && isWrittenAnew) return 'png';
  if ((inputFormats as readonly string[]).includes(format)) return format as InputFormat;
  return format === 'avif' ? 'jpeg' : 'png';
}

/** The size to send, or undefined where no size can meet both the sides and the ratio that the service asks for. */
function sentSize({ width, height }: Size, { size }: PreparationChoice): Size | undefined {
  const { minSide, maxSide, maxRatio } = modelCard.inputs;
  const [short, long] = [Math.min(width, height), Math.max(width, height)];
  if (long > short * maxRatio) return undefined;
  if (short < minSide) {
    // A whole factor keeps every edge of a box on a whole pixel, and small pixels crisp.
    const factor =
      [Math.ceil(comfortableSide / short), Math.ceil(minSide / short)].find((by) => long * by <= 4096) ??
      Math.ceil(minSide / short);
    return { width: width * factor, height: height * factor };
  }
  const byArea = Math.sqrt(largestArea[size] / (width * height));
  const factor = Math.min(1, byArea, maxSide / long);
  if (factor === 1) return { width, height };
  // Rounding the short side up keeps a picture of just 8:1 within the ratio.
  return width >= height
    ? { width: Math.floor(width * factor), height: Math.ceil(height * factor) }
    : { width: Math.ceil(width * factor), height: Math.floor(height * factor) };
}

/**
 * A box drawn on a picture of one size, on the same picture in another: the smallest box of whole pixels that covers it.
 * `fromCorner` and `toCorner` say where the picture begins, where it is a part of a larger one.
 */
export function mapBox(box: Box, from: Size, to: Size, fromCorner: Corner = origin, toCorner: Corner = origin): Box {
  const [byX, byY] = [to.width / from.width, to.height / from.height];
  return {
    ...box,
    x1: toCorner.x1 + Math.max(0, Math.floor((box.x1 - fromCorner.x1) * byX + tiny)),
    y1: toCorner.y1 + Math.max(0, Math.floor((box.y1 - fromCorner.y1) * byY + tiny)),
    x2: toCorner.x1 + Math.min(to.width, Math.ceil((box.x2 - fromCorner.x1) * byX - tiny)),
    y2: toCorner.y1 + Math.min(to.height, Math.ceil((box.y2 - fromCorner.y1) * byY - tiny)),
  };
}

type Corner = Pick<Box, 'x1' | 'y1'>;
const origin: Corner = { x1: 0, y1: 0 };

/** Keeps a product that is whole but for rounding from becoming its neighbour. */
const tiny = 1e-6;

/** The size in which a picture was drawn on, and the one in which it, or a part of it, is sent. */
export interface SentSizes {
  readonly source: Size;
  readonly sent: Size;
}

/**
 * The request as it is sent: boxes that were drawn on the sources are brought to the sizes in which these, or parts of them,
 * are sent.
 */
export function asSent(request: ImageRequest, sizes: ReadonlyMap<string, SentSizes>): ImageRequest {
  return {
    ...request,
    inputs: request.inputs.map(({ crop, ...input }) => {
      const size = sizes.get(input.id);
      return size && input.boxes.length > 0
        ? { ...input, boxes: input.boxes.map((box) => mapBox(box, sizeOfPart(crop ?? size.source), size.sent, crop)) }
        : input;
    }),
  };
}

/** Width and height of a part of a picture; those of a whole one as they are. */
export const sizeOfPart = (part: Part | Size): Size =>
  'x1' in part ? { width: part.x2 - part.x1, height: part.y2 - part.y1 } : part;

/** Whether an answer can replace its source, in the source's own format; where not, it is saved beside. */
export type BringBack =
  | { readonly possible: true }
  | { readonly possible: false; readonly reason: 'animated' | 'vector' | 'format' };

/** Formats in which an answer can be written. */
const broughtBack: readonly string[] = ['png', 'jpeg', 'webp', 'avif', 'gif', 'tiff', 'bmp'];

/** An answer is one picture of pixels: it can stand for a still picture of pixels, not for an animation, pages or a drawing. */
export function canBringBack(facts: Pick<SourceFacts, 'format' | 'animated'>): BringBack {
  if (facts.format === 'svg') return { possible: false, reason: 'vector' };
  if (!broughtBack.includes(facts.format)) return { possible: false, reason: 'format' };
  return facts.animated ? { possible: false, reason: 'animated' } : { possible: true };
}
