import { describe, expect, test } from 'vitest';
import { failureKinds } from '../../src/core/failure.ts';
import { findProblems, shapeRules } from '../../src/core/preflight.ts';
import { applyFix, type Problem } from '../../src/core/problem.ts';
import { ImageRequest } from '../../src/core/requestSchema.ts';
import { rules } from '../../src/core/rules.ts';
import { fill, fixSentences, problemSentences } from '../../src/core/sentences.ts';
import { toWire } from '../../src/core/wire.ts';
import { aPalette, aRequest, anInput, errorsOf, problemsOf, someImages } from './making.ts';
import { type Break, rows, shapeBreaks } from './ruleRows.ts';

const box = { x1: 1, y1: 2, x2: 3, y2: 4 };
const allBreaks = [...rows.flatMap(({ breaks = [] }) => breaks), ...shapeBreaks];

test('the table has every row of the dossier once, in order', () => {
  expect(rows.map(({ row }) => row)).toEqual(Array.from({ length: 42 }, (_, index) => index + 1));
  expect(rows.filter(({ breaks, holds }) => (breaks === undefined) === (holds === undefined))).toEqual([]);
});

for (const { row, says, breaks } of rows) {
  if (!breaks) continue;
  describe(`row ${row}, ${says}`, () => {
    for (const one of breaks) test(one.says, () => checkBreak(one));
  });
}

describe('the shape of a request', () => {
  for (const one of shapeBreaks) test(one.says, () => checkBreak(one));
});

function checkBreak(one: Break): void {
  const problems = problemsOf(one.request, one);
  const found = problems.find((problem) => isAbout(problem, one));
  expect(problems.map(({ code, field, severity }) => ({ code, field, severity }))).toContainEqual({
    code: one.code,
    field: one.field,
    severity: one.severity,
  });
  expect(found?.fix?.code).toBe(one.fix);
  expect(readsWell(found)).toEqual([]);
  if (one.rule !== shapeRules.shape) {
    const without = findProblems(
      one.request,
      { images: someImages, boxForm: one.boxForm ?? 'auto', refusesInline: one.refusesInline ?? false },
      (name) => name !== one.rule,
    );
    expect(
      without.filter((problem) => isAbout(problem, one)),
      `${one.rule} is the only one that finds it`,
    ).toEqual([]);
  }
  if (found?.fix) {
    const mended = applyFix(one.request as ImageRequest, found.fix);
    expect(ImageRequest.safeParse(mended).success || problems.some(({ code }) => code.startsWith('field-'))).toBe(true);
    expect(
      problemsOf(mended, one).filter((problem) => isAbout(problem, one)),
      'the fix removes it',
    ).toEqual([]);
    expect(errorsOf(mended, one).length, 'the fix brings no new error').toBeLessThanOrEqual(
      errorsOf(one.request, one).length,
    );
  }
}

function isAbout(problem: Problem, one: Break): boolean {
  return problem.code === one.code && problem.field === one.field;
}

