import type { Browser } from '@playwright/test';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { editing, insideOffer, job, phases, result, snapshot } from './fixtures.ts';
import { type BuiltPanel, buildPanel, openBrowser, Panel } from './page.ts';

let browser: Browser;
let built: BuiltPanel;
beforeAll(async () => {
  [browser, built] = await Promise.all([openBrowser(), buildPanel()]);
});
afterAll(() => browser.close());

const done = { state: 'done', missing: 0, endedAt: Date.now(), cancelled: false } as const;

/** A panel with one edit, whose answer has this offer. */
async function shown(inside: ReturnType<typeof insideOffer>): Promise<Panel> {
  const panel = await Panel.open(browser, built);
  const { source } = phases['done with an edit']!;
  const one = result('one', { width: 1200, height: 800, inside });
  await panel.show(
    snapshot({ jobs: [job('edit', done, { request: editing, results: [one], ...(source && { source }) })] }),
  );
  return panel;
}

const button = (panel: Panel, name: string) => panel.page.getByRole('button', { name, exact: true });

test('one press, or one key while the focus is in the figure, switches between the two versions', async () => {
  const panel = await shown(insideOffer({ format: 'png', outside: 'identical' }));
  const toggle = button(panel, 'Only Inside the Boxes');
  await toggle.click();
  await panel.page.keyboard.press('i');
  expect(await toggle.getAttribute('aria-pressed')).toBe('false');
  expect(await toggle.getAttribute('aria-keyshortcuts')).toBe('I');
  // A key that means something else stays what it is, and one outside the figure means nothing.
  await panel.page.keyboard.press('Control+i');
  await panel.page
    .getByRole('textbox', { name: 'What should change?' })
    .or(panel.page.locator('#field-prompt'))
    .first()
    .focus();
  await panel.page.keyboard.press('i');
  expect(await panel.sentOf('showVersion')).toEqual([
    { type: 'showVersion', resultId: 'one', version: 'inside' },
    { type: 'showVersion', resultId: 'one', version: 'inside' },
  ]);
  await panel.page.close();
});

test('what is shown is pressed, and pressing it again goes back to the whole answer', async () => {
  const panel = await shown(insideOffer({ format: 'png', outside: 'identical', shown: 'inside' }));
  const toggle = button(panel, 'Only Inside the Boxes');
  expect(await toggle.getAttribute('aria-pressed')).toBe('true');
  await toggle.click();
  expect(await panel.sentOf('showVersion')).toEqual([{ type: 'showVersion', resultId: 'one', version: 'whole' }]);
  await panel.page.close();
});

test('where the format loses something, the button says so and a PNG is offered', async () => {
  const panel = await shown(insideOffer());
  await button(panel, 'Only Inside the Boxes, the Rest Nearly Unchanged').waitFor();
  await button(panel, 'The Same as PNG, the Rest Unchanged').click();
  expect(await panel.sentOf('showVersion')).toEqual([{ type: 'showVersion', resultId: 'one', version: 'inside-png' }]);
  await panel.page.close();
});

test('where nothing is lost, no PNG is offered', async () => {
  const panel = await shown(insideOffer({ format: 'png', outside: 'identical' }));
  await button(panel, 'Only Inside the Boxes').waitFor();
  expect(await button(panel, 'The Same as PNG, the Rest Unchanged').count()).toBe(0);
  await panel.page.close();
});

test('what the answer changed outside is said, and shown over the very picture when asked', async () => {
  const panel = await shown(insideOffer());
  await panel.page.getByText('The answer also changed 3 % of what is outside the boxes.').waitFor();
  const map = panel.page.getByRole('img', { name: /^Where the answer changed/ });
  expect(await map.count()).toBe(0);
  await button(panel, 'Show Where').click();
  const [over, under] = [
    await map.boundingBox(),
    await panel.page.locator('.picture img[alt^="Put a cabin"]').boundingBox(),
  ];
  for (const side of ['x', 'y', 'width', 'height'] as const)
    expect(Math.abs((over?.[side] ?? 0) - (under?.[side] ?? 99))).toBeLessThan(0.5);
  await button(panel, 'Show Where').click();
  expect(await map.count()).toBe(0);
  await panel.page.close();
});

test.each([
  [0, 'The answer changed nothing outside the boxes that can be seen.'],
  [0.0004, 'The answer also changed less than 1 % of what is outside the boxes.'],
])('a share of %s is said in words that are true', async (share, sentence) => {
  const panel = await shown(insideOffer({}, share));
  await panel.page.getByText(sentence).waitFor();
  await panel.page.close();
});

test('of a crop the whole crop in its place is the usual version, and the crop alone is one press away', async () => {
  const ofCrop = (version: 'crop' | 'inside') =>
    shown(insideOffer({ format: 'png', outside: 'identical', isOfCrop: true, shown: version }));
  const asked = async (panel: Panel) => (await panel.sentOf('showVersion')).map(({ version }) => version);
  const panel = await ofCrop('crop');
  await panel.page.getByText('You see the crop that was edited in its place').waitFor();
  await button(panel, 'Only Inside the Boxes').click();
  await button(panel, 'The Crop Alone').click();
  expect(await asked(panel)).toEqual(['inside', 'whole']);
  await panel.page.close();
  const inside = await ofCrop('inside');
  await button(inside, 'Only Inside the Boxes').click();
  await inside.page.keyboard.press('i');
  expect(await asked(inside)).toEqual(['crop', 'crop']);
  await inside.page.close();
});

test('of a crop whose format loses something, what is shown is offered as a PNG: the crop, or its boxes alone', async () => {
  for (const [version, wanted] of [
    ['crop', 'crop-png'],
    ['inside', 'inside-png'],
    ['crop-png', 'crop'],
  ] as const) {
    const panel = await shown(insideOffer({ isOfCrop: true, shown: version }));
    await button(panel, 'The Same as PNG, the Rest Unchanged').click();
    expect((await panel.sentOf('showVersion')).map((sent) => sent.version)).toEqual([wanted]);
    await panel.page.close();
  }
});

test('while a version is being made, and when it cannot be, the figure says so', async () => {
  const panel = await shown(insideOffer({ making: 'inside' }));
  await panel.page.getByRole('status').getByText('The answer is being put into the boxes.').waitFor();
  await panel.page.close();
  const failed = await shown(insideOffer({ trouble: 'a.png is not there any more.' }));
  await failed.page.getByText('a.png is not there any more.').waitFor();
  await failed.page.close();
});

test('where there is no offer, the reason stands in its place', async () => {
  const panel = await Panel.open(browser, built);
  await panel.show(snapshot({ jobs: [phases['done with edits that can be put into their boxes']!] }));
  await panel.page.getByText('not for this one, since its shape is not that of docs/photo.jpg').waitFor();
  await panel.page.close();
});
