import type { Code } from './code.ts';
import { expect, newContext, openWindow, test as base } from './fixtures.ts';
import { setKey, startLive } from './live.ts';
import type { SimulatorControl } from './simulatorControl.ts';

/** The tests of this file share a window in live mode with a key: practice has a pace of its own. */
const test = base.extend<object, { live: Code }>({
  live: [
    async ({ browser, rig }, use) => {
      const live = await startLive(rig, rig.simulator.url);
      const context = await newContext(browser);
      const code = await openWindow(context, live.vscode, live.workspace);
      await setKey(code, 'sk-empiriolabs-queue');
      // A service that asks to wait does not wait for the studio to be there.
      await code.run('Wan Image: Open Studio');
      await expect(code.webview().getByLabel('What should the picture show?')).toBeVisible({ timeout: 60_000 });
      await use(code);
      await context.close();
      await live.stop();
    },
    { scope: 'worker', timeout: 240_000 },
  ],
});

async function generate(code: Code, prompt: string): Promise<void> {
  await code.run('Wan Image: Generate Image');
  await code.answer('What should the picture show?', prompt);
  await code.pick('Generate · up to');
}

const card = (code: Code, prompt: string) => code.webview().getByRole('article', { name: prompt });

async function expectBought(simulator: SimulatorControl, bodies: number, accepted: number): Promise<void> {
  const counts = await simulator.counts();
  expect([counts.bodiesReceived, counts.accepted]).toEqual([bodies, accepted]);
}

test(
  'a service that asks to wait is waited for, with a sentence, and the picture still comes',
  { tag: '@full' },
  async ({ live: code, simulator }) => {
    await simulator.faults({ at: 'submit', kind: 'status', status: 429, retryAfter: 20 });
    await generate(code, 'A lantern that is worth waiting for');
    const job = card(code, 'A lantern that is worth waiting for');
    await expect(job.getByText(/^The service is busy; this is tried again in \d+ s\.$/)).toBeVisible({
      timeout: 20_000,
    });
    await expect(job.getByText('Nothing has been sent yet. Cancelling now costs nothing.')).toBeVisible();
    await code.screenshot('queue-busy');
    await expectBought(simulator, 1, 0);
    await expect(job.getByRole('img', { name: 'A lantern that is worth waiting for' })).toBeVisible({
      timeout: 60_000,
    });
    await expectBought(simulator, 2, 1);
  },
);

test(
  'while a request waits, the next one waits behind it and says so',
  { tag: '@full' },
  async ({ live: code, simulator }) => {
    await simulator.faults({ at: 'submit', kind: 'status', status: 429, retryAfter: 40 });
    await generate(code, 'The first of two lanterns');
    const busy = /^The service is busy; this is tried again in/;
    await expect(card(code, 'The first of two lanterns').getByText(busy)).toBeVisible({ timeout: 20_000 });
    await generate(code, 'The second of two lanterns');
    await expect(card(code, 'The second of two lanterns').getByText(busy)).toBeVisible();
    await code.screenshot('queue-two');
    await expectBought(simulator, 1, 0);
    for (const prompt of ['The first of two lanterns', 'The second of two lanterns'])
      await expect(card(code, prompt).getByRole('img', { name: prompt })).toBeVisible({ timeout: 60_000 });
    await expectBought(simulator, 3, 2);
  },
);

// The last one: the service's wish to be left alone outlives the request.
test('cancelled while the service is busy, nothing is sent and nothing is bought', async ({
  live: code,
  simulator,
}) => {
  await simulator.faults({ at: 'submit', kind: 'status', status: 429, retryAfter: 45 });
  await generate(code, 'A lantern that nobody waits for');
  const job = card(code, 'A lantern that nobody waits for');
  await expect(job.getByText(/^The service is busy; this is tried again in/)).toBeVisible({ timeout: 20_000 });
  await job.getByRole('button', { name: 'Cancel', exact: true }).click({ timeout: 10_000 });
  await expect(job.getByText('Cancelled before the request was sent. Nothing was bought.')).toBeVisible();
  await expectBought(simulator, 1, 0);
});
