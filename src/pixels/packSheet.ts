import { safeRadius } from '../core/packs.ts';
import type { Raster } from './raster.ts';

/** A picture on a contact sheet. */
export interface Shown {
  readonly raster: Raster;
  /** Whether its safe zone is drawn: what lies outside is dimmed. */
  readonly isMaskable: boolean;
}

/** Pixels between pictures. */
const gap = 16;
const light = [255, 255, 255] as const;
const dark = [31, 31, 31] as const;

/** Pictures side by side, twice: above on a light ground, below on a dark one. */
export function contactSheet(shown: readonly Shown[]): Raster {
  const width = shown.reduce((sum, { raster }) => sum + raster.width + gap, gap);
  const rowHeight = 2 * gap + Math.max(1, ...shown.map(({ raster }) => raster.height));
  const sheet = { width, height: 2 * rowHeight, channels: 3 as const, data: new Uint8Array(width * 2 * rowHeight * 3) };
  for (const [row, ground] of [light, dark].entries()) {
    for (let at = row * rowHeight * width; at < (row + 1) * rowHeight * width; at++) sheet.data.set(ground, at * 3);
    let left = gap;
    for (const one of shown) {
      place(sheet, one, left, row * rowHeight + gap, ground);
      left += one.raster.width + gap;
    }
  }
  return sheet;
}

function place(
  sheet: Raster,
  { raster, isMaskable }: Shown,
  left: number,
  top: number,
  ground: readonly [number, number, number],
): void {
  const { width, height, channels, data } = raster;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * channels;
      const to = ((top + y) * sheet.width + left + x) * 3;
      const isDimmed = isMaskable && Math.hypot(x + 0.5 - width / 2, y + 0.5 - height / 2) > safeRadius * width;
      const part = ((channels === 4 ? data[from + 3]! : 255) / 255) * (isDimmed ? 0.35 : 1);
      for (let band = 0; band < 3; band++)
        sheet.data[to + band] = Math.round(data[from + band]! * part + ground[band]! * (1 - part));
    }
  }
}
