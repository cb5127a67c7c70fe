import type { Raster } from '../../pixels/raster.ts';
import type { Size } from '../sizes.ts';
import { blend } from './colour.ts';
import type { Colour } from './colour.ts';
import { generator, hashNumbers } from './random.ts';
import { centred, outline } from './ridges.ts';
import type { Style } from './style.ts';

/** A landscape of layered ridges under a sky: one flat colour for each layer and row, so that it draws and compresses fast. */
export function drawLandscape({ width, height }: Size, style: Style, start: number): Raster {
  const raster: Raster = { width, height, channels: 3, data: new Uint8Array(width * height * 3) };
  const random = generator(start);
  paintSky(raster, style);
  if (style.isNight) paintStars(raster, random);
  paintSun(raster, style, random);
  paintRidges(raster, ridgesOf(raster, style, start));
  return raster;
}

/** One ridge: where it begins in each column, and its colour in each row. */
interface Ridge {
  tops: Float32Array;
  highest: number;
  lowest: number;
  rows: Uint8Array;
}

function paintSky({ width, height, data }: Raster, { skyTop, skyBottom }: Style): void {
  for (let row = 0; row < height; row += 1) {
    const [red, green, blue] = blend(skyTop, skyBottom, Math.min(1, row / (height * 0.7)));
    const from = row * width * 3;
    data[from] = red + 0.5;
    data[from + 1] = green + 0.5;
    data[from + 2] = blue + 0.5;
    // Doubling the filled part is the fastest way to fill a row with three-byte pixels.
    for (let filled = 3; filled < width * 3; filled *= 2) {
      data.copyWithin(from + filled, from, from + Math.min(filled, width * 3 - filled));
    }
  }
}

function paintStars(raster: Raster, random: () => number): void {
  const { width, height } = raster;
  const size = Math.max(0.8, Math.sqrt(width * height) / 1300);
  for (let star = 0; star < 160; star += 1) {
    const glow = 0.25 + 0.75 * random();
    paintDisc(raster, random() * width, random() * height * 0.7, size * (0.6 + random()), [255, 250, 235], glow);
  }
}

function paintSun(raster: Raster, { sun, shares }: Style, random: () => number): void {
  const { width, height } = raster;
  const centreX = width * (0.18 + 0.64 * random());
  const skyShare = shares?.[0] ?? 0.4;
  const centreY = height * skyShare * (0.35 + 0.3 * random());
  const radius = Math.min(width, height) * (0.07 + 0.04 * random());
  if (shares !== undefined) {
    // In a palette each colour has its own share of the area, so the sun takes only a little of it and has no glow.
    const area = Math.min(0.012, 0.3 * (shares[1] ?? 0)) * width * height;
    const fitting = Math.min(Math.sqrt(area / Math.PI), height * skyShare * 0.3);
    paintDisc(raster, centreX, centreY, fitting, sun, 1);
    return;
  }
  for (const [reach, glow] of [
    [2.6, 0.1],
    [1.9, 0.14],
    [1.4, 0.22],
    [1, 1],
  ] as const)
    paintDisc(raster, centreX, centreY, radius * reach, sun, glow);
}

/** Blends a disc over what is there; edges are smoothed over one pixel. */
function paintDisc(
  { width, height, data }: Raster,
  centreX: number,
  centreY: number,
  radius: number,
  colour: Colour,
  opacity: number,
): void {
  for (
    let row = Math.max(0, Math.floor(centreY - radius - 1));
    row < Math.min(height, centreY + radius + 1);
    row += 1
  ) {
    for (
      let column = Math.max(0, Math.floor(centreX - radius - 1));
      column < Math.min(width, centreX + radius + 1);
      column += 1
    ) {
      const distance = Math.sqrt((column + 0.5 - centreX) ** 2 + (row + 0.5 - centreY) ** 2);
      const share = opacity * Math.min(1, Math.max(0, radius + 0.5 - distance));
      if (share === 0) continue;
      const at = (row * width + column) * 3;
      for (let channel = 0; channel < 3; channel += 1) {
        const value = data[at + channel] ?? 0;
        data[at + channel] = value + ((colour[channel] ?? 0) - value) * share + 0.5;
      }
    }
  }
}

