import type { Browser, Locator } from '@playwright/test';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { PanelMessage, type Snapshot } from '../../src/core/messages.ts';
import type { Box, ImageRequest, InputImage } from '../../src/core/request.ts';
import { failures, request, snapshot, source } from './fixtures.ts';
import { type BuiltPanel, buildPanel, openBrowser, Panel, type PanelOptions } from './page.ts';

let browser: Browser;
let built: BuiltPanel;
beforeAll(async () => {
  [browser, built] = await Promise.all([openBrowser(), buildPanel()]);
});
afterAll(() => browser.close());

let panel: Panel;
let mayComplain = false;
afterEach(async () => {
  for (const message of await panel.sent()) expect(PanelMessage.safeParse(message).error).toBeUndefined();
  if (!mayComplain) expect(panel.complaints).toEqual([]);
  mayComplain = false;
  await panel.page.close();
});

const photo = source('photo', 'docs/photo.jpg');
const sky = source('sky', 'docs/sky.jpg');
const input = (id: string, boxes: readonly Box[] = []): InputImage => ({ id, name: `${id}.jpg`, boxes: [...boxes] });
const box = { x1: 10, y1: 20, x2: 300, y2: 400 };

async function open(changes: Partial<ImageRequest> = {}, more: Partial<Snapshot> = {}, options: PanelOptions = {}) {
  panel = await Panel.open(browser, built, { height: 1000, ...options });
  const draft = { draftId: 'host', request: request(changes) };
  await panel.show(snapshot({ sources: [photo, sky], draft, ...more }));
  if (draft.request.inputs.length > 0) await panel.page.locator('.stage-scale, .stage-instead').first().waitFor();
}

const button = (name: string | RegExp): Locator => panel.page.getByRole('button', { name });
const address = (): Locator => panel.page.getByLabel('Public https address of the image');
const active = (): Promise<string | undefined> => panel.page.evaluate(() => document.activeElement?.id);
const press = async (...keys: string[]): Promise<void> => {
  for (const key of keys) await panel.page.keyboard.press(key);
};
async function drafted(): Promise<ImageRequest> {
  await panel.page.waitForTimeout(450);
  return (await panel.sentOf('draft')).at(-1)?.request as ImageRequest;
}

