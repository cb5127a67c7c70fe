import type { Raster } from './raster.ts';

/**
 * A square piece of a picture with alpha, at most `side` pixels wide, in its own pixels: where most of its edge is. Without
 * an edge its middle.
 */
export function edgePieceOf(raster: Raster, side: number): Raster {
  const { width, height } = raster;
  const cell = Math.max(1, Math.floor(side / 2));
  const columns = Math.ceil(width / cell);
  const edges = new Uint32Array(columns * Math.ceil(height / cell));
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      if (isEdge(raster, x, y)) edges[Math.floor(y / cell) * columns + Math.floor(x / cell)]! += 1;
  let [best, most] = [-1, 0];
  for (const [at, count] of edges.entries()) if (count > most) [best, most] = [at, count];
  const middle =
    best < 0 ? [width / 2, height / 2] : [((best % columns) + 0.5) * cell, (Math.floor(best / columns) + 0.5) * cell];
  return pieceAround(raster, middle[0]!, middle[1]!, side);
}

/** Half transparent, or opaque beside what is transparent. */
function isEdge({ width, height, data }: Raster, x: number, y: number): boolean {
  const at = (y * width + x) * 4 + 3;
  const alpha = data[at]!;
  if (alpha === 0) return false;
  if (alpha < 255) return true;
  return (x + 1 < width && data[at + 4] === 0) || (y + 1 < height && data[at + width * 4] === 0);
}

function pieceAround({ width, height, data }: Raster, x: number, y: number, side: number): Raster {
  const [across, down] = [Math.min(side, width), Math.min(side, height)];
  const left = Math.max(0, Math.min(width - across, Math.round(x - across / 2)));
  const top = Math.max(0, Math.min(height - down, Math.round(y - down / 2)));
  const piece = new Uint8Array(across * down * 4);
  for (let row = 0; row < down; row++) {
    const from = ((top + row) * width + left) * 4;
    piece.set(data.subarray(from, from + across * 4), row * across * 4);
  }
  return { width: across, height: down, channels: 4, data: piece };
}
