import { open } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { preflight } from '../../src/core/preflight.ts';
import type { FailureKind } from '../../src/core/failure.ts';
import type { AttachedImage, ReadyRequest } from '../../src/core/readyRequest.ts';
import { sourceOfFile } from '../../src/pixels/byteSource.ts';
import { verifyPicture } from '../../src/pixels/integrity.ts';
import { readHeader } from '../../src/pixels/header.ts';
import { sourceOfBytes } from '../../src/pixels/byteSource.ts';
import type { Downloaded, ServiceClient, Verify } from '../../src/service/types.ts';
import type { Fault } from '../../src/simulator/faults.ts';
import type { SimulatorOptions } from '../../src/simulator/options.ts';
import { type Simulator, startSimulator } from '../../src/simulator/server.ts';
import { canaryKey, clientFor, errorOf, LeapingClock } from './rig.ts';

const verify: Verify = async (file) => {
  const handle = await open(file);
  try {
    const { header } = await verifyPicture(await sourceOfFile(handle));
    return { format: header.format, width: header.width, height: header.height };
  } finally {
    await handle.close();
  }
};

interface Studio {
  readonly simulator: Simulator;
  readonly client: ServiceClient;
  readonly clock: LeapingClock;
  readonly folder: string;
  readonly lines: readonly string[];
}

async function studio(options: SimulatorOptions = {}, key = canaryKey): Promise<Studio> {
  const simulator = await startSimulator({ queueMs: 0, renderMs: 0, ...options });
  onTestFinished(() => simulator.stop());
  const rig = await clientFor(simulator.url, { key: () => Promise.resolve(key), options: { verify } });
  return { simulator, ...rig };
}

const small = { useCustomSize: true, customWidth: 768, customHeight: 768, seed: 5, prompt: 'a red kite over the sea' };

function ready(
  change: object = {},
  images: ReadonlyMap<string, AttachedImage> = new Map(),
  responseFormat: 'url' | 'b64_json' = 'url',
): ReadyRequest {
  const { ready: request, problems } = preflight({ ...small, responseFormat, ...change }, images, {
    boxForm: 'auto',
    drawSeed: () => 7,
  });
  if (!request) throw new Error(JSON.stringify(problems));
  return request;
}

/** The whole way of a job; what a caller does with it, in short. */
async function run({ client, clock, folder }: Studio, request: ReadyRequest): Promise<Downloaded[]> {
  const answer = await client.submit(request);
  const end =
    answer.kind === 'job'
      ? await client.wait(answer.jobId, { startedAt: clock.now() })
      : ({ state: 'completed', items: answer.items } as const);
  if (end.state === 'failed') throw Object.assign(new Error('failed'), { failure: end.failure });
  const pictures: Downloaded[] = [];
  for (const [index, item] of end.items.entries())
    pictures.push(await client.collect(item, path.join(folder, `${index}.image`)));
  return pictures;
}

const png768 = { format: 'png', width: 768, height: 768 };

test.each([
  ['async', {}],
  ['sync though async was expected', { answerMode: 'sync' }],
  [
    '202, absolute poll address on another host, extra keys',
    { submitStatus: 202, pollUrl: 'http://127.0.0.1:1', extraKeys: true },
  ],
  ['pictures at the top of the job', { resultForm: 'top', pollUrl: 'none' }],
] as const)('a picture is bought once and brought home: %s', async (_name, options) => {
  const all = await studio(options);
  expect(await run(all, ready())).toMatchObject([png768]);
  expect(all.simulator.counts()).toMatchObject({
    bodiesReceived: 1,
    bodiesAborted: 0,
    accepted: 1,
    imagesBilled: 1,
    downloads: 1,
    downloadsWithCredentials: 0,
  });
  expect(all.lines.join('\n')).not.toMatch(/Canary|signature|kite/);
});

test.each([{}, { answerMode: 'sync' }] as const)(
  'pictures as text inside the answer come to disk whole: %j',
  async (options) => {
    const all = await studio(options);
    expect(await run(all, ready({ count: 2 }, new Map(), 'b64_json'))).toMatchObject([png768, png768]);
    expect(all.simulator.counts()).toMatchObject({ bodiesReceived: 1, accepted: 1, imagesBilled: 2, downloads: 0 });
  },
);

