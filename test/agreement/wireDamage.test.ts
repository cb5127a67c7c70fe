import { beforeAll, describe, expect, test } from 'vitest';
import { refusals, ruleNames, validate } from '../../src/simulator/validator.ts';
import { goodCase } from './cases.ts';
import { askSimulator, preflighted } from './judging.ts';
import { makePictures, type Pictures } from './pictures.ts';
import { Random } from './random.ts';
import { onlyOnTheWire } from './unreachable.ts';
import { type Body, wireDamages } from './wireDamages.ts';

const times = process.env['WAN_FULL'] === '1' ? 1000 : 110;
let pictures: Pictures;
beforeAll(async () => {
  pictures = await makePictures();
});

/** Bodies of good requests, each damaged in that way; also with rules of the simulator switched off. */
function damagedBodies(
  name: string,
  random: Random,
): { body: Body; accepts: (disabledRules?: ReadonlySet<string>) => boolean }[] {
  const { spoil, options } = wireDamages[name]!;
  const made: ReturnType<typeof damagedBodies> = [];
  while (made.length < times) {
    const one = goodCase(random, pictures);
    const good = preflighted(one).body;
    if (askSimulator(one, good).length > 0) throw new Error('the body was not good');
    const body = JSON.parse(JSON.stringify(good)) as Body;
    if (!spoil(body, random)) continue;
    made.push({
      body,
      accepts: (disabledRules) => refusals(body, { ...options, ...(disabledRules && { disabledRules }) }).length === 0,
    });
  }
  return made;
}

describe('what no request of ours can make is refused by its rule', () => {
  test.each(Object.entries(wireDamages).map(([name, { rule }]) => [name, rule] as const))('%s: %s', (name, rule) => {
    const { options } = wireDamages[name]!;
    for (const { body } of damagedBodies(name, new Random(27))) {
      const [first, ...rest] = refusals(body, options);
      expect([first?.rule, ...rest.map((other) => other.rule)], JSON.stringify(body).slice(0, 600)).toContain(rule);
      const verdict = validate(body, options);
      expect(verdict.ok ? 'accepted' : verdict.rule).toBe(first?.rule);
      expect(first?.status).toBeGreaterThanOrEqual(400);
      expect(first?.message).not.toMatch(/undefined|\[object/);
    }
  });

  test.each([null, undefined, 5, 'a cat', true, [], [{ model: 'wan2-7-image' }]])('a body that is %j', (body) => {
    expect(refusals(body).map(({ rule }) => rule)).toEqual(['body-object']);
  });
});

describe('switching off a rule that only a stranger breaks lets such a body in', () => {
  const broken = [...new Set(Object.values(wireDamages).map(({ rule }) => rule))];

  test.each(broken)('%s', (rule) => {
    const random = new Random(7);
    const names = Object.keys(wireDamages).filter((name) => wireDamages[name]?.rule === rule);
    const letIn = names
      .flatMap((name) => damagedBodies(name, random))
      .filter(({ accepts }) => accepts(new Set([rule])));
    expect(letIn.length).toBeGreaterThan(0);
  });

  test('all of them are among these', () => {
    expect([...onlyOnTheWire.keys()].filter((rule) => !broken.includes(rule))).toEqual([]);
    expect(broken.filter((rule) => !ruleNames().includes(rule))).toEqual([]);
  });
});

describe('what is harmless stays accepted', () => {
  test.each<[string, Body]>([
    ['sync, a field of the platform', { sync: true }],
    ['an empty list of images', { image: [] }],
    ['no boxes, as the page writes it', { bbox_list: '[]' }],
    ['thinking with Standard', { model_variant: 'wan2.7-image', thinking_mode: true }],
    ['a set size outside a set', { num_images_set: 99 }],
    ['custom sides without use_custom_size', { custom_width: 5, custom_height: 1e6 }],
    [
      'a preset that a custom size overrides',
      { use_custom_size: true, custom_width: 800, custom_height: 800, resolution: '4K', model_variant: 'wan2.7-image' },
    ],
    [
      'a palette that a set disables',
      { enable_sequential: true, color_palette: '[{"hex":"#C2D1E6","ratio":"60.00%"}]' },
    ],
    ['one empty list for one image', { image: ['https://example.com/a.png'], bbox_list: '[[]]' }],
    [
      "the dossier's example for three images",
      {
        image: Array(3).fill('https://example.com/a.png'),
        bbox_list: '[[[0,0,12,12],[25,25,100,100]],[],[[10,10,50,50]]]',
      },
    ],
  ])('%s', (_, fields) => {
    expect(refusals({ model: 'wan2-7-image', prompt: 'a cat', ...fields })).toEqual([]);
  });
});
