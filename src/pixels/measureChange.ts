import type { Box } from '../core/request.ts';
import type { Size } from '../core/size.ts';
import { rasterOf } from './engine.ts';
import type { Engines } from './engines.ts';
import { flattenOn, loadPicture, openPicture, type Picture, turnedSize, turnImageUpright } from './picture.ts';
import type { Change, Edges } from './protocol.ts';
import type { Raster } from './raster.ts';

/** Both pictures are compared at this longer side: small enough to pass over grain, large enough for a box of a few percent. */
export const COMPARED_SIDE = 512;
/** A pixel that differs by more than this plainly shows another thing; grain, softening and drift of brightness stay below. */
export const PLAIN_DIFFERENCE = 24;
/** A part of fewer pixels than this does not count as changed. */
const LEAST_SHARE = 0.01;
/** The change lies in the boxes where it is this many times as dense there as outside. */
const MANIFOLD = 4;
/** Pixels of the compared size around a box that count for neither side, since an edit blends in. */
export const MARGIN = 4;

/** Compares an answer with the picture that was sent, as `Pixels.measureChange` of client.ts says. Throws PixelError. */
export async function measurePictureChange(
  engines: Engines,
  sourceBytes: Uint8Array,
  answerBytes: Uint8Array,
  boxes: readonly Box[],
): Promise<Change> {
  const source = await openPicture(engines, sourceBytes);
  const answer = await openPicture(engines, answerBytes);
  const factor = Math.min(1, COMPARED_SIDE / Math.max(source.facts.width, source.facts.height));
  const size = {
    width: Math.max(1, Math.round(source.facts.width * factor)),
    height: Math.max(1, Math.round(source.facts.height * factor)),
  };
  const [before, after] = [await reduced(engines, source, size), await reduced(engines, answer, size)];
  return compare(
    before,
    after,
    boxes.map((box) => scaled(box, source.facts, size)),
  );
}

/** A picture as seen, on a colour, in a size. */
export function reduced(engines: Engines, picture: Picture, size: Size, background = '#ffffff'): Promise<Raster> {
  const { format, orientation } = picture.facts;
  return engines.for(format).work(picture.bytes, (vips, keep) => {
    const loaded = loadPicture(vips, keep, picture, turnedSize(size, orientation));
    return rasterOf(turnImageUpright(flattenOn(loaded, background, keep), orientation, keep));
  });
}

/** A box of a picture of one size, in another. */
export function scaled({ x1, y1, x2, y2 }: Edges, from: Size, to: Size): Edges {
  const [byX, byY] = [to.width / from.width, to.height / from.height];
  return { x1: x1 * byX, y1: y1 * byY, x2: x2 * byX, y2: y2 * byY };
}

interface Tally {
  pixels: number;
  sum: number;
  plain: number;
}

function compare(before: Raster, after: Raster, boxes: readonly Edges[]): Change {
  const inside: Tally = { pixels: 0, sum: 0, plain: 0 };
  const outside: Tally = { pixels: 0, sum: 0, plain: 0 };
  for (let y = 0, at = 0; y < before.height; y++) {
    for (let x = 0; x < before.width; x++, at += 3) {
      const isInside = boxes.some((box) => covers(box, x + 0.5, y + 0.5, 0));
      if (!isInside && boxes.some((box) => covers(box, x + 0.5, y + 0.5, MARGIN))) continue;
      add(isInside ? inside : outside, differenceAt(before.data, after.data, at));
    }
  }
  return judge(inside, outside);
}

/** True where a point is in the box, or no further than `margin` from it. A negative margin leaves the box's own edge out. */
export function covers({ x1, y1, x2, y2 }: Edges, x: number, y: number, margin: number): boolean {
  return x >= x1 - margin && x < x2 + margin && y >= y1 - margin && y < y2 + margin;
}

/** The mean of the differences of red, green and blue. */
export function differenceAt(one: Uint8Array, other: Uint8Array, at: number): number {
  const difference = (index: number): number => Math.abs(one[index]! - other[index]!);
  return (difference(at) + difference(at + 1) + difference(at + 2)) / 3;
}

function add(tally: Tally, difference: number): void {
  tally.pixels += 1;
  tally.sum += difference;
  if (difference > PLAIN_DIFFERENCE) tally.plain += 1;
}

function judge(inside: Tally, outside: Tally): Change {
  const per = ({ pixels }: Tally, amount: number): number => (pixels === 0 ? 0 : amount / pixels);
  const insideShare = per(inside, inside.plain);
  const outsideShare = per(outside, outside.plain);
  const isChangedInside = insideShare >= LEAST_SHARE;
  const isChangedOutside = outsideShare >= LEAST_SHARE;
  const keepsToBoxes = isChangedInside && insideShare >= outsideShare * MANIFOLD;
  return {
    inside: per(inside, inside.sum),
    outside: per(outside, outside.sum),
    insideShare,
    outsideShare,
    verdict: keepsToBoxes ? 'inside' : isChangedInside || isChangedOutside ? 'everywhere' : 'nothing',
  };
}
