import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../eventually.ts';
import { preflight } from '../../src/core/preflight.ts';
import { createJobs } from '../../src/jobs/engine.ts';
import type { Job } from '../../src/jobs/engineTypes.ts';
import type { ServiceClient } from '../../src/service/types.ts';
import { clientFor, fakePicture, type Respond, startServer } from '../service/rig.ts';
import { describe, failed, FakeService, item } from './fakeService.ts';

const day = 86_400_000;

/** Buys with this client and waits for the end; `now` is the clock of the engine. */
async function buy(client: ServiceClient, folder: string, count = 1, now: () => number = Date.now): Promise<Job> {
  const jobs = createJobs({
    folder: join(folder, 'vault'),
    client: () => Promise.resolve(client),
    inspect: async (file) => describe(await readFile(file, 'latin1')),
    now,
    log: () => undefined,
    pace: { lookMs: 10, firstPauseMs: 5, longestPauseMs: 10, closingMs: 200 },
  });
  onTestFinished(() => jobs.dispose());
  await jobs.open();
  const known = { boxForm: 'auto', drawSeed: () => 7 } as const;
  const { ready } = preflight({ prompt: 'a fox', seed: 1, count }, new Map(), known);
  if (!ready) throw new Error('the request of this test should pass preflight');
  const job = await jobs.start(ready, { draftId: 'd', askedBy: 'test', intent: { kind: 'show' } });
  const ended = () => expect(['done', 'failed']).toContain(jobs.get(job.record.id)?.record.status.state);
  await eventually(ended);
  return jobs.get(job.record.id) as Job;
}

const bytes = (index: number | string) => fakePicture(String(index));

/** Buys from a service that answers every POST like this, and every GET with the picture of that name. */
async function buyFrom(respond: (url: string) => Respond, count = 1) {
  const server = await startServer((response, request) => {
    if (request.method === 'POST') return respond(server.url)(response, request);
    response.end(bytes(request.path));
  });
  const { client, folder, lines } = await clientFor(server.url);
  return { ...(await buy(client, folder, count)), server, lines };
}

const listing =
  (names: readonly string[]) =>
  (url: string): Respond =>
  (response) =>
    void response.end(JSON.stringify({ data: names.map((name) => ({ url: `${url}/${name}` })) }));

test('pictures beyond what was asked for are kept as well', async () => {
  const { record, server } = await buyFrom(listing(['a', 'b', 'c', 'd']));
  expect(record.status).toMatchObject({ state: 'done', missing: 0 });
  expect(record.results).toHaveLength(4);
  expect(server.whole).toHaveLength(5);
});

test('of a hundred thousand pictures as many are taken as a request could ask for twice', async () => {
  const names = Array.from({ length: 20_000 }, (_, index) => String(index));
  const { record, server, lines } = await buyFrom(listing(names));
  expect(record.results).toHaveLength(24);
  expect(server.whole).toHaveLength(25);
  expect(lines.join('\n')).toContain('lists 20000 pictures, of which 24 are taken');
  const tooMany = await buyFrom(listing(Array.from({ length: 100_000 }, (_, index) => String(index))));
  expect(tooMany.record.status).toMatchObject({
    state: 'failed',
    failure: { kind: 'unexpected', mayBeBilled: true },
  });
});

test('an address that is listed twice is one picture, and the other is missing', async () => {
  const { record, server } = await buyFrom(listing(['a', 'a']), 2);
  expect(record.status).toMatchObject({ state: 'done', missing: 1 });
  expect(record.results).toHaveLength(1);
  expect(server.whole.filter(({ method }) => method === 'GET')).toHaveLength(1);
});

test('of an answer that breaks off the whole pictures are kept, and the others are missing', async () => {
  const texts = [0, 1, 2].map((index) => `{"b64_json":"${bytes(index).toString('base64')}"}`).join(',');
  const { record, server } = await buyFrom(
    () => (response) =>
      void response
        .writeHead(200, { 'content-length': '100000' })
        .write(`{"data":[${texts.slice(0, -20)}`, () => response.destroy()),
    3,
  );
  expect(record.status).toMatchObject({ state: 'done', missing: 1 });
  expect(record.results).toHaveLength(2);
  expect(server.whole).toHaveLength(1);
});

test('a finished answer that names its job is asked for fresh addresses, also where it lists more by then', async () => {
  const service = new FakeService();
  service.answer = () => Promise.resolve({ kind: 'finished', items: [item('old')], jobId: 'j' });
  service.status = () => Promise.resolve({ state: 'completed', items: [item('fresh'), item('more')] });
  const bring = service.bring;
  service.bring = (one, file) =>
    one.kind === 'url' && one.url.endsWith('old') ? Promise.reject(failed('nothing-delivered')) : bring(one, file);
  const { folder } = await clientFor('https://api.invalid');
  const { record } = await buy(service, folder);
  expect(record.status).toMatchObject({ state: 'done', missing: 0 });
  expect(record.results).toHaveLength(2);
});

test('a place that cannot be reached is given up when its address is too old to work, and not before', async () => {
  const service = new FakeService();
  let time = 1_800_000_000_000;
  const tries: number[] = [];
  service.end = () => Promise.resolve({ state: 'completed', items: [item('a'), item('dead')] });
  const bring = service.bring;
  service.bring = (one, file) => {
    if (one.kind === 'url' && one.url.endsWith('a')) return bring(one, file);
    tries.push(time);
    time += day;
    return Promise.reject(failed('network', true));
  };
  const { folder } = await clientFor('https://api.invalid');
  const { record } = await buy(service, folder, 2, () => time);
  expect(record.status).toMatchObject({ state: 'done', missing: 1 });
  expect(record.results).toHaveLength(1);
  expect(tries).toHaveLength(9);
});
