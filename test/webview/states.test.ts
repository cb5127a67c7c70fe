import type { Browser } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { everything } from '../../src/core/historyQuery.ts';
import type { Snapshot } from '../../src/core/messages.ts';
import { answerTo, cuttingView, drawnCheckerboard, withCut } from './cutOutFixtures.ts';
import { failures, lookings, phases, snapshot, standings } from './fixtures.ts';
import { historyOf } from './historyFixtures.ts';
import { inChinese } from './languages.ts';
import { differentLook } from './looks.ts';
import { type BuiltPanel, buildPanel, openBrowser, Panel } from './page.ts';

/** Elapsed times and dates stand still in pictures: here before the fixtures are made, and in the pages below. */
const time = vi.hoisted(() => {
  process.env['TZ'] = 'UTC';
  const time = new Date('2026-11-20T12:00:00Z');
  vi.setSystemTime(time);
  return time;
});

const isFull = process.env['WAN_FULL'] === '1';
const allThemes = ['light', 'dark', 'hc-dark', 'hc-light', 'light-modern', 'dark-modern'];
/** The themes in which pictures are kept of every state. */
const keptThemes = new Set(allThemes.slice(0, 4));

/** The two that differ most; the others are looked at in the full run. */
const usualThemes = ['light', 'hc-dark'];

/** What most people see; looked at in more than one theme in every run. */
const mainStates = new Set([
  'an edit and its answer',
  'an edit of every kind of picture',
  'practice',
  'an image set with mistakes',
  'a palette with mistakes',
  'many jobs',
  'a request over the limit',
]);

/** Looked at in Chinese as well in every run: between them they show most of what there is to say. */
const chineseStates = new Set([
  'an edit and its answer',
  'an image set with mistakes',
  'many jobs',
  'jobs that failed in every way',
]);

/** Jobs are shown many at a time: a page costs more than a job on it. */
const states: Record<string, Snapshot> = {
  ...standings,
  'jobs in every state': snapshot({ jobs: Object.values(phases), insertTarget: 'docs/guide.md' }),
  'jobs whose pictures are looked for': snapshot({ jobs: Object.values(lookings) }),
  'jobs that failed in every way': snapshot({ jobs: Object.values(failures) }),
};

/** What is opened over them by a press, and what is pressed for it. */
const opened: Record<string, readonly [shown: Snapshot, open: (panel: Panel) => Promise<void>]> = {
  'the history': [
    snapshot({ history: historyOf(40, 0, 60, { storage: { used: 6e9, limit: 5_368_709_120 }, isWhole: false }) }),
    async ({ page }) => {
      for (const place of [1, 2]) await page.locator(`#history-cell-${place}`).click({ modifiers: ['Control'] });
    },
  ],
  'the history with nothing in it': [snapshot({ history: historyOf(0) }), seesHistory],
  'a search without a hit': [
    snapshot({ history: historyOf(0, 0, 60, { all: 500, query: { ...everything, text: 'zeppelin' } }) }),
    seesHistory,
  ],
  'a deleted request that can be brought back': [
    snapshot({ history: historyOf(3, 0, 60, { deleted: 1 }) }),
    seesHistory,
  ],
  'a background that is cut out': [withCut(cuttingView()), (panel) => cut(panel)],
  'a cut-out that is not clean': [
    withCut(cuttingView()),
    (panel) => cut(panel, { report: { transparent: 0.62, partial: 0.03, border: 0.7, enclosed: 0.05, unsure: 0.2 } }),
  ],
  'a drawn checkerboard that is not cut out': [
    withCut(drawnCheckerboard),
    ({ page }) => page.locator('.cut [role=alert]').waitFor(),
  ],
  ...Object.fromEntries(
    ['slider', 'toggle', 'beside', 'difference'].map((mode) => [
      `a comparison by ${mode}`,
      [snapshot({ jobs: [phases['done with an edit']!] }), (panel: Panel) => compare(panel, mode)] as const,
    ]),
  ),
};

/** Answers what the sheet asks first. */
async function cut(panel: Panel, answer: Parameters<typeof answerTo>[1] = {}): Promise<void> {
  await panel.page.locator('.cut-outcome').waitFor();
  await expect.poll(() => panel.sentOf('previewCut')).toHaveLength(1);
  const [ask] = await panel.sentOf('previewCut');
  await panel.show(withCut(cuttingView(answerTo(ask?.askId ?? '', answer))));
  await panel.page.locator('.cut-edge').waitFor();
}

async function seesHistory({ page }: Panel): Promise<void> {
  await page.locator('.history').waitFor();
}

async function compare({ page }: Panel, mode: string): Promise<void> {
  await page.getByRole('button', { name: 'Compare', exact: true }).first().click();
  await page.locator(`dialog input[value=${mode}]`).check();
  await page.locator('.compare-viewport[aria-busy=false]').waitFor();
}

let browser: Browser;
let built: BuiltPanel;
beforeAll(async () => {
  [browser, built] = await Promise.all([openBrowser(), buildPanel()]);
});
afterAll(() => browser.close());

const looks = [
  ...Object.entries(states).map(([name, shown]) => [name, shown, openEverything] as const),
  ...Object.entries(opened).map(([name, [shown, open]]) => [name, shown, open] as const),
];

describe.each(looks)('%s', (name, shown, open) => {
  test('is accessible, fits at every width, and breaks no rule of the page', async () => {
    const panel = await Panel.open(browser, built, { before: (page) => page.clock.setFixedTime(time) });
    await panel.show(shown);
    await panel.whole();
    await open(panel);
    const differences: string[] = [];
    for (const theme of isFull ? allThemes : mainStates.has(name) ? usualThemes : ['light']) {
      await panel.setTheme(theme);
      expect(await panel.violations(), theme).toEqual([]);
      if (!isFull || !keptThemes.has(theme)) continue;
      await panel.page.waitForFunction(() => [...document.images].every(({ complete }) => complete));
      const difference = await differentLook(name, theme, await panel.page.screenshot());
      if (difference !== undefined) differences.push(difference);
    }
    expect(differences).toEqual([]);
    for (const width of isFull ? [320, 400, 500, 600, 859, 860, 1000, 1280, 1600, 2000] : [320, 860]) {
      await panel.page.setViewportSize({ width, height: 900 });
      expect(await panel.tooWide(), `${width} px`).toEqual([]);
      // Where the columns scroll, the page must not: it would take the banners away and cut the form off.
      if (width >= 860) expect(await panel.pageScrolls(), `${width} px`).toBe(false);
    }
    expect(panel.complaints).toEqual([]);
    await panel.page.close();
  });
});

describe.each(Object.entries(states).filter(([name]) => isFull || chineseStates.has(name)))(
  '%s, in Chinese',
  (name, shown) => {
    test('fits where it is narrow and where it is wide', async () => {
      const panel = await Panel.open(browser, built, { language: 'zh-cn', theme: 'dark-modern' });
      await panel.show(inChinese(shown));
      await openEverything(panel);
      // It is the same page in other words: that it is accessible need not be seen each time.
      if (isFull) expect(await panel.violations()).toEqual([]);
      for (const width of [320, 860]) {
        await panel.page.setViewportSize({ width, height: 900 });
        expect(await panel.tooWide(), `${name}, ${width} px`).toEqual([]);
      }
      expect(panel.complaints).toEqual([]);
      await panel.page.close();
    });
  },
);

async function openEverything(panel: Panel): Promise<void> {
  await panel.page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
  });
}
