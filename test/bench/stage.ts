import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Browser, Page } from '@playwright/test';
import sharp from 'sharp';
import { request, snapshot, source } from '../webview/fixtures.ts';
import { type BuiltPanel, buildPanel, openBrowser, Panel } from '../webview/page.ts';
import { type Measured, median, megabyte } from './measure.ts';

/** The longest sides that the service takes. */
const side = 8000;
const raw = (side * side * 4) / megabyte;
/** What showing a picture may take beside its own pixels, in megabytes. */
const mostMemory = 1.2 * raw + 50;

const rounds = 3;
const framesEach = 120;
const window = { width: 1600, height: 1000 };

/**
 * The largest picture in the panel, in a real browser: how long frames are while it is panned and zoomed, beside the frames
 * of the display, and beside a bare canvas that draws the same; and by how much the browser grows when it is shown.
 */
export async function stage(): Promise<Measured[]> {
  const built = await buildPanel();
  // Smooth, so that its file weighs little beside its pixels: the browser is handed it in ways that no panel is.
  const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
  const grain = { width: side / 16, height: side / 16, channels: 3, background: '#456', noise } as const;
  const picture = await sharp({ create: grain }).resize(side, side).jpeg({ quality: 80 }).toBuffer();
  const panel = await grown((browser) => openPanel(browser, built, picture), showInPanel, actInPanel);
  const bare = await grown((browser) => openBare(browser, picture), showInBare, actInBare);
  // Frames last whole steps of the display, whose length the browser rounds to a tenth of a millisecond.
  const frame = median([panel.frame, bare.frame]) + 0.1;
  const rows = (name: string, ours: number, floor: number, budget: number): Measured[] => [
    { name, ours, floor: frame, unit: 'ms', against: 'a frame of the display', budget },
    { name, ours, floor, unit: 'ms', against: 'a bare canvas' },
  ];
  return [
    ...rows(`panning ${side} x ${side}, 95 of 100 frames`, panel.pan, bare.pan, 1.3),
    ...rows(`zooming ${side} x ${side}, the worst frame`, panel.zoom, bare.zoom, 2),
    ...(panel.memory === undefined || bare.memory === undefined ? [] : memoryRows(panel.memory, bare.memory)),
  ];
}

function memoryRows(ours: Grown, bare: Grown): Measured[] {
  const name = `memory of ${side} x ${side} on the stage`;
  return [
    { name, ours: ours.after, floor: raw, unit: 'MB', against: 'its pixels', budget: mostMemory / raw },
    { name, ours: ours.after, floor: bare.after, unit: 'MB', against: 'a bare canvas' },
    { name: `${name}, at most`, ours: ours.most, floor: bare.most, unit: 'MB', against: 'a bare canvas' },
  ];
}

/** By how much all processes of a browser have grown: when all is done, and at most while it was, in megabytes. */
interface Grown {
  readonly after: number;
  readonly most: number;
}

interface Seen {
  /** How long a frame is while nothing happens, in milliseconds. */
  readonly frame: number;
  readonly pan: number;
  readonly zoom: number;
  /** Undefined where the system does not tell. */
  readonly memory: Grown | undefined;
}

/** What the page does in a frame: moves the picture by a little, or zooms it by a factor. */
interface Act {
  readonly x: number;
  readonly y: number;
  readonly factor: number;
}

/** In a browser of its own, so that one does not weigh on the other. */
async function grown(
  open: (browser: Browser) => Promise<Page>,
  show: (page: Page) => Promise<void>,
  act: (page: Page) => Promise<void>,
): Promise<Seen> {
  const browser = await openBrowser();
  try {
    const page = await open(browser);
    const idle = await memoryOf(browser);
    let peak = idle;
    const look = async (): Promise<void> => void (peak = Math.max(peak, await memoryOf(browser)));
    const shown = show(page).then(() => true);
    while (!(await Promise.race([shown, pause(50)]))) await look();
    await act(page);
    const [pans, zooms, frames]: [number[], number[], number[]] = [[], [], []];
    for (let round = 0; round < rounds; round++) {
      frames.push(median(await framesOf(page, still)));
      pans.push(percentile(await framesOf(page, panning), 0.95));
      zooms.push(Math.max(...(await framesOf(page, zooming))));
      await look();
    }
    const memory = idle === 0 ? undefined : { after: (await memoryOf(browser)) - idle, most: peak - idle };
    return { frame: median(frames), pan: median(pans), zoom: median(zooms), memory };
  } finally {
    await browser.close();
  }
}

const still: readonly Act[] = Array.from({ length: framesEach / 2 }, () => ({ x: 0, y: 0, factor: 1 }));
const panning: readonly Act[] = Array.from({ length: framesEach }, (_, at) => {
  const way = at < framesEach / 2 ? 1 : -1;
  return { x: 23 * way, y: 17 * way, factor: 1 };
});
/** From where panning leaves it in to many times as large, out to the whole picture and back. */
const zooming: readonly Act[] = Array.from({ length: framesEach }, (_, at) => {
  const isIn = at < framesEach / 4 || at >= (framesEach * 3) / 4;
  return { x: 0, y: 0, factor: isIn ? 1.08 : 1 / 1.08 };
});

