import sharp from 'sharp';
import { describe, expect, test, vi } from 'vitest';
import type { Fault } from '../../src/simulator/faults.ts';
import { set, text } from './bodies.ts';
import { download, finished, get, post, sim, simulator } from './client.ts';

vi.setConfig({ testTimeout: 20_000 });

const small = { resolution: '1K', aspect_ratio: '1:1', seed: 7 };

async function struck(fault: Omit<Fault, 'at'>): ReturnType<typeof simulator> {
  const started = await simulator();
  expect((await sim(started.url, 'faults', { at: 'submit', ...fault })).status).toBe(200);
  return started;
}

describe('connections that drop', () => {
  test('drop-inside-request also cuts a body that arrives in one piece', async () => {
    const { url, counts } = await struck({ kind: 'drop-inside-request' });
    await expect(post(url, text(small))).rejects.toThrow();
    expect(counts()).toMatchObject({ bodiesReceived: 0, bodiesAborted: 1, accepted: 0 });
  });

  test.each([
    ['drop-before-accept', { bodiesReceived: 1, accepted: 0 }],
    ['drop-after-accept', { bodiesReceived: 1, accepted: 1, imagesBilled: 1 }],
    ['drop-inside-answer', { bodiesReceived: 1, accepted: 1, imagesBilled: 1 }],
    ['drop-inside-request', { bodiesReceived: 0, bodiesAborted: 1, accepted: 0 }],
  ] as const)('%s', async (kind, expected) => {
    const { url, counts } = await struck({ kind });
    // Several hundred KB, so that the body does not arrive in one piece.
    const body = text({
      ...small,
      image: undefined,
      ...(kind === 'drop-inside-request' && { prompt: 'a'.repeat(400_000) }),
    });
    await expect(post(url, body)).rejects.toThrow();
    await expect.poll(() => counts()).toMatchObject(expected);
    expect((await post(url, text(small))).status).toBe(200);
  });
});

describe('answers in the place of the true one', () => {
  test.each([
    [{ kind: 'status', status: 429, retryAfter: 7 }, 429, 'rate_limit_exceeded', '7', 0],
    [{ kind: 'status', status: 429 }, 429, 'rate_limit_exceeded', null, 0],
    [{ kind: 'status' }, 500, 'internal_error', null, 0],
    [{ kind: 'status', status: 503 }, 503, 'model_unavailable', null, 0],
    [
      { kind: 'status', status: 502, message: 'DataInspectionFailed: inappropriate content.' },
      502,
      'upstream_error',
      null,
      0,
    ],
    [{ kind: 'status', status: 502, accepted: true }, 502, 'upstream_error', null, 1],
    [{ kind: 'html-page' }, 200, undefined, null, 0],
    [{ kind: 'html-page', status: 503 }, 503, undefined, null, 0],
    [{ kind: 'malformed-json' }, 200, undefined, null, 1],
    [{ kind: 'empty-body' }, 200, undefined, null, 1],
    [{ kind: 'empty-body', accepted: false }, 200, undefined, null, 0],
  ] as const)('%j', async (fault, status, code, retryAfter, accepted) => {
    const { url, counts } = await struck(fault);
    const answer = await post(url, text(small));
    expect(answer.status).toBe(status);
    expect(answer.json.error?.code).toBe(code);
    if ('message' in fault) expect(answer.json.error.message).toBe(fault.message);
    expect(answer.headers.get('retry-after')).toBe(retryAfter);
    expect(counts()).toMatchObject({ bodiesReceived: 1, accepted, imagesBilled: accepted });
    if (fault.kind === 'html-page') expect(answer.json).toContain('<html>');
    if (fault.kind === 'malformed-json') expect(answer.json).toBe('{"job_id": "job_');
    if (fault.kind === 'empty-body') expect(answer.json).toBe('');
  });

  test.each(['poll', 'usage', 'models', 'result'] as const)('at %s', async (at) => {
    const { url, addFaults } = await simulator();
    const { json } = await post(url, text(small));
    const address = (await finished(url, json.job_id)).result.data[0].url;
    const paths = {
      poll: json.poll_url,
      usage: '/v1/account/usage',
      models: '/v1/models/wan2-7-image',
      result: address.slice(url.length),
    };
    addFaults([{ at, kind: 'status', status: 503 }]);
    expect((await get(url, paths[at])).status).toBe(503);
    expect((await get(url, paths[at])).status).toBe(200);
    addFaults([{ at, kind: 'drop-inside-answer' }]);
    await expect(get(url, paths[at])).rejects.toThrow();
  });
});

