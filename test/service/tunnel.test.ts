import { request as httpsRequest, type RequestOptions } from 'node:https';
import path from 'node:path';
import tls from 'node:tls';
import { expect, test } from 'vitest';
import type { ClientOptions } from '../../src/service/client.ts';
import { systemAuthorities } from '../../src/service/connections.ts';
import type { NetworkSettings } from '../../src/service/types.ts';
import { canaryKey, clientFor, errorOf, fakePicture, json, plainNetwork, ready, type Respond } from './rig.ts';
import { makeCertificates, startProxy, startSecureServer } from './tunnel.ts';

const certificates = makeCertificates();
const { authority, key, certificate } = certificates ?? { authority: '', key: '', certificate: '' };
function tunnelTest(name: string, body: () => Promise<void>): void {
  test(name, async ({ skip }) => {
    skip(!certificates, 'there is no openssl program to make certificates with');
    await body();
  });
}

const job = json({ job_id: 'job_1', status: 'queued' });

async function behindProxy(
  network: Partial<NetworkSettings>,
  given: { respond?: Respond; options?: Partial<ClientOptions>; login?: string } = {},
) {
  const server = await startSecureServer({ authority, key, certificate }, given.respond ?? job);
  const proxy = await startProxy(() => server.port, given.login);
  const fill = (text: string) => text.replace('PROXY', proxy.url.slice('http://'.length));
  const filled = Object.fromEntries(
    Object.entries(network).map(([name, value]) => [name, typeof value === 'string' ? fill(value) : value]),
  );
  const environment = Object.fromEntries(
    Object.entries(given.options?.environment ?? {}).map(([name, value]) => [name, fill(value ?? '')]),
  );
  const rig = await clientFor('https://service.test', {
    network: { ...plainNetwork, ...filled },
    options: { authorities: () => [authority], ...given.options, environment },
  });
  return { server, proxy, ...rig };
}

tunnelTest('the whole talk goes through the proxy in a tunnel, trusted by the private authority', async () => {
  const picture = fakePicture();
  const respond: Respond = (response, request) => {
    if (request.path === '/a.png') return void response.end(picture);
    const done = { job_id: 'job_1', status: 'completed', result: { data: [{ url: 'https://cdn.test/a.png' }] } };
    return json(request.method === 'POST' ? { job_id: 'job_1' } : done)(response, request);
  };
  const { client, server, proxy, folder, clock, lines } = await behindProxy({ proxy: 'http://PROXY' }, { respond });
  const answer = await client.submit(ready());
  if (answer.kind !== 'job') throw new Error('no job');
  const end = await client.wait(answer.jobId, { startedAt: clock.now() });
  if (end.state !== 'completed' || !end.items[0]) throw new Error('not completed');
  await client.collect(end.items[0], path.join(folder, 'a'));
  expect(proxy.tunnels).toEqual(['service.test:443', 'service.test:443', 'cdn.test:443']);
  expect(proxy.clear).toEqual([]);
  expect(server.whole).toHaveLength(3);
  expect(lines.join('\n')).not.toContain(canaryKey);
});

tunnelTest('each source of the proxy is used: the resolver, the setting, the environment', async () => {
  const environment = await behindProxy({}, { options: { environment: { HTTPS_PROXY: 'http://PROXY' } } });
  await environment.client.submit(ready());
  expect(environment.proxy.tunnels).toHaveLength(1);

  const server = await startSecureServer({ authority, key, certificate }, job);
  const proxy = await startProxy(() => server.port);
  const { client } = await clientFor('https://service.test', {
    network: { ...plainNetwork, proxy: 'http://nowhere.invalid:1', resolveProxy: () => Promise.resolve(proxy.url) },
    options: { authorities: () => [authority] },
  });
  await client.submit(ready());
  expect(proxy.tunnels).toHaveLength(1);
});

tunnelTest('hosts of http.noProxy, and all when support is off, are reached directly', async () => {
  for (const network of [{ noProxy: ['service.test'] }, { proxySupport: 'off' as const }]) {
    const { client, proxy } = await behindProxy({ proxy: 'http://PROXY', ...network });
    const error = await errorOf(client.submit(ready()));
    expect(error.failure).toMatchObject({ kind: 'network', mayBeBilled: false });
    expect(error.failure.detail).not.toContain('proxy');
    expect(proxy.tunnels).toEqual([]);
  }
});

