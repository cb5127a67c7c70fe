import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator } from '@playwright/test';
import { root, vsixPath } from '../rig/places.ts';
import { expect, newContext, openWindow, test } from './fixtures.ts';

test(
  'an agent makes a README hero after the person has agreed; the person sees it, compares it and takes it back',
  { tag: '@full' },
  async ({ browser, simulator, rig }) => {
    test.setTimeout(300_000);
    const directory = mkdtempSync(join(tmpdir(), 'wan-agents-'));
    const workspace = join(directory, 'workspace');
    cpSync(join(root, 'test', 'rig', 'sample'), workspace, { recursive: true });
    const vsce = join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
    const caller = join(directory, 'agent-caller.vsix');
    execFileSync(process.execPath, [vsce, 'package', '--allow-missing-repository', '--skip-license', '--out', caller], {
      cwd: join(root, 'test', 'e2e', 'agentCaller'),
      stdio: 'ignore',
    });
    const vscode = await rig.another({
      dataDirectory: join(directory, 'vscode'),
      vsix: [vsixPath, caller],
      // The windows of the tests have AI features off.
      userSettings: { 'wanImage.service': 'simulator', 'chat.disableAIFeatures': false },
    });
    const context = await newContext(browser);
    try {
      const code = await openWindow(context, vscode, workspace);
      const outcomeOf = async (path: string): Promise<Record<string, unknown>> => {
        const read = (): Record<string, unknown> => {
          const file = join(workspace, 'outcome.json');
          return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8') || '{}') as Record<string, unknown>) : {};
        };
        await expect.poll(() => read()['path'], { timeout: 60_000 }).toBe(path);
        return read();
      };
      const press = (dialog: Locator, button: RegExp) => dialog.getByRole('button', { name: button }).click();
      const ask = async (command: string, path: string): Promise<void> => {
        await code.run(command);
        await code.answer('Which path?', path);
      };

      // What the person refuses is not sent.
      await ask('Agent Caller: By Tool', 'images/refused.webp');
      const question = code.modal(/Draw a placeholder, free/);
      await expect(question).toContainText('images/refused.webp');
      await code.screenshot('agent-asks');
      await press(question, /^(Cancel|No|Skip)$/);
      expect((await outcomeOf('images/refused.webp'))['error']).toBeTruthy();
      expect(await simulator.counts()).toMatchObject({ bodiesReceived: 0 });

      await ask('Agent Caller: By Tool', 'images/hero.webp');
      await press(code.modal(/Draw a placeholder, free/), /^(Yes|OK|Allow|Continue)$/);
      expect(await outcomeOf('images/hero.webp')).toMatchObject({ done: true, cost: 'free practice' });
      expect(existsSync(join(workspace, 'images', 'hero.webp'))).toBe(true);
      await code.pressInToast('An agent had images/hero.webp made', 'Compare');
      const studio = code.webview();
      const job = studio.getByRole('article', { name: 'A README hero with a paper lighthouse' }).first();
      await expect(job.getByText('Asked for by an agent')).toBeVisible({ timeout: 20_000 });
      await code.screenshot('agent-made');
      // Whoever has compared can still take it back.
      await code.pressInToast('An agent had images/hero.webp made', 'Undo');
      await expect.poll(() => existsSync(join(workspace, 'images', 'hero.webp'))).toBe(false);
      await code.changeSettings({ 'workbench.colorTheme': 'Default Dark Modern' });
      await expect(job.getByText('Asked for by an agent')).toBeVisible({ timeout: 20_000 });
      await code.screenshot('agent-made-dark');

      // Another extension is asked about by us, and its picture can be taken back.
      await ask('Agent Caller: By Extension', 'images/other.webp');
      const ours = code.modal('It says it is Agent Caller (wan-image-studio-tests.agent-caller)');
      await expect(ours).toContainText('images/other.webp');
      await press(ours, /^Generate, free practice$/);
      expect(await outcomeOf('images/other.webp')).toMatchObject({ kind: 'made' });
      await code.pressInToast('Agent Caller had images/other.webp made', 'Undo');
      await expect.poll(() => existsSync(join(workspace, 'images', 'other.webp'))).toBe(false);
      expect(await simulator.counts()).toMatchObject({ bodiesReceived: 2 });
    } finally {
      await context.close();
      await vscode.stop();
      rmSync(directory, { recursive: true, force: true });
    }
  },
);
