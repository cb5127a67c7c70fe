import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { catalogueOf } from '../../src/service/catalogue.ts';
import { clientFor, errorOf, json, startServer } from './rig.ts';

const model = 'wan2-7-image';
const read = (fields: object) => catalogueOf({ id: model, ...fields }, model);
const both = { 'wan2.7-image': { mills: 30 }, 'wan2.7-image-pro': { mills: 75 } };

describe('prices are read in every likely form', () => {
  test.each<[string, object]>([
    [
      'pricing_rows',
      {
        pricing_rows: [
          { label: 'Standard', unit: 'image', rate: 0.03 },
          { label: 'Pro', unit: 'image', rate: 0.075 },
        ],
      },
    ],
    [
      'pricing',
      {
        pricing: [
          { charge: 'Standard', spec: 'per image', rate: '$0.030' },
          { charge: 'Pro', spec: 'per image', rate: '$0.075' },
        ],
      },
    ],
    [
      'pricing with rows inside',
      {
        pricing: {
          currency: 'USD',
          rows: [
            { name: 'standard', price: '0.03 USD' },
            { name: 'pro', price: '0.075' },
          ],
        },
      },
    ],
    ['prices by name', { pricing: { standard: 0.03, pro: 0.075 } }],
    [
      'prices by variant',
      { pricing: { 'wan2.7-image': { amount: 0.03, currency: 'USD' }, 'wan2.7-image-pro': { amount: '0.075' } } },
    ],
    [
      'amounts with a currency',
      {
        pricing: [
          { variant: 'wan2.7-image', price: { amount: 0.03, currency: 'USD' } },
          { variant: 'wan2.7-image-pro', price: { value: 0.075 } },
        ],
      },
    ],
  ])('%s', (_, fields) => expect(read(fields)?.prices).toEqual(both));

  test('the dearest of several rows about one variant counts, and a part of a thousandth as a whole one', () => {
    const rows = [
      { label: 'Pro 2K', rate: 0.075 },
      { label: 'Pro 4K', rate: 0.1501 },
      { label: 'Standard', rate: 0.0301 },
    ];
    expect(read({ pricing_rows: rows })?.prices).toEqual({
      'wan2.7-image-pro': { mills: 151 },
      'wan2.7-image': { mills: 31 },
    });
  });

  test('an amount that is exact in thousandths stays so', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), (mills) => {
        expect(read({ pricing: { pro: mills / 1000 } })?.prices).toEqual({ 'wan2.7-image-pro': { mills } });
        expect(read({ pricing: { pro: `$${(mills / 1000).toFixed(3)}` } })?.prices).toEqual({
          'wan2.7-image-pro': { mills },
        });
      }),
    );
  });
});

describe('a price that is there and not understood is told as such', () => {
  test.each<[string, object]>([
    ['another unit', { label: 'Pro', rate: 0.075, unit: 'megapixel' }],
    ['another currency', { label: 'Pro', rate: 0.075, currency: 'EUR' }],
    ['words', { label: 'Pro', rate: 'on request' }],
    ['no amount', { label: 'Pro' }],
    ['nothing', { label: 'Pro', rate: 0 }],
    ['less than nothing', { label: 'Pro', rate: -1 }],
    ['thousandths of a dollar', { label: 'Pro', rate: 75 }],
    ['two amounts', { label: 'Pro', rate: '0.03-0.075' }],
  ])('%s', (_, row) => {
    expect(read({ pricing_rows: [row] })?.prices).toEqual({ 'wan2.7-image-pro': { unread: expect.any(String) } });
  });

  test('one row that is understood does not speak for another that is not', () => {
    const rows = [
      { label: 'Pro 2K', rate: 0.075 },
      { label: 'Pro 4K', rate: 'more' },
    ];
    expect(read({ pricing_rows: rows })?.prices).toEqual({ 'wan2.7-image-pro': { unread: 'more' } });
  });
});

describe('parameters are read in every likely form', () => {
  test.each<[string, unknown]>([
    ['min and max', { min: 1, max: 4 }],
    ['minimum and maximum', { minimum: 1, maximum: 4 }],
    ['a range in words', { range: '1 – 4' }],
    ['a range as a list', { range: [1, 4] }],
    ['a range as an object', { range: { min: 1, max: 4 } }],
    ['numbers in words', { min: '1', max: '4' }],
  ])('%s', (_, limits) => {
    const wanted = new Map([['num_images', { min: 1, max: 4 }]]);
    expect(read({ supported_parameters: [{ name: 'num_images', ...(limits as object) }] })?.parameters).toEqual(wanted);
    expect(read({ parameters: { num_images: limits } })?.parameters).toEqual(wanted);
    expect(read({ parameters: { type: 'object', properties: { num_images: limits } } })?.parameters).toEqual(wanted);
  });

  test('names alone, options and defaults', () => {
    const list = ['seed', { id: 'resolution', enum: ['1K', { value: '2K' }], default: '2K' }, 7, { nameless: true }];
    expect(read({ supported_parameters: list })?.parameters).toEqual(
      new Map([
        ['seed', {}],
        ['resolution', { options: ['1K', '2K'], default: '2K' }],
      ]),
    );
    expect(read({})?.parameters).toBeUndefined();
  });
});

test('the entry is found in an envelope and in a list, and no other one is taken for it', () => {
  const entry = { id: model, pricing: { pro: 0.075 } };
  for (const answer of [
    entry,
    { data: entry },
    { data: [{ id: 'other', pricing: { pro: 9 } }, entry] },
    { model: entry },
  ])
    expect(catalogueOf(answer, model)?.prices).toEqual({ 'wan2.7-image-pro': { mills: 75 } });
  for (const answer of [
    { id: 'other', pricing: { pro: 9 } },
    { data: [] },
    [],
    'text',
    null,
    7,
    { data: { id: 'other' } },
  ])
    expect(catalogueOf(answer, model)).toBeUndefined();
});

test('no answer whatever makes the reader throw, nor a price that is none', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (pricing, parameters) => {
      const found = read({ pricing, supported_parameters: parameters });
      for (const price of Object.values(found?.prices ?? {}))
        expect('unread' in price || (Number.isInteger(price.mills) && price.mills > 0 && price.mills <= 10_000)).toBe(
          true,
        );
    }),
  );
});

test('the client asks for the page of the model, with the key and only once', async () => {
  const server = await startServer(json({ id: model, pricing: { pro: 0.08 } }));
  const { client } = await clientFor(server.url);
  expect((await client.catalogue())?.prices).toEqual({ 'wan2.7-image-pro': { mills: 80 } });
  expect(server.whole.map(({ method, path }) => `${method} ${path}`)).toEqual([`GET /v1/models/${model}`]);
});

test('a service without that page says so by its status', async () => {
  const server = await startServer(json({ error: { code: 'model_not_found', message: 'There is none.' } }, 404));
  const { client } = await clientFor(server.url);
  const error = await errorOf(client.catalogue());
  expect(error.failure).toMatchObject({ status: 404, mayBeBilled: false });
});
