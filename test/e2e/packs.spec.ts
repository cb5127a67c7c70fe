import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import decodeIco from 'decode-ico';
import sharp from 'sharp';
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

test('a background of one colour is cut out by keyboard alone', { tag: '@full' }, async ({ code, rig }) => {
  const drawn = `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200"><rect width="300" height="200" fill="#00ff00"/><circle cx="150" cy="100" r="60" fill="#a02060"/></svg>`;
  await sharp(Buffer.from(drawn)).png().toFile(join(rig.workspace, 'plum.png'));
  await code.changeSettings({ 'workbench.colorTheme': 'Default Dark Modern' });
  await expect(async () => {
    await code.page.locator('[aria-label^="Refresh Explorer"]').first().dispatchEvent('click');
    await expect(code.file('plum.png')).toBeVisible({ timeout: 4000 });
  }).toPass({ timeout: 40_000 });
  await code.file('plum.png').dblclick();
  await expect(code.tab('plum.png')).toBeVisible();
  await code.run('Wan Image: Cut Out Background…');
  const sheet = code.webview().getByRole('dialog', { name: 'Cut Out Background' });
  await expect(sheet.getByRole('status').filter({ hasText: 'All of the border is transparent.' })).toBeVisible({
    timeout: 40_000,
  });
  // The colour of the plum, and back to that of the background: with the cross, then by its digits.
  await sheet.getByRole('application', { name: 'Picture plum.png' }).press('ArrowUp');
  await expect(sheet.getByText('Colour here: #A02060. Enter takes it.')).toBeAttached();
  await code.page.keyboard.press('Enter');
  await expect(sheet.getByText('Nothing is cut out: choose another colour or more tolerance.')).toBeVisible();
  await sheet.getByRole('textbox', { name: 'Colour of the background' }).fill('#00FF00');
  await sheet.getByRole('slider', { name: 'Tolerance' }).press('ArrowRight');
  await expect(sheet.getByText('All of the border is transparent.')).toBeVisible();
  await expect(sheet.getByText('Will be saved as plum-cutout.png. No file is replaced.')).toBeVisible();
  await code.screenshot('cut-out');
  await sheet.getByRole('button', { name: 'Save', exact: true }).press('Enter');
  await expect(code.toast('plum-cutout.png')).toBeVisible({ timeout: 20_000 });
  await expect(sheet).toBeHidden();
  const { data, info } = await sharp(join(rig.workspace, 'plum-cutout.png'))
    .raw()
    .toBuffer({ resolveWithObject: true });
  expect([info.width, info.height, info.channels]).toEqual([300, 200, 4]);
  const clear = data.filter((alpha, at) => at % 4 === 3 && alpha === 0).length;
  expect(clear / (300 * 200)).toBeCloseTo(1 - (Math.PI * 60 ** 2) / (300 * 200), 1);
  expect([data[3], data[(100 * 300 + 150) * 4 + 3]]).toEqual([0, 255]);
});
