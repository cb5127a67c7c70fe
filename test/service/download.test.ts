import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { ServiceClient } from '../../src/service/types.ts';
import { clientFor, errorOf, fakePicture, inTurn, type Respond, startServer } from './rig.ts';

const picture = fakePicture('y'.repeat(100_000));
const whole: Respond = (response) =>
  void response.writeHead(200, { 'content-type': 'image/png', 'content-length': String(picture.length) }).end(picture);
const status =
  (code: number, headers: Record<string, string> = {}): Respond =>
  (response) =>
    void response.writeHead(code, headers).end('<Error/>');
const truncated: Respond = (response) =>
  void response.writeHead(200, { 'content-type': 'image/png' }).end(picture.subarray(0, 60_000));
const cut: Respond = (response) =>
  void response
    .writeHead(200, { 'content-length': String(picture.length) })
    .write(picture.subarray(0, 60_000), () => response.destroy());

async function bring(respond: Respond, options: { address?: string; pace?: object } = {}) {
  const server = await startServer(respond);
  const { client, folder, ...rest } = await clientFor(server.url, { options: { pace: options.pace ?? {} } });
  const file = path.join(folder, '0.image');
  const collect = (address = options.address ?? `${server.url}/a.png?signature=secret`) =>
    client.collect({ kind: 'url', url: address }, file);
  return { server, client, folder, file, collect, ...rest };
}

test('a picture arrives whole, measured and hashed, and without credentials', async () => {
  const { server, collect, file, folder, lines } = await bring(whole);
  expect(await collect()).toEqual({
    format: 'png',
    width: 64,
    height: 32,
    byteLength: picture.length,
    sha256: createHash('sha256').update(picture).digest('hex'),
  });
  expect((await readFile(file)).equals(picture)).toBe(true);
  expect(await readdir(folder)).toEqual(['0.image']);
  const names = Object.keys(server.whole[0]?.headers ?? {});
  expect(names.filter((name) => /auth|key|cookie/.test(name))).toEqual([]);
  expect(lines.join('\n')).not.toContain('secret');
});

test('passing trouble is ridden out', async () => {
  const { server, collect, clock } = await bring(inTurn(status(503), cut, status(429, { 'retry-after': '9' }), whole));
  await collect();
  expect(server.whole).toHaveLength(4);
  expect(Math.max(...clock.slept)).toBeGreaterThanOrEqual(9000);
});

test.each([
  ['an address that has expired', status(403), 2, { kind: 'nothing-delivered', status: 403 }],
  ['a picture that is gone', status(404), 2, { kind: 'nothing-delivered', status: 404 }],
  ['a picture that is truncated each time', truncated, 2, { kind: 'nothing-delivered' }],
  [
    'a page in the place of a picture',
    (response) => void response.writeHead(200, { 'content-type': 'image/png' }).end('<html>'),
    2,
    { kind: 'nothing-delivered' },
  ],
  ['a store that is out of order', status(503), 5, { kind: 'unavailable', status: 503 }],
  ['connections cut each time', cut, 5, { kind: 'network' }],
  ['an empty answer without an address', status(204), 2, { kind: 'nothing-delivered', status: 204 }],
])('%s ends with a failure that may have been billed', async (_name, respond, tries, failure) => {
  const { server, collect, folder } = await bring(respond);
  expect((await errorOf(collect())).failure).toMatchObject({ ...failure, mayBeBilled: true });
  expect(server.whole).toHaveLength(tries);
  expect(await readdir(folder)).toEqual([]);
});

test('a truncated picture is fetched once more', async () => {
  const { collect, server } = await bring(inTurn(truncated, whole));
  expect((await collect()).byteLength).toBe(picture.length);
  expect(server.whole).toHaveLength(2);
});

test('redirects are followed a few times, each address checked anew', async () => {
  const step =
    (target: string): Respond =>
    (response) =>
      void response.writeHead(302, { location: target }).end();
  const good = await bring(inTurn(step('/b'), step('c.png'), whole));
  await good.collect();
  expect(good.server.whole.map((request) => request.path)).toEqual(['/a.png?signature=secret', '/b', '/c.png']);
  const round = await bring(step('/again'));
  expect((await errorOf(round.collect())).failure).toMatchObject({ kind: 'nothing-delivered', mayBeBilled: true });
  expect(round.server.whole).toHaveLength(6);
  for (const target of [
    'http://example.com/a.png',
    'file:///etc/passwd',
    'https://joe:pass@example.com/',
    'ftp://127.0.0.1/',
  ]) {
    const away = await bring(step(target));
    expect((await errorOf(away.collect())).kind).toBe('nothing-delivered');
    expect(away.server.whole).toHaveLength(1);
  }
});

