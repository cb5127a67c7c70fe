import type { Browser, Page } from '@playwright/test';
import { build } from 'esbuild';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowser } from './page.ts';

/** More pixels than a browser is left to make smaller by itself. */
const size = { width: 4801, height: 3601 };

let browser: Browser;
let page: Page;
let picture: Buffer;
/** Its pixels, three bytes each. */
let pixels: Buffer;

beforeAll(async () => {
  const { outputFiles } = await build({
    absWorkingDir: join(import.meta.dirname, '../..'),
    entryPoints: ['webview-ui/stage/painter.ts'],
    bundle: true,
    format: 'iife',
    globalName: 'parts',
    write: false,
  });
  browser = await openBrowser();
  page = await browser.newPage();
  pixels = detailed();
  picture = await rawPixels().png({ compressionLevel: 1 }).toBuffer();
  await page.route('https://studio.test/**', (route) =>
    route.request().url().endsWith('.png')
      ? route.fulfill({ contentType: 'image/png', body: picture })
      : route.fulfill({ contentType: 'text/html', body: '<canvas style="width: 900px; height: 700px"></canvas>' }),
  );
  await page.goto('https://studio.test/');
  await page.addScriptTag({ content: outputFiles[0]!.text });
  await page.evaluate(async (size) => {
    const { Painter } = (globalThis as unknown as { parts: { Painter: new (redraw: () => void) => Painting } }).parts;
    const canvas = document.querySelector('canvas')!;
    let redrawn = 0;
    const painter = new Painter(() => redrawn++);
    const paint = (view: View) => painter.paint(canvas, 'https://studio.test/large.png', view, size);
    Object.assign(globalThis, { paint, redrawn: () => redrawn });
    paint({ x: 0, y: 0, scale: 1 });
  }, size);
  // Once when it is decoded, and once more when it has its small copy.
  await page.waitForFunction(() => (globalThis as unknown as { redrawn: () => number }).redrawn() === 2);
});

afterAll(() => browser.close());

interface View {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}
interface Painting {
  paint(canvas: HTMLCanvasElement, src: string, view: View, picture: { width: number; height: number }): void;
}

/** Thin lines, edges and soft colours: what shimmers when it is made smaller carelessly. */
function detailed(): Buffer {
  const { width, height } = size;
  const bytes = Buffer.alloc(width * height * 3);
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const line = (x + y) % 7 < 2 || x % 97 < 9 ? 200 : 0;
      bytes[at++] = Math.max(line, (x * 255) / width);
      bytes[at++] = Math.max(line, (y * 255) / height);
      bytes[at++] = line;
    }
  return bytes;
}

const rawPixels = (): Sharp => sharp(pixels, { raw: { ...size, channels: 3 } });

/** What the canvas shows of the picture in a view, once it is at rest. */
async function painted(view: View): Promise<Buffer> {
  const url = await page.evaluate(async (view) => {
    (globalThis as unknown as { paint: (view: View) => void }).paint(view);
    await new Promise((resolve) => setTimeout(resolve, 400));
    return document.querySelector('canvas')!.toDataURL('image/png');
  }, view);
  return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
}

/** What a canvas shows where the browser is left to draw the picture as well as it can. */
async function drawnByBrowser({ x, y, scale }: View): Promise<Buffer> {
  const [width, height] = [size.width * scale, size.height * scale];
  const url = await page.evaluate(
    async ({ x, y, width, height }) => {
      const image = new Image();
      image.src = 'https://studio.test/large.png';
      await image.decode();
      const canvas = new OffscreenCanvas(900, 700);
      const context = canvas.getContext('2d')!;
      context.imageSmoothingQuality = 'high';
      context.drawImage(image, x, y, width, height);
      const reader = new FileReader();
      reader.readAsDataURL(await canvas.convertToBlob());
      await new Promise((resolve) => reader.addEventListener('load', resolve));
      return reader.result as string;
    },
    { x, y, width, height },
  );
  return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
}

/** The mean difference from what sharp makes of the same view, in levels of 255. */
async function difference({ x, y, scale }: View, canvas: Buffer): Promise<number> {
  const [width, height] = [Math.round(size.width * scale), Math.round(size.height * scale)];
  const shown = { width: Math.min(900, width + x), height: Math.min(700, height + y) };
  const whole = await rawPixels().resize(width, height, { kernel: 'linear', fit: 'fill' }).raw().toBuffer();
  const expected = await sharp(whole, { raw: { width, height, channels: 3 } })
    .extract({ left: -x, top: -y, ...shown })
    .raw()
    .toBuffer();
  const seen = await sharp(canvas)
    .extract({ left: 0, top: 0, ...shown })
    .removeAlpha()
    .raw()
    .toBuffer();
  return expected.reduce((sum, level, at) => sum + Math.abs(level - seen[at]!), 0) / expected.length;
}

describe('a large picture', () => {
  test.each([
    { x: 0, y: 0, scale: 0.1 },
    { x: 0, y: 0, scale: 0.15 },
    { x: 0, y: 0, scale: 0.24 },
    { x: -113, y: -57, scale: 0.28 },
    { x: -113, y: -57, scale: 0.33 },
    { x: -613, y: -357, scale: 0.45 },
    { x: -1131, y: -957, scale: 0.7 },
  ])('looks in $scale of its size about as well as the browser can draw it, with less memory', async (view) => {
    const [ours, best] = [
      await difference(view, await painted(view)),
      await difference(view, await drawnByBrowser(view)),
    ];
    expect(ours).toBeLessThan(1.8 * best);
  });

  test('shows its very pixels from its own size on', async () => {
    const view = { x: -2000, y: -1000, scale: 1 };
    expect(await difference(view, await painted(view))).toBe(0);
  });
});
