import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { newCanary } from './canary.ts';
import { canSearch, expect, newContext, openWindow, test } from './fixtures.ts';
import { setKey, startLive } from './live.ts';

test(
  'placeholders of two folders are free, and made real at once for the price that was agreed to',
  { tag: '@full' },
  async ({ browser, simulator, rig }) => {
    test.skip(!canSearch, 'this release has no file search here');
    test.setTimeout(300_000);
    const live = await startLive(rig, simulator.url);
    const context = await newContext(browser);
    try {
      await simulator.behave({ setDelivers: 12 }); // by itself it sometimes delivers fewer, as the service does
      const at = (path: string) => join(live.workspace, path);
      const set = (name: string, ...names: string[]) => {
        mkdirSync(at(name));
        const pictures = names.map((each) => ({ name: each, prompt: `A ${each} of clay` }));
        const content = { version: 1, model: 'standard', size: { width: 800, height: 768 }, pictures };
        writeFileSync(at(`${name}/${name}.wanset.json`), JSON.stringify(content, null, 2));
      };
      set('kitchen', 'bowl', 'ladle', 'apron');
      set('cellar', 'barrel');
      // Of the same kind, at a place that a set names: it is somebody's own work.
      cpSync(at('images/screen.png'), at('kitchen/apron.png'));
      const own = readFileSync(at('kitchen/apron.png'));
      const files = ['kitchen/bowl.png', 'kitchen/ladle.png', 'cellar/barrel.png'];

      const code = await openWindow(context, live.vscode, live.workspace);
      await setKey(code, newCanary());
      for (const name of ['kitchen', 'cellar']) {
        await code.open(`${name}/${name}.wanset.json`);
        await code.run('Wan Image: Fill a Set File with Placeholders');
      }
      for (const file of files) {
        await expect.poll(() => existsSync(at(file))).toBe(true);
        expect(await sharp(at(file)).metadata()).toMatchObject({ format: 'png', width: 800, height: 768 });
        expect(readFileSync(at(file)).toString('latin1')).toContain('Wan Image Placeholder');
      }
      const placeholders = files.map((file) => readFileSync(at(file)));
      await code.screenshot('drafts-filled');

      const question = 'Generate 3 pictures for up to $0.09?';
      const choose = async () => {
        await code.run('Notifications: Clear All Notifications');
        await code.run('Wan Image: Make Placeholders Real…');
        await expect(code.page.locator('.quick-input-title')).toHaveText('Make Which of 3 Placeholders Real?');
        for (const file of files) await expect(code.row(file)).toBeVisible();
        await code.screenshot('drafts-choose');
        await code.page.keyboard.press('Enter');
        await expect(code.modal(question)).toContainText('Requests: 2.');
        await code.screenshot('drafts-price');
      };
      await choose();
      await code.pressInModal(question, 'Cancel');
      await expect(code.modal(question)).toBeHidden();
      expect(await simulator.counts()).toMatchObject({ accepted: 0, imagesBilled: 0 });
      for (const [index, file] of files.entries()) expect(readFileSync(at(file))).toEqual(placeholders[index]);

      await choose();
      await code.pressInModal(question, 'Generate for up to $0.09');
      for (const [index, file] of files.entries()) {
        await expect
          .poll(() => readFileSync(at(file)).equals(placeholders[index] ?? own), { timeout: 60_000 })
          .toBe(false);
        expect(await sharp(at(file)).metadata()).toMatchObject({ format: 'png', width: 800, height: 768 });
        expect(readFileSync(at(file)).toString('latin1')).not.toContain('Wan Image Placeholder');
      }
      expect(await simulator.counts()).toMatchObject({ accepted: 2, imagesBilled: 3 });
      expect(readFileSync(at('kitchen/apron.png'))).toEqual(own);
      await expect(code.toast(/Saved 3 pictures in (kitchen, cellar|cellar, kitchen)\./)).toBeVisible();
      await code.screenshot('drafts-real');
      await code.run('Wan Image: Make Placeholders Real…');
      await expect(
        code.toast('There is no placeholder that a set file or a document of this workspace could make real.'),
      ).toBeVisible();
    } finally {
      await context.close();
      await live.stop();
    }
  },
);
