import type { Browser } from '@playwright/test';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cropAround } from '../../src/core/fullDetail.ts';
import { modelCard } from '../../src/core/modelCard.ts';
import type { ImageRequest } from '../../src/core/request.ts';
import { request, snapshot, source } from './fixtures.ts';
import { type BuiltPanel, buildPanel, openBrowser, Panel } from './page.ts';

let browser: Browser;
let built: BuiltPanel;
beforeAll(async () => {
  [browser, built] = await Promise.all([openBrowser(), buildPanel()]);
});
afterAll(() => browser.close());

const size = { width: 6000, height: 4000 };
const box = { x1: 2000, y1: 1000, x2: 2600, y2: 1500 };
const wholeCrop = cropAround([box], size, modelCard.presetArea['2K']);

/** A panel with a large photo in its form, and one box on it. */
async function shown(changes: Partial<ImageRequest> = {}): Promise<Panel> {
  const panel = await Panel.open(browser, built);
  const form = request({ inputs: [{ id: 'big', name: 'docs/big.jpg', boxes: [box] }], ...changes });
  await panel.show(
    snapshot({ sources: [source('big', 'docs/big.jpg', size)], draft: { draftId: 'host', request: form } }),
  );
  return panel;
}

const offer = (panel: Panel) => panel.page.getByRole('checkbox', { name: /^Full detail: edit only a crop of/ });

/** The input as the host is told of it last. */
async function told(panel: Panel): Promise<ImageRequest['inputs'][number] | undefined> {
  await panel.page.waitForTimeout(500);
  const drafts = (await panel.sentOf('draft')) as { request: ImageRequest }[];
  return drafts.at(-1)?.request.inputs[0];
}

test('a large picture with a box is offered in full detail, with the crop, what is around and what comes back', async () => {
  const panel = await shown();
  const [width, height] = [(wholeCrop?.x2 ?? 0) - (wholeCrop?.x1 ?? 0), (wholeCrop?.y2 ?? 0) - (wholeCrop?.y1 ?? 0)];
  await panel.page.getByText(`a crop of ${width} × ${height} px around the boxes`).waitFor();
  await panel.page
    .getByText(/with 300 px left of the boxes.*come back for it.*the rest of the 6000 × 4000 px/)
    .waitFor();
  expect(await panel.page.locator('.stage-crop').count()).toBe(0);
  // The picture around the crop is dimmed, and nothing beside the picture.
  const [paper, view] = [
    await panel.page.locator('.stage-paper').boundingBox(),
    await panel.page.locator('.stage-viewport').boundingBox(),
  ];
  const looks = async () => {
    await panel.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    const at = (place: typeof paper) =>
      panel.page.screenshot({ clip: { x: (place?.x ?? 0) + 6, y: (place?.y ?? 0) + 6, width: 3, height: 3 } });
    return [await at(paper), await at(view)];
  };
  const [picture, beside] = await looks();
  await offer(panel).check();
  const [dimmed, besideNow] = await looks();
  expect(beside && besideNow?.equals(beside)).toBe(true);
  expect(picture && dimmed?.equals(picture)).toBe(false);
  expect((await told(panel))?.crop).toEqual(wholeCrop);
  await panel.page.getByText('Only the crop around the boxes is sent.').waitFor();
  // The outline lies around the box as it is drawn on the stage.
  const [crop, drawn] = [
    await panel.page.locator('.stage-crop').boundingBox(),
    await panel.page.locator('.box').boundingBox(),
  ];
  const scale = (drawn?.width ?? 0) / 600;
  expect(Math.abs((drawn?.x ?? 0) - (crop?.x ?? 0) - 300 * scale)).toBeLessThan(1);
  expect(Math.abs((crop?.width ?? 0) - width * scale)).toBeLessThan(1);
  await offer(panel).uncheck();
  expect(await told(panel)).not.toHaveProperty('crop');
  await panel.page.close();
});

test('the crop follows the box, and goes where it is not possible any more', async () => {
  const panel = await shown();
  await offer(panel).check();
  await panel.page.locator('.box').focus();
  await panel.page.keyboard.press('Alt+ArrowRight');
  const moved = await told(panel);
  expect(moved?.boxes[0]?.x1).toBeGreaterThan(box.x1);
  expect(moved?.crop).toEqual(cropAround(moved?.boxes ?? [], size, modelCard.presetArea['2K']));
  await panel.page.getByRole('radio', { name: '1:1' }).check({ force: true });
  expect(await told(panel)).not.toHaveProperty('crop');
  await panel.page.getByText('needs the automatic shape').waitFor();
  await panel.page.close();
});

test('a picture that comes back as large as it is has no such offer', async () => {
  const panel = await Panel.open(browser, built);
  const form = request({ inputs: [{ id: 'small', name: 'a.png', boxes: [{ x1: 10, y1: 10, x2: 300, y2: 300 }] }] });
  await panel.show(snapshot({ sources: [source('small', 'a.png')], draft: { draftId: 'host', request: form } }));
  await panel.page.locator('.box').waitFor();
  expect(await offer(panel).count()).toBe(0);
  await panel.page.close();
});
