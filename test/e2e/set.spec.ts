import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { acceptedBodies } from './expected.ts';
import { expect, test } from './fixtures.ts';

test('a set of four with one missing is shown as such, and all that came are saved', async ({
  code,
  simulator,
  rig,
}) => {
  await simulator.behave({ setDelivers: 3 });
  await code.run('Wan Image: Open Studio');
  const studio = code.webview();
  await studio.getByRole('radio', { name: /Image set/ }).check();
  // The form is as the last journey in this window has left it.
  const images = studio.getByRole('button', { name: /^Remove .*\.(png|jpg)$/ });
  while ((await images.count()) > 0) await images.first().click();
  await studio
    .getByRole('textbox', { name: 'What do all pictures have in common?' })
    .fill('Seasons in a small park, gouache');
  for (const [index, line] of ['Spring', 'Summer', 'Autumn', 'Winter'].entries()) {
    await studio.getByRole('textbox', { name: `Picture ${index + 1}`, exact: true }).fill(line);
  }
  await code.screenshot('set-form');
  await studio.getByRole('button', { name: /^Generate/ }).click();

  // Sets of other journeys may stand in the list as well.
  const job = studio.getByRole('article', { name: 'Seasons in a small park, gouache' });
  await expect(job.getByText('1 of 4 did not come; not billed')).toBeVisible({ timeout: 60_000 });
  await expect(job.getByRole('img', { name: /Seasons|Spring|Summer|Autumn/ })).toHaveCount(3);
  await code.screenshot('set-result');
  await job.getByRole('button', { name: 'Save All 3' }).click();
  const pictures = (): string[] =>
    readdirSync(join(rig.workspace, 'images')).filter((name) => /^(spring|summer|autumn|winter)/.test(name));
  await expect.poll(() => pictures().sort()).toEqual(['autumn.png', 'spring.png', 'summer.png']);

  const [body] = await acceptedBodies(simulator);
  expect(body).toMatchObject({
    enable_sequential: true,
    num_images_set: 4,
    prompt:
      'Seasons in a small park, gouache\nFirst image: Spring\nSecond image: Summer\nThird image: Autumn\nFourth image: Winter',
  });
  for (const ignored of ['num_images', 'thinking_mode', 'color_palette']) expect(body).not.toHaveProperty(ignored);
  expect(await simulator.counts()).toMatchObject({ accepted: 1, imagesBilled: 3 });
});
