import { type Case, goodCase } from './cases.ts';
import { damages } from './damages.ts';
import type { Pictures } from './pictures.ts';
import type { Random } from './random.ts';

const lots = Object.entries(damages).flatMap(([name, { share = 1 }]) =>
  Array<string>(Math.round(share * 4)).fill(name),
);

/** Half of all requests are good, most others have one thing wrong, and some have several. */
export function damagedOrGood(random: Random, pictures: Pictures): Case {
  const made = goodCase(random, pictures);
  const times = random.chance(0.45) ? 0 : random.chance(0.75) ? 1 : random.whole(2, 4);
  for (let left = times; left > 0; left--) {
    const name = random.pick(lots);
    damages[name]?.spoil(made, random, pictures);
    made.damages.push(name);
  }
  return made;
}
