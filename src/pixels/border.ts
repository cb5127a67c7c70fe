import { hexOf, type Oklab, toOklab } from '../core/oklab.ts';
import type { Raster } from './raster.ts';

/** What runs around a picture. */
export interface Border {
  /** Red, green and blue of its commonest colour, 0 to 255; white where nothing of it can be seen. */
  readonly colour: readonly [number, number, number];
  /** #RRGGBB */
  readonly hex: string;
  /** #RRGGBB: the commonest colours of it, each plainly another, the commonest first. */
  readonly common: readonly string[];
  /** The part of what can be seen of it, 0 to 1, that has nearly that colour. */
  readonly evenness: number;
  /** The part of it, 0 to 1, that is more transparent than not. */
  readonly transparent: number;
}

/** A border that is this even is one of a single colour, which compression has touched. */
export const evenBorder = 0.9;

/** In red, green and blue of 0 to 255; colours that are nearer are one that compression has touched, or a shade of it. */
const plainlyApart = 40;

/** In OKLab; what differs by less looks like the border. */
export const standsOutFrom = 0.09;

/** Looks at the outermost pixels, as thick as a hundredth of the shorter side. */
export function borderOf(raster: Raster): Border {
  const { width, height, channels, data } = raster;
  const thickness = Math.max(1, Math.round(Math.min(width, height) / 100));
  const bins = new Map<number, number[]>();
  let [all, clear] = [0, 0];
  forBorder(width, height, thickness, (at) => {
    all += 1;
    const from = at * channels;
    if (channels === 4 && data[from + 3]! < 128) {
      clear += 1;
      return;
    }
    const [red, green, blue] = [data[from]!, data[from + 1]!, data[from + 2]!];
    const key = ((red >> 4) << 8) | ((green >> 4) << 4) | (blue >> 4);
    const bin = bins.get(key) ?? [0, 0, 0, 0];
    bins.set(key, bin);
    for (const [index, value] of [1, red, green, blue].entries()) bin[index]! += value;
  });
  const [count = 0, red = 0, green = 0, blue = 0] = [...bins.values()].reduce(
    (most, bin) => (bin[0]! > most[0]! ? bin : most),
    [0, 0, 0, 0],
  );
  const colour: [number, number, number] =
    count === 0 ? [255, 255, 255] : [Math.round(red / count), Math.round(green / count), Math.round(blue / count)];
  return {
    colour,
    hex: hexOfColour(colour),
    common: commonOf(colour, [...bins.values()], all - clear),
    evenness: evennessOf(raster, thickness, colour),
    transparent: clear / all,
  };
}

/** Of what is on at least a fiftieth of what can be seen. */
function commonOf(
  first: readonly [number, number, number],
  bins: readonly (readonly number[])[],
  seen: number,
): string[] {
  const common = [first];
  for (const [count = 0, ...sums] of bins.toSorted(([one = 0], [other = 0]) => other - one)) {
    if (count < seen / 50) break;
    const [red = 0, green = 0, blue = 0] = sums.map((sum) => Math.round(sum / count));
    if (common.every((each) => Math.hypot(each[0] - red, each[1] - green, each[2] - blue) > plainlyApart))
      common.push([red, green, blue]);
  }
  return common.map(hexOfColour);
}

function evennessOf(
  { width, height, channels, data }: Raster,
  thickness: number,
  colour: readonly [number, number, number],
): number {
  let [seen, near] = [0, 0];
  forBorder(width, height, thickness, (at) => {
    const from = at * channels;
    if (channels === 4 && data[from + 3]! < 128) return;
    seen += 1;
    const [red, green, blue] = [data[from]!, data[from + 1]!, data[from + 2]!];
    if (Math.hypot(red - colour[0], green - colour[1], blue - colour[2]) < 30) near += 1;
  });
  return seen === 0 ? 1 : near / seen;
}

/** Calls for each pixel of the border once, by its number. */
export function forBorder(width: number, height: number, thickness: number, visit: (at: number) => void): void {
  for (let y = 0; y < height; y++) {
    const isInside = y >= thickness && y < height - thickness && width > 2 * thickness;
    for (let x = 0; x < width; x++) {
      // The middle of a row is no border.
      if (isInside && x === thickness) x = width - thickness;
      visit(y * width + x);
    }
  }
}

/** #RRGGBB of three whole numbers. */
export function hexOfColour([red, green, blue]: readonly [number, number, number]): string {
  return hexOf({ red, green, blue });
}

/** Where a picture stands out of its border: a byte for each pixel, 1 where it does. For small pictures: takes time for each pixel. */
export function standingOut({ width, height, channels, data }: Raster, border: Pick<Border, 'colour' | 'transparent'>) {
  const isClear = border.transparent > 0.5;
  const [red, green, blue] = border.colour;
  const ground = toOklab({ red, green, blue });
  const mask = new Uint8Array(width * height);
  for (let at = 0, from = 0; at < mask.length; at++, from += channels) {
    if (channels === 4 && data[from + 3]! < 32) continue;
    const lab = toOklab({ red: data[from]!, green: data[from + 1]!, blue: data[from + 2]! });
    if (isClear || distance(lab, ground) > standsOutFrom) mask[at] = 1;
  }
  return mask;
}

function distance(one: Oklab, other: Oklab): number {
  return Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]);
}
