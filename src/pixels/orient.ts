import type { Orientation } from './header.ts';
import type { Raster } from './raster.ts';

/** Where an upright pixel comes from: the stored pixel for (0, 0), and how far it moves for each step right and down. */
interface Walk {
  start: number;
  right: number;
  down: number;
}

/** Small enough that the rows and the columns of a tile stay in the processor's cache while it is turned. */
const TILE = 32;

/** Turns stored pixels the way they are to be seen. Gives back the same raster where there is nothing to turn. */
export function turnUpright(raster: Raster, orientation: Orientation): Raster {
  if (orientation === 1) return raster;
  const turned = orientation >= 5;
  const { channels } = raster;
  const width = turned ? raster.height : raster.width;
  const height = turned ? raster.width : raster.height;
  const data = new Uint8Array(raster.data.length);
  const walk = walkFor(orientation, raster.width, raster.height);
  for (let top = 0; top < height; top += TILE) {
    for (let left = 0; left < width; left += TILE) {
      turnTile(raster, { width, height, channels, data }, walk, left, top);
    }
  }
  return { width, height, channels, data };
}

function turnTile(from: Raster, to: Raster, walk: Walk, left: number, top: number): void {
  const { channels } = to;
  const right = Math.min(left + TILE, to.width);
  const bottom = Math.min(top + TILE, to.height);
  for (let y = top; y < bottom; y++) {
    let source = (walk.start + left * walk.right + y * walk.down) * channels;
    let target = (y * to.width + left) * channels;
    for (let x = left; x < right; x++) {
      to.data[target] = from.data[source]!;
      to.data[target + 1] = from.data[source + 1]!;
      to.data[target + 2] = from.data[source + 2]!;
      if (channels === 4) to.data[target + 3] = from.data[source + 3]!;
      source += walk.right * channels;
      target += channels;
    }
  }
}

/** Source of the eight cases: EXIF 2.32, tag 0112. */
function walkFor(orientation: Orientation, width: number, height: number): Walk {
  const lastColumn = width - 1;
  const lastRow = (height - 1) * width;
  switch (orientation) {
    case 1:
      return { start: 0, right: 1, down: width };
    case 2:
      return { start: lastColumn, right: -1, down: width };
    case 3:
      return { start: lastRow + lastColumn, right: -1, down: -width };
    case 4:
      return { start: lastRow, right: 1, down: -width };
    case 5:
      return { start: 0, right: width, down: 1 };
    case 6:
      return { start: lastRow, right: -width, down: 1 };
    case 7:
      return { start: lastRow + lastColumn, right: -width, down: -1 };
    case 8:
      return { start: lastColumn, right: width, down: -1 };
  }
}
