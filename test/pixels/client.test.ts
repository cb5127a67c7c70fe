import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { createPixels, type Pixels, type PixelsOptions } from '../../src/pixels/client.ts';
import { encodePng } from '../../src/pixels/png.ts';
import { pattern } from './samples.ts';

const REAL = fileURLToPath(new URL('../../src/pixels/worker.ts', import.meta.url));
const STUB = fileURLToPath(new URL('./stubWorker.ts', import.meta.url));

const opened: Pixels[] = [];
const open = (file: string, options?: PixelsOptions): Pixels => {
  const pixels = createPixels(file, options);
  opened.push(pixels);
  return pixels;
};
afterEach(() => {
  for (const pixels of opened.splice(0)) pixels.dispose();
});

describe('with the real worker', () => {
  test('decodes and makes thumbnails, side by side, and leaves the caller the bytes', async () => {
    const pixels = open(REAL);
    const raster = pattern(40, 20, 4);
    const png = encodePng(raster);
    const [decoded, small] = await Promise.all([pixels.decode(png), pixels.thumbnail(png, 10)]);
    expect(decoded).toEqual(raster);
    expect(small).toMatchObject({ format: 'png', width: 10, height: 5 });
    expect(png.equals(encodePng(raster))).toBe(true);
  });

  test('what is wrong with a picture arrives by kind', async () => {
    const pixels = open(REAL);
    const png = encodePng(pattern(40, 20, 3));
    await expect(pixels.decode(Buffer.from('text'))).rejects.toMatchObject({
      name: 'PixelError',
      kind: 'not-an-image',
    });
    await expect(pixels.decode(png.subarray(0, 100))).rejects.toMatchObject({ kind: 'truncated' });
    await expect(pixels.decode(png, { maxPixels: 799 })).rejects.toMatchObject({ kind: 'too-large' });
    await expect(pixels.thumbnail(png, 0)).rejects.toThrow('thumbnail of 0');
  });

  test('the host thread goes on while a large picture is decoded', async () => {
    const pixels = open(REAL);
    const png = encodePng(pattern(4000, 2000, 3), { level: 1 });
    await pixels.thumbnail(encodePng(pattern(4, 4, 3)), 2);
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 5);
    const raster = await pixels.decode(png);
    clearInterval(timer);
    expect(raster.width).toBe(4000);
    expect(ticks).toBeGreaterThan(5);
  });

  test('an engine that is not there is told as such', async () => {
    const pixels = open(REAL, { vipsFolder: '/nowhere' });
    await expect(pixels.decode(encodePng(pattern(4, 4, 3)))).rejects.toMatchObject({ kind: 'engine-unavailable' });
  });
});

describe('with a worker that misbehaves', () => {
  const say = (pixels: Pixels, order: string): Promise<unknown> => pixels.decode(Buffer.from(order));

  test.each(['exit', 'throw'])('%s: what waits is rejected, the next call has a new worker', async (order) => {
    const pixels = open(STUB);
    expect(await say(pixels, 'answer')).toMatchObject({ count: 1 });
    const waiting = say(pixels, 'nothing');
    await expect(Promise.allSettled([waiting, say(pixels, order)])).resolves.toMatchObject([
      { status: 'rejected', reason: { kind: 'engine-unavailable' } },
      { status: 'rejected', reason: { kind: 'engine-unavailable' } },
    ]);
    expect(await say(pixels, 'answer')).toMatchObject({ count: 1 });
  });

  test('a fault of the worker is no PixelError', async () => {
    await expect(say(open(STUB), 'fault')).rejects.toMatchObject({ name: 'Error', message: 'a fault of ours' });
  });

  test('silence is taken for a crash after the time limit', async () => {
    const pixels = open(STUB, { timeLimitMs: 3000 });
    await expect(say(pixels, 'nothing')).rejects.toMatchObject({ kind: 'engine-unavailable' });
    expect(await say(pixels, 'answer')).toMatchObject({ count: 1 });
  });

  test('a file that is missing', async () => {
    await expect(say(open('/nowhere/pixels.cjs'), 'answer')).rejects.toMatchObject({ kind: 'engine-unavailable' });
    await expect(say(open('not-absolute.cjs'), 'answer')).rejects.toMatchObject({ kind: 'engine-unavailable' });
  });

  test('idle, it is given up; in use, it is kept', async () => {
    const pixels = open(STUB, { idleMs: 400 });
    expect(await say(pixels, 'answer')).toMatchObject({ count: 1 });
    expect(await say(pixels, 'answer')).toMatchObject({ count: 2 });
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect(await say(pixels, 'answer')).toMatchObject({ count: 1 });
  });

  test('dispose rejects what waits and what comes later', async () => {
    const pixels = open(STUB);
    const waiting = say(pixels, 'nothing');
    pixels.dispose();
    await expect(waiting).rejects.toMatchObject({ kind: 'engine-unavailable' });
    await expect(say(pixels, 'answer')).rejects.toMatchObject({ kind: 'engine-unavailable' });
  });
});
