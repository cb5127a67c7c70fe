import * as fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { usagePageOf } from '../../src/service/usage.ts';
import { startSimulator } from '../../src/simulator/server.ts';
import { canaryKey, clientFor, errorOf, json, ready, startServer } from './rig.ts';

const size = { use_custom_size: true, custom_width: 768, custom_height: 768 } as const;

test('past requests of the simulator come with time, cost and addresses, page after page', async () => {
  let now = Date.parse('2026-11-22T10:00:00Z');
  const simulator = await startSimulator({ queueMs: 0, renderMs: 0, usageOfOthers: true, clock: () => now });
  onTestFinished(() => simulator.stop());
  const { client } = await clientFor(simulator.url);
  simulator.addFaults([{ at: 'submit', kind: 'job-failed' }]);
  for (let count = 0; count < 103; count++) {
    await client.submit(ready([], size));
    now += 1_000;
  }
  const first = await client.usage();
  expect(first.events).toHaveLength(100);
  const second = await client.usage({ before: first.next ?? '' });
  expect(second.events).toHaveLength(3);
  expect(second.next).toBeUndefined();
  const all = [...first.events, ...second.events];
  expect(new Set(all.map(({ id }) => id)).size).toBe(103);
  expect(all.map(({ createdAt = 0 }) => createdAt)).toEqual(
    Array.from({ length: 103 }, (_, index) => Date.parse('2026-11-22T10:00:00Z') + (102 - index) * 1_000),
  );
  expect(all.filter(({ isError }) => isError)).toEqual([all.at(-1)]);
  expect(all[0]).toMatchObject({ cost: 0.075, model: 'wan2-7-image', endpoint: '/v1/images/generations' });
  expect(all[0]?.addresses).toHaveLength(1);
});

test('only this model is asked for, with the key, and a cursor is never read as more than a value', async () => {
  const server = await startServer(json({ data: [] }));
  const { client } = await clientFor(server.url);
  await client.usage({ before: 'a&model=other#/../x' });
  const [request] = server.whole;
  const { pathname, searchParams } = new URL(request?.path ?? '', server.url);
  expect(pathname).toBe('/v1/account/usage');
  expect(Object.fromEntries(searchParams)).toEqual({
    model: 'wan2-7-image',
    limit: '100',
    before: 'a&model=other#/../x',
  });
  expect(request?.headers.authorization).toBe(`Bearer ${canaryKey}`);
});

test.each([
  ['seconds', { created: 1_790_000_000 }],
  ['milliseconds', { timestamp: 1_790_000_000_000 }],
  ['digits', { created_at: '1790000000' }],
  ['a date', { time: new Date(1_790_000_000_000).toISOString() }],
])('the time of an event may be written as %s', (_, fields) => {
  expect(usagePageOf({ data: [fields] })?.events[0]?.createdAt).toBe(1_790_000_000_000);
});

test.each([
  ['texts', { output_urls: ['https://a.example/1.png', 'ftp://a.example/2.png', 7] }],
  ['objects', { output_urls: [{ url: 'https://a.example/1.png' }, {}] }],
  ['one text', { output_urls: 'https://a.example/1.png' }],
])('addresses may be %s', (_, fields) => {
  expect(usagePageOf({ data: [fields] })?.events[0]?.addresses).toEqual(['https://a.example/1.png']);
});

test('a field that is missing, strange or new is left out and throws nothing', () => {
  const field = fc.constantFrom(
    'id',
    'created_at',
    'status',
    'status_code',
    'cost',
    'output_urls',
    'model',
    'metadata',
  );
  const event = fc.dictionary(field, fc.jsonValue());
  fc.assert(
    fc.property(fc.array(fc.oneof(event, fc.jsonValue())), fc.jsonValue(), (data, next) => {
      const page = usagePageOf({ data, next_cursor: next, new_field: 1 });
      for (const { createdAt = 1, cost = 0, addresses } of page?.events ?? []) {
        expect(Number.isInteger(createdAt) && createdAt > 0 && cost >= 0).toBe(true);
        expect(addresses.every((address) => /^https?:/i.test(address))).toBe(true);
      }
    }),
  );
  fc.assert(fc.property(fc.jsonValue(), (value) => void usagePageOf(value)));
});

test.each([
  ['a refused key', { status: 401, body: { error: { code: 'invalid_api_key', message: 'no' } } }, 'key-refused'],
  ['a web page', { status: 200, body: '<html>' }, 'unexpected'],
  ['a list that is none', { status: 200, body: { balance: 3 } }, 'unexpected'],
  ['trouble', { status: 503, body: {} }, 'unavailable'],
])('%s is a failure that cost nothing', async (_, { status, body }, kind) => {
  const server = await startServer(json(body, status));
  const { client } = await clientFor(server.url);
  const { failure } = await errorOf(client.usage());
  expect(failure).toMatchObject({ kind, mayBeBilled: false });
  expect(server.whole).toHaveLength(1);
});
