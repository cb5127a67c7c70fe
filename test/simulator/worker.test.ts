import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { WorkerRole } from '../../src/simulator/worker.ts';
import { text } from './bodies.ts';
import { download, finished, get, post, sim, simulator } from './client.ts';

// Threads and programs start slowly on a busy machine.
vi.setConfig({ testTimeout: 30_000 });

const workerFile = new URL('../../src/simulator/worker.ts', import.meta.url);
const small = { resolution: '1K', aspect_ratio: '1:1', seed: 7 };

test('the practice mode runs in a thread, draws in another, and stops', async () => {
  const workerData: WorkerRole = {
    role: 'serve',
    options: { control: false, requestsPerMinute: 120, queueMs: 0, renderMs: 0 },
  };
  const thread = new Worker(workerFile, { workerData, execArgv: [] });
  const [{ url }] = (await once(thread, 'message')) as [{ url: string }];
  const { json } = await post(url, text(small));
  const { bytes } = await download((await finished(url, json.job_id)).result.data[0].url);

  const here = await simulator();
  const again = await post(here.url, text(small));
  const drawnHere = await download((await finished(here.url, again.json.job_id)).result.data[0].url);
  expect(bytes.equals(drawnHere.bytes)).toBe(true);

  expect((await sim(url, 'counts')).status).toBe(404);
  thread.postMessage('stop', []);
  await once(thread, 'exit');
  await expect(get(url, '/health')).rejects.toThrow();
});

test('polls are answered while a thread draws a large picture', async () => {
  const { url } = await simulator({ drawWorker: workerFile });
  const { json } = await post(url, text({ resolution: '4K', seed: 1 }));
  const seen = { isDrawn: false };
  const picture = download((await finished(url, json.job_id)).result.data[0].url).finally(() => {
    seen.isDrawn = true;
  });
  let answered = 0;
  while (!seen.isDrawn) {
    await get(url, json.poll_url);
    answered += seen.isDrawn ? 0 : 1;
  }
  expect((await picture).status).toBe(200);
  expect(answered).toBeGreaterThan(5);
});

test('the program says its address first and ends on a signal', async () => {
  const program = spawn(process.execPath, [new URL('../../src/simulator/main.ts', import.meta.url).pathname], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void program.kill('SIGKILL'));
  const [output] = (await once(program.stdout, 'data')) as [Buffer];
  const url = /^.*(http:\/\/127\.0\.0\.1:\d+)/.exec(output.toString().split('\n')[0] ?? '')?.[1] ?? '';
  expect((await get(url, '/health')).status).toBe(200);
  program.kill('SIGTERM');
  expect(await once(program, 'exit')).toEqual([0, null]);
});
