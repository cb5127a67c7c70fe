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
/** A grey that spreads further than this around its mean is no drawn one; compression spreads it a little. */
const mostSpread = 7;
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
  const square = findSquare(cells, raster);
  return square === undefined ? undefined : { light: Math.round(light), dark: Math.round(dark), square };
}

/** Value of a pixel that is not of the rim, or has a colour. */
const none = 255 + 1;

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

/** The two greys that most of the rim is of; undefined where it is not of two. */
function twoGreys(histogram: Uint32Array): Split | undefined {
  const all = histogram.reduce((sum, count) => sum + count, 0);
  const first = peakOf(histogram, () => true);
  const second = peakOf(histogram, (value) => Math.abs(value - first.value) >= leastStep);
  const [less, more] = [Math.min(first.count, second.count), Math.max(first.count, second.count)];
  if (less + more < all * leastGrey || less < more * 0.4) return undefined;
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
  const spread = Math.min(mostSpread, (light - dark) / 2);
  return Uint8Array.from(values, (value) => {
    if (Math.abs(value - light) < spread) return 1;
    return Math.abs(value - dark) < spread ? 2 : 0;
  });
}

/** The distance at which the greys take turns in both directions. */
function findSquare(cells: Uint8Array, { width, height }: Raster): number | undefined {
  const most = Math.min(largest, Math.floor(Math.min(width, height) / 5));
  for (let square = smallest; square <= most; square++) {
    if (agrees(cells, width, height, square)) return square;
  }
  return undefined;
}

function agrees(cells: Uint8Array, width: number, height: number, square: number): boolean {
  return (
    share(cells, width, height, square, 0, false) >= leastAgreement &&
    share(cells, width, height, 0, square, false) >= leastAgreement &&
    share(cells, width, height, 2 * square, 0, true) >= leastAgreement &&
    share(cells, width, height, 0, 2 * square, true) >= leastAgreement
  );
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
