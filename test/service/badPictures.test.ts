import { open, readdir } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { brotliCompressSync, crc32, deflateSync, gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { sourceOfFile } from '../../src/pixels/byteSource.ts';
import { verifyPicture } from '../../src/pixels/integrity.ts';
import { Downloads } from '../../src/service/download.ts';
import { isNear } from '../../src/service/hosts.ts';
import { usualPace } from '../../src/service/pace.ts';
import type { Incoming, Outgoing, Transport } from '../../src/service/transport.ts';
import type { Downloaded, Verify } from '../../src/service/types.ts';
import { clientFor, errorOf, fakePicture, LeapingClock, newFolder, type Respond, startServer } from './rig.ts';

const verify: Verify = async (file) => {
  const handle = await open(file);
  try {
    const { header } = await verifyPicture(await sourceOfFile(handle));
    return { format: header.format, width: header.width, height: header.height };
  } finally {
    await handle.close();
  }
};

/** Addresses that no picture of a service on the open network has. */
const forbidden = [
  '127.0.0.1 127.1 2130706433 0x7f.0.0.1 0.0.0.0 localhost x.localhost localhost. [::1] [::] [::ffff:127.0.0.1]',
  '10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 100.64.0.1 169.254.169.254 [fd00::1] [fe80::1] [::ffff:10.0.0.1]',
  '224.0.0.1 255.255.255.255 [ff02::1]',
].flatMap((hosts) => hosts.split(' ').map((host) => `https://${host}/a.png`));
const unusable = [
  'http://p.invalid/a.png ftp://p.invalid/a file:///etc/passwd javascript:alert(1) data:image/png,x vscode://x/y',
  'https://joe:pass@p.invalid/ https://joe@p.invalid/ https:// https://p.invalid:99999/ https://[::1',
  'blob:https://p.invalid/x //p.invalid/a.png',
].flatMap((addresses) => addresses.split(' '));

/** Downloads for a service on the open network, over a network that is a function; what was asked is remembered. */
async function overFake(answer: (url: URL) => Partial<Incoming>) {
  const asked: Outgoing[] = [];
  const send = (outgoing: Outgoing): Promise<Incoming> => {
    asked.push(outgoing);
    return Promise.resolve({ status: 200, headers: {}, body: Readable.from([]), ...answer(outgoing.url) });
  };
  const folder = await newFolder();
  const downloads = new Downloads({
    transport: { send } as unknown as Transport,
    verify,
    clock: new LeapingClock(),
    pace: { ...usualPace, tries: 1 },
    userAgent: 'test',
    isLocal: false,
    isNear: false,
    log: () => undefined,
  });
  const collect = (url: string) =>
    downloads.collect({ kind: 'url', url }, path.join(folder, 'a'), new AbortController().signal);
  return { asked, folder, collect };
}

const redirect = (location: string): Partial<Incoming> => ({ status: 302, headers: { location } });

test('no address in the own network is asked, neither at once nor by a redirect', async () => {
  for (const address of [...forbidden, ...unusable, 'https://a b/', '', '\0', '\ud800']) {
    const direct = await overFake(() => ({}));
    expect((await errorOf(direct.collect(address))).failure, address).toMatchObject({
      kind: 'nothing-delivered',
      mayBeBilled: true,
    });
    expect(direct.asked).toHaveLength(0);
    if (address.startsWith('//') || address === '') continue; // a place beside the one before, which is fine
    const led = await overFake(() => redirect(address));
    expect((await errorOf(led.collect('https://p.invalid/a.png'))).kind, address).toBe('nothing-delivered');
    expect(
      led.asked.every(({ url }) => url.host === 'p.invalid'),
      address,
    ).toBe(true);
  }
});

test('addresses of the open network are not mistaken for near ones', () => {
  const open = ['8.8.8.8', '172.32.0.1', '100.128.0.1', '11.0.0.1', '[2606:4700::1]', '[::ffff:8.8.8.8]', 'a.example'];
  for (const host of [...open, '10.example', 'localhost.example'])
    expect(isNear(new URL(`https://${host}/`)), host).toBe(false);
});

test('a hundred redirects, a circle and a step down to http end after a few', async () => {
  const far = await overFake(({ pathname }) => redirect(`/${Number(pathname.slice(1)) + 1}`));
  const circle = await overFake(({ pathname }) => redirect(pathname === '/a' ? '/b' : '/a'));
  const down = await overFake(() => redirect('http://p.invalid/a.png'));
  for (const { collect, asked, folder } of [far, circle, down]) {
    expect((await errorOf(collect('https://p.invalid/0'))).failure).toMatchObject({
      kind: 'nothing-delivered',
      mayBeBilled: true,
    });
    expect(asked.length).toBeLessThanOrEqual(6);
    for (const { headers } of asked) expect(Object.keys(headers).join()).not.toMatch(/auth|cookie|key|referer/i);
    expect(await readdir(folder)).toEqual([]);
  }
});

/** A PNG that claims this size and holds these pixels. */
function png(width: number, height: number, pixels: Buffer): Buffer {
  const chunk = (name: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const start = Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]);
  const data = chunk('IDAT', deflateSync(pixels));
  return Buffer.concat([start, chunk('IHDR', header), data, chunk('IEND', Buffer.alloc(0))]);
}

