import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from '@playwright/test';
import sharp from 'sharp';
import { hardFiles } from '../pixels/hardFiles.ts';
import type { Code } from './code.ts';
import { acceptedBodies } from './expected.ts';
import { expect, type Rig, test } from './fixtures.ts';

interface Edges {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

const sha256 = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');
const corners = ({ x1, y1, x2, y2 }: Edges): number[] => [x1, y1, x2, y2];

/** A folder of its own in the workspace with copies of sample pictures under these names, shown in the Explorer. */
async function shownFolder(
  code: Code,
  rig: Rig,
  name: string,
  copies: Readonly<Record<string, string>>,
): Promise<string> {
  const folder = join(rig.workspace, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const [file, sample] of Object.entries(copies))
    cpSync(join(rig.workspace, 'images', sample), join(folder, file));
  await openFolder(code, name, Object.keys(copies)[0] ?? '');
  return folder;
}

/** VS Code may not watch yet when a test makes its folder, so the Explorer is told to look. */
async function openFolder(code: Code, name: string, first: string): Promise<void> {
  await expect(async () => {
    await code.page.locator('[aria-label^="Refresh Explorer"]').first().dispatchEvent('click');
    // A click on a folder that is open would close it.
    const folder = code.file(name);
    if ((await folder.getAttribute('aria-expanded', { timeout: 2000 })) === 'false')
      await folder.click({ timeout: 2000 });
    await expect(code.file(first)).toBeVisible({ timeout: 4000 });
  }).toPass({ timeout: 40_000 });
}

const prompt = (code: Code): Locator => code.webview().getByRole('textbox', { name: 'What should change?' });
const boxes = (code: Code): Locator => code.webview().getByRole('button', { name: /^Box \d: from/ });

/** Draws a box by its edges in the picture's own pixels, at whatever zoom the picture is shown. */
async function draw(code: Code, picture: { readonly width: number }, { x1, y1, x2, y2 }: Edges): Promise<void> {
  const paper = await code.webview().locator('.stage-paper').boundingBox();
  if (!paper) throw new Error('The picture is not shown.');
  const scale = paper.width / picture.width;
  const at = (x: number, y: number): [number, number] => [paper.x + x * scale, paper.y + y * scale];
  await code.page.mouse.move(...at(x1, y1));
  await code.page.mouse.down();
  await code.page.mouse.move(...at((x1 + x2) / 2, (y1 + y2) / 2));
  await code.page.mouse.move(...at(x2, y2));
  await code.page.mouse.up();
}

/** The boxes as the panel says them. */
async function shownBoxes(code: Code): Promise<number[][]> {
  const names = await boxes(code).evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? ''));
  return names.map((name) => [...name.matchAll(/\d+/g)].slice(1, 5).map(Number));
}

/** The button that runs the request; a request that has been made has one of its own to run it again. */
const runButton = (code: Code): Locator =>
  code.webview().getByRole('button', { name: /^(Edit|Generate|Run Again) · free/, disabled: false });

/** Runs what the form asks for and waits for its one picture, which comes before those of earlier tests. */
async function run(code: Code): Promise<void> {
  const pictures = code.webview().getByRole('button', { name: 'Edit This Picture' });
  const before = await pictures.count();
  await runButton(code).click();
  await expect(pictures).toHaveCount(before + 1, { timeout: 60_000 });
}

/** Selects rows of the Explorer. A click opens the file, and once it is open VS Code selects its row alone: the others come after that. */
async function select(code: Code, first: string, other: string, modifier: 'ControlOrMeta' | 'Shift'): Promise<void> {
  await code.file(first).click();
  await expect(code.tab(first)).toBeVisible();
  await expect(async () => {
    await code.file(first).click();
    await code.file(other).click({ modifiers: [modifier] });
    for (const name of [first, other]) await expect(code.file(name)).toHaveClass(/selected/, { timeout: 500 });
  }).toPass({ timeout: 20_000 });
}

