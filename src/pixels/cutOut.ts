import { type CutOptions, type CutReport, mostEdge, mostTolerance } from '../core/cutOut.ts';
import { coloursOf } from './picture.ts';
import type { Raster } from './raster.ts';
import { forBorder } from './border.ts';

type Colour = readonly [number, number, number];

/** What of a pixel is known. */
const [subject, ground, edge] = [0, 1, 2];

/** Cuts what is of a key colour out of a picture, and says what became of it. Throws RangeError beyond core's limits. */
export function cutOutOf(raster: Raster, options: CutOptions): { readonly raster: Raster; readonly report: CutReport } {
  const { tolerance, edge: edgeWidth } = options;
  if (!(tolerance >= 0 && tolerance <= mostTolerance)) throw new RangeError(`a tolerance of ${tolerance}`);
  if (!Number.isInteger(edgeWidth) || edgeWidth < 0 || edgeWidth > mostEdge)
    throw new RangeError(`an edge of ${edgeWidth}`);
  const key = coloursOf(options.key);
  const near = tolerance * 255 * Math.sqrt(3);
  const kinds = markGround(raster, key, near, options.holes);
  const hard = count(kinds, ground);
  const enclosed = options.holes ? 0 : countNear(raster, key, near) - hard;
  markEdge(kinds, raster, edgeWidth);
  const cut = withAlpha(raster, kinds, key, edgeWidth);
  const wider = count(markGround(raster, key, near * 1.5, options.holes), ground);
  return { raster: cut, report: reportOf(cut, { hard, wider, enclosed }) };
}

/** The pixels of nearly the key colour that are reached from the border, or all of them. */
function markGround(raster: Raster, key: Colour, near: number, everywhere: boolean): Uint8Array {
  const { width, height } = raster;
  const kinds = new Uint8Array(width * height);
  if (everywhere) {
    for (let at = 0; at < kinds.length; at++) if (distanceTo(raster, at, key) <= near) kinds[at] = ground;
    return kinds;
  }
  const waiting = new Int32Array(width * height);
  let end = 0;
  const visit = (at: number): void => {
    if (kinds[at] !== subject || distanceTo(raster, at, key) > near) return;
    kinds[at] = ground;
    waiting[end++] = at;
  };
  forBorder(width, height, 1, visit);
  for (let next = 0; next < end; next++) {
    const at = waiting[next]!;
    const x = at % width;
    if (x > 0) visit(at - 1);
    if (x < width - 1) visit(at + 1);
    if (at >= width) visit(at - width);
    if (at < width * (height - 1)) visit(at + width);
  }
  return kinds;
}

/** What is transparent already is of no colour. */
function distanceTo({ channels, data }: Raster, at: number, [red, green, blue]: Colour): number {
  const from = at * channels;
  if (channels === 4 && data[from + 3]! < 8) return 0;
  const [r, g, b] = [data[from]! - red, data[from + 1]! - green, data[from + 2]! - blue];
  return Math.sqrt(r * r + g * g + b * b);
}

/** Pixels of the subject that are nearer to the ground than this, in steps to any of eight sides, may be mixed with it. */
function markEdge(kinds: Uint8Array, { width, height }: Raster, steps: number): void {
  if (steps === 0) return;
  let rim: number[] = [];
  for (let at = 0; at < kinds.length; at++)
    if (kinds[at] === subject && touches(kinds, at, width, height)) rim.push(at);
  for (const at of rim) kinds[at] = edge;
  const first = rim;
  for (let step = 1; step < steps; step++) {
    const next: number[] = [];
    for (const at of rim) {
      forNeighbours(at, width, height, 1, (other) => {
        if (kinds[other] !== subject) return;
        kinds[other] = edge;
        next.push(other);
      });
    }
    rim = next;
  }
  // What is hardly mixed with the subject passes for the key, and is a part of the edge all the same.
  for (const at of first) {
    forNeighbours(at, width, height, 1, (other) => {
      if (kinds[other] === ground) kinds[other] = edge;
    });
  }
}

function touches(kinds: Uint8Array, at: number, width: number, height: number): boolean {
  const x = at % width;
  const y = (at - x) / width;
  for (let v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++) {
    for (let u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++)
      if (kinds[v * width + u] === ground) return true;
  }
  return false;
}