const whole = png(64, 32, Buffer.alloc(65 * 32));
const noPictures: Readonly<Record<string, Buffer>> = {
  nothing: Buffer.alloc(0),
  'a page': Buffer.from('<!DOCTYPE html><title>Sign in</title>'),
  'a refusal': Buffer.from('{"error":{"message":"expired"}}'),
  'a drawing': Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
  'a document': Buffer.from('%PDF-1.7\n'),
  'half a picture': whole.subarray(0, whole.length - 20),
  'only the start': whole.subarray(0, 8),
  'a billion pixels': png(100_000, 100_000, Buffer.alloc(1000)),
  'the most pixels that can be claimed': png(0x7fffffff, 0x7fffffff, Buffer.alloc(1000)),
  'no pixels': png(0, 0, Buffer.alloc(0)),
  'fewer pixels than it claims': png(64, 32, Buffer.alloc(65 * 31)),
  'far more pixels than it claims': png(64, 32, Buffer.alloc(100_000_000)),
  'a picture in gzip': gzipSync(whole),
  'a picture in br': brotliCompressSync(whole),
  'zeros in gzip': gzipSync(Buffer.alloc(100_000_000)),
  noise: Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 7919) % 251)),
};

test('what is no whole picture is kept nowhere, whatever its type says', async () => {
  for (const [name, bytes] of Object.entries(noPictures)) {
    const server = await startServer(
      (response) =>
        void response.writeHead(200, { 'content-type': 'image/png', 'content-encoding': 'gzip' }).end(bytes),
    );
    const { client, folder } = await clientFor(server.url, { options: { verify } });
    const error = await errorOf(client.collect({ kind: 'url', url: server.url }, path.join(folder, 'a')));
    expect(error.failure, name).toMatchObject({ kind: 'nothing-delivered', mayBeBilled: true });
    expect(server.whole.length, name).toBeLessThanOrEqual(2);
    expect(await readdir(folder), name).toEqual([]);
  }
});

test('a picture of another format than its type says is taken for what it is', async () => {
  const source = sharp({ create: { width: 70, height: 50, channels: 3, background: '#345' } });
  for (const format of ['png', 'jpeg', 'webp', 'gif'] as const) {
    const bytes = await source.clone().toFormat(format).toBuffer();
    const server = await startServer(
      (response) => void response.writeHead(200, { 'content-type': 'text/html', 'content-encoding': 'br' }).end(bytes),
    );
    const { client, folder } = await clientFor(server.url, { options: { verify } });
    const picture: Downloaded = await client.collect({ kind: 'url', url: server.url }, path.join(folder, 'a'));
    expect(picture).toMatchObject({ format, width: 70, height: 50, byteLength: bytes.length });
  }
});

const endless: readonly (readonly [string, Respond])[] = [
  ['never begins', () => undefined],
  [
    'drips',
    async (response) => {
      for (response.writeHead(200); !response.destroyed; await sleep(20)) response.write('x');
    },
  ],
  [
    'redirects slowly, again and again',
    async (response) => {
      await sleep(100);
      response.writeHead(302, { location: '/again' }).end();
    },
  ],
  ['asks to come again later', (response) => void response.writeHead(503, { 'retry-after': '3600' }).end()],
  ['lies about its length', (response) => void response.writeHead(200, { 'content-length': '9000000' }).end('x')],
];

test.each(endless)('a download that %s has an end', async (_name, respond) => {
  const server = await startServer(respond);
  const pace = { downloadIdle: 300, downloadTimeout: 500, tries: 3 };
  const { client, folder } = await clientFor(server.url, { options: { pace } });
  const startedAt = performance.now();
  const error = await errorOf(client.collect({ kind: 'url', url: `${server.url}/a` }, path.join(folder, 'a')));
  expect(['network', 'unavailable', 'nothing-delivered']).toContain(error.kind);
  expect(error.failure.mayBeBilled).toBe(true);
  expect(performance.now() - startedAt).toBeLessThan(8000);
  expect(await readdir(folder)).toEqual([]);
});

test('a picture that came damaged inside an answer is fetched from its address', async () => {
  const bytes = fakePicture();
  const server = await startServer((response, { method }) => {
    const data = [
      { b64_json: bytes.toString('base64').slice(0, 20), url: `${server.url}/a` },
      { b64_json: '', url: `${server.url}/b` },
    ];
    response.end(
      method === 'GET' && !server.whole.at(-1)?.path.startsWith('/v1')
        ? bytes
        : JSON.stringify({ status: 'completed', data }),
    );
  });
  const { client, folder } = await clientFor(server.url);
  const status = await client.poll('job_1');
  if (status.state !== 'completed') throw new Error(status.state);
  for (const [index, item] of status.items.entries())
    expect(await client.collect(item, path.join(folder, String(index)))).toMatchObject({ byteLength: bytes.length });
  expect(server.whole.map(({ path: asked }) => asked)).toEqual(['/v1/jobs/job_1', '/a', '/b']);
});
