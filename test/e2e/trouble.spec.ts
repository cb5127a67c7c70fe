import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Code } from './code.ts';
import { unmarked } from '../unmarked.ts';
import { drawnPicture } from './expected.ts';
import { expect, newContext, openWindow, test } from './fixtures.ts';
import { vsixPath } from '../rig/places.ts';
import { packageTestExtension } from './testExtension.ts';

/** Runs a prompt from the palette and waits for its picture in the studio. */
async function generate(code: Code, prompt: string): Promise<void> {
  await code.run('Wan Image: Generate Image');
  await code.answer('What should the picture show?', prompt);
  await code.pick('Generate · free practice');
  await expect(code.webview().getByRole('img', { name: prompt })).toBeVisible({ timeout: 40_000 });
}

const save = (code: Code) => code.webview().getByRole('button', { name: 'Save', exact: true }).first().click();

/** A file system of its own at `place`; false where the system does not let us make one. */
function mount(place: string, options: string): boolean {
  mkdirSync(place, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', place], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

for (const { what, options, sentence } of [
  { what: 'a folder that cannot be written', options: 'ro', sentence: /can only be read/ },
  { what: 'a full disk', options: 'size=64k', sentence: /no room left on the disk/ },
]) {
  test(`${what}: a clear sentence, nothing lost, another place works`, async ({ code, simulator, rig }) => {
    const place = join(rig.workspace, 'troubled');
    test.skip(!mount(place, options), 'skipped: this system does not let tests make a file system');
    try {
      await code.changeSettings({ 'wanImage.saveFolder': 'troubled' });
      await generate(code, `A lantern for ${what}`);
      const warning = code
        .webview()
        .getByRole('note')
        .filter({ hasText: /Pictures are kept all the same/ });
      if (options === 'ro') await expect(warning.getByRole('button', { name: 'Choose Folder…' })).toBeVisible();
      else await expect(warning).toBeHidden();
      await save(code);
      const alert = code.webview().getByRole('alert');
      await expect(alert.getByText(sentence)).toBeVisible();
      await expect(alert.getByText(/still kept in the studio/)).toBeVisible();
      await code.screenshot(options === 'ro' ? 'folder-read-only' : 'disk-full');
      expect(readdirSync(place)).toEqual([]);

      const elsewhere = join(rig.workspace, `${options.slice(0, 2)}-elsewhere.png`);
      await code.webview().getByRole('button', { name: 'Choose Another Place…' }).click();
      await code.answerFileDialog('Save Picture', elsewhere);
      await expect.poll(() => existsSync(elsewhere)).toBe(true);
      expect(unmarked(readFileSync(elsewhere)).equals(await drawnPicture(simulator))).toBe(true);
    } finally {
      execFileSync('umount', [place]);
    }
  });
}

test('without an open folder, saving asks for a place', { tag: '@full' }, async ({ browser, simulator, rig }) => {
  const context = await newContext(browser);
  const folder = mkdtempSync(join(tmpdir(), 'wan-no-folder-'));
  try {
    const code = await openWindow(context, rig.vscode);
    await generate(code, 'A tent with no address');
    await expect(code.webview().getByText('No folder is open, so saving asks for a place.')).toBeVisible();
    await save(code);
    const file = join(folder, 'tent.png');
    await code.answerFileDialog('Save Picture', file);
    await expect.poll(() => existsSync(file)).toBe(true);
    expect(unmarked(readFileSync(file)).equals(await drawnPicture(simulator))).toBe(true);
  } finally {
    await context.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

test(
  'virtual workspaces: saved where it can be, and a clear sentence where it cannot',
  { tag: '@full' },
  async ({ browser, simulator, rig }) => {
    test.setTimeout(300_000);
    const directory = mkdtempSync(join(tmpdir(), 'wan-virtual-'));
    const files = packageTestExtension('virtualFiles', directory);
    const vscode = await rig.another({ dataDirectory: join(directory, 'vscode'), vsix: [vsixPath, files] });
    const context = await newContext(browser);
    try {
      const open = async (scheme: string): Promise<Code> => {
        const workspace = join(directory, `${scheme}.code-workspace`);
        writeFileSync(workspace, JSON.stringify({ folders: [{ uri: `${scheme}:/project`, name: 'project' }] }));
        return openWindow(context, vscode, { workspace });
      };
      const writable = await open('writable');
      await generate(writable, 'A cloud made of paper');
      await save(writable);
      await expect(writable.webview().getByText(/Saved as .*images\/a-cloud-made-of-paper\.png/)).toBeVisible();
      await writable.page.close();

      await simulator.reset();
      const readonly = await open('readonly');
      await generate(readonly, 'A cloud behind glass');
      await save(readonly);
      await expect(
        readonly
          .webview()
          .getByRole('alert')
          .getByText(/can only be read/),
      ).toBeVisible();
      await readonly.screenshot('virtual-read-only');
      const elsewhere = join(directory, 'glass.png');
      await readonly.webview().getByRole('button', { name: 'Choose Another Place…' }).click();
      await readonly.answerFileDialog('Save Picture', elsewhere);
      await expect.poll(() => existsSync(elsewhere)).toBe(true);
      expect(unmarked(readFileSync(elsewhere)).equals(await drawnPicture(simulator))).toBe(true);
    } finally {
      await context.close();
      await vscode.stop();
      rmSync(directory, { recursive: true, force: true });
    }
  },
);
