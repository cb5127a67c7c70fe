import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { onPath } from '../rig/processes.ts';
import { drawnPicture } from './expected.ts';
import { expect, test } from './fixtures.ts';
import { inExplorer } from './studioSteps.ts';

/** What a file says besides its pixels, as text: by ExifTool where it is installed, else all of its bytes. */
function saidBy(file: string): string {
  const exiftool = onPath('exiftool');
  if (exiftool === undefined) return readFileSync(file, 'latin1');
  return execFileSync(exiftool, ['-a', '-G1', '-s', '-x', 'System:all', file], { encoding: 'utf8' });
}

test(
  'a picture that is stripped for release says nothing any more, shows the same, and can be brought back',
  { tag: '@full' },
  async ({ code, simulator, rig }) => {
    await code.changeSettings({ 'wanImage.recipe': 'full', 'wanImage.saveFolder': '' });
    await code.run('Wan Image: Generate Image');
    await code.answer('What should the picture show?', 'A secret marmalade recipe');
    await code.pick('Generate · free practice');
    const job = code.webview().getByRole('article', { name: 'A secret marmalade recipe' });
    await job.getByRole('button', { name: 'Save', exact: true }).click({ timeout: 40_000 });
    const name = 'a-secret-marmalade-recipe.png';
    const file = join(rig.workspace, name);
    await expect.poll(() => existsSync(file)).toBe(true);
    const telling = readFileSync(file);
    expect(saidBy(file)).toContain('A secret marmalade recipe');
    expect(saidBy(file)).toContain('algorithmicMedia');

    await inExplorer(code, name);
    await code.menu(code.file(name), 'Strip for Release…');
    await expect(code.row('Recipes only')).toBeVisible({ timeout: 20_000 });
    await code.screenshot('release-what');
    await code.pick('Recipes and AI marks');
    await expect(code.row(name)).toContainText('recipe and AI mark');
    await code.screenshot('release-which');
    expect(readFileSync(file)).toEqual(telling);
    await code.page.keyboard.press('Enter');
    await expect(code.toast(`Stripped ${name}.`)).toBeVisible();
    await code.screenshot('release-done');
    expect(readFileSync(file)).toEqual(await drawnPicture(simulator));
    expect(saidBy(file)).not.toMatch(/marmalade|algorithmicMedia|^\[XMP/m);
    const pixels = (bytes: Buffer) => sharp(bytes).raw().toBuffer();
    expect((await pixels(readFileSync(file))).equals(await pixels(telling))).toBe(true);

    await code.pressInToast(`Stripped ${name}.`, 'Undo');
    await expect(code.toast('Files as they were before: 1.')).toBeVisible();
    expect(readFileSync(file)).toEqual(telling);
  },
);
