import { aspectRatios, resolutions, responseFormats, variants } from '../src/core/modelCard.ts';
import type { Fix } from '../src/core/problem.ts';
import { type Box, emptyRequest, type ImageRequest, type InputImage, type PaletteColour } from '../src/core/request.ts';

/** A change of the form: fields to set; a field set to undefined is removed. */
export type Patch = Fix['patch'];

/** The request with a change made. */
export function withPatch(request: ImageRequest, patch: Patch): ImageRequest {
  return withoutGaps({ ...request, ...patch }) as ImageRequest;
}

/**
 * Reads any value as the content of the form. What cannot be read takes its default, since a form can be corrected and a
 * lost prompt cannot. It reads what the schema of core does, and the host holds the request against that; the schema's
 * own reader would make the panel a quarter larger.
 */
export function readRequest(value: unknown): ImageRequest {
  return { ...emptyRequest(), ...record(requestReaders)(value) };
}

/** Gives undefined for what it cannot read. */
type Reader<Value> = (value: unknown) => Value | undefined;
type Readers<Whole> = { readonly [Field in keyof Whole]-?: Reader<Whole[Field]> };

const text: Reader<string> = (value) => (typeof value === 'string' ? value : undefined);
const number: Reader<number> = (value) => (Number.isFinite(value) ? (value as number) : undefined);
const truth: Reader<boolean> = (value) => (typeof value === 'boolean' ? value : undefined);
const oneOf =
  <Value>(values: readonly Value[]): Reader<Value> =>
  (value) =>
    values.find((known) => known === value);

/** A list of which everything can be read. */
const list =
  <Item>(item: Reader<Item>): Reader<Item[]> =>
  (value) => {
    const items = Array.isArray(value) ? value.map(item) : [undefined];
    return items.includes(undefined) ? undefined : (items as Item[]);
  };

/** The fields that can be read. */
const record =
  <Whole>(readers: Readers<Whole>): Reader<Partial<Whole>> =>
  (value) =>
    typeof value === 'object' && value !== null
      ? withoutGaps(
          Object.fromEntries(
            Object.entries<Reader<unknown>>(readers).map(([field, read]) => [
              field,
              read((value as Record<string, unknown>)[field]),
            ]),
          ),
        )
      : undefined;

/** An object that must have these fields. */
const complete =
  <Whole>(readers: Readers<Whole>, fields: readonly (keyof Whole)[], defaults: Partial<Whole> = {}): Reader<Whole> =>
  (value) => {
    const found = record(readers)(value);
    return found && fields.every((field) => field in found) ? ({ ...defaults, ...found } as Whole) : undefined;
  };

const withoutGaps = (fields: object): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

const edges = { x1: number, y1: number, x2: number, y2: number };
const corners = ['x1', 'y1', 'x2', 'y2'] as const;
const box = complete<Box>({ ...edges, label: text }, corners);

const input = complete<InputImage>(
  {
    id: text,
    name: text,
    url: text,
    boxes: list(box),
    preparation: complete<NonNullable<InputImage['preparation']>>(
      { background: text, size: oneOf(['small', 'useful', 'full']) },
      ['background', 'size'],
    ),
    crop: complete(edges, corners),
  },
  ['id', 'name'],
  { boxes: [] },
);

const requestReaders: Readers<ImageRequest> = {
  prompt: text,
  variant: oneOf(variants),
  imageSet: truth,
  count: number,
  setMaxImages: number,
  setLines: list(text),
  aspectRatio: oneOf(aspectRatios),
  resolution: oneOf(resolutions),
  useCustomSize: truth,
  customWidth: number,
  customHeight: number,
  thinking: truth,
  inputs: list(input),
  palette: list(complete<PaletteColour>({ hex: text, ratio: text }, ['hex', 'ratio'])),
  seed: number,
  watermark: truth,
  responseFormat: oneOf(responseFormats),
};
