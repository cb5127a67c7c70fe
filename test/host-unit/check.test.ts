import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { AttachedImage } from '../../src/core/readyRequest.ts';
import { nothingKnown } from '../../src/core/knownService.ts';
import { emptyRequest } from '../../src/core/request.ts';
import { ImageRequest } from '../../src/core/requestSchema.ts';
import { askFree } from '../../src/host/check/freePart.ts';
import { probePicture } from '../../src/host/check/probe.ts';
import { settle, type Settled } from '../../src/host/check/settle.ts';
import { tryForm } from '../../src/host/check/trying.ts';
import { inspectFile } from '../../src/host/inspectPicture.ts';
import { type RunOutcome, Runner } from '../../src/host/runner.ts';
import type { Service } from '../../src/host/services.ts';
import { createJobs } from '../../src/jobs/engine.ts';
import type { Jobs } from '../../src/jobs/engineTypes.ts';
import { createPixels, type Pixels } from '../../src/pixels/client.ts';
import { verifyFile } from '../../src/host/inspectPicture.ts';
import type { Fault } from '../../src/simulator/faults.ts';
import type { SimulatorOptions } from '../../src/simulator/options.ts';
import { type Simulator, startSimulator } from '../../src/simulator/server.ts';
import { clientFor } from '../service/rig.ts';

let pixels: Pixels;
beforeAll(() => {
  pixels = createPixels(fileURLToPath(new URL('../../src/pixels/worker.ts', import.meta.url)));
});
afterAll(() => pixels.dispose());

const silent = { info: () => undefined, error: () => undefined };

interface Checked {
  readonly settled: Settled;
  readonly simulator: Simulator;
  readonly jobs: Jobs;
}

/** Lets a check ask this simulator, by the runner, the job engine and the client that every request goes by. */
async function check(
  options: SimulatorOptions,
  {
    faults = [],
    shownPrice = 30,
    cancelAfter = 9,
  }: { faults?: Fault[]; shownPrice?: number; cancelAfter?: number } = {},
): Promise<Checked> {
  const simulator = await startSimulator({ queueMs: 0, renderMs: 0, ...options });
  onTestFinished(() => simulator.stop());
  simulator.addFaults(faults);
  const { client, folder } = await clientFor(simulator.url, { options: { verify: verifyFile } });
  const jobs = createJobs({
    folder: join(folder, 'vault'),
    client: () => Promise.resolve(client),
    inspect: inspectFile,
    now: Date.now,
    log: () => undefined,
    pace: { firstPauseMs: 5, longestPauseMs: 10 },
  });
  onTestFinished(() => jobs.dispose());
  await jobs.open();
  const service: Service = {
    mode: 'live',
    name: 'simulator',
    isReachable: true,
    jobs,
    folder: join(folder, 'vault'),
    recovery: {} as Service['recovery'],
  };
  const runner = new Runner({
    services: { current: () => Promise.resolve(service) },
    keys: { read: () => Promise.resolve('sk-empiriolabs-check') },
    inputs: { prepare: prepareProbe },
    storage: { vault: () => Promise.resolve(undefined) },
    refusal: () => Promise.resolve(undefined),
    targetTrouble: () => Promise.resolve(undefined),
    boxForm: () => 'auto',
    // A check asks whether images are refused, whatever an earlier one has found.
    known: () => ({ ...nothingKnown, refusesInline: true }),
    confirmAbove: () => 300,
    confirm: () => Promise.resolve(false),
  });
  let asked = 0;
  const errand = {
    input: { id: 'probe', name: 'probe' },
    shownPrice,
    isMeant: () => true,
    signal: new AbortController().signal,
  };
  const parts = {
    runner,
    announcer: { end: (_service: Service, jobId: string) => ended(jobs, jobId), claim: () => Promise.resolve(true) },
    pixels,
    startingRequest: emptyRequest,
    log: silent,
  };
  const settled = await settle(
    (form) => {
      asked++;
      return tryForm(form, errand, parts);
    },
    () => asked >= cancelAfter,
  );
  return { settled, simulator, jobs };
}

