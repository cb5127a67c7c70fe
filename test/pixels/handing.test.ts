import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { planPreparation } from '../../src/core/preparation.ts';
import { createPixels, type Pixels } from '../../src/pixels/client.ts';
import type { Call } from '../../src/pixels/protocol.ts';
import { marked } from './marked.ts';
import { asSharp } from './samples.ts';

const WORKER = fileURLToPath(new URL('../../src/pixels/worker.ts', import.meta.url));

let pixels: Pixels;
beforeAll(() => {
  pixels = createPixels(WORKER);
});
afterAll(() => pixels.dispose());

const own = async (width: number, height: number, compressionLevel = 1): Promise<Uint8Array<ArrayBuffer>> =>
  // Node's buffers share memory, which cannot be given away.
  new Uint8Array(await asSharp(marked({ width, height })).png({ compressionLevel }).toBuffer());

test('bytes that are given are gone, others stay as they were', async () => {
  const bytes = await own(300, 300);
  const copy = Uint8Array.from(bytes);
  await pixels.preview(bytes, 20);
  expect(bytes).toEqual(copy);
  await pixels.preview(bytes, 20, { give: true });
  expect(bytes.length).toBe(0);
});

test('a part of a larger memory is copied even if it is given', async () => {
  const bytes = await own(300, 300);
  const larger = new Uint8Array(bytes.length + 10);
  larger.set(bytes, 5);
  const part = larger.subarray(5, 5 + bytes.length);
  await pixels.preview(part, 20, { give: true });
  expect(part).toEqual(bytes);
});

test('two arrays are both handed over, even if they are the same', async () => {
  const bytes = await own(300, 300);
  const kept = Uint8Array.from(bytes);
  expect((await pixels.bringBack(bytes, bytes)).facts).toMatchObject({ width: 300, height: 300 });
  await expect(pixels.bringBack(bytes, bytes, {}, { give: true })).resolves.toMatchObject({ facts: { width: 300 } });
  expect((await pixels.measureChange(kept, kept, [])).verdict).toBe('nothing');
});

test('without steps the very same array comes back, given or not', async () => {
  const bytes = await own(300, 300);
  expect((await pixels.prepare(bytes, [])).bytes).toBe(bytes);
  expect((await pixels.prepare(bytes, [], { give: true })).bytes).toBe(bytes);
});

test('a large file arrives whole, in pieces', async () => {
  const bytes = await own(3000, 2900, 0);
  expect(bytes.length).toBeGreaterThan(25_000_000);
  const plan = planPreparation(await pixels.describe(bytes));
  if (plan.kind === 'refused') throw new Error(plan.reason);
  expect(await pixels.prepare(bytes, plan.steps)).toMatchObject({ facts: plan.sent });
});

test('a call whose worker is lost while its bytes are copied is told', async () => {
  const other = createPixels(WORKER);
  const work = other.preview(new Uint8Array(40_000_000), 20);
  other.dispose();
  await expect(work).rejects.toMatchObject({ kind: 'engine-unavailable' });
});

test('every array goes to the worker by moving it, and what comes back is no part of a larger memory', async () => {
  const posted = vi.spyOn(Worker.prototype, 'postMessage');
  try {
    const [small, large] = [await own(300, 300), await own(1500, 1100, 0)];
    const plan = planPreparation(await pixels.describe(large), { background: '#ffffff', size: 'small' });
    if (plan.kind === 'refused') throw new Error(plan.reason);
    const made = [
      await pixels.prepare(large, plan.steps),
      await pixels.bringBack(small, large),
      await pixels.encode(large, 'webp'),
    ];
    await pixels.measureChange(large, small, []);
    for (const { bytes } of made) expect(bytes.buffer.byteLength).toBeLessThan(bytes.length + 65_536);
    const inputs = posted.mock.calls.flatMap(([call]) => (call as Call).input as readonly unknown[]);
    const arrays = inputs.filter((part) => part instanceof Uint8Array);
    // What was moved is empty here.
    expect(arrays.map(({ length }) => length)).toEqual([0, 0, 0, 0, 0, 0]);
    expect([small.length, large.length]).not.toContain(0);
  } finally {
    posted.mockRestore();
  }
});