function ridgesOf({ width, height }: Raster, style: Style, start: number): Ridge[] {
  const aspect = width / height;
  const { ridges, shares, motif } = style;
  return ridges.map((colour, index) => {
    const depth = ridges.length === 1 ? 1 : index / (ridges.length - 1);
    const raw = outline(motif, width, aspect, depth, hashNumbers(start, 31, index));
    const { base, swing, heights } =
      shares === undefined ? freePlace(index, ridges.length, motif === 'waves', raw) : sharedPlace(index, shares, raw);
    const tops = heights.map((value) => (base - swing * value) * height);
    const haze = shares === undefined ? blend(colour, style.skyBottom, 0.34 * (1 - 0.55 * depth)) : colour;
    return { ...reach(tops), tops, rows: rowColours(height, (base - swing) * height, height * 0.34, colour, haze) };
  });
}

/** Ridges from the horizon to the lower edge; each may cross the one behind it. */
function freePlace(
  index: number,
  count: number,
  isSea: boolean,
  heights: Float32Array,
): { base: number; swing: number; heights: Float32Array } {
  const depth = index / Math.max(1, count - 1);
  return {
    base: (isSea ? 0.5 : 0.47) + 0.4 * depth,
    swing: isSea ? 0.05 + 0.03 * depth : 0.15 - 0.05 * depth,
    heights,
  };
}

/** Ridges whose bands have exact shares of the area: zero mean, and too small a swing to cross a neighbour. */
function sharedPlace(
  index: number,
  shares: readonly number[],
  raw: Float32Array,
): { base: number; swing: number; heights: Float32Array } {
  const base = shares.slice(0, index + 1).reduce((sum, share) => sum + share, 0);
  const swing = 0.45 * Math.min(shares[index] ?? 0, shares[index + 1] ?? 0, 0.28);
  return { base, swing, heights: centred(raw) };
}

function reach(tops: Float32Array): { highest: number; lowest: number } {
  let highest = Infinity;
  let lowest = -Infinity;
  for (const top of tops) {
    if (top < highest) highest = top;
    if (top > lowest) lowest = top;
  }
  return { highest, lowest };
}

/** A ridge's colour row by row: its own at the crest, paler further down, as air does. */
function rowColours(height: number, from: number, fade: number, crest: Colour, foot: Colour): Uint8Array {
  const rows = new Uint8Array(height * 3);
  for (let row = 0; row < height; row += 1) {
    const [red, green, blue] = blend(crest, foot, Math.min(1, Math.max(0, (row - from) / fade)));
    rows[row * 3] = red + 0.5;
    rows[row * 3 + 1] = green + 0.5;
    rows[row * 3 + 2] = blue + 0.5;
  }
  return rows;
}

function paintRidges({ width, height, data }: Raster, ridges: readonly Ridge[]): void {
  for (let row = 0; row < height; row += 1) {
    // A ridge that fills the whole row hides all that are behind it.
    const hiding = Math.max(
      0,
      ridges.findLastIndex(({ lowest }) => lowest <= row),
    );
    for (const { tops, highest, lowest, rows } of ridges.slice(hiding)) {
      if (highest >= row + 1) continue;
      const red = rows[row * 3] ?? 0;
      const green = rows[row * 3 + 1] ?? 0;
      const blue = rows[row * 3 + 2] ?? 0;
      const isWhole = lowest <= row;
      for (let column = 0, at = row * width * 3; column < width; column += 1, at += 3) {
        const covered = isWhole ? 1 : row + 1 - (tops[column] ?? 0);
        if (covered <= 0) continue;
        if (covered >= 1) {
          data[at] = red;
          data[at + 1] = green;
          data[at + 2] = blue;
        } else {
          // The crest goes through this pixel: mix, so that the outline is smooth.
          data[at] = (data[at] ?? 0) + (red - (data[at] ?? 0)) * covered + 0.5;
          data[at + 1] = (data[at + 1] ?? 0) + (green - (data[at + 1] ?? 0)) * covered + 0.5;
          data[at + 2] = (data[at + 2] ?? 0) + (blue - (data[at + 2] ?? 0)) * covered + 0.5;
        }
      }
    }
  }
}
