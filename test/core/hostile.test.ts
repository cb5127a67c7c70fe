import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boxForms } from '../../src/core/modelCard.ts';
import { findProblems, preflight } from '../../src/core/preflight.ts';
import { applyFix } from '../../src/core/problem.ts';
import { ImageRequest } from '../../src/core/requestSchema.ts';
import { fill, fixSentences, problemSentences } from '../../src/core/sentences.ts';
import { someRequest } from './arbitraries.ts';
import { aRequest, anInput, codesOf, problemsOf, someImages } from './making.ts';

const runs = process.env['WAN_FULL'] === '1' ? 10_000 : 400;
const known = { images: someImages, boxForm: 'auto' } as const;

/** Request-like values: the real fields with good values, odd ones and anything at all. */
const nearly = fc.record(
  {
    prompt: fc.oneof(fc.string({ unit: 'binary' }), fc.anything()),
    variant: fc.oneof(fc.constantFrom('wan2.7-image-pro', 'wan2.7-image'), fc.anything()),
    imageSet: fc.oneof(fc.boolean(), fc.anything()),
    count: fc.oneof(fc.double(), fc.integer(), fc.anything()),
    setMaxImages: fc.oneof(fc.double(), fc.anything()),
    setLines: fc.oneof(fc.array(fc.string()), fc.anything()),
    aspectRatio: fc.oneof(fc.constantFrom('1:1', '16:9'), fc.anything()),
    resolution: fc.oneof(fc.constantFrom('1K', '4K'), fc.anything()),
    useCustomSize: fc.oneof(fc.boolean(), fc.anything()),
    customWidth: fc.oneof(fc.double(), fc.anything()),
    customHeight: fc.oneof(fc.double(), fc.anything()),
    thinking: fc.oneof(fc.boolean(), fc.anything()),
    inputs: fc.oneof(
      fc.array(
        fc.record(
          {
            id: fc.oneof(fc.constantFrom(...someImages.keys()), fc.string()),
            name: fc.string(),
            url: fc.oneof(fc.webUrl(), fc.string()),
            boxes: fc.array(
              fc.record(
                { x1: fc.double(), y1: fc.integer(), x2: fc.double(), y2: fc.integer(), label: fc.string() },
                { requiredKeys: ['x1', 'y1', 'x2', 'y2'] },
              ),
            ),
          },
          { requiredKeys: ['id', 'name'] },
        ),
      ),
      fc.anything(),
    ),
    palette: fc.oneof(
      fc.array(
        fc.record({ hex: fc.string(), ratio: fc.oneof(fc.constantFrom('0.00%', '50.00%', '999.99%'), fc.string()) }),
      ),
      fc.anything(),
    ),
    seed: fc.oneof(fc.double(), fc.anything()),
    watermark: fc.oneof(fc.boolean(), fc.anything()),
    responseFormat: fc.oneof(fc.constantFrom('url', 'b64_json'), fc.anything()),
  },
  { requiredKeys: [] },
);
const anything = fc.oneof(
  nearly,
  fc.anything({
    withBigInt: true,
    withBoxedValues: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withObjectString: true,
    withSet: true,
    withSparseArray: true,
    withTypedArray: true,
  }),
);

test('finds the problems of any value and never throws; each can be said, and each fix can be applied', () => {
  fc.assert(
    fc.property(anything, fc.constantFrom(...boxForms), (value, boxForm) => {
      const problems = findProblems(value, { images: someImages, boxForm });
      const said = problems.flatMap(({ code, args, fix }) => [
        fill(
          problemSentences[code],
          args?.filter((arg) => typeof arg === 'number'),
        ),
        fix ? fill(fixSentences[fix.code], fix.args) : '',
      ]);
      if (said.some((sentence) => /undefined|NaN/.test(sentence))) throw new Error(said.join('\n'));
      for (const { fix } of problems.slice(0, 20)) if (fix) findProblems(applyFix(value as ImageRequest, fix), known);
      const isAccepted = !problems.some(({ severity }) => severity === 'error');
      if (isAccepted) expect(ImageRequest.safeParse({ prompt: '', ...(value as object) }).success).toBe(true);
    }),
    { numRuns: runs },
  );
});

