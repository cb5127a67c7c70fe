import { Ajv } from 'ajv';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  CheckRequestInput,
  DescribeImageInput,
  EditRegionInput,
  GenerateImageInput,
  GenerateSetInput,
} from '../../src/core/agentTools.ts';
import manifest from '../../package.json' with { type: 'json' };

/** What VS Code shows a model is in the manifest; what is read of its answer is the schema it was made from. */
const schemas = {
  wanImage_generateImage: GenerateImageInput,
  wanImage_editRegion: EditRegionInput,
  wanImage_generateSet: GenerateSetInput,
  wanImage_checkRequest: CheckRequestInput,
  wanImage_describeImage: DescribeImageInput,
} as const;
type Tool = keyof typeof schemas;

// An independent reader of JSON schemas, which takes no keyword that it does not know.
const ajv = new Ajv({ strict: true, allErrors: true });
const shown = new Map(
  manifest.contributes.languageModelTools.map(({ name, inputSchema }) => [name, ajv.compile(inputSchema)]),
);

/** Whether each takes an input: the schema that models see, and the one that reads what they write. */
function verdicts(tool: Tool, input: unknown): [boolean | undefined, boolean] {
  return [shown.get(tool)?.(input), schemas[tool].safeParse(input).success];
}

const image = { prompt: 'A fox', path: 'images/fox.png' };
const edit = { ...image, image: 'a.png' };
const set = { prompt: 'Icons', pictures: ['a door', 'a key'], folder: 'icons', name: 'step' };
const box = { x1: 0, y1: 0, x2: 10, y2: 10 };
const long = (length: number): string => 'a'.repeat(length);

const taken: readonly (readonly [Tool, unknown])[] = [
  ['wanImage_generateImage', image],
  [
    'wanImage_generateImage',
    {
      ...image,
      count: 4,
      model: 'standard',
      ratio: '1:1',
      resolution: '4K',
      seed: 0,
      thinking: false,
      palette: ['#000000', '#ffffff', '#A0b1C2'],
      size: { width: 1024, height: 768 },
    },
  ],
  ['wanImage_generateImage', { ...image, prompt: long(5000), path: long(500), seed: 2147483647 }],
  ['wanImage_editRegion', edit],
  ['wanImage_editRegion', { ...edit, boxes: [], references: [], keepOutside: false }],
  [
    'wanImage_editRegion',
    { ...edit, boxes: [box, { ...box, label: 'the sky' }], references: Array.from({ length: 8 }, () => 'b.png') },
  ],
  ['wanImage_generateSet', set],
  ['wanImage_generateSet', { ...set, folder: '.', format: 'jpeg', pictures: Array.from({ length: 12 }, () => 'a') }],
  ['wanImage_checkRequest', {}],
  ['wanImage_checkRequest', { editRegion: edit }],
  ['wanImage_describeImage', { path: 'a.png' }],
];

