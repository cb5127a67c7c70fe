import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import decodeIco from 'decode-ico';
import { expect, test } from './fixtures.ts';

test('a favicon is made from the picture that is open, and gone again by Undo', async ({ code, rig }) => {
  cpSync(join(rig.workspace, 'images', 'photo.jpg'), join(rig.workspace, 'make-icons.jpg'));
  const icon = join(rig.workspace, 'favicon.ico');
  await expect(async () => {
    await code.page.locator('[aria-label^="Refresh Explorer"]').first().dispatchEvent('click');
    await expect(code.file('make-icons.jpg')).toBeVisible({ timeout: 4000 });
  }).toPass({ timeout: 40_000 });
  await code.file('make-icons.jpg').dblclick();
  await expect(code.tab('make-icons.jpg')).toBeVisible();
  await code.run('Wan Image: Make Icons and Social Pictures…');
  await expect(code.row('Favicon')).toBeVisible({ timeout: 20_000 });
  await code.page.keyboard.press('Enter');
  await code.pick('Cut Around What Catches the Eye');
  await code.pick('the workspace folder');
  await expect(code.row('favicon.ico')).toContainText('Contrast at 16 pixels', { timeout: 40_000 });
  await expect(code.tab('icons.png')).toBeVisible();
  await code.screenshot('packs-files');
  await code.page.keyboard.press('Enter');
  await expect(code.toast('Wrote favicon.ico, icon-32.png.')).toBeVisible({ timeout: 20_000 });
  expect(decodeIco(readFileSync(icon)).map(({ width }) => width)).toEqual([16, 32, 48]);
  await code.pressInToast('Wrote favicon.ico', 'Undo');
  await expect(code.toast('Deleted favicon.ico, icon-32.png.')).toBeVisible();
  expect(existsSync(icon)).toBe(false);
});

test('icons are added to a manifest that is there, once the change was looked at @full', async ({ code, rig }) => {
  const folder = join(rig.workspace, 'pwa-icons');
  mkdirSync(folder);
  cpSync(join(rig.workspace, 'images', 'photo.jpg'), join(folder, 'app-mark.jpg'));
  const manifest = join(folder, 'site.webmanifest');
  writeFileSync(manifest, '{\n    "name": "App",\n    "icons": []\n}\n');
  await expect(async () => {
    await code.page.locator('[aria-label^="Refresh Explorer"]').first().dispatchEvent('click');
    await expect(code.file('pwa-icons')).toBeVisible({ timeout: 4000 });
  }).toPass({ timeout: 40_000 });
  await code.file('pwa-icons').click();
  await code.file('app-mark.jpg').dblclick();
  await expect(code.tab('app-mark.jpg')).toBeVisible();
  await code.run('Wan Image: Make Icons and Social Pictures…');
  await expect(code.row('Favicon')).toBeVisible({ timeout: 20_000 });
  await code.row('Favicon').click();
  await code.row('Icons of a Web App').click();
  await code.page.keyboard.press('Enter');
  await code.pick('Cut to the Middle');
  await code.pick('beside the picture');
  await expect(code.row('icon-192.png')).toBeVisible({ timeout: 40_000 });
  await code.page.keyboard.press('Enter');
  await code.pressInToast('Wrote pwa-icons', 'Add to Manifest…');
  await expect(code.row('Apply')).toBeVisible();
  await expect(code.tab('site.webmanifest: icons to add')).toBeVisible();
  await code.screenshot('manifest-entries');
  await code.pick('Apply');
  await expect(code.toast('which is not saved yet')).toBeVisible();
  await code.screenshot('manifest-written');
  expect(readFileSync(manifest, 'utf8')).toContain('"icons": []');
  await code.run('Wan Image: Undo Last Icons');
  await expect(code.toast('As before again')).toBeVisible();
  expect(existsSync(join(folder, 'icon-192.png'))).toBe(false);
});
