import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { WireImage } from '../../src/core/readyRequest.ts';
import {
  canaryKey,
  clientFor,
  errorOf,
  fakePicture,
  inTurn,
  json,
  rawServer,
  ready,
  type Respond,
  startServer,
} from './rig.ts';

const html: Respond = (response) =>
  void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in</html>');
const inline: WireImage = { kind: 'inline', mime: 'image/png', bytes: Buffer.alloc(50_000, 7) };

test('a request arrives once, as the fields and images that were checked, with the key in its header only', async () => {
  const server = await startServer(json({ job_id: 'job_1', status: 'queued' }, 202, { 'x-request-id': 'req-7' }));
  const { client, lines } = await clientFor(`${server.url}/prefix/`);
  expect(await client.submit(ready([inline]))).toEqual({ kind: 'job', jobId: 'job_1', requestId: 'req-7' });
  const [request] = server.whole;
  expect(request).toMatchObject({ method: 'POST', path: '/prefix/v1/images/generations' });
  expect(request?.headers).toMatchObject({
    authorization: `Bearer ${canaryKey}`,
    'content-type': 'application/json',
    'content-length': String(request?.body.length),
    'user-agent': 'wan-image-studio/0.0.0-test',
  });
  expect(JSON.parse(request?.body.toString() ?? '')).toMatchObject({
    model: 'wan2-7-image',
    image: [expect.stringMatching(/^data:image\/png;base64,/)],
  });
  expect(request?.body.toString()).not.toContain(canaryKey);
  expect(lines.join('\n')).not.toMatch(/Canary|misty/);
});

test('pictures that come at once are told as addresses or as files', async () => {
  const picture = fakePicture();
  const data = [{ url: 'https://cdn.example/a.png?s=1' }, { b64_json: picture.toString('base64') }];
  const server = await startServer(json({ created: 1, data, usage: { billable_units: 2, billing_unit: 'image' } }));
  const { client } = await clientFor(server.url);
  const answer = await client.submit(ready());
  if (answer.kind !== 'finished') throw new Error('not finished');
  expect(answer.billedImages).toBe(2);
  expect(answer.items[0]).toEqual({ kind: 'url', url: 'https://cdn.example/a.png?s=1' });
  expect(answer.items[1]?.kind === 'file' && (await readFile(answer.items[1].file)).equals(picture)).toBe(true);
});

test.each<[string, Respond, string, boolean]>([
  ['401', json({ error: { message: 'no', code: 'invalid_api_key' } }, 401), 'key-refused', false],
  ['402', json({ error: { message: 'no', code: 'insufficient_credits' } }, 402), 'no-credit', false],
  ['429', json({ error: { message: 'no' } }, 429, { 'retry-after': '7' }), 'busy', false],
  ['503', json({ error: { message: 'no', code: 'model_unavailable' } }, 503), 'unavailable', false],
  ['500', json({ error: { message: 'no' } }, 500), 'unavailable', true],
  ['502 with a judgement', json({ error: { message: 'DataInspectionFailed' } }, 502), 'content-refused', false],
  ['an empty answer', (response) => void response.end(), 'unexpected', true],
  ['a web page', html, 'unexpected', true],
  ['half an answer', (response) => void response.end('{"job_id": "jo'), 'unexpected', true],
  ['no pictures', json({ data: [], usage: { billable_units: 1 } }), 'nothing-delivered', true],
  ['a strange answer', json({ hello: 'world' }), 'unexpected', true],
  ['a redirect', (response) => void response.writeHead(307, { location: '/v1/elsewhere' }).end(), 'unexpected', true],
  ['a lost connection', (response) => void response.destroy(), 'network', true],
  [
    'a cut answer',
    (response) =>
      void response.writeHead(200, { 'content-length': '900' }).write('{"job_id":', () => response.destroy()),
    'network',
    true,
  ],
])('after %s nothing is sent again', async (_name, respond, kind, mayBeBilled) => {
  const server = await startServer(respond);
  const { client, clock } = await clientFor(server.url);
  const error = await errorOf(client.submit(ready([inline])));
  expect(error.failure).toMatchObject({ kind, mayBeBilled });
  if (kind === 'busy') expect(error.failure.retryAfterMs).toBe(7000);
  // Time for whatever might want to try again behind our back.
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect([server.begun, server.whole.length]).toEqual([1, 1]);
  expect(clock.slept).toEqual([]);
});

