import type { Browser, Locator } from '@playwright/test';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { cssColour } from '../../src/core/cssColour.ts';
import { colourNames } from '../../src/core/cssColourNames.ts';
import type { Snapshot } from '../../src/core/messages.ts';
import { PanelMessage } from '../../src/core/messages.ts';
import { parseShare } from '../../src/core/palette.ts';
import { pastedPicture } from '../../src/core/pasted.ts';
import type { ImageRequest } from '../../src/core/request.ts';
import { editing, job, request, result, snapshot, source } from './fixtures.ts';
import { type BuiltPanel, buildPanel, openBrowser, Panel, type PanelOptions } from './page.ts';

let browser: Browser;
let built: BuiltPanel;
beforeAll(async () => {
  [browser, built] = await Promise.all([openBrowser(), buildPanel()]);
});
afterAll(() => browser.close());

let panel: Panel;
async function open(shown: Snapshot = snapshot(), options: PanelOptions = {}): Promise<Panel> {
  panel = await Panel.open(browser, built, options);
  await panel.show(shown);
  await button('Earlier Prompts').waitFor();
  return panel;
}
afterEach(async () => {
  expect(panel.complaints).toEqual([]);
  for (const message of await panel.sent()) expect(PanelMessage.safeParse(message).success, message.type).toBe(true);
  await panel.page.close();
});

const button = (name: string | RegExp): Locator =>
  panel.page.getByRole('button', { name, exact: typeof name === 'string' });
const prompt = (): Locator => panel.page.locator('#field-prompt');
const withRequest = (changes: Partial<ImageRequest> = {}, more: Partial<Snapshot> = {}): Snapshot =>
  snapshot({ draft: { draftId: 'host', request: request(changes) }, ...more });
/** Whether it can be seen without scrolling, by the middle of it. */
const isInView = (element: Locator): Promise<boolean> =>
  element.evaluate((one) => {
    const { x, y, width, height } = one.getBoundingClientRect();
    return one.contains(document.elementFromPoint(x + width / 2, y + height / 2));
  });
const focused = (): Promise<string | undefined> => panel.page.evaluate(() => document.activeElement?.id);
async function drafted(): Promise<ImageRequest> {
  await panel.page.waitForTimeout(400);
  return (await panel.sentOf('draft')).at(-1)!.request as ImageRequest;
}
const sharesOf = ({ palette }: ImageRequest): number[] => palette.map(({ ratio }) => parseShare(ratio) ?? Number.NaN);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const three = [
  { hex: '#264653', ratio: '50.00%' },
  { hex: '#2A9D8F', ratio: '30.00%' },
  { hex: '#E9C46A', ratio: '20.00%' },
];
const openPalette = (): Promise<void> => panel.page.locator('summary').filter({ hasText: 'Colours' }).click();
const share = (number: number): Locator => panel.page.getByLabel(`Share of colour ${number} in percent`);

test('colours of CSS are read as the browser reads them', async () => {
  await open();
  const words = [
    ...Object.keys(colourNames),
    '#abc',
    '#abcd',
    '#A1b2C3',
    '#a1b2c3d4',
    'rgb(1,2,3)',
    'rgb(100% 50% 0%)',
    'rgba(300, -5, 12.6, .5)',
    'rgb(1 2 3 / 50%)',
    'hsl(0 100% 50%)',
    'hsl(222.2, 47.4%, 11.2%)',
    'hsla(-30deg 20% 80% / .3)',
    'hsl(.5turn 60% 40%)',
    'hsl(3.14rad 60% 40%)',
    'hsl(100grad 60% 40%)',
    'hwb(194 0% 0%)',
    'hwb(194 20% 30%)',
    'hwb(12 80% 80%)',
    'oklch(0.72 0.11 178)',
    'oklch(98.5% 0.002 247.839)',
    'oklch(60% 0.1 none)',
    'oklab(40% 0.1 -0.1)',
    'oklab(0.7 20% 10%)',
  ];
  const inBrowser = await panel.page.evaluate((all) => {
    const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })!;
    return all.map((one) => {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = one;
      canvas.fillRect(0, 0, 1, 1);
      return [...canvas.getImageData(0, 0, 1, 1).data];
    });
  }, words);
  for (const [index, one] of words.entries()) {
    const own = [1, 3, 5].map((at) => Number.parseInt(cssColour(one)?.slice(at, at + 2) ?? '', 16));
    // What is seen through comes back from a canvas rounded.
    const nearness = (inBrowser[index]?.[3] ?? 0) < 255 ? 3 : 1;
    own.forEach((value, channel) =>
      expect(
        Math.abs(value - (inBrowser[index]?.[channel] ?? -99)),
        `${one}: ${own.join()} and ${inBrowser[index]?.join()}`,
      ).toBeLessThanOrEqual(nearness),
    );
  }
});