test('a photo edited in two boxes, at two zoom levels, replaced, and brought back to the byte', async ({
  code,
  simulator,
  rig,
}) => {
  const folder = await shownFolder(code, rig, 'edit-photo', { 'photo.jpg': 'photo.jpg' });
  const photo = join(folder, 'photo.jpg');
  const before = sha256(photo);
  const facts = await sharp(photo).metadata();

  await code.menu(code.file('photo.jpg'), 'Edit with Wan');
  await expect(prompt(code)).toBeVisible({ timeout: 30_000 });
  await prompt(code).fill('A red kite');
  await draw(code, facts, { x1: 100, y1: 120, x2: 500, y2: 420 });
  await expect(boxes(code)).toHaveCount(1);
  await code.screenshot('edit-box');
  await run(code);
  const [first] = await shownBoxes(code);
  // One box on one image: the form of the model page.
  expect((await acceptedBodies(simulator)).map(({ bbox_list }) => JSON.parse(String(bbox_list)))).toEqual([[first]]);
  first?.forEach((edge, index) =>
    expect(Math.abs(edge - (corners({ x1: 100, y1: 120, x2: 500, y2: 420 })[index] ?? 0))).toBeLessThanOrEqual(2),
  );

  await code.webview().getByRole('button', { name: 'Full size, 100 %' }).click();
  const paper = await code.webview().locator('.stage-paper').boundingBox();
  const view = await code.webview().locator('#stage-viewport').boundingBox();
  expect(Math.round(paper?.width ?? 0)).toBe(facts.width);
  // Near the lower right corner of what can be seen now, away from the first box.
  const [left, top] = [(view?.x ?? 0) - (paper?.x ?? 0), (view?.y ?? 0) - (paper?.y ?? 0)];
  const [right, bottom] = [Math.floor(left + (view?.width ?? 0)), Math.floor(top + (view?.height ?? 0))];
  const second = { x1: right - 123, y1: bottom - 97, x2: right - 20, y2: bottom - 21 };
  await draw(code, facts, second);
  await expect(boxes(code)).toHaveCount(2);
  expect((await shownBoxes(code))[1]).toEqual(corners(second));
  await run(code);
  const [, body] = await acceptedBodies(simulator);
  // Two boxes: one list for each image.
  expect(JSON.parse(String(body?.['bbox_list']))).toEqual([[first, corners(second)]]);

  await code.webview().getByRole('button', { name: 'Replace edit-photo/photo.jpg' }).first().click();
  await expect(code.toast('Replaced edit-photo/photo.jpg.')).toBeVisible({ timeout: 30_000 });
  await code.screenshot('edit-replaced');
  expect(sha256(photo)).not.toBe(before);
  const after = await sharp(readFileSync(photo)).metadata();
  expect([after.width, after.height, after.format]).toEqual([facts.width, facts.height, 'jpeg']);
  await code.pressInToast('Replaced edit-photo/photo.jpg.', 'Undo Replace');
  await expect.poll(() => sha256(photo)).toBe(before);

  // Boxes and prompt are there again after a reload.
  await code.reload();
  await code.run('Wan Image: Open Studio');
  await expect(prompt(code)).toHaveValue('A red kite', { timeout: 30_000 });
  await expect(boxes(code)).toHaveCount(2);
  expect((await shownBoxes(code))[1]).toEqual(corners(second));
});

test(
  'a small icon with transparency is prepared with a word, and comes back as small and as transparent',
  { tag: '@full' },
  async ({ code, rig }) => {
    const folder = await shownFolder(code, rig, 'edit-icon', { 'icon.png': 'icon.png' });
    const icon = join(folder, 'icon.png');
    const small = await sharp(icon).resize(64, 64).png().toBuffer();
    await sharp(small).toFile(icon);
    const alphaOf = (): Promise<Buffer> =>
      sharp(readFileSync(icon)).ensureAlpha().extractChannel('alpha').raw().toBuffer();
    const alpha = await alphaOf();

    await code.menu(code.file('icon.png'), 'Edit with Wan');
    await prompt(code).fill('Make it golden', { timeout: 30_000 });
    await expect(code.webview().getByText('Enlarged to 512 × 512 px')).toBeVisible();
    await expect(code.webview().getByText('Transparent places are filled with this colour:')).toBeVisible();
    await code.screenshot('edit-icon');
    await run(code);
    await code.webview().getByRole('button', { name: 'Replace edit-icon/icon.png' }).click();
    await expect(code.toast('Replaced edit-icon/icon.png.')).toBeVisible({ timeout: 30_000 });
    const after = await sharp(readFileSync(icon)).metadata();
    expect([after.width, after.height, after.format]).toEqual([64, 64, 'png']);
    expect(alpha.equals(await alphaOf())).toBe(true);
  },
);

test(
  'two inputs with a box on the second only, then an edit to a set',
  { tag: '@full' },
  async ({ code, simulator, rig }) => {
    await shownFolder(code, rig, 'edit-many', { 'a.jpg': 'photo.jpg', 'b.png': 'screen.png' });
    await select(code, 'a.jpg', 'b.png', 'ControlOrMeta');
    await code.menu(code.file('b.png'), 'Edit with Wan');
    await prompt(code).fill('Put the mountain on the screen', { timeout: 30_000 });
    await code
      .webview()
      .getByRole('button', { name: /^edit-many\/b\.png/ })
      .click();
    await draw(code, { width: 960 }, { x1: 96, y1: 60, x2: 480, y2: 300 });
    await expect(boxes(code)).toHaveCount(1);
    await run(code);
    const [drawn] = await shownBoxes(code);
    const [body] = await acceptedBodies(simulator);
    expect(body?.['image']).toHaveLength(2);
    expect(JSON.parse(String(body?.['bbox_list']))).toEqual([[], [drawn]]);

    await boxes(code).first().focus();
    await code.page.keyboard.press('Delete');
    await code
      .webview()
      .getByRole('radio', { name: /Image set/ })
      .check();
    await code
      .webview()
      .getByRole('textbox', { name: 'What do all pictures have in common?' })
      .fill('The same place in four seasons');
    await runButton(code).click();
    await expect.poll(async () => (await acceptedBodies(simulator)).length, { timeout: 60_000 }).toBe(2);
    const [, set] = await acceptedBodies(simulator);
    expect(set).toMatchObject({ enable_sequential: true });
    expect(set?.['image']).toHaveLength(2);
    expect(set).not.toHaveProperty('bbox_list');
  },
);

