import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unmarked } from '../unmarked.ts';
import { acceptedBodies, drawnPicture } from './expected.ts';
import { expect, test } from './fixtures.ts';

test('a saved picture tells how it was made, and opens as what was asked for', async ({ code, simulator, rig }) => {
  await code.changeSettings({ 'wanImage.recipe': 'full', 'wanImage.saveFolder': '' });
  await code.run('Wan Image: Generate Image');
  await code.answer('What should the picture show?', 'A paper lighthouse at dusk');
  await code.pick('Generate · free practice');
  const studio = code.webview();
  const job = studio.getByRole('article', { name: 'A paper lighthouse at dusk' });
  await job.getByRole('button', { name: 'Save', exact: true }).click({ timeout: 40_000 });
  const name = 'a-paper-lighthouse-at-dusk.png';
  const file = join(rig.workspace, name);
  await expect.poll(() => existsSync(file)).toBe(true);

  const bytes = readFileSync(file);
  expect(unmarked(bytes).equals(await drawnPicture(simulator))).toBe(true);
  const [body] = await acceptedBodies(simulator);
  const text = bytes.toString('utf8');
  expect(text).toContain('A paper lighthouse at dusk');
  expect(text).toContain(String(body?.['seed']));
  expect(text).not.toContain(rig.workspace);

  const prompt = studio.getByRole('textbox', { name: 'What should the picture show?' });
  await prompt.fill('Something else');
  await expect(async () => {
    await code.page.locator('[aria-label^="Refresh Explorer"]').first().dispatchEvent('click');
    await expect(code.file(name)).toBeVisible({ timeout: 4000 });
  }).toPass({ timeout: 40_000 });
  await code.menu(code.file(name), 'Open Recipe');
  await expect(prompt).toHaveValue('A paper lighthouse at dusk', { timeout: 20_000 });
  await expect(studio.getByText(`This is the recipe of ${name}`)).toBeVisible();
  await expect(studio.getByText('similar pictures, not identical ones')).toBeVisible();
  await code.screenshot('recipe-opened');
  expect(await simulator.counts()).toMatchObject({ bodiesReceived: 1 });
});
