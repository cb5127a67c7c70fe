import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boxForms, modelCard } from '../../src/core/modelCard.ts';
import { findProblems, preflight } from '../../src/core/preflight.ts';
import type { ImageRequest } from '../../src/core/request.ts';
import { toWire } from '../../src/core/wire.ts';
import { someRequest } from './arbitraries.ts';
import { aRequest, anInput, someImages } from './making.ts';

/** Sections 6 and 3 of the service dossier: each sample as a request of ours, and the body it makes but for the images. */
describe('the samples of the service dossier', () => {
  const defaults = {
    model: 'wan2-7-image',
    model_variant: 'wan2.7-image-pro',
    watermark: false,
    response_format: 'url',
  };
  const box = { x1: 989, y1: 515, x2: 1138, y2: 681 };

  test.each([
    [
      'text to image, Pro, 4K',
      { prompt: 'a misty forest at dawn', aspectRatio: '16:9', resolution: '4K', seed: 42 },
      {
        ...defaults,
        prompt: 'a misty forest at dawn',
        aspect_ratio: '16:9',
        resolution: '4K',
        num_images: 1,
        thinking_mode: true,
        seed: 42,
      },
    ],
    [
      'custom size, Standard',
      {
        prompt: 'icon sheet',
        variant: 'wan2.7-image',
        useCustomSize: true,
        customWidth: 1536,
        customHeight: 768,
        count: 2,
      },
      {
        ...defaults,
        prompt: 'icon sheet',
        model_variant: 'wan2.7-image',
        use_custom_size: true,
        custom_width: 1536,
        custom_height: 768,
        num_images: 2,
      },
    ],
    [
      'edit, one image, one box',
      { prompt: 'replace the sign', inputs: [anInput('a', { boxes: [box] })] },
      { ...defaults, prompt: 'replace the sign', resolution: '2K', num_images: 1, bbox_list: '[[989,515,1138,681]]' },
    ],
    [
      'edit, two images, box on the first',
      {
        prompt: 'put the clock of image 2 into the boxed place of image 1',
        inputs: [anInput('a', { boxes: [box] }), anInput('b')],
      },
      {
        ...defaults,
        prompt: 'put the clock of image 2 into the boxed place of image 1',
        resolution: '2K',
        num_images: 1,
        bbox_list: '[[[989,515,1138,681]],[]]',
      },
    ],
    [
      'palette',
      {
        prompt: 'poster',
        palette: [
          { hex: '#C2D1E6', ratio: '50.00%' },
          { hex: '#636574', ratio: '30.00%' },
          { hex: '#DAE0EC', ratio: '20.00%' },
        ],
      },
      {
        ...defaults,
        prompt: 'poster',
        resolution: '2K',
        num_images: 1,
        thinking_mode: true,
        color_palette:
          '[{"hex":"#C2D1E6","ratio":"50.00%"},{"hex":"#636574","ratio":"30.00%"},{"hex":"#DAE0EC","ratio":"20.00%"}]',
      },
    ],
    [
      'image set',
      { prompt: 'Seasons', imageSet: true, setMaxImages: 4, setLines: ['spring', 'summer'] },
      {
        ...defaults,
        prompt: 'Seasons\nFirst image: spring\nSecond image: summer',
        resolution: '2K',
        enable_sequential: true,
        num_images_set: 4,
      },
    ],
  ] as const)('%s', (_, fields, body) => {
    expect(toWire(aRequest(fields as unknown as Partial<ImageRequest>), 'auto')).toEqual(body);
  });
});

/** JSON type of every field the model page documents, but `image`, which the client adds. */
const documented: Readonly<Record<string, 'string' | 'number' | 'boolean'>> = {
  model: 'string',
  prompt: 'string',
  model_variant: 'string',
  aspect_ratio: 'string',
  resolution: 'string',
  use_custom_size: 'boolean',
  custom_width: 'number',
  custom_height: 'number',
  enable_sequential: 'boolean',
  num_images: 'number',
  num_images_set: 'number',
  thinking_mode: 'boolean',
  color_palette: 'string',
  bbox_list: 'string',
  seed: 'number',
  watermark: 'boolean',
  response_format: 'string',
};

