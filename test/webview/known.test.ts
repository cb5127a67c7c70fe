import type { Browser } from '@playwright/test';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { PanelMessage, type Snapshot } from '../../src/core/messages.ts';
import { request, snapshot, source } from './fixtures.ts';
import { type BuiltPanel, buildPanel, openBrowser, Panel } from './page.ts';

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

const dearer = { 'wan2.7-image-pro': 90, 'wan2.7-image': 40 };
const generate = () => panel.page.getByRole('button', { name: /^(Generate|Edit) ·/ });

async function open(changes: Partial<Snapshot>): Promise<void> {
  panel = await Panel.open(browser, built, { height: 1000 });
  await panel.show(snapshot({ sources: [source('photo', 'docs/photo.jpg')], ...changes }));
}

test('the prices that are known of the service stand on the cards and the button, and go with the run', async () => {
  const draft = { draftId: 'host', request: request({ prompt: 'a fox', count: 3 }) };
  await open({ draft, known: { prices: dearer, refusesInline: false } });
  expect(await generate().textContent()).toBe('Generate · up to $0.27');
  expect(await panel.page.locator('.card .numbers').allTextContents()).toEqual(['$0.09 a picture', '$0.04 a picture']);
  await generate().click();
  expect((await panel.sentOf('run')).at(-1)?.highestPrice).toBe(270);
});

test('where the service refuses images that are sent along, a file blocks the run and says the ways on', async () => {
  const inputs = [{ id: 'photo', name: 'docs/photo.jpg', boxes: [] }];
  const draft = { draftId: 'host', request: request({ prompt: 'a fox', inputs, thinking: false }) };
  const known = { prices: dearer, refusesInline: true };
  await open({ draft, known });
  const problem = panel.page.locator('.problem-error', { hasText: 'docs/photo.jpg would be sent as data' });
  await problem.first().waitFor();
  expect(await generate().getAttribute('aria-disabled')).toBe('true');
  await problem.first().getByRole('button', { name: 'Check Service' }).click();
  expect((await panel.sentOf('action')).map(({ action }) => action)).toEqual(['check-service']);
});

test('an image by its address does not mind', async () => {
  const inputs = [{ id: 'web', name: 'photo.jpg', boxes: [], url: 'https://pictures.example.org/photo.jpg' }];
  const draft = { draftId: 'host', request: request({ prompt: 'a fox', inputs, thinking: false }) };
  await open({ draft, known: { prices: dearer, refusesInline: true } });
  expect(await panel.page.locator('.problem-error').count()).toBe(0);
  expect(await generate().getAttribute('aria-disabled')).toBe('false');
});
