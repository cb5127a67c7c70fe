import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { nothingKnown } from '../../src/core/knownService.ts';
import { ServiceFacts } from '../../src/host/check/serviceFacts.ts';

const here = 'https://service.example';
const there = 'https://other.example/v2';

function facts(stored?: unknown) {
  let value = stored;
  let address: string | undefined = here;
  let changes = 0;
  const parts = {
    memento: {
      get: () => value,
      update: (_: string, changed: unknown) => {
        value = JSON.parse(JSON.stringify(changed));
        return Promise.resolve();
      },
    } as unknown as ConstructorParameters<typeof ServiceFacts>[0]['memento'],
    address: () => address,
    changed: () => void changes++,
  };
  return {
    facts: new ServiceFacts(parts),
    go: (to: string | undefined) => (address = to),
    stored: () => value,
    changes: () => changes,
  };
}

test('what was found out counts for its own address, over a restart, and nowhere else', async () => {
  const one = facts();
  await one.facts.remember(here, {
    prices: { at: 1, 'wan2.7-image': 40 },
    inline: { at: 2, answer: 'refused' },
    boxForm: { at: 2, answer: 'perImage' },
  });
  const known = {
    prices: { 'wan2.7-image-pro': 75, 'wan2.7-image': 40 },
    refusesInline: true,
    boxForm: 'perImage',
  };
  expect(one.facts.known).toEqual(known);
  expect(one.changes()).toBe(1);
  const next = facts(one.stored());
  expect(next.facts.known).toEqual(known);
  for (const address of [there, undefined]) {
    next.go(address);
    expect(next.facts.known).toEqual(nothingKnown);
  }
});

test('a later check takes the place of what it has asked, and of nothing else', async () => {
  const { facts: one } = facts();
  await one.remember(here, { prices: { at: 1, 'wan2.7-image': 40 }, inline: { at: 1, answer: 'refused' } });
  await one.remember(there, { boxForm: { at: 1, answer: 'literal' } });
  await one.remember(here, { prices: undefined });
  expect(one.found(here)).toEqual({ inline: { at: 1, answer: 'refused' } });
  expect(one.found(there)).toEqual({ boxForm: { at: 1, answer: 'literal' } });
  await one.forget(here);
  expect(one.found(here)).toEqual({});
  expect(one.found(there)).toEqual({ boxForm: { at: 1, answer: 'literal' } });
});

test.each([
  ['a price of nothing', { prices: { at: 1, 'wan2.7-image': 0 } }],
  ['a price below nothing', { prices: { at: 1, 'wan2.7-image': -5 } }],
  ['a price that is no whole number', { prices: { at: 1, 'wan2.7-image': 0.5 } }],
  ['a price beyond all measure', { prices: { at: 1, 'wan2.7-image': 1e9 } }],
  ['an answer that does not exist', { inline: { at: 1, answer: 'perhaps' } }],
  ['a thing that does not exist', { mood: 'good' }],
  ['no object', 'refused'],
])('a damaged memory counts as none: %s', async (_, entry) => {
  const damaged = facts({ [here]: entry, [there]: { inline: { at: 1, answer: 'refused' } } });
  expect(damaged.facts.known).toEqual(nothingKnown);
  damaged.go(there);
  expect(damaged.facts.known.refusesInline).toBe(true);
});

test('whatever is stored, prices are whole, above nothing, and those of the page where there is nothing better', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      for (const stored of [value, { [here]: value }, { [here]: { prices: value } }]) {
        const { prices } = facts(stored).facts.known;
        for (const price of Object.values(prices)) expect(Number.isInteger(price) && price > 0).toBe(true);
      }
    }),
  );
});
