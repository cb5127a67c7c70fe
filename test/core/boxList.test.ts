import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chosenBoxForm, writeBoxList } from '../../src/core/boxList.ts';
import { boxForms } from '../../src/core/modelCard.ts';
import { aRequest, anInput, errorsOf } from './making.ts';

const a = { x1: 989, y1: 515, x2: 1138, y2: 681 };
const b = { x1: 1, y1: 2, x2: 3, y2: 4 };
const images = (...boxes: (typeof a)[][]) =>
  boxes.map((list, index) => anInput('abcdefghi'[index] ?? '', { boxes: list }));

const written = '[[989,515,1138,681]]';
/** The lines of the dossier's table of what to send, section 3; undefined leaves the field out. */
const table = [
  { says: 'one image, no box', inputs: images([]), auto: undefined, literal: undefined, perImage: undefined },
  { says: 'one image, one box', inputs: images([a]), auto: written, literal: written, perImage: `[${written}]` },
  {
    says: 'two images, box on the first',
    inputs: images([a], []),
    auto: `[${written},[]]`,
    literal: 'refused',
    perImage: `[${written},[]]`,
  },
  {
    says: 'two images, box on the second',
    inputs: images([], [a]),
    auto: `[[],${written}]`,
    literal: 'refused',
    perImage: `[[],${written}]`,
  },
  {
    says: 'one image, two boxes',
    inputs: images([a, b]),
    auto: '[[[989,515,1138,681],[1,2,3,4]]]',
    literal: 'refused',
    perImage: '[[[989,515,1138,681],[1,2,3,4]]]',
  },
  {
    says: 'several images, no box',
    inputs: images([], [], []),
    auto: undefined,
    literal: undefined,
    perImage: undefined,
  },
  { says: 'no image', inputs: [], auto: undefined, literal: undefined, perImage: undefined },
] as const;

const largeImages = new Map(
  Array.from('abcdefghi', (id) => [id, { format: 'png', width: 2000, height: 2000, byteLength: 9, hasAlpha: false }]),
);

describe.each(table)('$says', ({ inputs, ...forms }) => {
  test.each(boxForms)('%s', (form) => {
    const expected = forms[form];
    const errors = errorsOf(aRequest({ inputs: [...inputs] }), { boxForm: form, images: largeImages });
    if (expected === 'refused') {
      expect(errors).toEqual(['boxes-form-literal']);
    } else {
      expect(errors).toEqual([]);
      expect(writeBoxList(inputs, form)).toBe(expected);
    }
  });
});

test('any boxes of any images can be read back from the per-image form, in order', () => {
  const box = fc.record({ x1: fc.nat(), y1: fc.nat(), x2: fc.nat(), y2: fc.nat() });
  fc.assert(
    fc.property(fc.array(fc.array(box, { maxLength: 2 }), { minLength: 1, maxLength: 9 }), (lists) => {
      const text = writeBoxList(
        lists.map((boxes) => ({ boxes })),
        'perImage',
      );
      const corners = lists.map((boxes) => boxes.map(({ x1, y1, x2, y2 }) => [x1, y1, x2, y2]));
      expect(text === undefined ? lists.map(() => []) : JSON.parse(text)).toEqual(corners);
    }),
  );
});

test('what was found to work decides where the setting leaves it open, and nowhere else', () => {
  for (const form of boxForms) expect(chosenBoxForm(form, undefined)).toBe(form);
  for (const works of ['literal', 'perImage'] as const) {
    expect(chosenBoxForm('literal', works)).toBe('literal');
    expect(chosenBoxForm('perImage', works)).toBe('perImage');
  }
  const write = (inputs: ReturnType<typeof images>, works: 'literal' | 'perImage') =>
    writeBoxList(inputs, chosenBoxForm('auto', works));
  expect([write(images([a]), 'perImage'), write(images([a]), 'literal')]).toEqual([`[${written}]`, written]);
  // The page's form says nothing of several images, so that they are written as before.
  for (const works of ['literal', 'perImage'] as const) expect(write(images([a], []), works)).toBe(`[${written},[]]`);
});
