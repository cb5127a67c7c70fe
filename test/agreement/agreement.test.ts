import { beforeAll, describe, expect, test } from 'vitest';
import { shapeRules } from '../../src/core/preflight.ts';
import { rules } from '../../src/core/rules.ts';
import { ruleNames } from '../../src/simulator/validator.ts';
import { counterparts, exceptions } from './counterparts.ts';
import { askSimulator, compare, type Disagreement, preflighted } from './judging.ts';
import { damagedOrGood } from './population.ts';
import { makePictures } from './pictures.ts';
import { Random } from './random.ts';
import { onlyOnTheWire, onlyTold } from './unreachable.ts';

const requests = process.env['WAN_FULL'] === '1' ? 100_000 : 20_000;
const leastHits = 100;

/** What came of one run over the whole population. */
const seen = {
  accepted: 0,
  core: new Map<string, number>(),
  simulator: new Map<string, number>(),
  exceptions: new Map<string, number>(),
  disagreements: [] as Disagreement[],
};

beforeAll(async () => {
  const pictures = await makePictures();
  const random = new Random(20_270_105);
  for (let made = 0; made < requests; made++) {
    const one = damagedOrGood(random, pictures);
    const { core, body } = preflighted(one);
    const simulator = askSimulator(one, body);
    if (core.refusing.length === 0 && simulator.length === 0) seen.accepted += 1;
    for (const rule of new Set(core.refusing.map(({ rule }) => rule))) count(seen.core, rule);
    for (const rule of simulator) count(seen.simulator, rule);
    const disagreement = compare(one, core, simulator, seen.exceptions);
    if (disagreement) seen.disagreements.push(disagreement);
  }
});

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

test('preflight and the simulator agree on every request, both ways, but for the named exceptions', () => {
  const told = seen.disagreements
    .slice(0, 10)
    .map(
      ({ accepted, rules: names, made }) =>
        `${accepted} accepts what the other refuses by ${names.join(', ')}: ${made.damages.join('+') || 'nothing'} done to ${JSON.stringify(made.request).slice(0, 400)}`,
    );
  expect(told).toEqual([]);
  expect(seen.disagreements).toHaveLength(0);
});

test('at least two in five requests are good, and every rule of both sides is broken a hundred times', () => {
  const lines = (counts: Map<string, number>): string =>
    [...counts]
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([name, times]) => `  ${String(times).padStart(6)} ${name}`)
      .join('\n');
  console.log(
    `${requests} requests, ${seen.accepted} accepted by both (${((100 * seen.accepted) / requests).toFixed(1)} %)\nrefused by preflight:\n${lines(seen.core)}\nrefused by the simulator:\n${lines(seen.simulator)}\nexceptions used:\n${lines(seen.exceptions)}`,
  );
  expect(seen.accepted / requests).toBeGreaterThanOrEqual(0.4);
  const rare = (names: readonly string[], counts: Map<string, number>): string[] =>
    names.filter((name) => (counts.get(name) ?? 0) < leastHits).map((name) => `${name}: ${counts.get(name) ?? 0}`);
  expect(
    rare(
      [...rules.map(({ name }) => name), ...Object.values(shapeRules)].filter((name) => !onlyTold.has(name)),
      seen.core,
    ),
  ).toEqual([]);
  expect(
    rare(
      ruleNames().filter((name) => !onlyOnTheWire.has(name)),
      seen.simulator,
    ),
  ).toEqual([]);
});

describe('exceptions', () => {
  test.each(exceptions.map(({ name, reason }) => [name, reason] as const))(
    '%s is needed, and only one way: %s',
    (name) => {
      // `compare` grants an exception only where core refuses and the simulator does not.
      expect(seen.exceptions.get(name) ?? 0).toBeGreaterThanOrEqual(20);
    },
  );
});

describe('no rule is forgotten', () => {
  test('every rule of core has a counterpart, is an exception, or only tells', () => {
    const known = new Set([...Object.keys(counterparts), ...exceptions.map(({ rule }) => rule), ...onlyTold.keys()]);
    expect([...rules.map(({ name }) => name), ...Object.values(shapeRules)].filter((name) => !known.has(name))).toEqual(
      [],
    );
    expect(
      [...known].filter((name) => ![...rules.map((rule) => rule.name), ...Object.values(shapeRules)].includes(name)),
    ).toEqual([]);
  });

  test('every rule of the simulator has a counterpart or is about what only a stranger sends', () => {
    const known = new Set([...Object.values(counterparts).flat(), ...onlyOnTheWire.keys()]);
    expect(ruleNames().filter((name) => !known.has(name))).toEqual([]);
    expect([...known].filter((name) => !ruleNames().includes(name))).toEqual([]);
  });
});
