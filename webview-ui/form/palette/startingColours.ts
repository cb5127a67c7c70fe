import { withColour } from '../../../src/core/paletteShares.ts';
import type { PaletteColour } from '../../../src/core/request.ts';

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

/** The palette with one more colour of our own that is not in it yet. */
export function withFurtherColour(palette: Palette, locked: readonly boolean[]): PaletteColour[] {
  const used = new Set(palette.map(({ hex }) => hex.toUpperCase()));
  return withColour(palette, furtherColours.find((hex) => !used.has(hex)) ?? '#808080', locked);
}
