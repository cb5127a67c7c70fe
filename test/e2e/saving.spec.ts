import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from './fixtures.ts';

test('a picture becomes a WebP of exact pixels in the folder that was written', async ({ code, rig }) => {
  await code.run('Wan Image: Generate Image');
  await code.answer('What should the picture show?', 'A kingfisher in two forms');
  await code.pick('Generate · free practice');
  const studio = code.webview();
  const job = studio.getByRole('article', { name: 'A kingfisher in two forms' });
  await job.getByRole('button', { name: 'Save…', exact: true }).click({ timeout: 40_000 });

  const sheet = studio.getByRole('dialog', { name: 'Save Picture' });
  await sheet.getByLabel('Format', { exact: true }).selectOption('WebP');
  await sheet.getByRole('radio', { name: 'Exact pixels' }).check();
  await sheet.getByLabel('Width in pixels').fill('320');
  await sheet.getByLabel('Height in pixels').fill('200');
  await sheet.getByRole('textbox', { name: 'Folder' }).fill('docs/birds');
  await sheet.getByRole('textbox', { name: 'Name' }).fill('${slug}-${width}');
  const path = 'docs/birds/a-kingfisher-in-two-forms-320.webp';
  await expect(sheet.getByText(path)).toBeVisible();
  await expect(sheet.getByRole('status')).toHaveText(/\d KB in all\. No file is replaced\./, { timeout: 20_000 });
  expect(existsSync(join(rig.workspace, 'docs', 'birds'))).toBe(false);
  await code.screenshot('saving-sheet');
  await sheet.getByRole('textbox', { name: 'Name' }).press('Enter');

  await expect(job.getByText(`Saved as ${path}`)).toBeVisible();
  await expect(sheet).toBeHidden();
  const bytes = readFileSync(join(rig.workspace, path));
  expect(await sharp(bytes).metadata()).toMatchObject({ format: 'webp', width: 320, height: 200 });
  expect(readdirSync(join(rig.workspace, 'docs', 'birds'))).toEqual(['a-kingfisher-in-two-forms-320.webp']);
});
