import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from '@playwright/test';
import type { Code } from './code.ts';
import { expect, newContext, openWindow, test } from './fixtures.ts';
import { setKey, startLive } from './live.ts';

const prompt =
  'An otter [click](command:workbench.action.quit) ![x](https://evil.example/x.png) | <b>$1$</b> www.evil.example';

test(
  'what is spent stands in one view, and a request over the daily limit is refused with its amounts',
  { tag: '@full' },
  async ({ browser, rig, simulator }) => {
    test.setTimeout(300_000);
    const live = await startLive(rig, rig.simulator.url, { settings: { 'wanImage.dailyLimit': 0.1 } });
    const context = await newContext(browser);
    try {
      const code = await openWindow(context, live.vscode, live.workspace);
      await setKey(code, 'sk-empiriolabs-spending');

      await test.step('a picture that fits is made, and the studio says what is left', () => makesOne(code));
      await test.step('one that does not fit cannot be run in the studio', () => isHeldBack(code));
      await test.step('nor from the palette, which says the amounts', () => isRefused(code));
      expect(await simulator.counts()).toMatchObject({ bodiesReceived: 1, accepted: 1, imagesBilled: 1 });

      await test.step('the view shows it, word for word', () => isShown(code));
      await test.step('and it can be taken along', async () => {
        const file = join(live.directory, 'spending.csv');
        await code.run('Wan Image: Export Spending');
        await code.answerFileDialog('Export Spending', file);
        const written = (): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');
        await expect.poll(written, { timeout: 20_000 }).toMatch(/An otter \[click\].*,0\.03,0\.03,0\.03,paid,/);
      });
    } finally {
      await context.close();
      await live.stop();
    }
  },
);

const form = (code: Code) => code.webview();
const field = (code: Code): Locator => form(code).getByRole('textbox', { name: 'What should the picture show?' });

async function makesOne(code: Code): Promise<void> {
  await code.run('Wan Image: Open Studio');
  await field(code).fill(prompt, { timeout: 40_000 });
  await form(code).getByRole('radio', { name: 'Standard' }).check({ force: true });
  await expect(form(code).getByText('Today: $0.00 spent or set aside, $0.10 left')).toBeVisible();
  await form(code)
    .getByRole('button', { name: /^Generate/ })
    .click({ timeout: 10_000 });
  await expect(form(code).getByText('cost $0.03')).toBeVisible({ timeout: 40_000 });
  await expect(form(code).getByText('Today: $0.03 spent or set aside, $0.07 left')).toBeVisible();
  await expect(form(code).getByText(/balance \$\d/)).toBeVisible({ timeout: 10_000 });
  await code.screenshot('spending-studio');
}

async function isHeldBack(code: Code): Promise<void> {
  await form(code).getByRole('radio', { name: 'Pro' }).check({ force: true });
  const words = 'This can cost up to $0.075, but today’s limit leaves $0.07.';
  await expect(form(code).getByText(words)).toBeVisible();
  await expect(form(code).getByRole('button', { name: /^Generate/ })).toHaveAttribute('aria-disabled', 'true');
  await code.screenshot('spending-over-limit');
}

async function isRefused(code: Code): Promise<void> {
  await code.run('Wan Image: Generate Image');
  await code.answer('What should the picture show?', 'An otter that is too dear');
  await code.row('Generate · up to $0.075').click({ timeout: 20_000 });
  const words =
    'Nothing was sent. This can cost up to $0.075, and of today’s limit of $0.10, $0.03 is counted already.';
  await expect(code.toast(words)).toBeVisible({ timeout: 20_000 });
  await code.screenshot('spending-refused');
  await code.pressInToast(words, 'Show Spending');
}

async function isShown(code: Code): Promise<void> {
  await expect(code.tab(/Spending/)).toBeVisible({ timeout: 20_000 });
  const view = code.webview();
  await expect(view.getByRole('heading', { name: 'Spending' })).toBeVisible({ timeout: 40_000 });
  const cells = view.getByRole('row').filter({ hasText: 'An otter' }).getByRole('cell');
  await expect(cells.nth(1)).toHaveText(prompt.slice(0, 80));
  await expect(cells.nth(4)).toHaveText(/^1 at \d+ × \d+ px$/);
  await expect(cells.nth(5)).toHaveText('$0.03');
  await expect(cells.nth(7)).toHaveText('Paid');
  await expect(view.getByRole('row').filter({ hasText: 'All workspaces' }).getByRole('cell').nth(3)).toHaveText(
    '$0.07',
  );
  await expect(view.getByText(/The service says that the account has \$\d/)).toBeVisible();
  await expect(view.locator('body a[href], body img, body b, body .katex')).toHaveCount(0);
  await code.screenshot('spending-view');
  await code.run('Preferences: Toggle between Light/Dark Themes');
  await expect(code.page.locator('.monaco-workbench.vs-dark')).toBeVisible();
  await cells.first().scrollIntoViewIfNeeded();
  await code.screenshot('spending-view-dark');
}
