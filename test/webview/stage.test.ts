import type { Browser, Locator } from '@playwright/test';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { PanelMessage, type Snapshot } from '../../src/core/messages.ts';
import type { Box, ImageRequest, InputImage } from '../../src/core/request.ts';
import { job, phases, request, result, snapshot, source, twoBoxes } from './fixtures.ts';
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

const photo = source('photo', 'docs/photo.jpg');
const input = (id: string, boxes: readonly Box[] = []): InputImage => ({ id, name: `${id}.jpg`, boxes: [...boxes] });

async function open(changes: Partial<ImageRequest> = {}, more: Partial<Snapshot> = {}): Promise<Panel> {
  panel = await Panel.open(browser, built, { width: 1400, height: 1000 });
  const draft = { draftId: 'host', request: request({ inputs: [input('photo')], ...changes }) };
  await panel.show(snapshot({ sources: [photo], draft, ...more }));
  if (draft.request.inputs.length > 0) await panel.page.locator('.stage-scale, .stage-instead').first().waitFor();
  return panel;
}

const button = (name: string | RegExp): Locator => panel.page.getByRole('button', { name });
const boxes = (): Locator => panel.page.locator('.box');
const viewport = (): Locator => panel.page.locator('.stage-viewport');
const active = (): Promise<string | undefined> => panel.page.evaluate(() => document.activeElement?.id);
const said = (): Promise<string | null> => panel.page.locator('main > .only-spoken[role=status]').textContent();
const press = async (...keys: string[]): Promise<void> => {
  for (const key of keys) await panel.page.keyboard.press(key);
};

/** The form as the host was told of it last. */
async function drafted(): Promise<ImageRequest> {
  await panel.page.waitForTimeout(450);
  return (await panel.sentOf('draft')).at(-1)?.request as ImageRequest;
}
const draftedBoxes = async (): Promise<readonly Box[]> => (await drafted()).inputs[0]?.boxes ?? [];

/** Where a pixel of the source lies on the screen. */
async function onScreen(x: number, y: number, width = 1200): Promise<{ x: number; y: number }> {
  const paper = (await panel.page.locator('.stage-paper').boundingBox())!;
  const scale = paper.width / width;
  return { x: paper.x + x * scale, y: paper.y + y * scale };
}

async function drag(from: readonly [number, number], to: readonly [number, number], width?: number): Promise<void> {
  const { mouse } = panel.page;
  const [start, end] = [await onScreen(...from, width), await onScreen(...to, width)];
  await mouse.move(start.x, start.y);
  await mouse.down();
  await mouse.move((start.x + end.x) / 2, (start.y + end.y) / 2);
  await mouse.move(end.x, end.y);
  await mouse.up();
}

