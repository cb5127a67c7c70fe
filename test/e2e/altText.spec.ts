import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { root, vsixPath } from '../rig/places.ts';
import { expect, newContext, openWindow, test } from './fixtures.ts';
import { packageTestExtension } from './testExtension.ts';

const command = 'Wan Image: Draft Alt Text from the Picture…';

test('a draft of an alternative text says so where there is no language model', { tag: '@full' }, async ({ code }) => {
  await code.open('docs/guide.md', 7, 5);
  const before = await code.wholeEditor();
  await code.open('docs/guide.md', 7, 5);
  await code.run(command);
  await expect(code.toast('There is no language model in this window. Sign in to one first.')).toBeVisible();
  expect(await code.wholeEditor()).toBe(before);
});

test(
  'a language model drafts an alternative text after the user has chosen who sees the picture',
  { tag: '@full' },
  async ({ browser, rig }) => {
    test.setTimeout(300_000);
    const directory = mkdtempSync(join(tmpdir(), 'wan-parrot-'));
    const workspace = join(directory, 'workspace');
    cpSync(join(root, 'test', 'rig', 'sample'), workspace, { recursive: true });
    const heard = join(directory, 'heard.jsonl');
    const vscode = await rig.another({
      dataDirectory: join(directory, 'vscode'),
      vsix: [vsixPath, packageTestExtension('languageModel', directory)],
      env: { PARROT_HEARD: heard },
    });
    const context = await newContext(browser);
    try {
      const code = await openWindow(context, vscode, workspace);
      await code.open('docs/guide.md', 7, 5);
      const before = await code.wholeEditor();
      await code.open('docs/guide.md', 7, 5);
      const ask = async () => {
        await code.run(command);
        const placeholder = 'images/screen.png is sent to the model that you choose';
        await expect(code.page.getByPlaceholder(placeholder)).toBeVisible();
        await expect(code.row('Parrot One')).toBeVisible();
      };
      await ask();
      await code.screenshot('alt-text-who');
      await code.page.keyboard.press('Escape');
      expect(existsSync(heard)).toBe(false);

      await ask();
      await code.pick('Parrot One');
      await expect(
        code.toast('Read it over before you keep it: the text of images/screen.png is now a draft'),
      ).toBeVisible();
      await code.screenshot('alt-text-draft');
      const lines = readFileSync(heard, 'utf8').trimEnd().split('\n');
      expect(lines).toHaveLength(1);
      const { pictures } = JSON.parse(lines[0] ?? '') as { pictures: { mimeType: string; data: string }[] };
      expect(pictures).toHaveLength(1);
      const shown = Buffer.from(pictures[0]?.data ?? '', 'base64');
      const { format, exif, width } = await sharp(shown).metadata();
      expect(pictures[0]?.mimeType).toBe(`image/${format}`);
      expect(exif).toBeUndefined();
      expect(width).toBeLessThanOrEqual(1024);

      const draft = '![A line that \\*rises\\* with the wind](../images/screen.png)';
      expect(await code.wholeEditor()).toBe(before.replace('![The display](../images/screen.png)', draft));
      await code.page.keyboard.press('ControlOrMeta+KeyZ');
      await expect.poll(() => code.wholeEditor()).toBe(before);
    } finally {
      await context.close();
      await vscode.stop();
      rmSync(directory, { recursive: true, force: true });
    }
  },
);
