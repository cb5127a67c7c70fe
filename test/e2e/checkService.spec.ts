import { expect, newContext, openWindow, test } from './fixtures.ts';
import type { Code } from './code.ts';
import { acceptedBodies } from './expected.ts';
import { setKey, startLive } from './live.ts';
import type { SimulatorControl } from './simulatorControl.ts';

const question = 'Send up to 2 test pictures, for up to $0.08 in all?';

/** A service that reads boxes only as one list for each image, passes over the other form, and costs more than its page says. */
const odd = {
  bboxForm: 'both',
  bboxPassedOver: 'literal',
  catalogue: {
    pricing_rows: [
      { label: 'Standard', unit: 'image', rate: 0.04 },
      { label: 'Pro', unit: 'image', rate: 0.075 },
    ],
  },
} as const;

test('what the documents leave open is asked only with consent, and then counts for the next request', async ({
  rig,
  simulator,
  browser,
}) => {
  test.setTimeout(300_000);
  const live = await startLive(rig, simulator.url);
  const context = await newContext(browser);
  try {
    const code = await openWindow(context, live.vscode, live.workspace);
    await simulator.behave(odd);
    await test.step('without a key one is asked for', async () => {
      await code.run('Wan Image: Check Service');
      await expect(code.toast('No API key is set.')).toBeVisible({ timeout: 40_000 });
      await code.run('Notifications: Clear All Notifications');
      await setKey(code, 'sk-empiriolabs-check-service');
    });
    await test.step('without consent nothing is sent', () => declines(code, simulator));
    await test.step('with consent one picture settles it', () => settles(code, simulator));
    await test.step('the next boxed request is written and priced accordingly', () => edits(code, simulator));
    await test.step('it can be forgotten', () => forgets(code));
  } finally {
    await context.close();
    await live.stop();
  }
});

async function declines(code: Code, simulator: SimulatorControl): Promise<void> {
  await code.run('Wan Image: Check Service');
  await expect(code.modal(question)).toBeVisible({ timeout: 40_000 });
  await code.screenshot('check-1-consent');
  await code.pressInModal(question, 'Cancel');
  await expect(code.toast('No test picture was sent.')).toBeVisible();
  expect(await simulator.counts()).toMatchObject({ bodiesReceived: 0, accepted: 0 });
  const report = code.webview();
  await expect(report.getByText('The catalogue says $0.04, the model page $0.03.')).toBeVisible({ timeout: 40_000 });
  await code.run('Notifications: Clear All Notifications');
}

async function settles(code: Code, simulator: SimulatorControl): Promise<void> {
  await code.run('Wan Image: Check Service');
  await code.pressInModal(question, 'Send for up to $0.08');
  await expect(code.toast('Boxes work as one list for each image.')).toBeVisible({ timeout: 60_000 });
  await expect(code.webview().getByText('Red inside the box and nowhere else: this form works.')).toBeVisible();
  await code.screenshot('check-2-report');
  expect(await simulator.counts()).toMatchObject({ accepted: 1, imagesBilled: 1 });
  await code.run('Notifications: Clear All Notifications');
  await code.run('View: Close All Editors');
}

async function edits(code: Code, simulator: SimulatorControl): Promise<void> {
  await code.file('images').click({ timeout: 10_000 });
  await expect(code.file('photo.jpg')).toBeVisible();
  await code.menu(code.file('photo.jpg'), 'Edit with Wan');
  const studio = code.webview();
  await studio.getByRole('textbox', { name: 'What should change?' }).fill('A red kite over the roofs');
  // The test picture of the check is a job like any other.
  await expect(studio.getByRole('article', { name: /fill the box solid red/ })).toBeVisible();
  await studio.getByRole('radio', { name: /Standard/ }).check();
  const paper = await studio.locator('.stage-paper').boundingBox();
  if (!paper) throw new Error('The picture is not shown.');
  await code.page.mouse.move(paper.x + paper.width * 0.2, paper.y + paper.height * 0.2);
  await code.page.mouse.down();
  await code.page.mouse.move(paper.x + paper.width * 0.6, paper.y + paper.height * 0.6, { steps: 4 });
  await code.page.mouse.up();
  await studio.getByRole('button', { name: 'Edit · up to $0.04' }).click({ timeout: 10_000 });
  await expect(studio.getByRole('img', { name: /kite over the roofs/ }).first()).toBeVisible({ timeout: 60_000 });
  await code.screenshot('check-3-applied');
  const last = (await acceptedBodies(simulator)).at(-1);
  expect(last).toMatchObject({ prompt: 'A red kite over the roofs' });
  expect(String(last?.['bbox_list'])).toMatch(/^\[\[\[\d+,\d+,\d+,\d+\]\]\]$/);
  await expect(studio.getByText('The picture has changed everywhere alike')).toBeHidden();
}

async function forgets(code: Code): Promise<void> {
  const asked = /Forget what was found out about 127\.0\.0\.1/;
  await code.run('Wan Image: Forget Service Check');
  await code.pressInModal(asked, 'Forget');
  await expect(code.toast('What was found out about the service is forgotten.')).toBeVisible();
}
