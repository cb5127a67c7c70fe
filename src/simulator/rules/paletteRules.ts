import type { Reading } from '../reading.ts';
import { finding } from './rule.ts';
import type { Finding, Rule } from './rule.ts';

/** Set mode disables the palette, so that there only its JSON type is judged. */
export const paletteRules: readonly Rule[] = [
  {
    name: 'rule-14-palette-string',
    check: (reading) => (reading.palette.state === 'not-a-string' ? wrong('must be a JSON string') : undefined),
  },
  { name: 'rule-14-palette-json', check: paletteIsAList },
  { name: 'rule-11-palette-count', check: hasThreeToTenEntries },
  {
    name: 'rule-12-palette-hex',
    check: (reading) => findEntry(reading, (entry) => !isHex(entry['hex']), "needs a 'hex' like #C2D1E6"),
  },
  {
    name: 'rule-13-palette-ratio',
    check: (reading) =>
      findEntry(reading, (entry) => hundredths(entry['ratio']) === undefined, "needs a 'ratio' like 25.00%"),
  },
  {
    name: 'rule-13-palette-zero',
    check: (reading) =>
      findEntry(reading, (entry) => hundredths(entry['ratio']) === 0, 'must not have the ratio 0.00%'),
  },
  { name: 'rule-13-palette-sum', check: sharesAddUp },
];

/** The ratio in hundredths of a percent, so that sums are exact; undefined when it is not written with two decimals and a percent sign. */
export function hundredths(ratio: unknown): number | undefined {
  if (typeof ratio !== 'string' || !/^\d{1,3}\.\d{2}%$/.test(ratio)) return undefined;
  return Number(ratio.replace(/[.%]/g, ''));
}

/** The palette's entries as far as they are objects; empty where the palette is absent, broken or switched off by set mode. */
export function paletteEntries({ isSet, palette }: Reading): Record<string, unknown>[] {
  if (isSet || palette.state !== 'read' || !Array.isArray(palette.value)) return [];
  return palette.value.filter(
    (entry): entry is Record<string, unknown> => typeof entry === 'object' && entry !== null && !Array.isArray(entry),
  );
}

export function isHex(value: unknown): value is string {
  return typeof value === 'string' && /^#[0-9A-Fa-f]{6}$/.test(value);
}

function wrong(what: string): Finding {
  return finding('color_palette', `'color_palette' ${what}.`);
}

function paletteIsAList(reading: Reading): Finding | undefined {
  const { isSet, palette } = reading;
  if (isSet || palette.state === 'absent' || palette.state === 'not-a-string') return undefined;
  if (palette.state === 'not-json' || !Array.isArray(palette.value)) return wrong('must hold a JSON array');
  const entries = paletteEntries(reading);
  const isClean =
    entries.length === palette.value.length &&
    entries.every((entry) => Object.keys(entry).every((key) => key === 'hex' || key === 'ratio'));
  return isClean ? undefined : wrong('must hold objects with hex and ratio only');
}

function hasThreeToTenEntries({ isSet, palette }: Reading): Finding | undefined {
  if (isSet || palette.state !== 'read' || !Array.isArray(palette.value)) return undefined;
  const count = palette.value.length;
  return count >= 3 && count <= 10 ? undefined : wrong('must have 3 to 10 entries');
}

function findEntry(
  reading: Reading,
  isBroken: (entry: Record<string, unknown>) => boolean,
  what: string,
): Finding | undefined {
  const index = paletteEntries(reading).findIndex(isBroken);
  return index < 0 ? undefined : wrong(`entry ${index + 1} ${what}`);
}

function sharesAddUp(reading: Reading): Finding | undefined {
  const shares = paletteEntries(reading).map((entry) => hundredths(entry['ratio']));
  if (shares.length === 0) return undefined;
  let sum = 0;
  for (const share of shares) {
    // A ratio that cannot be read is another rule's business.
    if (share === undefined) return undefined;
    sum += share;
  }
  return sum === 10_000 ? undefined : wrong('must have ratios that add up to 100.00%');
}