tunnelTest(
  'a certificate of an unknown authority is refused before anything is sent, unless the user wants it accepted',
  async () => {
    const strict = await behindProxy({ proxy: 'http://PROXY' }, { options: { authorities: systemAuthorities } });
    const error = await errorOf(strict.client.submit(ready()));
    expect(error.failure).toMatchObject({ kind: 'network', mayBeBilled: false });
    expect(error.failure.detail).toContain('the certificate is not trusted');
    expect(strict.server.begun).toBe(0);

    const lax = await behindProxy(
      { proxy: 'http://PROXY', strictCertificates: false },
      { options: { authorities: systemAuthorities } },
    );
    await lax.client.submit(ready());
    expect(lax.server.whole).toHaveLength(1);

    const direct = await clientFor(lax.server.url, {
      network: { ...plainNetwork, strictCertificates: false },
      options: { authorities: systemAuthorities },
    });
    await direct.client.submit(ready());
    expect(lax.server.whole).toHaveLength(2);
  },
);

tunnelTest('an authority that the machine trusts is trusted', async () => {
  const before = tls.getCACertificates('default');
  const set = (tls as unknown as { setDefaultCACertificates: (this: void, list: readonly string[]) => void })
    .setDefaultCACertificates;
  set([...before, authority]);
  try {
    expect(systemAuthorities().map((one) => one.trim())).toContain(authority.trim());
    const server = await startSecureServer({ authority, key, certificate }, job);
    const { client } = await clientFor(server.url, { options: { authorities: systemAuthorities } });
    await client.submit(ready());
    expect(server.whole).toHaveLength(1);
  } finally {
    set(before);
  }
});

tunnelTest('a proxy that wants a login gets the one of its address', async () => {
  const { client, proxy } = await behindProxy({ proxy: 'http://joe:pa%20ss@PROXY' }, { login: 'joe:pa ss' });
  await client.submit(ready());
  expect(proxy.tunnels).toHaveLength(1);
});

tunnelTest('without a login the proxy is named, not its password, and nothing was sent', async () => {
  const { client, server, proxy } = await behindProxy({ proxy: 'http://joe:wrong@PROXY' }, { login: 'joe:right' });
  const error = await errorOf(client.submit(ready()));
  expect(error.failure).toMatchObject({ kind: 'network', mayBeBilled: false });
  expect(error.failure.detail).toContain(proxy.url);
  expect(error.failure.detail).toContain('407');
  expect(error.failure.detail).not.toContain('wrong');
  expect(server.begun).toBe(0);
});

tunnelTest(
  "when the proxy wants a login, VS Code's own https takes over, and the request is still sent once",
  async () => {
    let port = 0;
    let taken = 0;
    const viaHost = ((url: URL, options: RequestOptions, answered: Parameters<typeof httpsRequest>[2]) => {
      taken++;
      return httpsRequest(
        url,
        { ...options, hostname: '127.0.0.1', port, servername: 'service.test', ca: [authority] },
        answered,
      );
    }) as typeof httpsRequest;
    const { client, server, proxy } = await behindProxy(
      { proxy: 'http://PROXY', httpsRequest: viaHost },
      { login: 'joe:x' },
    );
    port = server.port;
    const answer = await client.submit(
      ready([{ kind: 'inline', mime: 'image/png', bytes: Buffer.alloc(2_000_000, 5) }]),
    );
    expect(answer).toMatchObject({ kind: 'job' });
    expect([taken, server.whole.length, proxy.tunnels.length]).toEqual([1, 1, 0]);
    expect(server.whole[0]?.headers['content-length']).toBe(String(server.whole[0]?.body.length));
  },
);

test('a proxy that is not there is named, and nothing was sent', async () => {
  const { client } = await clientFor('https://service.test', {
    network: { ...plainNetwork, proxy: 'http://127.0.0.1:1' },
  });
  const error = await errorOf(client.submit(ready()));
  expect(error.failure).toMatchObject({ kind: 'network', mayBeBilled: false });
  expect(error.failure.detail).toContain('through the proxy http://127.0.0.1:1');
  const odd = await clientFor('https://service.test', { network: { ...plainNetwork, proxy: 'http://[nonsense' } });
  expect((await errorOf(odd.client.submit(ready()))).failure).toMatchObject({ kind: 'network', mayBeBilled: false });
});