test('a kept connection that the server closes does not lead to a second request', async () => {
  let bodies = 0;
  const answer = '{"job_id":"j"}';
  const server = await rawServer((socket) => {
    socket
      .on('error', () => undefined)
      .on('data', (data) => {
        if (data.includes('POST ')) bodies++;
        const isFirst = bodies === 1 && data.includes('POST ');
        // The second request meets a server that hangs up in the middle of it.
        if (isFirst || data.includes('GET '))
          socket.write(
            `HTTP/1.1 200 OK\r\ncontent-length: ${answer.length}\r\nconnection: keep-alive\r\n\r\n${answer}`,
          );
        else socket.destroy();
      });
  });
  const { client } = await clientFor(server);
  await client.submit(ready());
  await client.account();
  const error = await errorOf(client.submit(ready()));
  expect(error.failure).toMatchObject({ kind: 'network', mayBeBilled: true });
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(bodies).toBe(2);
});

test('what certainly did not arrive was certainly not billed', async () => {
  const server = await startServer(json({ job_id: 'j' }));
  const missing = await clientFor(server.url, { key: () => Promise.resolve('  ') });
  expect((await errorOf(missing.client.submit(ready()))).failure).toEqual({ kind: 'key-missing', mayBeBilled: false });
  const odd = await clientFor(server.url, { key: () => Promise.resolve('sk-with\nnewline') });
  expect((await errorOf(odd.client.submit(ready()))).failure).toMatchObject({
    kind: 'key-refused',
    mayBeBilled: false,
  });
  const early = await clientFor(server.url);
  expect((await errorOf(early.client.submit(ready(), { signal: AbortSignal.abort() }))).failure).toEqual({
    kind: 'cancelled',
    mayBeBilled: false,
  });
  expect(server.begun).toBe(0);
  // Nobody listens on port 1.
  const refused = await clientFor('http://127.0.0.1:1');
  expect((await errorOf(refused.client.submit(ready()))).failure).toMatchObject({
    kind: 'network',
    mayBeBilled: false,
  });
  const unknown = await clientFor('https://no-such-host.invalid');
  const error = await errorOf(unknown.client.submit(ready()));
  expect(error.failure).toMatchObject({ kind: 'network', mayBeBilled: false });
  expect(error.failure.detail).toContain('no-such-host.invalid');
});

test.each([
  'http://example.com',
  'ftp://127.0.0.1',
  'https://joe:pass@127.0.0.1',
  'https://127.0.0.1/?x=1',
  'nonsense',
  'http://localhost.example.com',
])('nothing is sent to %s', async (baseUrl) => {
  const { client } = await clientFor(baseUrl);
  expect((await errorOf(client.submit(ready()))).failure).toMatchObject({ kind: 'unexpected', mayBeBilled: false });
});

test('stopping halfway through a large upload buys nothing; stopping after it may have', async () => {
  let arrived = 0;
  const stop = new AbortController();
  const server = await rawServer((socket) => {
    socket
      .on('error', () => undefined)
      .on('data', (data) => {
        arrived += data.length;
        if (arrived > 300_000) {
          socket.pause();
          stop.abort();
        }
      });
  });
  const large: WireImage = { kind: 'inline', mime: 'image/png', bytes: Buffer.alloc(20_000_000, 1) };
  const half = await clientFor(server);
  expect((await errorOf(half.client.submit(ready([large]), { signal: stop.signal }))).failure).toEqual({
    kind: 'cancelled',
    mayBeBilled: false,
  });

  const late = new AbortController();
  const silent = await startServer(() => late.abort());
  const { client } = await clientFor(silent.url);
  expect((await errorOf(client.submit(ready(), { signal: late.signal }))).failure).toEqual({
    kind: 'cancelled',
    mayBeBilled: true,
  });
  expect(silent.whole).toHaveLength(1);
});