describe('a picture by its address', () => {
  test('is added by keyboard alone, and takes the largest size away', async () => {
    await open({ resolution: '4K' });
    await button('Add by Address…').focus();
    await press('Enter');
    await expect.poll(active).toBe('field-address');
    await panel.page.keyboard.type('  https://pictures.example.org/a%20b/kite.png?v=2 ');
    await press('Enter');
    const { inputs, resolution } = await drafted();
    expect(inputs).toEqual([
      {
        id: expect.stringMatching(/^address-/),
        name: 'kite.png',
        url: 'https://pictures.example.org/a%20b/kite.png?v=2',
        boxes: [],
      },
    ]);
    expect(resolution).toBe('2K');
    expect(await active()).toBe(`input-${inputs[0]!.id}`);
    expect(await address().count()).toBe(0);
    expect(await panel.page.locator('.input').textContent()).toContain(
      'pictures.example.org/a%20b/kite.png · whole image',
    );
    expect(await button(/^Edit ·/).getAttribute('aria-disabled')).toBe('false');
  });

  test('is not taken when it is none, or none that the service could fetch', async () => {
    const wrong: readonly (readonly [string, string])[] = [
      ['', 'begins with https://'],
      ['kite.png', 'begins with https://'],
      ['file:///etc/passwd', 'begins with https://'],
      ['javascript:alert(1)', 'begins with https://'],
      ['data:image/png;base64,AAAA', 'begins with https://'],
      ['http://localhost/kite.png', 'private network'],
      ['https://169.254.169.254/latest', 'private network'],
      ['https://me:secret@example.org/kite.png', 'user name or password'],
    ];
    await open();
    for (const [written, reason] of wrong) {
      await button('Add by Address…').click();
      await address().fill(written);
      expect(await address().getAttribute('aria-invalid'), written).toBe('false');
      await button('Add the Image').click();
      expect(await panel.page.locator('#address-problem').textContent(), written).toContain(reason);
      expect(await address().getAttribute('aria-invalid'), written).toBe('true');
      await expect.poll(active, { message: written }).toBe('field-address');
      await press('Control+a', 'x');
      expect(await panel.page.locator('#address-problem').textContent(), written).toBe('');
      await press('Escape');
      await expect.poll(active, { message: written }).toBe('write-address-new');
    }
    expect(await panel.sentOf('draft')).toEqual([]);
  });

  test('is not added where there are nine', async () => {
    await open({ inputs: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'].map((id) => input(id)) });
    await button('Add by Address…').click({ force: true });
    await panel.page.waitForTimeout(100);
    expect(await address().count()).toBe(0);
    expect(await panel.page.locator('#hint-inputs').textContent()).toContain('up to 9 images');
  });

  test('takes the place of a file with its boxes, is changed, and gives the place back', async () => {
    await open({ inputs: [input('photo', [box]), input('sky')] });
    await button('Use a public address instead of the file photo.jpg').click();
    await address().fill('https://example.org/photo.jpg');
    await button('Use This Address').click();
    const swapped = { ...input('photo', [box]), url: 'https://example.org/photo.jpg' };
    expect((await drafted()).inputs).toEqual([swapped, input('sky')]);
    await expect.poll(active).toBe('input-photo');
    expect(await panel.page.locator('.input').first().textContent()).toContain('could not be checked');
    await button('Change the address of photo.jpg').click();
    expect(await address().inputValue()).toBe('https://example.org/photo.jpg');
    await address().fill('https://example.org/other.jpg');
    await press('Enter');
    expect((await drafted()).inputs[0]?.url).toBe('https://example.org/other.jpg');
    await button('Change the address of photo.jpg').press('Enter');
    await button('Use the File Again').press('Enter');
    expect((await drafted()).inputs).toEqual([input('photo', [box]), input('sky')]);
    await expect.poll(active).toBe('input-photo');
  });

  test('is no longer asked for when its button is pressed again', async () => {
    await open({ inputs: [input('photo')] });
    const swap = button('Use a public address instead of the file photo.jpg');
    expect(await swap.getAttribute('aria-expanded')).toBe('false');
    await swap.press('Enter');
    await expect.poll(active).toBe('field-inputs-0-url');
    expect(await swap.getAttribute('aria-expanded')).toBe('true');
    await swap.click();
    expect(await address().count()).toBe(0);
    await expect.poll(active).toBe('write-address-photo');
  });

  test('leaves nothing behind when it is removed while its address is being written', async () => {
    await open({ inputs: [input('photo'), input('sky')] });
    await button('Use a public address instead of the file sky.jpg').click();
    await button('Remove sky.jpg').click();
    expect(await address().count()).toBe(0);
    await button('Add by Address…').click();
    expect(await address().inputValue()).toBe('');
    expect((await drafted()).inputs).toEqual([input('photo')]);
  });

  test('has boxes by numbers alone, as far out as they are typed', async () => {
    const url = 'https://example.org/kite.png';
    await open({ inputs: [{ id: 'address-1', name: 'kite.png', url, boxes: [] }] });
    expect(await panel.page.locator('.stage-viewport').textContent()).toContain('cannot be shown here');
    await button('New Box').click();
    await expect.poll(active).toBe('field-inputs-0-boxes-0-label');
    expect((await drafted()).inputs[0]?.boxes).toEqual([{ x1: 0, y1: 0, x2: 240, y2: 240 }]);
    await panel.page.getByLabel('x2').fill('7900');
    await panel.page.getByLabel('x1').fill('7000');
    expect((await drafted()).inputs[0]?.boxes).toEqual([{ x1: 7000, y1: 0, x2: 7900, y2: 240 }]);
    await panel.page.locator('.stage-viewport').focus();
    await press('+', '1', '0', 'ArrowLeft', 'b');
    expect((await drafted()).inputs[0]?.boxes.length).toBe(2);
    await button('Delete box 1').click();
    expect((await drafted()).inputs[0]?.boxes).toEqual([{ x1: 0, y1: 0, x2: 240, y2: 240 }]);
  });

  test('its place is accessible and fits, in every theme', async () => {
    await open({ inputs: [{ ...input('photo', [box]), url: 'https://example.org/photo.jpg' }, input('sky')] });
    await button('Change the address of photo.jpg').click();
    await address().fill('nowhere');
    await press('Enter');
    for (const theme of ['light', 'dark', 'hc-dark', 'hc-light']) {
      await panel.setTheme(theme);
      expect(await panel.violations(), theme).toEqual([]);
    }
    for (const width of [320, 860, 1280]) {
      await panel.page.setViewportSize({ width, height: 900 });
      expect(await panel.tooWide(), `${width} px`).toEqual([]);
    }
  });

  test('cannot be written while the editor cannot be loaded, which is said', async () => {
    let isMissing = true;
    const before: PanelOptions['before'] = (page) =>
      page.route('**/panel-later.js', (route) => (isMissing ? route.abort() : route.fallback()));
    await open({}, {}, { before });
    mayComplain = true;
    await button('Add by Address…').click();
    await panel.page.getByText('could not be loaded').waitFor();
    isMissing = false;
    await button('Add by Address…').click();
    await expect.poll(active).toBe('field-address');
    expect(await panel.page.getByText('could not be loaded').count()).toBe(0);
  });
});

test('where the service takes no image inside a request, the way out is an address', async () => {
  await open({}, { jobs: [failures['inline-image-refused']!] });
  expect(await panel.page.locator('.failure').textContent()).toContain('public https address');
  await button('Send Smaller Images').waitFor();
  await button('Use Public Addresses').press('Enter');
  await expect.poll(active).toBe('field-inputs-0-url');
  await panel.page.keyboard.type('https://example.org/photo');
  // Pressed once more it leads there again, and nothing is lost.
  await button('Use Public Addresses').press('Enter');
  await expect.poll(active).toBe('field-inputs-0-url');
  await press('End');
  await panel.page.keyboard.type('.jpg');
  await press('Enter');
  expect((await drafted()).inputs).toMatchObject([{ id: 'photo', url: 'https://example.org/photo.jpg' }]);
});

test('boxes, labels and addresses are there again after a reload', async () => {
  const byAddress = { id: 'address-1', name: 'kite.png', url: 'https://example.org/kite.png', boxes: [box] };
  await open({ inputs: [input('photo', [{ ...box, label: 'a door' }]), byAddress] });
  await panel.page.locator('#field-prompt').fill('A blue door');
  const before = await drafted();
  const saved = await panel.saved();
  await panel.page.close();
  panel = await Panel.open(browser, built, { saved });
  await panel.show(snapshot({ sources: [photo], draft: { draftId: '', request: {} } }));
  await panel.page.locator('.box').waitFor();
  expect(before.inputs[0]?.boxes).toEqual([{ ...box, label: 'a door' }]);
  await button(/^Edit ·/).click();
  expect((await panel.sentOf('run')).at(-1)?.request).toEqual(before);
});

test('boxes on a picture that is still being read are not cut', async () => {
  const reading = { ...photo, phase: { state: 'reading' as const } };
  await open({ inputs: [input('photo', [box])] }, { sources: [reading] });
  await panel.page.getByLabel('Box 1 shows').fill('a door');
  await panel.page.locator('.stage-viewport').focus();
  await press('+', '1');
  expect((await drafted()).inputs[0]?.boxes).toEqual([{ ...box, label: 'a door' }]);
  await panel.show(snapshot({ revision: 2, sources: [photo], draft: { draftId: 'host', request: request() } }));
  await expect.poll(() => panel.page.locator('.stage-scale').textContent()).not.toContain('NaN');
  expect(await panel.page.locator('.box').count()).toBe(1);
});
