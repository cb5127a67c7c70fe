import { describe, expect, test } from 'vitest';
import type { AttachedImage } from '../../src/core/readyRequest.ts';
import { preflight, type Preflight } from '../../src/core/preflight.ts';
import { fill, problemSentences } from '../../src/core/sentences.ts';
import { aPalette, aRequest, anInput, attached } from './making.ts';

const noImages: ReadonlyMap<string, AttachedImage> = new Map();
const withSeven = { boxForm: 'auto', drawSeed: () => 7 } as const;

function checked(request: unknown, images = noImages, options: Parameters<typeof preflight>[2] = withSeven): Preflight {
  return preflight(request, images, options);
}

describe('the seed', () => {
  test('is drawn when it is empty, and sent', () => {
    const { ready } = checked(aRequest());
    expect(ready?.request.seed).toBe(7);
    expect(ready?.fields.seed).toBe(7);
  });

  test.each([0, 1, 2_147_483_647])('is kept when it is %i', (seed) => {
    const { ready } = checked(aRequest({ seed }), noImages, {
      boxForm: 'auto',
      drawSeed: () => {
        throw new Error('not asked');
      },
    });
    expect(ready?.fields.seed).toBe(seed);
  });

  test.each([-1, 2_147_483_648, 0.5, Number.NaN])('that is drawn as %d is a fault of ours and never sent', (seed) => {
    expect(() => checked(aRequest(), noImages, { boxForm: 'auto', drawSeed: () => seed })).toThrow(RangeError);
  });

  test('may be drawn at both ends', () => {
    for (const seed of [0, 2_147_483_647])
      expect(checked(aRequest(), noImages, { boxForm: 'auto', drawSeed: () => seed }).ready?.fields.seed).toBe(seed);
  });
});

describe('a ready request', () => {
  test('is made only without errors', () => {
    expect(checked(aRequest({ prompt: '' })).ready).toBeUndefined();
    expect(checked({}).ready).toBeUndefined();
    expect(checked(undefined).ready).toBeUndefined();
    expect(checked(aRequest({ count: 7 })).ready).toBeUndefined();
  });

  test('is made in spite of warnings and notes', () => {
    const { ready, problems } = checked(aRequest({ count: 4, responseFormat: 'b64_json', customWidth: 5 }));
    expect(problems.map(({ severity }) => severity)).toEqual(['warning', 'note']);
    expect(ready).toBeDefined();
  });

  test('has the ignored options at their defaults', () => {
    const { ready } = checked(aRequest({ imageSet: true, setMaxImages: 3, count: 4, thinking: true, customHeight: 5 }));
    expect(ready?.request).toEqual({ ...aRequest({ imageSet: true, setMaxImages: 3, thinking: false }), seed: 7 });
    const custom = checked(
      aRequest({
        useCustomSize: true,
        customWidth: 1000,
        customHeight: 900,
        resolution: '4K',
        aspectRatio: '1:1',
        setLines: ['x'],
        setMaxImages: 9,
      }),
    );
    expect(custom.ready?.request).toEqual({
      ...aRequest({ useCustomSize: true, customWidth: 1000, customHeight: 900 }),
      seed: 7,
    });
  });

  test('tells the highest price and count', () => {
    const { ready } = checked(aRequest({ imageSet: true, setMaxImages: 12 }));
    expect([ready?.highestPrice, ready?.highestCount]).toEqual([900, 12]);
  });

  test('tells the size to expect: of the preset, of the custom size, of the last image', () => {
    expect(checked(aRequest({ resolution: '1K' })).ready?.expectedSize).toEqual({ width: 1365, height: 768 });
    expect(
      checked(aRequest({ useCustomSize: true, customWidth: 1000, customHeight: 900 })).ready?.expectedSize,
    ).toEqual({ width: 1000, height: 900 });
    const images = new Map([
      ['a', attached({ width: 500, height: 500 })],
      ['b', attached({ width: 600, height: 300 })],
    ]);
    expect(
      checked(aRequest({ resolution: '1K', inputs: [anInput('a'), anInput('b')] }), images).ready?.expectedSize,
    ).toEqual({ width: 1448, height: 724 });
  });

  test('does not guess the size of an image that only the service will see', () => {
    const images = new Map([['a', attached()]]);
    const { ready } = checked(aRequest({ inputs: [anInput('a', { url: 'https://example.com/other.png' })] }), images);
    expect(ready?.expectedSize).toBeUndefined();
    expect(ready?.images).toEqual([{ kind: 'url', url: 'https://example.com/other.png' }]);
  });

  test('carries the very bytes that were checked, in the order of the request', () => {
    const images = new Map([
      ['a', attached()],
      ['b', attached({ byteLength: 50 })],
    ]);
    const { ready } = checked(aRequest({ inputs: [anInput('b'), anInput('a')] }), images);
    expect(ready?.images).toEqual([
      { kind: 'inline', mime: 'image/png', bytes: images.get('b')?.bytes },
      { kind: 'inline', mime: 'image/png', bytes: images.get('a')?.bytes },
    ]);
    expect(ready?.images[0]).toHaveProperty('bytes', images.get('b')?.bytes);
  });

  test('does not change when the input is changed afterwards', () => {
    const request = aRequest({
      palette: aPalette(3),
      inputs: [anInput('a', { boxes: [{ x1: 1, y1: 1, x2: 9, y2: 9 }] })],
    });
    const { ready } = checked(request, new Map([['a', attached()]]));
    const before = structuredClone({ request: ready?.request, fields: ready?.fields });
    request.prompt = 'another';
    request.palette.pop();
    request.inputs[0]!.boxes[0]!.x1 = -5;
    expect({ request: ready?.request, fields: ready?.fields }).toEqual(before);
  });

  test('is made of one reading: an input that answers differently the second time changes nothing', () => {
    let asked = 0;
    const { ready } = checked({
      ...aRequest(),
      get prompt() {
        asked += 1;
        return asked === 1 ? 'a cat' : 'x'.repeat(9000);
      },
    });
    expect(ready?.fields.prompt ?? 'a cat').toBe('a cat');
  });
});

