import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Locator } from '@playwright/test';
import type { JobRecord } from '../../src/jobs/record.ts';
import type { Code } from './code.ts';
import { expect, newContext, openWindow, test as base } from './fixtures.ts';
import { type Live, setKey, startLive } from './live.ts';

interface LiveWindow {
  readonly live: Live;
  readonly code: Code;
}

/** The tests of this file share a window in live mode with a key. */
const test = base.extend<object, { liveWindow: LiveWindow }>({
  liveWindow: [
    async ({ browser, rig }, use) => {
      const live = await startLive(rig, rig.simulator.url);
      const context = await newContext(browser);
      const code = await openWindow(context, live.vscode, live.workspace);
      await setKey(code, 'sk-empiriolabs-recovery');
      await use({ live, code });
      await context.close();
      await live.stop();
    },
    { scope: 'worker', timeout: 240_000 },
  ],
});

const patience = { timeout: 40_000 };

test('a picture whose answer was lost is looked for, chosen, and saved', async ({ liveWindow, simulator }) => {
  const { code, live } = liveWindow;
  const prompt = 'A heron whose answer was lost';
  await simulator.faults({ at: 'submit', kind: 'drop-after-accept' });
  await generate(code, prompt);
  const lost = card(code, prompt);
  await expect(
    lost.getByText('The service could not be reached. The request may have been billed, so it was not sent again.'),
  ).toBeVisible(patience);
  const found = lost.getByRole('figure', { name: 'Found picture 1 of 1' });
  // The account lists a picture once it is made; until then the studio says to look again.
  await expect(async () => {
    await lost.getByRole('button', { name: 'Look for My Pictures' }).click(patience);
    await expect(found.getByRole('img')).toBeVisible({ timeout: 5_000 });
  }).toPass({ timeout: 60_000 });
  await expect(found).toContainText('cost $0.075');
  await found.scrollIntoViewIfNeeded();
  await code.screenshot('recovery-found');
  await code.changeSettings({ 'workbench.colorTheme': 'Default Dark Modern' });
  await expect(code.webview().locator('body.vscode-dark')).toBeVisible(patience);
  await code.screenshot('recovery-found-dark');
  await found.getByRole('button', { name: 'This Is Mine' }).click(patience);
  await expect(lost.getByRole('img', { name: prompt })).toBeVisible(patience);
  await expect(lost.getByText('1 picture', { exact: true })).toBeVisible(patience);
  await expect(found).toBeHidden(patience);
  await lost.getByRole('button', { name: 'Save', exact: true }).click(patience);
  await expect(lost.getByText(/^Saved as/)).toBeVisible(patience);
  expect(existsSync(join(live.workspace, 'images', 'a-heron-whose-answer-was-lost.png'))).toBe(true);
  await code.screenshot('recovery-saved-dark');
  expect(await simulator.counts()).toMatchObject({
    bodiesReceived: 1,
    accepted: 1,
    imagesBilled: 1,
    downloadsWithCredentials: 0,
  });
  await code.reset();
});

test('a window whose extension host is killed in the middle of a job finds its picture', async ({
  liveWindow,
  simulator,
}) => {
  const { code, live } = liveWindow;
  const prompt = 'An owl that outlives its window';
  await simulator.behave({ queueMs: 500, renderMs: 6000 });
  await generate(code, prompt);
  await expect(card(code, prompt).getByText('Drawing', { exact: true })).toBeVisible(patience);
  const pid = ownerOf(live, prompt);
  process.kill(pid, 'SIGKILL');
  await expect.poll(() => isRunning(pid)).toBe(false);
  await code.reload();
  await code.run('Wan Image: Open Studio');
  await expect(card(code, prompt).getByRole('img', { name: prompt })).toBeVisible({ timeout: 60_000 });
  await code.screenshot('recovery-after-kill');
  expect(await simulator.counts()).toMatchObject({ bodiesReceived: 1, accepted: 1, imagesBilled: 1 });
});

const card = (code: Code, prompt: string): Locator =>
  code.webview().getByRole('article', { name: prompt, exact: true });

async function generate(code: Code, prompt: string): Promise<void> {
  const field = code.webview().getByRole('textbox', { name: 'What should the picture show?' });
  await code.run('Wan Image: Open Studio');
  await field.fill(prompt, patience);
  await code
    .webview()
    .getByRole('button', { name: /^Generate/ })
    .click(patience);
}

/** The process that works on the job with this prompt: the extension host of its window. */
function ownerOf({ vscode }: Live, prompt: string): number {
  const entry = globSync(join(vscode.dataDirectory, '**', 'workspaces', '*', '*', '*', 'job.json')).find(
    (file) => (JSON.parse(readFileSync(file, 'utf8')) as JobRecord).request.prompt === prompt,
  );
  const [owner] = globSync(join(dirname(entry ?? ''), 'owner.*'));
  const { pid } = JSON.parse(readFileSync(owner ?? '', 'utf8')) as { pid?: number };
  if (pid === undefined || pid === vscode.pid || pid === process.pid) throw new Error('Nobody works on the job.');
  return pid;
}

function isRunning(pid: number): boolean {
  try {
    // One that nobody has collected yet still has an entry.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