describe('by mouse', () => {
  test('two boxes at two zoom levels are the exact pixels, drawn in any direction', async () => {
    await open();
    await drag([131, 421], [517, 703]);
    await button('Full size, 100 %').click();
    expect(await panel.page.locator('.stage-scale').textContent()).toBe('100 %');
    await drag([701, 449], [503, 371]);
    expect(await draftedBoxes()).toEqual([
      { x1: 131, y1: 421, x2: 517, y2: 703 },
      { x1: 503, y1: 371, x2: 701, y2: 449 },
    ]);
  });

  test('the picture shown may be smaller than the source: boxes are the pixels of the source', async () => {
    const large = source('large', 'large.jpg', { width: 9000, height: 6000 }, { width: 900, height: 600 });
    await open({ inputs: [input('large')] }, { sources: [large] });
    for (let step = 0; step < 9; step++) await button('Zoom in').click();
    await drag([4410, 2950], [4521, 3031], 9000);
    expect(await draftedBoxes()).toEqual([{ x1: 4410, y1: 2950, x2: 4521, y2: 3031 }]);
  });

  test('a third box is refused with the reason; a click draws nothing', async () => {
    await open({ inputs: [input('photo', twoBoxes)] });
    await drag([600, 400], [700, 500]);
    expect(await boxes().count()).toBe(2);
    expect(await said()).toContain('two boxes');
    expect(await button('New Box').getAttribute('aria-disabled')).toBe('true');
    await button('Delete box 1').click();
    expect(await draftedBoxes()).toEqual([twoBoxes[1]]);
    await viewport().click({ position: { x: 5, y: 5 } });
    expect(await boxes().count()).toBe(1);
  });

  test('a box is moved and resized by each handle, no further than the picture', async () => {
    await open({ inputs: [input('photo', [{ x1: 400, y1: 300, x2: 600, y2: 500, label: 'kept' }])] });
    await drag([500, 400], [550, 360]);
    expect(await draftedBoxes()).toEqual([{ x1: 450, y1: 260, x2: 650, y2: 460, label: 'kept' }]);
    const expected: Record<string, Box> = {
      nw: { x1: 430, y1: 250, x2: 650, y2: 460 },
      se: { x1: 430, y1: 250, x2: 670, y2: 470 },
      n: { x1: 430, y1: 240, x2: 670, y2: 470 },
      e: { x1: 430, y1: 240, x2: 690, y2: 470 },
      s: { x1: 430, y1: 240, x2: 690, y2: 480 },
      w: { x1: 410, y1: 240, x2: 690, y2: 480 },
      ne: { x1: 410, y1: 230, x2: 710, y2: 480 },
      sw: { x1: 390, y1: 230, x2: 710, y2: 490 },
    };
    const { mouse } = panel.page;
    const scale = (await panel.page.locator('.stage-paper').boundingBox())!.width / 1200;
    for (const [handle, box] of Object.entries(expected)) {
      const at = (await panel.page.locator(`.handle-${handle}`).boundingBox())!;
      const [x, y] = [at.x + at.width / 2, at.y + at.height / 2];
      const by = {
        x: handle.includes('w') ? -20 : handle.includes('e') ? 20 : 0,
        y: handle.startsWith('n') ? -10 : handle.startsWith('s') ? 10 : 0,
      };
      await mouse.move(x, y);
      await mouse.down();
      await mouse.move(x + 5, y + 5);
      await mouse.move(x + by.x * scale, y + by.y * scale);
      await mouse.up();
      expect(await draftedBoxes(), handle).toEqual([{ ...box, label: 'kept' }]);
    }
    await drag([500, 400], [5000, -900]);
    expect(await draftedBoxes()).toEqual([{ x1: 880, y1: 0, x2: 1200, y2: 260, label: 'kept' }]);
  });

  test('the wheel zooms around the pointer, Space and the middle button pan, Escape ends a drag', async () => {
    await open();
    const { mouse, keyboard } = panel.page;
    const at = await onScreen(900, 200);
    await mouse.move(at.x, at.y);
    await keyboard.down('Control');
    await mouse.wheel(0, -400);
    await keyboard.up('Control');
    await expect.poll(() => panel.page.locator('.stage-scale').textContent()).not.toMatch(/^[0-4]?\d %/);
    const then = (await panel.page.locator('.stage-paper').boundingBox())!;
    expect(then.x + (900 / 1200) * then.width).toBeCloseTo(at.x, 0);
    await viewport().focus();
    await keyboard.down('Space');
    await mouse.down();
    await mouse.move(at.x - 60, at.y + 40);
    await mouse.up();
    await keyboard.up('Space');
    const panned = (await panel.page.locator('.stage-paper').boundingBox())!;
    expect(panned.x).toBeCloseTo(then.x - 60, 0);
    await mouse.down({ button: 'middle' });
    await mouse.move(at.x - 90, at.y + 40);
    await mouse.up({ button: 'middle' });
    expect((await panel.page.locator('.stage-paper').boundingBox())!.x).toBeCloseTo(then.x - 90, 0);
    await mouse.down();
    await mouse.move(at.x, at.y);
    expect(await boxes().count()).toBe(1);
    await press('Escape');
    await mouse.up();
    expect(await boxes().count()).toBe(0);
  });
});

