import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commandTable } from '../../src/host/commandTable.ts';
import { manifestParts, settingsTable } from '../../src/host/manifest.ts';
import {
  loweredValue,
  millsOf,
  parseServiceUrl,
  parseSimulatorUrl,
  type SettingEntry,
  settings,
  validValue,
} from '../../src/host/settings.ts';

const entries = Object.entries(settings) as [keyof typeof settings, SettingEntry][];

interface Property {
  readonly scope: string;
  readonly pattern?: string;
  readonly default: unknown;
}

interface Contributes {
  readonly commands: readonly { readonly command: string }[];
  readonly configuration: { readonly properties: Readonly<Record<string, Property>> };
}

const { fields, texts } = manifestParts();
const contributes = fields['contributes'] as Contributes;
const properties = contributes.configuration.properties;

describe('the table of settings', () => {
  test.each(entries)('%s has a default that is one of its values', (name, entry) => {
    expect(validValue(name, entry.default)).toBe(entry.default);
    const pattern = properties[`wanImage.${name}`]?.pattern;
    if (pattern !== undefined) expect(entry.default).toMatch(new RegExp(pattern, 'u'));
  });

  test('what decides about the key, the service or the model is in the user’s own hands alone', () => {
    const own = entries.filter(([, { scope }]) => scope === 'application').map(([name]) => name);
    expect(own).toEqual(['service', 'serviceUrl', 'defaultModel', 'boxForm', 'storageLimit', 'responseFormat']);
  });

  test('what limits money can only be lowered by a workspace', () => {
    const caps = entries.filter(([, entry]) => 'canOnlyBeLowered' in entry).map(([name]) => name);
    expect(caps).toEqual(['confirmAbove', 'dailyLimit', 'workspaceDailyLimit', 'agentDailyLimit']);
    const others = entries.filter(([name, { type }]) => type === 'number' && !caps.includes(name));
    // Of room: that of a repository, and that of all workspaces.
    expect(others.map(([name]) => name)).toEqual(['warnAboveSize', 'storageLimit']);
  });

  test('a folder that is not trusted can set nothing', () => {
    const { untrustedWorkspaces } = fields['capabilities'] as {
      untrustedWorkspaces: { restrictedConfigurations: string[] };
    };
    expect(untrustedWorkspaces.restrictedConfigurations).toEqual(Object.keys(properties));
  });

  test('a value of the wrong kind is none', () => {
    expect(validValue('service', 'other')).toBeUndefined();
    expect(validValue('service', 'toString')).toBeUndefined();
    expect(validValue('confirmAbove', -1)).toBeUndefined();
    expect(validValue('confirmAbove', '1')).toBeUndefined();
    expect(validValue('confirmAbove', Number.NaN)).toBeUndefined();
    expect(validValue('saveFolder', 3)).toBeUndefined();
  });
});

describe('a setting that a workspace can only lower', () => {
  const caps = ['confirmAbove', 'dailyLimit', 'workspaceDailyLimit', 'agentDailyLimit'] as const;
  const cap = fc.constantFrom(...caps);
  const anything = fc.oneof(
    fc.double(),
    fc.double({ min: -1, max: 1100, noNaN: true }),
    fc.constantFrom(0, Number.NaN, Infinity, -Infinity),
    fc.anything(),
  );

  test('is never above what the user has set, nor above the default where the user has set nothing that counts', () => {
    fc.assert(
      fc.property(cap, anything, fc.array(anything), (name, own, others) => {
        const value = loweredValue(name, own, others);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(validValue(name, own) ?? settings[name].default);
        for (const other of others) expect(value).toBeLessThanOrEqual(validValue(name, other) ?? Infinity);
      }),
    );
  });

  test('is one of the values that somebody wrote, or the default', () => {
    fc.assert(
      fc.property(cap, anything, fc.array(anything), (name, own, others) => {
        expect([own, settings[name].default, ...others]).toContain(loweredValue(name, own, others));
      }),
    );
  });

  test('is never rounded up', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), fc.integer({ min: 0, max: 999 }), (mills, part) => {
        expect(millsOf(mills / 1000)).toBe(mills);
        expect(millsOf((mills + part / 1000) / 1000)).toBe(mills);
      }),
    );
  });
});

test('every %key% of the manifest has a text, and every text is used', () => {
  const keys = [...JSON.stringify(fields).matchAll(/"%([^"%]+)%"/g)].map(([, key]) => key);
  expect(new Set(keys)).toEqual(new Set(Object.keys(texts)));
});

test('the manifest contributes exactly the commands of the table', () => {
  expect(contributes.commands.map(({ command }) => command)).toEqual(Object.keys(commandTable));
});

test('the README’s table has a row for each setting', () => {
  expect(settingsTable().split('\n')).toHaveLength(2 + entries.length);
});

describe('the service address', () => {
  const pattern = new RegExp(properties['wanImage.serviceUrl']?.pattern ?? '', 'u');

  test.each([
    ['https://api.empiriolabs.ai', 'https://api.empiriolabs.ai'],
    ['https://api.empiriolabs.ai/', 'https://api.empiriolabs.ai'],
    [' https://gateway.example/wan/ ', 'https://gateway.example/wan'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['http://localhost:8080/x', 'http://localhost:8080/x'],
    ['http://[::1]:8080', 'http://[::1]:8080'],
  ])('%j is taken as %j', (text, address) => {
    expect(parseServiceUrl(text)).toBe(address);
    expect(text.trim()).toMatch(pattern);
  });

  test.each([
    'http://api.empiriolabs.ai',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'https://user:secret@example.com',
    'https://example.com/?key=1',
    'https://example.com/#x',
    'ftp://example.com',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'example.com',
    '',
  ])('%j is refused', (text) => {
    expect(parseServiceUrl(text)).toBeUndefined();
    expect(text).not.toMatch(pattern);
  });
});

test('a simulator is looked for on this machine only', () => {
  expect(parseSimulatorUrl('http://127.0.0.1:4000')).toBe('http://127.0.0.1:4000');
  expect(parseSimulatorUrl('https://example.com')).toBeUndefined();
  expect(parseSimulatorUrl('http://example.com')).toBeUndefined();
  expect(parseSimulatorUrl(undefined)).toBeUndefined();
});

test('the save folder of the settings editor stays inside the workspace', () => {
  const pattern = new RegExp(properties['wanImage.saveFolder']?.pattern ?? '', 'u');
  for (const good of ['images', 'docs/images', './images', '', 'a..b', '.images']) expect(good).toMatch(pattern);
  for (const bad of ['/etc', '../x', 'a/../../x', 'a\\..\\x', 'C:\\x', '~/x', '..']) expect(bad).not.toMatch(pattern);
});