async function prepareProbe(request: unknown) {
  const asSent = ImageRequest.parse(request);
  const bytes = probePicture();
  const facts = { format: 'png', width: 768, height: 768, byteLength: bytes.length, hasAlpha: false };
  const images = new Map<string, AttachedImage>([['probe', { bytes, facts }]]);
  return { asSent, asked: asSent.inputs, images, sources: [], keep: () => Promise.resolve() };
}

function ended(jobs: Jobs, jobId: string): Promise<'ended'> {
  return new Promise((resolve) => {
    const look = (): void => {
      const state = jobs.get(jobId)?.record.status.state;
      if (state === 'done' || state === 'failed') resolve('ended');
    };
    const subscription = jobs.onDidChange(look);
    onTestFinished(() => subscription.dispose());
    look();
  });
}

const treatments = ['honoured', 'passed over', 'refused'] as const;
type Treatment = (typeof treatments)[number];

/** The simulator's options for a service that treats the two forms of boxes like this. */
function treating(perImage: Treatment, literal: Treatment): Pick<SimulatorOptions, 'bboxForm' | 'bboxPassedOver'> {
  const both = (wanted: (treatment: Treatment) => boolean) =>
    wanted(perImage) ? (wanted(literal) ? 'both' : 'perImage') : wanted(literal) ? 'literal' : 'none';
  return { bboxForm: both((one) => one !== 'refused'), bboxPassedOver: both((one) => one === 'passed over') };
}

interface Expected {
  readonly inline: Settled['inline'];
  readonly boxForm: Settled['boxForm'];
  readonly sent: number;
  readonly pictures: number;
}

/** The truth about such a service, and how many requests and pictures finding it out has to take. Written down, not computed from the check. */
function truth(takesInline: boolean, perImage: Treatment, literal: Treatment): Expected {
  if (!takesInline) return { inline: 'refused', boxForm: undefined, sent: 1, pictures: 0 };
  if (perImage === 'honoured') return { inline: 'accepted', boxForm: 'perImage', sent: 1, pictures: 1 };
  const first = perImage === 'passed over' ? 1 : 0;
  const second = literal === 'refused' ? 0 : 1;
  return {
    inline: first + second > 0 ? 'accepted' : undefined,
    boxForm: literal === 'honoured' ? 'literal' : 'neither',
    sent: 2,
    pictures: first + second,
  };
}

describe('against every service that there can be, the verdict is right and costs no picture too many', () => {
  const combinations = [true, false].flatMap((takesInline) =>
    treatments.flatMap((perImage) =>
      treatments.flatMap((literal) =>
        [false, true].flatMap((refusesLate) =>
          [0, 3].map((pixelsOff) => ({ takesInline, perImage, literal, refusesLate, pixelsOff })),
        ),
      ),
    ),
  );

  test.each(combinations)(
    'inline taken: $takesInline; per image: $perImage; literal: $literal; refuses late: $refusesLate; off by $pixelsOff',
    async ({ takesInline, perImage, literal, refusesLate, pixelsOff }) => {
      const { settled, simulator } = await check({
        ...treating(perImage, literal),
        refuseInlineImages: !takesInline,
        refusesLate,
        pixelsOff,
      });
      const { inline, boxForm, sent, pictures } = truth(takesInline, perImage, literal);
      expect({ inline: settled.inline, boxForm: settled.boxForm }).toEqual({ inline, boxForm });
      const counts = simulator.counts();
      expect(counts).toMatchObject({ bodiesReceived: sent, imagesBilled: pictures });
      expect(counts.accepted).toBe(refusesLate ? sent : pictures);
      expect(counts.accepted).toBeLessThanOrEqual(2);
    },
  );
});

