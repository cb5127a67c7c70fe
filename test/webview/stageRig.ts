// What tests of the stage do with its picture and its boxes.
import type { Browser, Locator } from '@playwright/test';
import type { Snapshot } from '../../src/core/messages.ts';
import type { Box, ImageRequest, InputImage } from '../../src/core/request.ts';
import { request, snapshot, source } from './fixtures.ts';
import { type BuiltPanel, Panel, type PanelOptions } from './page.ts';

export const photo = source('photo', 'docs/photo.jpg');
export const inputOf = (id: string, boxes: readonly Box[] = []): InputImage => ({
  id,
  name: `${id}.jpg`,
  boxes: [...boxes],
});

/** A panel that shows a photo of 1200 x 800 pixels. */
export class StagePanel extends Panel {
  static async show(
    browser: Browser,
    built: BuiltPanel,
    changes: Partial<ImageRequest> = {},
    more: Partial<Snapshot> = {},
    options: PanelOptions = {},
  ): Promise<StagePanel> {
    const { page } = await Panel.open(browser, built, { width: 1400, height: 1000, ...options });
    const panel = new StagePanel(page);
    const draft = { draftId: 'host', request: request({ inputs: [inputOf('photo')], ...changes }) };
    await panel.show(snapshot({ sources: [photo], draft, ...more }));
    await page.locator('.stage-scale').waitFor();
    return panel;
  }

  get viewport(): Locator {
    return this.page.locator('.stage-viewport');
  }

  get boxes(): Locator {
    return this.page.locator('.box');
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name });
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** The id of the element that has the keyboard. */
  active(): Promise<string | undefined> {
    return this.page.evaluate(() => document.activeElement?.id);
  }

  /** What a screen reader was told last. */
  said(): Promise<string | null> {
    return this.page.locator('main > .only-spoken[role=status]').textContent();
  }

  async percent(): Promise<number> {
    return Number.parseFloat((await this.page.locator('.stage-scale').textContent()) ?? '');
  }

  /** The boxes as the host was told of them last. */
  async draftedBoxes(): Promise<readonly Box[]> {
    await this.page.waitForTimeout(450);
    return ((await this.sentOf('draft')).at(-1)?.request as ImageRequest | undefined)?.inputs[0]?.boxes ?? [];
  }

  /** Where the whole picture lies on the screen, whatever part of it is in sight, and CSS pixels for each of its own. */
  async paper(width = 1200): Promise<{ x: number; y: number; scale: number }> {
    const box = await this.page.locator('.stage-paper').boundingBox();
    if (!box) throw new Error('The picture is not shown.');
    return { x: box.x, y: box.y, scale: box.width / width };
  }

  /** Where a pixel of the photo lies on the screen. */
  async onScreen(x: number, y: number): Promise<readonly [number, number]> {
    const paper = await this.paper();
    return [paper.x + x * paper.scale, paper.y + y * paper.scale];
  }

  /** Presses the button at a pixel of the photo and goes to another, without letting go. */
  async pull(from: readonly [number, number], to: readonly [number, number]): Promise<void> {
    const { mouse } = this.page;
    const [start, end] = [await this.onScreen(...from), await this.onScreen(...to)];
    await mouse.move(...start);
    await mouse.down();
    await mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2);
    await mouse.move(...end);
  }

  async drag(from: readonly [number, number], to: readonly [number, number]): Promise<void> {
    await this.pull(from, to);
    await this.page.mouse.up();
  }

  /** How many lines are shown that a box has snapped to. */
  guides(): Promise<number> {
    return this.page.locator('.stage-guide').count();
  }
}
