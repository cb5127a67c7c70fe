import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Failure, failureKinds } from '../../src/core/failure.ts';
import { failureSentences } from '../../src/core/sentences.ts';
import { isServiceError } from '../../src/service/errors.ts';
import type { JobStatus, ResultItem } from '../../src/service/types.ts';
import { type Damaged, damagesOf, hugeReplacements, ruinsOf } from './damages.ts';
import { canaryKey, clientFor, fakePicture, ready, startServer, textOf } from './rig.ts';

const url = 'https://pictures.invalid/a.png?Signature=hidden-signature';
const picture = fakePicture().toString('base64');
const usage = { billable_units: 1, billing_unit: 'image' };

/** What the service may say when all is well, by what was asked. */
const wellFormed = {
  submit: {
    'a job': { job_id: 'job_1', status: 'processing', poll_url: '/v1/jobs/job_1' },
    pictures: { data: [{ url }, { url: `${url}2` }], usage },
    'pictures as text': { data: [{ b64_json: picture }], usage },
    'pictures twice over': { data: [{ b64_json: picture, url }], usage },
  },
  poll: {
    queued: { job_id: 'job_1', status: 'queued', progress: 0 },
    processing: { job_id: 'job_1', status: 'processing', progress: 0.5, result: null, error: null },
    completed: { job_id: 'job_1', status: 'completed', progress: 1, result: { data: [{ url }], usage }, error: null },
    'completed as text': { job_id: 'job_1', status: 'completed', result: { data: [{ b64_json: picture }], usage } },
    failed: { job_id: 'job_1', status: 'failed', result: null, error: { message: 'No.', code: 'upstream_error' } },
  },
  account: {
    usage: { object: 'list', balance: { amount: 12.5, currency: 'USD' }, data: [{ id: 'u', cost: { amount: 0.07 } }] },
  },
} as const;

interface Table {
  /** Answers every question with this text, until told otherwise. */
  readonly say: (text: string, status?: number) => void;
  /** Asks, holds what comes back against all that is always true, and hands it on. */
  readonly ask: (what: 'submit' | 'poll' | 'account', damage: Damaged) => Promise<unknown>;
}

async function table(): Promise<Table> {
  let answer = { text: '', status: 200 };
  const service = await startServer((response) => {
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.text);
  });
  const { client, connection, lines } = await clientFor(service.url, { options: { pace: { tries: 1 } } });
  onTestFinished(async () => {
    await client.close();
    expect(await filesOf(connection.spoolFolder)).toEqual([]);
  });
  const held = new Set<string>();
  let jobs = 0;
  const calls = {
    submit: () => client.submit(ready()),
    poll: () => client.poll(`job_${jobs++}`),
    account: () => client.account(),
  };
  return {
    say: (text, status = 200) => {
      answer = { text, status };
    },
    async ask(what, damage) {
      const told = service.whole.length;
      const value: unknown = await calls[what]().catch((error: unknown) => error);
      const heard = [JSON.stringify(value) ?? '', textOf(value), ...lines.splice(0)].join('\n');
      expect(service.whole.length - told, damage.name).toBe(1);
      if (value instanceof Error) {
        if (!isServiceError(value)) throw new Error(`${damage.name}: not a ServiceError`, { cause: value });
        expectNamed(value.failure);
        expect(heard, damage.name).not.toContain('hidden-signature');
      }
      expect(heard, damage.name).not.toContain('Canary_');
      expect(heard.length, damage.name).toBeLessThan(600_000);
      const items = itemsOf(value);
      expectUsable(items);
      const left = (await filesOf(connection.spoolFolder)).filter((name) => !held.has(name));
      const files = items.flatMap((item) => (item.kind === 'file' ? [path.basename(item.file)] : []));
      // What came of an answer about a job that broke off is held until the job has ended, or the client is closed.
      const mayHold = what === 'poll' && value instanceof Error && left.length <= 2;
      if (mayHold) for (const name of left) held.add(name);
      else expect(new Set(left), damage.name).toEqual(new Set(files));
      if (mayHold) return value;
      for (const name of left) await rm(path.join(connection.spoolFolder, name));
      return value;
    },
  };
}