/** Sentences in which a place is left empty, or that say a code. */
function readsWell(problem: Problem | undefined): string[] {
  if (!problem) return ['nothing found'];
  const said = [
    fill(problemSentences[problem.code], problem.args),
    ...(problem.fix ? [fill(fixSentences[problem.fix.code], problem.fix.args)] : []),
  ];
  return said.filter((sentence) => /\{\d+\}|undefined|NaN|\[object/.test(sentence));
}

describe('rows that hold by construction', () => {
  test('row 1: the wire form names the model, whatever the request', () => {
    expect(toWire(aRequest(), 'auto').model).toBe('wan2-7-image');
  });

  test('row 14: the palette goes as text', () => {
    expect(toWire(aRequest({ palette: aPalette(3) }), 'auto').color_palette).toBe(
      '[{"hex":"#000000","ratio":"33.34%"},{"hex":"#000001","ratio":"33.33%"},{"hex":"#000002","ratio":"33.33%"}]',
    );
  });

  test('row 31: boxes belong to an image, so none can be without', () => {
    expect(toWire(aRequest({ inputs: [] }), 'perImage')).not.toHaveProperty('bbox_list');
    expect(errorsOf({ ...aRequest(), boxes: [box] })).toEqual(['field-unknown']);
  });

  test('row 32: there is a list for each image', () => {
    const inputs = [anInput('a'), anInput('b', { boxes: [box] }), anInput('c')];
    expect(JSON.parse(toWire(aRequest({ inputs }), 'auto').bbox_list ?? '')).toEqual([[], [[1, 2, 3, 4]], []]);
  });
});

describe('rows that allow', () => {
  test.each([
    ['row 15: a palette with images', { inputs: [anInput('a')], palette: aPalette(10) }],
    ['row 26: a ratio with images', { inputs: [anInput('a')], aspectRatio: '9:16' }],
    ['row 36: images with a set, up to 2K', { inputs: [anInput('a')], imageSet: true, resolution: '2K' }],
    ['row 37: four pictures of an edit', { inputs: [anInput('a')], count: 4 }],
    ['row 39: a watermark', { watermark: true }],
    ['row 38: seed 0', { seed: 0 }],
    ['row 38: the last seed', { seed: 2_147_483_647 }],
    ['row 33: two boxes', { inputs: [anInput('a', { boxes: [box, box] })] }],
    ['row 34: a box of the whole image', { inputs: [anInput('a', { boxes: [{ x1: 0, y1: 0, x2: 1200, y2: 800 }] })] }],
    ['row 27: nine images', { inputs: Array.from('abcdefghi', (id) => anInput(id)) }],
    ['row 3: 5000 characters', { prompt: 'x'.repeat(5000) }],
    ['row 12: small hexadecimal letters', { palette: aPalette(3).map((colour) => ({ ...colour, hex: '#abcdef' })) }],
    ['row 21: the largest sides', { useCustomSize: true, customWidth: 4096, customHeight: 4096 }],
    ['row 21: the widest', { useCustomSize: true, customWidth: 4096, customHeight: 768 }],
    ['row 30: a public address', { inputs: [anInput('web', { url: 'https://example.com/a.jpg?x=1' })] }],
  ] as const)('%s', (_, fields) => {
    expect(errorsOf(aRequest(fields as Partial<ImageRequest>))).toEqual([]);
  });
});

test('row 42: an empty account is an answer with a kind of its own', () => {
  expect(failureKinds).toContain('no-credit');
});

describe('limits of an image, from both sides', () => {
  test.each([
    [{ width: 240, height: 240 }, []],
    [{ width: 8000, height: 8000 }, []],
    [{ width: 8000, height: 1000 }, []],
    [{ width: 1000, height: 8000 }, []],
    [{ byteLength: 20 * 1024 * 1024 }, []],
    [{ width: 239, height: 239 }, ['input-too-small']],
    [{ width: 8000, height: 999 }, ['input-ratio']],
    [{ width: 8001, height: 8001 }, ['input-too-large']],
    [{ width: 9000, height: 100 }, ['input-too-small', 'input-ratio']],
    [
      { format: 'gif', width: 1, height: 9, byteLength: 1e9, hasAlpha: true },
      ['input-format', 'input-too-small', 'input-ratio', 'input-bytes', 'input-alpha'],
    ],
  ])('%o', (facts, codes) => {
    const images = new Map([
      ['x', { format: 'png', width: 500, height: 500, byteLength: 9, hasAlpha: false, ...facts }],
    ]);
    expect(errorsOf(aRequest({ inputs: [anInput('x')] }), { images })).toEqual(codes);
  });
});

describe('the table leaves nothing out', () => {
  test('every rule has a request that breaks it', () => {
    const broken = new Set(allBreaks.map(({ rule }) => rule));
    const names = [...rules.map(({ name }) => name), ...Object.values(shapeRules)];
    expect(names.filter((name) => !broken.has(name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });

  test('every problem and every fix that has a sentence is found by some request', () => {
    const found = allBreaks.flatMap((one) => problemsOf(one.request, one));
    const codes = new Set<string>([...found.map(({ code }) => code), 'input-bytes-differ']); // that one is preflight.test.ts's
    const fixes = new Set(found.flatMap(({ fix }) => fix?.code ?? []));
    expect(Object.keys(problemSentences).filter((code) => !codes.has(code))).toEqual([]);
    expect(Object.keys(fixSentences).filter((code) => !fixes.has(code as never))).toEqual([]);
  });

  test('no finding of any of them leaves a place in its sentence empty', () => {
    expect(allBreaks.flatMap((one) => problemsOf(one.request, one)).flatMap(readsWell)).toEqual([]);
  });
});
