import type { Browser, Locator } from '@playwright/test';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Snapshot } from '../../src/core/messages.ts';
import type { ImageRequest } from '../../src/core/request.ts';
import { editing, phases, request, snapshot, source } from './fixtures.ts';
import { type BuiltPanel, buildPanel, openBrowser, Panel } from './page.ts';

let browser: Browser;
let built: BuiltPanel;
beforeAll(async () => {
  [browser, built] = await Promise.all([openBrowser(), buildPanel()]);
});
afterAll(() => browser.close());

let panel: Panel;
async function open(shown: Partial<ImageRequest>, more: Partial<Snapshot> = {}): Promise<void> {
  panel = await Panel.open(browser, built);
  await panel.show(snapshot({ draft: { draftId: 'host', request: request(shown) }, ...more }));
  // Removals are noted by the part that is loaded later: what else it draws shows that it is there.
  await button('Add by Address…').click();
  await panel.page.getByLabel('Public https address of the image').waitFor();
  await button('Add by Address…').click();
}
afterEach(async () => {
  expect(panel.complaints).toEqual([]);
  await panel.page.close();
});

const button = (name: string | RegExp): Locator => panel.page.getByRole('button', { name });
const undo = (place: string): Locator => panel.page.locator(`#undo-${place}`);
const hasFocus = (locator: Locator): Promise<boolean> =>
  locator.evaluate((element) => element === document.activeElement);
/** The form as the panel tells it to the host. */
async function told(): Promise<ImageRequest> {
  await panel.page.waitForTimeout(400);
  return (await panel.sentOf('draft')).at(-1)!.request as ImageRequest;
}

const inputs = [
  editing.inputs[0]!,
  { id: 'two', name: 'docs/two.png', boxes: [] },
  { id: 'three', name: 'docs/three.png', boxes: [] },
];
const sources = inputs.map(({ id, name }) => source(id, name));

describe('what is removed can be brought back', () => {
  test('a picture comes back to its place with its boxes, and the keyboard goes with it', async () => {
    await open({ inputs }, { sources });
    await button('Remove docs/photo.jpg').click();
    await expect.poll(() => hasFocus(undo('inputs'))).toBe(true);
    expect(await panel.page.locator('#undo-inputs').locator('..').textContent()).toContain(
      'docs/photo.jpg is removed.',
    );
    expect(await panel.page.locator('.only-spoken[role=status]').textContent()).toContain('docs/photo.jpg is removed.');
    await panel.page.getByLabel('What should change?').fill('Something else');
    await undo('inputs').click();
    expect(await told()).toMatchObject({ prompt: 'Something else', inputs });
    expect(await undo('inputs').count()).toBe(0);
    await expect.poll(() => panel.page.evaluate(() => document.activeElement?.closest('.input') !== null)).toBe(true);
  });

  test('two pictures come back one after the other', async () => {
    await open({ inputs }, { sources });
    await button('Remove docs/two.png').click();
    await button('Remove docs/photo.jpg').click();
    await undo('inputs').click();
    await undo('inputs').click();
    expect((await told()).inputs).toEqual(inputs);
  });

  test('a palette, and a colour of it', async () => {
    const palette = ['#112233', '#445566', '#778899', '#AABBCC'].map((hex) => ({ hex, ratio: '25.00%' }));
    await open({ palette });
    await panel.page.locator('summary').filter({ hasText: 'Colours' }).click();
    await button('Remove colour 2').click();
    expect(await undo('palette').locator('..').textContent()).toContain('Colour #445566 is removed.');
    await undo('palette').click();
    expect((await told()).palette).toEqual(palette);
    await button('Remove the Palette').click();
    await undo('palette').click();
    expect((await told()).palette).toEqual(palette);
  });

  test('a picture of a set that says something, and not an empty line', async () => {
    const setLines = ['waves', 'reads', 'sleeps'];
    await open({ imageSet: true, setLines, setMaxImages: 4 });
    await button('Remove picture 4').click();
    expect(await undo('setLines').count()).toBe(0);
    await button('Remove picture 2').click();
    expect(await undo('setLines').locator('..').textContent()).toContain('“reads” is removed.');
    await undo('setLines').click();
    expect(await told()).toMatchObject({ setLines, setMaxImages: 3 });
  });

  test('a seed that was kept', async () => {
    await open({ seed: 1912873 });
    await panel.page.locator('summary').filter({ hasText: 'Seed' }).click();
    await panel.page.getByText('Random each time').click();
    expect(await undo('seed').locator('..').textContent()).toContain('Seed 1912873 is not kept any more.');
    await undo('seed').click();
    expect((await told()).seed).toBe(1912873);
  });

  test('what a fix removes', async () => {
    const palette = Array.from({ length: 12 }, (_, index) => ({ hex: `#1122${index + 10}`, ratio: '8.00%' }));
    await open({ palette });
    await button('Keep the first ten').click();
    expect(await undo('palette').locator('..').textContent()).toContain('2 colours are removed.');
    await undo('palette').click();
    expect((await told()).palette).toEqual(palette);
  });

  test('a job that was taken out of the list', async () => {
    const one = phases['done with one']!;
    await open({}, { jobs: [one] });
    await button('Take Out of the List').click();
    await panel.show(snapshot({ draft: { draftId: 'host', request: request() }, revision: 2, jobs: [] }));
    await undo('jobs').click();
    expect(await panel.sentOf('putBack')).toEqual([{ type: 'putBack', jobId: one.id }]);
    expect(await undo('jobs').count()).toBe(0);
  });

  test('not into a form that was filled from elsewhere', async () => {
    await open({ inputs }, { sources, jobs: [phases['done with one']!] });
    await button('Remove docs/two.png').click();
    await button('Edit and Run Again').click();
    expect(await undo('inputs').count()).toBe(0);
  });
});
