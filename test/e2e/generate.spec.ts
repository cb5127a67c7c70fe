import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { acceptedBodies, drawnPicture } from './expected.ts';
import { unmarked } from '../unmarked.ts';
import { expect, test } from './fixtures.ts';

test('from the palette to a file in the workspace', async ({ code, simulator, rig }) => {
  await code.run('Wan Image: Generate Image');
  await code.answer('What should the picture show?', 'A red fox in deep snow');
  await expect(code.row('Generate · free practice')).toBeVisible();
  await code.screenshot('palette-options');
  await code.pick('Generate · free practice');

  const picture = code.webview().getByRole('img', { name: /red fox/ });
  await expect(picture).toBeVisible({ timeout: 40_000 });
  await code.screenshot('studio-result');
  const job = code.webview().getByRole('article', { name: 'A red fox in deep snow' });
  await job.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(code.webview().getByText('Saved as images/a-red-fox-in-deep-snow.png')).toBeVisible();
  await code.screenshot('studio-saved');

  const bytes = readFileSync(join(rig.workspace, 'images', 'a-red-fox-in-deep-snow.png'));
  expect(unmarked(bytes).equals(await drawnPicture(simulator))).toBe(true);
  expect(await sharp(bytes).metadata()).toMatchObject({ format: 'png', width: 2731, height: 1536 });
  expect(await simulator.counts()).toMatchObject({
    bodiesReceived: 1,
    accepted: 1,
    imagesBilled: 1,
    downloadsWithCredentials: 0,
  });
  expect(readdirSync(join(rig.workspace, 'images')).filter((name) => name.endsWith('.part'))).toEqual([]);
});

test('saving twice makes a second file and leaves the first alone', async ({ code, rig }) => {
  await code.run('Wan Image: Generate Image');
  await code.answer('What should the picture show?', 'A twice saved owl');
  await code.pick('Generate · free practice');
  const first = join(rig.workspace, 'images', 'a-twice-saved-owl.png');
  const job = code.webview().getByRole('article', { name: 'A twice saved owl' }).first();
  const save = job.getByRole('button', { name: 'Save', exact: true });
  await save.click({ timeout: 40_000 });
  await expect.poll(() => existsSync(first)).toBe(true);
  const before = readFileSync(first);
  await code.run('Wan Image: Generate Image');
  await code.answer('What should the picture show?', 'A twice saved owl');
  await code.pick('Generate · free practice');
  await save.click({ timeout: 40_000 });
  await expect.poll(() => existsSync(join(rig.workspace, 'images', 'a-twice-saved-owl-2.png'))).toBe(true);
  expect(readFileSync(first).equals(before)).toBe(true);
});

test('the options of the palette reach the service', { tag: '@full' }, async ({ code, simulator }) => {
  await code.run('Wan Image: Generate Image');
  await code.answer('What should the picture show?', 'A square icon of a boat');
  await code.pick('Model');
  await code.pick('Standard');
  await code.pick('Size');
  await code.pick('1:1');
  await code.pick('1K');
  await code.pick('Number of pictures');
  await code.pick(/^2/);
  await expect(code.row('Generate · free practice')).toBeVisible();
  await code.pick('Generate · free practice');
  await expect(code.webview().getByRole('img', { name: /square icon/ })).toHaveCount(2, { timeout: 40_000 });
  const [body] = await acceptedBodies(simulator);
  expect(body).toMatchObject({
    model_variant: 'wan2.7-image',
    aspect_ratio: '1:1',
    resolution: '1K',
    num_images: 2,
    prompt: 'A square icon of a boat',
  });
  expect(body).not.toHaveProperty('thinking_mode');
  expect(body).toHaveProperty('seed');
});

test('the studio by keyboard alone', async ({ code, simulator }) => {
  await code.run('Wan Image: Open Studio');
  const prompt = code.webview().getByRole('textbox', { name: 'What should the picture show?' });
  await prompt.focus();
  await code.page.keyboard.press('ControlOrMeta+KeyA'); // the form holds what was asked for before
  await code.page.keyboard.type('A paper crane on a window sill');
  await code.page.keyboard.press('Control+Enter');
  await expect(
    code
      .webview()
      .getByRole('img', { name: /paper crane/ })
      .first(),
  ).toBeVisible({ timeout: 40_000 });
  expect(await simulator.counts()).toMatchObject({ bodiesReceived: 1, accepted: 1 });
});