describe('by keyboard', () => {
  test('a box is added in the middle, moved, resized and deleted, each step said', async () => {
    await open();
    await viewport().focus();
    await press('b');
    await expect.poll(active).toBe('field-inputs-0-boxes-0');
    expect(await said()).toBe('');
    await press('ArrowRight', 'Alt+ArrowDown', 'Shift+ArrowLeft', 'Shift+Alt+ArrowDown');
    expect(await draftedBoxes()).toEqual([{ x1: 301, y1: 210, x2: 900, y2: 620 }]);
    expect(await said()).toBe('Box 1: from 301, 210 to 900, 620; 599 × 410 px');
    await press('b');
    await expect.poll(active).toBe('field-inputs-0-boxes-1');
    await press('Shift+Tab');
    expect(await active()).toBe('field-inputs-0-boxes-0');
    await press('Delete');
    expect(await said()).toBe('Box 1 is deleted.');
    expect(await draftedBoxes()).toEqual([{ x1: 420, y1: 280, x2: 780, y2: 520 }]);
    await expect.poll(active).toBe('field-inputs-0-boxes-0');
    await press('Escape');
    expect(await active()).toBe('stage-viewport');
    await press('1');
    expect(await panel.page.locator('.stage-scale').textContent()).toBe('100 %');
    await press('+');
    expect(await panel.page.locator('.stage-scale').textContent()).toBe('150 %');
    await press('-', '-', '0');
    expect(await panel.page.locator('.stage-scale').textContent()).not.toBe('67 %');
  });

  test('every step is taken back and done again, whoever did it', async () => {
    await open();
    await drag([100, 100], [300, 300]);
    await expect.poll(active).toBe('field-inputs-0-boxes-0');
    await press('ArrowRight', 'ArrowRight');
    await panel.page.getByLabel('Box 1 shows').fill('a door');
    await panel.page.getByLabel('x2').fill('500');
    const states: (readonly Box[])[] = [await draftedBoxes()];
    await boxes().first().focus();
    for (let step = 0; step < 5; step++) {
      await press('Control+z');
      states.push(await draftedBoxes());
    }
    const drawn = { x1: 100, y1: 100, x2: 300, y2: 300 };
    const moved = { x1: 102, y1: 100, x2: 302, y2: 300 };
    expect(states).toEqual([
      [{ ...moved, x2: 500, label: 'a door' }],
      [{ ...moved, label: 'a door' }],
      [moved],
      [{ x1: 101, y1: 100, x2: 301, y2: 300 }],
      [drawn],
      [],
    ]);
    await viewport().focus();
    for (let step = 0; step < 5; step++) await press(step % 2 ? 'Control+Shift+Z' : 'Control+y');
    expect(await draftedBoxes()).toEqual(states[0]);
    expect(await button('Redo the change of boxes').isDisabled()).toBe(true);
  });

  test('edges are typed in pixels of the source, and stay on the picture', async () => {
    await open({ inputs: [input('photo', [{ x1: 10, y1: 20, x2: 30, y2: 40 }])] });
    await boxes().first().focus();
    await panel.page.getByLabel('x2').fill('777');
    await panel.page.getByLabel('y1').fill('7');
    await panel.page.getByLabel('y2').fill('99999');
    expect(await draftedBoxes()).toEqual([{ x1: 10, y1: 7, x2: 777, y2: 800 }]);
    await panel.page.getByLabel('x1').focus();
    expect(await panel.page.getByLabel('y2').inputValue()).toBe('800');
  });

  test('what a box should show becomes part of the prompt', async () => {
    await open({ inputs: [input('photo', [{ x1: 10, y1: 20, x2: 30, y2: 40 }])] });
    const before = await panel.page.locator('.counter').textContent();
    await panel.page.getByLabel('Box 1 shows').fill('a red door');
    expect((await draftedBoxes())[0]?.label).toBe('a red door');
    expect(await panel.page.locator('.counter').textContent()).not.toBe(before);
    await panel.page.getByLabel('Box 1 shows').fill('');
    expect((await draftedBoxes())[0]).not.toHaveProperty('label');
  });
});

