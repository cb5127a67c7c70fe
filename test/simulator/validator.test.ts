import * as fc from 'fast-check';
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { describe, expect, test } from 'vitest';
import { refusals, ruleNames, validate } from '../../src/simulator/validator.ts';
import type { ValidatorOptions } from '../../src/simulator/rules/rule.ts';
import { bmp, dataUri, edit, palette, png, set, text, threeColours } from './bodies.ts';

type Body = Record<string, unknown>;

/** One rule: bodies just inside it and just outside. `implied` names rules that no body can pass while breaking this one. */
interface Row {
  rule: string;
  accepted: readonly Body[];
  refused: readonly Body[];
  options?: ValidatorOptions;
  implied?: readonly string[];
}

const address = 'https://example.com/a.jpg';
const custom = (width: unknown, height: unknown, extra: Body = {}): Body =>
  text({ use_custom_size: true, custom_width: width, custom_height: height, ...extra });

const rows: readonly Row[] = [
  {
    rule: 'option-body-bytes',
    options: { maxBodyBytes: 200 },
    accepted: [text()],
    refused: [text({ prompt: 'a'.repeat(200) })],
  },
  {
    rule: 'field-unknown',
    accepted: [text({ sync: true })],
    refused: [text({ size: '1024x1024' }), text({ n: 1 }), text({ negative_prompt: 'x' })],
  },
  {
    rule: 'field-type',
    accepted: [text({ num_images: 2, watermark: true, seed: 0 })],
    refused: [
      text({ num_images: '2' }),
      text({ watermark: 'true' }),
      text({ seed: null }),
      text({ prompt: 5 }),
      text({ sync: 1 }),
      text({ image: address }),
      text({ image: [5] }),
      text({ image: [null] }),
    ],
  },
  { rule: 'rule-01-model', accepted: [text()], refused: [text({ model: 'wan2.7-image-pro' }), { prompt: 'a fox' }] },
  {
    rule: 'rule-02-prompt-required',
    accepted: [text({ prompt: 'x' })],
    refused: [text({ prompt: '' }), text({ prompt: ' \n' }), { model: 'wan2-7-image' }],
  },
  {
    rule: 'rule-03-prompt-length',
    accepted: [text({ prompt: 'a'.repeat(5000) }), text({ prompt: '🦊'.repeat(5000) })],
    refused: [text({ prompt: 'a'.repeat(5001) }), text({ prompt: '🦊'.repeat(5001) })],
  },
  {
    rule: 'rule-04-4k-needs-pro',
    accepted: [text({ resolution: '4K' }), custom(800, 800, { resolution: '4K', model_variant: 'wan2.7-image' })],
    refused: [text({ resolution: '4K', model_variant: 'wan2.7-image' })],
  },
  {
    rule: 'rule-05-4k-without-images',
    accepted: [edit({ resolution: '2K' }), text({ resolution: '4K', image: [] })],
    refused: [edit({ resolution: '4K' })],
  },
  { rule: 'rule-06-4k-not-in-sets', accepted: [set({ resolution: '2K' })], refused: [set({ resolution: '4K' })] },
  {
    rule: 'rule-11-palette-count',
    accepted: [
      text({ color_palette: threeColours }),
      text({ color_palette: palette(...Array.from({ length: 10 }, () => ['#000000', '10.00%'] as const)) }),
    ],
    refused: [
      text({ color_palette: palette(['#C2D1E6', '60.00%'], ['#636574', '40.00%']) }),
      text({ color_palette: '[]' }),
      text({
        color_palette: palette(
          ...Array.from({ length: 11 }, (_, index) => ['#000000', index === 0 ? '0.10%' : '9.99%'] as const),
        ),
      }),
    ],
  },
  {
    rule: 'rule-12-palette-hex',
    accepted: [text({ color_palette: palette(['#abcdef', '50.00%'], ['#ABCDEF', '25.00%'], ['#012345', '25.00%']) })],
    refused: [
      text({ color_palette: palette(['abcdef', '50.00%'], ['#ABCDEF', '25.00%'], ['#012345', '25.00%']) }),
      text({ color_palette: palette(['#abc', '50.00%'], ['#ABCDEF', '25.00%'], ['#012345', '25.00%']) }),
    ],
  },
  {
    rule: 'rule-13-palette-ratio',
    accepted: [text({ color_palette: palette(['#000000', '33.33%'], ['#111111', '33.33%'], ['#222222', '33.34%']) })],
    refused: [
      text({ color_palette: palette(['#000000', '50%'], ['#111111', '25.00%'], ['#222222', '25.00%']) }),
      text({
        color_palette:
          '[{"hex":"#000000","ratio":50},{"hex":"#000000","ratio":"25.00%"},{"hex":"#000000","ratio":"25.00%"}]',
      }),
    ],
  },
  {
    rule: 'rule-13-palette-zero',
    accepted: [text({ color_palette: palette(['#000000', '0.01%'], ['#111111', '50.00%'], ['#222222', '49.99%']) })],
    refused: [text({ color_palette: palette(['#000000', '0.00%'], ['#111111', '50.00%'], ['#222222', '50.00%']) })],
  },
  {
    rule: 'rule-13-palette-sum',
    accepted: [text({ color_palette: threeColours })],
    refused: [
      text({ color_palette: palette(['#000000', '33.33%'], ['#111111', '33.33%'], ['#222222', '33.33%']) }),
      text({ color_palette: palette(['#000000', '50.00%'], ['#111111', '50.00%'], ['#222222', '0.01%']) }),
    ],
  },
  {
    rule: 'rule-14-palette-string',
    accepted: [text({ color_palette: threeColours })],
    refused: [text({ color_palette: JSON.parse(threeColours) as unknown }), set({ color_palette: [] })],
  },
  {
    rule: 'rule-14-palette-json',
    accepted: [set({ color_palette: 'nonsense' })],
    refused: [
      text({ color_palette: 'nonsense' }),
      text({ color_palette: '{}' }),
      text({ color_palette: threeColours.replace('"hex"', '"name":"sky","hex"') }),
    ],
  },
  {
    rule: 'rule-16-num-images',
    accepted: [text({ num_images: 4 }), set({ num_images: 9 })],
    refused: [text({ num_images: 0 }), text({ num_images: 5 }), text({ num_images: 1.5 })],
  },
  {
    rule: 'rule-17-num-images-set',
    accepted: [set({ num_images_set: 12 }), text({ num_images_set: 99 })],
    refused: [set({ num_images_set: 0 }), set({ num_images_set: 13 }), set({ num_images_set: 2.5 })],
  },
  {
    rule: 'rule-19-custom-both',
    accepted: [custom(800, 900), text({ custom_width: 800 })],
    refused: [text({ use_custom_size: true, custom_width: 800 }), text({ use_custom_size: true })],
  },
  {
    rule: 'rule-21-custom-side',
    accepted: [
      custom(768, 4096),
      edit({ use_custom_size: true, custom_width: 2048, custom_height: 768 }),
      text({ custom_width: 5 }),
    ],
    refused: [
      custom(767, 1000),
      custom(1000, 4097),
      custom(2049, 1000, { model_variant: 'wan2.7-image' }),
      custom(2049, 1000, { image: [png()] }),
      custom(1000, 2049, { enable_sequential: true }),
    ],
  },
  {
    rule: 'rule-22-custom-area',
    implied: ['rule-21-custom-side'],
    accepted: [custom(768, 768), custom(4096, 4096)],
    refused: [custom(700, 768), custom(4096, 4097)],
  },
  {
    rule: 'rule-23-custom-ratio',
    implied: ['rule-21-custom-side'],
    accepted: [custom(6000, 750)],
    refused: [custom(8000, 900)],
  },
  { rule: 'rule-24-custom-whole', accepted: [custom(1000, 1000)], refused: [custom(1000.5, 1000)] },
  {
    rule: 'rule-25-model-variant',
    accepted: [text({ model_variant: 'wan2.7-image' })],
    refused: [text({ model_variant: 'wan2.7' })],
  },
  {
    rule: 'rule-25-aspect-ratio',
    accepted: [
      text({ aspect_ratio: '4:5' }),
      edit({ aspect_ratio: '9:16' }),
      custom(800, 800, { aspect_ratio: '21:9' }),
    ],
    refused: [text({ aspect_ratio: '21:9' })],
  },
  {
    rule: 'rule-25-resolution',
    accepted: [text({ resolution: '1K' }), custom(800, 800, { resolution: '8K' })],
    refused: [text({ resolution: '8K' }), text({ resolution: '2k' })],
  },
  {
    rule: 'rule-25-response-format',
    accepted: [text({ response_format: 'b64_json' })],
    refused: [text({ response_format: 'png' })],
  },
  {
    rule: 'rule-27-image-count',
    accepted: [text({ image: Array.from({ length: 9 }, () => address) }), text({ image: [] })],
    refused: [text({ image: Array.from({ length: 10 }, () => address) })],
  },
  {
    rule: 'option-inline-images',
    options: { refuseInlineImages: true },
    accepted: [text({ image: [address] })],
    refused: [edit()],
  },
  {
    rule: 'rule-28-image-inline',
    accepted: [edit()],
    refused: [
      text({ image: ['data:image/png;base64,'] }),
      text({ image: ['data:image/png;base64,a b='] }),
      text({ image: ['data:image/png,abcd'] }),
      text({ image: [png().replace('image/png', 'text/plain')] }),
    ],
  },
  {
    rule: 'rule-28-image-format',
    accepted: [text({ image: [bmp()] })],
    refused: [
      text({ image: [dataUri('image/gif', Buffer.from('GIF89a'))] }),
      text({ image: [dataUri('image/svg+xml', Buffer.from('<svg/>'))] }),
    ],
  },
  {
    rule: 'rule-28-image-bytes',
    accepted: [text({ image: [png({ padding: 20 * 1024 * 1024 - 33 })] })],
    refused: [text({ image: [png({ padding: 20 * 1024 * 1024 - 32 })] })],
  },
  {
    rule: 'rule-28-image-side',
    accepted: [
      text({ image: [png({ width: 240, height: 240 })] }),
      text({ image: [png({ width: 8000, height: 1000 })] }),
    ],
    refused: [
      text({ image: [png({ width: 239, height: 240 })] }),
      text({ image: [png({ width: 8001, height: 4000 })] }),
    ],
  },
  {
    rule: 'rule-28-image-ratio',
    accepted: [text({ image: [png({ width: 1920, height: 240 })] })],
    refused: [
      text({ image: [png({ width: 1921, height: 240 })] }),
      text({ image: [png({ width: 300, height: 2401 })] }),
    ],
  },
  {
    rule: 'rule-29-image-alpha',
    accepted: [edit()],
    refused: [text({ image: [png({ colourType: 6 })] }), text({ image: [address, png({ colourType: 4 })] })],
  },
  {
    rule: 'rule-30-image-address',
    accepted: [
      text({ image: [address] }),
      text({ image: ['http://8.8.8.8/a.png'] }),
      text({ image: ['https://172.32.0.1/a.png'] }),
    ],
    refused: [
      'http://localhost/a.png',
      'http://127.0.0.1:8080/a.png',
      'http://10.1.2.3/a',
      'http://192.168.0.1/a',
      'http://172.16.0.1/a',
      'http://169.254.169.254/a',
      'http://[::1]/a',
      'http://[fd00::1]/a',
      'http://[::ffff:127.0.0.1]/a',
      'http://0x7f000001/a',
      'http://intranet/a',
      'http://nas.local/a',
      'file:///tmp/a.png',
      'ftp://example.com/a.png',
      'bunny://a',
      'pictures/a.png',
    ].map((image) => text({ image: [image] })),
  },
  {
    rule: 'bbox-string',
    accepted: [edit({ bbox_list: '[[1,2,30,40]]' })],
    refused: [edit({ bbox_list: [[1, 2, 30, 40]] }), text({ bbox_list: [] })],
  },
  {
    rule: 'bbox-json',
    accepted: [edit({ bbox_list: '[]' }), text({ bbox_list: '[]' })],
    refused: [
      edit({ bbox_list: 'none' }),
      edit({ bbox_list: '[1,2,3,4]' }),
      edit({ bbox_list: '{}' }),
      edit({ bbox_list: '[[1,2,3,4],[]]' }),
      edit({ bbox_list: '' }),
    ],
  },
  {
    rule: 'bbox-form',
    options: { bboxForm: 'perImage' },
    accepted: [edit({ bbox_list: '[[[1,2,30,40]]]' }), edit({ bbox_list: '[[]]' })],
    refused: [edit({ bbox_list: '[[1,2,30,40]]' })],
  },
  {
    rule: 'bbox-form',
    options: { bboxForm: 'literal' },
    accepted: [edit({ bbox_list: '[[1,2,30,40]]' }), edit({ bbox_list: '[]' })],
    refused: [edit({ bbox_list: '[[[1,2,30,40]]]' }), edit({ bbox_list: '[[]]' })],
  },
  {
    rule: 'rule-31-boxes-need-image',
    accepted: [edit({ bbox_list: '[[1,2,30,40]]' })],
    refused: [
      text({ bbox_list: '[[1,2,30,40]]' }),
      text({ bbox_list: '[[[1,2,30,40]]]' }),
      text({ image: [], bbox_list: '[[1,2,30,40]]' }),
    ],
  },
  {
    rule: 'rule-32-boxes-length',
    accepted: [text({ image: [address, address], bbox_list: '[[[1,2,30,40]],[]]' })],
    refused: [
      text({ image: [address, address], bbox_list: '[[1,2,30,40]]' }),
      edit({ bbox_list: '[[[1,2,30,40]],[]]' }),
      text({ bbox_list: '[[]]' }),
    ],
  },
  {
    rule: 'rule-32-boxes-length',
    options: { bboxForm: 'perImage' },
    accepted: [edit({ bbox_list: '[[]]' })],
    refused: [edit({ bbox_list: '[]' })],
  },
  {
    rule: 'rule-33-boxes-per-image',
    accepted: [edit({ bbox_list: '[[[1,2,30,40],[1,2,30,40]]]' }), edit({ bbox_list: '[[1,2,30,40]]' })],
    refused: [
      edit({ bbox_list: '[[[1,2,30,40],[1,2,30,40],[5,5,9,9]]]' }),
      edit({ bbox_list: '[[1,2,30,40],[1,2,30,40]]' }),
    ],
  },
  {
    rule: 'rule-34-box-whole',
    accepted: [edit({ bbox_list: '[[0,0,1,1]]' })],
    refused: [
      edit({ bbox_list: '[[0.5,0,10,10]]' }),
      edit({ bbox_list: '[[0,0,10]]' }),
      edit({ bbox_list: '[["0",0,10,10]]' }),
      edit({ bbox_list: '[[[0,0,10,10,10]]]' }),
    ],
  },
  {
    rule: 'rule-34-box-order',
    accepted: [edit({ bbox_list: '[[0,0,1,1]]' })],
    refused: [edit({ bbox_list: '[[10,0,5,10]]' }), edit({ bbox_list: '[[0,10,5,10]]' })],
  },
  {
    rule: 'rule-34-box-inside',
    accepted: [edit({ bbox_list: '[[0,0,1000,800]]' }), text({ image: [address], bbox_list: '[[0,0,7000,7000]]' })],
    refused: [
      edit({ bbox_list: '[[0,0,1001,800]]' }),
      edit({ bbox_list: '[[0,0,1000,801]]' }),
      edit({ bbox_list: '[[-1,0,10,10]]' }),
      text({ image: [address], bbox_list: '[[0,-1,10,10]]' }),
      text({ image: [address, png()], bbox_list: '[[],[[0,0,1001,10]]]' }),
    ],
  },
  {
    rule: 'rule-38-seed',
    accepted: [text({ seed: 0 }), text({ seed: 2_147_483_647 })],
    refused: [text({ seed: -1 }), text({ seed: 2_147_483_648 }), text({ seed: 1.5 })],
  },
];

