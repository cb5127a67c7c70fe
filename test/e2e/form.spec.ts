import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from '@playwright/test';
import sharp from 'sharp';
import type { Code } from './code.ts';
import { acceptedBodies } from './expected.ts';
import { expect, test } from './fixtures.ts';

const prompt = (code: Code): Locator => code.webview().locator('#field-prompt');
const button = (code: Code, name: string | RegExp): Locator => code.webview().getByRole('button', { name });
const input = (code: Code, name: string): Locator => code.webview().locator('.input', { hasText: name });

/** The studio with a form for single pictures, whatever other journeys have left in it. */
async function openStudio(code: Code): Promise<void> {
  await code.run('Wan Image: Open Studio');
  await expect(button(code, 'Earlier Prompts')).toBeVisible({ timeout: 90_000 });
  await code.webview().locator('input[name=imageSet][value=single]').check({ timeout: 10_000 });
  const remove = code
    .webview()
    .locator('.input-buttons')
    .getByRole('button', { name: /^Remove / });
  for (let left = await remove.count(); left > 0; left--) await remove.first().click({ timeout: 10_000 });
  await expect(remove).toHaveCount(0);
  // A test must see its own run start: a form that has been run offers another button.
  await prompt(code).fill(`Nothing yet ${Date.now()}`);
}

async function run(code: Code): Promise<void> {
  await button(code, /^(Edit|Generate) · free/).click({ timeout: 20_000 });
}

/** Puts a picture on the clipboard and pastes it into the studio, as a user does. */
async function paste(code: Code, photo: string): Promise<void> {
  const png = await sharp(readFileSync(photo)).resize(640).png().toBuffer();
  await code.page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': new Blob([bytes], { type: 'image/png' }) })]);
  }, png.toString('base64'));
  await prompt(code).focus();
  await code.page.keyboard.press('ControlOrMeta+KeyV');
  await expect(input(code, 'Pasted picture')).toContainText('640 ×', { timeout: 20_000 });
}

test('a pasted picture is edited', async ({ code, simulator, rig }) => {
  await openStudio(code);
  await paste(code, join(rig.workspace, 'images', 'photo.jpg'));
  await code.screenshot('form-pasted');
  await prompt(code).fill('A pasted meadow at night');
  await run(code);
  await expect(
    code
      .webview()
      .getByRole('img', { name: /pasted meadow/ })
      .first(),
  ).toBeVisible({ timeout: 60_000 });
  const [body] = await acceptedBodies(simulator);
  expect(body?.['image']).toHaveLength(1);
});

test('a pasted picture is still there after a reload', { tag: '@full' }, async ({ fresh: code, rig }) => {
  await openStudio(code);
  await paste(code, join(rig.workspace, 'images', 'photo.jpg'));
  await code.page.waitForTimeout(1000); // VS Code writes what a window remembers a moment later
  await code.reload();
  await code.run('Wan Image: Open Studio');
  await expect(input(code, 'Pasted picture')).toContainText('640 ×', { timeout: 60_000 });
});

test('colours of the open style sheet become a palette that the service receives', async ({ code, simulator }) => {
  await code.open('site/style.css', 1);
  await code.typeInEditor(':root { --sea: #264653; --sand: hsl(43 74% 66%); --leaf: rgb(42 157 143) }\n');
  await openStudio(code);
  await code.webview().locator('summary', { hasText: 'Colours' }).click();
  const before = button(code, 'Remove the Palette');
  if (await before.isVisible()) await before.click({ timeout: 10_000 });
  await button(code, 'From style.css').click({ timeout: 10_000 });
  const found = code.webview().getByRole('list', { name: 'Colours found in site/style.css' });
  await expect(found.getByRole('checkbox')).toHaveCount(5);
  await code.screenshot('form-colours');
  for (const name of ['background', /^color/]) {
    const one = found.getByRole('listitem').filter({ hasText: name }).getByRole('checkbox');
    await one.uncheck({ timeout: 10_000 });
  }
  await button(code, 'Make a Palette of 3').click({ timeout: 10_000 });
  await code.webview().getByLabel('Share of colour 1 in percent').fill('50');
  await code.screenshot('form-palette');
  await prompt(code).fill('A harbour in the colours of the page');
  await run(code);
  await expect.poll(async () => (await acceptedBodies(simulator)).length, { timeout: 30_000 }).toBe(1);
  const [body] = await acceptedBodies(simulator);
  expect(JSON.parse(String(body?.['color_palette']))).toEqual([
    { hex: '#264653', ratio: '50.00%' },
    { hex: expect.stringMatching(/^#E[89]C/), ratio: '25.00%' },
    { hex: '#2A9D8F', ratio: '25.00%' },
  ]);
  await button(code, 'Remove the Palette').click({ timeout: 10_000 });
});

test('a starter fills the form, and what was there comes back', { tag: '@full' }, async ({ code }) => {
  await openStudio(code);
  await prompt(code).fill('My own unfinished harbour');
  await button(code, 'Starters').click({ timeout: 10_000 });
  await button(code, /^Replace a background/).click({ timeout: 10_000 });
  await expect(prompt(code)).toHaveValue(/^The background is now a bright studio/);
  await expect(code.webview().getByText('Images here: 0 of 1.')).toBeVisible();
  await code.page.keyboard.type('a quiet beach');
  await expect(prompt(code)).toHaveValue(/^The background is now a quiet beach\./);
  await code.screenshot('form-starter');
  await button(code, 'Earlier Prompts').click({ timeout: 10_000 });
  await button(code, /My own unfinished harbour/).click({ timeout: 10_000 });
  await expect(prompt(code)).toHaveValue('My own unfinished harbour');
});

test('an earlier prompt comes back by keys and from the list', { tag: '@full' }, async ({ code, simulator }) => {
  await openStudio(code);
  for (const words of ['First of two cranes', 'Second of two cranes']) {
    await prompt(code).fill(words);
    await run(code);
    await expect(
      code
        .webview()
        .getByRole('img', { name: new RegExp(words) })
        .first(),
    ).toBeVisible({ timeout: 60_000 });
  }
  await prompt(code).fill('Not sent yet');
  await prompt(code).press('Alt+ArrowUp');
  // Drafts of other journeys come before what was run.
  await expect(async () => {
    if ((await prompt(code).inputValue()) !== 'Second of two cranes') await prompt(code).press('Alt+ArrowUp');
    await expect(prompt(code)).toHaveValue('Second of two cranes', { timeout: 300 });
  }).toPass({ timeout: 20_000, intervals: [50] });
  await prompt(code).press('Alt+ArrowUp');
  await expect(prompt(code)).toHaveValue('First of two cranes');
  await button(code, 'Earlier Prompts').click({ timeout: 10_000 });
  await code.page.keyboard.type('second two');
  await code.screenshot('form-history');
  await code.page.keyboard.press('Enter');
  await expect(prompt(code)).toHaveValue('Second of two cranes');
  expect(await simulator.counts()).toMatchObject({ accepted: 2 });
});
