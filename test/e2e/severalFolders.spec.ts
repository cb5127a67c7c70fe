import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, newContext, openWindow, test } from './fixtures.ts';

test(
  'two folders are open: a picture goes into the one of its document, by that one’s own settings',
  { tag: '@full' },
  async ({ browser, rig }) => {
    const root = mkdtempSync(join(tmpdir(), 'wan-several-'));
    for (const name of ['app', 'site']) {
      mkdirSync(join(root, name, '.vscode'), { recursive: true });
      writeFileSync(join(root, name, `${name}.md`), `# The ${name}\n\n`);
      writeFileSync(
        join(root, name, '.vscode', 'settings.json'),
        JSON.stringify({ 'wanImage.saveFolder': `${name}-art` }),
      );
    }
    const workspace = join(root, 'both.code-workspace');
    writeFileSync(workspace, JSON.stringify({ folders: [{ path: 'app' }, { path: 'site' }] }));
    const context = await newContext(browser);
    try {
      const code = await openWindow(context, rig.vscode, { workspace });
      await code.open('site.md', 3);
      await code.run('Wan Image: Generate and Insert Here');
      await code.answer('What should the picture show?', 'A pair of lighthouses');
      await code.pick('Generate · free practice');
      await expect(code.toast(/inserted it into site\/site\.md/)).toBeVisible({ timeout: 40_000 });
      await code.saveEditor();
      expect(readFileSync(join(root, 'site', 'site.md'), 'utf8')).toContain('](site-art/a-pair-of-lighthouses.png)');
      expect(existsSync(join(root, 'site', 'site-art', 'a-pair-of-lighthouses.png'))).toBe(true);
      expect(existsSync(join(root, 'app', 'app-art'))).toBe(false);
    } finally {
      await context.close();
      rmSync(root, { recursive: true, force: true });
    }
  },
);
