import { existsSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Code } from './code.ts';
import { acceptedBodies } from './expected.ts';
import { expect, test } from './fixtures.ts';
import { copyInExplorer, editByName, jobOf, openStudio, prompt, tabTo } from './studioSteps.ts';
import { differing } from './pixelsApart.ts';

/** Writes over what is in the field that has the keyboard. (VS Code selects all a moment after Ctrl+A, which would be too late.) */
async function retype(code: Code, text: string): Promise<void> {
  await code.page.keyboard.press('ControlOrMeta+Home');
  await code.page.keyboard.press('ControlOrMeta+Shift+End');
  await code.page.keyboard.type(text);
}

test('a palette is made, changed, locked and sent by keyboard alone', { tag: '@full' }, async ({ code, simulator }) => {
  await openStudio(code);
  const studio = code.webview();
  const { keyboard } = code.page;
  await prompt(code).focus();
  await retype(code, 'A harbour, its colours by keys');
  const section = studio.locator('summary', { hasText: 'Colours' });
  await tabTo(code, section);
  if ((await section.locator('..').getAttribute('open')) === null) await keyboard.press('Enter');
  const remove = studio.getByRole('button', { name: 'Remove the Palette' });
  if (await remove.isVisible()) {
    await tabTo(code, remove);
    await keyboard.press('Enter');
  }
  await tabTo(code, studio.getByRole('button', { name: 'Start a Palette' }));
  await keyboard.press('Enter');
  const hex = (place: number) => studio.getByLabel(`Colour ${place} as text`);
  const share = (place: number) => studio.getByLabel(`Share of colour ${place} in percent`);
  await expect(hex(1)).toBeFocused();
  await retype(code, 'tomato');
  await tabTo(code, share(1));
  await retype(code, '50');
  await tabTo(code, studio.getByRole('button', { name: 'Keep the share of colour 1' }));
  await keyboard.press('Space');
  await expect(studio.getByRole('button', { name: 'Keep the share of colour 1' })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  const count = await studio.getByLabel(/^Colour \d+ as text$/).count();
  await tabTo(code, studio.getByRole('button', { name: 'Add a Colour' }));
  await keyboard.press('Enter');
  await expect(hex(count + 1)).toBeFocused();
  await retype(code, '#264653');
  await tabTo(code, studio.getByRole('button', { name: 'Share Evenly' }));
  await keyboard.press('Enter');
  await expect(share(1)).toHaveValue('50.00');
  await tabTo(code, studio.getByRole('button', { name: `Remove colour ${count}` }), 'Shift+Tab');
  await keyboard.press('Enter');
  await expect(studio.getByLabel(/^Colour \d+ as text$/)).toHaveCount(count);
  await code.screenshot('palette-by-keys');
  await keyboard.press('ControlOrMeta+Enter');
  await expect.poll(async () => (await acceptedBodies(simulator)).length, { timeout: 60_000 }).toBe(1);
  const [body] = await acceptedBodies(simulator);
  const sent = JSON.parse(String(body?.['color_palette'])) as { hex: string; ratio: string }[];
  expect(sent).toHaveLength(count);
  expect([sent[0], sent.at(-1)?.hex]).toEqual([{ hex: '#FF6347', ratio: '50.00%' }, '#264653']);
  expect(sent.reduce((sum, { ratio }) => sum + Math.round(Number.parseFloat(ratio) * 100), 0)).toBe(10_000);
  await tabTo(code, studio.getByRole('button', { name: 'Remove the Palette' }));
  await keyboard.press('Enter');
});

test(
  'requests of the past are found, starred, chosen, deleted, brought back and opened again by keyboard alone',
  { tag: '@full' },
  async ({ code, simulator }) => {
    await openStudio(code);
    const studio = code.webview();
    const { keyboard } = code.page;
    for (const [index, words] of ['Quokka one, by keys', 'Quokka two, by keys'].entries()) {
      await prompt(code).focus();
      await retype(code, words);
      await keyboard.press('ControlOrMeta+Enter');
      await expect.poll(async () => (await acceptedBodies(simulator)).length, { timeout: 60_000 }).toBe(index + 1);
      await expect(jobOf(code, words).getByRole('img').first()).toBeVisible({ timeout: 60_000 });
    }
    await tabTo(code, studio.getByRole('button', { name: 'History', exact: true }));
    await keyboard.press('Enter');
    await expect(studio.getByLabel('Search the history')).toBeFocused({ timeout: 30_000 });
    await keyboard.type('quokka');
    const cells = studio.getByRole('gridcell');
    await expect(cells).toHaveCount(2, { timeout: 30_000 });
    await tabTo(code, cells.first());
    await keyboard.press('s');
    await expect(cells.first()).toContainText('favourite', { timeout: 30_000 });
    await keyboard.press('ArrowRight');
    await expect(cells.nth(1)).toBeFocused();
    await keyboard.press('Space');
    await expect(cells.nth(1)).toHaveAttribute('aria-selected', 'true');
    await keyboard.press('ControlOrMeta+KeyA');
    await expect(studio.getByText('2 chosen').first()).toBeVisible();
    await code.screenshot('history-by-keys');
    await keyboard.press('Delete');
    await expect(studio.getByText('2 requests were deleted.')).toBeVisible({ timeout: 30_000 });
    await expect(cells).toHaveCount(0);
    await tabTo(code, studio.getByRole('button', { name: 'Bring Back' }), 'Shift+Tab');
    await keyboard.press('Enter');
    await expect(cells).toHaveCount(2, { timeout: 30_000 });
    // The keyboard is where it was, on one of those that came back.
    await expect(studio.locator('[role=gridcell]:focus')).toHaveCount(1, { timeout: 30_000 });
    await keyboard.press('ControlOrMeta+End');
    await expect(cells.last()).toBeFocused();
    await expect(cells.last()).toContainText('Quokka one');
    await keyboard.press('Enter');
    await expect(studio.getByRole('button', { name: 'Open Again' })).toBeVisible({ timeout: 30_000 });
    await tabTo(code, studio.getByRole('button', { name: 'Open Again' }), 'Shift+Tab');
    await keyboard.press('Enter');
    await expect(prompt(code)).toHaveValue('Quokka one, by keys', { timeout: 30_000 });
    await expect(prompt(code)).toBeFocused();
    await tabTo(code, studio.getByRole('button', { name: 'Back to Pictures' }));
    await keyboard.press('Enter');
    await expect(studio.getByRole('button', { name: 'History', exact: true })).toBeFocused({ timeout: 30_000 });
  },
);

test(
  'an edit in full detail is put only inside its box and back again, and saved, by keyboard alone',
  { tag: '@full' },
  async ({ code, rig }) => {
    const words = 'A sundial, by keys';
    const name = 'detail-by-keys.png';
    const original = await copyInExplorer(code, rig, 'photo.jpg', name);
    await sharp(join(rig.workspace, 'images', 'photo.jpg'))
      .resize(3200, 2000, { fit: 'fill' })
      .png()
      .toFile(original);
    await editByName(code, name);
    const studio = code.webview();
    const { keyboard } = code.page;
    await tabTo(code, studio.locator('#stage-viewport'));
    await keyboard.press('b');
    const edges = [1200, 800, 1700, 1200] as const;
    for (const [index, edge] of (['x1', 'y1', 'x2', 'y2'] as const).entries()) {
      await tabTo(code, studio.locator(`#field-inputs-0-boxes-0-${edge}`));
      await retype(code, String(edges[index]));
    }
    await tabTo(code, prompt(code));
    await retype(code, words);
    const detail = studio.getByRole('checkbox', { name: /^Full detail: edit only a crop of/ });
    await tabTo(code, detail);
    await keyboard.press('Space');
    await expect(detail).toBeChecked();
    await keyboard.press('ControlOrMeta+Enter');
    const job = jobOf(code, words);
    const toggle = job.getByRole('button', { name: 'Only Inside the Boxes', exact: true });
    await expect(toggle).toBeVisible({ timeout: 120_000 });
    await expect(job.getByText('You see the crop that was edited in its place')).toBeVisible({ timeout: 60_000 });
    await tabTo(code, toggle);
    await keyboard.press('Enter');
    await expect(toggle).toHaveAttribute('aria-pressed', 'true', { timeout: 60_000 });
    await keyboard.press('i');
    await expect(toggle).toHaveAttribute('aria-pressed', 'false', { timeout: 60_000 });
    await keyboard.press('i');
    await expect(toggle).toHaveAttribute('aria-pressed', 'true', { timeout: 60_000 });
    await code.screenshot('inside-by-keys');
    await tabTo(code, job.getByRole('button', { name: 'Save Beside' }));
    await keyboard.press('Enter');
    const line = job.getByText(/^Saved as /);
    await expect(line).toBeVisible({ timeout: 60_000 });
    const file = join(rig.workspace, ((await line.textContent()) ?? '').replace('Saved as ', '').trim());
    expect(existsSync(file), file).toBe(true);
    const found = await differing(original, file, edges);
    expect(found.outside).toBe(0);
    expect(found.inside).toBeGreaterThan(30);
  },
);