async function filesOf(folder: string): Promise<string[]> {
  return await readdir(folder).catch(() => []); // it is made when the first picture comes
}

function itemsOf(value: unknown): readonly ResultItem[] {
  return typeof value === 'object' && value !== null && 'items' in value ? (value.items as ResultItem[]) : [];
}

function expectNamed(failure: Failure): void {
  expect(Failure.safeParse(failure).success).toBe(true);
  expect(failureSentences[failure.kind].length).toBeGreaterThan(10);
  expect((failure.detail ?? '').length).toBeLessThanOrEqual(300);
  expect(failure.detail ?? '').not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
}

function expectUsable(items: readonly ResultItem[]): void {
  expect(items.length).toBeLessThanOrEqual(24);
  for (const item of items) {
    if (item.kind === 'file') expect(existsSync(item.file)).toBe(true);
    else expect(item.url).toMatch(/^https?:\/\/.{1,16384}$/i);
  }
}

test('every kind of failure has its sentence', () => {
  expect(Object.keys(failureSentences).sort()).toEqual([...failureKinds].sort());
});

const submits = Object.entries(wellFormed.submit);
test.each(submits)('request answered by %s: no damage is free, unnamed or left behind', async (_name, answer) => {
  const { say, ask } = await table();
  for (const damage of [...damagesOf(answer), ...ruinsOf(answer)]) {
    say(damage.text);
    const value = await ask('submit', damage);
    // It was a 2xx without an error in it, so it may have been accepted.
    if (isServiceError(value)) expect(value.failure, damage.name).toMatchObject({ mayBeBilled: true, status: 200 });
    else if ('jobId' in (value as object)) expect((value as { jobId: string }).jobId).not.toMatch(/[\p{C}]|^\.*$/u);
  }
});

const polls = Object.entries(wellFormed.poll);
test.each(polls)('job %s: no damage is free, unnamed or left behind', async (_name, answer) => {
  const { say, ask } = await table();
  for (const damage of [...damagesOf(answer), ...ruinsOf(answer)]) {
    say(damage.text);
    const value = await ask('poll', damage);
    if (isServiceError(value)) {
      expect(value.failure.mayBeBilled, damage.name).toBe(true);
      continue;
    }
    const status = value as JobStatus;
    if (status.state === 'failed') {
      expectNamed(status.failure);
      const saysUnbilled = /"billable_units":(-0|0)\b/.test(damage.text);
      expect(status.failure.mayBeBilled, damage.name).toBe(!saysUnbilled);
    } else if (status.state === 'completed') expect(status.billedImages ?? 0).toBeLessThanOrEqual(1000);
    else expect(status.progress ?? 0, damage.name).toBeLessThanOrEqual(1);
  }
});

test('account: every damage is named, and no balance is beyond all numbers', async () => {
  const { say, ask } = await table();
  const { usage: answer } = wellFormed.account;
  const huge = Object.entries(hugeReplacements).map(([name, value]) => ({ name, text: `{"balance":${value}}` }));
  for (const damage of [...damagesOf(answer), ...ruinsOf(answer), ...huge]) {
    say(damage.text);
    const value = await ask('account', damage);
    if (isServiceError(value)) expect(value.failure.mayBeBilled).toBe(false);
    else expect(Number.isFinite((value as { balance?: number }).balance ?? 0), damage.name).toBe(true);
  }
});

test('with any status, ruins are named, and free only where the service refused', async () => {
  const { say, ask } = await table();
  for (const status of [202, 302, 304, 400, 402, 404, 429, 500, 503]) {
    for (const ruin of ruinsOf(wellFormed.submit['pictures as text'])) {
      say(status === 304 ? '' : ruin.text, status);
      for (const what of ['submit', 'poll', 'account'] as const) {
        const value = await ask(what, { ...ruin, name: `${what} ${status} ${ruin.name}` });
        if (!isServiceError(value)) expect(status).toBeLessThan(300);
        else if (what === 'submit') expect(value.failure.mayBeBilled).toBe(status < 400 || status >= 500);
      }
    }
  }
});