describe('images', () => {
  test('they are added, dropped, put in order and removed; the last one is marked', async () => {
    const sources = [photo, source('sky', 'docs/sky.jpg'), source('sea', 'docs/sea.jpg')];
    await open({ inputs: [input('photo'), input('sky'), input('sea')] }, { sources });
    await button('Add Images…').click();
    await panel.page.evaluate(() => {
      const dataTransfer = new DataTransfer();
      dataTransfer.setData('text/uri-list', '# from the Explorer\r\nfile:///w/a.png\r\nfile:///w/b.png');
      document
        .querySelector('.drop')
        ?.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    });
    const messages = await panel.sent();
    expect(messages.filter(({ type }) => type.endsWith('Sources'))).toEqual([
      { type: 'addSources' },
      { type: 'dropSources', uris: ['file:///w/a.png', 'file:///w/b.png'] },
    ]);
    const marked = (): Promise<string | null> =>
      panel.page.locator('.input', { hasText: 'follows the shape' }).textContent();
    expect(await marked()).toContain('sea.jpg');
    await button('Move sea.jpg up').click();
    expect(await marked()).toContain('sky.jpg');
    await panel.page.locator('#input-sky').focus();
    await press('Alt+ArrowUp', 'Alt+ArrowUp');
    await expect.poll(active).toBe('input-sky');
    expect((await drafted()).inputs.map(({ id }) => id)).toEqual(['sky', 'photo', 'sea']);
    await button('Remove photo.jpg').click();
    expect((await drafted()).inputs.map(({ id }) => id)).toEqual(['sky', 'sea']);
  });

  test('nine are as many as the service takes, and that is said', async () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'];
    await open({ inputs: ids.map((id) => input(id)) }, { sources: ids.map((id) => source(id, `${id}.jpg`)) });
    await button('Add Images…').click({ force: true });
    expect(await panel.sentOf('addSources')).toEqual([]);
    expect(await panel.page.locator('#hint-inputs').textContent()).toContain('up to 9 images');
  });

  test('what is done to an image is said, and can be chosen', async () => {
    const icon = source('icon', 'icon.png', { format: 'png', width: 64, height: 64, hasAlpha: true });
    const large = source('large', 'large.jpg', { width: 6000, height: 4000 }, { width: 600, height: 400 });
    await open(
      { inputs: [input('icon', [{ x1: 0, y1: 0, x2: 10, y2: 10 }]), input('large')] },
      { sources: [icon, large] },
    );
    expect(await panel.page.locator('.input').first().textContent()).toContain('Enlarged to 512 × 512 px');
    expect(await panel.page.locator('.problem-error').count()).toBe(0);
    await panel.page.getByLabel('Colour for the transparent places of icon.jpg').fill('#336699');
    expect((await drafted()).inputs[0]?.preparation).toEqual({ background: '#336699', size: 'useful' });
    expect(await panel.page.locator('.input').last().textContent()).toContain('Sent with 2508 × 1673 px.');
    await panel.page.getByLabel('Size in which large.jpg is sent').selectOption('full');
    expect((await drafted()).inputs[1]?.preparation?.size).toBe('full');
    await panel.page.getByText('Sent at its full size.').waitFor();
    await panel.page.getByLabel('Size in which large.jpg is sent').selectOption('small');
    expect(await panel.page.locator('.input').last().textContent()).toMatch(/Sent with 125\d × 83\d px/);
    await panel.page.getByLabel('Size in which large.jpg is sent').selectOption('full');
    expect(await panel.page.locator('.run-text').textContent()).toContain('about 2508 × 1672 px');
  });

  test('one that cannot be used says why; one that is read is waited for', async () => {
    const broken = {
      id: 'broken',
      name: 'x',
      phase: { state: 'refused' as const, sentence: 'broken.jpg ends in the middle.' },
    };
    await open({ inputs: [input('broken'), input('photo')] }, { sources: [broken, photo] });
    expect(await panel.page.locator('.summary').textContent()).toContain('broken.jpg ends in the middle.');
    await button('Remove broken.jpg').click();
    expect(await panel.page.locator('.summary').textContent()).toBe('');
    const reading = { ...photo, phase: { state: 'reading' as const } };
    await panel.show(snapshot({ revision: 2, sources: [reading], draft: { draftId: 'host', request: request() } }));
    expect(await button(/^Edit ·/).getAttribute('aria-disabled')).toBe('true');
    expect(await panel.page.locator('.run-text').textContent()).toContain('until the images are read');
    await press('Control+Enter');
    expect(await panel.sentOf('run')).toEqual([]);
  });

  test('a set takes no boxes; single pictures do', async () => {
    await open({ imageSet: true, inputs: [input('photo', [{ x1: 1, y1: 2, x2: 300, y2: 400 }])] });
    await drag([500, 300], [800, 600]);
    expect(await boxes().count()).toBe(1);
    expect(await panel.page.locator('.stage-side').textContent()).toContain('cannot be used in an image set');
    await button('Make Single Pictures').click();
    await drag([500, 300], [800, 600]);
    expect((await draftedBoxes()).length).toBe(2);
    expect(await panel.page.getByRole('radio', { name: 'Edit' }).isChecked()).toBe(true);
    expect(await button(/^Edit ·/).textContent()).toBe('Edit · up to $0.075');
  });

  test('what is typed while the host adds an image is not lost', async () => {
    await open({ inputs: [] }, { sources: [] });
    const prompt = panel.page.locator('#field-prompt');
    await prompt.fill('told');
    await drafted();
    await prompt.fill('told and more');
    const host = request({ prompt: 'told', inputs: [input('photo')] });
    await panel.show(snapshot({ revision: 2, sources: [photo], draft: { draftId: 'added', request: host } }));
    expect(await prompt.inputValue()).toBe('told and more');
    expect(await drafted()).toMatchObject({ prompt: 'told and more', inputs: [{ id: 'photo' }] });
    expect(await button('Undo').and(panel.page.locator('.button-link')).count()).toBe(0);
  });
});

