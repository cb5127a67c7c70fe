import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { requestForMissing } from '../../src/core/missingPicture.ts';
import { findProblems } from '../../src/core/preflight.ts';
import { emptyRequest } from '../../src/core/request.ts';

const made = (missing: Partial<Parameters<typeof requestForMissing>[0]>) =>
  requestForMissing({ fileName: 'hero.png', ...missing }, emptyRequest());

describe('the request for a missing picture', () => {
  test('has the words of the document, and its heading', () => {
    expect(made({ alt: 'A fox', heading: 'Animals' }).prompt).toBe('A fox (Animals)');
    expect(made({ alt: 'A fox', heading: 'A fox' }).prompt).toBe('A fox');
    expect(made({ fileName: 'red-fox_2.min.png' }).prompt).toBe('red fox 2 min');
  });

  test('is twice as large as the place, in its ratio', () => {
    expect(made({ width: 800, height: 450 })).toMatchObject({ customWidth: 1600, customHeight: 900 });
    expect(made({ width: 600, height: 900 })).toMatchObject({ customWidth: 1200, customHeight: 1800 });
  });

  test('has the usual size where the document does not give both sides', () => {
    expect(made({ width: 800 }).useCustomSize).toBe(false);
  });

  test('is one that the service takes, whatever the document says', () => {
    const side = fc.integer({ min: 1, max: 99_999 });
    const words = fc.string({ unit: 'binary', minLength: 1, maxLength: 8000 }).filter((text) => text.trim() !== '');
    fc.assert(
      fc.property(
        side,
        side,
        words,
        fc.constantFrom('wan2.7-image-pro', 'wan2.7-image'),
        (width, height, alt, variant) => {
          const request = requestForMissing({ fileName: 'a.png', alt, width, height }, { ...emptyRequest(), variant });
          const problems = findProblems(request, { images: new Map(), boxForm: 'auto' });
          expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
        },
      ),
      { numRuns: 400 },
    );
  });
});
