import { hexOf, type Oklab, toOklab } from '../core/oklab.ts';
import type { Raster } from './raster.ts';

/** A colour that a picture has much of. */
export interface DominantColour {
  /** #RRGGBB */
  readonly hex: string;
  /** Its part of the picture, 0 to 1; those of all that are answered sum to 1. */
  readonly share: number;
}

/** Pixels that look nearly alike: their number, and the sums of their channels. */
interface Group {
  count: number;
  red: number;
  green: number;
  blue: number;
  lab: Oklab;
}

/** Bits of each channel by which pixels are gathered first. */
const bits = 5;
const rounds = 12;
/** Colours nearer to each other than this, in OKLab, are one. */
const alike = 0.05;
/** What is less of the picture than this is left out. */
const leastShare = 0.003;

/**
 * The colours that make up most of a picture, those it has most of first. The same picture gives the same colours. Meant
 * for a small copy: takes time for each pixel.
 */
export function dominantColours(raster: Raster, most: number): DominantColour[] {
  const groups = gathered(raster);
  let centres = firstCentres(groups, most);
  let clusters: Group[] = [];
  for (let round = 0; round < rounds && groups.length > 0; round++) {
    clusters = clustered(groups, centres);
    centres = clusters.map(({ lab }) => lab);
  }
  const kept = withoutTwins(clusters);
  const total = kept.reduce((sum, { count }) => sum + count, 0);
  const large = kept.filter(({ count }) => count / total >= leastShare);
  const whole = large.reduce((sum, { count }) => sum + count, 0);
  return large.map((group) => ({ hex: hexOf(meanOf(group)), share: group.count / whole }));
}

/** Pixels that can be seen, gathered by their nearly equal values. */
function gathered({ data, channels }: Raster): Group[] {
  const groups = new Map<number, Group>();
  for (let at = 0; at + channels <= data.length; at += channels) {
    const [red = 0, green = 0, blue = 0, alpha = 255] = data.subarray(at, at + channels);
    if (alpha < 128) continue;
    const shift = 8 - bits;
    const key = (((red >> shift) << (2 * bits)) | ((green >> shift) << bits) | (blue >> shift)) >>> 0;
    const group = groups.get(key);
    if (group) add(group, { count: 1, red, green, blue });
    else groups.set(key, { count: 1, red, green, blue, lab: [0, 0, 0] });
  }
  for (const group of groups.values()) group.lab = toOklab(meanOf(group));
  return [...groups.values()].sort((one, other) => other.count - one.count);
}

type Sums = Omit<Group, 'lab'>;

function add(group: Sums, { count, red, green, blue }: Sums): void {
  group.count += count;
  group.red += red;
  group.green += green;
  group.blue += blue;
}

const meanOf = ({ count, red, green, blue }: Sums) => ({
  red: red / count,
  green: green / count,
  blue: blue / count,
});

/** The commonest colour, then those that are common and far from all before. */
function firstCentres(groups: readonly Group[], most: number): Oklab[] {
  const centres: Oklab[] = groups.slice(0, 1).map(({ lab }) => lab);
  const nearest = groups.map(({ lab }) => (centres[0] ? distance(lab, centres[0]) : 0));
  while (centres.length < most) {
    const merits = groups.map(({ count }, index) => Math.sqrt(count) * (nearest[index] ?? 0));
    const best = merits.indexOf(Math.max(...merits));
    const chosen = groups[best];
    if (!chosen || (nearest[best] ?? 0) < alike) break;
    centres.push(chosen.lab);
    for (const [index, { lab }] of groups.entries())
      nearest[index] = Math.min(nearest[index] ?? 0, distance(lab, chosen.lab));
  }
  return centres;
}

/** Each group at the centre that is nearest to it; a centre that nothing is near to is gone. */
function clustered(groups: readonly Group[], centres: readonly Oklab[]): Group[] {
  const clusters = centres.map((): Group => ({ count: 0, red: 0, green: 0, blue: 0, lab: [0, 0, 0] }));
  for (const group of groups) {
    const distances = centres.map((centre) => distance(group.lab, centre));
    const nearest = clusters[distances.indexOf(Math.min(...distances))];
    if (nearest) add(nearest, group);
  }
  const used = clusters.filter(({ count }) => count > 0);
  for (const cluster of used) cluster.lab = toOklab(meanOf(cluster));
  return used;
}

/** Clusters that look alike become one; the largest first. */
function withoutTwins(clusters: readonly Group[]): Group[] {
  const kept: Group[] = [];
  for (const cluster of clusters.toSorted((one, other) => other.count - one.count)) {
    const twin = kept.find(({ lab }) => distance(lab, cluster.lab) < alike);
    if (twin) add(twin, cluster);
    else kept.push({ ...cluster });
  }
  return kept.sort((one, other) => other.count - one.count);
}

function distance(one: Oklab, other: Oklab): number {
  return Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]);
}
