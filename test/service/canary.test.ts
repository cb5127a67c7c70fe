import path from 'node:path';
import { expect, test } from 'vitest';
import { toFailure } from '../../src/service/errors.ts';
import {
  canaryKey,
  clientFor,
  errorOf,
  json,
  plainNetwork,
  rawServer,
  ready,
  type Respond,
  startServer,
  textOf,
} from './rig.ts';

/** A service that says the key back in every place where it can say anything. */
const echoes: readonly Respond[] = [200, 302, 400, 401, 404, 429, 502].flatMap((status): Respond[] => [
  json(
    {
      error: { message: `Bearer ${canaryKey} is wrong`, code: canaryKey, type: canaryKey, param: canaryKey },
      request_id: canaryKey,
    },
    status,
    { 'x-request-id': canaryKey, location: `https://x.example/?key=${canaryKey}` },
  ),
  json({ error: `${encodeURIComponent(canaryKey)} ${Buffer.from(canaryKey).toString('base64')}` }, status),
  (response) => void response.writeHead(status, `Nice ${canaryKey}`).end(`<html>${canaryKey}`),
  (response) => void response.writeHead(status).end(`{"job_id":"${canaryKey}`),
  json({ status: 'failed', error: { message: canaryKey, code: canaryKey } }, status),
]);

test('the key appears in no error and in no line of the log, whatever the service says', async () => {
  const said: string[] = [];
  for (const respond of echoes) {
    const server = await startServer(respond);
    const { client, folder, lines } = await clientFor(server.url, { options: { pace: { tries: 2 } } });
    const picture = { kind: 'url', url: `${server.url}/a.png?signature=${canaryKey}` } as const;
    for (const error of [
      await errorOf(client.submit(ready())),
      await client.poll('job').catch((reason: unknown) => reason),
      await client.account().catch((reason: unknown) => reason),
      await errorOf(client.collect(picture, path.join(folder, 'a'))),
    ]) {
      said.push(textOf(error), JSON.stringify(toFailure(error)), JSON.stringify(error));
    }
    said.push(...lines);
    for (const request of server.whole.filter(({ path: asked }) => !asked.startsWith('/a.png')))
      expect(request.path).not.toContain(canaryKey);
  }
  expect(said.length).toBeGreaterThan(300);
  for (const text of said) {
    expect(text).not.toContain(canaryKey);
    expect(text).not.toContain(Buffer.from(canaryKey).toString('base64').replace(/=+$/, ''));
  }
});

test('the key appears in no trouble of the network either, and a planted one is found', async () => {
  const noise = await rawServer((socket) => socket.end(`NOT HTTP ${canaryKey}\r\n\r\n`));
  const texts: string[] = [];
  for (const [address, network] of [
    [noise, plainNetwork],
    ['https://no-such-host.invalid', plainNetwork],
    ['http://127.0.0.1:1', plainNetwork],
    ['https://service.invalid', { ...plainNetwork, proxy: `http://joe:${canaryKey}@127.0.0.1:1` }],
    [`https://${canaryKey}@service.invalid`, plainNetwork],
  ] as const) {
    const { client, lines } = await clientFor(address, { network });
    texts.push(textOf(await errorOf(client.submit(ready()))), ...lines);
  }
  expect(texts.join('\n')).not.toContain('Canary_');
  expect(textOf(new Error('outer', { cause: new Error(canaryKey) }))).toContain('Canary_');
});
