import type { ValidatorOptions } from '../../src/simulator/rules/rule.ts';
import type { Random } from './random.ts';

export type Body = Record<string, unknown>;

/** What only a stranger sends: a body that no request of ours can make, and the rule that must refuse it. */
export interface WireDamage {
  readonly rule: string;
  /** Spoils the body, or says false when it cannot be spoiled in this way. */
  readonly spoil: (body: Body, random: Random) => boolean;
  readonly options?: ValidatorOptions;
}

const wrongFor = {
  string: [5, true, null, [], {}],
  number: ['5', true, null, [], {}],
  boolean: ['true', 1, 0, null, []],
} as const;
const typeOf: Readonly<Record<string, keyof typeof wrongFor>> = {
  prompt: 'string',
  model_variant: 'string',
  aspect_ratio: 'string',
  resolution: 'string',
  response_format: 'string',
  custom_width: 'number',
  custom_height: 'number',
  num_images: 'number',
  num_images_set: 'number',
  seed: 'number',
  use_custom_size: 'boolean',
  enable_sequential: 'boolean',
  thinking_mode: 'boolean',
  watermark: 'boolean',
  sync: 'boolean',
};
const picture = 'https://example.com/a.png';
const box = [1, 2, 3, 4];

const set = (body: Body, fields: Body): true => Boolean(Object.assign(body, fields)) as true;
const imagesOf = (body: Body): unknown[] => (Array.isArray(body['image']) ? body['image'] : []);