describe('bytes that are not those that were measured', () => {
  const formats = {
    png: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
    jpeg: [0xff, 0xd8, 0xff, 0xe0],
    bmp: [0x42, 0x4d],
    webp: [...Buffer.from('RIFF'), 1, 2, 3, 4, ...Buffer.from('WEBP')],
  };
  const image = (format: string, start: readonly number[], length = 100): AttachedImage => {
    const bytes = new Uint8Array(length);
    bytes.set(start);
    return { bytes, facts: { format, width: 500, height: 500, byteLength: 100, hasAlpha: false } };
  };
  const request = aRequest({ inputs: [anInput('a')] });

  test.each(Object.entries(formats))('%s passes with its own signature', (format, start) => {
    const { ready } = checked(request, new Map([['a', image(format, start)]]));
    expect(ready?.images[0]).toMatchObject({ kind: 'inline', mime: `image/${format}` });
  });

  test.each(Object.keys(formats))('%s is refused with any other signature', (format) => {
    for (const [other, start] of Object.entries(formats)) {
      if (other === format) continue;
      const { ready, problems } = checked(request, new Map([['a', image(format, start)]]));
      expect(ready).toBeUndefined();
      expect(problems).toContainEqual({
        code: 'input-bytes-differ',
        field: 'inputs.0',
        severity: 'error',
        args: ['a.png'],
      });
    }
  });

  test.each([0, 1, 99, 101])('%i bytes instead of 100 are refused', (length) => {
    const start = formats.png.slice(0, length);
    const { ready, problems } = checked(request, new Map([['a', image('png', start, length)]]));
    expect(ready).toBeUndefined();
    const found = problems.find(({ code }) => code === 'input-bytes-differ');
    expect(fill(problemSentences['input-bytes-differ'], found?.args)).toBe(
      'a.png has changed since it was checked. Add the image again.',
    );
  });

  test('a format with an odd name is refused, not looked up', () => {
    for (const format of ['constructor', 'toString', '__proto__'])
      expect(checked(request, new Map([['a', image(format, formats.png)]])).ready).toBeUndefined();
  });

  test('an image that is not used is not asked about', () => {
    expect(checked(aRequest(), new Map([['a', image('png', [1, 2, 3])]])).ready).toBeDefined();
  });
});
