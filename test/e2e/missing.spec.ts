import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { newCanary } from './canary.ts';
import { expect, newContext, openWindow, test } from './fixtures.ts';
import { setKey, startLive } from './live.ts';

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
  // The first of the fixes; a list that is not there yet is asked for again.
  await expect(async () => {
    await code.page.keyboard.press('Control+.');
    await code.page.waitForTimeout(1000);
    await code.page.keyboard.press('Enter');
    await expect(code.page.locator('.quick-input-title')).toHaveText('Generate site/not-yet/ferry.png', {
      timeout: 3000,
    });
  }).toPass({ timeout: 30_000 });
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

test(
  'all missing pictures of a page are generated at once, for the price that stood above them',
  { tag: '@full' },
  async ({ browser, simulator, rig }) => {
    test.setTimeout(300_000);
    const live = await startLive(rig, simulator.url);
    const context = await newContext(browser);
    try {
      const at = (path: string) => join(live.workspace, path);
      writeFileSync(
        at('site/several.html'),
        [
          '<h1>Quay</h1>',
          '<img src="quay/crane.png" alt="A blue crane" width="400" height="300">',
          '<img src="../images/photo.jpg" alt="There already">',
          '<img src="quay/rope.webp" alt="A coil of rope" width="320" height="320">',
          '<img src="quay/gull.jpg" alt="A gull" width="640" height="320">',
          '<img src="quay/crane.png" alt="The same crane">',
          '',
        ].join('\n'),
      );
      const code = await openWindow(context, live.vscode, live.workspace);
      await setKey(code, newCanary());
      await code.open('site/several.html');
      const title = code.page.locator('.quick-input-title');
      await code.run('Wan Image: Generate Missing Pictures of This File');
      await expect(title).toHaveText('Generate 3 Missing Pictures, up to $0.225');
      await code.screenshot('missing-several');
      await code.page.keyboard.press('Escape');
      await code.run('Wan Image: Generate Missing Pictures of This File');
      await code.row('site/quay/gull.jpg').getByRole('checkbox').click();
      await expect(title).toHaveText('Generate 2 Missing Pictures, up to $0.15');
      expect(await simulator.counts()).toMatchObject({ bodiesReceived: 0 });
      await code.page.locator('.quick-input-widget').getByRole('button', { name: 'OK' }).click();
      const made = ['site/quay/crane.png', 'site/quay/rope.webp'];
      for (const file of made) await expect.poll(() => existsSync(at(file)), { timeout: 60_000 }).toBe(true);
      expect(await sharp(at('site/quay/crane.png')).metadata()).toMatchObject({ format: 'png' });
      expect(await sharp(at('site/quay/rope.webp')).metadata()).toMatchObject({ format: 'webp' });
      expect(existsSync(at('site/quay/gull.jpg'))).toBe(false);
      expect(await simulator.counts()).toMatchObject({ accepted: 2, imagesBilled: 2 });
      await code.screenshot('missing-several-made');
    } finally {
      await context.close();
      await live.stop();
    }
  },
);
