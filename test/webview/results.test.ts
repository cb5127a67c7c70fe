import type { Browser, Locator } from '@playwright/test';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type JobView, PanelMessage, type Snapshot } from '../../src/core/messages.ts';
import { job, phases, request, result, snapshot } from './fixtures.ts';
import { type BuiltPanel, buildPanel, openBrowser, Panel, type PanelOptions } from './page.ts';

let browser: Browser;
let built: BuiltPanel;
beforeAll(async () => {
  [browser, built] = await Promise.all([openBrowser(), buildPanel()]);
});
afterAll(() => browser.close());

let panel: Panel;
afterEach(async () => {
  for (const message of await panel.sent()) expect(PanelMessage.safeParse(message).error).toBeUndefined();
  expect(panel.complaints).toEqual([]);
  await panel.page.close();
});

async function open(changes: Partial<Snapshot>, options: PanelOptions = {}): Promise<void> {
  panel = await Panel.open(browser, built, options);
  await panel.show(snapshot(changes));
  await panel.whole();
}

const button = (name: string | RegExp): Locator =>
  panel.page.getByRole('button', { name, exact: typeof name === 'string' });
const done = { state: 'done' as const, missing: 0, endedAt: 0, cancelled: false };

describe('again', () => {
  const made = job('made', done, { results: [result('made-0')] });
  const same = (): Locator => button(/^Again, Same Seed/);
  const fresh = (): Locator => button(/^Again, New Seed/);

  test.each([
    ['exactly one', {}, '$0.075'],
    ['up to three', { count: 3 }, 'up to $0.225'],
    ['a set', { imageSet: true, setMaxImages: 12 }, 'up to $0.90'],
  ])('each button says what it costs: %s', async (_, changes, price) => {
    await open({ jobs: [job('made', done, { request: request({ seed: 5, ...changes }) })] });
    expect(await same().textContent()).toBe(`Again, Same Seed · ${price}`);
    expect(await fresh().textContent()).toBe(`Again, New Seed · ${price}`);
  });

  test('the price is that of the service, and what is sent is what was shown', async () => {
    await open({
      jobs: [made],
      known: { prices: { 'wan2.7-image-pro': 90, 'wan2.7-image': 40 }, refusesInline: false },
    });
    expect(await same().textContent()).toContain('$0.09');
    await fresh().click();
    expect(await panel.sentOf('again')).toMatchObject([{ jobId: 'made', seed: 'new', highestPrice: 90 }]);
  });

  test('in practice it is free', async () => {
    await open({ jobs: [made], service: { mode: 'practice', name: 'practice' }, key: 'not-needed' });
    expect(await same().textContent()).toBe('Again, Same Seed · free');
  });

  test('pressed twice it is one draft, also when the job is there already; a later press is a new one', async () => {
    await open({ jobs: [made] });
    await same().dblclick();
    const [one, two] = await panel.sentOf('again');
    expect(two).toEqual(one);
    const { draftId = '' } = one ?? {};
    await panel.show(snapshot({ revision: 2, jobs: [job('next', { state: 'sending' }, { draftId }), made] }));
    const pressQuickly = panel.page.evaluate(() =>
      [...document.querySelectorAll('button')].find(({ textContent }) => textContent.includes('Same Seed'))?.click(),
    );
    await pressQuickly;
    const quick = (await panel.sentOf('again')).at(-1)?.draftId;
    await panel.page.waitForTimeout(1100);
    await same().press('Enter');
    const later = (await panel.sentOf('again')).at(-1)?.draftId;
    await fresh().press('Enter');
    const other = (await panel.sentOf('again')).at(-1)?.draftId;
    expect(new Set([draftId, later, other]).size).toBe(3);
    // On a slow machine the press may come after the rest.
    expect([draftId, later]).not.toContain(undefined);
    expect(quick).toBeDefined();
  });

  test('a request that was refused keeps its draft: nothing was made of it', async () => {
    await open({ jobs: [made] });
    await same().click();
    await panel.page.waitForTimeout(1100);
    await same().click();
    const [one, two] = await panel.sentOf('again');
    expect(two?.draftId).toBe(one?.draftId);
  });

  test('without a known seed the same one is not offered, which is said; of a damaged job nothing is', async () => {
    const { seed: _, ...unseeded } = request();
    await open({ jobs: [job('unseeded', done, { request: unseeded })] });
    expect(await same().count()).toBe(0);
    await panel.page.getByText('Its seed is not known').waitFor();
    await panel.show(snapshot({ revision: 2, jobs: [job('damaged', done, { request: { ...unseeded, prompt: '' } })] }));
    expect(await fresh().count()).toBe(0);
  });
});

