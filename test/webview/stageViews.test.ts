import type { Browser, CDPSession } from '@playwright/test';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { twoBoxes, source } from './fixtures.ts';
import { type BuiltPanel, buildPanel, openBrowser } from './page.ts';
import { inputOf, StagePanel } from './stageRig.ts';

let browser: Browser;
let built: BuiltPanel;
beforeAll(async () => {
  [browser, built] = await Promise.all([openBrowser(), buildPanel()]);
});
afterAll(() => browser.close());

let panel: StagePanel;
afterEach(async () => {
  expect(panel.complaints).toEqual([]);
  await panel.page.close();
});

const open = async (
  ...args: Parameters<typeof StagePanel.show> extends [unknown, unknown, ...infer Rest] ? Rest : []
) => {
  panel = await StagePanel.show(browser, built, ...args);
};

describe('by fingers', () => {
  type Finger = readonly [x: number, y: number];
  let session: CDPSession;
  const touch = async (type: 'touchStart' | 'touchMove' | 'touchEnd', ...fingers: Finger[]): Promise<void> => {
    await session.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: fingers.map(([x, y], id) => ({ x, y, id })),
    });
  };
  const openTouched = async (): Promise<void> => {
    await open();
    session = await panel.page.context().newCDPSession(panel.page);
    await session.send('Emulation.setTouchEmulationEnabled', { enabled: true, maxTouchPoints: 2 });
  };

  test('two of them zoom and move the picture, which stays under them, and draw nothing', async () => {
    await openTouched();
    const [[x, y], before] = [await panel.onScreen(600, 400), await panel.paper()];
    await touch('touchStart', [x - 50, y]);
    await touch('touchMove', [x - 60, y]);
    await touch('touchStart', [x - 60, y], [x + 60, y]);
    for (const step of [1, 2, 3, 4])
      await touch('touchMove', [x - 60 - 30 * step, y + 5 * step], [x + 60 + 30 * step, y + 5 * step]);
    await touch('touchEnd', [x - 180, y + 20]);
    await touch('touchMove', [x - 100, y + 100]);
    await touch('touchEnd');
    const after = await panel.paper();
    expect(after.scale / before.scale).toBeCloseTo(3, 1);
    const [nowX, nowY] = await panel.onScreen(600, 400);
    expect([nowX, nowY].map(Math.round)).toEqual([x, y + 20].map(Math.round));
    expect(await panel.boxes.count()).toBe(0);
  });

  test('one of them draws a box', async () => {
    await openTouched();
    const [from, to] = [await panel.onScreen(200, 200), await panel.onScreen(500, 333)];
    await touch('touchStart', from);
    await touch('touchMove', [from[0] + 30, from[1] + 30]);
    await touch('touchMove', to);
    await touch('touchEnd');
    expect(await panel.draftedBoxes()).toEqual([{ x1: 200, y1: 200, x2: 500, y2: 333 }]);
  });
});

describe('by mouse', () => {
  test('Alt, which keeps boxes from snapping, is not told to VS Code, which would go to its menu', async () => {
    await open();
    await panel.page.evaluate(() => {
      const heard: string[] = [];
      Object.assign(window, { heard });
      for (const type of ['keydown', 'keyup'] as const) window.addEventListener(type, ({ key }) => heard.push(key));
    });
    await panel.viewport.focus();
    await panel.press('Alt');
    await panel.page.locator('#field-prompt').focus();
    await panel.press('Alt');
    expect(await panel.page.evaluate(() => (window as unknown as { heard: string[] }).heard)).toEqual(['Alt', 'Alt']);
  });

  test('a pinch on a trackpad, which comes as a wheel with Control, zooms around the pointer', async () => {
    await open();
    await panel.viewport.focus();
    await panel.press('1', '+', '+');
    const at = await panel.onScreen(650, 360);
    await panel.page.mouse.move(...at);
    await panel.page.keyboard.down('Control');
    for (let step = 0; step < 20; step++) await panel.page.mouse.wheel(0, -5);
    await panel.page.keyboard.up('Control');
    await expect.poll(() => panel.percent()).toBeGreaterThan(400);
    expect((await panel.onScreen(650, 360)).map(Math.round)).toEqual(at.map(Math.round));
  });

  test('the wheel scrolls a picture that is larger than its place once the keyboard is there', async () => {
    await open();
    await panel.viewport.focus();
    await panel.press('1', '+', '+');
    const before = await panel.paper();
    await panel.page.mouse.move(...(await panel.onScreen(600, 400)));
    await panel.page.mouse.wheel(20, 10);
    await expect.poll(async () => Math.round((await panel.paper()).x - before.x)).toBe(-20);
    expect(Math.round((await panel.paper()).y - before.y)).toBe(-10);
    expect(await panel.percent()).toBe(200);
  });

  test('the hand is seen while Space is held, takes hold of the picture over a box too, and changes no box', async () => {
    await open({ inputs: [inputOf('photo', twoBoxes)] });
    await panel.viewport.focus();
    await panel.press('1');
    const cursor = (): Promise<string> => panel.viewport.evaluate((element) => getComputedStyle(element).cursor);
    const before = await panel.paper();
    const at = await panel.onScreen(600, 500);
    await panel.page.mouse.move(...at);
    await panel.page.keyboard.down('Space');
    expect(await cursor()).toBe('grab');
    await panel.page.mouse.down();
    await panel.page.mouse.move(at[0] - 40, at[1] - 30);
    expect(await cursor()).toBe('grabbing');
    await panel.page.mouse.up();
    await panel.page.keyboard.up('Space');
    expect(await cursor()).not.toBe('grab');
    expect(Math.round((await panel.paper()).x - before.x)).toBe(-40);

    const box = await panel.onScreen(480, 560);
    await panel.page.mouse.move(...box);
    await panel.page.mouse.down({ button: 'middle' });
    await panel.page.mouse.move(box[0] + 25, box[1]);
    await panel.page.mouse.up({ button: 'middle' });
    expect(Math.round((await panel.paper()).x - before.x)).toBe(-15);
    expect(await panel.draftedBoxes()).toEqual([]); // no change was told
  });
});

