import { execFile } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { ServiceError } from '../../src/service/errors.ts';
import type { Pace } from '../../src/service/pace.ts';
import type { ServiceClient } from '../../src/service/types.ts';
import { canaryKey, clientFor, errorOf, json, rawServer, ready, type Respond, startServer, textOf } from './rig.ts';

/** Times in which a test can see an end; each is its own limit. */
const shortPace: Partial<Pace> = {
  tries: 1,
  submitTimeout: 300,
  talkTimeout: 300,
  wholeSubmit: 500,
  wholePoll: 500,
  wholeAccount: 500,
};

const job = '{"job_id":"job_1","status":"processing"}';
const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';

type Ask = (client: ServiceClient) => Promise<unknown>;
const asks: readonly (readonly [string, Ask])[] = [
  ['request', (client) => client.submit(ready())],
  ['question about a job', (client) => client.poll('job_1')],
  ['question about the account', (client) => client.account()],
];

/** How a call to this address ends, and that it does so in time and may have been billed unless it asked nothing of the kind. */
async function endOf(address: string, ask: Ask, pace = shortPace): Promise<ServiceError> {
  const { client } = await clientFor(address, { options: { pace } });
  const startedAt = performance.now();
  const error = await errorOf(ask(client));
  expect(performance.now() - startedAt).toBeLessThan(8000);
  return error;
}

async function expectNoAnswer(address: string): Promise<void> {
  const ends = await Promise.all(asks.map(async ([what, ask]) => ({ what, ...(await endOf(address, ask)) })));
  for (const { what, failure } of ends) {
    expect(['network', 'unexpected']).toContain(failure.kind);
    expect(failure.mayBeBilled).toBe(what !== 'question about the account');
  }
}

/** Writes a piece again and again until the other side has gone. */
function drip(first: string, piece: string, every = 20): Respond {
  return async ({ socket }) => {
    if (!socket) return;
    socket.on('error', () => undefined).write(first);
    for (; !socket.destroyed; await sleep(every)) socket.write(piece);
  };
}

/** Writes a piece as fast as it is taken. */
function flood(first: string, piece: string): Respond {
  return async ({ socket }) => {
    if (!socket) return;
    socket.on('error', () => undefined).write(first);
    const taken = () =>
      new Promise<unknown>((resolve) => void socket.once('drain', resolve).once('close', resolve).setMaxListeners(0));
    while (!socket.destroyed) if (!socket.write(piece)) await taken();
  };
}

const chunked = `${head}transfer-encoding: chunked\r\n\r\n`;
const endless: readonly (readonly [string, Respond])[] = [
  ['never begins', () => undefined],
  ['drips its first line', drip('HTTP/1.1 200 ', 'O')],
  ['drips one header after the other', drip(head, 'x: y\r\n')],
  ['is announced again and again', drip('', 'HTTP/1.1 102 Processing\r\n\r\n')],
  ['begins and stops', ({ socket }) => void socket?.write(`${chunked}1\r\n{\r\n`)],
  ['drips blanks', drip(`${head}content-length: 1000000\r\n\r\n{`, ' ')],
  ['drips chunks', drip(chunked, '1\r\n \r\n')],
  ['drips a picture', drip(`${chunked}d\r\n{"b64_json":"\r\n`, '4\r\nAAAA\r\n')],
  ['floods with blanks', flood(chunked, `10000\r\n${' '.repeat(65_536)}\r\n`)],
  ['floods with a picture', flood(`${chunked}d\r\n{"b64_json":"\r\n`, `10000\r\n${'A'.repeat(65_536)}\r\n`)],
  ['floods with headers', flood(head, `x: ${'y'.repeat(65_536)}\r\n`)],
];

test.each(endless)('an answer that %s has an end', async (_name, respond) => {
  const service = await startServer(respond);
  await expectNoAnswer(service.url);
});

test('a refusal counts though its words drip without end', async () => {
  const service = await startServer(drip('HTTP/1.1 402 No\r\ntransfer-encoding: chunked\r\n\r\n', '1\r\n \r\n'));
  const { failure } = await endOf(service.url, (client) => client.submit(ready()));
  expect(failure).toMatchObject({ kind: 'no-credit', status: 402, mayBeBilled: false });
});

test('a request that is taken too slowly ends, and was not bought', async () => {
  const address = await rawServer((socket) => socket.pause());
  const image = { kind: 'inline', mime: 'image/png', bytes: Buffer.alloc(16_000_000) } as const;
  const { failure } = await endOf(address, (client) => client.submit(ready([image])));
  expect(failure).toMatchObject({ kind: 'network', mayBeBilled: false });
});

test('stopping while an answer drips is cancelled, and no trouble of the network', async () => {
  const service = await startServer(drip(chunked, '1\r\n \r\n'));
  const { client } = await clientFor(service.url, { options: { pace: { tries: 1 } } });
  const stop = new AbortController();
  const asked = errorOf(client.poll('job_1', { signal: stop.signal }));
  while (service.whole.length === 0) await sleep(5);
  stop.abort();
  expect((await asked).failure).toEqual({ kind: 'cancelled', mayBeBilled: true });
});