/** What the notes of each file say, and by what it is enlarged or shrunk; files by the names of `hardFiles`. */
const nineHard: readonly (readonly [file: string, name: string, notes: RegExp, across?: number, down?: number])[] = [
  ['JPEG of orientation 6', 'a-turned.jpg', /Turned upright/],
  ['PNG with alpha', 'b-alpha.png', /Transparent places/],
  ['JPEG of 9,000 pixels', 'c-wide.jpg', /Sent with 5592 × 751 px/, 5592 / 9000, 751 / 1207],
  ['small BMP of OS/2', 'd-os2.bmp', /Enlarged to 720 × 560 px.*Sent as PNG/, 8, 8],
  ['CMYK JPEG', 'e-inks.jpg', /printing inks/],
  ['16-bit PNG', 'f-deep.png', /16 bits/],
  ['palette PNG', 'g-palette.png', /^$/],
  ['animated GIF', 'h-animated.gif', /Only its first frame.*Sent as PNG/],
  ['WebP of orientation 6', 'i-turned.webp', /Turned upright/],
];

test(
  'nine inputs that the service would not take or that are easily taken wrongly, each with a box',
  { tag: '@full' },
  async ({ code, simulator, rig }) => {
    const folder = join(rig.workspace, 'edit-hard');
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    const made = await hardFiles();
    for (const [file, name] of nineHard)
      writeFileSync(join(folder, name), made.find((one) => one.name === file)?.bytes ?? '');
    const [first = '', last = ''] = [nineHard[0]?.[1], nineHard.at(-1)?.[1]];
    await openFolder(code, 'edit-hard', first);
    await select(code, first, last, 'Shift');
    await code.menu(code.file(last), 'Edit with Wan');
    await expect(code.webview().getByText('The service takes up to 9 images.')).toBeVisible({ timeout: 30_000 });
    await prompt(code).fill('A collage of all nine');

    const drawn: number[][] = [];
    for (const [, name, notes] of nineHard) {
      const row = code
        .webview()
        .getByRole('listitem')
        .filter({ hasText: `edit-hard/${name}` });
      const said = (await row.locator('.note').allTextContents()).join(' ');
      expect(said, name).toMatch(notes);
      await row.getByRole('button', { name: new RegExp(`^edit-hard/${name}`) }).click();
      await code.webview().locator('#stage-viewport').press('b');
      await expect(boxes(code)).toHaveCount(1);
      drawn.push(...(await shownBoxes(code)));
    }
    await code.screenshot('edit-hard-files');
    await run(code);
    const [body] = await acceptedBodies(simulator);
    expect(body?.['image']).toHaveLength(9);
    const sent = JSON.parse(String(body?.['bbox_list'])) as number[][][];
    nineHard.forEach(([, name, , across = 1, down = 1], index) => {
      drawn[index]?.forEach((edge, side) => {
        const expected = edge * (side % 2 === 0 ? across : down);
        expect(Math.abs((sent[index]?.[0]?.[side] ?? 0) - expected), name).toBeLessThanOrEqual(1);
      });
    });
  },
);

test(
  'a service that reads boxes in the other form is noticed by its answer, and the other form is one step away',
  { tag: '@full' },
  async ({ code, simulator, rig }) => {
    await code.changeSettings({ 'wanImage.boxForm': 'auto' }); // put back at the end, with what the button below sets
    await simulator.behave({ bboxPassedOver: 'literal' });
    await shownFolder(code, rig, 'edit-form', { 'weather.jpg': 'photo.jpg' });
    await code.menu(code.file('weather.jpg'), 'Edit with Wan');
    await prompt(code).fill('A red kite', { timeout: 30_000 });
    await draw(code, { width: 1200 }, { x1: 100, y1: 120, x2: 500, y2: 420 });
    await run(code);
    const note = code.webview().getByRole('note').filter({ hasText: 'everywhere' });
    await expect(note).toBeVisible({ timeout: 30_000 });
    await code.screenshot('edit-other-form');
    await note.getByRole('button').click();
    await run(code);
    await expect(note).toHaveCount(1); // of the first answer; the second keeps to its box
    const [first, second] = (await acceptedBodies(simulator)).map(({ bbox_list }) => JSON.parse(String(bbox_list)));
    expect(second).toEqual([first]);
  },
);

test('from inside the built-in preview of a picture', async ({ code, rig }) => {
  await shownFolder(code, rig, 'edit-preview', { 'seen.png': 'screen.png' });
  await code.file('seen.png').dblclick();
  const preview = code.webview().locator('img');
  await expect(preview).toBeVisible({ timeout: 30_000 });
  await code.menu(preview, 'Edit with Wan');
  await expect(prompt(code)).toBeVisible({ timeout: 30_000 });
  await expect(code.webview().getByText('edit-preview/seen.png').first()).toBeVisible();
});
