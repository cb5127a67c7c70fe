import type { Reading } from '../reading.ts';
import { finding } from './rule.ts';
import type { Finding, Rule } from './rule.ts';

/** 4K and pixel sizes. A custom size makes the service ignore `resolution`, so 4K is judged only without one. */
export const sizeRules: readonly Rule[] = [
  {
    name: 'rule-04-4k-needs-pro',
    check: (reading) => when(asks4K(reading) && reading.isStandard, '4K needs wan2.7-image-pro.'),
  },
  {
    name: 'rule-05-4k-without-images',
    check: (reading) => when(asks4K(reading) && reading.images.length > 0, '4K is for text-to-image only.'),
  },
  {
    name: 'rule-06-4k-not-in-sets',
    check: (reading) => when(asks4K(reading) && reading.isSet, '4K cannot be used with enable_sequential.'),
  },
  { name: 'rule-19-custom-both', check: bothSidesAreGiven },
  { name: 'rule-24-custom-whole', check: sidesAreWhole },
  { name: 'rule-21-custom-side', check: sidesAreInRange },
  { name: 'rule-22-custom-area', check: areaIsInRange },
  { name: 'rule-23-custom-ratio', check: ratioIsInRange },
];

function when(isBroken: boolean, message: string): Finding | undefined {
  return isBroken ? finding('resolution', message) : undefined;
}

function asks4K({ fields, hasCustomSize }: Reading): boolean {
  return !hasCustomSize && fields['resolution'] === '4K';
}

/** 4096 for Pro text-to-image outside set mode, 2048 in every other case. */
function longestSide(reading: Reading): number {
  return reading.isStandard || reading.images.length > 0 || reading.isSet ? 2048 : 4096;
}

function givenSides({ fields, hasCustomSize }: Reading): { name: string; value: number }[] {
  if (!hasCustomSize) return [];
  return ['custom_width', 'custom_height'].flatMap((name) => {
    const value = fields[name];
    return typeof value === 'number' ? [{ name, value }] : [];
  });
}

function bothSidesAreGiven({ fields, hasCustomSize }: Reading): Finding | undefined {
  if (!hasCustomSize) return undefined;
  const missing = ['custom_width', 'custom_height'].find((name) => fields[name] === undefined);
  return missing === undefined ? undefined : finding(missing, `'${missing}' is required when use_custom_size is true.`);
}

function sidesAreWhole(reading: Reading): Finding | undefined {
  const broken = givenSides(reading).find(({ value }) => !Number.isInteger(value));
  return broken && finding(broken.name, `'${broken.name}' must be a whole number.`);
}

function sidesAreInRange(reading: Reading): Finding | undefined {
  const longest = longestSide(reading);
  const broken = givenSides(reading).find(({ value }) => value < 768 || value > longest);
  return broken && finding(broken.name, `'${broken.name}' must be from 768 to ${longest} for this request.`);
}

function areaIsInRange(reading: Reading): Finding | undefined {
  const [width, height] = givenSides(reading);
  if (width === undefined || height === undefined) return undefined;
  const area = width.value * height.value;
  if (area >= 768 ** 2 && area <= longestSide(reading) ** 2) return undefined;
  return finding(
    'custom_width',
    `The area must be from 768*768 to ${longestSide(reading)}*${longestSide(reading)} pixels.`,
  );
}

function ratioIsInRange(reading: Reading): Finding | undefined {
  const [width, height] = givenSides(reading);
  if (width === undefined || height === undefined) return undefined;
  if (width.value <= 8 * height.value && height.value <= 8 * width.value) return undefined;
  return finding('custom_width', 'The aspect ratio must be from 1:8 to 8:1.');
}