describe('jobs that go wrong', () => {
  test('fail, with the message that is wanted', async () => {
    const message = 'DataInspectionFailed: Output data may contain inappropriate content.';
    const { url, counts } = await struck({ kind: 'job-failed', message });
    const { json } = await post(url, text(small));
    expect(await finished(url, json.job_id)).toMatchObject({
      status: 'failed',
      result: null,
      error: { message, code: 'upstream_error' },
    });
    expect(counts()).toMatchObject({ accepted: 1, imagesBilled: 0 });
  });

  test('fail under a held connection as a 502', async () => {
    const { url } = await struck({ kind: 'job-failed', message: 'No luck.' });
    expect(await post(url, text({ ...small, sync: true }))).toMatchObject({
      status: 502,
      json: { error: { message: 'No luck.', code: 'upstream_error' } },
    });
  });

  test.each([
    [true, 1],
    [false, 0],
  ])('complete without data, billed: %s', async (billed, imagesBilled) => {
    const { url, counts } = await struck({ kind: 'empty-data', billed });
    const { json } = await post(url, text(small));
    expect(await finished(url, json.job_id)).toMatchObject({ status: 'completed', result: { data: [] } });
    expect(counts()).toMatchObject({ accepted: 1, imagesBilled });
  });

  test('are lost', async () => {
    const { url, counts } = await struck({ kind: 'job-lost' });
    const { json } = await post(url, text(small));
    expect((await get(url, json.poll_url)).status).toBe(404);
    expect(counts()).toMatchObject({ accepted: 1, imagesBilled: 1 });
  });

  test('never finish', async () => {
    const { url, counts } = await struck({ kind: 'never-finishes' });
    const { json } = await post(url, text(small));
    expect((await get(url, json.poll_url)).json).toMatchObject({ status: 'processing', result: null });
    expect(counts().imagesBilled).toBe(0);
  });

  test('are struck between two polls as well', async () => {
    const { url, addFaults } = await simulator();
    const { json } = await post(url, text(small));
    expect((await get(url, json.poll_url)).status).toBe(200);
    addFaults([{ at: 'poll', kind: 'job-lost' }]);
    expect((await get(url, json.poll_url)).status).toBe(404);
    expect((await get(url, json.poll_url)).status).toBe(404);
  });

  test('bring as many pictures of a set as wanted', async () => {
    const { url, counts } = await struck({ kind: 'set-delivers', count: 3 });
    const { json } = await post(url, set(small));
    expect((await finished(url, json.job_id)).result.data).toHaveLength(3);
    expect(counts().imagesBilled).toBe(3);
  });
});

