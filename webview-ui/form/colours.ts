import { formatShare, normaliseShares, parseShare } from '../../src/core/palette.ts';
import type { PaletteColour } from '../../src/core/request.ts';

type Palette = readonly PaletteColour[];

/** A calm palette to begin with. */
export const startingPalette: Palette = [
  { hex: '#1F3A5F', ratio: '40.00%' },
  { hex: '#6C8EAD', ratio: '25.00%' },
  { hex: '#F2E8D5', ratio: '25.00%' },
  { hex: '#D9823B', ratio: '10.00%' },
];

const furtherColours = [
  '#7A9E7E',
  '#8C5E58',
  '#E6B89C',
  '#4A4E69',
  '#9AD1D4',
  '#C44536',
  '#F4D35E',
  '#2F3E46',
  '#B8B8D1',
  '#EE964B',
];

/** The palette with one colour more; the others make room for it in proportion. */
export function addColour(palette: Palette): PaletteColour[] {
  const used = new Set(palette.map((colour) => colour.hex.toUpperCase()));
  const hex = furtherColours.find((colour) => !used.has(colour)) ?? '#808080';
  const total = palette.reduce((sum, colour) => sum + (parseShare(colour.ratio) ?? 0), 0);
  const share = Math.max(1, Math.round((total || 10000) / Math.max(1, palette.length)));
  return normaliseShares([...palette, { hex, ratio: formatShare(share) }]);
}

/** The palette without one colour; the others take its share in proportion. */
export function removeColour(palette: Palette, index: number): PaletteColour[] {
  return normaliseShares(palette.filter((_, at) => at !== index));
}

/** The palette with one colour changed. */
export function changeColour(palette: Palette, index: number, change: Partial<PaletteColour>): PaletteColour[] {
  return palette.map((colour, at) => (at === index ? { ...colour, ...change } : colour));
}

/** What is typed as a percentage, as the service writes it: "25" is "25.00%". What is no number stays as typed. */
export function shareFromTyped(typed: string): string {
  const percent = Number(typed);
  return typed.trim() === '' || !Number.isFinite(percent) || percent < 0
    ? typed
    : formatShare(Math.round(percent * 100));
}

/** A share without its sign, as it is typed: "25.00%" is "25". */
export function typedFromShare(ratio: string): string {
  const share = parseShare(ratio);
  return share === undefined ? ratio : String(share / 100);
}

/** The sum of all readable shares, such as "100.00%". */
export function sumOfShares(palette: Palette): string {
  return formatShare(palette.reduce((sum, colour) => sum + (parseShare(colour.ratio) ?? 0), 0));
}