describe.each(rows)('$rule', ({ rule, accepted, refused, options = {}, implied = [] }) => {
  const without = (...names: readonly string[]): ValidatorOptions => ({ ...options, disabledRules: new Set(names) });

  test('accepts what is inside', () => {
    for (const body of accepted) expect(refusals(body, without(...implied))).toEqual([]);
  });

  test('refuses what is outside, and nothing else does', () => {
    for (const body of refused) {
      const verdict = validate(body, without(...implied));
      expect(verdict).toMatchObject({ ok: false, rule });
      expect(validate(body, without(...implied, rule)), JSON.stringify(body).slice(0, 200)).toMatchObject({ ok: true });
    }
  });
});

test('the table has a row for every rule', () => {
  expect([...new Set(rows.map(({ rule }) => rule))].toSorted()).toEqual(ruleNames().toSorted());
});

test.each([
  ['thinking with input images', edit({ thinking_mode: true })],
  ['thinking in a set', set({ thinking_mode: true })],
  ['thinking of the standard model', text({ thinking_mode: true, model_variant: 'wan2.7-image' })],
])('%s is ignored, not refused', (_name, body) => {
  expect(validate(body)).toMatchObject({ ok: true, job: { thinks: false } });
});

test('a set ignores palette and num_images, and a single request ignores num_images_set', () => {
  expect(validate(set({ color_palette: threeColours, num_images: 3 }))).toMatchObject({
    ok: true,
    job: { palette: undefined, count: 4, isSet: true },
  });
  expect(validate(text({ num_images: 3, num_images_set: 9 }))).toMatchObject({
    ok: true,
    job: { count: 3, isSet: false },
  });
});

