import type { Box } from '../core/request.ts';
import type { Size } from '../core/size.ts';
import type { Engines } from './engines.ts';
import { covers, reduced, scaled } from './measureChange.ts';
import { openPicture } from './picture.ts';
import type { Fill } from './protocol.ts';
import type { Raster } from './raster.ts';

/** Answers are looked at with this longer side: what is asked is the colour of large areas. */
const JUDGED_SIDE = 256;
/** Part of the longer side around the box's edge that counts for neither side: edits blend in, and sizes are a few pixels off. */
const EDGE = 0.03;

/** How much redder a mean colour is than grey (0) for the box to count as filled: at least half of it has to be red. */
const FILLED = 96;
/** Less than this inside the box is no red to speak of. */
const PALE = 40;
/** Outside, red on a twentieth of the area makes about as much as this. */
const TRACE = 12;
/** Red that a box which was filled a little too far leaves outside; more is red in another place. */
const LEAK = 24;

/** Judges an answer as `Pixels.judgeFill` of client.ts says. Throws PixelError. */
export async function judgeRedFill(engines: Engines, bytes: Uint8Array, box: Box, of: Size): Promise<Fill> {
  const picture = await openPicture(engines, bytes);
  const { width, height } = picture.facts;
  const factor = Math.min(1, JUDGED_SIDE / Math.max(width, height));
  const size = { width: Math.max(1, Math.round(width * factor)), height: Math.max(1, Math.round(height * factor)) };
  const raster = await reduced(engines, picture, size);
  const margin = Math.max(1, EDGE * Math.max(size.width, size.height));
  const place = scaled(box, of, size);
  const inside = meanWhere(raster, (x, y) => covers(place, x, y, -margin));
  const outside = meanWhere(raster, (x, y) => !covers(place, x, y, margin));
  return { inside, outside, verdict: verdictOf(redness(inside), redness(outside)) };
}

type Colour = Fill['inside'];

function meanWhere({ width, height, data }: Raster, isMeant: (x: number, y: number) => boolean): Colour {
  const sums: [number, number, number] = [0, 0, 0];
  let pixels = 0;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      if (!isMeant(x + 0.5, y + 0.5)) continue;
      pixels++;
      sums[0] += data[at]!;
      sums[1] += data[at + 1]!;
      sums[2] += data[at + 2]!;
    }
  }
  return pixels === 0 ? [0, 0, 0] : [sums[0] / pixels, sums[1] / pixels, sums[2] / pixels];
}

/** 0 for grey and for every other colour, 255 for pure red. */
function redness([red, green, blue]: Colour): number {
  return Math.max(0, red - Math.max(green, blue));
}

function verdictOf(inside: number, outside: number): Fill['verdict'] {
  if (inside >= FILLED && outside <= LEAK) return 'inside';
  if (inside >= PALE && outside >= PALE) return 'everywhere';
  if (inside < PALE && outside >= TRACE) return 'elsewhere';
  return inside < PALE ? 'nothing' : 'unclear';
}
