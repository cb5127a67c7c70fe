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

/**
 * The same colours with shares that are each at least 0.01 % and sum to exactly 100.00 %, in the given proportions as
 * nearly as whole hundredths allow (largest remainder). Shares that cannot be read count as equal parts.
 */
export function normaliseShares(palette: readonly PaletteColour[]): PaletteColour[] {
  if (palette.length === 0) return [];
  const shares = palette.map(colour => parseShare(colour.ratio) ?? 0);
  const total = shares.reduce((sum, share) => sum + share, 0);
  const weights = total > 0 && shares.every(share => share > 0) ? shares : palette.map((_, i) => Math.max(shares[i] ?? 0, total / palette.length || 1));
  const weightSum = weights.reduce((sum, weight) => sum + weight, 0);
  const spare = 10000 - palette.length;
  const exact = weights.map(weight => (weight / weightSum) * spare);
  const whole = exact.map(Math.floor);
  const byRemainder = exact.map((value, index) => ({ index, rest: value - Math.floor(value) })).sort((a, b) => b.rest - a.rest);
  let left = spare - whole.reduce((sum, value) => sum + value, 0);
  for (const { index } of byRemainder) {
    if (left <= 0) break;
    whole[index] = (whole[index] ?? 0) + 1;
    left--;
  }
  return palette.map((colour, index) => ({ hex: colour.hex, ratio: formatShare((whole[index] ?? 0) + 1) }));
}