test('the account is told, and a refused key is', async () => {
  const { client } = await studio({ credit: 12 });
  expect(await client.account()).toEqual({ balance: 12 });
  const refused = await studio({}, 'sk-empiriolabs-refused-Canary_1');
  expect((await errorOf(refused.client.account())).kind).toBe('key-refused');
});

test.each<[FailureKind, boolean, string, Fault | undefined, number]>([
  ['key-refused', false, 'sk-empiriolabs-refused-1', undefined, 0],
  ['no-credit', false, 'sk-empiriolabs-broke-1', undefined, 0],
  ['busy', false, canaryKey, { at: 'submit', kind: 'status', status: 429, retryAfter: 3 }, 0],
  ['busy', false, canaryKey, { at: 'submit', kind: 'status', status: 429 }, 0],
  ['bad-request', false, canaryKey, { at: 'submit', kind: 'status', status: 400 }, 0],
  [
    'content-refused',
    false,
    canaryKey,
    {
      at: 'submit',
      kind: 'status',
      status: 502,
      message: 'DataInspectionFailed: Input data may contain inappropriate content.',
    },
    0,
  ],
  ['unavailable', false, canaryKey, { at: 'submit', kind: 'status', status: 503 }, 0],
  ['unavailable', true, canaryKey, { at: 'submit', kind: 'status', status: 500 }, 0],
  ['unavailable', true, canaryKey, { at: 'submit', kind: 'status', status: 502, accepted: true }, 1],
  ['unavailable', true, canaryKey, { at: 'submit', kind: 'status', status: 504, accepted: true }, 1],
  ['unexpected', true, canaryKey, { at: 'submit', kind: 'html-page' }, 0],
  ['unexpected', true, canaryKey, { at: 'submit', kind: 'malformed-json' }, 1],
  ['unexpected', true, canaryKey, { at: 'submit', kind: 'empty-body' }, 1],
  ['network', true, canaryKey, { at: 'submit', kind: 'drop-before-accept' }, 0],
  ['network', true, canaryKey, { at: 'submit', kind: 'drop-after-accept' }, 1],
  ['network', true, canaryKey, { at: 'submit', kind: 'drop-inside-answer' }, 1],
])('submit: %s, may be billed: %s, with key %s and fault %j', async (kind, mayBeBilled, key, fault, accepted) => {
  const all = await studio({}, key);
  if (fault) all.simulator.addFaults([fault]);
  expect((await errorOf(all.client.submit(ready()))).failure).toMatchObject({ kind, mayBeBilled });
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(all.simulator.counts()).toMatchObject({ bodiesReceived: 1, accepted });
});

test.each<[FailureKind, Fault]>([
  [
    'content-refused',
    {
      at: 'submit',
      kind: 'job-failed',
      message: 'DataInspectionFailed: Output data may contain inappropriate content.',
    },
  ],
  ['unavailable', { at: 'submit', kind: 'job-failed' }],
  ['nothing-delivered', { at: 'submit', kind: 'empty-data' }],
  ['nothing-delivered', { at: 'submit', kind: 'job-lost' }],
])('a job that ends without pictures is %s: %j', async (kind, fault) => {
  for (const errorForm of ['object', 'string'] as const) {
    const all = await studio({ errorForm });
    all.simulator.addFaults([fault]);
    const failure = await run(all, ready()).then(
      () => undefined,
      (error: unknown) => (error as { failure: unknown }).failure,
    );
    if (errorForm === 'object' || kind !== 'unavailable') expect(failure).toMatchObject({ kind, mayBeBilled: true });
    expect(all.simulator.counts()).toMatchObject({ bodiesReceived: 1, accepted: 1 });
  }
});

test.each<[string, readonly Fault[]]>([
  [
    'polls',
    [
      { at: 'poll', kind: 'drop-before-accept' },
      { at: 'poll', kind: 'drop-inside-answer' },
      { at: 'poll', kind: 'html-page' },
      { at: 'poll', kind: 'empty-body' },
      { at: 'poll', kind: 'malformed-json' },
      { at: 'poll', kind: 'status', status: 502 },
      { at: 'poll', kind: 'status', status: 429, retryAfter: 2 },
      { at: 'poll', kind: 'slow-drip', ms: 1 },
    ],
  ],
  [
    'downloads',
    [
      { at: 'result', kind: 'status', status: 503 },
      { at: 'result', kind: 'drop-inside-answer' },
      { at: 'result', kind: 'truncated-image' },
    ],
  ],
  ['a page in the place of the picture', [{ at: 'result', kind: 'mislabelled-image', as: 'html' }]],
  ['an address refused once', [{ at: 'result', kind: 'url-expired' }]],
])('trouble with %s is ridden out, and nothing is bought again', async (_name, faults) => {
  const all = await studio();
  all.simulator.addFaults(faults);
  expect(await run(all, ready())).toMatchObject([png768]);
  expect(all.simulator.faults()).toEqual([]);
  expect(all.simulator.counts()).toMatchObject({
    bodiesReceived: 1,
    accepted: 1,
    imagesBilled: 1,
    downloadsWithCredentials: 0,
  });
});