describe('by keyboard', () => {
  test('each zoom is said, and the arrows move a picture that is larger than its place', async () => {
    await open();
    await panel.viewport.focus();
    await panel.press('1');
    expect(await panel.said()).toBe('Zoom: 100 %');
    await panel.press('+');
    expect(await panel.said()).toBe('Zoom: 150 %');
    const before = await panel.paper();
    await panel.press('ArrowRight', 'ArrowDown');
    const after = await panel.paper();
    expect([after.x - before.x, after.y - before.y].map(Math.round)).toEqual([-40, -40]);
    await panel.button('Show everything').press('Enter');
    expect(await panel.said()).toMatch(/^Zoom: \d\d %$/);
  });
});

describe('what is seen', () => {
  /** Four pixels of each colour side by side, the last ones transparent. */
  const openPixels = async (): Promise<void> => {
    const pixels = Buffer.from(
      Array.from({ length: 16 * 16 }, (_, at) => {
        const [x, y] = [at % 16, Math.floor(at / 16)];
        return x >= 12 ? [0, 0, 0, 0] : (x + y) % 2 === 0 ? [255, 255, 255, 255] : [0, 0, 0, 255];
      }).flat(),
    );
    const png = await sharp(pixels, { raw: { width: 16, height: 16, channels: 4 } })
      .png()
      .toBuffer();
    const icon = source('icon', 'icon.png', { format: 'png', width: 16, height: 16, hasAlpha: true });
    await open(
      { inputs: [inputOf('icon')] },
      { sources: [icon] },
      {
        before: (page) =>
          page.route('**/pictures/icon.svg*', (route) => route.fulfill({ contentType: 'image/png', body: png })),
      },
    );
  };
  /** The colours that the canvas holds. */
  const colours = async (): Promise<string[]> => {
    const address = await panel.page
      .locator('.stage-canvas')
      .evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL('image/png'));
    const data = await sharp(Buffer.from(address.split(',')[1] ?? '', 'base64'))
      .ensureAlpha()
      .raw()
      .toBuffer();
    const found = new Set<string>();
    for (let at = 0; at < data.length; at += 4) found.add(data.subarray(at, at + 4).join(' '));
    return [...found].toSorted();
  };

  test('a picture that is enlarged shows its pixels as they are, and nothing between them', async () => {
    await openPixels();
    await expect.poll(colours).toEqual(['0 0 0 0', '0 0 0 255', '255 255 255 255']);
    await panel.viewport.focus();
    await panel.press('1', '+');
    expect(await panel.percent()).toBe(150);
    await expect.poll(colours).toEqual(['0 0 0 0', '0 0 0 255', '255 255 255 255']);
    await panel.press('-', '-');
    await expect.poll(async () => (await colours()).length).toBeGreaterThan(3);
  });

  test('a checkerboard lies under what is transparent, and under nothing else', async () => {
    await openPixels();
    expect(
      await panel.page.locator('.stage-paper').evaluate((element) => getComputedStyle(element).backgroundImage),
    ).toContain('gradient');
    await panel.page.close();
    await open();
    expect(
      await panel.page.locator('.stage-paper').evaluate((element) => getComputedStyle(element).backgroundImage),
    ).toBe('none');
  });

  test('boxes, handles and lines are seen where the system chooses the colours', async () => {
    await open({ inputs: [inputOf('photo', twoBoxes)] });
    await panel.page.emulateMedia({ forcedColors: 'active' });
    await panel.boxes.first().focus();
    const shown = await panel.boxes
      .first()
      .evaluate((box) => [
        getComputedStyle(box).boxShadow,
        getComputedStyle(box.querySelector('.handle')!, '::after').backgroundColor,
        getComputedStyle(box).outlineStyle,
      ]);
    expect(shown[0]).toContain('rgb(255, 255, 255)');
    expect(shown[0]).toContain('rgb(0, 0, 0)');
    expect(shown.slice(1)).toEqual(['rgb(255, 255, 255)', 'solid']);
  });

  test('nothing on the stage moves by itself where less motion is wanted', async () => {
    await open({ inputs: [inputOf('photo', twoBoxes)] }, {}, { isMotionReduced: true });
    await panel.boxes.first().focus();
    await panel.press('+', 'ArrowRight', '0');
    expect(await panel.page.evaluate(() => document.getAnimations().length)).toBe(0);
  });
});
