import type { Browser, Locator } from '@playwright/test';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { HistoryView } from '../../src/core/history.ts';
import { everything } from '../../src/core/historyQuery.ts';
import type { PanelMessage, Snapshot } from '../../src/core/messages.ts';
import { job, request, result, snapshot, source } from './fixtures.ts';
import { historyOf as view } from './historyFixtures.ts';
import { type BuiltPanel, buildPanel, openBrowser, Panel, type PanelOptions } from './page.ts';

let browser: Browser;
let built: BuiltPanel;
beforeAll(async () => {
  [browser, built] = await Promise.all([openBrowser(), buildPanel()]);
});
afterAll(() => browser.close());

let panel: Panel;
afterEach(async () => {
  expect(panel.complaints).toEqual([]);
  await panel.page.close();
});

let revision = 1;
const shown = (history: HistoryView | undefined, more: Partial<Snapshot> = {}): Snapshot =>
  snapshot({ revision: revision++, ...(history && { history }), ...more });

async function open(history: HistoryView | undefined, options: PanelOptions = {}, more: Partial<Snapshot> = {}) {
  panel = await Panel.open(browser, built, options);
  await panel.show(shown(history, more));
  if (history) await panel.page.locator('.history').waitFor();
}

const button = (name: string | RegExp): Locator => panel.page.getByRole('button', { name });
const cell = (place: number): Locator => panel.page.locator(`#history-cell-${place}`);
const focused = (): Promise<string | undefined> => panel.page.evaluate(() => document.activeElement?.id);
const last = async <Type extends PanelMessage['type']>(type: Type) => (await panel.sentOf(type)).at(-1);

/** Answers what the panel asks for, as a host with so many entries, until nothing more is reserved. */
async function answer(total: number): Promise<void> {
  await expect
    .poll(async () => {
      const asked = await last('history');
      if (asked) await panel.show(shown(view(total, asked.from, asked.count, { query: asked.query })));
      return panel.page.locator('.entry[aria-busy=true]').count();
    })
    .toBe(0);
}

test('a button in the head of the results opens it, and the keyboard goes along and back', async () => {
  await open(
    undefined,
    {},
    { jobs: [job('one', { state: 'failed', kind: 'busy', sentence: 'Busy.', actions: [], endedAt: 1 })] },
  );
  await button('History').click();
  expect(await last('history')).toEqual({ type: 'history', query: everything, from: 0, count: 60 });
  await panel.show(shown(view(40)));
  await expect.poll(focused).toBe('history-search');
  await button('Back to Pictures').click();
  expect(await panel.sentOf('closeHistory')).toHaveLength(1);
  await panel.show(shown(undefined));
  await expect.poll(() => panel.page.evaluate(() => document.activeElement?.textContent)).toBe('History');
});

describe('ten thousand entries', () => {
  test('are a few dozen elements, and what is scrolled to is asked for', async () => {
    await open(view(10_000));
    await cell(0).waitFor();
    expect(await panel.page.getByRole('grid').getAttribute('aria-rowcount')).toMatch(/^\d{4}$/);
    expect(await panel.page.getByRole('gridcell').count()).toBeLessThan(120);
    const columns = Number(await panel.page.getByRole('grid').getAttribute('aria-colcount'));
    await panel.page.locator('#results-scroll').evaluate((element) => element.scrollTo(0, element.scrollHeight / 2));
    await expect.poll(async () => (await last('history'))?.from).toBeGreaterThan(4_000);
    const asked = (await last('history'))!;
    expect(asked.from % columns).toBe(0);
    expect(asked.count).toBeLessThanOrEqual(200);
    // Reserved until it comes.
    expect(await panel.page.locator('.entry[aria-busy=true]').count()).toBeGreaterThan(10);
    await answer(10_000);
    expect(await panel.page.locator('.entry[aria-busy=true]').count()).toBe(0);
    expect(await panel.page.getByRole('gridcell').count()).toBeLessThan(120);
  });

  test('can be gone through with the keyboard alone', async () => {
    await open(view(10_000));
    const columns = Number(await panel.page.getByRole('grid').getAttribute('aria-colcount'));
    await cell(0).focus();
    const press = (key: string): Promise<void> => panel.page.keyboard.press(key);
    await press('ArrowRight');
    expect(await focused()).toBe('history-cell-1');
    await press('ArrowDown');
    expect(await focused()).toBe(`history-cell-${columns + 1}`);
    await press('Home');
    expect(await focused()).toBe(`history-cell-${columns}`);
    await press('Control+End');
    expect(await focused()).toBe('history-cell-9999');
    await answer(10_000);
    expect(await cell(9999).textContent()).toContain('9999');
    expect(
      await cell(9999)
        .boundingBox()
        .then((box) => box && box.y >= 0 && box.y < 900),
    ).toBe(true);
    await press('ArrowRight');
    expect(await focused()).toBe('history-cell-9999');
    await press('PageUp');
    expect(Number((await focused())?.split('-').at(-1))).toBeLessThan(9999 - columns);
    await press('Control+Home');
    await press('ArrowLeft');
    expect(await focused()).toBe('history-cell-0');
    // One of them is in the order of Tab.
    expect(await panel.page.locator('.entry[tabindex="0"]').count()).toBe(1);
  });
});

