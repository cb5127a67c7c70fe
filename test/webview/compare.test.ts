import type { Browser, Locator, Page } from '@playwright/test';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { PanelMessage } from '../../src/core/messages.ts';
import { request, result, job, snapshot, source } from './fixtures.ts';
import { type BuiltPanel, buildPanel, openBrowser, Panel, type PanelOptions } from './page.ts';

const width = 200;
const height = 100;
/** The colour of the picture before, and what is in the left half of the picture after it. */
const before = { r: 100, g: 100, b: 100 };
const after = { r: 104, g: 100, b: 90 };

let browser: Browser;
let built: BuiltPanel;
let pictures: Readonly<Record<string, Buffer>>;
beforeAll(async () => {
  const plain = sharp({ create: { width, height, channels: 3, background: before } });
  const patch = await sharp({ create: { width: width / 2, height, channels: 3, background: after } })
    .png()
    .toBuffer();
  const changed = await plain
    .clone()
    .composite([{ input: patch, left: 0, top: 0 }])
    .png()
    .toBuffer();
  pictures = {
    before: await plain.clone().png().toBuffer(),
    changed,
    // The same picture, twice as large.
    large: await sharp(changed).resize(400, 200, { kernel: 'nearest' }).png().toBuffer(),
    square: await sharp(changed).resize(100, 100, { fit: 'fill' }).png().toBuffer(),
  };
  [browser, built] = await Promise.all([openBrowser(), buildPanel()]);
});
afterAll(() => browser.close());

let panel: Panel;
let page: Page;
afterEach(async () => {
  for (const message of await panel.sent()) expect(PanelMessage.safeParse(message).error).toBeUndefined();
  expect(panel.complaints).toEqual([]);
  await page.close();
});

const known = (id: string, size = { width, height }) => ({
  ...result(id, size),
  src: `https://studio.test/pictures/known/${id}.png`,
});
const original = source('before', 'docs/before.png', { width, height });
const asked = request({
  prompt: 'Make its left half warmer',
  inputs: [{ id: 'before', name: 'docs/before.png', boxes: [{ x1: 0, y1: 0, x2: 50, y2: 50 }] }],
});
const edit = (results = [known('changed')]) =>
  job(
    'edit',
    { state: 'done', missing: 0, endedAt: 0, cancelled: false },
    {
      request: asked,
      source: {
        ...original,
        phase: { ...(original.phase as object), src: 'https://studio.test/pictures/known/before.png' } as never,
      },
      results,
    },
  );

async function open(results?: ReturnType<typeof known>[], options: PanelOptions = {}): Promise<void> {
  panel = await Panel.open(browser, built, {
    ...options,
    before: (opened) =>
      opened.route('**/pictures/known/*', (route) => {
        const name = new URL(route.request().url()).pathname.split('/').at(-1)?.replace('.png', '') ?? '';
        return route.fulfill({ contentType: 'image/png', body: pictures[name] ?? '' });
      }),
  });
  ({ page } = panel);
  await panel.show(snapshot({ jobs: [edit(results)] }));
  await panel.whole();
}

const button = (name: string | RegExp): Locator => page.getByRole('button', { name, exact: typeof name === 'string' });
const dialog = (): Locator => page.getByRole('dialog', { name: 'Compare pictures' });
const viewport = (): Locator => page.locator('.compare-viewport');
const mode = (name: string): Locator => dialog().getByRole('radio', { name });
const scale = (): Promise<string | null> => dialog().locator('.stage-scale').textContent();
const press = async (...keys: string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key);
};

/** A short press, however slow the machine is: a long one is a look. */
const tap = (key: string): Promise<void> =>
  page.evaluate((pressed) => {
    for (const type of ['keydown', 'keyup'])
      document.activeElement?.dispatchEvent(new KeyboardEvent(type, { key: pressed, bubbles: true, cancelable: true }));
  }, key);

async function compare(at = 0): Promise<void> {
  await button('Compare').nth(at).focus();
  await press('Enter');
  await dialog().waitFor();
  await expect.poll(() => viewport().getAttribute('aria-busy')).toBe('false');
  await expect.poll(() => pixel(0.5, 0.5)).not.toEqual([0, 0, 0, 0]);
}

/** What the canvas shows at a place, given as parts of its sides. */
function pixel(x: number, y: number): Promise<number[]> {
  return page.locator('.compare-canvas').evaluate(
    (canvas: HTMLCanvasElement, [across, down]) => {
      const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })!;
      context.drawImage(canvas, -Math.floor(canvas.width * across!), -Math.floor(canvas.height * down!));
      return [...context.getImageData(0, 0, 1, 1).data];
    },
    [x, y],
  );
}
const grey = [before.r, before.g, before.b, 255];
const warm = [after.r, after.g, after.b, 255];

