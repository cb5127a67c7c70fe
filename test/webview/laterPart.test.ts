import type { Browser, Page } from '@playwright/test';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { ImageRequest } from '../../src/core/request.ts';
import { phases, request, snapshot, source, twoBoxes } from './fixtures.ts';
import { type BuiltPanel, buildPanel, openBrowser, Panel, type PanelOptions } from './page.ts';

let browser: Browser;
let built: BuiltPanel;
beforeAll(async () => {
  [browser, built] = await Promise.all([openBrowser(), buildPanel()]);
});
afterAll(() => browser.close());

let panel: Panel;
afterEach(() => panel.page.close());

const photo = source('photo', 'docs/photo.jpg');
const withPhoto = (boxCount: number, changes: Partial<ImageRequest> = {}) =>
  snapshot({
    revision: 2,
    sources: [photo],
    jobs: [phases['done with an edit']!],
    draft: {
      draftId: 'photo',
      request: request({
        inputs: [{ id: 'photo', name: 'photo.jpg', boxes: twoBoxes.slice(0, boxCount) }],
        ...changes,
      }),
    },
  });

async function open(options: PanelOptions, asked: string[] = []): Promise<void> {
  panel = await Panel.open(browser, built, {
    ...options,
    before: async (page) => {
      page.on('request', (one) => asked.push(new URL(one.url()).pathname));
      await options.before?.(page);
    },
  });
}

/** Holds back what the editor is made of until the answer is called. */
function held(): { before: (page: Page) => Promise<unknown>; release: () => void } {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  const before = (page: Page): Promise<unknown> =>
    page.route('**/panel-later.*', async (route) => {
      await released;
      await route.fallback();
    });
  return { before, release: () => release() };
}

test('jobs that do not come into view at first are drawn when the first part is painted', async () => {
  const jobs = Array.from({ length: 40 }, (_, index) => ({ ...phases['done with one']!, id: `job-${index}` }));
  await open({});
  const drawn = panel.page.evaluate(
    () =>
      new Promise<number[]>((resolve) => {
        const counts: number[] = [];
        new MutationObserver(() => {
          const { length } = document.querySelectorAll('.job');
          if (counts.at(-1) !== length) counts.push(length);
          if (length === 40) resolve(counts);
        }).observe(document.body, { childList: true, subtree: true });
      }),
  );
  await panel.show(snapshot({ jobs }));
  expect(await drawn).toEqual([6, 40]);
});

test('it is loaded when the first part is painted, under the policy of the panel, and not before', async () => {
  const asked: string[] = [];
  await open({}, asked);
  await panel.page.waitForTimeout(200);
  expect(asked.filter((path) => path.includes('later'))).toEqual([]);
  await panel.show(snapshot());
  await expect
    .poll(() => asked.filter((path) => path.includes('later')).toSorted())
    .toEqual(['/panel-later.css', '/panel-later.js']);
  await panel.show(withPhoto(1));
  await panel.page.locator('.box').waitFor();
  expect(panel.complaints).toEqual([]);
});

test.each([
  [320, 0, {}],
  [320, 2, {}],
  [860, 1, {}],
  [1280, 2, { imageSet: true }],
  [1600, 2, {}],
  [1280, 1, {}],
])('nothing jumps when it comes: %i px, %i boxes, %o', async (width, boxCount, changes) => {
  const { before, release } = held();
  await open({ width, before });
  await panel.show(withPhoto(boxCount, changes));
  const places = (): Promise<unknown> =>
    panel.page.evaluate(() =>
      ['.stage', '.stage-viewport', '.stage-side', '#field-prompt', '#field-inputs', '.run', '.job'].map((selector) => {
        const { x, y, width, height } = document.querySelector(selector)!.getBoundingClientRect();
        return [selector, ...[x, y, width, height].map(Math.round)];
      }),
    );
  const awaited = await places();
  expect(await panel.page.locator('.stage-viewport').getAttribute('aria-busy')).toBe('true');
  release();
  await panel.page.locator('.stage-scale').waitFor();
  expect(await places()).toEqual(awaited);
  expect(panel.complaints).toEqual([]);
});

test.each(['js', 'css'])('where its %s cannot be loaded that is said, and it can be tried again', async (missing) => {
  let isMissing = true;
  await open({
    before: (page) =>
      page.route(`**/panel-later.${missing}`, (route) => (isMissing ? route.abort() : route.fallback())),
  });
  await panel.show(withPhoto(1));
  const again = panel.page.getByRole('button', { name: 'Try Again' });
  await again.waitFor();
  expect(await panel.page.getByRole('alert').allTextContents()).toContainEqual(
    expect.stringContaining('could not be loaded'),
  );
  // The rest of the form goes on.
  await panel.page.locator('#field-prompt').fill('A red door');
  expect(await panel.page.getByRole('button', { name: /^Edit ·/ }).getAttribute('aria-disabled')).toBe('false');
  await again.press('Enter');
  await panel.page.waitForTimeout(200);
  expect(await again.count()).toBe(1);
  isMissing = false;
  await again.press('Enter');
  await panel.page.locator('.box').waitFor();
  await expect.poll(() => panel.page.evaluate(() => document.activeElement?.id)).toBe('stage-viewport');
  expect(await panel.page.locator('#field-prompt').inputValue()).toBe('A red door');
});