test('a picture that is a JPEG under the name of a PNG is told as what it is, and another size too', async () => {
  const all = await studio();
  all.simulator.addFaults([{ at: 'result', kind: 'mislabelled-image', as: 'jpeg' }]);
  expect(await run(all, ready())).toMatchObject([{ format: 'jpeg' }]);
  const other = await studio();
  other.simulator.addFaults([{ at: 'result', kind: 'wrong-size', offX: -8 }]);
  expect(await run(other, ready())).toMatchObject([{ width: 760, height: 768 }]);
});

test('addresses that have expired for good are told, and the job gives fresh ones', async () => {
  const all = await studio();
  all.simulator.addFaults([{ at: 'result', kind: 'url-expired', times: 2 }]);
  const answer = await all.client.submit(ready());
  if (answer.kind !== 'job') throw new Error('no job');
  const end = await all.client.wait(answer.jobId, { startedAt: all.clock.now() });
  if (end.state !== 'completed' || !end.items[0]) throw new Error('not completed');
  const file = path.join(all.folder, 'x');
  expect((await errorOf(all.client.collect(end.items[0], file))).failure).toMatchObject({
    kind: 'nothing-delivered',
    status: 403,
    mayBeBilled: true,
  });
  const again = await all.client.poll(answer.jobId);
  if (again.state !== 'completed' || !again.items[0]) throw new Error('not completed');
  expect(await all.client.collect(again.items[0], file)).toMatchObject(png768);
  expect(all.simulator.counts()).toMatchObject({ bodiesReceived: 1, accepted: 1 });
});

test('an edit with its image inside is bought once; a service that takes no such images says so before', async () => {
  const source = await studio();
  await run(source, ready({ customWidth: 800 }));
  const handle = await open(path.join(source.folder, '0.image'));
  const bytes = await handle.readFile();
  await handle.close();
  const { format, width, height, hasAlpha } = await readHeader(sourceOfBytes(bytes));
  const images = new Map([['a', { bytes, facts: { format, width, height, byteLength: bytes.length, hasAlpha } }]]);
  const edit = ready({ inputs: [{ id: 'a', name: 'a.png', boxes: [] }] }, images);
  expect(await run(await studio(), edit)).toMatchObject([png768]);
  for (const options of [{ refuseInlineImages: true }, { maxBodyBytes: 1000 }]) {
    const picky = await studio(options);
    expect((await errorOf(picky.client.submit(edit))).failure).toMatchObject({
      kind: 'inline-image-refused',
      mayBeBilled: false,
    });
    expect(picky.simulator.counts()).toMatchObject({ bodiesReceived: 1, accepted: 0 });
  }
  const broken = await studio();
  broken.simulator.addFaults([{ at: 'submit', kind: 'drop-inside-request' }]);
  const error = await errorOf(broken.client.submit(edit));
  expect(error.kind).toBe('network');
  expect(broken.simulator.counts()).toMatchObject({ bodiesReceived: 0, accepted: 0 });
});

test('with the limit of the real account, many jobs at once are never told to slow down', async () => {
  const clock = new LeapingClock();
  const simulator = await startSimulator({
    queueMs: 20_000,
    renderMs: 40_000,
    requestsPerMinute: 50,
    clock: () => clock.now(),
  });
  onTestFinished(() => simulator.stop());
  const { client } = await clientFor(simulator.url, { options: { verify, clock } });
  await Promise.all(
    Array.from({ length: 6 }, async () => {
      const answer = await client.submit(ready());
      if (answer.kind === 'job') await client.wait(answer.jobId, { startedAt: clock.now() });
    }),
  );
  expect(simulator.counts()).toMatchObject({ bodiesReceived: 6, accepted: 6 });
  expect(simulator.counts().byStatus['429'] ?? 0).toBe(0);
});