describe('the view', () => {
  test('opens by key with the keyboard on the pictures, and gives it back when it closes', async () => {
    await open();
    await compare();
    expect(await viewport().evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await viewport().getAttribute('aria-label')).toBe('Original and Result');
    await press('Escape');
    expect(await dialog().count()).toBe(0);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Compare');
    await compare();
    await button('Close the comparison').click();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Compare');
  });

  test('nothing is bought from behind it', async () => {
    await open();
    await page.getByLabel('What should the picture show?').fill('A fox');
    await compare();
    await press('Control+Enter');
    expect(await panel.sentOf('run')).toEqual([]);
    await press('Escape', 'Control+Enter');
    expect(await panel.sentOf('run')).toHaveLength(1);
  });

  test('any two pictures of a job can be chosen; chosen twice, they change places', async () => {
    await open([known('changed'), known('before')]);
    await compare(1);
    const [first, second] = [dialog().getByLabel('First picture'), dialog().getByLabel('Second picture')];
    expect(await first.locator('option').allTextContents()).toEqual(['Original', 'Picture 1 of 2', 'Picture 2 of 2']);
    await first.selectOption('Picture 1 of 2');
    expect(await viewport().getAttribute('aria-label')).toBe('Picture 1 of 2 and Picture 2 of 2');
    await second.selectOption('Picture 1 of 2');
    expect(await viewport().getAttribute('aria-label')).toBe('Picture 2 of 2 and Picture 1 of 2');
  });

  test('boxes can be shown and hidden, and that is remembered', async () => {
    await open();
    await compare();
    const marks = dialog().locator('.mark');
    expect(await marks.count()).toBe(1);
    await dialog().getByRole('checkbox', { name: 'Boxes' }).press('Space');
    expect(await marks.count()).toBe(0);
    await press('Escape');
    await compare();
    expect(await marks.count()).toBe(0);
  });

  test('the mode is remembered over a reload', async () => {
    await open();
    await compare();
    await mode('Difference').check();
    const saved = await panel.saved();
    await page.close();
    await open(undefined, { saved });
    await compare();
    expect(await mode('Difference').isChecked()).toBe(true);
  });

  test('a picture that is not there is said', async () => {
    await open([known('gone')]);
    await button('Compare').click();
    await dialog().getByText('One of the pictures cannot be shown here.').first().waitFor();
    // What the browser says of the picture itself.
    panel.complaints.length = 0;
  });
});

describe('slider', () => {
  test('by mouse: the divider is dragged, and a click brings it', async () => {
    await open();
    await compare();
    const place = (await viewport().boundingBox())!;
    const at = (x: number): [number, number] => [place.x + place.width * x, place.y + place.height / 2];
    expect(await pixel(0.4, 0.5)).toEqual(grey);
    await page.mouse.move(...at(0.5));
    await page.mouse.down();
    await page.mouse.move(...at(0.4));
    await page.mouse.move(...at(0.3));
    await page.mouse.up();
    expect(await pixel(0.4, 0.5)).toEqual(warm);
    expect(await pixel(0.25, 0.5)).toEqual(grey);
    await page.mouse.click(...at(0.45));
    expect(await pixel(0.4, 0.5)).toEqual(grey);
    expect(await dialog().getByRole('slider').inputValue()).toBe('45');
  });

  test('by keyboard: a slider that says where it is', async () => {
    await open();
    await compare();
    const slider = dialog().getByRole('slider', { name: 'Divider' });
    await slider.focus();
    await press('Home');
    expect(await pixel(0.3, 0.5)).toEqual(warm);
    expect(await slider.getAttribute('aria-valuetext')).toBe('0 % Original, the rest Result');
    await press('End');
    expect(await pixel(0.3, 0.5)).toEqual(grey);
    await viewport().focus();
    await press('ArrowLeft');
    expect(await slider.inputValue()).toBe('98');
  });
});

test('toggle: Space on the pictures, a click, and a button, held or pressed', async () => {
  await open();
  await compare();
  await mode('Toggle').check();
  const said = dialog().getByRole('status');
  expect(await pixel(0.4, 0.5)).toEqual(warm);
  expect(await said.textContent()).toBe('Shown: Result');
  await viewport().focus();
  await tap(' ');
  expect(await pixel(0.4, 0.5)).toEqual(grey);
  expect(await said.textContent()).toBe('Shown: Original');
  await tap(' ');
  expect(await pixel(0.4, 0.5)).toEqual(warm);
  await page.keyboard.down('Space');
  await page.waitForTimeout(400);
  expect(await pixel(0.4, 0.5)).toEqual(grey);
  await page.keyboard.up('Space');
  expect(await pixel(0.4, 0.5)).toEqual(warm);
  await viewport().click();
  expect(await pixel(0.4, 0.5)).toEqual(grey);
  const show = button('Show Original');
  expect(await show.getAttribute('aria-pressed')).toBe('true');
  await show.focus();
  await tap('Enter');
  expect(await pixel(0.4, 0.5)).toEqual(warm);
  await show.dispatchEvent('click');
  expect(await pixel(0.4, 0.5)).toEqual(grey);
});