test('words in an accepted answer do not make it free', async () => {
  const { say, ask } = await table();
  for (const words of ['Data inspection passed', 'InvalidParameter', 'rate_limit_exceeded'])
    for (const field of ['message', 'detail', 'status']) {
      const damage = { name: `${field}: ${words}`, text: JSON.stringify({ [field]: words, type: 'rate_limit_error' }) };
      say(damage.text);
      expect(((await ask('submit', damage)) as { failure: Failure }).failure).toMatchObject({ mayBeBilled: true });
    }
});

test('a key that the service says back is taken for no id and for no address', async () => {
  const { say, ask } = await table();
  const percent = [...canaryKey].map((letter) => `%${letter.charCodeAt(0).toString(16)}`).join('');
  for (const said of [canaryKey, percent, Buffer.from(canaryKey).toString('base64')]) {
    const answers = [{ job_id: said }, { job_id: `x${said}` }, { data: [{ url: `https://p.invalid/?k=${said}` }] }];
    for (const answer of answers) {
      say(JSON.stringify(answer));
      expect(isServiceError(await ask('submit', { name: said, text: '' }))).toBe(true);
    }
  }
});

test('the id of a job is one step of the path, whatever it holds', async () => {
  const ids = ['a/../../account', 'a?b=c', '#', '%2e%2e', 'a b', 'ä/ö', '\\..\\', ';a=b', '@x', '~', 'a'.repeat(300)];
  const service = await startServer((response) => void response.end('{"status":"queued"}'));
  const { client } = await clientFor(service.url);
  for (const id of ids) await client.poll(id);
  expect(service.whole.map(({ path: asked }) => decodeURIComponent(asked.slice('/v1/jobs/'.length)))).toEqual(ids);
  for (const { path: asked } of service.whole) expect(asked.split(/[/?#]/)).toHaveLength(4);
  for (const id of ['', '.', '..', 'a\r\nb', '\0', '\ud800', '\u202ex', 'a'.repeat(301)]) {
    const error: unknown = await client.poll(id).catch((reason: unknown) => reason);
    expect(isServiceError(error) && error.failure).toMatchObject({ kind: 'nothing-delivered', mayBeBilled: true });
  }
  expect(service.whole).toHaveLength(ids.length);
});

test('a picture is taken wherever the answer holds it, each address once', async () => {
  const { say, ask } = await table();
  const both = { kind: 'file', url } as const;
  const bare = { kind: 'url', url } as const;
  const cases: readonly [text: string, items: readonly object[]][] = [
    [`{"b64_json":"${picture}"}`, [{ kind: 'file' }]],
    [`{"data":{"url":"${url}"}}`, [bare]],
    [`{"data":["${url}"]}`, [bare]],
    [`{"result":{"b64_json":"${picture}","url":"${url}"}}`, [both]],
    [`{"data":[{"b64_json":"${picture}","b64_json":"${picture}"}]}`, [{ kind: 'file' }, { kind: 'file' }]],
    [`{"data":[{"b64_json":null,"url":"${url}"},{"url":"${url}"}]}`, [bare]],
    [`{"status":"failed","error":{"message":"half"},"data":[{"url":"${url}"}]}`, [bare]],
  ];
  for (const [text, items] of cases) {
    say(text);
    const value = await ask('submit', { name: text, text });
    expect(value, text).toMatchObject({ kind: 'finished', items });
    expect(itemsOf(value)).toHaveLength(items.length);
  }
});

test('a preview beside the id of a job is no result', async () => {
  const { say, ask } = await table();
  say(`{"job_id":"j","status":"processing","preview":{"b64_json":"${picture}"}}`);
  expect(await ask('submit', { name: 'preview', text: '' })).toEqual({ kind: 'job', jobId: 'j' });
  expect(await ask('poll', { name: 'preview', text: '' })).toEqual({ state: 'processing' });
});