describe('the palette', () => {
  test('sums to 100 % at every key while a share is typed, and a locked one stays', async () => {
    await open(withRequest({ palette: three }));
    await openPalette();
    await button('Keep the share of colour 2').click();
    expect(await button('Keep the share of colour 2').getAttribute('aria-pressed')).toBe('true');
    await share(1).fill('');
    await share(1).pressSequentially('33.33', { delay: 5 });
    expect(await share(1).inputValue()).toBe('33.33');
    expect(sharesOf(await drafted())).toEqual([3333, 3000, 3667]);
    await share(1).press('Backspace');
    await share(1).fill('99');
    expect(sharesOf(await drafted())).toEqual([6999, 3000, 1]);
    await share(1).fill('50');
    expect(sharesOf(await drafted())).toEqual([5000, 3000, 2000]);
    await share(1).fill('');
    await share(1).blur();
    expect(await share(1).inputValue()).toBe('50.00');
    expect(await panel.page.locator('.problem').count()).toBe(0);
    expect(await panel.violations()).toEqual([]);
  });

  test('takes colours in any way of writing, in its fields and pasted as a text, by keyboard alone', async () => {
    await open(withRequest());
    await openPalette();
    await button('Paste Colours').focus();
    await panel.page.keyboard.press('Enter');
    await expect.poll(focused).toBe('field-paletteText');
    await panel.page.keyboard.insertText(
      '--sea: #264653; --sand: rgb(233 196 106);\n--leaf: hsl(173 58% 39%); --fire: teal',
    );
    const choices = panel.page.getByRole('list', { name: 'Colours that were pasted' }).getByRole('checkbox');
    expect(await choices.count()).toBe(4);
    await choices.nth(3).focus();
    await panel.page.keyboard.press('Space');
    await panel.page.keyboard.press('Tab');
    await panel.page.keyboard.press('Enter');
    const { palette } = await drafted();
    expect(palette.map(({ hex }) => hex)).toEqual(['#264653', '#E9C46A', '#2A9D90']);
    expect(sum(sharesOf(await drafted()))).toBe(10_000);
    await expect.poll(focused).toBe('field-palette-0-hex');
    await panel.page.locator('#field-palette-0-hex').fill('rgb(0 0 0)');
    await panel.page.keyboard.press('Tab');
    expect((await drafted()).palette[0]?.hex).toBe('#000000');
  });

  test('asks for the colours of the open document, and a palette is made of those that are chosen', async () => {
    const shown = withRequest({}, { colourDocument: 'site/theme.css' });
    await open(shown);
    await openPalette();
    await button('From theme.css').click();
    expect(await panel.page.getByText('Looking for colours…').isVisible()).toBe(true);
    const [{ askId } = { askId: '' }] = await panel.sentOf('findColours');
    const colours = Array.from({ length: 12 }, (_, index) => ({ hex: `#0000${index + 10}`, name: `--c-${index}` }));
    await panel.show({ ...shown, revision: 2, colours: { askId: 'of another time', from: 'x', colours } });
    expect(await panel.page.locator('.colour-choice').count()).toBe(0);
    await panel.show({ ...shown, revision: 3, colours: { askId, from: 'site/theme.css', colours } });
    const boxes = panel.page.getByRole('list', { name: 'Colours found in site/theme.css' }).getByRole('checkbox');
    expect(await boxes.count()).toBe(12);
    await expect.poll(() => isInView(button('Make a Palette of 5'))).toBe(true);
    for (const index of [0, 1, 2]) await boxes.nth(index).uncheck();
    expect(await button('Make a Palette of 2').getAttribute('aria-disabled')).toBe('true');
    await button('Make a Palette of 2').click({ force: true });
    for (const index of [9, 10]) await boxes.nth(index).check();
    expect(await panel.violations()).toEqual([]);
    await button('Make a Palette of 4').click();
    expect((await drafted()).palette.map(({ hex }) => hex)).toEqual(['#000013', '#000014', '#000019', '#000020']);
  });

  test('is made of a picture, with the parts that its colours have there', async () => {
    const shown = snapshot({
      draft: { draftId: 'host', request: editing },
      sources: [source('photo', 'docs/photo.jpg')],
      jobs: [job('made', { state: 'done', missing: 0, endedAt: 1, cancelled: false }, { results: [result('made-0')] })],
    });
    await open(shown);
    await openPalette();
    await button('From a Picture').click();
    await button('Colours of docs/photo.jpg').click();
    const [asked] = await panel.sentOf('findColours');
    expect(asked?.pictureId).toBe('photo');
    const colours = [
      { hex: '#112233', weight: 0.5 },
      { hex: '#445566', weight: 0.3 },
      { hex: '#778899', weight: 0.2 },
    ];
    await panel.show({
      ...shown,
      revision: 2,
      colours: { askId: asked?.askId ?? '', from: 'docs/photo.jpg', colours },
    });
    await button('Make a Palette of 3').click();
    expect(sharesOf(await drafted())).toEqual([5000, 3000, 2000]);
  });

  test('says where nothing was found, and why a picture cannot be read', async () => {
    const shown = withRequest({}, { colourDocument: 'a.md' });
    await open(shown);
    await openPalette();
    for (const [trouble, said] of [
      [undefined, 'No colour was found in a.md.'],
      ['a.md is damaged.', 'a.md is damaged.'],
    ] as const) {
      await button('From a.md').click();
      const askId = (await panel.sentOf('findColours')).at(-1)?.askId ?? '';
      const found = { askId, from: 'a.md', colours: [], ...(trouble !== undefined && { trouble }) };
      await panel.show({ ...shown, revision: trouble ? 3 : 2, colours: found });
      expect(await panel.page.locator('.colour-tray').textContent()).toContain(said);
      await button('Cancel').click();
      expect(await panel.page.locator('.colour-tray').textContent()).toBe('');
    }
  });
});

