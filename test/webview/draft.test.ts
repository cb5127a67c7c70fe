import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { aspectRatios, resolutions, responseFormats, variants } from '../../src/core/modelCard.ts';
import { findProblems } from '../../src/core/preflight.ts';
import { emptyRequest } from '../../src/core/request.ts';
import { ImageRequest } from '../../src/core/requestSchema.ts';
import { readRequest } from '../../webview-ui/draft.ts';
import { check, mergeInputs } from '../../webview-ui/form/sources.ts';
import { request, source } from './fixtures.ts';

const number = fc.oneof(fc.integer({ min: -5, max: 9000 }), fc.double({ noNaN: true, noDefaultInfinity: true }));
const box = fc.record(
  { x1: number, y1: number, x2: number, y2: number, label: fc.string() },
  { requiredKeys: ['x1', 'y1', 'x2', 'y2'] },
);
const input = fc.record(
  {
    id: fc.string(),
    name: fc.string(),
    url: fc.webUrl(),
    boxes: fc.array(box, { maxLength: 3 }),
    preparation: fc.record({
      background: fc.string(),
      size: fc.constantFrom('small' as const, 'useful' as const, 'full' as const),
    }),
    crop: fc.record({ x1: number, y1: number, x2: number, y2: number }),
  },
  { requiredKeys: ['id', 'name', 'boxes'] },
);
const whole = {
  prompt: fc.string(),
  variant: fc.constantFrom(...variants),
  imageSet: fc.boolean(),
  count: number,
  setMaxImages: number,
  setLines: fc.array(fc.string(), { maxLength: 3 }),
  aspectRatio: fc.constantFrom(...aspectRatios),
  resolution: fc.constantFrom(...resolutions),
  useCustomSize: fc.boolean(),
  customWidth: number,
  customHeight: number,
  thinking: fc.boolean(),
  inputs: fc.array(input, { maxLength: 3 }),
  palette: fc.array(fc.record({ hex: fc.string(), ratio: fc.string() }), { maxLength: 3 }),
  seed: number,
  watermark: fc.boolean(),
  responseFormat: fc.constantFrom(...responseFormats),
};
const anyRequest = fc.record(whole, { requiredKeys: ['prompt'] });

test('an empty form holds the defaults of the schema', () => {
  expect(emptyRequest()).toEqual(ImageRequest.parse({ prompt: '' }));
});

test('the form reads every request as its schema does', () => {
  expect(Object.keys(whole).toSorted()).toEqual(Object.keys(ImageRequest.shape).toSorted());
  fc.assert(
    fc.property(anyRequest, (value) => {
      expect(readRequest(value)).toEqual(ImageRequest.parse(value));
    }),
  );
});

test('whatever the form reads is a request, and what could be read is kept', () => {
  const spoilt = fc.tuple(anyRequest, fc.constantFrom(...Object.keys(whole)), fc.anything());
  fc.assert(
    fc.property(spoilt, ([value, field, rubbish]) => {
      const found = readRequest({ ...value, [field]: rubbish });
      expect(ImageRequest.safeParse(found).error).toBeUndefined();
      if (field !== 'prompt') expect(found.prompt).toBe(value.prompt);
    }),
  );
  fc.assert(fc.property(fc.anything(), (value) => ImageRequest.safeParse(readRequest(value)).success));
});

test('without pictures the panel finds what preflight finds', () => {
  const bare = anyRequest.map((value) => ({ ...readRequest(value), inputs: [] }));
  fc.assert(
    fc.property(bare, (value) => {
      expect(check(value, [], { boxForm: 'auto' })).toEqual(
        findProblems(value, { images: new Map(), boxForm: 'auto' }),
      );
    }),
  );
});

test('a fix found on what is sent keeps the boxes that were drawn', () => {
  const drawn = { x1: 11, y1: 7, x2: 33, y2: 61 };
  const icon = source('icon', 'icon.png', { format: 'png', width: 64, height: 64 });
  const asked = request({
    inputs: [
      { id: 'icon', name: 'icon.png', boxes: [drawn, { x1: 70, y1: 0, x2: 90, y2: 9 }] },
      { id: 'gone', name: 'gone.png', boxes: [] },
    ],
  });
  const problems = check(asked, [icon], { boxForm: 'perImage' });
  const patches = problems.flatMap(({ fix }) => (fix?.patch.inputs ? [fix.patch.inputs] : []));
  expect(patches.map((inputs) => inputs.map(({ id, boxes }) => [id, boxes]))).toEqual(
    expect.arrayContaining([[['icon', asked.inputs[0]?.boxes]]]),
  );
  for (const inputs of patches) expect(inputs[0]?.boxes[0]).toEqual(drawn);
});

test('pictures that the host adds leave alone what was written and drawn meanwhile', () => {
  const one = { id: 'one', name: 'one.png', boxes: [] };
  const two = { id: 'two', name: 'two.png', boxes: [] };
  const told = request({ prompt: 'told', resolution: '4K' });
  const incoming = { ...told, resolution: '2K' as const, inputs: [one] };
  expect(mergeInputs({ ...told, prompt: 'told and more' }, told, incoming)).toEqual({
    ...incoming,
    prompt: 'told and more',
  });
  const drawn = { ...one, boxes: [{ x1: 0, y1: 0, x2: 1, y2: 1 }] };
  const withTwo = { ...incoming, inputs: [one, two] };
  expect(mergeInputs({ ...incoming, inputs: [drawn] }, incoming, withTwo)?.inputs).toEqual([drawn, two]);
  expect(mergeInputs({ ...incoming, inputs: [] }, incoming, withTwo)?.inputs).toEqual([two]);
  expect(mergeInputs(told, told, { ...incoming, prompt: 'another' })).toBeUndefined();
  expect(mergeInputs(emptyRequest(), undefined, incoming)).toBeUndefined();
});
