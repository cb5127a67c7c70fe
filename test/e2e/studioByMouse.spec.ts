import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from '@playwright/test';
import type { Code } from './code.ts';
import { acceptedBodies } from './expected.ts';
import { expect, test } from './fixtures.ts';
import { differing } from './pixelsApart.ts';
import { button, copyInExplorer, drawBox, jobOf, openStudio, prompt, shownBox } from './studioSteps.ts';

const run = (code: Code): Promise<void> => button(code, /^(Edit|Generate) · free/).click({ timeout: 30_000 });

test(
  'a palette is taken from a picture, changed, locked and sent by mouse alone',
  { tag: '@full' },
  async ({ code, simulator, rig }) => {
    const name = 'palette-by-mouse.jpg';
    await copyInExplorer(code, rig, 'photo.jpg', name);
    await openStudio(code);
    await code.menu(code.file(name), 'Edit with Wan');
    const studio = code.webview();
    await prompt(code).fill('The same hill, its colours by mouse', { timeout: 30_000 });
    const section = studio.locator('summary', { hasText: 'Colours' });
    if ((await section.locator('..').getAttribute('open')) === null) await section.click({ timeout: 10_000 });
    const removeAll = button(code, 'Remove the Palette');
    if (await removeAll.isVisible()) await removeAll.click({ timeout: 10_000 });
    await button(code, 'From a Picture').click({ timeout: 10_000 });
    const ofPicture = button(code, `Colours of ${name}`);
    if (await ofPicture.isVisible()) await ofPicture.click({ timeout: 10_000 });
    const choices = studio.getByRole('list', { name: `Colours found in ${name}` }).getByRole('checkbox');
    await expect(choices.first()).toBeVisible({ timeout: 60_000 });
    const found = await choices.count();
    for (let place = 4; place < found; place++) await choices.nth(place).uncheck({ timeout: 10_000 });
    await button(code, 'Make a Palette of 4').click({ timeout: 10_000 });
    const share = (place: number): Locator => studio.getByLabel(`Share of colour ${place} in percent`);
    await button(code, 'Share Evenly').click({ timeout: 10_000 });
    await expect(share(4)).toHaveValue('25.00');
    await button(code, 'Keep the share of colour 1').click({ timeout: 10_000 });
    await button(code, 'Remove colour 3').click({ timeout: 10_000 });
    await expect(share(1)).toHaveValue('25.00');
    await expect(share(2)).toHaveValue('37.50');
    await studio
      .locator('#field-palette')
      .getByRole('button', { name: 'Undo', exact: true })
      .click({ timeout: 10_000 });
    await expect(share(4)).toHaveValue('25.00');
    await code.screenshot('palette-by-mouse');
    await run(code);
    await expect.poll(async () => (await acceptedBodies(simulator)).length, { timeout: 60_000 }).toBe(1);
    const [body] = await acceptedBodies(simulator);
    const sent = JSON.parse(String(body?.['color_palette'])) as { ratio: string }[];
    expect(sent.map(({ ratio }) => ratio)).toEqual(['25.00%', '25.00%', '25.00%', '25.00%']);
    await removeAll.click({ timeout: 10_000 });
  },
);

test(
  'a set with a missing picture is put into other slots and saved by mouse alone',
  { tag: '@full' },
  async ({ code, simulator, rig }) => {
    const words = 'Four kinds of bread, gouache';
    await simulator.behave({ setDelivers: 3 });
    await openStudio(code);
    const studio = code.webview();
    await studio.getByRole('radio', { name: /Image set/ }).check();
    await studio.getByRole('textbox', { name: 'What do all pictures have in common?' }).fill(words);
    for (const [index, line] of ['Rye loaf', 'Wheat loaf', 'Spelt loaf', 'Oat loaf'].entries())
      await studio.getByRole('textbox', { name: `Picture ${index + 1}`, exact: true }).fill(line);
    await run(code);
    const job = jobOf(code, words);
    const slot = (name: string): Locator => job.getByRole('figure', { name, exact: true });
    const fileIn = (name: string): Promise<string | null> => slot(name).getByRole('img').getAttribute('src');
    await expect(job.locator('[data-slot="3"]')).toHaveText(/Oat loaf\s*Did not come/, { timeout: 60_000 });

    await slot('Rye loaf').getByRole('button', { name: 'Move to Wheat loaf' }).click();
    await expect.poll(() => fileIn('Wheat loaf')).toMatch(/\/0\.png/);
    await slot('Wheat loaf').getByRole('button', { name: 'More', exact: true }).click();
    await slot('Wheat loaf').getByLabel('Move To…').selectOption({ label: 'Spelt loaf' });
    await expect.poll(() => fileIn('Spelt loaf')).toMatch(/\/0\.png/);
    // Both in sight: what scrolls between press and drag would drag something else.
    await job.locator('[data-slot="3"]').scrollIntoViewIfNeeded();
    await slot('Spelt loaf').locator('figcaption').dragTo(job.locator('[data-slot="3"]'));
    await expect(job.locator('[data-slot="2"]')).toHaveText(/Spelt loaf\s*Did not come/);
    await code.screenshot('set-by-mouse');
    await job.getByRole('button', { name: 'Save All 3' }).click({ timeout: 10_000 });
    const saved = (): string[] => readdirSync(join(rig.workspace, 'images')).filter((name) => name.includes('loaf'));
    await expect.poll(() => saved().toSorted()).toEqual(['oat-loaf.png', 'rye-loaf.png', 'wheat-loaf.png']);
    await studio.getByRole('radio', { name: /Single pictures/ }).check();
  },
);

