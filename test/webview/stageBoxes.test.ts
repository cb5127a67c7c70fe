import type { Browser } from '@playwright/test';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { PanelMessage } from '../../src/core/messages.ts';
import type { Box } from '../../src/core/request.ts';
import { twoBoxes } from './fixtures.ts';
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
  for (const message of await panel.sent()) expect(PanelMessage.safeParse(message).error).toBeUndefined();
  expect(panel.complaints).toEqual([]);
  await panel.page.close();
});

const open = async (...boxes: Box[]): Promise<void> => {
  panel = await StagePanel.show(browser, built, { inputs: [inputOf('photo', boxes)] });
};
/** Fewer pixels of the photo than an edge snaps over while it is shown whole. */
const near = 4;

describe('snapping', () => {
  test('edges that are drawn near to the edges and the middle of the picture come to lie on them', async () => {
    await open();
    await panel.pull([near, 300], [600 - near, 800 - near]);
    expect(await panel.guides()).toBe(3);
    await panel.page.mouse.up();
    expect(await panel.guides()).toBe(0);
    expect(await panel.draftedBoxes()).toEqual([{ x1: 0, y1: 300, x2: 600, y2: 800 }]);
  });

  test('a box that is moved comes to lie on the edges of the other one, and in the middle of the picture', async () => {
    const [other, moved]: [Box, Box] = [
      { x1: 100, y1: 100, x2: 300, y2: 250 },
      { x1: 700, y1: 500, x2: 1000, y2: 700 },
    ];
    await open(other, moved);
    await panel.drag([850, 600], [850 - 400 + near, 600 - 250 - near]);
    expect((await panel.draftedBoxes())[1]).toEqual({ x1: 300, y1: 250, x2: 600, y2: 450 });
    await panel.drag([450, 350], [450 + 150 + near, 350]);
    // Its own middle at that of the picture, which is nearer than any edge.
    expect((await panel.draftedBoxes())[1]).toMatchObject({ x1: 450, x2: 750 });
  });

  test('a side that is pulled snaps, and the others stay', async () => {
    await open({ x1: 200, y1: 200, x2: 400, y2: 500 });
    await panel.boxes.focus();
    const { scale } = await panel.paper();
    const at = (await panel.page.locator('.handle-e').boundingBox())!;
    const [x, y] = [at.x + at.width / 2, at.y + at.height / 2];
    await panel.page.mouse.move(x, y);
    await panel.page.mouse.down();
    await panel.page.mouse.move(x + 30, y + 30);
    await panel.page.mouse.move(x + (200 - near) * scale, y + 30);
    expect(await panel.guides()).toBe(1);
    await panel.page.mouse.up();
    expect(await panel.draftedBoxes()).toEqual([{ x1: 200, y1: 200, x2: 600, y2: 500 }]);
  });

  test('Alt keeps boxes where the pointer puts them', async () => {
    await open();
    const [from, to] = [await panel.onScreen(300, 300), await panel.onScreen(600 - near, 500)];
    await panel.page.mouse.move(...from);
    await panel.page.mouse.down();
    await panel.page.keyboard.down('Alt');
    await panel.page.mouse.move(from[0] + 20, from[1] + 20);
    await panel.page.mouse.move(...to);
    expect(await panel.guides()).toBe(0);
    await panel.page.mouse.up();
    await panel.page.keyboard.up('Alt');
    expect(await panel.draftedBoxes()).toEqual([{ x1: 300, y1: 300, x2: 600 - near, y2: 500 }]);
  });
});

describe('one more, and none', () => {
  const box: Box = { x1: 200, y1: 200, x2: 400, y2: 500, label: 'a red door' };

  test('a box is duplicated by its button, label and all, as one step', async () => {
    await open(box);
    await panel.button('Duplicate box 1').click();
    expect(await panel.draftedBoxes()).toEqual([box, { x1: 250, y1: 275, x2: 450, y2: 575, label: 'a red door' }]);
    await expect.poll(() => panel.active()).toBe('field-inputs-0-boxes-1');
    expect(await panel.said()).toBe('Box 1 is duplicated as box 2.');
    await panel.press('Control+z');
    expect(await panel.draftedBoxes()).toEqual([box]);
  });

  test('a box is duplicated by D, and where there are two already the reason is said', async () => {
    await open(box);
    await panel.boxes.focus();
    await panel.press('d');
    await expect.poll(() => panel.active()).toBe('field-inputs-0-boxes-1');
    await panel.press('d');
    expect(await panel.said()).toContain('at most two boxes');
    expect(await panel.boxes.count()).toBe(2);
    const duplicate = panel.button('Duplicate box 2');
    expect(await duplicate.getAttribute('aria-disabled')).toBe('true');
    await duplicate.click({ force: true });
    expect((await panel.draftedBoxes()).length).toBe(2);
  });

  test('all boxes are deleted at once, which is said and can be taken back', async () => {
    await open(...twoBoxes);
    await panel.button('Delete all boxes').click();
    expect(await panel.draftedBoxes()).toEqual([]);
    expect(await panel.said()).toBe('All boxes are deleted.');
    expect(await panel.active()).toBe('stage-viewport');
    expect(await panel.button('Delete all boxes').isDisabled()).toBe(true);
    await panel.press('Control+z');
    expect(await panel.draftedBoxes()).toEqual(twoBoxes);
  });
});