/** How long each frame of the page is while it does something in each, in milliseconds. */
function framesOf(page: Page, acts: readonly Act[]): Promise<number[]> {
  return page.evaluate(async (all) => {
    const { act } = globalThis as unknown as { act: (one: Act) => void };
    const nextFrame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
    const times: number[] = [];
    let last = await nextFrame();
    for (const one of all) {
      act(one);
      const now = await nextFrame();
      times.push(now - last);
      last = now;
    }
    return times;
  }, acts);
}

async function openPanel(browser: Browser, built: BuiltPanel, picture: Buffer): Promise<Page> {
  const panel = await Panel.open(browser, built, { ...window, before: serving(picture) });
  // The form without a picture, and the part that shows one already loaded: what is measured is the picture.
  await Promise.all([panel.page.waitForRequest('**/panel-later.js'), panel.show(snapshot())]);
  await pause(1000);
  return panel.page;
}

async function showInPanel(page: Page): Promise<void> {
  const large = source('large', 'large.jpg', { width: side, height: side });
  const draft = { draftId: 'host', request: request({ inputs: [{ id: 'large', name: 'large.jpg', boxes: [] }] }) };
  await new Panel(page).show(snapshot({ revision: 2, sources: [large], draft }));
  await page.waitForFunction(() => (globalThis as unknown as { hasBitmap?: boolean }).hasBitmap);
}

/** As a trackpad does it: a wheel with small numbers, with Control where two fingers part. */
async function actInPanel(page: Page): Promise<void> {
  await page.locator('.stage-viewport').focus();
  await page.keyboard.press('1');
  await page.evaluate(() => {
    const viewport = document.querySelector('.stage-viewport')!;
    const { left, top, width, height } = viewport.getBoundingClientRect();
    const place = { clientX: left + width / 2, clientY: top + height / 2, bubbles: true, cancelable: true };
    Object.assign(globalThis, {
      act: ({ x, y, factor }: Act) => {
        if (x !== 0) viewport.dispatchEvent(new WheelEvent('wheel', { ...place, deltaX: x, deltaY: y }));
        if (factor !== 1)
          viewport.dispatchEvent(new WheelEvent('wheel', { ...place, deltaY: -Math.log(factor) * 100, ctrlKey: true }));
      },
    });
  });
}

async function openBare(browser: Browser, picture: Buffer): Promise<Page> {
  const page = await browser.newPage({ viewport: window });
  await page.route('https://studio.test/**', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<body style="margin:0"><canvas></canvas>' }),
  );
  await serving(picture)(page);
  await page.goto('https://studio.test/');
  return page;
}

async function showInBare(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const image = new Image();
    await new Promise((resolve) => {
      image.addEventListener('load', resolve);
      image.src = 'https://studio.test/pictures/large.svg';
    });
    Object.assign(globalThis, { bitmap: await createImageBitmap(image) });
  });
}

async function actInBare(page: Page): Promise<void> {
  await page.evaluate(() => {
    const canvas = document.querySelector('canvas')!;
    // About what the panel has for it.
    [canvas.width, canvas.height] = [780, 860];
    const context = canvas.getContext('2d')!;
    const { bitmap } = globalThis as unknown as { bitmap: ImageBitmap };
    let view = { x: -3000, y: -3000, scale: 1 };
    Object.assign(globalThis, {
      act: ({ x, y, factor }: Act) => {
        if (x === 0 && factor === 1) return;
        const [middleX, middleY] = [canvas.width / 2, canvas.height / 2];
        view = {
          scale: view.scale * factor,
          x: middleX - (middleX - view.x) * factor - x,
          y: middleY - (middleY - view.y) * factor - y,
        };
        context.clearRect(0, 0, canvas.width, canvas.height);
        context.imageSmoothingEnabled = view.scale <= 1;
        context.imageSmoothingQuality = 'high';
        context.drawImage(bitmap, view.x, view.y, bitmap.width * view.scale, bitmap.height * view.scale);
      },
    });
  });
}

/** Gives the page the picture, and notes when it is decoded: reading the canvas would change how it is drawn. */
const serving =
  (picture: Buffer) =>
  async (page: Page): Promise<void> => {
    await page.route('**/pictures/large.svg*', (route) => route.fulfill({ contentType: 'image/jpeg', body: picture }));
    await page.addInitScript(() => {
      const decode = globalThis.createImageBitmap;
      const noting = async (image: ImageBitmapSource, options?: ImageBitmapOptions): Promise<ImageBitmap> => {
        const bitmap = await decode(image, options);
        requestAnimationFrame(() => setTimeout(() => Object.assign(globalThis, { hasBitmap: true }), 100));
        return bitmap;
      };
      Object.assign(globalThis, { createImageBitmap: noting });
    });
  };

/** What all processes of a browser hold that no other process does, and their share of the rest, in megabytes. */
async function memoryOf(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const sizes = await Promise.all(processInfo.map(({ id }) => proportionalSize(id)));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function proportionalSize(process: number): Promise<number> {
  try {
    const text = await readFile(`/proc/${process}/smaps_rollup`, 'utf8');
    const sizes = [...text.matchAll(/^Pss_(?:Anon|Shmem):\s+(\d+) kB/gm)].map(([, kilobytes]) => Number(kilobytes));
    return sizes.reduce((sum, size) => sum + size, 0) / 1024;
  } catch (error) {
    // A process that has just ended holds nothing.
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return 0;
    throw error;
  }
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
