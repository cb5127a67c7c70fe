import sharp from 'sharp';
import type { Size } from '../../src/core/size.ts';
import type { Raster } from '../../src/pixels/raster.ts';

/** A rectangle as core's boxes are. */
export interface Edges {
  x1: number;
  y1: number;
  x2: number;
  y2: number;
}

/** Two boxes of a picture, at odd places, one of them in a corner. */
export function boxesOf({ width, height }: Size): { red: Edges; blue: Edges } {
  const at = (part: number, whole: number): number => Math.round(part * whole);
  return {
    red: { x1: at(0.13, width), y1: at(0.21, height), x2: at(0.43, width), y2: at(0.57, height) },
    blue: { x1: at(0.61, width), y1: at(0.7, height), x2: width, y2: height },
  };
}

/** A grey picture with a red and a blue rectangle where {@link boxesOf} has its boxes. Alpha is 200 on the left third. */
export function marked(size: Size, channels: 3 | 4 = 3): Raster {
  const { width, height } = size;
  const { red, blue } = boxesOf(size);
  const data = new Uint8Array(width * height * channels).fill(200);
  const paint = ({ x1, y1, x2, y2 }: Edges, colour: readonly number[]): void => {
    for (let y = y1; y < y2; y++) for (let x = x1; x < x2; x++) data.set(colour, (y * width + x) * channels);
  };
  paint(red, [230, 20, 20]);
  paint(blue, [20, 20, 230]);
  if (channels === 4) {
    for (let at = 3; at < data.length; at += 4) data[at] = ((at - 3) / 4) % width < width / 3 ? 200 : 255;
  }
  return { width, height, channels, data };
}

/** The pixels as a file stores them that has this orientation, by EXIF's words for where row 0 and column 0 are seen. */
export function stored(upright: Raster, orientation: number): Raster {
  const { width: across, height: down, channels } = upright;
  const [width, height] = orientation >= 5 ? [down, across] : [across, down];
  const data = new Uint8Array(upright.data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [seenX, seenY] = seenAt(orientation, x, y, across - 1, down - 1);
      const from = (seenY * across + seenX) * channels;
      data.set(upright.data.subarray(from, from + channels), (y * width + x) * channels);
    }
  }
  return { width, height, channels, data };
}

function seenAt(orientation: number, x: number, y: number, right: number, bottom: number): [number, number] {
  switch (orientation) {
    case 2: // row 0 is the top, column 0 the right side
      return [right - x, y];
    case 3: // bottom, right
      return [right - x, bottom - y];
    case 4: // bottom, left
      return [x, bottom - y];
    case 5: // left, top
      return [y, x];
    case 6: // right, top
      return [right - y, x];
    case 7: // right, bottom
      return [right - y, bottom - x];
    case 8: // left, bottom
      return [y, bottom - x];
    default:
      return [x, y];
  }
}

/** Where the red and the blue rectangle lie in a picture, as sharp decodes it, turned as it says. */
export async function markersIn(bytes: Uint8Array): Promise<{ red: Edges; blue: Edges }> {
  const { data, info } = await sharp(bytes)
    .autoOrient()
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const find = (score: (at: number) => number): Edges => {
    let most = 0;
    for (let at = 0; at < data.length; at += info.channels) most = Math.max(most, score(at));
    const found: Edges = { x1: info.width, y1: info.height, x2: 0, y2: 0 };
    for (let y = 0, at = 0; y < info.height; y++) {
      for (let x = 0; x < info.width; x++, at += info.channels) {
        if (score(at) < most / 2) continue;
        found.x1 = Math.min(found.x1, x);
        found.y1 = Math.min(found.y1, y);
        found.x2 = Math.max(found.x2, x + 1);
        found.y2 = Math.max(found.y2, y + 1);
      }
    }
    return found;
  };
  return {
    red: find((at) => data[at]! - (data[at + 1]! + data[at + 2]!) / 2),
    blue: find((at) => data[at + 2]! - (data[at]! + data[at + 1]!) / 2),
  };
}

/** The largest distance between edges of two rectangles, in pixels. */
export function apart(one: Edges, other: Edges): number {
  return Math.max(
    Math.abs(one.x1 - other.x1),
    Math.abs(one.y1 - other.y1),
    Math.abs(one.x2 - other.x2),
    Math.abs(one.y2 - other.y2),
  );
}
