import { colourNames } from './cssColourNames.ts';
import { fromOklab, hexOf, type Rgb } from './oklab.ts';

/**
 * The colour that CSS reads in these words, as #RRGGBB: hexadecimal digits, a name, rgb(), hsl(), hwb(), oklch() or
 * oklab(). Undefined for what is none of these, and for a colour that cannot be seen at all; one that is seen through
 * counts as if it were not.
 */
export function cssColour(words: string): string | undefined {
  const text = words.trim().toLowerCase();
  if (text.startsWith('#')) return hexColour(text.slice(1));
  const named = Object.hasOwn(colourNames, text) ? colourNames[text] : undefined;
  if (named !== undefined) return `#${named.toUpperCase()}`;
  const [, kind, inside] = /^([a-z]+)\(([^()]{1,200})\)$/.exec(text) ?? [];
  return kind === undefined || inside === undefined ? undefined : functionColour(kind, inside);
}

/** The colour of three numbers as they stand alone in a custom property, such as `222.2 47.4% 11.2%`: hue, saturation, lightness. */
export const bareHsl = (words: string): string | undefined => functionColour('hsl', words);

function hexColour(digits: string): string | undefined {
  if (!/^([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/.test(digits)) return undefined;
  const long = digits.length < 6 ? [...digits].map((digit) => digit + digit).join('') : digits;
  return long.slice(6) === '00' ? undefined : `#${long.slice(0, 6).toUpperCase()}`;
}

function functionColour(kind: string, inside: string): string | undefined {
  const parts = inside.trim().split(/\s*[\s,/]\s*/);
  if (parts.length < 3 || parts.length > 4) return undefined;
  const [first = '', second = '', third = '', alpha] = parts;
  if (alpha !== undefined && !(number(alpha, 1) > 0)) return undefined;
  const rgb = rgbOf(kind, [first, second, third]);
  return rgb && [rgb.red, rgb.green, rgb.blue].every(Number.isFinite) ? hexOf(rgb) : undefined;
}

type Parts = readonly [first: string, second: string, third: string];

function rgbOf(kind: string, [first, second, third]: Parts): Rgb | undefined {
  switch (kind) {
    case 'rgb':
    case 'rgba':
      return { red: number(first, 255), green: number(second, 255), blue: number(third, 255) };
    case 'hsl':
    case 'hsla':
      return fromHsl(degrees(first), share(second), share(third));
    case 'hwb':
      return fromHwb(degrees(first), share(second), share(third));
    case 'oklab':
      return fromOklab([unit(number(first, 1)), number(second, 0.4), number(third, 0.4)]);
    case 'oklch': {
      const [chroma, hue] = [Math.max(0, number(second, 0.4)), (degrees(third) * Math.PI) / 180];
      return fromOklab([unit(number(first, 1)), chroma * Math.cos(hue), chroma * Math.sin(hue)]);
    }
    default:
      return undefined;
  }
}

/** A number as it stands, or a percentage of `whole`; NaN for anything else. */
function number(text: string, whole: number): number {
  if (text === 'none') return 0;
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?%?$/.test(text)) return Number.NaN;
  return text.endsWith('%') ? (Number(text.slice(0, -1)) * whole) / 100 : Number(text);
}

/** Saturation, lightness and their like as 0 to 1; hundredths with a percent sign or without. */
const share = (text: string): number => unit(number(text, 100) / 100);
const unit = (value: number): number => Math.min(1, Math.max(0, value));

const turns = { deg: 1, grad: 0.9, rad: 180 / Math.PI, turn: 360 } as const;

function degrees(text: string): number {
  const [, amount = text, name] = /^(.*?)(deg|grad|rad|turn)$/.exec(text) ?? [];
  return name === undefined ? number(text, Number.NaN) : number(amount, Number.NaN) * turns[name as keyof typeof turns];
}

function fromHsl(hue: number, saturation: number, lightness: number): Rgb {
  const reach = saturation * Math.min(lightness, 1 - lightness);
  const channel = (offset: number): number => {
    const at = (((offset + hue / 30) % 12) + 12) % 12;
    return 255 * (lightness - reach * Math.max(-1, Math.min(at - 3, 9 - at, 1)));
  };
  return { red: channel(0), green: channel(8), blue: channel(4) };
}

function fromHwb(hue: number, white: number, black: number): Rgb {
  const sum = white + black;
  const grey = (255 * white) / sum;
  if (sum >= 1) return { red: grey, green: grey, blue: grey };
  const pure = fromHsl(hue, 1, 0.5);
  const channel = (value: number): number => value * (1 - sum) + 255 * white;
  return { red: channel(pure.red), green: channel(pure.green), blue: channel(pure.blue) };
}
