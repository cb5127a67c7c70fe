import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from '@playwright/test';
import { acceptedBodies } from './expected.ts';
import { expect, test } from './fixtures.ts';
import { inExplorer } from './studioSteps.ts';

/** What the comparison shows in the middle; throws where the canvas may not be read. */
const middlePixel = (dialog: Locator): Promise<number[]> =>
  dialog.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
    const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
    context?.drawImage(canvas, -Math.floor(canvas.width / 2) + 40, -Math.floor(canvas.height / 2));
    return [...(context?.getImageData(0, 0, 1, 1).data ?? [])];
  });

test('an edit is compared with its original in every way by keyboard alone, copied, and run again with its seed', async ({
  code,
  simulator,
  rig,
}) => {
  const words = 'A red kite over the hill, to be compared';
  cpSync(join(rig.workspace, 'images', 'photo.jpg'), join(rig.workspace, 'compare-me.jpg'));
  // A menu that is opened before the extension is known lacks its entry.
  await code.run('Wan Image: Open Studio');
  await inExplorer(code, 'compare-me.jpg');
  await code.menu(code.file('compare-me.jpg'), 'Edit with Wan');
  const studio = code.webview();
  const prompt = studio.getByRole('textbox', { name: 'What should change?' });
  await expect(prompt).toBeVisible({ timeout: 60_000 });
  await prompt.fill(words);
  await studio.getByRole('button', { name: 'New Box' }).click({ timeout: 20_000 });
  await studio.getByRole('button', { name: /^Edit · free/ }).click({ timeout: 10_000 });
  const jobs = studio.getByRole('article', { name: words });
  const compare = jobs.first().getByRole('button', { name: 'Compare', exact: true });
  await expect(compare).toBeVisible({ timeout: 60_000 });

  await compare.focus();
  await code.page.keyboard.press('Enter');
  const dialog = studio.getByRole('dialog', { name: 'Compare pictures' });
  await expect(dialog).toBeVisible();
  await expect(dialog.locator('.compare-viewport')).toBeFocused();
  await expect.poll(async () => (await middlePixel(dialog)).at(-1), { timeout: 20_000 }).toBe(255);
  await code.page.keyboard.press('+');
  await expect(dialog.locator('.mark')).toHaveCount(1);
  await dialog.getByRole('slider', { name: 'Divider' }).focus();
  await code.page.keyboard.press('Home');
  const answer = await middlePixel(dialog);
  await code.page.keyboard.press('End');
  await expect.poll(() => middlePixel(dialog)).not.toEqual(answer);
  const original = await middlePixel(dialog);
  await code.screenshot('results-slider');

  await dialog.getByRole('radio', { name: 'Slider' }).focus();
  await code.page.keyboard.press('ArrowRight');
  await expect(dialog.getByText('Shown: Result')).toBeAttached();
  expect(await middlePixel(dialog)).toEqual(answer);
  await dialog.getByRole('button', { name: 'Show Original' }).focus();
  await dialog.getByRole('button', { name: 'Show Original' }).dispatchEvent('click');
  await expect.poll(() => middlePixel(dialog)).toEqual(original);
  await code.screenshot('results-toggle');

  await dialog.getByRole('radio', { name: 'Toggle' }).focus();
  await code.page.keyboard.press('ArrowRight');
  await expect(dialog.getByRole('radio', { name: 'Side by side' })).toBeChecked();
  await expect(dialog.locator('.mark')).toHaveCount(2);
  await code.screenshot('results-beside');
  await code.page.keyboard.press('ArrowRight');
  await expect(dialog.getByText('8 times as bright')).toBeVisible();
  await expect(dialog.getByText(/differs\.|Nothing differs/).first()).toBeAttached();
  await code.screenshot('results-difference');
  await code.page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(compare).toBeFocused();

  await jobs.first().getByRole('button', { name: 'More', exact: true }).press('Enter');
  await jobs.first().getByRole('button', { name: 'Copy Image' }).press('Enter');
  await expect(jobs.first().getByText('The image is in the clipboard.')).toBeVisible({ timeout: 20_000 });
  const copied = await code.page.evaluate(async () => (await navigator.clipboard.read()).flatMap(({ types }) => types));
  expect(copied).toContain('image/png');

  const again = jobs.last().getByRole('button', { name: 'Again, Same Seed · free' });
  await again.dblclick();
  await expect(jobs).toHaveCount(2);
  await expect(jobs.first().getByRole('button', { name: 'Compare', exact: true })).toBeVisible({ timeout: 60_000 });
  const bodies = await acceptedBodies(simulator);
  expect(bodies).toHaveLength(2);
  expect(bodies[1]).toEqual(bodies[0]);
  expect(bodies[0]).toHaveProperty('seed');
});

