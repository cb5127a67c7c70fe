import * as fc from 'fast-check';
import { aspectRatios, resolutions, responseFormats, variants } from '../../src/core/modelCard.ts';
import type { ImageRequest } from '../../src/core/request.ts';
import { aPalette, anInput } from './making.ts';

const someBox = fc
  .record({
    x1: fc.nat(9),
    y1: fc.nat(9),
    x2: fc.integer({ min: 10, max: 300 }),
    y2: fc.integer({ min: 10, max: 300 }),
    label: fc.option(fc.string(), { nil: undefined }),
  })
  .map(({ label, ...box }) => (label === undefined ? box : { ...box, label }));
const someInputs = fc
  .uniqueArray(fc.constantFrom(...'abcdefghijkl'), { maxLength: 10 })
  .chain((ids) =>
    fc.tuple(...ids.map((id) => fc.array(someBox, { maxLength: 3 }).map((boxes) => anInput(id, { boxes })))),
  );
/** Readable requests around the limits of every option, good and bad; their boxes lie inside {@link someImages}. */
export const someRequest: fc.Arbitrary<ImageRequest> = fc
  .record({
    prompt: fc.string({ unit: 'grapheme' }),
    variant: fc.constantFrom(...variants),
    imageSet: fc.boolean(),
    count: fc.integer({ min: 0, max: 5 }),
    setMaxImages: fc.integer({ min: 0, max: 13 }),
    setLines: fc.array(fc.string(), { maxLength: 13 }),
    aspectRatio: fc.option(fc.constantFrom(...aspectRatios), { nil: undefined }),
    resolution: fc.constantFrom(...resolutions),
    useCustomSize: fc.boolean(),
    customWidth: fc.option(fc.integer({ min: 700, max: 4200 }), { nil: undefined }),
    customHeight: fc.option(fc.integer({ min: 700, max: 4200 }), { nil: undefined }),
    thinking: fc.boolean(),
    inputs: someInputs,
    palette: fc.integer({ min: 0, max: 11 }).map((colours) => (colours === 0 ? [] : aPalette(colours))),
    seed: fc.option(fc.integer({ min: -1, max: 2_147_483_647 }), { nil: undefined }),
    watermark: fc.boolean(),
    responseFormat: fc.constantFrom(...responseFormats),
  })
  .map(
    (fields) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as ImageRequest,
  );
