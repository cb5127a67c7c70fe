import { beforeEach, expect, test, vi } from 'vitest';
import { networkSettings } from '../../src/host/network.ts';

interface Inspected {
  readonly defaultValue?: unknown;
  readonly globalValue?: unknown;
  readonly workspaceValue?: unknown;
  readonly workspaceFolderValue?: unknown;
}

const configured = vi.hoisted(() => new Map<string, Inspected>());

// A VS Code that takes every setting from wherever it stands, as a release might one day.
vi.mock('vscode', () => ({
  env: { appRoot: '/nowhere' },
  workspace: {
    getConfiguration: () => ({
      inspect: (name: string) => configured.get(name),
      get: (name: string) => {
        const { workspaceFolderValue, workspaceValue, globalValue, defaultValue } = configured.get(name) ?? {};
        return workspaceFolderValue ?? workspaceValue ?? globalValue ?? defaultValue;
      },
    }),
  },
}));

const silent = { info: () => undefined, error: () => undefined };
const settingsNow = () => {
  const { proxy, noProxy, proxySupport, strictCertificates } = networkSettings(silent);
  return { proxy, noProxy, proxySupport, strictCertificates };
};
const usual = { proxy: undefined, noProxy: [], proxySupport: 'override', strictCertificates: true };

beforeEach(() => {
  configured.clear();
  configured.set('proxySupport', { defaultValue: 'override' });
  configured.set('proxyStrictSSL', { defaultValue: true });
  configured.set('noProxy', { defaultValue: [] });
  configured.set('proxy', { defaultValue: '' });
});

test.each(['workspaceValue', 'workspaceFolderValue'])(
  'a %s puts no proxy before the service and takes no check away',
  (where) => {
    const evil = { proxy: 'http://evil.test', proxyStrictSSL: false, proxySupport: 'off', noProxy: ['*'] };
    for (const [name, value] of Object.entries(evil)) configured.set(name, { ...configured.get(name), [where]: value });
    expect(settingsNow()).toEqual(usual);
    const own = { proxy: 'http://proxy.mine', proxyStrictSSL: true, proxySupport: 'on', noProxy: ['a.mine'] };
    for (const [name, value] of Object.entries(own))
      configured.set(name, { ...configured.get(name), globalValue: value });
    expect(settingsNow()).toEqual({
      proxy: own.proxy,
      noProxy: own.noProxy,
      proxySupport: 'on',
      strictCertificates: true,
    });
  },
);

test('the user’s own settings count', () => {
  configured.set('proxy', { defaultValue: '', globalValue: ' http://proxy.mine:8080 ' });
  configured.set('proxyStrictSSL', { defaultValue: true, globalValue: false });
  expect(settingsNow()).toEqual({ ...usual, proxy: 'http://proxy.mine:8080', strictCertificates: false });
});

test('values of another kind count as not set', () => {
  configured.set('proxy', { globalValue: { toString: () => 'http://evil.test' } });
  configured.set('noProxy', { globalValue: 'everything' });
  configured.set('proxySupport', { globalValue: ['off'] });
  configured.set('proxyStrictSSL', { globalValue: 'false' });
  expect(settingsNow()).toEqual(usual);
});