const lies: readonly (readonly [string, string])[] = [
  ['longer than it is', `${head}content-length: 5000\r\nconnection: close\r\n\r\n${job}`],
  ['shorter than it is', `${head}content-length: 12\r\nconnection: close\r\n\r\n${job}`],
  ['no number', `${head}content-length: many\r\n\r\n${job}`],
  ['below zero', `${head}content-length: -1\r\n\r\n${job}`],
  ['two numbers', `${head}content-length: 40\r\ncontent-length: 4\r\n\r\n${job}`],
  ['a number and chunks', `${head}content-length: 40\r\ntransfer-encoding: chunked\r\n\r\n${job}`],
];

test.each(lies)('a length that is %s is no answer', async (_name, text) => {
  const service = await startServer(({ socket }) => void socket?.end(text));
  await expectNoAnswer(service.url);
});

test('no redirect is followed with the key, wherever it leads', async () => {
  const elsewhere = await startServer(json({ job_id: 'stolen' }));
  for (const status of [300, 301, 302, 303, 307, 308])
    for (const target of [elsewhere.url, '//localhost:1/', '/v1/elsewhere', 'http://169.254.169.254/', 'file:///etc'])
      for (const [what, ask] of asks) {
        const service = await startServer((response) => void response.writeHead(status, { location: target }).end());
        const { failure } = await endOf(service.url, ask);
        expect(failure).toMatchObject({ kind: 'unexpected', status });
        expect(failure.mayBeBilled).toBe(what !== 'question about the account');
        expect(service.whole).toHaveLength(1);
      }
  expect(elsewhere.begun).toBe(0);
});

test('no address in an answer takes the key elsewhere', async () => {
  const elsewhere = await startServer((response) => void response.end('x'));
  const service = await startServer(
    json(
      {
        job_id: 'job_1',
        status: 'completed',
        poll_url: `${elsewhere.url}/poll`,
        links: { self: elsewhere.url },
        result: { data: [{ url: `${elsewhere.url}/a.png` }] },
      },
      200,
      { 'set-cookie': 'a=b', link: `<${elsewhere.url}>; rel=next`, refresh: `0; url=${elsewhere.url}` },
    ),
  );
  const { client, clock, folder } = await clientFor(service.url, { options: { pace: { tries: 1 } } });
  await client.submit(ready());
  const end = await client.wait('job_1', { startedAt: clock.now() });
  expect(end.state).toBe('completed');
  await errorOf(client.collect({ kind: 'url', url: `${elsewhere.url}/a.png` }, path.join(folder, 'a')));
  expect(elsewhere.whole.map(({ path: asked }) => asked)).toEqual(['/a.png']);
  expect(JSON.stringify(elsewhere.whole)).not.toMatch(/Canary_|authorization|cookie/i);
  expect(service.whole.every(({ headers }) => headers.authorization === `Bearer ${canaryKey}`)).toBe(true);
  expect(service.whole.every(({ headers }) => headers.cookie === undefined)).toBe(true);
});

/** About a gigabyte of the same text, in some kilobytes. */
const quarter = Buffer.alloc(64 * 1_048_576, `{"b64_json":"${'A'.repeat(1000)}`);
const bombs = {
  gzip: Buffer.concat(Array(16).fill(gzipSync(quarter))),
  deflate: deflateSync(quarter),
  br: brotliCompressSync(quarter),
  zstd: Buffer.concat(Array(16).fill(zstdCompressSync(quarter))),
};

test('a bomb is not unpacked, and an answer of any size needs little memory', async () => {
  const blanks = ' '.repeat(1_048_576);
  const large = `{"note":"${'x'.repeat(100_000_000)}"}`;
  const service = await startServer((response, { path: asked }) => {
    const name = asked.split('/').at(-1) ?? '';
    if (Object.hasOwn(bombs, name)) {
      response.writeHead(200, { 'content-encoding': name }).end(bombs[name as keyof typeof bombs]);
    } else if (name === 'large') response.end(large);
    else for (let count = 0; count < 200; count++) response.write(blanks);
  });
  const child = path.join(import.meta.dirname, 'memoryChild.ts');
  const names = [...Object.keys(bombs), 'large', 'blanks'];
  const { stdout } = await promisify(execFile)(process.execPath, [child, service.url, ...names]);
  const seen = JSON.parse(stdout) as { name: string; kind: string; detail: string; megabytes: number }[];
  expect(seen.map(({ name, kind }) => [name, kind])).toEqual(names.map((name) => [name, 'unexpected']));
  for (const { name, detail } of seen)
    expect(detail).toMatch(name in bombs ? /compressed/ : /larger than any answer should be/);
  for (const { name, megabytes } of seen) expect(megabytes, name).toBeLessThan(60);
});

test('an answer that is called compressed but is not is understood', async () => {
  for (const encoding of ['gzip', 'br', 'deflate', 'zstd', 'identity', 'nonsense, gzip']) {
    const service = await startServer(
      (response) => void response.writeHead(200, { 'content-encoding': encoding }).end(job),
    );
    const { client } = await clientFor(service.url);
    expect(await client.submit(ready())).toEqual({ kind: 'job', jobId: 'job_1' });
  }
});

test('what the service calls itself or the request cannot forge a line', async () => {
  const id = `req\u202e\u0007${'x'.repeat(100_000)}`;
  const service = await startServer(json({ job_id: 'job_1', request_id: `${id}\r\nforged ${canaryKey}` }));
  const { client, lines } = await clientFor(service.url);
  const answer = await client.submit(ready());
  expect(answer.requestId?.length).toBeLessThanOrEqual(300);
  expect([textOf(answer), JSON.stringify(answer), ...lines].join('\n')).not.toMatch(/\p{Cf}|\p{Cc}(?<!\n)|Canary_/u);
});
