import { cpSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from './fixtures.ts';
import { inExplorer } from './studioSteps.ts';

test('an edit of the past is found, starred, opened again after its file has changed, deleted and brought back', async ({
  code,
  rig,
}) => {
  const words = 'A zeppelin over the hill, for the history';
  const file = join(rig.workspace, 'history-me.jpg');
  cpSync(join(rig.workspace, 'images', 'photo.jpg'), file);
  await inExplorer(code, 'history-me.jpg');
  await code.menu(code.file('history-me.jpg'), 'Edit with Wan');
  const studio = code.webview();
  await studio.getByRole('textbox', { name: 'What should change?' }).fill(words, { timeout: 90_000 });
  await studio.getByRole('button', { name: 'New Box' }).click({ timeout: 30_000 });
  await studio.getByRole('button', { name: /^Edit · free/ }).click({ timeout: 30_000 });
  const article = studio.getByRole('article', { name: words });
  await expect(article.getByRole('button', { name: 'Save', exact: false }).first()).toBeVisible({ timeout: 60_000 });

  // Found by words of its prompt and of its file, in another order and without accents.
  await studio.getByRole('button', { name: 'History', exact: true }).click({ timeout: 30_000 });
  const search = studio.getByLabel('Search the history');
  await expect(search).toBeFocused({ timeout: 30_000 });
  await search.fill('HISTORY-ME zéppelin');
  const cells = studio.getByRole('gridcell');
  await expect(cells).toHaveCount(1, { timeout: 30_000 });
  await expect(cells.first()).toContainText(words);
  await expect(cells.first().locator('img')).toBeVisible({ timeout: 30_000 });
  await expect
    .poll(
      () =>
        cells
          .first()
          .locator('img')
          .evaluate((image: HTMLImageElement) => image.naturalWidth),
      {
        timeout: 30_000,
      },
    )
    .toBe(256);
  await code.screenshot('history');

  await cells.first().focus();
  await code.page.keyboard.press('s');
  await studio.getByRole('button', { name: 'Favourites', exact: true }).click({ timeout: 30_000 });
  await expect(cells).toHaveCount(1, { timeout: 30_000 });
  await expect(cells.first()).toContainText('favourite');

  // Opened again: the file is another one now, so the copy that was sent stands in its place.
  await sharp({ create: { width: 1200, height: 800, channels: 3, background: 'red' } })
    .jpeg()
    .toFile(file);
  await cells.first().focus();
  await code.page.keyboard.press('Enter');
  await expect(article).toBeVisible({ timeout: 30_000 });
  await studio.getByRole('button', { name: 'Open Again' }).click({ timeout: 30_000 });
  await expect(studio.getByText('history-me.jpg has changed since this was made.')).toBeVisible({ timeout: 30_000 });
  await expect(studio.getByRole('textbox', { name: 'What should change?' })).toHaveValue(words);
  await expect(studio.getByRole('button', { name: /^Box 1: from/ })).toBeVisible({ timeout: 30_000 });
  await code.screenshot('history-reopened');
  await studio.getByRole('button', { name: 'Use the Changed File' }).click({ timeout: 30_000 });
  await expect(studio.getByText('history-me.jpg has changed since this was made.')).toHaveCount(0, { timeout: 30_000 });

  await studio.getByRole('button', { name: 'Back to the History' }).click({ timeout: 30_000 });
  await expect(cells.first()).toBeFocused({ timeout: 30_000 });
  await code.page.keyboard.press('Delete');
  await expect(studio.getByText('1 request was deleted.')).toBeVisible({ timeout: 30_000 });
  await expect(cells).toHaveCount(0);
  await studio.getByRole('button', { name: 'Bring Back' }).click({ timeout: 30_000 });
  await expect(cells).toHaveCount(1, { timeout: 30_000 });
  await studio.getByRole('button', { name: 'Back to Pictures' }).click({ timeout: 30_000 });
  await expect(article).toBeVisible({ timeout: 30_000 });

  await code.run('Wan Image: Show History');
  await expect(search).toBeVisible({ timeout: 30_000 });
  await studio.getByRole('button', { name: 'Back to Pictures' }).click({ timeout: 30_000 });
});
