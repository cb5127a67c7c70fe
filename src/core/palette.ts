import type { PaletteColour } from './request.ts';

const hexPattern = /^#[0-9A-Fa-f]{6}$/;
const ratioPattern = /^\d{1,3}\.\d{2}%$/;

/** True for # and six hexadecimal digits (rule 12). */
export const isHexColour = (hex: string): boolean => hexPattern.test(hex);

/** A share such as "25.00%" in hundredths of a percent (2500); undefined when it is not written that way (rule 13). */
export function parseShare(ratio: string): number | undefined {
  return ratioPattern.test(ratio) ? Number(ratio.slice(0, -1).replace('.', '')) : undefined;
}

/** Hundredths of a percent as the service writes them: 2500 is "25.00%". */
export function formatShare(hundredths: number): string {
  return `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, '0')}%`;
}

/** A hundred percent, in hundredths of a percent. */
export const wholeShare = 10000;
export const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/**
 * The same colours with shares that are each at least 0.01 % and sum to exactly 100.00 %, in the given proportions as
 * nearly as whole hundredths allow (largest remainder). Shares that cannot be read count as equal parts.
 */
export function normaliseShares(palette: readonly PaletteColour[]): PaletteColour[] {
  const shares = divide(
    wholeShare,
    palette.map(({ ratio }) => parseShare(ratio) ?? 0),
  );
  return palette.map(({ hex }, index) => ({ hex, ratio: formatShare(shares[index] ?? 1) }));
}

/** Divides a whole by weights, at least 1 for each; what has no weight counts as an average one. */
export function divide(whole: number, given: readonly number[]): number[] {
  const equalPart = sumOf(given) / given.length || 1;
  const weights = given.map((weight) => (weight > 0 ? weight : equalPart));
  const total = sumOf(weights);
  const exact = weights.map((weight) => (weight * whole) / total);
  const rounded = exact.map((value) => Math.max(1, Math.floor(value)));
  if (rounded.length > 0) spread(whole - sumOf(rounded), rounded, exact);
  return rounded;
}

/** Adds what is missing to the values that lost most by rounding; what the least shares took too much, the largest give. */
function spread(missing: number, rounded: number[], exact: readonly number[]): void {
  const lost = (index: number): number => (exact[index] ?? 0) - (rounded[index] ?? 0);
  const byLoss = [...rounded.keys()].sort((a, b) => lost(b) - lost(a));
  for (const index of byLoss.slice(0, Math.max(0, missing))) rounded[index] = (rounded[index] ?? 0) + 1;
  for (let tooMuch = -missing; tooMuch > 0; tooMuch--) {
    const largest = [...rounded.keys()].reduce((best, index) => {
      const [a, b] = [rounded[best] ?? 0, rounded[index] ?? 0];
      return b > a || (b === a && lost(index) < lost(best)) ? index : best;
    }, 0);
    rounded[largest] = (rounded[largest] ?? 0) - 1;
  }
}
