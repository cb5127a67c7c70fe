import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { SimulatorOptions } from '../../src/simulator/options.ts';
import { startSimulator } from '../../src/simulator/server.ts';
import type { Simulator } from '../../src/simulator/server.ts';

/** A simulator for one test, quick unless told otherwise. */
export async function simulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const started = await startSimulator({ queueMs: 0, renderMs: 0, ...options });
  onTestFinished(() => started.stop());
  return started;
}

export const key = 'sk-empiriolabs-canary-1234';
const bearer = { authorization: `Bearer ${key}` };

/** Whatever an answer holds: tests say themselves what they expect of it. */
export type Json = ReturnType<typeof JSON.parse>;

export interface Reply {
  status: number;
  headers: Headers;
  json: Json;
}

export async function post(base: string, body: unknown, headers: Record<string, string> = bearer): Promise<Reply> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return reply(
    await fetch(`${base}/v1/images/generations`, {
      method: 'POST',
      body: text,
      headers: { 'content-type': 'application/json', ...headers },
    }),
  );
}

export async function get(base: string, path: string, headers: Record<string, string> = bearer): Promise<Reply> {
  return reply(await fetch(base + path, { headers }));
}

export async function sim(
  base: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const init = body === undefined ? { headers } : { method: 'POST', body: JSON.stringify(body), headers };
  return reply(await fetch(`${base}/__sim/${path}`, init));
}

/** Polls until the job has ended. */
export async function finished(base: string, id: string): Promise<Json> {
  for (;;) {
    const { json } = await get(base, `/v1/jobs/${id}`);
    if (json.status !== 'queued' && json.status !== 'processing') return json;
    await sleep(10);
  }
}

export async function download(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; type: string | null; bytes: Buffer }> {
  const response = await fetch(url, { headers });
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    bytes: Buffer.from(await response.arrayBuffer()),
  };
}

async function reply(response: Response): Promise<Reply> {
  const text = await response.text();
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = text;
  }
  return { status: response.status, headers: response.headers, json };
}
