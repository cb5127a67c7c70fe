import type { Browser } from '@playwright/test';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SaveAsk, SavingView } from '../../src/core/saving.ts';
import { SaveAsk as SaveAskSchema } from '../../src/core/saving.ts';
import { job, result, snapshot } from './fixtures.ts';
import { inChinese } from './languages.ts';
import { type BuiltPanel, buildPanel, openBrowser, Panel } from './page.ts';

let browser: Browser;
let built: BuiltPanel;
beforeAll(async () => {
  [browser, built] = await Promise.all([openBrowser(), buildPanel()]);
});
afterAll(() => browser.close());

const done = { state: 'done', missing: 0, endedAt: Date.now(), cancelled: false } as const;
const start: SavingView['start'] = {
  options: { format: 'webp', quality: 70, size: { kind: 'as-is' } },
  folder: 'images',
  name: 'a-red-fox',
  isUsual: false,
};
const withSheet = (saving?: Partial<SavingView>, heavy?: { lighter?: number }) =>
  snapshot({
    revision: Date.now(),
    jobs: [job('fox', done, { results: [result('fox-0', { byteLength: 4_404_019, ...(heavy && { heavy }) })] })],
    ...(saving && { saving: { resultId: 'fox-0', start, ...saving } }),
  });

async function opened(options: Parameters<typeof Panel.open>[2] = {}): Promise<Panel> {
  const panel = await Panel.open(browser, built, options);
  await panel.show(withSheet());
  await panel.whole();
  await panel.page.getByRole('button', { name: 'Save…', exact: true }).click();
  await expect.poll(() => panel.sentOf('openSaving')).toEqual([{ type: 'openSaving', resultId: 'fox-0' }]);
  await panel.show(withSheet({}));
  return panel;
}

/** What the panel has asked last, as the host would read it. */
async function lastAsk(panel: Panel): Promise<SaveAsk> {
  const { type: _, ...ask } = (await panel.sentOf('previewSaving')).at(-1) ?? { type: 'previewSaving' };
  return SaveAskSchema.parse(ask);
}

const answer = (askId: string, more: Partial<NonNullable<SavingView['answer']>> = {}) => ({
  answer: {
    askId,
    state: 'ready' as const,
    files: [{ path: 'images/a-red-fox.webp', width: 1600, height: 900, byteLength: 240_000 }],
    ...more,
  },
});

test('the sheet comes with a press of S in the figure, works by keyboard alone, and gives the keyboard back', async () => {
  const panel = await Panel.open(browser, built);
  await panel.show(withSheet());
  await panel.whole();
  const { page } = panel;
  const button = page.getByRole('button', { name: 'Save…', exact: true });
  await button.focus();
  await page.keyboard.press('s');
  await expect.poll(() => panel.sentOf('openSaving')).toHaveLength(1);
  await panel.show(withSheet({}));
  await page.getByLabel('Format', { exact: true }).focus();
  await page.keyboard.press('ArrowUp');
  await expect.poll(async () => (await lastAsk(panel)).options.format).toBe('jpeg');
  await page.keyboard.press('Escape');
  await expect.poll(() => panel.sentOf('closeSaving')).toHaveLength(1);
  expect(await button.evaluate((element) => element === document.activeElement)).toBe(true);
  expect(panel.complaints).toEqual([]);
  await page.close();
});

test('every change is asked about once it rests, and only the answer to the last one counts', async () => {
  const panel = await opened();
  const { page } = panel;
  await expect.poll(() => panel.sentOf('previewSaving')).toHaveLength(1);
  const first = await lastAsk(panel);
  expect(first).toMatchObject({ resultId: 'fox-0', ...start });
  await panel.show(withSheet(answer(first.askId)));
  expect(await page.locator('.saving-outcome').textContent()).toContain('images/a-red-fox.webp 1600 × 900, 234 KB');

  await page.getByRole('radio', { name: 'Several widths' }).check();
  await page.getByLabel('Widths in pixels').fill('400, 800');
  await expect.poll(async () => (await lastAsk(panel)).options.size).toEqual({ kind: 'widths', widths: [400, 800] });
  await panel.show(withSheet(answer(first.askId)));
  expect(await page.locator('.saving-outcome').textContent()).toBe('Making it to see how heavy it is…');
  await page.close();
});

