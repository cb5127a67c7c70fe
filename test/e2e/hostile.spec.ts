import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hostileSettings, writeNamedPictures, writeOrders, writeWaysOut } from '../hostile/repository.ts';
import { type Attacker, startAttacker, treeOf } from '../hostile/witness.ts';
import { newCanary } from './canary.ts';
import type { Code } from './code.ts';
import { expect, newContext, openWindow, type Rig, test } from './fixtures.ts';
import { type Live, setKey, startLive } from './live.ts';
import { Wiretap } from './wiretap.ts';

/** A live VS Code, its workspace made hostile, and what the attacker would get. */
interface Siege {
  readonly live: Live;
  readonly wire: Wiretap;
  readonly attacker: Attacker;
  readonly key: string;
  /** A folder beside the workspace. */
  readonly outside: string;
  stop(): Promise<void>;
}

async function besiege(rig: Rig, options: Parameters<typeof startLive>[2]): Promise<Siege> {
  const wire = await Wiretap.start(rig.simulator.url);
  const attacker = await startAttacker();
  // What VS Code itself runs in a trusted folder is its own affair, and so is whether it asks at the start.
  const quiet = { 'task.allowAutomaticTasks': 'off', 'security.workspace.trust.startupPrompt': 'never' };
  const live = await startLive(rig, wire.url, { ...options, settings: { ...quiet, ...options?.settings } });
  const outside = join(live.directory, 'outside');
  mkdirSync(outside);
  writeFileSync(join(outside, 'precious.png'), 'precious');
  const aims = { attacker: attacker.url, outside };
  await writeOrders(live.workspace, aims);
  await writeWaysOut(live.workspace, aims);
  await writeNamedPictures(join(live.workspace, 'names'));
  const settings = { ...hostileSettings(aims), 'wanImage.saveFolder': 'way-out' };
  writeFileSync(join(live.workspace, '.vscode', 'settings.json'), JSON.stringify(settings));
  const stop = async (): Promise<void> => {
    wire.stop();
    attacker.stop();
    await live.stop();
  };
  return { live, wire, attacker, key: newCanary(), outside, stop };
}

/** The key went to the service with every call, to nobody else, and the attacker got nothing, neither request nor file. */
async function expectNothingLost({ wire, attacker, key, outside }: Siege): Promise<void> {
  expect(attacker.heard).toEqual([]);
  expect(await treeOf(outside)).toEqual({ 'precious.png': expect.any(String) });
  const service = wire.heard.filter(({ to }) => to === 'service');
  expect(service.length).toBeGreaterThan(1);
  expect(new Set(service.map(({ authorization }) => authorization))).toEqual(new Set([`Bearer ${key}`]));
  expect(wire.heard.filter(({ to, rawHeaders }) => to === 'pictures' && rawHeaders.join().includes(key))).toEqual([]);
}

const untrusted = (code: Code) => code.webview().getByRole('note').filter({ hasText: 'This folder is not trusted.' });

test('a folder that is not trusted keeps what is safe, and what it brings is off; trusted, it still gets nothing', async ({
  rig,
  simulator,
  browser,
}) => {
  test.setTimeout(300_000);
  const siege = await besiege(rig, { trust: 'asked' });
  const context = await newContext(browser);
  try {
    const code = await openWindow(context, siege.live.vscode, siege.live.workspace);
    const studio = code.webview();
    const save = studio.getByRole('button', { name: 'Save', exact: true });

    await test.step('VS Code does not trust the folder', async () => {
      await expect(code.page.locator('.statusbar-item', { hasText: 'Restricted Mode' })).toBeVisible();
    });
    await test.step('a key can be set, and a picture made and saved where the user’s own settings say', async () => {
      await setKey(code, siege.key);
      await code.run('Wan Image: Generate Image');
      await code.answer('What should the picture show?', 'A heron by the lake');
      await code.pick('Generate · up to $0.075');
      await expect(untrusted(code)).toContainText('such as its save folder, are off; yours count', { timeout: 40_000 });
      await expect(studio.getByRole('img', { name: /heron/ })).toBeVisible({ timeout: 40_000 });
      await save.click({ timeout: 10_000 });
      await expect(studio.getByText('Saved as images/a-heron-by-the-lake.png')).toBeVisible();
      await code.screenshot('hostile-1-untrusted');
      expect(await simulator.counts()).toMatchObject({ accepted: 1 });
      await expectNothingLost(siege);
    });
    await test.step('the folder is trusted from the banner, which then goes', async () => {
      await untrusted(code).getByRole('button', { name: 'Manage Trust' }).click({ timeout: 10_000 });
      const trust = code.page.locator('.workspace-trust-editor').getByRole('button', { name: 'Trust', exact: true });
      await trust.click({ timeout: 20_000 });
      await expect(code.page.locator('.statusbar-item', { hasText: 'Restricted Mode' })).toBeHidden();
      await code.run('Wan Image: Open Studio');
      await expect(studio.getByRole('img', { name: /heron/ }).first()).toBeVisible({ timeout: 40_000 });
      await expect(untrusted(code)).toBeHidden();
    });
    await test.step('its save folder counts now, leads out, and gets no picture', async () => {
      await code.run('Wan Image: Generate Image');
      await code.answer('What should the picture show?', 'An otter in the reeds');
      await code.pick('Generate · up to $0.075');
      await expect(studio.getByRole('img', { name: /otter/ })).toBeVisible({ timeout: 40_000 });
      const card = studio.getByRole('article').filter({ hasText: 'An otter in the reeds' });
      await card.getByRole('button', { name: 'Save', exact: true }).click({ timeout: 10_000 });
      await expect(studio.getByRole('alert')).toContainText('leads out of the workspace');
      await code.screenshot('hostile-2-trusted');
      expect(await simulator.counts()).toMatchObject({ accepted: 2 });
      await expectNothingLost(siege);
    });
  } finally {
    await context.close();
    await siege.stop();
  }
});

test(
  'a workspace file and its folders choose no service, no proxy and no price',
  { tag: '@full' },
  async ({ rig, simulator, browser }) => {
    test.setTimeout(300_000);
    const siege = await besiege(rig, { settings: { 'wanImage.confirmAbove': 0 } });
    const context = await newContext(browser);
    try {
      const workspace = join(siege.live.workspace, 'hostile.code-workspace');
      const code = await openWindow(context, siege.live.vscode, { workspace });
      // With two folders the extension's commands come later.
      await expect.poll(() => code.offers('Wan Image: Set API Key'), { timeout: 120_000 }).toBe(true);
      await setKey(code, siege.key);
      await code.run('Wan Image: Generate Image');
      await code.answer('What should the picture show?', 'A badger at night');
      await code.pick('Generate · up to $0.075');
      await code.screenshot('hostile-3-asked');
      // The workspace says that nobody need be asked below $100.
      await code.pressInModal('This can cost up to $0.075.', 'Generate for up to $0.075');
      await expect(code.webview().getByRole('img', { name: /badger/ })).toBeVisible({ timeout: 40_000 });
      expect(await simulator.counts()).toMatchObject({ accepted: 1 });
      await expectNothingLost(siege);
    } finally {
      await context.close();
      await siege.stop();
    }
  },
);
