import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { createClient } from '../../src/service/client.ts';
import type { WaitNews } from '../../src/service/types.ts';
import { canaryKey, clientFor, errorOf, fakePicture, inTurn, json, type Respond, startServer } from './rig.ts';

const queued = json({ job_id: 'j', status: 'queued' });
const working = json({ job_id: 'j', status: 'processing', progress: 0.5 });
const completed = json({
  job_id: 'j',
  status: 'completed',
  result: { data: [{ url: 'https://cdn.example/x.png' }], usage: { billable_units: 1, billing_unit: 'image' } },
});
const unknown = json({ error: { message: 'No such job', code: 'not_found' } }, 404);
const dropped: Respond = (response) => void response.destroy();
const html: Respond = (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>');

test('a job is asked about until it has its pictures, and its news are told', async () => {
  const server = await startServer(inTurn(queued, working, completed));
  const { client, clock } = await clientFor(server.url);
  const news: WaitNews[] = [];
  const end = await client.wait('job/../1', { startedAt: clock.now(), onNews: (one) => news.push(one) });
  expect(end).toEqual({
    state: 'completed',
    items: [{ kind: 'url', url: 'https://cdn.example/x.png' }],
    billedImages: 1,
  });
  expect(news).toEqual([
    { state: 'queued', late: false },
    { state: 'processing', progress: 0.5, late: false },
  ]);
  expect(server.whole.map(({ path }) => path)).toEqual(Array(3).fill('/v1/jobs/job%2F..%2F1'));
  expect(server.whole[0]?.headers.authorization).toBe(`Bearer ${canaryKey}`);
});

test('questions come after three seconds at first and ten later, and every minute when the job is late', async () => {
  let asked = 0;
  const server = await startServer((response, request) => (++asked > 110 ? completed : working)(response, request));
  const { client, clock } = await clientFor(server.url);
  const news: WaitNews[] = [];
  await client.wait('j', { startedAt: clock.now(), onNews: (one) => news.push(one) });
  expect(clock.slept[0]).toBe(3000);
  expect(clock.slept.slice(0, 20)).toEqual(clock.slept.slice(0, 20).sort((one, other) => one - other));
  expect(clock.slept[20]).toBe(10_000);
  expect(clock.slept.at(-1)).toBe(60_000);
  expect(news.findIndex(({ late }) => late)).toBeGreaterThan(80);
  expect(news.at(-1)?.late).toBe(true);
});

test('a job from an earlier session is asked about at once', async () => {
  const server = await startServer(completed);
  const { client, clock } = await clientFor(server.url);
  await client.wait('j', { startedAt: clock.now() - 60_000 });
  expect(clock.slept).toEqual([0]);
});

test('a job that began in the future, by a clock that was set back, waits no longer than a new one', async () => {
  const server = await startServer(completed);
  const { client, clock } = await clientFor(server.url);
  await client.wait('j', { startedAt: clock.now() + 7_200_000 });
  expect(clock.slept).toEqual([3000]);
});

test('lost connections, gateway errors, web pages, nonsense and 429 are ridden out', async () => {
  const busy = json({ error: { message: 'slow down' } }, 429, { 'retry-after': '45' });
  const server = await startServer(
    inTurn(
      queued,
      dropped,
      json({}, 502),
      html,
      (response) => void response.end(),
      busy,
      (response) => void response.writeHead(302, { location: '/' }).end(),
      json({ x: 1 }),
      unknown,
      completed,
    ),
  );
  const { client, clock, lines } = await clientFor(server.url);
  expect(await client.wait('j', { startedAt: clock.now() })).toMatchObject({ state: 'completed' });
  expect(Math.max(...clock.slept)).toBeGreaterThanOrEqual(45_000);
  expect(lines.join('\n')).toContain('429');
});

test('an outage of a day does not end the wait', async () => {
  const server = await startServer(dropped);
  const { client, clock } = await clientFor(server.url, { options: { pace: { requestsPerMinute: 1000 } } });
  const startedAt = clock.now();
  const stop = new AbortController();
  const news: WaitNews[] = [];
  const onNews = (one: WaitNews) => {
    news.push(one);
    if (clock.now() - startedAt > 86_400_000) stop.abort();
  };
  const waiting = client.wait('j', { startedAt: startedAt - 86_000_000, signal: stop.signal, onNews });
  while (news.length < 40) await new Promise((resolve) => setTimeout(resolve, 5));
  stop.abort();
  expect((await errorOf(waiting)).failure).toEqual({ kind: 'cancelled', mayBeBilled: true });
  expect(news.every(({ late }) => late)).toBe(true);
});

const yesterday = 86_400_000;

test.each([
  ['calls a job unfinished', json({ job_id: 'j', status: 'processing' }), 3],
  ['has an unknown word for it', json({ job_id: 'j', status: 'dreaming' }), 3],
  ['says nothing of it', json({ hello: 'world' }), 10],
  ['answers with web pages', html, 10],
  ['redirects', ((response) => void response.writeHead(302, { location: '/' }).end()) satisfies Respond, 10],
  ['does not take the question', json({ error: { message: 'bad id', code: 'invalid_request' } }, 400), 1],
])('after a day, a service that %s ends the wait', async (_name, respond, questions) => {
  const server = await startServer(respond);
  const { client, clock } = await clientFor(server.url);
  const end = await client.wait('j', { startedAt: clock.now() - yesterday }).catch((error: unknown) => error);
  expect(end).toMatchObject({ failure: { kind: 'nothing-delivered', mayBeBilled: true } });
  expect(server.whole).toHaveLength(questions);
});

test('a job that is called unfinished for ever is asked about seldom, and ends after a day', async () => {
  const server = await startServer(queued);
  const { client, clock } = await clientFor(server.url, { options: { pace: { giveUpAfter: 3_600_000 } } });
  const startedAt = clock.now();
  const news: WaitNews[] = [];
  const end = await client.wait('j', { startedAt, onNews: (one) => news.push(one) });
  expect(end).toMatchObject({ state: 'failed', failure: { kind: 'nothing-delivered', mayBeBilled: true } });
  expect(clock.now() - startedAt).toBeLessThan(3_700_000);
  expect(server.whole.length).toBeLessThan(150);
  expect(news.at(-1)).toEqual({ state: 'queued', late: true });
});

test('a job of yesterday that has its pictures is taken all the same', async () => {
  const server = await startServer(inTurn(dropped, html, completed));
  const { client, clock } = await clientFor(server.url);
  expect(await client.wait('j', { startedAt: clock.now() - yesterday })).toMatchObject({ state: 'completed' });
});

test('a clock that was set back does not hold up the first question', async () => {
  const server = await startServer(completed);
  const { client, clock } = await clientFor(server.url);
  await client.wait('j', { startedAt: clock.now() + yesterday });
  expect(clock.slept).toEqual([3000]);
});

const pictures = (count: number) =>
  Array.from({ length: count }, () => `{"b64_json":"${fakePicture().toString('base64')}"}`).join(',');
const cutAfter =
  (count: number): Respond =>
  (response) =>
    void response
      .writeHead(200, { 'content-length': '1000000' })
      .write(`{"status":"completed","result":{"data":[${pictures(count)},{"b64_json":"AA`, () => response.destroy());

test('pictures of a job whose answer always breaks off are taken in the end, the most that came at once', async () => {
  const server = await startServer(inTurn(cutAfter(1), cutAfter(2), cutAfter(1)));
  const { client, clock, connection } = await clientFor(server.url);
  const end = await client.wait('j', { startedAt: clock.now() });
  expect(end).toMatchObject({ state: 'completed', items: [{ kind: 'file' }, { kind: 'file' }], isIncomplete: true });
  expect(server.whole).toHaveLength(10);
  expect(await readdir(connection.spoolFolder)).toHaveLength(2);
});

test.each([
  ['is forgotten', unknown, 1],
  ['fails', json({ status: 'failed', error: { message: 'expired' } }), 1],
  ['comes whole', (response) => void response.end(`{"status":"completed","data":[${pictures(3)}]}`), 3],
] satisfies [string, Respond, number][])(
  'pictures of an answer that broke off are not lost when the job then %s, and none is left over',
  async (_name, then, count) => {
    const server = await startServer(inTurn(cutAfter(1), then));
    const { client, clock, connection } = await clientFor(server.url);
    const end = await client.wait('j', { startedAt: clock.now() });
    expect(end.state === 'completed' && end.items.length).toBe(count);
    expect(await readdir(connection.spoolFolder)).toHaveLength(count);
  },
);

test('a job the service does not know twice in a row is lost', async () => {
  const server = await startServer(inTurn(working, unknown));
  const { client, clock } = await clientFor(server.url);
  const error = await errorOf(client.wait('j', { startedAt: clock.now() }));
  expect(error.failure).toMatchObject({ kind: 'nothing-delivered', status: 404, mayBeBilled: true });
  expect(server.whole).toHaveLength(3);
});

test('pages that say 404 are another matter, unless they go on', async () => {
  const page: Respond = (response) => void response.writeHead(404).end('<html>Not found</html>');
  const passing = await startServer(inTurn(page, page, page, completed));
  const one = await clientFor(passing.url);
  expect(await one.client.wait('j', { startedAt: one.clock.now() })).toMatchObject({ state: 'completed' });
  const lasting = await startServer(page);
  const other = await clientFor(lasting.url);
  const error = await errorOf(other.client.wait('j', { startedAt: other.clock.now() }));
  expect(error.failure).toMatchObject({ kind: 'nothing-delivered', status: 404, mayBeBilled: true });
  expect(lasting.whole).toHaveLength(10);
});

test('a key that is refused meanwhile ends the wait, for the user to mend', async () => {
  const server = await startServer(inTurn(working, json({ error: { message: 'x', code: 'invalid_api_key' } }, 401)));
  const { client, clock } = await clientFor(server.url);
  expect((await errorOf(client.wait('j', { startedAt: clock.now() }))).failure).toMatchObject({
    kind: 'key-refused',
    mayBeBilled: true,
  });
});

test('failed jobs say why', async () => {
  const server = await startServer(
    json({
      status: 'failed',
      error: { message: 'Output data may contain inappropriate content', code: 'upstream_error' },
    }),
  );
  const { client, clock } = await clientFor(server.url);
  expect(await client.wait('j', { startedAt: clock.now() })).toMatchObject({
    state: 'failed',
    failure: { kind: 'content-refused', mayBeBilled: true },
  });
});

test('a single question is tried a few times, and then its trouble is told', async () => {
  const server = await startServer(dropped);
  const { client } = await clientFor(server.url);
  expect((await errorOf(client.poll('j'))).failure).toMatchObject({ kind: 'network', mayBeBilled: true });
  expect(server.begun).toBe(5);
  expect((await errorOf(client.poll('..'))).kind).toBe('nothing-delivered');
});

test('closing the client ends what waits', async () => {
  const server = await startServer(() => undefined);
  const { client } = await clientFor(server.url);
  const waiting = errorOf(client.wait('j', { startedAt: 0 }));
  while (server.whole.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await client.close();
  expect((await waiting).kind).toBe('cancelled');
});

test('an answer that points elsewhere does not take the key there', async () => {
  const elsewhere = await startServer(completed);
  const server = await startServer(
    inTurn(
      json({ job_id: 'j', status: 'queued', poll_url: `${elsewhere.url}/v1/jobs/j` }),
      (response) => void response.writeHead(302, { location: elsewhere.url }).end(),
      completed,
    ),
  );
  const { client, clock } = await clientFor(server.url);
  await client.wait('j', { startedAt: clock.now() });
  expect(elsewhere.begun).toBe(0);
});

test('several jobs together stay within the limit of the account', async () => {
  const times: number[] = [];
  const { clock, connection } = await clientFor('http://127.0.0.1:9');
  let asked = 0;
  const server = await startServer((response, request) => {
    times.push(clock.now());
    return (++asked > 300 ? completed : working)(response, request);
  });
  const client = createClient(
    { ...connection, baseUrl: server.url },
    { verify: () => Promise.reject(new Error('unused')), clock, environment: {} },
  );
  await Promise.all(Array.from({ length: 8 }, (_, index) => client.wait(`j${index}`, { startedAt: clock.now() })));
  await client.close();
  // The clock leaps while a request is on its way, so a window is taken a little shorter than a minute.
  for (const start of times)
    expect(times.filter((time) => time >= start && time < start + 45_000).length).toBeLessThanOrEqual(48);
});
