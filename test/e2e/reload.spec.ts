import { expect, test } from './fixtures.ts';

test('a window reloaded in the middle of a job finds its result', async ({ fresh: code, simulator }) => {
  await simulator.behave({ queueMs: 500, renderMs: 8000 });
  await code.run('Wan Image: Generate Image');
  await code.answer('What should the picture show?', 'A bridge seen after a reload');
  await code.pick('Generate · free practice');
  await expect(code.webview().getByText('Drawing', { exact: true })).toBeVisible({ timeout: 20_000 });
  await code.screenshot('studio-running');
  await code.reload();
  await code.run('Wan Image: Open Studio'); // a studio that VS Code has not restored is opened, one that it has comes to the front
  await expect(code.webview().getByRole('img', { name: /bridge/ })).toBeVisible({ timeout: 60_000 });
  await code.screenshot('studio-after-reload');
  expect(await simulator.counts()).toMatchObject({ bodiesReceived: 1, accepted: 1, imagesBilled: 1 });
});

test('a cancelled job is still offered when its result comes', { tag: '@full' }, async ({ code, simulator }) => {
  await simulator.behave({ queueMs: 500, renderMs: 6000 });
  await code.open('docs/guide.md', 1);
  await code.run('Wan Image: Generate and Insert Here');
  await code.answer('What should the picture show?', 'A cancelled balloon');
  await code.pick('Generate · free practice');
  const progress = code.toast('Generating the picture');
  await expect(progress).toBeVisible();
  await progress.getByRole('button', { name: 'Cancel' }).click();
  await expect(code.toast('No longer waiting. The picture is offered when it comes.')).toBeVisible();
  await expect(code.toast(/picture.*(ready|came|here)/i).last()).toBeVisible({ timeout: 40_000 });
  await code.screenshot('offered-after-cancel');
  await code.run('Wan Image: Open Studio');
  await expect(code.webview().getByRole('img', { name: /cancelled balloon/ })).toBeVisible();
  await expect(
    code.webview().getByText('You cancelled this, but the service had already accepted it. Here is what came.'),
  ).toBeVisible();
  expect(await simulator.counts()).toMatchObject({ bodiesReceived: 1, accepted: 1, imagesBilled: 1 });
});

test('what was written in the form survives a reload', { tag: '@full' }, async ({ fresh: code }) => {
  await code.run('Wan Image: Open Studio');
  await code.webview().getByRole('textbox', { name: 'What should the picture show?' }).fill('A half written wish');
  await code.page.waitForTimeout(2000); // VS Code writes what a panel remembers a moment later
  await code.reload();
  await code.run('Wan Image: Open Studio');
  await expect(code.webview().getByRole('textbox', { name: 'What should the picture show?' })).toHaveValue(
    'A half written wish',
    { timeout: 20_000 },
  );
});
