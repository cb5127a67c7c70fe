import { hashNumbers, noise } from './random.ts';
import type { Motif } from './style.ts';

/**
 * The outline of one ridge across the picture: one height for each column, about -1 (low) to 1 (high).
 * `depth` runs from 0 for the farthest ridge to 1 for the nearest; `aspect` is width by height.
 */
export function outline(motif: Motif, columns: number, aspect: number, depth: number, start: number): Float32Array {
  const heights = new Float32Array(columns);
  const shape = shapes[motif];
  for (let column = 0; column < columns; column += 1)
    heights[column] = shape((column / columns) * aspect, depth, start);
  return heights;
}

/** Shifts an outline so that its mean is zero and scales it so that nothing reaches past 1 or -1. */
export function centred(heights: Float32Array): Float32Array {
  let sum = 0;
  for (const height of heights) sum += height;
  const mean = sum / heights.length;
  let reach = 0;
  for (const height of heights) reach = Math.max(reach, Math.abs(height - mean));
  return heights.map((height) => (reach === 0 ? 0 : (height - mean) / reach));
}

type Shape = (position: number, depth: number, start: number) => number;

const shapes: Readonly<Record<Motif, Shape>> = { hills, peaks, forest, city, waves, dunes };

function hills(position: number, depth: number, start: number): number {
  const wide = noise(position * (2.2 - depth), start);
  return 0.75 * wide + 0.2 * noise(position * 5, start + 1) + 0.05 * noise(position * 17, start + 2);
}

function peaks(position: number, depth: number, start: number): number {
  let height = 0;
  let size = 0.62;
  let frequency = 2.6 - depth;
  for (let octave = 0; octave < 5; octave += 1) {
    height += size * (1 - 2 * Math.abs(noise(position * frequency, start + octave)));
    size *= 0.42;
    frequency *= 2.3;
  }
  return height;
}

function forest(position: number, depth: number, start: number): number {
  const ground = hills(position, depth, start) * 0.6;
  // Fir trees: narrow triangles of changing height, larger in front.
  const place = position * (70 - 42 * depth);
  const tree = Math.floor(place);
  const chance = hashNumbers(start, 7, tree) / 4_294_967_296;
  const offCentre = Math.abs(place - tree - 0.5) * 2;
  const tall = (0.1 + 0.28 * chance) * (0.35 + depth);
  return ground + Math.max(0, 1 - offCentre * (1.1 + 0.35 * chance)) * tall;
}

function city(position: number, depth: number, start: number): number {
  const place = position * (22 - 12 * depth);
  const block = Math.floor(place);
  const chance = hashNumbers(start, 11, block) / 4_294_967_296;
  const within = place - block;
  const hasGap = chance > 0.85 && within > 0.8;
  const antenna = chance > 0.7 && Math.abs(within - 0.5) < 0.025 ? 0.22 : 0;
  return hasGap ? -0.9 : -0.75 + 1.35 * chance * (0.6 + 0.4 * noise(position * 1.3, start)) + antenna;
}

function waves(position: number, depth: number, start: number): number {
  const place = position * (9 - 5 * depth) + (start % 97) / 13;
  const within = place - Math.floor(place);
  // A parabola up and one down: the look of a sine wave without its rounding, which differs between machines.
  const swing = within < 0.5 ? 1 - (4 * within - 1) ** 2 : (4 * within - 3) ** 2 - 1;
  return 0.3 * swing * (0.7 + 0.3 * noise(place * 0.4, start)) + 0.25 * noise(position * 1.7, start + 3);
}

function dunes(position: number, depth: number, start: number): number {
  const place = position * (2.4 - 1.2 * depth) + (start % 89) / 11;
  const dune = Math.floor(place);
  const within = place - dune;
  const crest = 0.55 + 0.25 * (hashNumbers(start, 5, dune) / 4_294_967_296);
  // A slow windward slope, a short lee slope.
  const rise = within < crest ? within / crest : (1 - within) / (1 - crest);
  const tall = 0.4 + 0.6 * (hashNumbers(start, 6, dune) / 4_294_967_296);
  return rise * rise * (3 - 2 * rise) * tall * 1.2 - 0.5 + 0.2 * noise(position * 2, start);
}