describe('pictures from outside', () => {
  /** Pastes or drops a file of so many bytes, each of which is the last digits of its place. */
  async function give(
    how: 'paste' | 'drop',
    size: number,
    on = 'body',
    also: Record<string, string> = {},
  ): Promise<void> {
    await panel.page.evaluate(
      ([how, size, on, also]) => {
        const data = new DataTransfer();
        const bytes = Uint8Array.from({ length: size }, (_, index) => index % 251);
        data.items.add(new File([bytes], 'image.png', { type: 'image/png' }));
        for (const [type, text] of Object.entries(also)) data.setData(type, text);
        const options = { bubbles: true, cancelable: true };
        const target = document.querySelector(on)!;
        if (how === 'paste') target.dispatchEvent(new ClipboardEvent('paste', { ...options, clipboardData: data }));
        else target.dispatchEvent(new DragEvent('drop', { ...options, dataTransfer: data }));
      },
      [how, size, on, also] as const,
    );
  }

  test('go to the host in pieces that are the very bytes, from anywhere in the panel', async () => {
    await open(withRequest());
    const size = 2 * pastedPicture.pieceBytes + 10;
    for (const [how, on] of [
      ['paste', 'body'],
      ['paste', '#field-prompt'],
      ['drop', '.form'],
    ] as const) {
      const before = (await panel.sentOf('pastePiece')).length;
      await give(how, size, on);
      await expect.poll(async () => (await panel.sentOf('pastePiece')).length).toBe(before + 3);
      const pieces = (await panel.sentOf('pastePiece')).slice(before);
      expect(new Set(pieces.map(({ pasteId }) => pasteId)).size).toBe(1);
      expect(pieces.map(({ index, total }) => [index, total])).toEqual([0, 1, 2].map((index) => [index, 3]));
      const bytes = Buffer.concat(pieces.map(({ data }) => Buffer.from(data, 'base64')));
      expect(bytes.equals(Buffer.from(Uint8Array.from({ length: size }, (_, index) => index % 251)))).toBe(true);
    }
    // What is written beside a copied picture is meant for the field it is pasted into.
    await give('paste', 10, '#field-prompt', { 'text/plain': 'words' });
    await panel.page.waitForTimeout(100);
    expect((await panel.sentOf('pastePiece')).length).toBe(9);
  });

  test('of more than 20 MB are refused before anything is sent, with a sentence', async () => {
    await open(withRequest());
    await give('paste', pastedPicture.maxBytes + 1);
    await expect.poll(() => panel.page.locator('#hint-inputs').textContent()).toContain('more than 20 MB');
    expect(await panel.sentOf('pastePiece')).toEqual([]);
    await give('paste', 5);
    await expect.poll(async () => (await panel.sentOf('pastePiece')).length).toBe(1);
    expect(await panel.page.locator('#hint-inputs').textContent()).toContain('hold Shift');
  });

  test('come by a button from the clipboard, and where that is not let, the keys are named', async () => {
    await open(withRequest());
    await panel.page.evaluate(() => {
      const png = new Blob([new Uint8Array(8)], { type: 'image/png' });
      const read = () => Promise.resolve([new ClipboardItem({ 'image/png': png })]);
      Object.defineProperty(navigator, 'clipboard', { value: { read }, configurable: true });
    });
    await button('Paste').click();
    await expect.poll(async () => (await panel.sentOf('pastePiece')).length).toBe(1);
    await panel.page.evaluate(() =>
      Object.defineProperty(navigator, 'clipboard', { value: { read: () => Promise.reject(new Error('no')) } }),
    );
    await button('Paste').click();
    await expect.poll(() => panel.page.locator('#hint-inputs').textContent()).toContain('Ctrl+V');
  });

  test('that are no pictures are told', async () => {
    await open(withRequest());
    await panel.page.evaluate(() => {
      const data = new DataTransfer();
      data.items.add(new File(['text'], 'notes.txt', { type: 'text/plain' }));
      document.body.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: data }));
    });
    await expect.poll(() => panel.page.locator('#hint-inputs').textContent()).toContain('is no picture');
  });
});