describe('a set', () => {
  const set = phases['done with a set of which one is missing']!;
  const heads = (): Promise<string[]> => panel.page.locator('.slot-name').allTextContents();
  const inSlot = (name: string): Locator => panel.page.getByRole('figure', { name });
  /** As the host would answer: the picture in its new slot. */
  const moved = (slots: readonly number[]): JobView => ({
    ...set,
    results: set.results.map((one, at) => ({ ...one, slot: slots[at] ?? 0 })),
  });

  test('each picture is in its slot under its name, and what did not come keeps its place', async () => {
    await open({ jobs: [set] });
    expect(await heads()).toEqual(set.request.setLines);
    const missing = panel.page.locator('[data-slot="1"]');
    expect(await missing.textContent()).toBe('The robot reads a mapDid not come');
    const src = await inSlot('The robot sleeps under a lamp').getByRole('img').getAttribute('src');
    expect(src).toContain('robot-2');
    expect(await inSlot('The robot sleeps under a lamp').getByRole('img').getAttribute('alt')).toMatch(
      /The robot sleeps under a lamp$/,
    );
  });

  test('by drag: onto another picture and onto an empty place, and nowhere else', async () => {
    const other = { ...set, id: 'other', results: set.results.map((one) => ({ ...one, id: `other-${one.id}` })) };
    // All in sight: what scrolls between press and drag would drag something else.
    await open({ jobs: [set, other] }, { height: 3000 });
    const cards = panel.page.getByRole('article');
    const clock = cards.first().getByRole('figure', { name: 'The robot repairs a clock' });
    await clock.getByRole('img').dragTo(cards.first().getByRole('figure', { name: 'The robot sleeps under a lamp' }));
    await clock.locator('figcaption').dragTo(cards.first().locator('[data-slot="1"]'));
    await clock.locator('figcaption').dragTo(cards.last().locator('[data-slot="1"]'));
    await clock.locator('figcaption').dragTo(panel.page.locator('#field-prompt'));
    expect(await panel.sentOf('moveToSlot')).toEqual([
      { type: 'moveToSlot', resultId: 'robot-3', slot: 3 },
      { type: 'moveToSlot', resultId: 'robot-3', slot: 1 },
    ]);
    expect(await panel.sentOf('dropSources')).toEqual([]);
    expect(await panel.page.locator('[data-over]').count()).toBe(0);
  });

  test('by keyboard: to the slot beside it; the keyboard stays with the picture, and its place is said', async () => {
    await open({ jobs: [set] });
    const clock = inSlot('The robot repairs a clock');
    // Before the first there is no slot that could be named.
    expect(await inSlot('The robot waves hello').locator('.slot-left').isDisabled()).toBe(true);
    expect(
      await inSlot('The robot waves hello')
        .getByRole('button', { name: /^Move to/ })
        .count(),
    ).toBe(1);
    await clock.getByRole('button', { name: 'Move to The robot sleeps under a lamp' }).press('Enter');
    expect(await panel.sentOf('moveToSlot')).toEqual([{ type: 'moveToSlot', resultId: 'robot-3', slot: 3 }]);
    await panel.show(snapshot({ revision: 2, jobs: [moved([0, 2, 3])] }));
    const said = panel.page.locator('main > .only-spoken[role=status]');
    await expect.poll(() => said.textContent()).toBe('The picture is now The robot sleeps under a lamp.');
    // It has reached the end, so the button that goes on is the other one.
    expect(await panel.page.evaluate(() => document.activeElement?.id)).toBe('slot-left-robot-3');
  });

  test('by a list: to any slot', async () => {
    await open({ jobs: [set] });
    const clock = inSlot('The robot repairs a clock');
    await clock.getByRole('button', { name: 'More' }).press('Enter');
    const list = clock.getByRole('combobox', { name: 'Move To…' });
    expect(await list.locator('option').allTextContents()).toEqual([
      'Move To…',
      'The robot waves hello',
      'The robot reads a map',
      'The robot sleeps under a lamp',
    ]);
    await list.selectOption('The robot waves hello');
    expect(await panel.sentOf('moveToSlot')).toEqual([{ type: 'moveToSlot', resultId: 'robot-3', slot: 0 }]);
    await panel.show(snapshot({ revision: 2, jobs: [moved([2, 3, 0])] }));
    await expect.poll(() => panel.page.evaluate(() => document.activeElement?.id)).toBe('slot-swap-robot-3');
  });

  test('a set without lines has no names, and nothing to move', async () => {
    await open({ jobs: [{ ...set, request: { ...set.request, setLines: [] } }] });
    expect(await heads()).toEqual([]);
    expect(await button(/^Move to/).count()).toBe(0);
  });
});