test(
  'a result is gone on from in a drawn box, kept to it, saved, and its request deleted and brought back, by mouse alone',
  { tag: '@full' },
  async ({ code, simulator, rig }) => {
    const [first, second] = ['A pier in fog, to go on from', 'A red boat at the pier, by mouse'];
    await openStudio(code);
    const studio = code.webview();
    await prompt(code).fill(first);
    await run(code);
    await jobOf(code, first).getByRole('button', { name: 'Save', exact: true }).click({ timeout: 60_000 });
    await expect(jobOf(code, first).getByText(/^Saved as /)).toBeVisible({ timeout: 30_000 });
    await jobOf(code, first).getByRole('button', { name: 'Edit This Picture' }).click();
    await expect(studio.locator('.stage-scale')).toBeVisible({ timeout: 60_000 });
    const facts = await jobOf(code, first).locator('figcaption').first().textContent();
    const width = Number(facts?.match(/^\d+/)?.[0]);
    await drawBox(code, { width }, [200, 160, 700, 560]);
    const box = await shownBox(code);
    await prompt(code).fill(second);
    await run(code);
    const job = jobOf(code, second);
    const toggle = job.getByRole('button', { name: 'Only Inside the Boxes', exact: true });
    await toggle.click({ timeout: 90_000 });
    await expect(toggle).toHaveAttribute('aria-pressed', 'true', { timeout: 60_000 });
    await code.screenshot('inside-by-mouse');
    await job.getByRole('button', { name: 'Save Beside' }).click({ timeout: 20_000 });
    const line = job.getByText(/^Saved as /);
    await expect(line).toBeVisible({ timeout: 30_000 });
    const path = async (of: Locator): Promise<string> =>
      join(rig.workspace, ((await of.textContent()) ?? '').replace('Saved as ', '').trim());
    const original = await path(jobOf(code, first).getByText(/^Saved as /));
    const found = await differing(original, await path(line), box);
    expect(found.outside).toBe(0);
    expect(found.inside).toBeGreaterThan(30);
    expect((await acceptedBodies(simulator))[1]?.['image']).toHaveLength(1);

    await button(code, 'History').click({ timeout: 10_000 });
    const cells = studio.getByRole('gridcell').filter({ hasText: second });
    await cells.first().click({ timeout: 30_000 });
    await studio.getByRole('button', { name: 'Delete', exact: true }).click({ timeout: 30_000 });
    await expect(studio.getByText('1 request was deleted.')).toBeVisible({ timeout: 30_000 });
    await expect(cells).toHaveCount(0);
    await button(code, 'Bring Back').click({ timeout: 10_000 });
    // It is shown whole again, as it was.
    await expect(button(code, 'Open Again')).toBeVisible({ timeout: 30_000 });
    await button(code, 'Back to Pictures').click({ timeout: 10_000 });
    await expect(job).toBeVisible({ timeout: 30_000 });
  },
);

test(
  'a picture that is dropped from the Explorer while Shift is held is edited',
  { tag: '@full' },
  async ({ code, simulator, rig }) => {
    const name = 'dropped.jpg';
    expect(existsSync(await copyInExplorer(code, rig, 'photo.jpg', name))).toBe(true);
    await openStudio(code);
    const from = await code.file(name).boundingBox();
    const to = await prompt(code).boundingBox();
    if (!from || !to) throw new Error('There is nothing to drag, or no place to drop it.');
    const { mouse, keyboard } = code.page;
    await mouse.move(from.x + 60, from.y + from.height / 2);
    await mouse.down();
    await mouse.move(from.x + 90, from.y + from.height / 2 + 4, { steps: 4 });
    await keyboard.down('Shift');
    for (const part of [0.5, 0.9, 1, 1])
      await mouse.move(from.x + (to.x + 80 - from.x) * part, from.y + (to.y + 40 - from.y) * part, { steps: 6 });
    await mouse.up();
    await keyboard.up('Shift');
    await expect(code.webview().locator('.input', { hasText: name })).toContainText('1200 × 800', { timeout: 30_000 });
    await code.screenshot('dropped');
    await prompt(code).fill('A kite over the dropped hill');
    await run(code);
    await expect.poll(async () => (await acceptedBodies(simulator)).length, { timeout: 60_000 }).toBe(1);
    expect((await acceptedBodies(simulator))[0]?.['image']).toHaveLength(1);
  },
);