describe('what was written before', () => {
  const jobs = ['A red kite', 'A blue boat', 'A red kite', 'Ein gelbes Haus'].map((prompt, index) =>
    job(
      `job-${index}`,
      { state: 'done', missing: 0, endedAt: 1, cancelled: false },
      { request: request({ prompt, seed: 7 + index }) },
    ),
  );
  const draft = request({
    prompt: 'An unfinished idea',
    count: 3,
    inputs: [{ id: 'photo', name: 'a.jpg', boxes: [] }],
  });
  const shown = withRequest(
    { prompt: 'Something new' },
    { jobs, pastDrafts: [{ draftId: 'old', keptAt: 1, request: draft }] },
  );

  test('is listed once each, searched, and taken by keyboard, with a way back', async () => {
    await open(shown);
    await button('Earlier Prompts').focus();
    await panel.page.keyboard.press('Enter');
    await expect.poll(focused).toBe('field-promptFilter');
    const entries = panel.page.locator('.prompt-entry');
    expect(await entries.allTextContents()).toEqual([
      'Draft, not run · 1 image sent alongAn unfinished idea',
      'A red kite',
      'A blue boat',
      'Ein gelbes Haus',
    ]);
    expect(await panel.violations()).toEqual([]);
    await panel.page.keyboard.type('blue a');
    expect(await entries.allTextContents()).toEqual(['A blue boat']);
    await panel.page.keyboard.press('ArrowDown');
    await panel.page.keyboard.press('Enter');
    await expect.poll(focused).toBe('field-prompt');
    expect(await prompt().inputValue()).toBe('A blue boat');
    expect((await panel.sentOf('keepDraft')).map(({ request }) => (request as ImageRequest).prompt)).toEqual([
      'Something new',
    ]);
    await button('Undo').click();
    expect(await prompt().inputValue()).toBe('Something new');
  });

  test('a draft comes back whole, and Escape leaves all as it was', async () => {
    await open(shown);
    await button('Earlier Prompts').click();
    await panel.page.keyboard.press('Escape');
    await expect.poll(focused).toBe('open-history');
    expect(await panel.page.locator('.prompt-list').count()).toBe(0);
    await button('Earlier Prompts').click();
    await button(/An unfinished idea/).click();
    expect(await drafted()).toMatchObject({ prompt: 'An unfinished idea', count: 3, inputs: [{ id: 'photo' }] });
  });

  test('is called up by Alt with the arrows, which lead back to what had been written', async () => {
    await open(shown);
    await prompt().focus();
    const seen: string[] = [];
    for (const key of [
      'ArrowUp',
      'ArrowUp',
      'ArrowUp',
      'ArrowUp',
      'ArrowUp',
      'ArrowDown',
      'ArrowDown',
      'ArrowDown',
      'ArrowDown',
    ]) {
      await panel.page.keyboard.press(`Alt+${key}`);
      seen.push(await prompt().inputValue());
    }
    expect(seen).toEqual([
      'An unfinished idea',
      'A red kite',
      'A blue boat',
      'Ein gelbes Haus',
      'Ein gelbes Haus',
      'A blue boat',
      'A red kite',
      'An unfinished idea',
      'Something new',
    ]);
    await panel.page.keyboard.press('ArrowUp');
    expect(await prompt().inputValue()).toBe('Something new');
    expect(await panel.page.locator('[role=status].only-spoken').textContent()).toBe('What you had written.');
  });

  test('there is nothing at first, which is said', async () => {
    await open(withRequest({ prompt: '' }));
    await button('Earlier Prompts').click();
    expect(await panel.page.locator('.prompt-list').textContent()).toContain('Nothing has been written here before.');
  });
});

