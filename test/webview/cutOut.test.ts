import type { Browser } from '@playwright/test';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CutAsk, CutAsk as CutAskSchema, type CuttingView } from '../../src/core/cutting.ts';
import { answerTo, cuttingView, drawnCheckerboard, withCut } from './cutOutFixtures.ts';
import { inChinese } from './languages.ts';
import { type BuiltPanel, buildPanel, openBrowser, Panel } from './page.ts';

let browser: Browser;
let built: BuiltPanel;
beforeAll(async () => {
  [browser, built] = await Promise.all([openBrowser(), buildPanel()]);
});
afterAll(() => browser.close());

async function opened(
  options: Parameters<typeof Panel.open>[2] = {},
  view: CuttingView = cuttingView(),
): Promise<Panel> {
  const panel = await Panel.open(browser, built, options);
  await panel.show(withCut());
  await panel.whole();
  await panel.page.getByRole('button', { name: 'More' }).click();
  await panel.page.getByRole('button', { name: 'Cut Out Background…' }).click();
  await expect.poll(() => panel.sentOf('cutOut')).toEqual([{ type: 'cutOut', resultId: 'fox-0' }]);
  await panel.show(withCut(view));
  await panel.page.locator('dialog.cut').waitFor();
  return panel;
}

/** What the panel has asked last, as the host would read it. */
async function lastAsk(panel: Panel): Promise<CutAsk> {
  await expect.poll(() => panel.sentOf('previewCut')).not.toHaveLength(0);
  const { type: _, ...ask } = (await panel.sentOf('previewCut')).at(-1)!;
  return CutAskSchema.parse(ask);
}

const status = async (panel: Panel) => (await panel.page.locator('.cut-outcome [role=status]').textContent())?.trim();

test('a background is cut out and saved by keyboard alone, and the keyboard is given back', async () => {
  const panel = await opened();
  const { page } = panel;
  expect((await lastAsk(panel)).options).toEqual({ key: '#00FF00', tolerance: 0.12, edge: 2, holes: false });
  // The drawn scene has its own colours: one of them is picked with the cross.
  const picture = page.getByRole('application', { name: 'Picture images/fox.png' });
  await picture.focus();
  // The copy is read before there is a cross.
  await expect
    .poll(async () => {
      await page.keyboard.press('ArrowLeft');
      return page.locator('.cut-shown .only-spoken').textContent();
    })
    .toMatch(/^Colour here: #[0-9A-F]{6}\. Enter takes it\.$/);
  const said = await page.locator('.cut-shown .only-spoken').textContent();
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await lastAsk(panel)).options.key).toBe(said?.slice(13, 20));
  await page.getByRole('slider', { name: 'Tolerance' }).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowLeft');
  await page.getByRole('checkbox', { name: 'Cut out enclosed places too' }).press('Space');
  await page.getByRole('textbox', { name: 'Colour of the background' }).fill('a1b2c3');
  await expect
    .poll(async () => (await lastAsk(panel)).options)
    .toEqual({ key: '#A1B2C3', tolerance: 0.13, edge: 1, holes: true });
  await panel.show(withCut(cuttingView(answerTo((await lastAsk(panel)).askId))));
  expect(await status(panel)).toBe(
    'All of the border is transparent.Measured in all pixels: 80 % transparent, < 1 % edge.',
  );
  await page.keyboard.press('Enter');
  const { type: _, ...saved } = (await panel.sentOf('saveCut'))[0]!;
  expect(saved).toEqual({ ...(await lastAsk(panel)), evenSo: false });
  await panel.show(withCut());
  expect(await page.locator('dialog').count()).toBe(0);
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Cut Out Background…');
  expect(panel.complaints).toEqual([]);
  await page.close();
});

