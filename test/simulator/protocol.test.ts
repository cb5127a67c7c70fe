import { mkdtemp, rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { drawPicture } from '../../src/simulator/pictures.ts';
import { startSimulator } from '../../src/simulator/server.ts';
import { validate } from '../../src/simulator/validator.ts';
import { edit, png, set, text } from './bodies.ts';
import { download, finished, get, key, post, sim, simulator } from './client.ts';
import type { Json } from './client.ts';

vi.setConfig({ testTimeout: 20_000 });

const small = { resolution: '1K', aspect_ratio: '1:1', seed: 7 };

describe('a job', () => {
  test('is queued, in work, completed, and unknown an hour later', async () => {
    let now = Date.parse('2026-11-22T10:00:00Z');
    const { url } = await simulator({ queueMs: 1000, renderMs: 4000, clock: () => now });
    const submitted = await post(url, text(small));
    expect(submitted.status).toBe(200);
    expect(submitted.json).toEqual({
      job_id: expect.stringMatching(/^job_\w+$/),
      status: 'queued',
      poll_url: `/v1/jobs/${submitted.json.job_id}`,
    });
    const poll = async (): Promise<Json> => (await get(url, submitted.json.poll_url)).json;
    expect(await poll()).toEqual({
      job_id: submitted.json.job_id,
      status: 'queued',
      progress: 0,
      created_at: '2026-11-22T10:00:00.000Z',
      completed_at: null,
      result: null,
      error: null,
    });
    now += 3000;
    expect(await poll()).toMatchObject({ status: 'processing', progress: 0.5, result: null });
    now += 2000;
    expect(await poll()).toEqual({
      job_id: submitted.json.job_id,
      status: 'completed',
      progress: 1,
      created_at: '2026-11-22T10:00:00.000Z',
      completed_at: '2026-11-22T10:00:05.000Z',
      result: {
        created: Date.parse('2026-11-22T10:00:05Z') / 1000,
        data: [{ url: expect.stringContaining(`${url}/results/`), content_type: 'image/png' }],
        usage: { billable_units: 1, billing_unit: 'image' },
      },
      error: null,
    });
    now += 3_599_000;
    expect((await get(url, submitted.json.poll_url)).status).toBe(200);
    now += 1000;
    expect(await get(url, submitted.json.poll_url)).toMatchObject({
      status: 404,
      json: { error: { code: 'job_not_found' } },
    });
  });

  test('with sync is held and answered at once', async () => {
    const { url } = await simulator({ renderMs: 120 });
    const before = performance.now();
    const { status, json } = await post(url, text({ ...small, sync: true }));
    expect(performance.now() - before).toBeGreaterThan(100);
    expect(status).toBe(200);
    expect(json).toEqual({
      created: expect.any(Number),
      data: [{ url: expect.any(String) }],
      usage: { billable_units: 1, billing_unit: 'image' },
    });
  });

  test('is answered the other way when the simulator is told so', async () => {
    const { url, setOptions } = await simulator({ answerMode: 'sync' });
    expect((await post(url, text(small))).json.data).toHaveLength(1);
    setOptions({ answerMode: 'async', submitStatus: 202 });
    expect(await post(url, text({ ...small, sync: true }))).toMatchObject({
      status: 202,
      json: { job_id: expect.any(String) },
    });
  });

  test('comes in the shapes that clients have seen', async () => {
    const { url, setOptions, addFaults } = await simulator({
      pollUrl: 'absolute',
      extraKeys: true,
      resultForm: 'top',
      errorForm: 'string',
    });
    const first = await post(url, text(small));
    expect(first.json).toMatchObject({ poll_url: `${url}/v1/jobs/${first.json.job_id}`, object: 'job' });
    expect(await finished(url, first.json.job_id)).toMatchObject({ result: null, data: [{ url: expect.any(String) }] });
    addFaults([{ at: 'submit', kind: 'job-failed', message: 'No luck.' }]);
    const second = await post(url, text(small));
    expect(await finished(url, second.json.job_id)).toMatchObject({ status: 'failed', error: 'No luck.' });
    setOptions({ pollUrl: 'https://elsewhere.example' });
    expect((await post(url, text(small))).json.poll_url).toMatch(/^https:\/\/elsewhere\.example\/v1\/jobs\/job_/);
    setOptions({ pollUrl: 'none' });
    expect((await post(url, text(small))).json).not.toHaveProperty('poll_url');
  });

  test('can carry its pictures inline', async () => {
    const { url } = await simulator();
    const body = text({ ...small, response_format: 'b64_json' });
    const { json } = await post(url, body);
    const report = await finished(url, json.job_id);
    const expected = await expectedPicture(body);
    expect(Buffer.from(report.result.data[0].b64_json, 'base64').equals(expected)).toBe(true);
    expect(report.result.data[0]).not.toHaveProperty('url');
  });

  test('whose input cannot be decoded fails and costs nothing', async () => {
    const { url, counts } = await simulator();
    const { json } = await post(url, edit());
    expect(await finished(url, json.job_id)).toMatchObject({
      status: 'failed',
      result: null,
      error: { code: 'upstream_error', message: expect.stringContaining('InvalidImageFormat') },
    });
    expect(counts()).toMatchObject({ accepted: 1, imagesBilled: 0 });
  });
});

describe('sets', () => {
  test('may bring fewer pictures than asked, and only those are billed', async () => {
    const { url, setOptions, counts } = await simulator({ setDelivers: 3 });
    const { json } = await post(url, set(small));
    const report = await finished(url, json.job_id);
    expect(report.result.data).toHaveLength(3);
    expect(report.result.usage.billable_units).toBe(3);
    expect(counts().imagesBilled).toBe(3);
    setOptions({ setDelivers: null });
    const lengths = await Promise.all(
      Array.from(
        { length: 20 },
        async (_, seed) =>
          (await finished(url, (await post(url, set({ ...small, seed }))).json.job_id)).result.data.length,
      ),
    );
    expect(new Set(lengths)).toEqual(new Set([3, 4]));
  });

  test('num_images brings exactly that many', async () => {
    const { url } = await simulator({ setDelivers: 1 });
    const { json } = await post(url, text({ ...small, num_images: 4 }));
    expect((await finished(url, json.job_id)).result.data).toHaveLength(4);
  });
});

describe('result addresses', () => {
  test('work without a key, serve the drawn picture, and notice a key', async () => {
    const { url, counts } = await simulator();
    const { json } = await post(url, text(small));
    const address = (await finished(url, json.job_id)).result.data[0].url;
    const { status, type, bytes } = await download(address);
    expect({ status, type }).toEqual({ status: 200, type: 'image/png' });
    expect(bytes.equals(await expectedPicture(text(small)))).toBe(true);
    expect(counts()).toMatchObject({ downloads: 1, downloadsWithCredentials: 0 });
    await download(address, { authorization: `Bearer ${key}` });
    expect(counts()).toMatchObject({ downloads: 2, downloadsWithCredentials: 1 });
  });

  test('are signed and expire', async () => {
    let now = Date.now();
    const { url } = await simulator({ clock: () => now, urlLifetimeMs: 60_000 });
    const { json } = await post(url, text(small));
    const address: string = (await finished(url, json.job_id)).result.data[0].url;
    expect((await download(address.replace('/0.png', '/1.png'))).status).toBe(403);
    expect((await download(address.replace(/expires=\d+/, 'expires=9999999999999'))).status).toBe(403);
    expect((await download(address.replace(/.$/, ''))).status).toBe(403);
    now += 61_000;
    expect((await download(address)).status).toBe(403);
  });
});

describe('keys', () => {
  test.each([
    ['no key', {}, 401, 'missing_api_key'],
    ['another prefix', { authorization: 'Bearer sk-other-1' }, 401, 'invalid_api_key'],
    ['a refused key', { authorization: 'Bearer sk-empiriolabs-refused-1' }, 401, 'invalid_api_key'],
    ['an account without credit', { 'x-api-key': 'sk-empiriolabs-broke-1' }, 402, 'insufficient_credits'],
  ])('%s', async (_name, headers, status, code) => {
    const { url, counts } = await simulator();
    const answer = await post(url, text(small), headers);
    expect(answer).toMatchObject({
      status,
      json: { error: { code, type: 'invalid_request_error', param: null, message: expect.any(String) } },
    });
    expect(answer.headers.get('x-request-id')).toMatch(/^req_/);
    expect(counts()).toMatchObject({ bodiesReceived: 1, accepted: 0, imagesBilled: 0, byStatus: { [status]: 1 } });
  });

  test('x-api-key counts as well, everywhere but at the public addresses', async () => {
    const { url } = await simulator();
    const { json } = await post(url, text(small), { 'x-api-key': key });
    expect((await get(url, `/v1/jobs/${json.job_id}`, { 'x-api-key': key })).status).toBe(200);
    for (const path of [`/v1/jobs/${json.job_id}`, '/v1/account/usage', '/v1/jobs'])
      expect((await get(url, path, {})).status).toBe(401);
    for (const path of ['/health', '/v1/models', '/v1/models/wan2-7-image'])
      expect((await get(url, path, {})).status).toBe(200);
  });

  test('the credit runs out', async () => {
    const { url } = await simulator({ credit: 0.2 });
    expect((await post(url, text({ ...small, num_images: 2 }))).status).toBe(200);
    expect((await post(url, text(small))).status).toBe(402);
    expect((await post(url, text({ ...small, model_variant: 'wan2.7-image' }))).status).toBe(200);
  });

  test('fifty requests a minute are enough for an account, whichever key', async () => {
    let now = 1_000_000;
    const { url } = await simulator({ requestsPerMinute: 3, clock: () => now });
    for (let count = 0; count < 3; count += 1) expect((await get(url, '/v1/account/usage')).status).toBe(200);
    now += 20_000;
    const answer = await get(url, '/v1/jobs/job_1', { 'x-api-key': `${key}-other` });
    expect(answer).toMatchObject({
      status: 429,
      json: { error: { code: 'rate_limit_exceeded', type: 'rate_limit_error' } },
    });
    expect(answer.headers.get('retry-after')).toBe('40');
    now += 40_001;
    expect((await get(url, '/v1/account/usage')).status).toBe(200);
  });
});

describe('usage', () => {
  const eventFields = [
    'cost',
    'created_at',
    'endpoint',
    'error',
    'id',
    'metadata',
    'model',
    'object',
    'output_urls',
    'source',
    'status',
    'status_code',
    'tokens',
  ];

  test('lists ended jobs, newest first, with exactly the documented fields and their time', async () => {
    let now = Date.parse('2026-11-22T10:00:00Z');
    const { url, addFaults } = await simulator({ clock: () => now });
    await post(url, text({ ...small, num_images: 2 }));
    now += 60_000;
    addFaults([{ at: 'submit', kind: 'job-failed' }]);
    await post(url, text(small));
    now += 60_000;
    await post(url, text({ ...small, model_variant: 'wan2.7-image' }));
    const { json } = await get(url, '/v1/account/usage');
    for (const event of json.data) expect(Object.keys(event).toSorted()).toEqual(eventFields);
    expect(
      json.data.map((event: Json) => [event.status, event.status_code, event.cost.amount, event.output_urls.length]),
    ).toEqual([
      ['success', 200, 0.03, 1],
      ['error', 502, 0, 0],
      ['success', 200, 0.15, 2],
    ]);
    expect(json.data[0]).toMatchObject({
      object: 'usage_event',
      source: 'api',
      model: 'wan2-7-image',
      endpoint: '/v1/images/generations',
      cost: { currency: 'USD' },
      tokens: { input: 0, output: 0, cached: 0, total: 0 },
    });
    expect(json.balance).toEqual({ amount: 999.82, currency: 'USD' });

    const ids = async (query: string): Promise<string[]> =>
      (await get(url, `/v1/account/usage?${query}`)).json.data.map((event: Json) => event.id);
    const [newest, middle, oldest] = json.data.map((event: Json) => event.id);
    const page = await get(url, '/v1/account/usage?limit=2');
    expect(page.json.data).toHaveLength(2);
    expect(page.json.next_cursor).toBe(middle);
    expect(await ids(`limit=2&before=${middle}`)).toEqual([oldest]);
    expect(await ids('status=error')).toEqual([middle]);
    expect(await ids('model=other')).toEqual([]);
    expect(await ids('source=playground')).toEqual([]);
    expect(await ids('source=api&model=wan2-7-image&status=success')).toEqual([newest, oldest]);
    expect(await ids('from=2026-11-22T10:00:30Z&to=2026-11-22T10:01:30Z')).toEqual([middle]);
    for (const wrong of [
      'limit=0',
      'limit=201',
      'limit=x',
      'status=maybe',
      'source=mars',
      'from=soon',
      'before=evt_none',
    ]) {
      expect((await get(url, `/v1/account/usage?${wrong}`)).status).toBe(400);
    }
  });
});

describe('what the list of past requests knows beyond the jobs', () => {
  const events = async (url: string, query = ''): Promise<Json[]> =>
    (await get(url, `/v1/account/usage${query}`)).json.data;

  test('a job that the service lost or forgot is listed with its pictures, and their addresses work', async () => {
    let now = Date.now();
    const { url, addFaults } = await simulator({ clock: () => now });
    addFaults([{ at: 'submit', kind: 'job-lost' }]);
    const lost = await post(url, text(small));
    const forgotten = await post(url, text(small));
    now += 2 * 3_600_000;
    for (const { json } of [lost, forgotten]) expect((await get(url, `/v1/jobs/${json.job_id}`)).status).toBe(404);
    const listed = await events(url);
    expect(listed.map(({ metadata }) => metadata.job_id)).toEqual([forgotten.json.job_id, lost.json.job_id]);
    for (const { output_urls } of listed) expect((await fetch(output_urls[0])).status).toBe(200);
  });

  test('a job of long ago stays in the list, though its picture is gone', async () => {
    let now = Date.now();
    const { url } = await simulator({ clock: () => now });
    const old = await post(url, text(small));
    now += 9 * 24 * 3_600_000;
    await post(url, text(small));
    const [, event] = await events(url);
    expect(event?.['metadata'].job_id).toBe(old.json.job_id);
    expect((await fetch(event?.['output_urls'][0])).status).toBe(403);
  });

  test('other models stand in it, and an account may have no addresses in it', async () => {
    let now = Date.now();
    const { url, setOptions } = await simulator({ usageOfOthers: true, clock: () => now });
    await post(url, text(small));
    now += 5_000;
    expect((await events(url)).map(({ model }) => model)).toEqual(['wan2-7-image', 'qwen-image-2-0']);
    expect((await events(url, '?model=wan2-7-image')).map(({ model }) => model)).toEqual(['wan2-7-image']);
    setOptions({ usageAddresses: false, usageOfOthers: false });
    expect((await events(url)).map(({ output_urls }) => output_urls)).toEqual([[]]);
  });
});

describe('the rest of the service', () => {
  test('the model page has parameters and prices', async () => {
    const { url } = await simulator();
    const { json } = await get(url, '/v1/models/wan2-7-image');
    expect(json).toMatchObject({
      id: 'wan2-7-image',
      category: 'image',
      pricing_rows: [{ rate: 0.03 }, { rate: 0.075 }],
    });
    expect((await get(url, '/v1/models')).json.data).toEqual([json]);
    expect((await get(url, '/v1/models/other')).status).toBe(404);
  });

  test('the model page can say other things, fewer things, or be missing', async () => {
    const { url, setOptions } = await simulator({ catalogue: { pricing_rows: null, pricing: { pro: 1 } } });
    const { json } = await get(url, '/v1/models/wan2-7-image');
    expect(json).toMatchObject({ id: 'wan2-7-image', pricing: { pro: 1 } });
    expect(json).not.toHaveProperty('pricing_rows');
    setOptions({ catalogue: null });
    expect((await get(url, '/v1/models/wan2-7-image')).status).toBe(404);
    expect((await get(url, '/v1/models')).json.data).toEqual([]);
  });

  test('the balance can stand under another name, in another form, or not at all', async () => {
    const { url, setOptions } = await simulator({ balanceName: 'credits', balanceForm: 'text' });
    const usage = async (): Promise<Json> => (await get(url, '/v1/account/usage')).json;
    expect(await usage()).toMatchObject({ credits: '$1000.000' });
    setOptions({ balanceForm: 'number' });
    expect(await usage()).toMatchObject({ credits: 1000 });
    setOptions({ balanceName: null });
    expect(Object.keys(await usage())).toEqual(['object', 'data', 'next_cursor']);
  });

  test('what the provider refuses is accepted first, and its job fails and is not billed', async () => {
    const { url, counts } = await simulator({ refusesLate: true, refuseInlineImages: true, bboxForm: 'literal' });
    const inline = await post(url, text({ image: [png({ width: 400, height: 300 })] }));
    expect((await finished(url, inline.json.job_id)).error.message).toMatch(/^InvalidURL/);
    const boxed = await post(url, text({ image: ['https://example.com/a.png'], bbox_list: '[[[1,2,30,40]]]' }));
    expect((await finished(url, boxed.json.job_id)).error.message).toMatch(/^InvalidParameter: bbox_list/);
    expect((await post(url, text({ seed: -1 }))).status).toBe(400);
    expect(counts()).toMatchObject({ accepted: 2, imagesBilled: 0 });
  });

  test('jobs are listed, newest first', async () => {
    let now = Date.now();
    const { url } = await simulator({ clock: () => now });
    const first = await post(url, text(small));
    now += 5;
    const second = await post(url, text(small));
    const { json } = await get(url, '/v1/jobs?status=completed');
    expect(json.data.map((job: Json) => job.job_id)).toEqual([second.json.job_id, first.json.job_id]);
  });

  test('a broken rule is a 400 that names the field', async () => {
    const { url, requests } = await simulator();
    const { status, json } = await post(url, text({ seed: -1 }));
    expect({ status, error: json.error }).toEqual({
      status: 400,
      error: { message: expect.any(String), type: 'invalid_request_error', code: 'invalid_parameter', param: 'seed' },
    });
    expect(requests()[0]).toMatchObject({ rule: 'rule-38-seed', status: 400 });
  });

  test.each([
    ['JSON that is none', '{"model":', { 'content-type': 'application/json' }, 400],
    ['a form', 'model=wan2-7-image', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
  ])('%s is refused', async (_name, body, headers, status) => {
    const { url } = await simulator();
    expect((await post(url, body, { authorization: `Bearer ${key}`, ...headers })).status).toBe(status);
  });

  test('other paths and methods do not exist', async () => {
    const { url } = await simulator();
    for (const path of ['/v1/images/edits', '/v1/images/generations', '/v1/files/upload', '/'])
      expect((await get(url, path)).status).toBe(404);
    expect((await get(url, '/v1/jobs/job_none')).json.error.code).toBe('job_not_found');
  });

  test('inline pictures, large bodies and the box form can be refused', async () => {
    const { url, setOptions, counts } = await simulator({ refuseInlineImages: true });
    expect((await post(url, edit())).json.error).toMatchObject({ param: 'image' });
    setOptions({ refuseInlineImages: false, maxBodyBytes: 1000 });
    expect((await post(url, text({ prompt: 'a'.repeat(3000) }))).status).toBe(413);
    setOptions({ maxBodyBytes: null, bboxForm: 'literal' });
    expect((await post(url, edit({ bbox_list: '[[[1,2,30,40]]]' }))).json.error.param).toBe('bbox_list');
    setOptions({ bboxForm: 'perImage' });
    expect((await post(url, edit({ bbox_list: '[[1,2,30,40]]' }))).json.error.param).toBe('bbox_list');
    expect(counts()).toMatchObject({ bodiesReceived: 4, accepted: 0 });
  });
});

describe('counting', () => {
  test('the log has bodies and seeds, and neither keys nor picture data', async () => {
    const { url } = await simulator();
    const body = edit();
    await post(url, body);
    const { json } = await sim(url, 'counts');
    expect(json.lastRequests[0]).toMatchObject({
      method: 'POST',
      keyIn: 'authorization',
      status: 200,
      jobId: expect.any(String),
      seed: expect.any(Number),
    });
    expect(json.lastRequests[0].body).toMatchObject({
      prompt: 'a misty forest at dawn',
      image: [{ mediaType: 'image/png', bytes: 33, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }],
    });
    const everything = JSON.stringify([json, (await sim(url, 'requests')).json]);
    expect(everything).not.toContain('canary');
    expect(everything).not.toContain('base64');
  });

  test('a body that is cut off is counted apart', async () => {
    const { url, port, counts } = await simulator();
    const request = httpRequest({
      host: '127.0.0.1',
      port,
      path: '/v1/images/generations',
      method: 'POST',
      headers: { 'content-length': '5000', 'content-type': 'application/json' },
    });
    request.on('error', () => undefined);
    request.write('{"model":');
    await sleep(50);
    request.destroy();
    await expect.poll(() => counts()).toMatchObject({ bodiesReceived: 0, bodiesAborted: 1, accepted: 0 });
    expect((await get(url, '/health')).status).toBe(200);
  });

  test('jobs that are forgotten stay counted', async () => {
    let now = Date.now();
    const { url, counts, requests } = await simulator({ clock: () => now });
    await post(url, text({ ...small, num_images: 2 }));
    now += 25 * 3_600_000;
    await post(url, text(small));
    expect(counts()).toMatchObject({ accepted: 2, imagesBilled: 3 });
    expect((await get(url, '/v1/account/usage')).json.data).toHaveLength(2);
    expect(requests()).toHaveLength(3);
  });

  test('a client that leaves does not save its money', async () => {
    const { url, counts } = await simulator({ renderMs: 150 });
    const control = new AbortController();
    const left = fetch(`${url}/v1/images/generations`, {
      method: 'POST',
      signal: control.signal,
      body: JSON.stringify(text({ ...small, sync: true })),
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    });
    left.catch(() => undefined);
    await expect.poll(() => counts().accepted).toBe(1);
    control.abort();
    expect(counts().imagesBilled).toBe(0);
    await expect.poll(() => counts().imagesBilled).toBe(1);
  });
});

describe('a state folder', () => {
  test('keeps jobs, their addresses and the counts over a restart', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'simulator-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const first = await startSimulator({ queueMs: 0, renderMs: 0, stateFolder: folder });
    const { json } = await post(first.url, text({ ...small, seed: undefined }));
    const before = await download((await finished(first.url, json.job_id)).result.data[0].url);
    await first.stop();

    const { url, counts } = await simulator({ stateFolder: folder });
    const report = await finished(url, json.job_id);
    const after = await download(report.result.data[0].url);
    expect(after.bytes.equals(before.bytes)).toBe(true);
    expect(counts()).toMatchObject({ accepted: 1, imagesBilled: 1 });
  });

  test('is shared by two simulators that run at once', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'simulator-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const [one, other] = [await simulator({ stateFolder: folder }), await simulator({ stateFolder: folder })];
    const { json } = await post(one.url, text(small));
    expect((await finished(other.url, json.job_id)).result.data[0].url).toContain(other.url);
  });
});

async function expectedPicture(body: Record<string, unknown>): Promise<Buffer> {
  const verdict = validate(body);
  if (!verdict.ok) throw new Error(verdict.message);
  return (await drawPicture(verdict.job, 0)).png;
}