test('Enter saves what the fields say, and what cannot be saved is said and not sent', async () => {
  const panel = await opened();
  const { page } = panel;
  await page.getByRole('radio', { name: 'Exact pixels' }).check();
  await page.getByLabel('Width in pixels').fill('640');
  await page.getByLabel('Height in pixels').fill('many');
  await page.keyboard.press('Enter');
  expect(await page.locator('.saving [role=status]').textContent()).toContain('Write whole numbers of pixels');
  await page.getByLabel('Height in pixels').fill('480');
  await page.getByRole('radio', { name: 'Stretch' }).check();
  await page.getByRole('textbox', { name: 'Folder' }).fill('docs/${documentName}');
  await page.getByRole('textbox', { name: 'Name' }).fill('hero');
  await page.getByLabel('Save and Save All use').check();
  await page.getByRole('textbox', { name: 'Name' }).press('Enter');
  const [{ type: _, askId: __, ...asked } = {}, ...more] = (await panel.sentOf('saveSo')) as Partial<
    SaveAsk & { type: string }
  >[];
  expect(more).toEqual([]);
  expect(asked).toEqual({
    resultId: 'fox-0',
    options: { format: 'webp', quality: 70, size: { kind: 'exact', width: 640, height: 480, how: 'fill' } },
    folder: 'docs/${documentName}',
    name: 'hero',
    isUsual: true,
  });
  await panel.show(withSheet());
  expect(await page.locator('dialog').count()).toBe(0);
  await page.close();
});

test('what stands in the way is said in the sheet, which stays open', async () => {
  const panel = await opened();
  await expect.poll(() => panel.sentOf('previewSaving')).toHaveLength(1);
  const { askId } = await lastAsk(panel);
  const trouble = 'images leads out of the workspace by a link, so nothing was saved there.';
  await panel.show(withSheet(answer(askId, { state: 'failed', files: [], trouble })));
  expect(await panel.page.locator('.saving [role=status]').textContent()).toContain(trouble);
  await panel.page.close();
});

test('it is accessible in four themes, and fits where it is narrow, in both languages', async () => {
  const panel = await opened({ width: 320, height: 700 });
  await expect.poll(() => panel.sentOf('previewSaving')).toHaveLength(1);
  const { page } = panel;
  await page.getByRole('radio', { name: 'Exact pixels' }).check();
  await expect.poll(() => panel.sentOf('previewSaving')).toHaveLength(1);
  for (const theme of ['light', 'dark', 'hc-dark', 'hc-light']) {
    await panel.setTheme(theme);
    expect(await panel.violations(), theme).toEqual([]);
  }
  const isTooWide = () =>
    page.locator('dialog').evaluate((dialog) => dialog.scrollWidth > dialog.clientWidth || dialog.clientWidth > 320);
  expect(await isTooWide()).toBe(false);
  await panel.show(inChinese(withSheet({})));
  expect(await isTooWide()).toBe(false);
  expect(panel.complaints).toEqual([]);
  await page.close();
});

test('a heavy picture says so beside Save, and one press makes it a lighter one', async () => {
  const panel = await Panel.open(browser, built, { width: 320 });
  await panel.show(withSheet(undefined, {}));
  await panel.whole();
  const note = panel.page.locator('.picture .row', { hasText: 'is much' });
  expect((await note.textContent())?.trim()).toBe('4.2 MB is much for a repository.Save as WebP');
  await panel.show(withSheet(undefined, { lighter: 310_000 }));
  await panel.page.getByRole('button', { name: 'Save as WebP, 303 KB' }).click();
  expect(await panel.sentOf('saveLighter')).toEqual([{ type: 'saveLighter', resultId: 'fox-0' }]);
  expect(await panel.violations()).toEqual([]);
  expect(await panel.tooWide()).toEqual([]);
  await panel.page.close();
});

test('a sheet that cannot be loaded is said, and the next press tries again', async () => {
  let isMissing = true;
  const panel = await Panel.open(browser, built, {
    before: (page) => page.route('**/panel-saving.js', (route) => (isMissing ? route.abort() : route.fallback())),
  });
  await panel.show(withSheet());
  await panel.whole();
  const button = panel.page.getByRole('button', { name: 'Save…', exact: true });
  await button.click();
  await expect.poll(() => panel.page.getByText('could not be loaded').count()).toBe(1);
  isMissing = false;
  await button.click();
  await expect.poll(() => panel.sentOf('openSaving')).toHaveLength(1);
  await panel.page.close();
});
