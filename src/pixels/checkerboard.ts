import type { Raster } from './raster.ts';

/** Squares of two greys, as editors show transparency, that are painted into a picture. */
export interface Checkerboard {
  /** Lightness of the two greys, 0 to 255. */
  readonly light: number;
  readonly dark: number;
  /** Side of a square in pixels. */
  readonly square: number;
}

/** Between red, green and blue of a grey, 0 to 255. */
const mostColour = 14;
/** Between the two greys: less is noise, more is a chessboard or a pattern that is meant. */
const leastStep = 5;
const mostStep = 130;
/** Compression spreads a grey, by up to this part of the way to the other. */
const mostSpread = 0.4;
/** The part of the rim that has to be of the two greys; the rest is what the picture is of. */
const leastGrey = 0.6;
/** The part of neighbours one square apart that have to differ, and of those two apart that have to be alike. */
const leastAgreement = 0.85;
const [smallest, largest] = [3, 160];

/**
 * Finds a checkerboard that is drawn around what a picture is of: two greys along its rim, about as much of one as of the
 * other, that take turns in both directions at one distance. Models paint that when they are asked for transparency.
 */
export function findCheckerboard(raster: Raster): Checkerboard | undefined {
  const greys = greysOf(raster);
  const split = twoGreys(greys.histogram);
  if (!split) return undefined;
  const { light, dark } = split;
  const step = light - dark;
  if (step < leastStep || step > mostStep) return undefined;
  const cells = cellsOf(greys.values, split);
  if (!areOfTwo(cells, greys.histogram)) return undefined;
  const square = findSquare(cells, raster);
  return square === undefined ? undefined : { light: Math.round(light), dark: Math.round(dark), square };
}

/** Value of a pixel that is not of the rim, or has a colour: no lightness. */
const none = 256;

interface Greys {
  readonly values: Uint16Array;
  /** How many of the rim's pixels have each lightness; at the end those that have a colour. */
  readonly histogram: Uint32Array;
}

/** The lightness of the pixels of a rim that is a sixth of the shorter side thick. */
function greysOf({ width, height, channels, data }: Raster): Greys {
  const rim = Math.max(1, Math.round(Math.min(width, height) / 6));
  const values = new Uint16Array(width * height).fill(none);
  const histogram = new Uint32Array(none + 1);
  for (let y = 0; y < height; y++) {
    const isEdge = y < rim || y >= height - rim;
    for (let x = 0; x < width; x++) {
      if (!isEdge && x >= rim && x < width - rim) continue;
      const at = y * width + x;
      const [red, green, blue] = [data[at * channels]!, data[at * channels + 1]!, data[at * channels + 2]!];
      const isClear = channels === 4 && data[at * channels + 3]! < 128;
      const isGrey = !isClear && Math.max(red, green, blue) - Math.min(red, green, blue) <= mostColour;
      const value = isGrey ? Math.round((red + green + blue) / 3) : none;
      values[at] = value;
      histogram[value]! += 1;
    }
  }
  return { values, histogram };
}

interface Split {
  readonly light: number;
  readonly dark: number;
}

/** The two greys that the rim has most of; undefined where it has none. */
function twoGreys(histogram: Uint32Array): Split | undefined {
  const first = peakOf(histogram, () => true);
  const second = peakOf(histogram, (value) => Math.abs(value - first.value) >= leastStep);
  if (first.count === 0 || second.count === 0) return undefined;
  return { light: Math.max(first.value, second.value), dark: Math.min(first.value, second.value) };
}

/** The grey around which most is, and how much. */
function peakOf(histogram: Uint32Array, counts: (value: number) => boolean): { value: number; count: number } {
  let best = { value: 0, count: 0 };
  for (let value = 0; value < none; value++) {
    if (!counts(value)) continue;
    let count = 0;
    for (let near = Math.max(0, value - 2); near <= Math.min(255, value + 2); near++) count += histogram[near]!;
    if (count > best.count) best = { value, count };
  }
  return best;
}

/** 1 for the light grey, 2 for the dark one, 0 for anything else. */
function cellsOf(values: Uint16Array, { light, dark }: Split): Uint8Array {
  const spread = Math.max(2, (light - dark) * mostSpread);
  return Uint8Array.from(values, (value) => {
    if (value === none) return 0;
    if (Math.abs(value - light) < spread) return 1;
    return Math.abs(value - dark) < spread ? 2 : 0;
  });
}

/** Whether most of the rim is of the two greys, and about as much of one as of the other. */
function areOfTwo(cells: Uint8Array, histogram: Uint32Array): boolean {
  const rim = histogram.reduce((sum, count) => sum + count, 0);
  let [light, dark] = [0, 0];
  for (const cell of cells) {
    if (cell === 1) light += 1;
    else if (cell === 2) dark += 1;
  }
  return light + dark >= rim * leastGrey && Math.min(light, dark) >= Math.max(light, dark) * 0.4;
}

/** The distance at which the greys take turns in both directions. */
function findSquare(cells: Uint8Array, { width, height }: Raster): number | undefined {
  const most = Math.min(largest, Math.floor(Math.min(width, height) / 5));
  for (let square = smallest; square <= most; square++) {
    let agreement = agreementAt(cells, width, height, square);
    if (agreement < leastAgreement) continue;
    // A distance that is nearly right agrees already.
    for (let next = square + 1; next <= most; next++) {
      const better = agreementAt(cells, width, height, next);
      if (better <= agreement) return next - 1;
      agreement = better;
    }
    return most;
  }
  return undefined;
}

/** How well squares of this side explain the greys, 0 to 1. */
function agreementAt(cells: Uint8Array, width: number, height: number, square: number): number {
  let least = 1;
  for (const alike of [false, true]) {
    const distance = alike ? 2 * square : square;
    least = Math.min(least, share(cells, width, height, distance, 0, alike));
    if (least >= leastAgreement / 2) least = Math.min(least, share(cells, width, height, 0, distance, alike));
  }
  return least;
}

/** Of the pixels that are of a grey here and there, the part whose greys are alike, or differ. A few thousand are enough. */
function share(cells: Uint8Array, width: number, height: number, right: number, down: number, alike: boolean): number {
  const stride = Math.max(1, Math.floor(Math.sqrt((width * height) / 40_000)));
  let [all, agreeing] = [0, 0];
  for (let y = 0; y + down < height; y += stride) {
    for (let x = y % 3; x + right < width; x += stride) {
      const here = cells[y * width + x]!;
      const there = cells[(y + down) * width + x + right]!;
      if (here === 0 || there === 0) continue;
      all += 1;
      if ((here === there) === alike) agreeing += 1;
    }
  }
  return all < 50 ? 0 : agreeing / all;
}
