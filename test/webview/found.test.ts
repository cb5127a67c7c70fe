import type { Browser } from '@playwright/test';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lookings, snapshot } from './fixtures.ts';
import { type BuiltPanel, buildPanel, openBrowser, Panel } from './page.ts';

let browser: Browser;
let built: BuiltPanel;
beforeAll(async () => {
  [browser, built] = await Promise.all([openBrowser(), buildPanel()]);
});
afterAll(() => browser.close());

async function shown(name: keyof typeof lookings): Promise<Panel> {
  const panel = await Panel.open(browser, built);
  await panel.show(snapshot({ jobs: [lookings[name]!] }));
  return panel;
}

const press = (panel: Panel, name: string): Promise<void> => panel.page.getByRole('button', { name }).click();

test.each(['not begun', 'missing pictures that may have been billed'])(
  'the look begins at the user’s word: %s',
  async (name) => {
    const panel = await shown(name);
    await press(panel, 'Look for My Pictures');
    expect(await panel.sentOf('action')).toEqual([
      { type: 'action', action: 'find-pictures', jobId: lookings[name]?.id },
    ]);
    await panel.page.close();
  },
);

test('pictures that may have been billed are not said to be free', async () => {
  const panel = await shown('missing pictures that may have been billed');
  await panel.page.getByText('2 of 4 did not come, though they may have been billed').waitFor();
  expect(await panel.page.getByText('not billed').count()).toBe(0);
  await panel.page.close();
});

test('each found picture has its time, its price and a button of its own', async () => {
  const panel = await shown('found');
  const pictures = panel.page.getByRole('figure', { name: /^Found picture/ });
  await pictures.first().waitFor();
  expect(await pictures.count()).toBe(3);
  expect(await pictures.first().innerText()).toMatch(/Made at .*\n\s*cost \$0\.075/);
  await pictures.nth(1).getByRole('button', { name: 'This Is Mine' }).click();
  await press(panel, 'Look Further Back');
  await press(panel, 'None of These');
  const jobId = 'found';
  expect((await panel.sent()).filter(({ type }) => type !== 'ready' && type !== 'draft')).toEqual([
    { type: 'keepFound', jobId, foundId: 'found-2' },
    { type: 'lookFurther', jobId },
    { type: 'endLooking', jobId },
  ]);
  await panel.page.close();
});

test('a picture whose address has expired is named, with whom to ask', async () => {
  const panel = await shown('found');
  await panel.page.getByText(/^Its address no longer works: Made at .*, cost \$0\.075\.$/).waitFor();
  await panel.page.getByText('Only the service may still have such a picture').waitFor();
  await panel.page.close();
});

test.each([
  ['found nothing', 'nothing is known to have been bought'],
  ['found no addresses', 'not where their pictures are: 3'],
  ['reading the list', 'Reading what the account has paid for'],
  ['fetching pictures', 'Reading what the account has paid for'],
  ['failed', 'No API key is set.'],
] as const)('%s is said to everybody, and can be put away', async (name, words) => {
  const panel = await shown(name);
  await panel.page.getByRole('status').filter({ hasText: words }).waitFor();
  // Each picture that is fetched is not news.
  if (name === 'fetching pictures') await panel.page.getByText('Fetching pictures to look at, 3 of 12').waitFor();
  await panel.page.getByRole('button', { name: /^(Close|Stop Looking)$/ }).click();
  expect(await panel.page.evaluate(() => document.activeElement?.tagName)).toBe('ARTICLE');
  expect(await panel.sentOf('endLooking')).toEqual([{ type: 'endLooking', jobId: lookings[name]?.id }]);
  await panel.page.close();
});

test('a panel that cannot load its second part says so, and the pictures come when it can', async () => {
  let isCut = true;
  const panel = await Panel.open(browser, built, {
    before: (page) => page.route('**/panel-later.js*', (route) => (isCut ? route.abort() : route.fallback())),
  });
  await panel.show(snapshot({ jobs: [lookings['found']!] }));
  const again = panel.page.getByRole('button', { name: 'Try Again' });
  await again.waitFor();
  isCut = false;
  await again.click();
  await panel.page.getByRole('figure', { name: 'Found picture 1 of 3' }).waitFor();
  await panel.page.close();
});