describe('a starter', () => {
  test('fills the form, chooses what is to be written anew, and says which images it needs', async () => {
    await open(withRequest({ prompt: 'My own words', imageSet: true, resolution: '1K' }));
    await button('Starters').click();
    expect(await panel.page.getByRole('list', { name: 'Starters' }).getByRole('button').count()).toBe(5);
    expect(await panel.violations()).toEqual([]);
    await button(/^Put an object into a scene/).click();
    expect(await prompt().inputValue()).toMatch(/^Place the object from image 1 into image 2, standing on the table/);
    expect(await panel.page.evaluate(() => getSelection()?.toString())).toBe('standing on the table in the middle');
    expect(await panel.page.locator('.starter-note').textContent()).toContain('first the object, last the scene');
    expect(await panel.page.locator('.starter-note').textContent()).toContain('Images here: 0 of 2');
    expect(await drafted()).toMatchObject({ imageSet: false, resolution: '1K' });
    await button('Undo').click();
    expect(await prompt().inputValue()).toBe('My own words');
  });

  test('knows when its images are there', async () => {
    await open(
      snapshot({ draft: { draftId: 'host', request: editing }, sources: [source('photo', 'docs/photo.jpg')] }),
    );
    await button('Starters').click();
    await button(/^Replace a background/).click();
    expect(await panel.page.locator('.starter-note').textContent()).toContain('The images are there.');
    await button('Hide what the starter needs').click();
    expect(await panel.page.locator('.starter-note').count()).toBe(0);
  });
});

test('the seed that was used last is shown, and kept by a button', async () => {
  const done = { state: 'done', missing: 0, endedAt: 1, cancelled: false } as const;
  await open(withRequest({}, { jobs: [job('made', done, { request: request({ seed: 4711 }) })] }));
  const seed = panel.page.locator('summary').filter({ hasText: 'Seed' });
  expect(await seed.textContent()).toContain('random, last 4711');
  await seed.click();
  await button('Keep This Seed').click();
  expect((await drafted()).seed).toBe(4711);
});

test('what a mode cannot use is named with the reason, where it would be', async () => {
  await open(withRequest());
  const off = panel.page.locator('.off');
  expect(await off.count()).toBe(0);
  await panel.page.getByRole('radio', { name: 'Standard' }).check();
  expect(await off.allTextContents()).toEqual(['Thinking is off: it needs the Pro model.']);
  await panel.page.getByRole('radio', { name: 'Image set' }).check();
  expect(await off.allTextContents()).toEqual([
    'Thinking is off in an image set.',
    'Colours are off: an image set takes no palette.',
  ]);
  await panel.show(
    snapshot({ revision: 5, draft: { draftId: 'edit', request: editing }, sources: [source('photo', 'a.jpg')] }),
  );
  expect(await off.allTextContents()).toEqual(['Thinking is off while images are sent along.']);
});

const isFull = process.env['WAN_FULL'] === '1';

test('what opens in the form is accessible and fits', async () => {
  const jobs = ['A red kite over a bay', 'A blue boat in the morning'].map((prompt, index) =>
    job(
      `job-${index}`,
      { state: 'done', missing: 0, endedAt: 1, cancelled: false },
      { request: request({ prompt, seed: 7 + index }) },
    ),
  );
  const more: Partial<Snapshot> = {
    jobs,
    colourDocument: 'site/a-long-folder-name/theme-of-the-site.css',
    pastDrafts: [{ draftId: 'old', keptAt: 1, request: request({ prompt: 'An unfinished idea' }) }],
  };
  for (const theme of isFull ? ['light', 'dark', 'hc-dark'] : ['light'])
    for (const width of isFull ? [320, 1280] : [320]) {
      const at = { width, height: 1500, theme };
      const look = async () => {
        expect(await panel.tooWide()).toEqual([]);
        expect(await panel.violations()).toEqual([]);
      };
      await open(withRequest({ palette: three }, more), at);
      await openPalette();
      await button('Keep the share of colour 2').click();
      await button('Paste Colours').click();
      await panel.page
        .locator('#field-paletteText')
        .fill('--sea: #264653; --a-very-long-name-of-a-colour: #2a9d8f; #fff rgb(12 80 200)');
      await look();
      await panel.page.close();
      await open(withRequest({ palette: [] }, more), at);
      await button('Starters').click();
      await look();
      await button(/^Combine several/).click();
      await look();
      await button('Earlier Prompts').click();
      await look();
      await panel.page.close();
    }
  await open();
});