test('a custom size takes the place of ratio and tier, and is nothing without its switch', () => {
  expect(validate(custom(800, 900, { aspect_ratio: '1:1', resolution: '4K' }))).toMatchObject({
    ok: true,
    job: { customSize: { width: 800, height: 900 }, aspectRatio: undefined, resolution: '2K' },
  });
  expect(validate(text({ custom_width: 800, custom_height: 900 }))).toMatchObject({
    ok: true,
    job: { customSize: undefined },
  });
});

test('the page’s own two-colour palette example is refused', () => {
  const example = '[{"hex":"#C2D1E6","ratio":"60.00%"},{"hex":"#636574","ratio":"40.00%"}]';
  expect(validate(text({ color_palette: example }))).toMatchObject({ ok: false, rule: 'rule-11-palette-count' });
});

test.each([null, [], 'text', 5, undefined])('a body that is %j is not an object', (body) => {
  expect(validate(body)).toMatchObject({ ok: false, rule: 'body-object', status: 400 });
});

test('another model is a 404, every other broken rule a 400 with its field', () => {
  expect(validate(text({ model: 'gpt-image-1' }))).toMatchObject({ status: 404, code: 'model_not_found' });
  expect(validate(text({ seed: -1 }))).toMatchObject({ status: 400, param: 'seed' });
});

