import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { leaksOf, promptsIn } from '../e2e/afterJourneys.ts';
import { hatchTwelve, strayCanaries } from '../e2e/twelveCanaries.ts';
import { encodingsOf, findCanaries, findCanary, newCanary } from '../e2e/canary.ts';

const folder = mkdtempSync(join(tmpdir(), 'canary-'));
afterAll(() => rmSync(folder, { recursive: true }));

const secret = newCanary();
const noise = Buffer.from('[info] nothing to see here\n'.repeat(200));

test.each(Object.entries(encodingsOf(secret)))('a leak is found: %s', async (_name, leak) => {
  for (const before of ['', 'x', 'xy', 'xyz']) {
    const content = Buffer.concat([noise, Buffer.from(before), leak, noise]);
    expect(await findCanary([{ name: 'log', content }], secret)).not.toEqual([]);
    expect(await findCanary([{ name: 'log', content: gzipSync(content) }], secret)).not.toEqual([]);
    expect(await findCanary([{ name: 'log', content: deflateSync(content) }], secret)).not.toEqual([]);
  }
});

test('a leak is found wherever it stands, whatever stands around it', async () => {
  const leaks = fc.constantFrom(...Object.values(encodingsOf(secret)));
  await fc.assert(
    fc.asyncProperty(leaks, fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 40 }), async (leak, a, b) => {
      const content = Buffer.concat([a, leak, b]);
      expect(await findCanary([{ name: 'x', content }], secret)).not.toEqual([]);
    }),
  );
});

test('texts with quotes, umlauts and signs are found as JSON, as parts of addresses, and as they are', async () => {
  const odd = 'Größe "12" of <Müller & Söhne>, 50 % \\ off';
  for (const content of [
    odd,
    JSON.stringify(odd),
    encodeURIComponent(odd),
    encodeURIComponent(encodeURIComponent(odd)),
  ])
    expect(await findCanary([{ name: 'x', content }], odd)).not.toEqual([]);
});

test('it is found in the content and the name of a file and in the target of a link, and in no file that is not meant', async () => {
  writeFileSync(join(folder, 'a.log'), `x ${secret}`);
  writeFileSync(join(folder, `${secret}.txt`), 'x');
  symlinkSync(`/nowhere/${secret}`, join(folder, 'link'));
  const files = (await findCanary([{ name: 'folder', folder }], secret)).map(({ file }) => file);
  expect(new Set(files)).toEqual(new Set(['a.log', `${secret}.txt`, 'link']));
  expect(await findCanary([{ name: 'folder', folder, only: (file) => file === 'a.log' }], secret)).toHaveLength(1);
});

test('bytes of a picture are found as they are and as text', async () => {
  const bytes = Uint8Array.from({ length: 40 }, (_, index) => (index * 37 + 11) % 256);
  const canaries = [{ name: 'picture', secret: bytes }];
  for (const encoding of ['base64', 'base64url', 'hex'] as const) {
    const content = `{"image":"data:image/png;base64,${Buffer.concat([Buffer.from('PN'), bytes]).toString(encoding)}"}`;
    expect(await findCanaries([{ name: 'request', content }], canaries)).not.toEqual([]);
  }
  const raw = await findCanaries([{ name: 'file', content: Buffer.concat([noise, bytes]) }], canaries);
  expect(raw).toEqual([{ canary: 'picture', place: 'file', file: '', encoding: 'raw' }]);
});

test('what is not there is not found, and an empty place does not count as searched', async () => {
  expect(await findCanary([{ name: 'log', content: newCanary() }], secret)).toEqual([]);
  await expect(findCanary([{ name: 'log', content: '' }], secret)).rejects.toThrow('nothing to search in the log');
});

const ours = 'user/logs/2026/exthost1/wan-image-studio.wan-image-studio/Wan Image.log';
const another = 'user/logs/2026/window1/renderer.log';
const settings = 'user/User/settings.json';
const journal = 'user/User/globalStorage/wan-image-studio.wan-image-studio/workspaces/1/live-2/3/job.json';

test.each([
  ['sk-empiriolabs-errors', [ours, another, settings, journal]],
  ['https://pictures.example/a.png?expires=1&signature=abc', [ours, another, settings]],
  ['A red kite over the sea', [ours, another, settings]],
  ['/tmp/wan-e2e-abc/workspace/a.png', [ours]],
  ['/tmp/wan-live-abc/vscode', [ours]],
])('after all journeys "%s" is found where it must not be, and only there', async (leak, mustNotBeIn) => {
  const prompts = new Set(['A red kite over the sea']);
  for (const file of [ours, another, settings, journal]) {
    const directory = mkdtempSync(join(folder, 'vscode-'));
    mkdirSync(join(directory, dirname(file)), { recursive: true });
    writeFileSync(join(directory, file), `[info] ${leak} x`);
    const leaks = await leaksOf(directory, prompts);
    expect(leaks.length > 0, file).toBe(mustNotBeIn.includes(file));
    if (leaks.length > 0) expect(leaks[0]).toContain(file);
  }
});

test('the prompts of journeys are taken apart into what people wrote', () => {
  const body = {
    prompt: 'A red kite over the sea\nIn box 1 of image 2: a lighthouse in fog\nThird image: a boat at night\nsea',
  };
  const request = { at: 0, requestId: '', method: 'POST', path: '', keyIn: 'none', status: 200 } as const;
  expect(promptsIn([{ ...request, body }, request])).toEqual([
    'A red kite over the sea',
    'a lighthouse in fog',
    'a boat at night',
  ]);
});

test('each of the twelve is found where it may not be, in any form, and said to be missing where it never was', async () => {
  const hatched = await hatchTwelve();
  const twelve = { ...hatched, secrets: { ...hatched.secrets, 'signed address': 'f00dfeedf00dfeedcafe' } };
  for (const [name, canary] of Object.entries(twelve.secrets)) {
    const forms = typeof canary === 'string' ? Object.values(encodingsOf(canary)) : [canary];
    // Halves of a short one are found everywhere, so they are not looked for.
    for (const form of String(canary).length < 16 ? forms.slice(0, -2) : forms) {
      for (const place of ['log of the extension', 'settings', 'report']) {
        const strays = await strayCanaries([{ name: place, content: Buffer.concat([noise, form]) }], twelve);
        expect(strays, name).toContainEqual(expect.stringMatching(`^the ${name} is in the ${place}: `));
      }
    }
  }
  const nowhere = await strayCanaries([{ name: 'requests to the service', content: 'nothing' }], twelve);
  expect(nowhere).toContain('the prompt is not in the requests to the service');
  expect(nowhere).toContain('the key is not in the authorization');
});