describe('by keyboard', () => {
  test('each corner is moved without the other, one pixel or ten, and never over it', async () => {
    await open({ x1: 100, y1: 100, x2: 112, y2: 200 });
    await panel.boxes.focus();
    await panel.press('Control+Shift+ArrowLeft', 'Control+Shift+Alt+ArrowUp', 'Shift+ArrowDown');
    expect(await panel.draftedBoxes()).toEqual([{ x1: 99, y1: 90, x2: 112, y2: 201 }]);
    await panel.press('Control+Shift+Alt+ArrowRight', 'Control+Shift+Alt+ArrowRight');
    expect(await panel.draftedBoxes()).toEqual([{ x1: 111, y1: 90, x2: 112, y2: 201 }]);
    expect(await panel.said()).toBe('Box 1: from 111, 90 to 112, 201; 1 × 111 px');
    await panel.press('Shift+Alt+ArrowLeft');
    expect(await panel.draftedBoxes()).toEqual([{ x1: 111, y1: 90, x2: 112, y2: 201 }]);
  });

  test('everything is reached by Tab: the tools, the picture, its boxes, and each box in the list', async () => {
    await open(...twoBoxes);
    await panel.button('New Box').focus();
    const reached: string[] = [];
    for (let step = 0; step < 30; step++) {
      reached.push(
        await panel.page.evaluate(
          () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.id ?? '',
        ),
      );
      await panel.press('Tab');
    }
    for (const name of [
      'Delete all boxes',
      'Zoom in',
      'Show everything',
      'photo.jpg, with its boxes',
      'Box 1: from 130, 420 to 520, 700; 390 × 280 px. a wooden cabin',
      'Box 2: from 760, 170 to 940, 350; 180 × 180 px',
      'field-inputs-0-boxes-0-label',
      'Duplicate box 1',
      'Delete box 1',
      'field-inputs-0-boxes-0-x1',
      'field-inputs-0-boxes-1-label',
    ])
      expect(reached).toContain(name);
  });

  test('a screen reader hands the arrows on to the picture, and finds the boxes in a list beside it', async () => {
    await open(...twoBoxes);
    const picture = panel.page.getByRole('application', { name: 'photo.jpg, with its boxes' });
    expect(await picture.getByRole('button').count()).toBe(2);
    expect(await panel.page.getByRole('list', { name: 'Boxes' }).getByRole('listitem').count()).toBe(2);
    // The list of keys is folded up, and is heard all the same: as the browser tells it to screen readers.
    expect(await panel.page.locator('.stage-list').isVisible()).toBe(false);
    const session = await panel.page.context().newCDPSession(panel.page);
    const { nodes } = await session.send('Accessibility.getFullAXTree');
    const told = nodes.find(({ name }) => name?.value === 'photo.jpg, with its boxes');
    for (const key of ['B', 'D', 'Delete', 'Arrows', 'Shift', 'Alt', 'Space'])
      expect(told?.description?.value).toContain(key);
  });

  test('the list of keys is opened by a press, and is as it was left when the panel comes back', async () => {
    await open();
    const list = panel.page.locator('.stage-list');
    const summary = panel.page.locator('summary', { hasText: 'Keys and Mouse' });
    await summary.press('Enter');
    expect(await list.isVisible()).toBe(true);
    const saved = await panel.saved();
    await panel.page.close();
    panel = await StagePanel.show(browser, built, {}, {}, { saved });
    const again = panel.page.locator('.stage-list');
    await expect.poll(() => again.isVisible()).toBe(true);
    await panel.page.locator('summary', { hasText: 'Keys and Mouse' }).click();
    expect(await again.isVisible()).toBe(false);
  });
});
