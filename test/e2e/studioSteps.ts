import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from '@playwright/test';
import type { Code } from './code.ts';
import { expect, type Rig } from './fixtures.ts';

/** Edges of a box in whole pixels of its picture. */
export type Edges = readonly [x1: number, y1: number, x2: number, y2: number];

export const button = (code: Code, name: string | RegExp): Locator => code.webview().getByRole('button', { name });
export const prompt = (code: Code): Locator => code.webview().locator('#field-prompt');

/** The job that was made with these words; those of other journeys stand in the list as well. */
export const jobOf = (code: Code, words: string): Locator =>
  code.webview().getByRole('article', { name: words }).first();

/** The studio with a form for single pictures and nothing in it, whatever other journeys have left there. */
export async function openStudio(code: Code): Promise<void> {
  await code.run('Wan Image: Open Studio');
  await expect(button(code, 'Earlier Prompts')).toBeVisible({ timeout: 90_000 });
  const back = button(code, 'Back to Pictures');
  if (await back.isVisible()) await back.click({ timeout: 10_000 });
  await code.webview().locator('input[name=imageSet][value=single]').check({ timeout: 10_000 });
  const remove = code
    .webview()
    .locator('.input-buttons')
    .getByRole('button', { name: /^Remove / });
  for (let left = await remove.count(); left > 0; left--) await remove.first().click({ timeout: 10_000 });
  await expect(remove).toHaveCount(0);
}

/** Puts a copy of a sample picture into the workspace and waits until the Explorer shows it. */
export async function copyInExplorer(code: Code, rig: Rig, sample: string, name: string): Promise<string> {
  const file = join(rig.workspace, name);
  cpSync(join(rig.workspace, 'images', sample), file);
  await inExplorer(code, name);
  return file;
}

/**
 * VS Code may not watch yet when a test makes its file, so the Explorer is told to look; and it draws only the rows in
 * sight, which open folders push out.
 */
export async function inExplorer(code: Code, name: string): Promise<void> {
  await expect(async () => {
    await code.page.locator('[aria-label^="Collapse Folders"]').first().dispatchEvent('click');
    await code.page.locator('[aria-label^="Refresh Explorer"]').first().dispatchEvent('click');
    await expect(code.file(name)).toBeVisible({ timeout: 4000 });
  }).toPass({ timeout: 40_000 });
}

/** Asks for a picture by name, as one does from the palette while no picture is in front. */
export async function editByName(code: Code, name: string): Promise<void> {
  await code.run('Wan Image: Edit with Wan');
  const question = code.page.getByPlaceholder('Which picture should be edited?');
  await expect(question).toBeVisible({ timeout: 20_000 });
  await question.fill(name);
  await expect(code.page.locator('.quick-input-list .monaco-list-row').first()).toContainText(name);
  await code.page.keyboard.press('Enter');
  await expect(code.webview().getByRole('region', { name: `Where to change ${name}` })).toBeVisible({
    timeout: 30_000,
  });
  await expect(code.webview().locator('.stage-scale')).toBeVisible({ timeout: 30_000 });
}

/** Goes on by Tab, or back, until something has the keyboard. */
export async function tabTo(code: Code, goal: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  await expect(goal.first()).toBeVisible({ timeout: 60_000 });
  await expect(async () => {
    await code.page.keyboard.press(key);
    await expect(goal.first()).toBeFocused({ timeout: 60 });
  }).toPass({ timeout: 90_000, intervals: [10] });
}

/** Draws a box by its edges in the picture's own pixels, to the very pixel, at whatever zoom the picture is shown. */
export async function drawBox(code: Code, picture: { readonly width: number }, edges: Edges): Promise<void> {
  const paper = await code.webview().locator('.stage-paper').boundingBox();
  if (!paper) throw new Error('The picture is not shown.');
  const [x1, y1, x2, y2] = edges;
  const scale = paper.width / picture.width;
  const at = (x: number, y: number): [number, number] => [paper.x + x * scale, paper.y + y * scale];
  const { mouse, keyboard } = code.page;
  await keyboard.down('Alt');
  await mouse.move(...at(x1, y1));
  await mouse.down();
  await mouse.move(...at((x1 + x2) / 2, (y1 + y2) / 2));
  await mouse.move(...at(x2, y2));
  await mouse.up();
  await keyboard.up('Alt');
}

/** Where the first box is, as the panel says it. */
export async function shownBox(code: Code): Promise<Edges> {
  const said = await code
    .webview()
    .getByRole('button', { name: /^Box 1: from/ })
    .getAttribute('aria-label', { timeout: 10_000 });
  const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = [...(said ?? '').matchAll(/\d+/g)].slice(1).map(Number);
  return [x1, y1, x2, y2];
}