describe('side by side', () => {
  test('zoom and place are one, by wheel, keys and drag', async () => {
    await open();
    await compare();
    await mode('Side by side').focus();
    await press('Space');
    // The middle of the left half of the picture lies at a quarter of each pane.
    expect([await pixel(0.2, 0.5), await pixel(0.7, 0.5)]).toEqual([grey, warm]);
    expect([await pixel(0.3, 0.5), await pixel(0.8, 0.5)]).toEqual([grey, grey]);
    await viewport().focus();
    await press('0', '+', '+', '+');
    const zoomed = await scale();
    expect(zoomed).not.toBe('100 %');
    // To the left end of the picture: all that is seen of the second is warm.
    for (let times = 0; times < 40; times++) await press('ArrowLeft');
    expect([await pixel(0.05, 0.5), await pixel(0.95, 0.5)]).toEqual([grey, warm]);
    const place = (await viewport().boundingBox())!;
    await page.mouse.move(place.x + place.width * 0.9, place.y + place.height / 2);
    await page.mouse.down();
    for (let step = 1; step <= 8; step++)
      await page.mouse.move(place.x + place.width * (0.9 - step / 10), place.y + 100);
    await page.mouse.up();
    expect(await pixel(0.95, 0.5)).toEqual(grey);
    await page.mouse.wheel(0, -300);
    expect(await scale()).not.toBe(zoomed);
    const wheeled = await scale();
    // Another way to compare keeps how closely one looks.
    await mode('Slider').check();
    expect(await scale()).toBe(wheeled);
    await viewport().focus();
    await press('1');
    expect(await scale()).toBe('100 %');
  });

  test('on a narrow panel one is above the other', async () => {
    await open(undefined, { width: 320 });
    await compare();
    await mode('Side by side').check();
    expect([await pixel(0.4, 0.25), await pixel(0.4, 0.75)]).toEqual([grey, warm]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  });
});

test.each(['Slider', 'Side by side'])(
  '%s: two fingers zoom and move both pictures, and click nothing',
  async (name) => {
    await open();
    await compare();
    await mode(name).check();
    const place = (await viewport().boundingBox())!;
    const session = await page.context().newCDPSession(page);
    await session.send('Emulation.setTouchEmulationEnabled', { enabled: true, maxTouchPoints: 2 });
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...fingers: number[]): Promise<unknown> =>
      session.send('Input.dispatchTouchEvent', {
        type,
        // Side by side the middle lies between the pictures: both fingers are on the second of them.
        touchPoints: fingers.map((x, id) => ({ x: place.x + place.width * x, y: place.y + place.height / 2, id })),
      });
    const percent = async (): Promise<number> => Number.parseFloat((await scale()) ?? '');
    const divider = async () => page.locator('.compare-divider').getAttribute('style', { timeout: 1000 });
    const [before, dividerBefore] = [await percent(), name === 'Slider' && (await divider())];
    await touch('touchStart', 0.7);
    await touch('touchStart', 0.7, 0.8);
    for (const step of [1, 2, 3, 4]) await touch('touchMove', 0.7 - 0.025 * step, 0.8 + 0.025 * step);
    await touch('touchEnd', 0.6);
    await touch('touchMove', 0.2);
    await touch('touchEnd');
    expect((await percent()) / before).toBeCloseTo(3, 0);
    if (name === 'Slider') expect(await divider()).toBe(dividerBefore);
  },
);

describe('difference', () => {
  test('is the difference of each colour, eight times as bright, with its share in words', async () => {
    await open();
    await compare();
    await mode('Difference').check();
    expect(await pixel(0.4, 0.5)).toEqual([32, 0, 80, 255]);
    expect(await pixel(0.6, 0.5)).toEqual([0, 0, 0, 255]);
    expect(await dialog().locator('.compare-legend').textContent()).toContain('8 times as bright');
    // 10 of 255 in one colour is nothing that anybody sees.
    expect(await dialog().getByRole('status').textContent()).toBe('Nothing differs that could be seen.');
  });

  test('pictures of other sizes are brought to one frame', async () => {
    await open([known('large', { width: 400, height: 200 })]);
    await compare();
    await mode('Difference').check();
    expect(await pixel(0.4, 0.5)).toEqual([32, 0, 80, 255]);
    expect(await pixel(0.6, 0.5)).toEqual([0, 0, 0, 255]);
  });

  test('pictures of other shapes are shown whole, which is said', async () => {
    await open([known('square', { width: 100, height: 100 })]);
    await compare();
    await mode('Difference').check();
    await dialog().getByText('The pictures are of different shapes').waitFor();
    expect(await dialog().getByRole('status').textContent()).toBe('About 50 % of the picture differs.');
  });
});