test('the test pictures are Standard, 768 pixels, sent along as data, each in another form of boxes', async () => {
  const { simulator, jobs } = await check(treating('passed over', 'passed over'));
  const bodies = simulator.requests().flatMap(({ body }) => (body ? [body as Record<string, unknown>] : []));
  expect(bodies).toHaveLength(2);
  for (const body of bodies)
    expect(body).toMatchObject({
      model_variant: 'wan2.7-image',
      prompt: 'fill the box solid red, change nothing else',
      use_custom_size: true,
      custom_width: 768,
      custom_height: 768,
      num_images: 1,
      image: [{ mediaType: 'image/png' }],
    });
  expect(bodies.map(({ bbox_list }) => bbox_list)).toEqual(['[[[448,80,704,336]]]', '[[448,80,704,336]]']);
  expect(jobs.list().map(({ record }) => [record.askedBy, record.highestPrice])).toEqual([
    ['check service', 30],
    ['check service', 30],
  ]);
});

describe('whatever leaves it open what became of a picture ends the check, and nothing is sent again', () => {
  test.each<[string, Fault]>([
    ['the line breaks after the request was accepted', { at: 'submit', kind: 'drop-after-accept' }],
    ['the line breaks before it', { at: 'submit', kind: 'drop-before-accept' }],
    ['the answer is no JSON', { at: 'submit', kind: 'malformed-json' }],
    ['a gateway fails', { at: 'submit', kind: 'status', status: 502 }],
    ['there is no credit', { at: 'submit', kind: 'status', status: 402 }],
    [
      'the content is refused',
      { at: 'submit', kind: 'job-failed', message: 'DataInspectionFailed: inappropriate content' },
    ],
    ['the provider fails', { at: 'submit', kind: 'job-failed' }],
    ['the job is forgotten', { at: 'submit', kind: 'job-lost' }],
    ['nothing is delivered', { at: 'submit', kind: 'empty-data' }],
  ])('%s', async (_, fault) => {
    const { settled, simulator } = await check({}, { faults: [fault] });
    expect(settled).toMatchObject({ inline: undefined, boxForm: undefined, tried: [{ trial: { kind: 'failed' } }] });
    expect(settled.tried).toHaveLength(1);
    expect(simulator.counts().bodiesReceived).toBeLessThanOrEqual(1);
  });

  test('after the first picture has told something, that is kept', async () => {
    const faults: Fault[] = [{ at: 'submit', kind: 'drop-after-accept', after: 1 }];
    const { settled, simulator } = await check(treating('passed over', 'honoured'), { faults });
    expect(settled).toMatchObject({ inline: 'accepted', boxForm: undefined });
    expect(settled.tried.map(({ trial }) => trial)).toMatchObject([
      { kind: 'picture', fill: { verdict: 'everywhere' } },
      { kind: 'failed', failure: { mayBeBilled: true } },
    ]);
    expect(simulator.counts().bodiesReceived).toBe(2);
  });
});

test('a cancelled check sends no further picture, and keeps what the first has told', async () => {
  const { settled, simulator } = await check(treating('passed over', 'honoured'), { cancelAfter: 1 });
  expect(settled).toMatchObject({ inline: 'accepted', boxForm: undefined });
  expect(simulator.counts().accepted).toBe(1);
});

test('nothing is sent for more than the price that was agreed to', async () => {
  const { settled, simulator } = await check({}, { shownPrice: 29 });
  const trial = settled.tried[0]?.trial;
  expect(trial?.kind === 'not-sent' && (trial.why as RunOutcome).kind).toBe('dearer');
  expect(simulator.counts().bodiesReceived).toBe(0);
});

test('an error that names neither addresses nor data may mean the boxes: the other form decides', async () => {
  const about = (message: string): Fault => ({
    at: 'submit',
    kind: 'status',
    status: 400,
    code: 'invalid_parameter',
    message,
  });
  const once = await check({}, { faults: [about('Expected one list for every input image.')] });
  expect(once.settled).toMatchObject({ inline: 'accepted', boxForm: 'literal' });
  const twice = await check({}, { faults: [{ ...about('The image is not acceptable.'), times: 2 }] });
  expect(twice.settled).toMatchObject({ inline: 'refused', boxForm: undefined });
  expect(twice.simulator.counts()).toMatchObject({ accepted: 0, bodiesReceived: 2 });
});

