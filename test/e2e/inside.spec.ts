import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from '@playwright/test';
import sharp from 'sharp';
import type { Code } from './code.ts';
import { acceptedBodies } from './expected.ts';
import { expect, test } from './fixtures.ts';
import { differing } from './pixelsApart.ts';
import { type Edges, inExplorer, shownBox } from './studioSteps.ts';

/** Opens a picture in the studio with words and a box in its middle, and answers where the box is. */
async function withBox(code: Code, name: string, words: string): Promise<Edges> {
  await code.menu(code.file(name), 'Edit with Wan');
  const studio = code.webview();
  await studio.getByRole('textbox', { name: 'What should change?' }).fill(words, { timeout: 30_000 });
  await studio.getByRole('button', { name: 'New Box' }).click({ timeout: 20_000 });
  return shownBox(code);
}

async function run(code: Code, words: string): Promise<Locator> {
  const studio = code.webview();
  await studio.getByRole('button', { name: /^Edit · free/, disabled: false }).click({ timeout: 20_000 });
  return studio.getByRole('article', { name: words });
}

/** Saves what a job shows and answers where. */
async function saved(job: Locator, workspace: string): Promise<string> {
  await job.getByRole('button', { name: 'Save Beside' }).click({ timeout: 20_000 });
  const line = job.getByText(/^Saved as /);
  await expect(line).toBeVisible({ timeout: 30_000 });
  const file = join(workspace, ((await line.textContent()) ?? '').replace('Saved as ', '').trim());
  expect(existsSync(file), file).toBe(true);
  return file;
}

test('an edit only inside its box is saved with every pixel outside as it was, and the whole answer as well', async ({
  code,
  rig,
}) => {
  const words = 'A blue door, only inside';
  const original = join(rig.workspace, 'inside-me.png');
  cpSync(join(rig.workspace, 'images', 'screen.png'), original);
  await inExplorer(code, 'inside-me.png');
  const box = await withBox(code, 'inside-me.png', words);
  const job = await run(code, words);
  const toggle = job.getByRole('button', { name: 'Only Inside the Boxes', exact: true });
  await expect(toggle).toBeVisible({ timeout: 60_000 });
  await expect(job.getByText(/^The answer (also )?changed/)).toBeVisible();
  await toggle.click();
  await expect(toggle).toHaveAttribute('aria-pressed', 'true', { timeout: 30_000 });
  await code.screenshot('inside-shown');

  const inside = await saved(job, rig.workspace);
  const found = await differing(original, inside, box);
  expect(found.outside).toBe(0);
  expect(found.inside).toBeGreaterThan(30);

  // One key, and the answer as it came counts again: it has not been saved yet.
  await toggle.focus();
  await code.page.keyboard.press('i');
  await expect(toggle).toHaveAttribute('aria-pressed', 'false', { timeout: 20_000 });
  await expect(job.getByText(/^Saved as /)).toHaveCount(0);
  const whole = await saved(job, rig.workspace);
  expect(whole).not.toBe(inside);
  const [{ width: wholeWidth }, { width }] = await Promise.all([sharp(whole).metadata(), sharp(original).metadata()]);
  expect(wholeWidth).toBeGreaterThan(width);
});

