import type { Browser } from '@playwright/test';
import type { AxeResults, RunOptions } from 'axe-core';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Snapshot } from '../../src/core/messages.ts';
import { failures, phases, snapshot, standings } from './fixtures.ts';
import { buildPanel, openBrowser, Panel } from './page.ts';

const isFull = process.env['WAN_FULL'] === '1';
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const mainThemes = ['light', 'dark', 'hc-dark', 'hc-light'];
const allThemes = [...mainThemes, 'light-modern', 'dark-modern'];

/** What most people see; looked at in every theme. */
const mainStates = new Set([
  'an edit and its answer',
  'an edit of every kind of picture',
  'practice',
  'an image set with mistakes',
  'a palette with mistakes',
  'many jobs',
]);

/** Jobs are shown many at a time: a page costs more than a job on it. */
const states: Record<string, Snapshot> = {
  ...standings,
  'jobs in every state': snapshot({ jobs: Object.values(phases), insertTarget: 'docs/guide.md' }),
  'jobs that failed in every way': snapshot({ jobs: Object.values(failures) }),
};

let browser: Browser;
let built: Awaited<ReturnType<typeof buildPanel>>;
beforeAll(async () => {
  [browser, built] = await Promise.all([openBrowser(), buildPanel()]);
});
afterAll(() => browser.close());

describe.each(Object.entries(states))('%s', (name, shown) => {
  test('is accessible, fits at every width, and breaks no rule of the page', async () => {
    const panel = await Panel.open(browser, built);
    await panel.show(shown);
    await openEverything(panel);
    for (const theme of isFull ? allThemes : mainStates.has(name) ? mainThemes : ['light']) {
      await panel.setTheme(theme);
      expect(await violations(panel), theme).toEqual([]);
    }
    for (const width of isFull ? [320, 400, 500, 600, 859, 860, 1000, 1280, 1600, 2000] : [320, 860, 1280]) {
      await panel.page.setViewportSize({ width, height: 900 });
      expect(await tooWide(panel), `${width} px`).toEqual([]);
    }
    expect(panel.complaints).toEqual([]);
    await panel.page.close();
  });
});

async function openEverything(panel: Panel): Promise<void> {
  await panel.page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
  });
}

async function violations(panel: Panel): Promise<unknown[]> {
  const isThere = await panel.page.evaluate(() => 'axe' in globalThis);
  if (!isThere) await panel.page.evaluate(axe);
  return panel.page.evaluate(async () => {
    const options: RunOptions = {
      resultTypes: ['violations'],
      rules: { 'color-contrast-enhanced': { enabled: false } },
    };
    const { axe } = globalThis as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } };
    const { violations } = await axe.run(options);
    return violations.map(({ id, nodes }) => ({
      id,
      nodes: nodes.map((node) => [node.html.slice(0, 160), node.failureSummary]),
    }));
  });
}

/** What sticks out to the right of the page or of the column that holds it. */
function tooWide(panel: Panel): Promise<string[]> {
  return panel.page.evaluate(() => {
    const holders = [
      document.documentElement,
      ...document.querySelectorAll('.form, .form-scroll, .run, .results, .job, .banner'),
    ];
    return holders
      .filter((element) => element.scrollWidth > element.clientWidth + 1)
      .map((element) => `${element.className || element.tagName}: ${element.scrollWidth} in ${element.clientWidth}`);
  });
}
