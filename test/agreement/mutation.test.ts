import { beforeAll, describe, expect, test } from 'vitest';
import { shapeRules } from '../../src/core/preflight.ts';
import { rules } from '../../src/core/rules.ts';
import { ruleNames } from '../../src/simulator/validator.ts';
import type { Case } from './cases.ts';
import { counterparts, exceptions } from './counterparts.ts';
import { askCore, askSimulator, compare, type CoreVerdict, preflighted } from './judging.ts';
import { makePictures } from './pictures.ts';
import { damagedOrGood } from './population.ts';
import { Random } from './random.ts';
import { onlyOnTheWire, onlyTold } from './unreachable.ts';

const sample = process.env['WAN_FULL'] === '1' ? 6000 : 1500;

interface Judged {
  readonly made: Case;
  readonly body: unknown;
  readonly core: CoreVerdict;
  readonly simulator: readonly string[];
}
let judged: readonly Judged[] = [];

beforeAll(async () => {
  const pictures = await makePictures();
  const random = new Random(1_927);
  // One file of 20 MB serves as well as many, and takes its time.
  const cases = Array.from({ length: sample }, () => damagedOrGood(random, pictures)).filter(
    ({ damages }) => !damages.includes('imageHeavy'),
  );
  for (let tries = 0; tries < 100_000; tries++) {
    const made = damagedOrGood(random, pictures);
    if (made.damages.join() !== 'imageHeavy') continue;
    cases.push(made);
    break;
  }
  judged = cases.map((made) => {
    const { core, body } = preflighted(made);
    return { made, body, core, simulator: askSimulator(made, body) };
  });
});

/**
 * Runs the agreement with rules switched off, and answers with the names it turns red by: refusing rules, and exceptions
 * that nothing needs. A request that breaks several rules is told by the expected one of them where there is one.
 */
function redNames(
  off: { readonly core?: readonly string[]; readonly simulator?: readonly string[] },
  expected: readonly string[] = [],
): string[] {
  const used = new Map<string, number>();
  const disabled = new Set(off.simulator);
  const names = new Set<string>();
  for (const { made, body, core, simulator } of judged) {
    const mutatedCore = off.core ? askCore(made, (rule) => !off.core?.includes(rule)) : core;
    const mutatedSimulator = off.simulator ? askSimulator(made, body, disabled) : simulator;
    const red = compare(made, mutatedCore, mutatedSimulator, used)?.rules ?? [];
    const told = red.filter((name) => expected.includes(name));
    for (const name of told.length > 0 ? told : red) names.add(name);
  }
  return [...names, ...exceptions.flatMap(({ name }) => (used.has(name) ? [] : [name]))].toSorted();
}

/** Rules that a stricter one beside them implies; they are shown with that one switched off on both sides. */
const implied = new Set(['rule-22-custom-area', 'rule-23-custom-ratio']);
/** The names that tell of a rule of core: the rules of the simulator that refuse the same, and the exceptions made for it. */
const namesFor = (rule: string): string[] => [
  ...(counterparts[rule] ?? []),
  ...exceptions.flatMap((exception) => (exception.rule === rule ? [exception.name] : [])),
];

test('with every rule on, the sample agrees and needs every exception', () => {
  expect(redNames({})).toEqual([]);
});

describe('a rule of preflight that is switched off turns the agreement red by its name', () => {
  const names = [...rules.map(({ name }) => name), shapeRules.allowedValues];

  test.each(names.filter((name) => !onlyTold.has(name) && !implied.has(name)))('%s', (name) => {
    const red = redNames({ core: [name] });
    expect(red.length).toBeGreaterThan(0);
    expect(red.filter((other) => !namesFor(name).includes(other))).toEqual([]);
    // Rules that refuse more than on purpose are told by the other side's rule, not only by an exception that nothing needs any more.
    if (counterparts[name]) expect(red.some((other) => counterparts[name]?.includes(other))).toBe(true);
  });

  test.each([...onlyTold])('%s cannot: what it finds does not refuse, because it is %s', (name) => {
    expect(redNames({ core: [name] })).toEqual([]);
  });
});

describe('a rule of the simulator that is switched off turns the agreement red by its name', () => {
  const reachable = ruleNames().filter((name) => !onlyOnTheWire.has(name) && !implied.has(name));

  test.each(reachable)('%s', (name) => {
    const expected = Object.keys(counterparts).filter((core) => counterparts[core]?.includes(name));
    const red = redNames({ simulator: [name] }, expected);
    expect(red.length).toBeGreaterThan(0);
    expect(red.filter((other) => !expected.includes(other))).toEqual([]);
  });

  test.each([...onlyOnTheWire])('%s does not, because %s; wireDamage.test.ts shows it', (name) => {
    expect(redNames({ simulator: [name] })).toEqual([]);
  });
});

describe('rules that a stricter one implies', () => {
  const side = { core: 'rule-21-custom-side-range', simulator: 'rule-21-custom-side' };
  const area = 'rule-22-custom-area';
  const ratio = 'rule-23-custom-ratio';

  test('cannot be missed while that one is on', () => {
    for (const name of implied) expect([redNames({ core: [name] }), redNames({ simulator: [name] })]).toEqual([[], []]);
  });

  test('with sides of any length on both sides they still agree', () => {
    expect(redNames({ core: [side.core], simulator: [side.simulator] })).toEqual([]);
  });

  test.each([area, ratio])('with sides of any length, %s is missed on either side', (name) => {
    expect(redNames({ core: [side.core, name], simulator: [side.simulator] })).toEqual([name]);
    expect(redNames({ core: [side.core], simulator: [side.simulator, name] })).toEqual([name]);
  });
});
