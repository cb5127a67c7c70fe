import type { Border } from './border.ts';
import { standingOut } from './border.ts';
import { dominantColours } from './dominantColours.ts';
import type { Raster } from './raster.ts';

type Colour = readonly [number, number, number];

/** What a transparent icon may lie on: a light tab, and a dark one of VS Code. */
const tabs: readonly Colour[] = [
  [255, 255, 255],
  [31, 31, 31],
];

/**
 * The contrast of a small icon, 1 to 21: the contrast ratio of WCAG 2 between its background and the commonest colour that
 * stands out of it; of one with a transparent border the lower of those to a light and to a dark tab. 1 where nothing stands out.
 */
export function contrastOf(icon: Raster, border: Border): number {
  const mask = standingOut(icon, border);
  const [commonest] = dominantColours(only(icon, mask), 4);
  if (!commonest) return 1;
  const whole = Number.parseInt(commonest.hex.slice(1), 16);
  const colour: Colour = [whole >> 16, (whole >> 8) & 255, whole & 255];
  const grounds = border.transparent > 0.5 ? tabs : [border.colour];
  return Math.min(...grounds.map((ground) => contrastRatio(colour, ground)));
}

/** Between two colours, 1 to 21, in any order. Source: WCAG 2.2, contrast ratio and relative luminance. */
export function contrastRatio(one: Colour, other: Colour): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

function luminance([red, green, blue]: Colour): number {
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

function linear(value: number): number {
  const part = value / 255;
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}

/** The picture with all but the marked pixels transparent. */
function only({ width, height, channels, data }: Raster, mask: Uint8Array): Raster {
  const kept = new Uint8Array(width * height * 4);
  for (let at = 0; at < mask.length; at++) {
    kept.set(data.subarray(at * channels, at * channels + 3), at * 4);
    kept[at * 4 + 3] = mask[at] === 1 ? (channels === 4 ? data[at * 4 + 3]! : 255) : 0;
  }
  return { width, height, channels: 4, data: kept };
}