test('boxes go to the image they are listed for; the literal form means the only image', () => {
  const boxes = (body: Body): unknown => {
    const verdict = validate(body);
    return verdict.ok && verdict.job.images.map((image) => image.boxes);
  };
  expect(boxes(edit({ bbox_list: '[[1,2,30,40]]' }))).toEqual([[{ x1: 1, y1: 2, x2: 30, y2: 40 }]]);
  expect(boxes(text({ image: [address, address], bbox_list: '[[],[[1,2,30,40]]]' }))).toEqual([
    [],
    [{ x1: 1, y1: 2, x2: 30, y2: 40 }],
  ]);
});

test('any JSON gets a verdict, and with every rule off every object is a job', () => {
  const fields = Object.keys({
    ...edit(),
    ...set({
      bbox_list: '',
      color_palette: '',
      seed: 0,
      use_custom_size: true,
      custom_width: 0,
      custom_height: 0,
      resolution: '',
      aspect_ratio: '',
      model_variant: '',
    }),
  });
  const nested = fc.json();
  const bodies = fc.dictionary(
    fc.constantFrom(...fields),
    fc.oneof(
      fc.jsonValue(),
      nested,
      fc.constant(true),
      fc.array(fc.oneof(fc.string(), fc.constant(png()), fc.webUrl())),
    ),
  );
  const disabledRules = new Set(ruleNames());
  fc.assert(
    fc.property(bodies, (body) => {
      const found = refusals(body);
      expect(validate(body).ok).toBe(found.length === 0);
      expect(validate(body, { disabledRules }).ok).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

describe('image headers written by others', () => {
  const picture = sharp({ create: { width: 400, height: 300, channels: 3, background: '#468' } });
  const clear = sharp({
    create: { width: 400, height: 300, channels: 4, background: { r: 9, g: 9, b: 9, alpha: 0.5 } },
  });
  const judge = async (made: Sharp): Promise<unknown> => {
    const verdict = validate(text({ image: [dataUri('image/any', await made.toBuffer())] }));
    return verdict.ok ? verdict.job.images[0]?.facts : verdict.rule;
  };

  test.each([
    ['png', picture.clone().png()],
    ['jpeg', picture.clone().jpeg()],
    ['jpeg', picture.clone().jpeg({ progressive: true })],
    ['webp', picture.clone().webp()],
    ['webp', picture.clone().webp({ lossless: true })],
  ])('%s', async (format, made) => {
    expect(await judge(made)).toMatchObject({ format, width: 400, height: 300, hasAlpha: false });
  });

  test.each([
    ['png', clear.clone().png()],
    ['png with a palette', clear.clone().png({ palette: true })],
    ['webp', clear.clone().webp()],
    ['lossless webp', clear.clone().webp({ lossless: true })],
  ])('transparency in a %s', async (_name, made) => {
    expect(await judge(made)).toBe('rule-29-image-alpha');
  });

  test.each(['jpeg', 'png', 'webp'] as const)('a turned %s is measured upright', async (format) => {
    expect(await judge(picture.clone().withMetadata({ orientation: 6 }).toFormat(format))).toMatchObject({
      width: 300,
      height: 400,
    });
  });

  test('gif, avif and a JPEG that is cut off are refused', async () => {
    expect(await judge(picture.clone().gif())).toBe('rule-28-image-format');
    expect(await judge(picture.clone().avif())).toBe('rule-28-image-format');
    const cut = (await picture.clone().jpeg().toBuffer()).subarray(0, 30);
    expect(validate(text({ image: [dataUri('image/jpeg', cut)] }))).toMatchObject({ rule: 'rule-28-image-format' });
  });
});