test('an unencrypted address is taken only from a service on this machine', async () => {
  const server = await startServer(whole);
  const { client, folder } = await clientFor('https://api.example');
  expect(
    (await errorOf(client.collect({ kind: 'url', url: `${server.url}/a.png` }, path.join(folder, 'x')))).kind,
  ).toBe('nothing-delivered');
  const local = await bring(whole);
  expect((await errorOf(local.collect('http://example.com/a.png'))).kind).toBe('nothing-delivered');
  expect(server.begun).toBe(0);
});

test('a picture over the ceiling is given up, announced or not', async () => {
  for (const headers of [{ 'content-length': String(picture.length) }, {}]) {
    const { collect, folder, server } = await bring((response) => void response.writeHead(200, headers).end(picture), {
      pace: { downloadCeiling: 50_000 },
    });
    expect((await errorOf(collect())).failure).toMatchObject({ kind: 'nothing-delivered', mayBeBilled: true });
    expect(server.whole).toHaveLength(1);
    expect(await readdir(folder)).toEqual([]);
  }
});

test('a download that pauses for too long, or lasts too long, is given up', async () => {
  const stalled: Respond = (response) => void response.writeHead(200).write(picture.subarray(0, 10));
  const idle = await bring(stalled, { pace: { downloadIdle: 300, tries: 1 } });
  expect((await errorOf(idle.collect())).failure).toMatchObject({ kind: 'network', mayBeBilled: true });
  const long = await bring(stalled, { pace: { downloadTimeout: 200 } });
  expect((await errorOf(long.collect())).failure).toMatchObject({
    kind: 'network',
    detail: 'The picture did not come in time.',
  });
});

test('a file that is there already is not overwritten', async () => {
  const { collect, file } = await bring(whole);
  await writeFile(file, 'mine');
  await expect(collect()).rejects.toMatchObject({ code: 'EEXIST' });
  expect(await readFile(file, 'utf8')).toBe('mine');
});

test("a folder that is missing is the disk's own error, and is not tried again", async () => {
  const { client, server } = await bring(whole);
  await expect(client.collect({ kind: 'url', url: `${server.url}/a` }, '/no/such/folder/x')).rejects.toMatchObject({
    code: 'ENOENT',
  });
  expect(server.whole).toHaveLength(1);
});

test('stopping leaves nothing behind', async () => {
  const stop = new AbortController();
  const { client, folder, file, server } = await bring(
    (response) => void response.writeHead(200).write(picture.subarray(0, 10), () => setTimeout(() => stop.abort(), 20)),
  );
  expect(
    (await errorOf(client.collect({ kind: 'url', url: server.url }, file, { signal: stop.signal }))).failure,
  ).toEqual({ kind: 'cancelled', mayBeBilled: true });
  expect(await readdir(folder)).toEqual([]);
});

async function collectFile(client: ServiceClient, folder: string, bytes: Buffer) {
  const source = path.join(folder, 'x.spool');
  await writeFile(source, bytes);
  return { source, result: client.collect({ kind: 'file', file: source }, path.join(folder, 'target')) };
}

test('a picture from inside an answer is checked like any other, and can be taken again', async () => {
  const { client, folder } = await clientFor('https://api.example');
  const { source, result } = await collectFile(client, folder, picture);
  expect(await result).toMatchObject({
    format: 'png',
    byteLength: picture.length,
    sha256: createHash('sha256').update(picture).digest('hex'),
  });
  expect((await readFile(path.join(folder, 'target'))).equals(picture)).toBe(true);
  await client.collect({ kind: 'file', file: source }, path.join(folder, 'again'));
  const damaged = await collectFile(client, folder, picture.subarray(0, 50));
  expect((await errorOf(damaged.result)).failure).toMatchObject({ kind: 'nothing-delivered', mayBeBilled: true });
  expect(
    (await errorOf(client.collect({ kind: 'file', file: path.join(folder, 'gone') }, path.join(folder, 'z')))).kind,
  ).toBe('nothing-delivered');
});