test('a server that hangs up halfway through the upload cannot have accepted it', async () => {
  const server = await rawServer((socket) => {
    let arrived = 0;
    socket
      .on('error', () => undefined)
      .on('data', (data) => {
        arrived += data.length;
        if (arrived > 300_000) socket.destroy();
      });
  });
  const { client } = await clientFor(server);
  const large: WireImage = { kind: 'inline', mime: 'image/png', bytes: Buffer.alloc(20_000_000, 1) };
  expect((await errorOf(client.submit(ready([large])))).failure).toMatchObject({ kind: 'network', mayBeBilled: false });
});

test('a refusal that comes while the body is still on its way is understood', async () => {
  const server = await rawServer((socket) => {
    socket
      .on('error', () => undefined)
      .once('data', () => {
        const text = '{"error":{"message":"The request body is too large."}}';
        socket.resume();
        socket.write(`HTTP/1.1 413 Too Large\r\ncontent-length: ${text.length}\r\nconnection: close\r\n\r\n${text}`);
      });
  });
  const { client } = await clientFor(server);
  const large: WireImage = { kind: 'inline', mime: 'image/png', bytes: Buffer.alloc(8_000_000, 1) };
  expect((await errorOf(client.submit(ready([large])))).failure).toMatchObject({
    kind: 'inline-image-refused',
    status: 413,
    mayBeBilled: false,
  });
});

test('pictures that came in full before the answer broke off are kept', async () => {
  const picture = fakePicture();
  const server = await startServer((response) => {
    const text = JSON.stringify({
      data: [{ b64_json: picture.toString('base64') }, { b64_json: picture.toString('base64') }],
    });
    response.writeHead(200, { 'content-length': String(text.length) });
    response.write(text.slice(0, -20), () => response.destroy());
  });
  const { client } = await clientFor(server.url);
  const answer = await client.submit(ready());
  expect(answer).toMatchObject({ kind: 'finished', isIncomplete: true, items: [{ kind: 'file' }] });
  expect(server.whole).toHaveLength(1);
});

test("a spool folder that cannot be made is the disk's failure, and the request was still sent once", async () => {
  const server = await startServer(json({ data: [{ b64_json: fakePicture().toString('base64') }] }));
  const { client } = await clientFor(server.url, { spoolFolder: '/dev/null/spool' });
  expect((await errorOf(client.submit(ready()))).failure).toMatchObject({ kind: 'storage', mayBeBilled: true });
  expect(server.whole).toHaveLength(1);
});

test('a service that never answers is given up after the time that was set', async () => {
  const server = await startServer(() => undefined);
  const { client } = await clientFor(server.url, { options: { pace: { submitTimeout: 1200 } } });
  const error = await errorOf(client.submit(ready()));
  expect(error.failure).toMatchObject({ kind: 'network', mayBeBilled: true });
  expect(error.failure.detail).toContain('no answer came in time');
});

test('the account proves the key and tells the balance, whatever its name', async () => {
  const server = await startServer(
    inTurn(
      json({ object: 'list', balance: { amount: 12.5, currency: 'USD' }, data: [] }),
      json({ credit_balance: '3.20', data: [{ cost: { amount: 1 } }] }),
      json({ data: [] }),
      json({ error: { message: 'no', code: 'invalid_api_key' } }, 401),
      json({ error: { message: 'no', code: 'invalid_api_key' } }),
      html,
    ),
  );
  const { client } = await clientFor(server.url);
  expect(await client.account()).toEqual({ balance: 12.5 });
  expect(await client.account()).toEqual({ balance: 3.2 });
  expect(await client.account()).toEqual({});
  expect((await errorOf(client.account())).failure).toMatchObject({ kind: 'key-refused', mayBeBilled: false });
  expect((await errorOf(client.account())).failure).toMatchObject({ kind: 'key-refused', mayBeBilled: false });
  expect((await errorOf(client.account())).failure).toMatchObject({ kind: 'unexpected', mayBeBilled: false });
  expect(server.whole[0]?.path).toBe('/v1/account/usage?limit=1');
});