test('any fix of any readable request removes its problem', () => {
  const count = (codes: readonly string[], code: string): number => codes.filter((other) => other === code).length;
  const applied = new Set<string>();
  const odd = fc.record({
    seed: fc.double({ noNaN: true, min: -1e10, max: 1e10 }),
    count: fc.double({ noNaN: true, min: -3, max: 9 }),
    customWidth: fc.double({ noNaN: true, min: -9, max: 9999 }),
    id: fc.constantFrom(...someImages.keys(), 'nowhere', 'a'),
    x1: fc.double({ noNaN: true, min: -50, max: 1500 }),
    y2: fc.integer({ min: -50, max: 1500 }),
    ratio: fc.constantFrom('0.00%', '10%', '12.34%', '99.99%'),
  });
  fc.assert(
    fc.property(
      someRequest,
      odd,
      fc.constantFrom(...boxForms),
      (request, { id, x1, y2, ratio, ...numbers }, boxForm) => {
        const damaged = {
          ...request,
          ...numbers,
          inputs: [...request.inputs, anInput(id, { boxes: [{ x1, y1: 5, x2: 700, y2 }] })],
          palette: request.palette.map((colour, index) => (index === 1 ? { ...colour, ratio } : colour)),
        };
        for (const whole of [request, damaged]) {
          const codes = codesOf(whole, { boxForm });
          for (const { code, fix } of problemsOf(whole, { boxForm })) {
            if (!fix) continue;
            applied.add(`${fix.code} for ${code}`);
            if (count(codesOf(applyFix(whole, fix), { boxForm }), code) >= count(codes, code))
              throw new Error(`${fix.code} does not help against ${code}`);
          }
        }
      },
    ),
    { numRuns: runs },
  );
  expect(applied.size).toBeGreaterThan(25);
});

test('preflight answers for any value too, and makes nothing ready of what is broken', () => {
  fc.assert(
    fc.property(anything, (value) => {
      const { problems, ready } = preflight(value, new Map(), { boxForm: 'auto', drawSeed: () => 1 });
      expect(ready === undefined).toBe(problems.some(({ severity }) => severity === 'error'));
    }),
    { numRuns: runs },
  );
});

describe('values that fight back', () => {
  const cycle: Record<string, unknown> = { prompt: 'x' };
  cycle['inputs'] = [cycle];
  let deep: unknown = 1;
  for (let depth = 0; depth < 100_000; depth++) deep = [deep];
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  const throwing = (): never => {
    throw new Error('not for you');
  };

  test.each<[string, unknown]>([
    ['a getter that throws', Object.defineProperty({ prompt: 'x' }, 'seed', { get: throwing, enumerable: true })],
    [
      'a getter that throws, inside',
      { prompt: 'x', palette: [Object.defineProperty({}, 'hex', { get: throwing, enumerable: true })] },
    ],
    [
      'a proxy that throws',
      new Proxy(
        {},
        {
          get: throwing,
          ownKeys: throwing,
          has: throwing,
          getOwnPropertyDescriptor: throwing,
          getPrototypeOf: throwing,
        },
      ),
    ],
    ['a revoked proxy', revoked.proxy],
    ['a function', () => 'x'],
    ['a symbol', Symbol('x')],
    ['a cycle', cycle],
    ['a deep list', { prompt: 'x', palette: deep }],
    ['a deep value', deep],
    ['a prototype in JSON', JSON.parse('{"prompt":"x","__proto__":{"seed":-1},"constructor":{"prototype":{"a":1}}}')],
    ['a bigint', { prompt: 'x', seed: 5n }],
    ['a prompt with its own ways', { prompt: { trim: throwing, toString: throwing } }],
    ['inputs that are no list', { prompt: 'x', inputs: { length: 3, 0: anInput('a') } }],
    ['a date', new Date(0)],
    ['a list with a prompt', Object.assign([1], { prompt: 'x' })],
  ])('%s is refused', (_, value) => {
    expect(findProblems(value, known).some(({ severity }) => severity === 'error')).toBe(true);
  });

  test('nothing leaks into other objects', () => {
    findProblems(
      JSON.parse('{"prompt":"x","__proto__":{"polluted":1},"inputs":[{"__proto__":{"polluted":1}}]}'),
      known,
    );
    expect({}).not.toHaveProperty('polluted');
  });

  test('an inherited field is none of the request', () => {
    const heir = Object.create({ seed: -5, count: 99 }) as Record<string, unknown>;
    heir['prompt'] = 'x';
    expect(codesOf(heir)).toEqual([]);
  });
});

