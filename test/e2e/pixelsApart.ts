import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { expect } from './fixtures.ts';
import type { Edges } from './studioSteps.ts';

/** The largest difference of any decoded channel of two pictures of one size, outside and inside a box. */
export async function differing(
  one: string,
  other: string,
  [x1, y1, x2, y2]: Edges,
): Promise<{ readonly outside: number; readonly inside: number }> {
  const decoded = (file: string) => sharp(readFileSync(file)).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const [before, after] = await Promise.all([decoded(one), decoded(other)]);
  expect([after.info.width, after.info.height]).toEqual([before.info.width, before.info.height]);
  let [outside, inside] = [0, 0];
  for (let y = 0, at = 0; y < before.info.height; y++) {
    for (let x = 0; x < before.info.width; x++) {
      const isInside = x >= x1 && x < x2 && y >= y1 && y < y2;
      for (let channel = 0; channel < 3; channel++, at++) {
        const off = Math.abs((before.data[at] ?? 0) - (after.data[at] ?? 0));
        if (isInside) inside = Math.max(inside, off);
        else outside = Math.max(outside, off);
      }
    }
  }
  return { outside, inside };
}