test('what is written is asked for when it rests, and nothing old is shown for it', async () => {
  await open(view(500));
  await panel.page.getByLabel('Search the history').fill('löwe');
  expect(await panel.page.locator('.entry[aria-busy=true]').count()).toBeGreaterThan(0);
  await expect.poll(() => last('history')).toMatchObject({ query: { text: 'löwe' }, from: 0 });
  // An answer to what was asked before does not count.
  await panel.show(shown(view(500)));
  expect(await panel.page.locator('.entry[aria-busy=false]').count()).toBe(0);
  await panel.show(shown(view(2, 0, 60, { query: { ...everything, text: 'löwe' }, all: 500 })));
  expect(await panel.page.locator('.history-facts').textContent()).toContain('2 of 500 requests');
  await button('Favourites').click();
  await expect.poll(() => last('history')).toMatchObject({ query: { text: 'löwe', favourites: true } });
  await panel.show(shown(view(0, 0, 60, { query: { ...everything, text: 'löwe', favourites: true }, all: 500 })));
  expect(await panel.page.locator('.history-nothing').textContent()).toContain('Use fewer of them.');
  await button('Show All Requests').click();
  await expect.poll(() => last('history')).toMatchObject({ query: everything });
});

test('only what was not saved, and one kind, can be asked for', async () => {
  await open(view(500));
  await button('Not Saved').click();
  await panel.page.getByLabel('What was made').selectOption({ label: 'Edits' });
  await expect.poll(() => last('history')).toMatchObject({ query: { unsaved: true, kind: 'edit' } });
});

test('a star comes and goes by the mouse and by a key', async () => {
  await open(view(40));
  await cell(0).hover();
  await cell(0).locator('.entry-star').click();
  expect(await last('markFavourite')).toEqual({ type: 'markFavourite', jobId: 'entry-0', isFavourite: true });
  // It does not open the entry.
  expect(await panel.sentOf('showEntry')).toEqual([]);
  await cell(1).focus();
  await panel.page.keyboard.press('s');
  expect(await last('markFavourite')).toEqual({ type: 'markFavourite', jobId: 'entry-1', isFavourite: false });
});

test('several are chosen by Shift and Ctrl, by mouse and by key, and deleted', async () => {
  await open(view(40));
  await cell(1).click({ modifiers: ['Control'] });
  await cell(4).click({ modifiers: ['Shift'] });
  expect(await panel.page.locator('.entry[aria-selected=true]').count()).toBe(4);
  await cell(2).click({ modifiers: ['Control'] });
  expect(await panel.page.getByText('3 chosen').first().isVisible()).toBe(true);
  await panel.page.keyboard.press('Escape');
  expect(await panel.page.locator('.entry[aria-selected=true]').count()).toBe(0);
  await cell(0).focus();
  await panel.page.keyboard.press('Space');
  await panel.page.keyboard.press('Shift+ArrowRight');
  await panel.page.keyboard.press('Shift+ArrowRight');
  await panel.page.keyboard.press('Delete');
  expect(await last('deleteEntries')).toEqual({ type: 'deleteEntries', jobIds: ['entry-0', 'entry-1', 'entry-2'] });
  await panel.show(shown(view(37, 0, 60, { deleted: 3 })));
  expect(await panel.page.getByText('3 requests were deleted.').isVisible()).toBe(true);
  expect(await focused()).toMatch(/^history-cell-/);
  await button('Bring Back').click();
  expect(await panel.sentOf('undoDelete')).toHaveLength(1);
});