describe('any request', () => {
  test('has the documented fields only, each of its documented type, and survives JSON', () => {
    fc.assert(
      fc.property(someRequest, fc.constantFrom(...boxForms), (request, boxForm) => {
        const fields = toWire(request, boxForm);
        for (const [name, value] of Object.entries(fields))
          expect([name, typeof value]).toEqual([name, documented[name]]);
        expect(JSON.parse(JSON.stringify(fields))).toEqual(fields);
        for (const never of ['size', 'n', 'image', 'sync', 'wait', 'template', 'negative_prompt', 'disable_formatting'])
          expect(fields).not.toHaveProperty(never);
      }),
      { numRuns: 500 },
    );
  });

  test('leaves out what its mode ignores', () => {
    fc.assert(
      fc.property(someRequest, fc.constantFrom(...boxForms), (request, boxForm) => {
        const fields = toWire(request, boxForm);
        const isPlain = request.variant === 'wan2.7-image-pro' && !request.imageSet && request.inputs.length === 0;
        expect('thinking_mode' in fields).toBe(isPlain);
        expect('num_images' in fields).toBe(!request.imageSet);
        expect('num_images_set' in fields).toBe(request.imageSet);
        expect('enable_sequential' in fields).toBe(request.imageSet);
        expect('color_palette' in fields).toBe(!request.imageSet && request.palette.length > 0);
        expect('use_custom_size' in fields).toBe(request.useCustomSize);
        expect('resolution' in fields).toBe(!request.useCustomSize);
        expect('aspect_ratio' in fields).toBe(!request.useCustomSize && request.aspectRatio !== undefined);
        expect('custom_width' in fields).toBe(request.useCustomSize && request.customWidth !== undefined);
        expect('custom_height' in fields).toBe(request.useCustomSize && request.customHeight !== undefined);
        expect('bbox_list' in fields).toBe(request.inputs.some(({ boxes }) => boxes.length > 0));
      }),
      { numRuns: 500 },
    );
  });

  test('writes the lists that the service wants as text as text that reads back', () => {
    fc.assert(
      fc.property(someRequest, (request) => {
        const { color_palette, bbox_list } = toWire(request, 'perImage');
        if (color_palette !== undefined) expect(JSON.parse(color_palette)).toEqual(request.palette);
        if (bbox_list !== undefined)
          expect(JSON.parse(bbox_list)).toEqual(
            request.inputs.map(({ boxes }) => boxes.map(({ x1, y1, x2, y2 }) => [x1, y1, x2, y2])),
          );
      }),
    );
  });

  test('that preflight accepts makes a body of the same fields and nothing more', () => {
    let accepted = 0;
    const images = new Map(
      [...someImages].map(([id, facts]) => [id, { bytes: pngOf(100), facts: { ...facts, byteLength: 100 } }]),
    );
    fc.assert(
      fc.property(someRequest, (request) => {
        const { ready, problems } = preflight(request, images, { boxForm: 'auto', drawSeed: () => 5 });
        expect(ready === undefined).toBe(
          findProblems(request, { images: someImages, boxForm: 'auto' }).some(({ severity }) => severity === 'error'),
        );
        if (!ready) return;
        accepted += 1;
        expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
        expect(ready.fields).toEqual({ ...toWire(request, 'auto'), seed: request.seed ?? 5 });
        expect(ready.images).toHaveLength(request.inputs.length);
      }),
      { numRuns: 1500 },
    );
    expect(accepted).toBeGreaterThan(20);
  });
});

test('the documented fields are those of the model card', () => {
  expect(toWire(aRequest(), 'auto').model).toBe(modelCard.model);
});

function pngOf(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return bytes;
}