const refused: readonly (readonly [Tool, unknown])[] = [
  ['wanImage_generateImage', null],
  ['wanImage_generateImage', []],
  ['wanImage_generateImage', 'A fox'],
  ['wanImage_generateImage', { prompt: 'A fox' }],
  ['wanImage_generateImage', { ...image, overwrite: true }],
  ['wanImage_generateImage', { ...image, prompt: '' }],
  ['wanImage_generateImage', { ...image, prompt: long(5001) }],
  ['wanImage_generateImage', { ...image, path: long(501) }],
  ['wanImage_generateImage', { ...image, count: 0 }],
  ['wanImage_generateImage', { ...image, count: 5 }],
  ['wanImage_generateImage', { ...image, count: '2' }],
  ['wanImage_generateImage', { ...image, count: 1.5 }],
  ['wanImage_generateImage', { ...image, model: 'best' }],
  ['wanImage_generateImage', { ...image, ratio: '2:1' }],
  ['wanImage_generateImage', { ...image, seed: -1 }],
  ['wanImage_generateImage', { ...image, seed: 2147483648 }],
  ['wanImage_generateImage', { ...image, palette: ['#000000', '#ffffff'] }],
  ['wanImage_generateImage', { ...image, palette: ['#000000', '#ffffff', 'red'] }],
  ['wanImage_generateImage', { ...image, size: { width: 1024 } }],
  ['wanImage_generateImage', { ...image, size: { width: 1024, height: 768, depth: 1 } }],
  ['wanImage_editRegion', image],
  ['wanImage_editRegion', { ...edit, boxes: [box, box, box] }],
  ['wanImage_editRegion', { ...edit, boxes: [{ ...box, x1: -1 }] }],
  ['wanImage_editRegion', { ...edit, boxes: [{ ...box, x1: 0.5 }] }],
  ['wanImage_editRegion', { ...edit, boxes: [[0, 0, 10, 10]] }],
  ['wanImage_editRegion', { ...edit, keepOutside: 'yes' }],
  ['wanImage_editRegion', { ...edit, resolution: '4K' }],
  ['wanImage_editRegion', { ...edit, references: Array.from({ length: 9 }, () => 'b.png') }],
  ['wanImage_generateSet', { ...set, pictures: ['alone'] }],
  ['wanImage_generateSet', { ...set, pictures: Array.from({ length: 13 }, () => 'a') }],
  ['wanImage_generateSet', { ...set, format: 'gif' }],
  ['wanImage_generateSet', { ...set, name: '' }],
  ['wanImage_checkRequest', { generateImage: { ...image, count: 9 } }],
  ['wanImage_checkRequest', { describeImage: { path: 'a.png' } }],
  ['wanImage_describeImage', {}],
  ['wanImage_describeImage', { path: '' }],
];

describe('what models are shown of a tool is what is read of their calls', () => {
  test.each(taken)('%s takes %j', (tool, input) => {
    expect(verdicts(tool, input)).toEqual([true, true]);
  });

  test.each(refused)('%s refuses %j', (tool, input) => {
    expect(verdicts(tool, input)).toEqual([false, false]);
  });

  test('also where an input is nearly right', () => {
    const odd = fc.oneof(
      fc.constantFrom<unknown>(undefined, null, true, 0, -1, 1, 2, 4, 9, 1.5, 1e12, '', 'a', 'pro', '1K', '4K', '16:9'),
      fc.constantFrom<unknown>([], {}, [box], [{}], ['a', 'b'], ['#000000', '#111111', '#222222'], {
        width: 1024,
        height: 1024,
      }),
    );
    const start = fc.constantFrom(...taken);
    fc.assert(
      fc.property(start, fc.nat(), odd, fc.boolean(), ([tool, input], at, value, isLeftOut) => {
        const fields = Object.keys(schemas[tool].shape);
        const field = fields[at % fields.length] ?? '';
        const { [field]: _, ...others } = input as Record<string, unknown>;
        // As it arrives: nothing in JSON is undefined.
        const changed: unknown = JSON.parse(JSON.stringify(isLeftOut ? others : { ...others, [field]: value }));
        const [byShown, byRead] = verdicts(tool, changed);
        expect([tool, changed, byShown]).toEqual([tool, changed, byRead]);
      }),
      { numRuns: 400 },
    );
  });

  test('every field is described', () => {
    const undescribed = (schema: object, at: string): string[] => {
      const { properties = {}, items } = schema as { properties?: Record<string, object>; items?: object };
      return [
        ...Object.entries(properties).flatMap(([name, field]) => [
          ...('description' in field ? [] : [`${at}.${name}`]),
          ...undescribed(field, `${at}.${name}`),
        ]),
        ...(items ? undescribed(items, `${at}[]`) : []),
      ];
    };
    for (const { name, inputSchema } of manifest.contributes.languageModelTools)
      expect(undescribed(inputSchema, name)).toEqual([]);
    expect(new Set(shown.keys())).toEqual(new Set(Object.keys(schemas)));
  });
});