const catalogues = {
  'as the model page': { catalogue: {}, prices: undefined, differing: [] },
  'under the other name': {
    catalogue: {
      pricing_rows: null,
      pricing: [
        { name: 'Standard', price: '$0.030' },
        { name: 'Pro', price: 0.075 },
      ],
    },
    prices: undefined,
    differing: [],
  },
  dearer: {
    catalogue: {
      pricing_rows: [
        { label: 'Standard', unit: 'image', rate: 0.04 },
        { label: 'Pro', unit: 'image', rate: 0.09 },
      ],
    },
    prices: { 'wan2.7-image': 40, 'wan2.7-image-pro': 90 },
    differing: ['price-pro', 'price-standard'],
  },
  'cheaper for one': {
    catalogue: {
      pricing_rows: [
        { label: 'Standard', unit: 'image', rate: 0.02 },
        { label: 'Pro', unit: 'image', rate: 0.075 },
      ],
    },
    prices: { 'wan2.7-image': 20 },
    differing: ['price-standard'],
  },
  'not to be understood': {
    catalogue: {
      pricing_rows: [
        { label: 'Standard', unit: '1M tokens', rate: 0.01 },
        { label: 'Pro', rate: 'on request' },
      ],
    },
    prices: undefined,
    differing: ['price-pro', 'price-standard'],
  },
  'without prices': { catalogue: { pricing_rows: null }, prices: undefined, differing: [] },
  'with other limits': {
    catalogue: {
      supported_parameters: [
        { name: 'num_images', minimum: 1, maximum: 2 },
        { name: 'image', max_items: 4 },
        { name: 'mood' },
      ],
    },
    prices: undefined,
    differing: ['count', 'input-count'],
  },
  missing: { catalogue: null, prices: 'unknown', differing: undefined },
} as const;

const balances = [
  { balanceName: 'balance', balanceForm: 'object', balance: 1000 },
  { balanceName: 'credit_balance', balanceForm: 'number', balance: 1000 },
  { balanceName: 'available', balanceForm: 'text', balance: 1000 },
  { balanceName: 'something_else', balanceForm: 'number', balance: undefined },
  { balanceName: null, balanceForm: 'object', balance: undefined },
] as const;

describe('what costs nothing is read from every catalogue, with every balance', () => {
  test.each(
    Object.entries(catalogues).flatMap(([name, one]) => balances.map((balance) => ({ name, ...one, ...balance }))),
  )('$name; balance as $balanceName', async ({ catalogue, prices, differing, balanceName, balanceForm, balance }) => {
    const simulator = await startSimulator({ catalogue, balanceName, balanceForm });
    onTestFinished(() => simulator.stop());
    const { client } = await clientFor(simulator.url);
    const free = await askFree(client, 5);
    expect(free.account).toEqual(balance === undefined ? {} : { balance });
    expect(free.prices).toEqual(typeof prices === 'object' ? { ...prices, at: 5 } : prices);
    const told =
      typeof free.catalogue === 'object' && 'comparisons' in free.catalogue
        ? free.catalogue.comparisons
            .filter(({ theirs }) => theirs.state === 'differs' || theirs.state === 'unread')
            .map(({ subject }) => subject)
        : undefined;
    expect(told).toEqual(differing);
    expect(simulator.counts().bodiesReceived).toBe(0);
  });

  test('a key that is refused ends it before the catalogue is asked', async () => {
    const simulator = await startSimulator();
    onTestFinished(() => simulator.stop());
    const { client } = await clientFor(simulator.url, { key: () => Promise.resolve('sk-empiriolabs-refused') });
    expect(await askFree(client, 5)).toMatchObject({
      account: { failure: { kind: 'key-refused' } },
      prices: 'unknown',
    });
    expect(simulator.requests().map(({ path }) => path)).toEqual(['/v1/account/usage']);
  });
});