/** A list of that many times the same. */
const listOf = <Value>(count: number, value: Value): Value[] => Array.from({ length: count }, () => value);

describe('very large values are judged at once', () => {
  const many = 1_000_000;
  const boxes = listOf(many, { x1: 0, y1: 0, x2: 0.5, y2: 1, label: 'hat' });
  test.each<[string, () => unknown]>([
    ['colours', () => ({ prompt: 'x', palette: listOf(many, { hex: 'x', ratio: 'y' }) })],
    ['colours that are none', () => ({ prompt: 'x', palette: listOf(many, 'red') })],
    ['holes', () => ({ prompt: 'x', palette: Array(many), setLines: Array(many), inputs: Array(many) })],
    ['images', () => ({ prompt: 'x', inputs: listOf(many, anInput('a')) })],
    ['boxes', () => ({ prompt: 'x', inputs: [{ id: 'a', name: 'a', boxes }] })],
    [
      'boxes on many images',
      () => ({ prompt: 'x', inputs: listOf(200, { id: 'a', name: 'a', boxes: boxes.slice(0, 200) }) }),
    ],
    ['lines', () => ({ prompt: 'x', imageSet: true, setLines: listOf(many, 'spring') })],
    ['letters', () => ({ prompt: '😀'.repeat(many) })],
    ['letters of a hex', () => ({ prompt: 'x', palette: [{ hex: '#'.repeat(many), ratio: '1'.repeat(many) }] })],
    [
      'just as many as are looked at',
      () => ({
        prompt: 'x',
        imageSet: true,
        setLines: listOf(200, 'spring'),
        palette: listOf(200, { hex: '', ratio: '1.00%' }),
        inputs: listOf(200, anInput('a', { boxes: listOf(200, { x1: 0.5, y1: 0, x2: 1, y2: 1 }) })),
      }),
    ],
    ['the same, readable palette', () => ({ prompt: 'x', palette: listOf(200, { hex: '', ratio: '1.00%' }) })],
  ])('%s', (_, make) => {
    const value = make();
    const started = secondsOfWork();
    const problems = findProblems(value, known);
    expect(secondsOfWork() - started).toBeLessThan(1.5);
    expect(problems.some(({ severity }) => severity === 'error')).toBe(true);
    expect(problems.length).toBeLessThan(1000);
  });

  test('a usual request takes far less than a frame', () => {
    const request = aRequest({ inputs: [anInput('a', { boxes: [{ x1: 1, y1: 1, x2: 9, y2: 9 }] })] });
    for (let warm = 0; warm < 200; warm++) findProblems(request, known);
    const started = secondsOfWork();
    for (let run = 0; run < 200; run++) findProblems(request, known);
    expect((secondsOfWork() - started) / 200).toBeLessThan(0.002);
  });
});

/** Time this process has worked, which does not grow while others keep the machine busy. */
function secondsOfWork(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
