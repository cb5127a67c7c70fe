import { divide, formatShare, normaliseShares, parseShare, sumOf, wholeShare } from './palette.ts';
import type { PaletteColour } from './request.ts';

// How a palette changes while its shares sum to exactly 100.00 % at every step.

/** Which colours keep their share, by their places; others that are not named do not. */
type Locked = readonly boolean[];

/** A palette of these colours by their weights, which are any numbers from 0 up; without a weight all have equal parts. */
export function paletteOf(
  colours: readonly { readonly hex: string; readonly weight?: number | undefined }[],
): PaletteColour[] {
  const weights = colours.map(({ weight = 0 }) => (Number.isFinite(weight) ? Math.max(0, weight) : 0));
  return withShares(colours, divide(wholeShare, weights));
}

/**
 * The palette with one share set as nearly as the others allow, which make room for it or take what it leaves, in
 * proportion. Those that are locked keep theirs; where all others are, nothing can change.
 * @param share in hundredths of a percent
 */
export function setShare(
  palette: readonly PaletteColour[],
  index: number,
  share: number,
  locked: Locked = [],
): PaletteColour[] {
  const shares = sharesOf(palette);
  const kept = shares.map((before, at) => (at !== index && locked[at] === true ? before : undefined));
  const free = shares.length - 1 - kept.filter((one) => one !== undefined).length;
  const most = wholeShare - sumOf(kept.map((one) => one ?? 0)) - free;
  kept[index] = free === 0 ? most : Math.min(most, Math.max(1, Math.round(share)));
  return withShares(palette, fill(shares, kept));
}

/** The palette with one colour more, which gets an average share. Where the locked ones leave no room, they give as well. */
export function withColour(palette: readonly PaletteColour[], hex: string, locked: Locked = []): PaletteColour[] {
  const shares = sharesOf(palette);
  const own = Math.max(1, Math.round(wholeShare / (shares.length + 1)));
  const free = shares.filter((_, at) => locked[at] !== true);
  const hasRoom = free.length > 0 && sumOf(free) - free.length >= own;
  const kept = [...shares.map((share, at) => (hasRoom && locked[at] === true ? share : undefined)), own];
  return withShares([...palette, { hex }], fill([...shares, 0], kept));
}

/** The palette without one colour; the others take its share in proportion. Where all are locked, they take it all the same. */
export function withoutColour(palette: readonly PaletteColour[], index: number, locked: Locked = []): PaletteColour[] {
  const rest = palette.filter((_, at) => at !== index);
  const shares = sharesOf(palette).filter((_, at) => at !== index);
  const areLocked = shares.map((_, at) => locked[at < index ? at : at + 1] === true);
  const isStuck = areLocked.every(Boolean);
  const kept = shares.map((share, at) => (areLocked[at] && !isStuck ? share : undefined));
  return withShares(rest, fill(shares, kept));
}

/** The palette with equal shares for all that are not locked. */
export function evenShares(palette: readonly PaletteColour[], locked: Locked = []): PaletteColour[] {
  const shares = sharesOf(palette);
  const kept = shares.map((share, at) => (locked[at] === true ? share : undefined));
  const even = shares.map(() => 1);
  return withShares(palette, fill(even, kept));
}

const sharesOf = (palette: readonly PaletteColour[]): number[] =>
  normaliseShares(palette).map(({ ratio }) => parseShare(ratio) ?? 1);

const withShares = (colours: readonly { readonly hex: string }[], shares: readonly number[]): PaletteColour[] =>
  colours.map(({ hex }, index) => ({ hex, ratio: formatShare(shares[index] ?? 1) }));

/** What is kept as it is, and the rest divided in the proportion of these shares. */
function fill(shares: readonly number[], kept: readonly (number | undefined)[]): number[] {
  const free = shares.filter((_, at) => kept[at] === undefined);
  const parts = divide(wholeShare - sumOf(kept.map((one) => one ?? 0)), free);
  return shares.map((_, at) => kept[at] ?? parts.shift() ?? 1);
}
