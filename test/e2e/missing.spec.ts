import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from './fixtures.ts';

test('a picture that a page refers to and that is not there is generated from its quick fix, as exactly that file', async ({
  code,
  rig,
}) => {
  writeFileSync(
    join(rig.workspace, 'site', 'missing-page.html'),
    '<h1>Harbour</h1>\n<p><img src="not-yet/ferry.png" alt="A green ferry" width="400" height="300"></p>\n',
  );
  await code.open('site/missing-page.html', 2, 16);
  const lens = code.page.locator('.codelens-decoration').getByText('Generate this image, free practice');
  await expect(lens).toBeVisible({ timeout: 20_000 });
  await code.screenshot('missing-picture');
  await expect(async () => {
    await code.page.keyboard.press('Control+.');
    await code.page.locator('.action-widget').getByText('Generate This Image').click({ timeout: 3000 });
  }).toPass({ timeout: 30_000 });
  await expect(code.page.locator('.quick-input-title')).toHaveText('Generate site/not-yet/ferry.png');
  await expect(code.page.locator('.quick-input-widget input').first()).toHaveValue('A green ferry (Harbour)');
  await code.page.keyboard.press('Enter');
  await code.pick('Generate · free practice');
  const file = join(rig.workspace, 'site', 'not-yet', 'ferry.png');
  await expect.poll(() => existsSync(file), { timeout: 40_000 }).toBe(true);
  expect(await sharp(file).metadata()).toMatchObject({ format: 'png', width: 1024, height: 768 });
  await expect(lens).toHaveCount(0, { timeout: 20_000 });

  // Its hover shows it, and leads on from there.
  const hover = code.page.locator('.monaco-hover', { hasText: 'Edit with Wan' });
  await expect(async () => {
    await code.open('site/missing-page.html', 2, 16);
    await code.page.keyboard.press('Control+k');
    await code.page.keyboard.press('Control+i');
    await expect(hover.locator('img')).toBeVisible({ timeout: 5000 });
  }).toPass({ timeout: 40_000 });
  await code.screenshot('hover-of-a-picture');
  await hover.getByRole('link', { name: 'Edit with Wan' }).click();
  await expect(code.webview().getByText('site/not-yet/ferry.png').first()).toBeVisible({ timeout: 30_000 });
});
