import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AgentCall,
  callFor,
  callToCheck,
  CheckRequestInput,
  EditRegionInput,
  fieldOfCall,
  GenerateImageInput,
  GenerateSetInput,
  keepsOutside,
  picturesOf,
  readCall,
  requestOf,
  targetsOf,
} from '../../src/core/agentTools.ts';
import { aspectRatios, resolutions } from '../../src/core/modelCard.ts';
import { findProblems } from '../../src/core/preflight.ts';
import { highestCount, highestPrice, usesThinking } from '../../src/core/request.ts';
import { ImageRequest } from '../../src/core/requestSchema.ts';

const schemas = {
  generateImage: GenerateImageInput,
  editRegion: EditRegionInput,
  generateSet: GenerateSetInput,
} as const;

const words = fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme-ascii' });
const name = fc.stringMatching(/^[a-z]{1,8}$/);
const some = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
const shared = {
  prompt: words,
  model: some(fc.constantFrom('pro' as const, 'standard' as const)),
  ratio: some(fc.constantFrom(...aspectRatios)),
  seed: some(fc.integer({ min: 0, max: 2147483647 })),
};
const whole = (min: number, max: number) => fc.integer({ min, max });
const hex = fc.stringMatching(/^#[0-9A-F]{6}$/);

/** An input without the fields that were left out. */
const given = <Input extends object>(input: Input): Input =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as Input;

const generateImage = fc
  .record({
    ...shared,
    path: name.map((file) => `images/${file}.webp`),
    count: some(whole(1, 4)),
    resolution: some(fc.constantFrom(...resolutions)),
    size: some(fc.record({ width: whole(768, 2048), height: whole(768, 2048) })),
    palette: some(fc.array(hex, { minLength: 3, maxLength: 10 })),
    thinking: some(fc.boolean()),
  })
  .map((input): AgentCall => ({ kind: 'generateImage', input: given(input) as GenerateImageInput }));
const editRegion = fc
  .record({
    ...shared,
    image: name.map((file) => `${file}.png`),
    path: name.map((file) => `images/${file}.png`),
    boxes: some(
      fc.array(fc.record({ x1: whole(0, 9), y1: whole(0, 9), x2: whole(10, 99), y2: whole(10, 99) }), { maxLength: 2 }),
    ),
    references: some(fc.array(name, { maxLength: 8 })),
    resolution: some(fc.constantFrom('1K' as const, '2K' as const)),
  })
  .map((input): AgentCall => ({ kind: 'editRegion', input: given(input) as EditRegionInput }));
const generateSet = fc
  .record({
    ...shared,
    pictures: fc.array(words, { minLength: 2, maxLength: 12 }),
    folder: fc.constantFrom('images', 'images/', '.'),
    name,
    format: some(fc.constantFrom('png' as const, 'jpeg' as const, 'webp' as const)),
    resolution: some(fc.constantFrom('1K' as const, '2K' as const)),
  })
  .map((input): AgentCall => ({ kind: 'generateSet', input: given(input) as GenerateSetInput }));
const anyCall = fc.oneof(generateImage, editRegion, generateSet);

/** A request without what has no effect in it. */
const effectOf = ({ aspectRatio, resolution, thinking, ...request }: ImageRequest) => ({
  ...request,
  thinking: thinking && usesThinking({ ...request }),
  ...(!request.useCustomSize && { aspectRatio, resolution }),
});

const sourcesOf = (call: AgentCall) => picturesOf(call).map((path, index) => ({ id: `id${index}`, name: path }));
const read = (call: AgentCall) => readCall(schemas[call.kind] as typeof GenerateImageInput, call.input);

describe('a call that fits its schema', () => {
  test('is a request with nothing wrong in its shape', () => {
    fc.assert(
      fc.property(anyCall, (call) => {
        expect(read(call).kind).toBe('call');
        const request = requestOf(call, sourcesOf(call));
        expect(ImageRequest.parse(request)).toEqual(request);
        const codes = findProblems(request, { images: new Map(), boxForm: 'auto', refusesInline: false }).map(
          ({ code }) => code,
        );
        expect(
          codes.filter((code) => /^(field|variant|aspect|resolution)-(unknown|invalid|ratio-unknown)$/.test(code)),
        ).toEqual([]);
        // What was not asked for is not spoken of.
        if (call.kind !== 'generateImage' || call.input.thinking === undefined)
          expect(codes.filter((code) => code.startsWith('thinking-'))).toEqual([]);
      }),
    );
  });

  test('names a file of its own for each picture that it may bring', () => {
    fc.assert(
      fc.property(anyCall, (call) => {
        const targets = targetsOf(call);
        const request = requestOf(call, sourcesOf(call));
        expect(new Set(targets).size).toBe(highestCount(request));
        expect(targets).toHaveLength(highestCount(request));
        expect(highestPrice(request)).toBeGreaterThan(0);
      }),
    );
  });

  test('can be written from its request again', () => {
    fc.assert(
      fc.property(anyCall, (call) => {
        const request = requestOf(call, sourcesOf(call));
        const target = targetsOf(call)[0] ?? '';
        const written = callFor(request, { pictures: picturesOf(call), target });
        fc.pre(written !== undefined);
        const again = { kind: call.kind, input: written?.input } as AgentCall;
        expect(written?.tool).toBe(`wanImage_${call.kind}`);
        expect(read(again).kind).toBe('call');
        expect(effectOf(requestOf(again, sourcesOf(again)))).toEqual(effectOf(request));
      }),
    );
  });
});

test.each<[AgentCall['kind'], object, string]>([
  ['generateImage', { prompt: 'a', path: 'a.png', output: '/etc' }, ''],
  ['generateImage', { prompt: 'a', path: 'a.png', count: 5 }, 'count'],
  ['generateImage', { prompt: 'a', path: 'a.png', count: 1.5 }, 'count'],
  ['generateImage', { prompt: '', path: 'a.png' }, 'prompt'],
  ['generateImage', { prompt: 'a'.repeat(5001), path: 'a.png' }, 'prompt'],
  ['generateImage', { prompt: 'a', path: 'a'.repeat(501) }, 'path'],
  ['generateImage', { prompt: 'a', path: 7 }, 'path'],
  ['generateImage', { prompt: 'a', path: 'a.png', model: 'best' }, 'model'],
  ['editRegion', { prompt: 'a', path: 'a.png' }, 'image'],
  ['editRegion', { prompt: 'a', path: 'a.png', image: 'b.png', boxes: [{ x1: 0, y1: 0, x2: 1 }] }, 'boxes.0.y2'],
  ['editRegion', { prompt: 'a', path: 'a.png', image: 'b.png', resolution: '4K' }, 'resolution'],
  ['generateSet', { prompt: 'a', pictures: ['a'], folder: 'a', name: 'a' }, 'pictures'],
  ['generateSet', { prompt: 'a', pictures: Array.from({ length: 13 }, () => 'a'), folder: 'a', name: 'a' }, 'pictures'],
])('a call of %s that does not fit says where: %o', (kind, input, field) => {
  const found = read({ kind, input } as AgentCall);
  expect(found.kind === 'shape' && found.problems.map((problem) => problem.field)).toContain(field);
  if (found.kind === 'shape') for (const { sentence } of found.problems) expect(sentence).toMatch(/^[A-Z].*[.]$/);
});

test('whatever is handed over, reading it ends', () => {
  fc.assert(
    fc.property(fc.anything(), fc.constantFrom(...Object.values(schemas), CheckRequestInput), (value, schema) => {
      expect(['call', 'shape']).toContain(readCall(schema as typeof GenerateImageInput, value).kind);
    }),
  );
});

test('a check is about exactly one call', () => {
  const call = { prompt: 'a', path: 'a.png' };
  expect(callToCheck({ generateImage: call })).toEqual({ kind: 'generateImage', input: call });
  expect(callToCheck({})).toBeUndefined();
  expect(callToCheck({ generateImage: call, editRegion: { ...call, image: 'b.png' } })).toBeUndefined();
});

test.each<[AgentCall['kind'], string, string]>([
  ['generateImage', 'customWidth', 'size.width'],
  ['generateImage', 'palette.2.hex', 'palette.2.hex'],
  ['generateImage', 'variant', 'model'],
  ['editRegion', 'inputs.0.boxes.1', 'boxes.1'],
  ['editRegion', 'aspectRatio', 'ratio'],
  ['generateSet', 'setLines', 'pictures'],
])('in a call of %s the field %s is called %s', (kind, field, called) => {
  expect(fieldOfCall({ kind, input: {} } as AgentCall, field)).toBe(called);
});

test('several pictures of one call stand side by side', () => {
  const input = { prompt: 'a', path: 'a.b/hero.png', count: 3 };
  expect(targetsOf({ kind: 'generateImage', input })).toEqual(['a.b/hero.png', 'a.b/hero-2.png', 'a.b/hero-3.png']);
  expect(targetsOf({ kind: 'generateImage', input: { ...input, path: 'a.b/hero', count: 2 } })).toEqual([
    'a.b/hero',
    'a.b/hero-2',
  ]);
});

test('the picture that is edited comes last, and alone has the boxes', () => {
  const boxes = [{ x1: 0, y1: 0, x2: 10, y2: 10 }];
  const call: AgentCall = {
    kind: 'editRegion',
    input: { prompt: 'a', path: 'a.png', image: 'edit.png', references: ['style.png'], boxes },
  };
  expect(requestOf(call, sourcesOf(call)).inputs).toEqual([
    { id: 'id0', name: 'style.png', boxes: [] },
    { id: 'id1', name: 'edit.png', boxes },
  ]);
});

test.each<[string, object, boolean]>([
  ['with boxes', { boxes: [{ x1: 0, y1: 0, x2: 9, y2: 9 }] }, true],
  [
    'with boxes, where all of the answer is asked for',
    { boxes: [{ x1: 0, y1: 0, x2: 9, y2: 9 }], keepOutside: false },
    false,
  ],
  ['without boxes', { boxes: [] }, false],
])('an edit %s keeps what lies outside them: as the table says', (_, changes, keeps) => {
  const input: EditRegionInput = { prompt: 'a', path: 'b.png', image: 'a.png', ...changes };
  const call: AgentCall = { kind: 'editRegion', input };
  expect(keepsOutside(call)).toBe(keeps);
  const written = callFor(requestOf(call, sourcesOf(call)), { pictures: ['a.png'], target: 'b.png', isWhole: !keeps });
  expect(keepsOutside({ kind: 'editRegion', input: written?.input as EditRegionInput })).toBe(keeps);
});

test('no call is written of what no tool can do', () => {
  const request = requestOf({ kind: 'generateImage', input: { prompt: 'a', path: 'a.png' } }, []);
  const byAddress = { ...request, inputs: [{ id: 'x', name: 'x', url: 'https://example.com/a.png', boxes: [] }] };
  expect(callFor(byAddress, { pictures: ['a.png'], target: 'b.png' })).toBeUndefined();
  expect(callFor({ ...request, imageSet: true, setMaxImages: 4 }, { pictures: [], target: 'b.png' })).toBeUndefined();
});
