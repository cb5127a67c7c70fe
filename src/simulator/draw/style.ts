import { blend, brightness, fromHex } from './colour.ts';
import type { Colour } from './colour.ts';
import { hashNumbers } from './random.ts';

export type Motif = 'hills' | 'peaks' | 'forest' | 'city' | 'waves' | 'dunes';

/** How a picture looks, apart from its shapes: the pictures of a set share one style. */
export interface Style {
  motif: Motif;
  skyTop: Colour;
  skyBottom: Colour;
  sun: Colour;
  /** From the farthest ridge to the nearest. */
  ridges: readonly Colour[];
  /** Each band's part of the area, sky first, adding up to 1; undefined lets the ridges fall freely. */
  shares: readonly number[] | undefined;
  isNight: boolean;
}

interface Scheme {
  words: RegExp;
  motifs: readonly Motif[];
  /** Sky top, sky bottom, sun, far ridge, near ridge. */
  colours: readonly [string, string, string, string, string];
  isNight?: boolean;
}

const schemes: readonly Scheme[] = [
  {
    words: /forest|tree|wood|jungle|green/i,
    motifs: ['forest'],
    colours: ['#8fb8b0', '#e9efdc', '#fdf6d8', '#9dbfa8', '#123c33'],
  },
  {
    words: /city|street|skyline|building|office|app|code/i,
    motifs: ['city'],
    colours: ['#37427c', '#f2a48d', '#ffe3b0', '#a5739a', '#1c1d3d'],
  },
  {
    words: /sea|ocean|water|wave|beach|lake|boat|ship/i,
    motifs: ['waves'],
    colours: ['#5fb3dc', '#e7f4ea', '#fff6cf', '#6fb8c9', '#0b3f66'],
  },
  {
    words: /desert|sand|dune|camel/i,
    motifs: ['dunes'],
    colours: ['#f4b07a', '#fde7c1', '#fffbe8', '#e6b27c', '#83402f'],
  },
  {
    words: /mountain|snow|ice|winter|alp/i,
    motifs: ['peaks'],
    colours: ['#7fa7d6', '#eaf2fb', '#ffffff', '#b5cbe4', '#26405f'],
  },
  {
    words: /night|moon|star|space|dark/i,
    motifs: ['peaks', 'hills', 'city'],
    colours: ['#0b1030', '#3c3a77', '#f4f1d6', '#4a4783', '#080b20'],
    isNight: true,
  },
  {
    words: /sunset|dusk|evening|autumn|fox/i,
    motifs: ['hills', 'forest', 'peaks'],
    colours: ['#553a7a', '#fb9a63', '#ffe9a8', '#c26a6f', '#2b1838'],
  },
  {
    words: /dawn|morning|mist|spring|flower/i,
    motifs: ['hills', 'forest', 'waves'],
    colours: ['#a9b7e8', '#fbdcd0', '#fff4d9', '#c9aec8', '#3f3563'],
  },
  {
    words: /summer|meadow|farm|dog|cat/i,
    motifs: ['hills'],
    colours: ['#66b7ea', '#e4f6ee', '#fff2b8', '#a7d08c', '#1f5f3b'],
  },
];

/** Chooses a look by the words of the prompt and, where several fit or none does, by the seed. */
export function styleFor(prompt: string, hash: number): Style {
  const fitting = schemes.filter(({ words }) => words.test(prompt));
  const scheme = pick(fitting.length > 0 ? fitting : schemes, hashNumbers(hash, 1));
  // "A forest at dawn" may have dawn's colours, and has the forest's shapes in any case.
  const motifs = (fitting.find((candidate) => candidate.motifs.length === 1) ?? scheme).motifs;
  const [skyTop, skyBottom, sun, far, near] = scheme.colours.map((hex) => shifted(fromHex(hex), hash));
  const count = 5;
  const ridges = Array.from({ length: count }, (_, index) => blend(far ?? black, near ?? black, index / (count - 1)));
  return {
    motif: pick(motifs, hashNumbers(hash, 2)),
    skyTop: skyTop ?? black,
    skyBottom: skyBottom ?? black,
    sun: sun ?? black,
    ridges,
    shares: undefined,
    isNight: scheme.isNight === true,
  };
}

/** A look of exactly these colours, each on its own share of the area: the brightest is the sky, the darkest stands in front. */
export function styleOfPalette(palette: readonly { hex: string; share: number }[], hash: number): Style {
  const sorted = palette.map(({ hex, share }) => ({ colour: fromHex(hex), share: share / 10_000 }));
  sorted.sort((one, other) => brightness(other.colour) - brightness(one.colour));
  const colours = sorted.map(({ colour }) => colour);
  const sky = colours[0] ?? black;
  const motifs: readonly Motif[] = ['hills', 'peaks', 'waves', 'dunes'];
  return {
    motif: pick(motifs, hashNumbers(hash, 2)),
    skyTop: sky,
    skyBottom: sky,
    sun: colours[1] ?? sky,
    ridges: colours.slice(1),
    shares: sorted.map(({ share }) => share),
    isNight: false,
  };
}

const black: Colour = [0, 0, 0];

function pick<T>(list: readonly T[], hash: number): T {
  const item = list[hash % list.length];
  if (item === undefined) throw new RangeError('nothing to choose from');
  return item;
}

/** Nudges a colour by the seed, so that two pictures of one scheme still differ as a whole. */
function shifted(colour: Colour, hash: number): Colour {
  const [red, green, blue] = colour.map((value, channel) => {
    const nudge = (hashNumbers(hash, 3, channel) % 29) - 14;
    return Math.min(255, Math.max(0, value + nudge));
  });
  return [red ?? 0, green ?? 0, blue ?? 0];
}