test('of a photo it is exact as a PNG, and nearly so in its place', { tag: '@full' }, async ({ code, rig }) => {
  const words = 'A red kite, only inside';
  const original = join(rig.workspace, 'inside-photo.jpg');
  cpSync(join(rig.workspace, 'images', 'photo.jpg'), original);
  const copy = join(rig.workspace, 'images', 'photo.jpg');
  await inExplorer(code, 'inside-photo.jpg');
  const box = await withBox(code, 'inside-photo.jpg', words);
  const job = await run(code, words);
  const exact = job.getByRole('button', { name: 'The Same as PNG, the Rest Unchanged' });
  await exact.click({ timeout: 60_000 });
  await expect(exact).toHaveAttribute('aria-pressed', 'true', { timeout: 30_000 });
  const png = await saved(job, rig.workspace);
  expect(png).toMatch(/\.png$/);
  expect((await differing(copy, png, box)).outside).toBe(0);

  await job.getByRole('button', { name: 'Only Inside the Boxes, the Rest Nearly Unchanged' }).click();
  await job.getByRole('button', { name: 'Replace inside-photo.jpg' }).click({ timeout: 30_000 });
  await expect(code.toast('Replaced inside-photo.jpg.')).toBeVisible({ timeout: 30_000 });
  expect((await sharp(readFileSync(original)).metadata()).format).toBe('jpeg');
  const replaced = await differing(copy, original, box);
  expect(replaced.inside).toBeGreaterThan(30);
  expect(replaced.outside).toBeLessThan(replaced.inside);
  await code.pressInToast('Replaced inside-photo.jpg.', 'Undo Replace');
  await expect.poll(() => readFileSync(original).equals(readFileSync(copy))).toBe(true);
});

test(
  'of a picture of 6000 px only a crop is edited, in all of its pixels, and the rest stays as it was',
  { tag: '@full' },
  async ({ code, simulator, rig }) => {
    const words = 'A sundial, in full detail';
    const size = { width: 6000, height: 1200 };
    const original = join(rig.workspace, 'detail-me.png');
    await sharp(join(rig.workspace, 'images', 'photo.jpg'))
      .resize({ ...size, fit: 'fill' })
      .png({ compressionLevel: 3 })
      .toFile(original);
    await inExplorer(code, 'detail-me.png');
    await withBox(code, 'detail-me.png', words);
    const edge = (name: string): Locator => code.webview().getByLabel(name, { exact: true });
    for (const [name, value] of Object.entries({ x2: '2403', y2: '799' })) {
      await edge(name).fill(value, { timeout: 10_000 });
      await edge(name).press('Tab');
    }
    await expect.poll(() => shownBox(code)).toEqual([1500, 300, 2403, 799]);
    const box = await shownBox(code);
    const offer = code.webview().getByRole('checkbox', { name: /^Full detail: edit only a crop of/ });
    await offer.check({ timeout: 20_000 });
    await expect(code.webview().locator('.stage-crop')).toBeVisible();
    await code.screenshot('inside-full-detail');
    const told = await code
      .webview()
      .getByText(/^In all of its pixels, with/)
      .textContent();
    const around = [...(told ?? '').matchAll(/\d+/g)].map(Number);
    await code.page.waitForTimeout(2000); // VS Code writes what a panel remembers a moment later
    await code.reload();
    await code.run('Wan Image: Open Studio');
    await expect(offer).toBeChecked({ timeout: 30_000 });

    const job = await run(code, words);
    await expect(job.getByText(/^6,?000 × 1,?200 px/).last()).toBeVisible({ timeout: 120_000 });
    const [body] = await acceptedBodies(simulator);
    const [sent = []] = JSON.parse(String(body?.['bbox_list'])) as number[][];
    // Not a pixel of the box is lost on the way.
    expect([(sent[2] ?? 0) - (sent[0] ?? 0), (sent[3] ?? 0) - (sent[1] ?? 0)]).toEqual([
      box[2] - box[0],
      box[3] - box[1],
    ]);
    const toggle = job.getByRole('button', { name: 'Only Inside the Boxes', exact: true });
    // All of the crop is put back; only its boxes are one press away.
    await expect(job.getByText('You see the crop that was edited in its place')).toBeVisible({ timeout: 60_000 });
    await code.screenshot('inside-crop');
    const [left = 0, above = 0, right = 0, below = 0] = around;
    const crop = [box[0] - left, box[1] - above, box[2] + right, box[3] + below] as const;
    const back = await differing(original, await saved(job, rig.workspace), crop);
    expect(back.outside).toBe(0);
    expect(back.inside).toBeGreaterThan(30);
    await toggle.click();
    await expect(toggle).toHaveAttribute('aria-pressed', 'true', { timeout: 60_000 });
    const found = await differing(original, await saved(job, rig.workspace), box);
    expect(found.outside).toBe(0);
    expect(found.inside).toBeGreaterThan(30);
  },
);