test('a key chooses all that were in sight, and nothing that the search does not find', async () => {
  await open(view(40));
  await cell(3).focus();
  await panel.page.keyboard.press('Control+a');
  expect(await panel.page.getByText('40 chosen').first().isVisible()).toBe(true);
  await panel.page.getByLabel('Search the history').fill('fox');
  await expect.poll(() => last('history')).toMatchObject({ query: { text: 'fox' } });
  await panel.show(shown(view(5, 0, 60, { query: { ...everything, text: 'fox' }, all: 40 })));
  // In the field it means the words, as everywhere.
  await panel.page.keyboard.press('Control+a');
  expect(await panel.page.locator('.entry[aria-selected=true]').count()).toBe(0);
  await cell(0).focus();
  await panel.page.keyboard.press('Control+a');
  await panel.page.keyboard.press('Delete');
  const deleted = (await last('deleteEntries'))?.jobIds ?? [];
  expect(deleted.toSorted()).toEqual(['entry-0', 'entry-1', 'entry-2', 'entry-3', 'entry-4']);
});

test('the last entry can be deleted without losing the keyboard', async () => {
  await open(view(1));
  await cell(0).focus();
  await panel.page.keyboard.press('Delete');
  await panel.show(shown(view(0, 0, 60, { deleted: 1 })));
  await expect.poll(() => panel.page.evaluate(() => document.activeElement?.className)).toContain('history-nothing');
});

test('an entry is opened whole, opened again in the form, and the gallery is where it was', async () => {
  await open(view(40));
  await cell(3).focus();
  await panel.page.keyboard.press('Enter');
  expect(await last('showEntry')).toEqual({ type: 'showEntry', jobId: 'entry-3' });
  const done = { state: 'done', missing: 0, endedAt: 1, cancelled: false } as const;
  await panel.show(shown(view(40), { opened: job('entry-3', done, { results: [result('entry-3-0')] }) }));
  await panel.page.getByRole('article').waitFor();
  await expect.poll(() => panel.page.evaluate(() => document.activeElement?.className)).toContain('history-opened');
  await button('Open Again').click();
  expect(await last('reopen')).toEqual({ type: 'reopen', jobId: 'entry-3' });
  await button('Back to the History').click();
  expect(await panel.sentOf('closeEntry')).toHaveLength(1);
  await panel.show(shown(view(40)));
  await expect.poll(focused).toBe('history-cell-3');
});

test('room that is used up is said, with the way to make some', async () => {
  await open(view(40, 0, 60, { storage: { used: 6_000_000_000, limit: 5_368_709_120 }, isWhole: false }));
  const facts = panel.page.locator('.history');
  expect(await facts.textContent()).toContain('Uses 5.6 GB of 5 GB');
  expect(await facts.textContent()).toContain('more than the storage limit');
  expect(await facts.textContent()).toContain('still being read');
  await button('Clean Up…').click();
  expect(await panel.sentOf('cleanUp')).toHaveLength(1);
});

test('a picture that is not what was sent says so beside it, with the ways on', async () => {
  const former = {
    sentence: 'docs/photo.jpg has changed since this was made. Shown here is the copy that was sent.',
    canUseFile: true,
  };
  const draft = {
    draftId: 'reopened',
    request: request({ inputs: [{ id: 'photo', name: 'docs/photo.jpg', boxes: [] }] }),
  };
  await open(undefined, {}, { draft, sources: [{ ...source('photo', 'docs/photo.jpg'), former }] });
  await panel.page.getByText('has changed since this was made').waitFor();
  await button('Use the Changed File').click();
  await button('Choose Another…').click();
  expect(await panel.sentOf('swapInput')).toEqual([
    { type: 'swapInput', inputId: 'photo', by: 'file' },
    { type: 'swapInput', inputId: 'photo', by: 'choice' },
  ]);
});

test('a job of files is opened again by the host, which knows what has become of them', async () => {
  const edit = request({ inputs: [{ id: 'photo', name: 'docs/photo.jpg', boxes: [] }] });
  const done = { state: 'done', missing: 0, endedAt: 1, cancelled: false } as const;
  await open(undefined, {}, { jobs: [job('edit', done, { request: edit })] });
  await button('Edit and Run Again').click();
  expect(await panel.sentOf('reopen')).toEqual([{ type: 'reopen', jobId: 'edit' }]);
});