test('a press picks the colour beneath it, only the last answer counts, and nothing half made is saved', async () => {
  const panel = await opened();
  const { page } = panel;
  const first = await lastAsk(panel);
  await panel.show(withCut(cuttingView(answerTo(first.askId))));
  await expect
    .poll(async () => {
      await page.locator('#cut-picture').click({ position: { x: 4, y: 4 } });
      return page.getByRole('textbox', { name: 'Colour of the background' }).inputValue();
    })
    .not.toBe('#00FF00');
  await panel.show(withCut(cuttingView(answerTo(first.askId))));
  expect(await status(panel)).toBe('Cutting out…');
  await page.getByRole('textbox', { name: 'Colour of the background' }).press('Enter');
  await page.getByRole('textbox', { name: 'Colour of the background' }).fill('green');
  expect(await status(panel)).toBe('Write the colour as six digits, such as #00FF00.');
  await page.keyboard.press('Enter');
  expect(await panel.sentOf('saveCut')).toEqual([]);
  await page.keyboard.press('Escape');
  await expect.poll(() => panel.sentOf('closeCut')).toEqual([{ type: 'closeCut', cutId: 'cut' }]);
  // What was under way when it was closed does not open it again; another opening does.
  await panel.show(withCut(cuttingView()));
  expect(await page.locator('dialog').count()).toBe(0);
  await panel.show(withCut(cuttingView({ cutId: 'another' })));
  expect(await page.locator('dialog').count()).toBe(1);
  expect(await panel.sentOf('closeCut')).toHaveLength(1);
  await page.close();
});

test('what is to be said against a cut is said, and it is saved all the same only by a button that says so', async () => {
  const panel = await opened();
  const { askId } = await lastAsk(panel);
  const report = { transparent: 0.4, partial: 0.02, border: 0.6, enclosed: 0.05, unsure: 0 };
  await panel.show(withCut(cuttingView(answerTo(askId, { report }))));
  expect(await status(panel)).toContain('The border is not transparent all around');
  expect(await status(panel)).toContain('Enclosed places of the background are left: 5 % of the picture.');
  await panel.page.getByRole('button', { name: 'Save All the Same' }).click();
  expect((await panel.sentOf('saveCut')).map(({ evenSo }) => evenSo)).toEqual([true]);
  const trouble = 'images leads out of the workspace by a link, so nothing was saved there.';
  await panel.show(withCut(cuttingView({ answer: { askId, state: 'failed', trouble } })));
  expect(await status(panel)).toBe(trouble);
  await panel.page.close();
});

test('a drawn checkerboard is refused with the next step, unless the user knows better', async () => {
  const panel = await opened({}, drawnCheckerboard);
  const { page } = panel;
  expect(await page.locator('.cut [role=alert]').textContent()).toContain('a checkerboard is painted into it');
  await page.getByRole('button', { name: 'Ask Again on a Plain Colour…' }).click();
  expect(await panel.sentOf('askOnPlain')).toEqual([{ type: 'askOnPlain', cutId: 'cut' }]);
  expect(await panel.sentOf('previewCut')).toEqual([]);
  await page.getByRole('button', { name: 'It Is No Checkerboard' }).press('Enter');
  await lastAsk(panel);
  await page.close();
});

test('it is accessible in four themes, and fits where it is narrow, in both languages', async () => {
  const panel = await opened({ width: 320, height: 700 });
  const { askId } = await lastAsk(panel);
  const shown = withCut(cuttingView(answerTo(askId)));
  await panel.show(shown);
  for (const theme of ['light', 'dark', 'hc-dark', 'hc-light']) {
    await panel.setTheme(theme);
    expect(await panel.violations(), theme).toEqual([]);
  }
  const isTooWide = () =>
    panel.page
      .locator('dialog')
      .evaluate((dialog) => dialog.scrollWidth > dialog.clientWidth || dialog.clientWidth > 320);
  expect(await isTooWide()).toBe(false);
  await panel.show(inChinese({ ...shown, revision: shown.revision + 1 }));
  expect(await isTooWide()).toBe(false);
  expect(panel.complaints).toEqual([]);
  await panel.page.close();
});
