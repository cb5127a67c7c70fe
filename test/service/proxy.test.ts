import { expect, test } from 'vitest';
import { proxyFor, proxyName } from '../../src/service/proxy.ts';
import type { NetworkSettings } from '../../src/service/types.ts';
import { plainNetwork } from './rig.ts';

const service = 'https://api.empiriolabs.ai/v1/x';

async function proxyOf(
  network: Partial<NetworkSettings>,
  environment: Record<string, string> = {},
  url = service,
): Promise<string | undefined> {
  const proxy = await proxyFor(new URL(url), { ...plainNetwork, ...network }, environment, () => undefined);
  return proxy && proxyName(proxy);
}

test('VS Code knows best, then its setting, then the environment', async () => {
  const resolveProxy = () => Promise.resolve('http://resolved:1');
  const environment = { HTTPS_PROXY: 'http://environment:3' };
  expect(await proxyOf({ resolveProxy, proxy: 'http://setting:2' }, environment)).toBe('http://resolved:1');
  expect(
    await proxyOf({ resolveProxy: () => Promise.resolve(undefined), proxy: 'http://setting:2' }, environment),
  ).toBe('http://setting:2');
  expect(
    await proxyOf({ resolveProxy: () => Promise.reject(new Error('internal')), proxy: 'setting:2' }, environment),
  ).toBe('http://setting:2');
  expect(await proxyOf({}, environment)).toBe('http://environment:3');
  expect(await proxyOf({}, { http_proxy: 'http://plain:4' })).toBe('http://plain:4');
  expect(await proxyOf({})).toBeUndefined();
});

test('answers in the manner of PAC files are understood', async () => {
  expect(
    await proxyOf({ resolveProxy: () => Promise.resolve('PROXY one:8080; DIRECT'), proxy: 'http://setting:2' }),
  ).toBe('http://one:8080');
  expect(await proxyOf({ resolveProxy: () => Promise.resolve('HTTPS one:8443') })).toBe('https://one:8443');
  expect(await proxyOf({ resolveProxy: () => Promise.resolve('DIRECT'), proxy: 'http://setting:2' })).toBeUndefined();
});

test('no proxy when it is switched off, and never for this machine', async () => {
  expect(
    await proxyOf({ proxySupport: 'off', proxy: 'http://setting:2' }, { HTTPS_PROXY: 'http://environment:3' }),
  ).toBeUndefined();
  for (const host of ['localhost:1', '127.0.0.1:1', '127.8.8.8', '[::1]:1', 'sim.localhost']) {
    expect(
      await proxyOf(
        { proxy: 'http://setting:2', resolveProxy: () => Promise.resolve('http://r:1') },
        {},
        `http://${host}/x`,
      ),
    ).toBeUndefined();
  }
  expect(await proxyOf({ proxy: 'http://setting:2' }, {}, 'https://127.0.0.1.example/')).toBe('http://setting:2');
});

test.each([
  ['api.empiriolabs.ai', true],
  ['empiriolabs.ai', true],
  ['.empiriolabs.ai', true],
  ['*.empiriolabs.ai', true],
  ['*.api.empiriolabs.ai', false],
  ['*', true],
  ['API.EmpirioLabs.AI', true],
  ['api.empiriolabs.ai:443', true],
  ['api.empiriolabs.ai:8443', false],
  ['labs.ai', false],
  ['', false],
])('no proxy for %j: %s', async (entry, isDirect) => {
  const expected = isDirect ? undefined : 'http://setting:2';
  expect(await proxyOf({ proxy: 'http://setting:2', noProxy: ['other.example', entry] })).toBe(expected);
  expect(await proxyOf({}, { https_proxy: 'http://setting:2', no_proxy: `other.example, ${entry}` })).toBe(expected);
});

test('addresses of IPv6 are bypassed in each way of writing', async () => {
  for (const entry of ['2001:db8::1', '[2001:db8::1]', '[2001:db8::1]:443']) {
    expect(
      await proxyOf({ proxy: 'http://setting:2', noProxy: [entry] }, {}, 'https://[2001:db8::1]/'),
    ).toBeUndefined();
  }
});

test('a proxy is named without its password', async () => {
  expect(await proxyOf({ proxy: 'http://joe:secret@proxy:3128' })).toBe('http://proxy:3128');
});