describe('copying', () => {
  const shown = { jobs: [job('one', done, { results: [result('one-0', { width: 300, height: 200 })] })] };

  test('puts the picture into the clipboard, and says so', async () => {
    await open(shown);
    await panel.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await button('More').press('Enter');
    await button('Copy Image').press('Enter');
    await panel.page.getByText('The image is in the clipboard.').waitFor();
    const size = await panel.page.evaluate(async () => {
      const [item] = await navigator.clipboard.read();
      const { width, height } = await createImageBitmap(await item!.getType('image/png'));
      return [width, height];
    });
    expect(size).toEqual([300, 200]);
  });

  test.each(['button', 'key'])(
    'for documents gives them the picture by its id, and the path of its file to others: %s',
    async (way) => {
      const saved = result('one-1', { savedAs: 'images/a fox.png' });
      await open({ jobs: [job('one', done, { results: [result('one-0'), saved] })] });
      await panel.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      const figure = panel.page.locator('[data-result="one-1"]');
      if (way === 'button') {
        await figure.getByRole('button', { name: 'More' }).press('Enter');
        await figure.getByRole('button', { name: 'Copy for Documents' }).press('Enter');
      } else {
        await figure.getByRole('button', { name: 'More' }).focus();
        await panel.page.keyboard.press('ControlOrMeta+c');
      }
      await figure.getByText('Copied. Paste it into a document').waitFor();
      const pasted = panel.page.evaluate(
        () =>
          new Promise((resolve) =>
            document.addEventListener(
              'paste',
              ({ clipboardData: data }) =>
                resolve(
                  data && [data.getData('application/vnd.wan-image-studio.pictures'), data.getData('text/plain')],
                ),
              { capture: true, once: true },
            ),
          ),
      );
      await panel.page.keyboard.press('ControlOrMeta+v');
      expect(await pasted).toEqual(['one-1', 'images/a fox.png']);
    },
  );

  test('text that is chosen is copied as text, also beside a picture', async () => {
    await open(shown);
    await panel.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const prompt = panel.page.locator('#field-prompt');
    await prompt.fill('A fox');
    await prompt.selectText();
    await panel.page.keyboard.press('ControlOrMeta+c');
    expect(await panel.page.evaluate(() => navigator.clipboard.readText())).toBe('A fox');
    expect(await panel.page.getByText('Copied. Paste it').count()).toBe(0);
  });

  test('where the clipboard does not take it the next step is said', async () => {
    await open(shown);
    await panel.page.evaluate(() => {
      navigator.clipboard.write = () => Promise.reject(new DOMException('not allowed', 'NotAllowedError'));
    });
    await button('More').press('Enter');
    await button('Copy Image').press('Enter');
    await panel.page.getByText('The image could not be copied.').waitFor();
  });
});

test.each([320, 860, 1280])('nothing jumps when the second part comes: a set and an edit, %i px', async (width) => {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  panel = await Panel.open(browser, built, {
    width,
    before: (page) =>
      page.route('**/panel-later.*', async (route) => {
        await released;
        await route.fallback();
      }),
  });
  const jobs = [phases['done with a set of which one is missing']!, phases['done with an edit']!];
  await panel.show(snapshot({ jobs, insertTarget: 'guide.md' }));
  const places = (): Promise<unknown> =>
    panel.page.evaluate(() =>
      [...document.querySelectorAll('.job, .picture, .picture img, .picture > .row, footer')].map((element) => {
        const { x, y, width: across, height } = element.getBoundingClientRect();
        return [element.className, ...[x, y, across, height].map(Math.round)];
      }),
    );
  const awaited = await places();
  release();
  await panel.whole();
  await panel.page.locator('.slot-buttons').first().waitFor();
  expect(await places()).toEqual(awaited);
});

test('a panel that cannot load its second part says so beside the jobs', async () => {
  panel = await Panel.open(browser, built, {
    before: (page) => page.route('**/panel-later.js*', (route) => route.abort()),
  });
  await panel.show(snapshot({ jobs: [job('one', done, { results: [result('one-0')] })] }));
  await button('Try Again').waitFor();
  panel.complaints.length = 0;
});