/**
 * A pixel of the edge is a mixture of the key colour and of the subject near it: its alpha is how much of the subject is in
 * it, and its colour is freed of the key. Laid on the key colour again, it looks as it did.
 */
function withAlpha(raster: Raster, kinds: Uint8Array, key: Colour, reach: number): Raster {
  const { width, height, channels, data } = raster;
  const cut = new Uint8Array(width * height * 4);
  for (let at = 0; at < kinds.length; at++) {
    if (kinds[at] === ground) continue;
    const from = at * channels;
    const own = channels === 4 ? data[from + 3]! : 255;
    const colour: Colour = [data[from]!, data[from + 1]!, data[from + 2]!];
    const part = kinds[at] === edge ? partOf(colour, key, purest(raster, kinds, at, key, reach + 1)) : 1;
    for (let band = 0; band < 3; band++) {
      const freed = part === 0 ? 0 : (colour[band]! - (1 - part) * key[band]!) / part;
      cut[at * 4 + band] = Math.min(255, Math.max(0, Math.round(freed)));
    }
    cut[at * 4 + 3] = Math.round(own * part);
  }
  return { width, height, channels: 4, data: cut };
}

/** How much of the subject's colour is in a mixture with the key, 0 to 1. */
function partOf(colour: Colour, key: Colour, pure: Colour): number {
  let [dot, square] = [0, 0];
  for (let band = 0; band < 3; band++) {
    dot += (colour[band]! - key[band]!) * (pure[band]! - key[band]!);
    square += (pure[band]! - key[band]!) ** 2;
  }
  if (square < 1) return 0;
  const part = Math.min(1, Math.max(0, dot / square));
  // What compression has left of the key is nothing, and what it has taken of the subject is all.
  return part < 0.04 ? 0 : part > 0.96 ? 1 : part;
}

/** The subject's colour near a pixel of its edge: that of the nearest pixel which is no edge, or of what differs most from the key. */
function purest(raster: Raster, kinds: Uint8Array, at: number, key: Colour, reach: number): Colour {
  const { width, height, channels, data } = raster;
  let [best, merit] = [at, Number.NEGATIVE_INFINITY];
  const x = at % width;
  const y = (at - x) / width;
  forNeighbours(at, width, height, reach, (other) => {
    if (kinds[other] === ground) return;
    const otherX = other % width;
    const away = Math.hypot(otherX - x, (other - otherX) / width - y);
    // Any that is sure counts for more than all that are not.
    const found = kinds[other] === subject ? 1000 - away : distanceTo(raster, other, key) / 1000;
    if (found > merit) [best, merit] = [other, found];
  });
  const from = best * channels;
  return [data[from]!, data[from + 1]!, data[from + 2]!];
}

function forNeighbours(at: number, width: number, height: number, reach: number, visit: (other: number) => void): void {
  const x = at % width;
  const y = (at - x) / width;
  for (let v = Math.max(0, y - reach); v <= Math.min(height - 1, y + reach); v++) {
    for (let u = Math.max(0, x - reach); u <= Math.min(width - 1, x + reach); u++) {
      if (u !== x || v !== y) visit(v * width + u);
    }
  }
}

function count(kinds: Uint8Array, kind: number): number {
  let found = 0;
  for (const each of kinds) if (each === kind) found += 1;
  return found;
}

function countNear(raster: Raster, key: Colour, near: number): number {
  let found = 0;
  for (let at = 0; at < raster.width * raster.height; at++) if (distanceTo(raster, at, key) <= near) found += 1;
  return found;
}

/** Verified by the alpha that is written, not by what was meant. */
function reportOf(
  { width, height, data }: Raster,
  { hard, wider, enclosed }: { hard: number; wider: number; enclosed: number },
): CutReport {
  const all = width * height;
  let [clear, partial] = [0, 0];
  for (let at = 3; at < data.length; at += 4) {
    if (data[at] === 0) clear += 1;
    else if (data[at] !== 255) partial += 1;
  }
  let [rim, clearRim] = [0, 0];
  forBorder(width, height, 1, (at) => {
    rim += 1;
    if (data[at * 4 + 3] === 0) clearRim += 1;
  });
  const left = all - hard;
  return {
    transparent: clear / all,
    partial: partial / all,
    border: clearRim / rim,
    enclosed: enclosed / all,
    unsure: left === 0 ? 1 : (wider - hard) / left,
  };
}
