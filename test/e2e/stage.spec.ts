import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from '@playwright/test';
import type { Code } from './code.ts';
import { acceptedBodies } from './expected.ts';
import { canSearch, expect, type Rig, test } from './fixtures.ts';

const boxes = (code: Code): Locator => code.webview().getByRole('button', { name: /^Box \d: from/ });
const viewport = (code: Code): Locator => code.webview().locator('#stage-viewport');

/** Copies of a sample photo of 1200 x 800 pixels under names of their own. */
function copies(rig: Rig, ...names: string[]): void {
  mkdirSync(join(rig.workspace, 'stage'), { recursive: true });
  for (const name of names) cpSync(join(rig.workspace, 'images', 'photo.jpg'), join(rig.workspace, 'stage', name));
}

/** Asks for a picture by name, as one does from the palette while no picture is in front. */
async function edit(code: Code, name: string): Promise<void> {
  await code.run('Wan Image: Edit with Wan');
  const question = code.page.getByPlaceholder('Which picture should be edited?');
  await expect(question).toBeVisible({ timeout: 20_000 });
  await question.fill(name);
  await expect(code.page.locator('.quick-input-list .monaco-list-row').first()).toContainText(name);
  await code.page.keyboard.press('Enter');
  await expect(code.webview().getByRole('region', { name: `Where to change stage/${name}` })).toBeVisible({
    timeout: 30_000,
  });
  await expect(code.webview().locator('.stage-scale')).toBeVisible({ timeout: 30_000 });
}

/** Goes on by Tab until something has the keyboard. */
async function tabTo(code: Code, selector: string): Promise<void> {
  await expect(async () => {
    await code.page.keyboard.press('Tab');
    await expect(code.webview().locator(selector)).toBeFocused({ timeout: 100 });
  }).toPass({ timeout: 60_000, intervals: [10] });
}

/** The boxes as the panel says them, with what they should show. */
const shownBoxes = (code: Code): Promise<string[]> =>
  boxes(code).evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? ''));

test('boxes drawn and named by keyboard alone are there when the picture is opened again, and are sent', async ({
  code,
  simulator,
  rig,
}) => {
  test.skip(!canSearch, 'this release has no file search here');
  copies(rig, 'by-keys.jpg', 'another.jpg');
  await edit(code, 'by-keys.jpg');
  const { keyboard } = code.page;
  await tabTo(code, '#stage-viewport');
  await keyboard.press('b');
  await expect(boxes(code).first()).toBeFocused();
  for (const key of ['Alt+ArrowLeft', 'ArrowUp', 'Shift+Alt+ArrowRight', 'Control+Shift+ArrowLeft'])
    await keyboard.press(key);
  await tabTo(code, '#field-inputs-0-boxes-0-label');
  await keyboard.type('a red door');
  await tabTo(code, '#field-inputs-0-boxes-0-x2');
  await keyboard.press('ControlOrMeta+KeyA');
  await keyboard.type('500');
  await expect(boxes(code)).toHaveAccessibleName('Box 1: from 289, 199 to 500, 599; 211 × 400 px. a red door');
  await expect(boxes(code)).toHaveCount(1);
  await boxes(code).first().press('d');
  await expect(boxes(code).nth(1)).toBeFocused();
  const drawn = await shownBoxes(code);
  expect(drawn).toHaveLength(2);
  await code.screenshot('stage-by-keyboard');
  await code.page.waitForTimeout(1000); // the studio is told of a change when the form rests
  await code.run('View: Close All Editors');

  await edit(code, 'another.jpg');
  await expect(boxes(code)).toHaveCount(0);
  await edit(code, 'by-keys.jpg');
  await expect(boxes(code)).toHaveCount(2);
  expect(await shownBoxes(code)).toEqual(drawn);

  await tabTo(code, '#field-prompt');
  await keyboard.type('An old house');
  await keyboard.press('ControlOrMeta+Enter');
  await expect.poll(async () => (await acceptedBodies(simulator)).length, { timeout: 60_000 }).toBe(1);
  const [body] = await acceptedBodies(simulator);
  expect(body?.['prompt']).toBe('An old house\nIn box 1 of image 1: a red door\nIn box 2 of image 1: a red door');
  const [sent = []] = JSON.parse(String(body?.['bbox_list'])) as number[][][];
  expect(sent.map(String)).toEqual(drawn.map((words) => [...words.matchAll(/\d+/g)].slice(1, 5).map(String).join(',')));
});