test(
  'a set with a missing picture: put in other slots by keys and by drag, kept over a reload, saved by its names',
  { tag: '@full' },
  async ({ code, simulator, rig }) => {
    const words = 'Phases of the moon over roofs, gouache';
    await simulator.behave({ setDelivers: 3 });
    await code.run('Wan Image: Open Studio');
    const studio = code.webview();
    await studio.getByRole('radio', { name: /Image set/ }).check();
    // The form is as the last journey in this window has left it.
    const images = studio.getByRole('button', { name: /^Remove .*\.(png|jpg)$/ });
    while ((await images.count()) > 0) await images.first().click({ timeout: 5000 });
    await studio.getByRole('textbox', { name: 'What do all pictures have in common?' }).fill(words);
    for (const [index, line] of ['New moon', 'Half moon', 'Full moon', 'Old moon'].entries())
      await studio.getByRole('textbox', { name: `Picture ${index + 1}`, exact: true }).fill(line);
    await studio.getByRole('button', { name: /^Generate/ }).click({ timeout: 10_000 });

    const job = studio.getByRole('article', { name: words });
    await expect(job.getByText('1 of 4 did not come; not billed')).toBeVisible({ timeout: 60_000 });
    const slot = (name: string): Locator => job.getByRole('figure', { name, exact: true });
    const fileIn = (name: string): Promise<string | null> => slot(name).getByRole('img').getAttribute('src');
    await expect(job.locator('[data-slot="3"]')).toHaveText(/Old moon\s*Did not come/);
    await code.screenshot('results-slots');

    await slot('Full moon').getByRole('button', { name: 'Move to Old moon' }).press('Enter');
    await expect(job.locator('[data-slot="2"]')).toHaveText(/Full moon\s*Did not come/);
    expect(await fileIn('Old moon')).toMatch(/\/2\.png/);
    await expect(slot('Old moon').getByRole('button', { name: 'Move to Full moon' })).toBeFocused();
    // Both in sight: what scrolls between press and drag would drag something else.
    await slot('Half moon').locator('.slot-name').scrollIntoViewIfNeeded();
    await slot('Half moon').locator('.slot-name').dragTo(slot('New moon').locator('figcaption'));
    await expect.poll(() => fileIn('Half moon')).toMatch(/\/0\.png/);
    expect(await fileIn('New moon')).toMatch(/\/1\.png/);

    await code.reload();
    await code.run('Wan Image: Open Studio');
    await expect(slot('Half moon').getByRole('img')).toBeVisible({ timeout: 30_000 });
    expect(await fileIn('Half moon')).toMatch(/\/0\.png/);
    await job.getByRole('button', { name: 'Save All 3' }).click({ timeout: 10_000 });
    const saved = (): string[] => readdirSync(join(rig.workspace, 'images')).filter((name) => name.includes('moon'));
    await expect.poll(() => saved().toSorted()).toEqual(['half-moon.png', 'new-moon.png', 'old-moon.png']);
    await expect(job.getByText('Saved as images/half-moon.png')).toBeVisible();
    await code.screenshot('results-saved');
  },
);
