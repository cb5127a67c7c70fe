import { modelCard } from './modelCard.ts';
import { canBringBack, type Part, type SourceFacts } from './preparation.ts';
import type { Box, ImageRequest, InputImage } from './request.ts';
import type { Size } from './size.ts';

/** Whether an edit can be made of a part of a picture alone, in every pixel that it has. */
export type DetailOffer =
  | { readonly possible: true; readonly crop: Part }
  | { readonly possible: false; readonly reason: 'not-last' | 'shape' | 'too-wide' | 'format' };

/**
 * What can be offered for a picture with boxes that is larger than what comes back for it; undefined where it is not, or
 * where no boxes are drawn.
 */
export function detailOffer(request: ImageRequest, input: InputImage, facts: SourceFacts): DetailOffer | undefined {
  const area = modelCard.presetArea[request.resolution];
  if (input.boxes.length === 0 || request.imageSet || facts.width * facts.height <= area) return undefined;
  if (!canBringBack(facts).possible) return { possible: false, reason: 'format' };
  if (input.id !== request.inputs.at(-1)?.id) return { possible: false, reason: 'not-last' };
  if (request.aspectRatio !== undefined || request.useCustomSize) return { possible: false, reason: 'shape' };
  const crop = cropAround(input.boxes, facts, area);
  return crop ? { possible: true, crop } : { possible: false, reason: 'too-wide' };
}

/** So much of what is around the boxes goes along on each side where there is room, as a part of their longer side. */
const usualMargin = 0.5;
/** In pixels: below the first a model sees too little around a small box; less than the second is no surroundings at all. */
const comfortableMargin = 128;
const leastMargin = 32;
/** A model does little with fewer pixels a side than this. */
const leastSide = 512;
/** The service takes more; a narrow strip says little of what is around. */
const mostRatio = 4;

/**
 * The part of a picture to be edited instead of all of it: the boxes and what is around them, of at most `area` pixels, so
 * that it comes back with all of its own. Undefined where the boxes alone are larger than that.
 */
export function cropAround(boxes: readonly Box[], picture: Size, area: number): Part | undefined {
  const hull = {
    x1: Math.max(0, Math.floor(Math.min(...boxes.map(({ x1 }) => x1)))),
    y1: Math.max(0, Math.floor(Math.min(...boxes.map(({ y1 }) => y1)))),
    x2: Math.min(picture.width, Math.ceil(Math.max(...boxes.map(({ x2 }) => x2)))),
    y2: Math.min(picture.height, Math.ceil(Math.max(...boxes.map(({ y2 }) => y2)))),
  };
  const [width, height] = [hull.x2 - hull.x1, hull.y2 - hull.y1];
  if (width <= 0 || height <= 0) return undefined;
  const wanted = Math.max(comfortableMargin, Math.round(Math.max(width, height) * usualMargin));
  for (let margin = wanted; margin >= leastMargin; margin = Math.floor(margin * 0.9)) {
    const size = sized({ width: width + 2 * margin, height: height + 2 * margin }, picture);
    if (size.width * size.height > area) continue;
    const [x1, x2] = placed(hull.x1, hull.x2, size.width, picture.width);
    const [y1, y2] = placed(hull.y1, hull.y2, size.height, picture.height);
    return { x1, y1, x2, y2 };
  }
  return undefined;
}

/** At least as large as asked for, but no larger than the picture, and neither tiny nor a strip where there is room. */
function sized({ width, height }: Size, picture: Size): Size {
  const [across, down] = [Math.max(width, leastSide), Math.max(height, leastSide)];
  return {
    width: Math.min(picture.width, Math.max(across, Math.ceil(down / mostRatio))),
    height: Math.min(picture.height, Math.max(down, Math.ceil(across / mostRatio))),
  };
}

/** A stretch of this length around another, moved as far as needed to lie within 0 and `end`. */
function placed(from: number, to: number, length: number, end: number): [number, number] {
  const start = Math.max(0, Math.min(end - length, Math.round((from + to - length) / 2)));
  return [start, start + length];
}

/** Whether a part can be cut from a picture and holds all that is to be changed in it. */
export function isPartOf({ x1, y1, x2, y2 }: Part, picture: Size, boxes: readonly Box[]): boolean {
  const isWhole = [x1, y1, x2, y2].every(Number.isInteger);
  const isInside = x1 >= 0 && y1 >= 0 && x1 < x2 && y1 < y2 && x2 <= picture.width && y2 <= picture.height;
  return isWhole && isInside && boxes.every((box) => box.x1 >= x1 && box.y1 >= y1 && box.x2 <= x2 && box.y2 <= y2);
}
