import type { Raster } from '../../pixels/raster.ts';
import type { Box } from '../job.ts';
import { glyph } from '../../pixels/font.ts';

/** Writes a caption on a dark plate into the lower left corner of the area. Nothing is drawn where it would not fit. */
export function drawCaption(raster: Raster, text: string, area: Box): void {
  const { width, height } = sizeOf(area);
  const scale = Math.max(1, Math.round(Math.sqrt(width * height) / 450));
  const fitting = Array.from({ length: scale }, (_, index) => scale - index).find(
    (size) => plateOf(text, size).width <= width && plateOf(text, size).height <= height,
  );
  if (fitting === undefined) return;
  const plate = plateOf(text, fitting);
  const margin = Math.max(
    0,
    Math.min(6 * fitting, Math.floor((width - plate.width) / 2), Math.floor((height - plate.height) / 2)),
  );
  const left = area.x1 + margin;
  const top = area.y2 - margin - plate.height;
  darken(raster, left, top, plate.width, plate.height);
  write(raster, text, left + 5 * fitting, top + 4 * fitting, fitting);
}

/** Stamps the service's own watermark text into the lower right corner. */
export function drawWatermark(raster: Raster): void {
  const scale = Math.max(1, Math.round(Math.sqrt(raster.width * raster.height) / 450));
  const text = 'AI生成';
  const width = widthOf(text) * scale;
  const left = raster.width - width - 8 * scale;
  const top = raster.height - 19 * scale;
  darken(raster, left - 3 * scale, top - 2 * scale, width + 6 * scale, 15 * scale);
  write(raster, text, left, top, scale);
}

function plateOf(text: string, scale: number): { width: number; height: number } {
  return { width: (widthOf(text) + 10) * scale, height: 15 * scale };
}

function sizeOf({ x1, y1, x2, y2 }: Box): { width: number; height: number } {
  return { width: x2 - x1, height: y2 - y1 };
}

function widthOf(text: string): number {
  return [...text].reduce((sum, character) => sum + glyph(character).width + 1, -1);
}

function darken(
  { width: across, height: down, data }: Raster,
  left: number,
  top: number,
  width: number,
  height: number,
): void {
  for (let row = Math.max(0, top); row < Math.min(down, top + height); row += 1) {
    const from = (row * across + Math.max(0, left)) * 3;
    const to = (row * across + Math.min(across, left + width)) * 3;
    for (let at = from; at < to; at += 1) data[at] = (data[at] ?? 0) * 0.32;
  }
}

function write(raster: Raster, text: string, left: number, top: number, scale: number): void {
  let pen = left;
  for (const character of text) {
    const shape = glyph(character);
    // Letters of seven rows stand on the same line as the taller drawings of eleven.
    const lift = shape.height > 7 ? 0 : /[生成]/.test(text) ? 3 * scale : 0;
    for (let row = 0; row < shape.height * scale; row += 1) {
      for (let column = 0; column < shape.width * scale; column += 1) {
        if (shape.isInk(Math.floor(column / scale), Math.floor(row / scale)))
          paintWhite(raster, pen + column, top + lift + row);
      }
    }
    pen += (shape.width + 1) * scale;
  }
}

function paintWhite({ width, height, data }: Raster, column: number, row: number): void {
  if (column < 0 || row < 0 || column >= width || row >= height) return;
  data.fill(245, (row * width + column) * 3, (row * width + column) * 3 + 3);
}
