import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseFragment } from 'parse5';
import sharp from 'sharp';
import type { Code } from './code.ts';
import { expect, test } from './fixtures.ts';
import { jobOf, openStudio, prompt, tabTo } from './studioSteps.ts';

/** Writes over what is in the field that has the keyboard. */
async function retype(code: Code, text: string): Promise<void> {
  await code.page.keyboard.press('ControlOrMeta+Home');
  await code.page.keyboard.press('ControlOrMeta+Shift+End');
  await code.page.keyboard.type(text);
}

test(
  'a picture is saved in exact pixels, then in several widths, and inserted to choose from, by keyboard alone',
  { tag: '@full' },
  async ({ code, rig }) => {
    test.setTimeout(300_000);
    const { keyboard } = code.page;
    const words = 'A heron saved by keys';
    await code.open('site/index.html', 14);
    const lines = readFileSync(join(rig.workspace, 'site', 'index.html'), 'utf8').split('\n').length;
    await openStudio(code);
    const studio = code.webview();
    await prompt(code).focus();
    await retype(code, words);
    await keyboard.press('ControlOrMeta+Enter');
    const job = jobOf(code, words);
    await expect(job.getByRole('img').first()).toBeVisible({ timeout: 60_000 });

    const sheet = studio.getByRole('dialog', { name: 'Save Picture' });
    const open = job.getByRole('button', { name: 'Save…', exact: true });
    const format = sheet.getByLabel('Format', { exact: true });
    const size = (name: string) => sheet.getByRole('radio', { name });
    const field = (name: string) => sheet.getByRole('textbox', { name });
    await tabTo(code, open);
    await keyboard.press('s');
    await tabTo(code, format);
    await keyboard.type('JPEG');
    await expect(format).toHaveValue('jpeg');
    await tabTo(code, size('As it is'));
    await keyboard.press('ArrowRight');
    await expect(size('Exact pixels')).toBeChecked();
    await tabTo(code, field('Width in pixels'));
    await retype(code, '300');
    await tabTo(code, field('Height in pixels'));
    await retype(code, '200');
    await tabTo(code, field('Folder'));
    await retype(code, 'site/keys');
    await tabTo(code, field('Name'));
    await retype(code, 'heron');
    await expect(sheet.getByText('site/keys/heron.jpg')).toBeVisible({ timeout: 30_000 });
    await code.screenshot('save-by-keys-exact');
    await keyboard.press('Enter');
    await expect(job.getByText('Saved as site/keys/heron.jpg')).toBeVisible({ timeout: 30_000 });
    const exact = join(rig.workspace, 'site', 'keys', 'heron.jpg');
    expect(await sharp(exact).metadata()).toMatchObject({ format: 'jpeg', width: 300, height: 200 });

    // The keyboard is where it was, and Escape changes nothing.
    await expect(open).toBeFocused();
    await keyboard.press('Enter');
    await expect(sheet).toBeVisible({ timeout: 30_000 });
    await keyboard.press('Escape');
    await expect(sheet).toBeHidden();
    await expect(open).toBeFocused();

    await keyboard.press('Enter');
    await tabTo(code, size('Exact pixels'));
    await keyboard.press('ArrowRight');
    await expect(size('Several widths')).toBeChecked();
    await tabTo(code, field('Widths in pixels, at most 8'));
    await retype(code, '320, 640');
    await tabTo(code, field('Folder'));
    await retype(code, 'site/keys');
    await tabTo(code, field('Name'));
    await retype(code, 'heron-${width}');
    await expect(sheet.getByText('site/keys/heron-640.jpg')).toBeVisible({ timeout: 30_000 });
    await code.screenshot('save-by-keys-widths');
    await keyboard.press('Enter');
    await expect(job.getByText('Saved as site/keys/heron-640.jpg')).toBeVisible({ timeout: 30_000 });
    for (const width of [320, 640]) {
      const file = join(rig.workspace, 'site', 'keys', `heron-${width}.jpg`);
      expect(await sharp(file).metadata()).toMatchObject({ format: 'jpeg', width });
    }
    expect(existsSync(join(rig.workspace, 'site', 'keys', 'heron-1.jpg'))).toBe(false);

    await tabTo(code, job.getByRole('button', { name: /^Insert into .*index\.html/ }));
    await keyboard.press('Enter');
    await expect(code.tab('index.html')).toBeVisible();
    await code.open('site/index.html', 14);
    await expect.poll(() => code.wholeEditor(), { timeout: 30_000 }).toContain('<img');
    await code.screenshot('save-by-keys-inserted');
    const text = await code.wholeEditor();
    expect(text.split('\n').length).toBeGreaterThanOrEqual(lines);
    const [image] = imagesIn(parseFragment(text)).filter(({ src }) => src?.includes('heron'));
    expect(image).toMatchObject({ src: 'keys/heron-640.jpg', alt: words, width: '640' });
    expect(image?.['srcset']).toBe('keys/heron-320.jpg 320w, keys/heron-640.jpg 640w');
    expect(image?.['sizes']).toBe('(max-width: 640px) 100vw, 640px');
  },
);

interface Node {
  readonly nodeName: string;
  readonly attrs?: readonly { readonly name: string; readonly value: string }[];
  readonly childNodes?: readonly Node[];
}

/** The attributes of all images, as a parser of HTML reads them. */
function imagesIn(node: object): Record<string, string>[] {
  const { nodeName, attrs = [], childNodes = [] } = node as Node;
  const own = nodeName === 'img' ? [Object.fromEntries(attrs.map(({ name, value }) => [name, value]))] : [];
  return [...own, ...childNodes.flatMap(imagesIn)];
}