describe('pictures that go wrong', () => {
  async function fetched(...faults: readonly Omit<Fault, 'at'>[]): Promise<Awaited<ReturnType<typeof download>>[]> {
    const { url, addFaults } = await simulator();
    const { json } = await post(url, text(small));
    const address = (await finished(url, json.job_id)).result.data[0].url;
    addFaults(faults.map((fault) => ({ at: 'result', ...fault })));
    const answers = [];
    for (let count = 0; count <= faults.length; count += 1) answers.push(await download(address));
    return answers;
  }

  test('are truncated, expired, and then right again', async () => {
    const [cut, gone, whole] = await fetched({ kind: 'truncated-image' }, { kind: 'url-expired' });
    expect(cut?.bytes.equals(whole?.bytes.subarray(0, cut.bytes.length) ?? Buffer.alloc(0))).toBe(true);
    await expect(sharp(cut?.bytes).raw().toBuffer()).rejects.toThrow();
    expect(gone?.status).toBe(403);
  });

  test('are another format, a page, or mislabelled', async () => {
    const [jpeg, page, text_] = await fetched(
      { kind: 'mislabelled-image' },
      { kind: 'mislabelled-image', as: 'html' },
      { kind: 'mislabelled-image', as: 'content-type' },
    );
    expect(jpeg?.type).toBe('image/png');
    expect(await sharp(jpeg?.bytes).metadata()).toMatchObject({ format: 'jpeg', width: 1024, height: 1024 });
    expect(await sharp(jpeg?.bytes).stats()).toMatchObject({ channels: [{ mean: 128, min: 128, max: 128 }] });
    expect(page?.bytes.toString()).toContain('<!DOCTYPE html>');
    expect(text_?.type).toBe('text/plain');
    expect(await sharp(text_?.bytes).metadata()).toMatchObject({ format: 'png' });
  });

  test('have other sizes', async () => {
    const answers = await fetched(
      { kind: 'wrong-size' },
      { kind: 'wrong-size', offX: -3, offY: 2 },
      { kind: 'wrong-size', width: 300 },
    );
    const sizes = await Promise.all(answers.map(async ({ bytes }) => sharp(bytes).metadata()));
    expect(sizes.map(({ width, height }) => [width, height])).toEqual([
      [512, 512],
      [1021, 1026],
      [300, 1024],
      [1024, 1024],
    ]);
  });

  test('are a few pixels off, the same few each time', async () => {
    const { url } = await simulator({ pixelsOff: 3 });
    const { json } = await post(url, text(small));
    const address = (await finished(url, json.job_id)).result.data[0].url;
    const sizes = await Promise.all([1, 2].map(async () => sharp((await download(address)).bytes).metadata()));
    expect(sizes[0]).toMatchObject({ width: sizes[1]?.width, height: sizes[1]?.height });
    expect(Math.abs((sizes[0]?.width ?? 0) - 1024)).toBeLessThanOrEqual(3);
  });
});

describe('slow answers', () => {
  test('wait, or come in drops', async () => {
    const { url } = await simulator();
    await sim(url, 'faults', [
      { at: 'submit', kind: 'latency', ms: 120 },
      { at: 'poll', kind: 'slow-drip', ms: 10, pieceBytes: 20 },
    ]);
    let before = performance.now();
    const { json } = await post(url, text(small));
    expect(performance.now() - before).toBeGreaterThan(110);
    before = performance.now();
    expect((await get(url, json.poll_url)).json.job_id).toBe(json.job_id);
    expect(performance.now() - before).toBeGreaterThan(100);
  });
});

describe('the control interface', () => {
  test('faults wait their turn, repeat, and are cleared', async () => {
    const { url } = await simulator();
    const usage = async (): Promise<number> => (await get(url, '/v1/account/usage')).status;
    await sim(url, 'faults', { at: 'usage', kind: 'status', status: 503, after: 1, times: 2 });
    expect([await usage(), await usage(), await usage(), await usage()]).toEqual([200, 503, 503, 200]);
    await sim(url, 'faults', { at: 'usage', kind: 'status', status: 500, times: 0 });
    expect([await usage(), await usage(), await usage()]).toEqual([500, 500, 500]);
    await fetch(`${url}/__sim/faults`, { method: 'DELETE' });
    expect(await usage()).toBe(200);
  });

  test('options change, and reset takes everything back', async () => {
    const { url, counts } = await simulator();
    expect((await sim(url, 'options', { answerMode: 'sync' })).json.answerMode).toBe('sync');
    expect((await post(url, text(small))).json.data).toHaveLength(1);
    await sim(url, 'reset', {});
    expect((await sim(url, 'options')).json.answerMode).toBe('asked');
    expect(counts()).toMatchObject({ bodiesReceived: 0, accepted: 0, imagesBilled: 0, lastRequests: [] });
  });

  test.each([
    ['options', { answerMode: 'never' }],
    ['options', { noSuch: 1 }],
    ['options', { toString: 1 }],
    ['faults', { at: 'submit', kind: 'no-such' }],
    ['faults', { at: 'usage', kind: 'job-lost' }],
    ['faults', { at: 'submit', kind: 'status', colour: 'red' }],
    ['faults', { at: 'submit', kind: 'status', status: '500' }],
  ])('%s %j is refused', async (path, body) => {
    const { url } = await simulator();
    expect((await sim(url, path, body)).status).toBe(400);
  });

  test('answers neither to web pages nor under another name, and can be left out', async () => {
    const { url } = await simulator();
    expect((await sim(url, 'counts', undefined, { origin: 'https://example.com' })).status).toBe(403);
    const closed = await simulator({ control: false });
    expect((await sim(closed.url, 'counts')).status).toBe(404);
  });
});