test(
  'a picture is zoomed and moved by the mouse between two boxes, which are sent as they lie on it',
  { tag: '@full' },
  async ({ code, simulator, rig }) => {
    copies(rig, 'by-mouse.jpg');
    await edit(code, 'by-mouse.jpg');
    const { mouse, keyboard } = code.page;
    const paper = async (): Promise<{ x: number; y: number; scale: number }> => {
      const box = await code.webview().locator('.stage-paper').boundingBox();
      if (!box) throw new Error('The picture is not shown.');
      return { x: box.x, y: box.y, scale: box.width / 1200 };
    };
    const draw = async (x1: number, y1: number, x2: number, y2: number): Promise<void> => {
      const { x, y, scale } = await paper();
      await mouse.move(x + x1 * scale, y + y1 * scale);
      await mouse.down();
      await mouse.move(x + ((x1 + x2) / 2) * scale, y + ((y1 + y2) / 2) * scale);
      await mouse.move(x + x2 * scale, y + y2 * scale);
      await mouse.up();
    };
    await draw(480, 520, 130, 140);
    await expect(boxes(code)).toHaveCount(1);
    const [first = ''] = await shownBoxes(code);

    const view = await viewport(code).boundingBox();
    if (!view) throw new Error('The stage is not shown.');
    const [x, y] = [view.x + view.width / 2, view.y + view.height / 2];
    await mouse.move(x, y);
    await keyboard.down('Control');
    for (let step = 0; step < 8; step++) await mouse.wheel(0, -120);
    await keyboard.up('Control');
    await expect.poll(async () => (await paper()).scale).toBeGreaterThan(1.5);
    const before = await paper();
    await mouse.down({ button: 'middle' });
    await mouse.move(x - 50, y - 20);
    await mouse.move(x - 100, y - 40);
    await mouse.up({ button: 'middle' });
    await expect.poll(async () => Math.round((await paper()).x - before.x)).toBe(-100);
    await keyboard.down('Space');
    await mouse.down();
    await mouse.move(x - 120, y - 50);
    await mouse.move(x - 140, y - 60);
    await mouse.up();
    await keyboard.up('Space');
    await expect.poll(async () => Math.round((await paper()).x - before.x)).toBe(-140);
    expect(Math.round((await paper()).y - before.y)).toBe(-60);
    await expect(boxes(code)).toHaveCount(1);
    expect((await shownBoxes(code))[0]).toBe(first);

    const now = await paper();
    const [left, top] = [Math.ceil((x - now.x) / now.scale), Math.ceil((y - now.y) / now.scale)];
    await keyboard.down('Alt'); // to the very pixel, whatever is near
    await draw(left, top, left + 43, top + 31);
    await keyboard.up('Alt');
    await expect(boxes(code)).toHaveCount(2);
    expect((await shownBoxes(code))[1]).toContain(`from ${left}, ${top} to ${left + 43}, ${top + 31}`);
    await code.screenshot('stage-by-mouse');

    await code.webview().getByRole('textbox', { name: 'What should change?' }).fill('Two red kites');
    await code
      .webview()
      .getByRole('button', { name: /^Edit · free/, disabled: false })
      .click();
    await expect.poll(async () => (await acceptedBodies(simulator)).length, { timeout: 60_000 }).toBe(1);
    const [body] = await acceptedBodies(simulator);
    const [sent = []] = JSON.parse(String(body?.['bbox_list'])) as number[][][];
    expect(sent[0]?.every((edge, at) => Math.abs(edge - [130, 140, 480, 520][at]!) <= 2)).toBe(true);
    expect(sent[1]).toEqual([left, top, left + 43, top + 31]);
  },
);
