import type { Raster } from '../../pixels/raster.ts';
import type { Box } from '../job.ts';
import { hashNumbers } from './random.ts';

/**
 * Changes a picture as an edit does: unmistakably inside the boxes, by a few levels elsewhere. Boxes are in this picture's
 * pixels. A prompt that asks for a solid colour gets it.
 */
export function editInBoxes(raster: Raster, boxes: readonly Box[], prompt: string, hash: number): void {
  driftSlightly(raster, hash);
  const solid = solidColour(prompt);
  boxes.forEach((box, index) => {
    if (solid) fill(raster, box, solid);
    else repaint(raster, box, hashNumbers(hash, 41, index));
  });
}

/** Changes the whole picture: every colour leans towards the one that the prompt asks for, or else that it and the seed choose. */
export function editEverywhere(raster: Raster, prompt: string, hash: number): void {
  const { data } = raster;
  const tint = solidColour(prompt) ?? tints[hash % tints.length] ?? tints[0];
  for (let at = 0; at < data.length; at += 3) {
    const grey = 0.3 * (data[at] ?? 0) + 0.59 * (data[at + 1] ?? 0) + 0.11 * (data[at + 2] ?? 0);
    for (let channel = 0; channel < 3; channel += 1) {
      // The three shares add up to one, so that nothing runs over.
      data[at + channel] = 0.3 * (data[at + channel] ?? 0) + 0.35 * grey + 0.35 * (tint[channel] ?? 0);
    }
  }
}

type Tint = readonly [number, number, number];

const tints: readonly [Tint, ...Tint[]] = [
  [255, 96, 64],
  [64, 160, 255],
  [70, 220, 120],
  [200, 90, 255],
  [255, 196, 40],
  [255, 80, 170],
];

const solids: Readonly<Record<string, Tint>> = {
  red: [228, 22, 26],
  green: [24, 160, 60],
  blue: [28, 60, 220],
  black: [12, 12, 12],
  white: [250, 250, 250],
};

function solidColour(prompt: string): Tint | undefined {
  const name = /\bsolid (\w+)/i.exec(prompt)?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(solids, name) ? solids[name] : undefined;
}

function fill({ width, data }: Raster, box: Box, colour: Tint): void {
  for (let row = box.y1; row < box.y2; row += 1) {
    for (let at = (row * width + box.x1) * 3; at < (row * width + box.x2) * 3; at += 3) data.set(colour, at);
  }
}

/** Real models never return the outside untouched: brightness drifts softly by up to three levels. */
function driftSlightly({ width, height, data }: Raster, hash: number): void {
  const cell = 160;
  const columns = Math.ceil(width / cell) + 1;
  const drift = (row: number, column: number): number => (hashNumbers(hash, row, column) % 7) - 3;
  for (let row = 0; row < height; row += 1) {
    const upper = Math.floor(row / cell);
    const down = row / cell - upper;
    const line = Array.from(
      { length: columns + 1 },
      (_, column) => drift(upper, column) * (1 - down) + drift(upper + 1, column) * down,
    );
    for (let column = 0, at = row * width * 3; column < width; column += 1) {
      const left = Math.floor(column / cell);
      const across = column / cell - left;
      const change = Math.round((line[left] ?? 0) * (1 - across) + (line[left + 1] ?? 0) * across);
      for (const end = at + 3; at < end; at += 1) data[at] = Math.min(255, Math.max(0, (data[at] ?? 0) + change));
    }
  }
}

/** Repaints a box in two hatched colours, each chosen far from what was there, with the old picture faintly under them. */
function repaint(raster: Raster, box: Box, hash: number): void {
  const { width, data } = raster;
  const was = meanOf(raster, box);
  const [strong, pale] = twoFarFrom(was, hash);
  const period = Math.max(12, Math.round(Math.min(box.x2 - box.x1, box.y2 - box.y1) / 9));
  for (let row = box.y1; row < box.y2; row += 1) {
    for (let column = box.x1; column < box.x2; column += 1) {
      const colour = (column + row) % period < period / 2 ? strong : pale;
      const at = (row * width + column) * 3;
      for (let channel = 0; channel < 3; channel += 1)
        data[at + channel] = 0.18 * (data[at + channel] ?? 0) + 0.82 * (colour[channel] ?? 0);
    }
  }
}

/** Two vivid colours out of the four that are farthest from what was there. */
function twoFarFrom(was: Tint, hash: number): [Tint, Tint] {
  const distance = (colour: Tint): number =>
    Math.abs(colour[0] - was[0]) + Math.abs(colour[1] - was[1]) + Math.abs(colour[2] - was[2]);
  const far = vivid.toSorted((one, other) => distance(other) - distance(one)).slice(0, 4);
  const first = far[hash % 4] ?? vivid[0];
  const second = far[(hash + 1 + (hash % 3)) % 4] ?? vivid[0];
  return [first, second];
}

const vivid: readonly [Tint, ...Tint[]] = [
  [236, 20, 140],
  [255, 120, 0],
  [255, 226, 20],
  [90, 210, 20],
  [0, 196, 214],
  [20, 70, 230],
  [120, 20, 200],
  [20, 10, 60],
  [120, 0, 20],
  [250, 250, 235],
];

function meanOf({ width, data }: Raster, { x1, y1, x2, y2 }: Box): Tint {
  const sums: [number, number, number] = [0, 0, 0];
  for (let row = y1; row < y2; row += 1) {
    for (let at = (row * width + x1) * 3; at < (row * width + x2) * 3; at += 3) {
      sums[0] += data[at] ?? 0;
      sums[1] += data[at + 1] ?? 0;
      sums[2] += data[at + 2] ?? 0;
    }
  }
  const pixels = Math.max(1, (x2 - x1) * (y2 - y1));
  return [sums[0] / pixels, sums[1] / pixels, sums[2] / pixels];
}