export const wireDamages: Readonly<Record<string, WireDamage>> = {
  'a stranger among the fields': {
    rule: 'field-unknown',
    spoil: (body, random) =>
      set(body, {
        [random.pick([
          'size',
          'n',
          'negative_prompt',
          'template',
          'wait',
          'stream',
          'disable_formatting',
          'raw',
          'user',
          'quality',
          'Prompt',
          'images',
          'prompt_extend',
          '__proto__x',
        ])]: random.pick(['1024x1024', 1, true]),
      }),
  },
  'size, as in the example of the page': { rule: 'field-unknown', spoil: (body) => set(body, { size: '1024x1024' }) },
  n: { rule: 'field-unknown', spoil: (body) => set(body, { n: 1 }) },
  'another JSON type': {
    rule: 'field-type',
    spoil: (body, random) => {
      const name = random.pick(Object.keys(typeOf));
      return set(body, { [name]: random.pick(wrongFor[typeOf[name] ?? 'string']) });
    },
  },
  'a model that is no text': {
    rule: 'field-type',
    spoil: (body, random) => set(body, { model: random.pick([null, 27, ['wan2-7-image']]) }),
  },
  'images that are no list of texts': {
    rule: 'field-type',
    spoil: (body, random) => {
      delete body['bbox_list'];
      return set(body, {
        image: random.pick([picture, { url: picture }, [{ url: picture }], [picture, 5], [null], null, 7]),
      });
    },
  },
  'no model': { rule: 'rule-01-model', spoil: (body) => delete body['model'] },
  'another model': {
    rule: 'rule-01-model',
    spoil: (body, random) =>
      set(body, {
        model: random.pick(['wan2.7-image', 'wan2.7-image-pro', 'WAN2-7-IMAGE', '', 'gpt-image-1', 'wan2-7-image ']),
      }),
  },
  'no prompt': { rule: 'rule-02-prompt-required', spoil: (body) => delete body['prompt'] },
  'a palette as a native list': {
    rule: 'rule-14-palette-string',
    spoil: (body, random) =>
      set(body, { color_palette: random.pick([[{ hex: '#C2D1E6', ratio: '100.00%' }], [], {}, null, 5]) }),
  },
  'a palette that is no JSON': {
    rule: 'rule-14-palette-json',
    spoil: (body, random) =>
      !isSet(body) && set(body, { color_palette: random.pick(['', 'red', '[', '{hex:1}', "[{'hex':'#FFFFFF'}]"]) }),
  },
  'a palette of other things': {
    rule: 'rule-14-palette-json',
    spoil: (body, random) =>
      !isSet(body) &&
      set(body, {
        color_palette: random.pick([
          '{}',
          '5',
          'null',
          '"red"',
          '["#FFFFFF","#000000","#FF0000"]',
          '[null,null,null]',
          '[[],[],[]]',
        ]),
      }),
  },
  'an empty palette': {
    rule: 'rule-11-palette-count',
    spoil: (body) => !isSet(body) && set(body, { color_palette: '[]' }),
  },
  'a colour without a share': {
    rule: 'rule-13-palette-ratio',
    spoil: (body) => !isSet(body) && set(body, { color_palette: JSON.stringify(four({ hex: '#FFFFFF' })) }),
  },
  'shares that are numbers': {
    rule: 'rule-13-palette-ratio',
    spoil: (body) => !isSet(body) && set(body, { color_palette: JSON.stringify(four({ hex: '#FFFFFF', ratio: 25 })) }),
  },
  'a colour that is a number': {
    rule: 'rule-12-palette-hex',
    spoil: (body) =>
      !isSet(body) && set(body, { color_palette: JSON.stringify(four({ hex: 0xffffff, ratio: '25.00%' })) }),
  },
  'boxes as a native list': {
    rule: 'bbox-string',
    spoil: (body, random) => set(body, { bbox_list: random.pick([[box], [[box]], [], null, 5, {}]) }),
  },
  'boxes that are no JSON': {
    rule: 'bbox-json',
    spoil: (body, random) =>
      set(body, { bbox_list: random.pick(['', '1,2,3,4', '[[1,2,3,4]', '[(1,2,3,4)]', 'none']) }),
  },
  'boxes of no depth': {
    rule: 'bbox-json',
    spoil: (body, random) =>
      withImages(body, 1) &&
      set(body, {
        bbox_list: random.pick([
          '[1,2,3,4]',
          '{}',
          '"[]"',
          '5',
          'null',
          '[[1,2,3,4],5]',
          '[[[1,2,3,4]],[1,2,3,4]]',
          '[null]',
          '[{"x1":1}]',
        ]),
      }),
  },
  'boxes without an image': {
    rule: 'rule-31-boxes-need-image',
    spoil: (body, random) =>
      withImages(body, 0) &&
      set(body, {
        bbox_list: random.pick([JSON.stringify([box]), JSON.stringify([[box]]), JSON.stringify([[], [box]])]),
      }),
  },
  'fewer lists than images': {
    rule: 'rule-32-boxes-length',
    spoil: (body, random) => withImages(body, random.whole(2, 4)) && set(body, { bbox_list: JSON.stringify([[box]]) }),
  },
  'more lists than images': {
    rule: 'rule-32-boxes-length',
    spoil: (body, random) =>
      withImages(body, random.whole(1, 3)) &&
      set(body, { bbox_list: JSON.stringify([...imagesOf(body).map(() => []), [box]]) }),
  },
  'empty lists, too many': {
    rule: 'rule-32-boxes-length',
    spoil: (body) => withImages(body, 1) && set(body, { bbox_list: '[[],[]]' }),
  },
  'the form of one image for several': {
    rule: 'rule-32-boxes-length',
    spoil: (body, random) => withImages(body, random.whole(2, 4)) && set(body, { bbox_list: JSON.stringify([box]) }),
  },
  'three boxes, one list for each image': {
    rule: 'rule-33-boxes-per-image',
    spoil: (body) => withImages(body, 1) && set(body, { bbox_list: JSON.stringify([[box, box, box]]) }),
  },
  'two boxes in the form of one': {
    rule: 'rule-33-boxes-per-image',
    spoil: (body) => withImages(body, 1) && set(body, { bbox_list: JSON.stringify([box, box]) }),
  },
  'boxes of other lengths': {
    rule: 'rule-34-box-whole',
    spoil: (body, random) =>
      withImages(body, 1) &&
      set(body, { bbox_list: JSON.stringify([[random.pick([[1, 2, 3], [1, 2, 3, 4, 5], [1], []])]]) }),
  },
  'boxes of other things': {
    rule: 'rule-34-box-whole',
    spoil: (body, random) =>
      withImages(body, 1) &&
      set(body, {
        bbox_list: JSON.stringify([
          [
            random.pick([
              ['1', '2', '3', '4'],
              [1, 2, 3, null],
              [true, 2, 3, 4],
              [1, 2, 3.5, 4],
            ]),
          ],
        ]),
      }),
  },
  'a box of an image that is known only by its address': {
    rule: 'rule-34-box-order',
    spoil: (body) => withImages(body, 1) && set(body, { bbox_list: '[[9,9,9,9]]' }),
  },
  'a data URI without base64': {
    rule: 'rule-28-image-inline',
    spoil: (body, random) =>
      withImages(body, 1) &&
      set(body, {
        image: [
          random.pick([
            'data:image/png,AAAA',
            'data:;base64,AAAA',
            'data:text/plain;base64,AAAA',
            'data:image/png;base64,',
            'data:image/png;base64,A',
            'data:image/png;base64,AA\nAA',
            'data:image/png;base64,!!!!',
          ]),
        ],
      }),
  },
  'raw base64': {
    rule: 'rule-30-image-address',
    spoil: (body) => withImages(body, 1) && set(body, { image: ['iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ'] }),
  },
  'the literal form, where only lists for each image are read': {
    rule: 'bbox-form',
    options: { bboxForm: 'perImage' },
    spoil: (body) => withImages(body, 1) && set(body, { bbox_list: JSON.stringify([box]) }),
  },
  'lists for each image, where only the literal form is read': {
    rule: 'bbox-form',
    options: { bboxForm: 'literal' },
    spoil: (body) => withImages(body, 1) && set(body, { bbox_list: JSON.stringify([[box]]) }),
  },
  'a large body, where large bodies are refused': {
    rule: 'option-body-bytes',
    options: { maxBodyBytes: 50 },
    spoil: () => true,
  },
  'an inline image, where inline images are refused': {
    rule: 'option-inline-images',
    options: { refuseInlineImages: true },
    spoil: (body) => imagesOf(body).some((entry) => String(entry).startsWith('data:')),
  },
};

const four = <Value>(value: Value): Value[] => [value, value, value, value];

function isSet(body: Body): boolean {
  return body['enable_sequential'] === true;
}

/** Gives the body that many images by address, and sizes that an edit can have. */
function withImages(body: Body, count: number): true {
  delete body['bbox_list'];
  delete body['image'];
  if (count === 0) return true;
  if (body['resolution'] === '4K') body['resolution'] = '2K';
  if (body['use_custom_size'] === true) Object.assign(body, { custom_width: 1000, custom_height: 1000 });
  return set(body, { image: Array<string>(count).fill(picture) });
}
