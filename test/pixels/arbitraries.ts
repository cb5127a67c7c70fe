import * as fc from 'fast-check';
import type { Mutation, Sample } from './samples.ts';

export const mutations: fc.Arbitrary<Mutation[]> = fc.array(
  fc.record({
    kind: fc.constantFrom('set', 'set', 'cut', 'insert'),
    // Not fc.double, which prefers numbers next to zero.
    where: fc.nat(0xffff).map((value) => value / 0x10000),
    early: fc.boolean(),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 6 }),
  }),
  { minLength: 1, maxLength: 3 },
);

export function oneOf(samples: readonly Sample[]): fc.Arbitrary<Sample> {
  return fc.constantFrom(...samples);
}
