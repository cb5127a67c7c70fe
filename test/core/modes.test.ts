import { describe, expect, test } from 'vitest';
import type { ImageRequest } from '../../src/core/request.ts';
import { toWire } from '../../src/core/wire.ts';
import { aPalette, aRequest, anInput, codesOf, errorsOf, problemsOf } from './making.ts';

const box = { x1: 10, y1: 10, x2: 100, y2: 100 };

const modes = {
  'text to image': {},
  'text to image, Standard': { variant: 'wan2.7-image' },
  edit: { inputs: [anInput('a')] },
  set: { imageSet: true },
  'set from images': { imageSet: true, inputs: [anInput('a')] },
} as const satisfies Record<string, Partial<ImageRequest>>;

const options = {
  '4K': { resolution: '4K' },
  thinking: { thinking: true },
  palette: { palette: aPalette(4) },
  'four pictures': { count: 4 },
  'large custom size': { useCustomSize: true, customWidth: 4096, customHeight: 2304 },
  'small custom size': { useCustomSize: true, customWidth: 1024, customHeight: 768 },
  ratio: { aspectRatio: '1:1' },
} as const satisfies Record<string, Partial<ImageRequest>>;

type Mode = keyof typeof modes;
/** What each mode makes of each option: 'taken', 'left out' of what is sent, or the error that refuses it. */
const matrix: Record<keyof typeof options, Record<Mode, string>> = {
  '4K': {
    'text to image': 'taken',
    'text to image, Standard': 'large-needs-pro',
    edit: 'large-not-with-images',
    set: 'large-not-in-set',
    'set from images': 'large-not-with-images',
  },
  thinking: {
    'text to image': 'taken',
    'text to image, Standard': 'left out',
    edit: 'left out',
    set: 'left out',
    'set from images': 'left out',
  },
  palette: {
    'text to image': 'taken',
    'text to image, Standard': 'taken',
    edit: 'taken',
    set: 'palette-not-in-set',
    'set from images': 'palette-not-in-set',
  },
  'four pictures': {
    'text to image': 'taken',
    'text to image, Standard': 'taken',
    edit: 'taken',
    set: 'left out',
    'set from images': 'left out',
  },
  'large custom size': {
    'text to image': 'taken',
    'text to image, Standard': 'custom-side-range',
    edit: 'custom-side-range',
    set: 'custom-side-range',
    'set from images': 'custom-side-range',
  },
  'small custom size': {
    'text to image': 'taken',
    'text to image, Standard': 'taken',
    edit: 'taken',
    set: 'taken',
    'set from images': 'taken',
  },
  ratio: {
    'text to image': 'taken',
    'text to image, Standard': 'taken',
    edit: 'taken',
    set: 'taken',
    'set from images': 'taken',
  },
};
const wireName = {
  '4K': 'resolution',
  thinking: 'thinking_mode',
  palette: 'color_palette',
  'four pictures': 'num_images',
  'large custom size': 'custom_width',
  'small custom size': 'custom_width',
  ratio: 'aspect_ratio',
} as const;

for (const [option, outcomes] of Object.entries(matrix) as [keyof typeof options, Record<Mode, string>][]) {
  describe(option, () => {
    test.each(Object.entries(outcomes))('in %s: %s', (mode, outcome) => {
      const request = aRequest({ thinking: false, ...modes[mode as Mode], ...options[option] });
      const errors = errorsOf(request);
      if (outcome === 'taken' || outcome === 'left out') {
        expect(errors).toEqual([]);
        expect(wireName[option] in toWire(request, 'auto')).toBe(outcome === 'taken');
      } else {
        expect(errors).toContain(outcome);
      }
      // Nobody is left to find out by himself that an option had no effect.
      if (outcome === 'left out')
        expect(problemsOf(request).filter(({ severity }) => severity === 'note')).not.toEqual([]);
    });
  });
}

test('4K is refused for one reason, with one fix, or for none', () => {
  const everything = aRequest({ resolution: '4K', variant: 'wan2.7-image', imageSet: true, inputs: [anInput('a')] });
  const about4K = problemsOf(everything).filter(({ field }) => field === 'resolution');
  expect(new Set(about4K.map(({ fix }) => JSON.stringify(fix)))).toHaveLength(1);
});

test('all problems are found at once, errors first', () => {
  const request = {
    prompt: ' ',
    variant: 'best',
    resolution: '4K',
    count: 9,
    seed: -1,
    useCustomSize: false,
    customWidth: 1,
    thinking: true,
    palette: [{ hex: 'red', ratio: '1%' }],
    responseFormat: 'b64_json',
    watermark: 'yes',
    size: '1024x1024',
    inputs: [
      anInput('clear', {
        boxes: [
          { ...box, x2: 5000 },
          { ...box, x1: 1.5 },
          { ...box, y2: 0 },
        ],
      }),
      anInput('nowhere'),
      anInput('web', { url: 'http://localhost/' }),
    ],
  };
  const problems = problemsOf(request);
  expect(problems.map(({ code, field }) => `${field}: ${code}`).toSorted()).toEqual([
    'count: count-range',
    'inputs.0.boxes.0: box-outside',
    'inputs.0.boxes.1: box-not-whole',
    'inputs.0.boxes.2: box-empty',
    'inputs.0.boxes: boxes-too-many',
    'inputs.0: input-alpha',
    'inputs.1: input-missing',
    'inputs.2.url: input-url-private',
    'palette.0.hex: palette-hex',
    'palette.0.ratio: palette-share',
    'palette: palette-count',
    'prompt: prompt-missing',
    'resolution: large-not-with-images',
    'responseFormat: inline-answer-large',
    'seed: seed-range',
    'size: field-unknown',
    'thinking: thinking-ignored-with-images',
    'useCustomSize: custom-size-ignored',
    'variant: variant-unknown',
    'watermark: field-invalid',
  ]);
  const order = problems.map(({ severity }) => ({ error: 0, warning: 1, note: 2 })[severity]);
  expect(order).toEqual(order.toSorted((a, b) => a - b));
});

test('a broken field does not hide what is wrong with another, even when its name looks like it', () => {
  expect(codesOf({ ...aRequest(), 'palette.0': 1, palette: [{ hex: 'red', ratio: '50.00%' }] })).toEqual(
    expect.arrayContaining(['field-unknown', 'palette-count', 'palette-hex', 'palette-sum']),
  );
});