describe('the answer', () => {
  const done = { state: 'done' as const, missing: 0, endedAt: 0, cancelled: false };
  const asked = request({ inputs: [input('photo', [{ x1: 1, y1: 2, x2: 300, y2: 400 }])] });

  test('it is beside its original, and takes its place and gives it back', async () => {
    const results = [
      result('new', { replace: { can: true, name: 'photo.jpg' } }),
      result('old', { replaced: { replacementId: 'kept', name: 'photo.jpg' } }),
      result('not', { replace: { can: false, sentence: 'photo.gif moves, so the answer is saved beside it.' } }),
    ];
    await open({}, { jobs: [job('edit', done, { request: asked, source: photo, results })] });
    expect(await panel.page.getByRole('figure', { name: 'Original' }).locator('.mark').count()).toBe(1);
    await button('Replace photo.jpg').click();
    await button('Undo Replace').click();
    await button('Save Beside').first().click();
    await button('Edit This Picture').first().click();
    expect((await panel.sent()).filter(({ type }) => type !== 'ready' && type !== 'draft')).toEqual([
      { type: 'replace', resultId: 'new' },
      { type: 'undoReplace', replacementId: 'kept' },
      { type: 'save', resultId: 'new' },
      { type: 'continueFrom', resultId: 'new' },
    ]);
    await panel.page.getByText('photo.gif moves').waitFor();
    expect(await button('Replace photo.jpg').count()).toBe(1);
  });

  test('its original is awaited where it will be, and where it cannot be had that is said', async () => {
    const jobs = [
      phases['done with two boxes that changed everything']!,
      phases['done with an edit of a picture that is gone']!,
    ];
    await open({}, { jobs });
    const originals = panel.page.getByRole('figure', { name: 'Original' });
    expect(await originals.count()).toBe(2);
    expect(await originals.first().getAttribute('aria-busy')).toBe('true');
    expect(await originals.last().textContent()).toContain('is not there any more');
    expect(await button('Compare').count()).toBe(0);
  });

  test('where there is no other form of writing boxes, none is offered', async () => {
    await open({}, { jobs: [phases['done with two boxes that changed everything']!] });
    expect(await panel.page.locator('.change').textContent()).toContain('one box at a time');
    expect(await panel.page.locator('.change button').count()).toBe(0);
  });

  test('a change that is everywhere offers the other form of writing boxes', async () => {
    const everywhere = job('edit', done, {
      request: asked,
      source: photo,
      results: [result('new')],
      change: 'everywhere',
    });
    await open({}, { jobs: [everywhere] });
    await button('Write Boxes as One List for Each Image').click();
    await panel.show(snapshot({ revision: 2, boxForm: 'perImage', jobs: [everywhere], sources: [photo] }));
    expect(await panel.page.locator('.change').textContent()).toContain('now written as one list for each image');
    await button('Write Boxes as on the Model Page').click();
    expect((await panel.sentOf('useBoxForm')).map(({ form }) => form)).toEqual(['perImage', 'literal']);
  });
});
