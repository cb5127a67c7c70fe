import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { BrowserContext } from '@playwright/test';
import sharp from 'sharp';
import { encodingsOf, findCanary, newCanary, type Place } from './canary.ts';
import { browserPlaces, hearMessages, processPlaces, requestPlaces, vscodePlaces } from './canaryPlaces.ts';
import type { Code } from './code.ts';
import { expect, openWindow, test } from './fixtures.ts';
import { type Live, startLive } from './live.ts';
import { hatchTwelve, strayCanaries, type Twelve } from './twelveCanaries.ts';
import { Wiretap } from './wiretap.ts';

const twelve = await hatchTwelve();
const secret = (name: keyof Twelve['secrets']): string => String(twelve.secrets[name]);
const wrongKey = secret('refused key');
const rightKey = secret('key');
const environmentKey = secret('key in the environment');
const prompt = `A kingfisher over ${secret('prompt')}`;
const fileName = `${secret('file name')}.png`;

test('a key is asked for, a wrong one is refused, the right one works, and of twelve canaries none is where it may not be', async ({
  rig,
  simulator,
  playwright,
  launchOptions,
}) => {
  test.setTimeout(600_000);
  const wire = await Wiretap.start(simulator.url);
  await simulator.behave({ credit: Number(secret('balance')) });
  const live = await startLive(rig, wire.url, {
    user: secret('user name'),
    folder: secret('folder name'),
    env: { EMPIRIOLABS_API_KEY: environmentKey },
  });
  writeFileSync(join(live.workspace, fileName), twelve.picture);
  const profile = join(live.directory, 'profile');
  let context: BrowserContext | undefined;
  const openProfile = (): Promise<BrowserContext> =>
    playwright.chromium.launchPersistentContext(profile, {
      ...launchOptions,
      viewport: { width: 1280, height: 800 },
      permissions: ['clipboard-read', 'clipboard-write'],
    });
  try {
    context = await openProfile();
    let messages = await hearMessages(context);
    let code = await openWindow(context, live.vscode, live.workspace);

    await test.step('without a key only Set API Key is offered, and the studio asks for one', () => hasNoKey(code));
    await test.step('the palette asks for a key, and a wrong one is not kept', async () => {
      await refuses(code);
      expect(await simulator.counts()).toMatchObject({ bodiesReceived: 0, accepted: 0 });
    });
    await test.step('the right key is kept, and the picture that was asked for is made', async () => {
      await accepts(code);
      await makesPicture(code, live);
      expect(await simulator.counts()).toMatchObject({ bodiesReceived: 1, accepted: 1, imagesBilled: 1 });
    });
    await test.step('an edit is refused with words that repeat the prompt', async () => {
      const message = `No ${secret('words of the service')} for "${prompt}"`;
      await simulator.faults({ at: 'submit', kind: 'status', status: 400, code: 'invalid_parameter', message });
      await isRefusedAnEdit(code);
    });
    const report = await test.step('a problem is reported in a document', () => reportsProblem(code));

    // VS Code's own input box, hidden by now, holds what was typed last until it is used again.
    await code.run('Notifications: Clear All Notifications');
    const atWork = [
      messages(),
      { name: 'report', content: report },
      ...(await browserPlaces(context)),
      ...processPlaces('processes of VS Code', ({ pid }) => pid === live.vscode.pid),
      ...processPlaces('processes of the browser', ({ commandLine }) => commandLine.includes(profile)),
    ];
    await context.close(); // writes the profile out
    await test.step('no canary is where it may not be', async () => {
      const places = [...atWork, ...foldersOf(live), ...requestPlaces(wire.heard)];
      const secrets = { ...twelve.secrets, 'signed address': signatureIn(wire) };
      expect(await strayCanaries(places, { ...twelve, secrets })).toEqual([]);
    });
    expectKeyOnlyWhereItBelongs(wire);

    context = await openProfile();
    messages = await hearMessages(context);
    code = await openWindow(context, live.vscode, live.workspace);
    await test.step('the key outlives the browser', () => tests(code));
    await test.step('the key can be deleted', () => deletes(code));
    await test.step('the key in the environment is taken over when the user wants it', async () => {
      const before = wire.heard.length;
      await takesOver(code);
      expect(new Set(wire.heard.slice(before).map(({ authorization }) => authorization))).toEqual(
        new Set([`Bearer ${environmentKey}`]),
      );
      expect(
        await findCanary(
          [...foldersOf(live), messages(), ...(await browserPlaces(code.page.context()))],
          environmentKey,
        ),
      ).toEqual([]);
    });
    await test.step('leaks that are made on purpose are all found by the same search', async () => {
      const planted = plantInLogs(live);
      await plantInBrowser(code);
      const found = await findCanary(
        [...foldersOf(live), messages(), ...(await browserPlaces(code.page.context()))],
        rightKey,
      );
      for (const [encoding, file] of planted)
        expect(
          found.map((finding) => basename(finding.file)),
          encoding,
        ).toContain(file);
      const places = found.map(({ place }) => place);
      expect(places).toEqual(
        expect.arrayContaining(['messages between frames', 'storage of the browser', 'pages and frames']),
      );
      // What is searched at the end of all journeys would find them too.
      for (const [, file] of planted) rmSync(join(live.vscode.dataDirectory, 'user', 'logs', file));
    });
  } finally {
    await context?.close();
    wire.stop();
    await live.stop();
  }
});

test('the search looks into child processes, and does not count an empty place as searched', async () => {
  test.skip(process.platform !== 'linux', 'only Linux shows the environment of other processes');
  const secret = newCanary();
  const leaks = [{ args: [secret] }, { args: [], env: { ...process.env, LEAK: secret } }];
  for (const { args, env } of leaks) {
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)', ...args], { env });
    await once(child, 'spawn');
    const places = processPlaces('a child', ({ pid }) => pid === child.pid);
    child.kill();
    expect(await findCanary(places, secret)).toEqual([{ place: 'a child', file: '', encoding: 'raw' }]);
  }
  await expect(findCanary([{ name: 'log', content: '' }], secret)).rejects.toThrow(
    'There is nothing to search in the log.',
  );
});

async function hasNoKey(code: Code): Promise<void> {
  await expectKeyCommands(code, ['Set API Key']);
  await code.run('Wan Image: Open Studio');
  await expect(banner(code)).toContainText('with your own key', { timeout: 40_000 });
  await code.screenshot('key-1-banner');
  await banner(code).getByRole('button', { name: 'Set API Key' }).click();
  await expect(code.row('Take over the key in EMPIRIOLABS_API_KEY')).toContainText('Set on the remote host');
  await code.screenshot('key-2-where-from');
  await code.pick('Enter a key');
  await expect(code.input()).toHaveAttribute('type', 'password');
  await code.screenshot('key-2-password-box');
  await code.page.keyboard.press('Escape');
}

async function refuses(code: Code): Promise<void> {
  await code.run('Wan Image: Generate Image');
  await code.answer('What should the picture show?', prompt);
  await code.pick('Generate · up to $0.075');
  await expect(code.toast('No API key is set.')).toBeVisible();
  await code.screenshot('key-3-asked');
  await code.pressInToast('No API key is set.', 'Set API Key');
  await code.pick('Enter a key');
  await code.answer('Set API Key', wrongKey);
  await expect(code.toast('The service refused the API key. It was not kept.')).toBeVisible();
  await code.screenshot('key-4-refused');
  await expect(code.webview().getByRole('textbox', { name: 'What should the picture show?' })).toHaveValue(
    /kingfisher/,
  );
  await expectKeyCommands(code, ['Set API Key']);
}

async function accepts(code: Code): Promise<void> {
  await code.pressInToast('It was not kept.', 'Enter Another Key');
  await expect(code.input()).toHaveAttribute('type', 'password');
  await expect(code.input()).toHaveValue('');
  await code.answer('Set API Key', rightKey);
  await expect(
    code.toast(
      'The service accepts the API key. The API key is kept in the secret storage of this editor. Balance: $86429.75.',
    ),
  ).toBeVisible();
  await expect(banner(code)).toBeHidden();
}

async function makesPicture(code: Code, { workspace }: Live): Promise<void> {
  const studio = code.webview();
  await expect(studio.getByRole('img', { name: /kingfisher/ })).toBeVisible({ timeout: 40_000 });
  await expect(studio.getByText('cost $0.075')).toBeVisible();
  await studio.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(studio.getByText(/Saved as images.a-kingfisher-over-/)).toBeVisible();
  await code.screenshot('key-5-picture');
  const [saved = ''] = globSync(join(workspace, 'images', 'a-kingfisher-over-*.png'));
  expect(await sharp(readFileSync(saved)).metadata()).toMatchObject({ format: 'png' });
}

async function tests(code: Code): Promise<void> {
  await expectKeyCommands(code, ['Delete API Key', 'Set API Key', 'Test API Key']);
  await code.run('Wan Image: Test API Key');
  await expect(code.toast('The service accepts the API key. Balance: $86429.6')).toBeVisible();
  await code.screenshot('key-6-tested');
}

async function deletes(code: Code): Promise<void> {
  const question = 'Delete the API key from this computer?';
  await code.run('Wan Image: Delete API Key');
  await expect(code.modal(question)).toBeVisible();
  await code.screenshot('key-7-delete');
  await code.pressInModal(question, 'Delete');
  await expect(code.toast('The API key was deleted.')).toBeVisible();
  await expectKeyCommands(code, ['Set API Key']);
  await code.run('Wan Image: Open Studio');
  await expect(banner(code)).toBeVisible({ timeout: 40_000 });
}

async function isRefusedAnEdit(code: Code): Promise<void> {
  const studio = code.webview();
  await code.menu(code.file(fileName), 'Edit with Wan');
  await studio.getByRole('textbox', { name: 'What should change?' }).fill(prompt);
  const paper = await studio.locator('.stage-paper').boundingBox();
  if (!paper) throw new Error('The picture is not shown.');
  await code.page.mouse.move(paper.x + paper.width * 0.2, paper.y + paper.height * 0.2);
  await code.page.mouse.down();
  await code.page.mouse.move(paper.x + paper.width * 0.5, paper.y + paper.height * 0.5);
  await code.page.mouse.move(paper.x + paper.width * 0.7, paper.y + paper.height * 0.7);
  await code.page.mouse.up();
  await studio.getByRole('textbox', { name: 'Box 1 shows' }).fill(secret('box label'));
  await studio
    .getByRole('button', { name: /^(Edit|Generate|Run Again) · up to/, disabled: false })
    .click({ timeout: 20_000 });
  await expect(studio.getByText(secret('words of the service')).first()).toBeVisible({ timeout: 40_000 });
}

/** Opens the report and answers what is in it. */
async function reportsProblem(code: Code): Promise<string> {
  await code.run('Wan Image: Report a Problem');
  await expect(code.editorLines()).toContainText('A problem with Wan Image Studio', { timeout: 20_000 });
  await code.screenshot('report');
  const report = await code.wholeEditor();
  expect(report).toContain('bad-request, status 400, request req_');
  expect(report).toContain('error: The key test failed: key-refused, status 401');
  expect(report).toMatch(/wanImage\.serviceUrl: another value, left out, set by the user/);
  await code.run('View: Revert and Close Editor');
  return report;
}

async function takesOver(code: Code): Promise<void> {
  await code.run('Notifications: Clear All Notifications');
  await code.run('Wan Image: Set API Key');
  await code.pick('Take over the key in EMPIRIOLABS_API_KEY');
  await expect(code.toast('The service accepts the API key. The API key is kept')).toBeVisible();
  await code.screenshot('key-8-taken-over');
}

/** What the simulator has signed the address of a picture with. */
function signatureIn({ heard }: Wiretap): string {
  const signed = heard.find(({ to }) => to === 'pictures')?.address ?? '';
  return new URL(signed, 'http://pictures').searchParams.get('signature') ?? '';
}

/** Looks at which of the commands about the key the palette offers. It may be a moment behind. */
async function expectKeyCommands(code: Code, titles: readonly string[]): Promise<void> {
  const rows = code.page.locator('.quick-input-list .monaco-list-row', { hasText: /^Wan Image: .*API Key/ });
  // An Escape before the palette is open would hide the messages.
  await expect(code.input()).toBeHidden();
  await expect(async () => {
    await code.page.keyboard.press('F1');
    await code.input().fill('>Wan Image API Key');
    try {
      await expect(rows).toHaveText(
        titles.map((title) => new RegExp(`^Wan Image: ${title}`)),
        { timeout: 2000 },
      );
    } finally {
      await code.page.keyboard.press('Escape');
    }
  }).toPass({ timeout: 120_000 }); // a window that was just opened has no extensions yet
}

/** The studio's words about a missing key. */
const banner = (code: Code) => code.webview().getByRole('note').filter({ hasText: 'No API key is set.' });

/** All that is on the disk: user data with logs and global storage, extensions, the server's own log, the workspace, the browser's profile. */
function foldersOf({ directory, workspace, vscode }: Live): Place[] {
  return [
    { name: 'workspace', folder: workspace },
    ...vscodePlaces(vscode),
    { name: 'browser profile', folder: join(directory, 'profile') },
  ];
}

function expectKeyOnlyWhereItBelongs({ heard }: Wiretap): void {
  const atService = heard.filter(({ to }) => to === 'service');
  const keys = new Set([`Bearer ${wrongKey}`, `Bearer ${rightKey}`]);
  expect(atService.every(({ authorization }) => keys.has(authorization ?? ''))).toBe(true);
  const posts = atService.filter(({ method }) => method === 'POST');
  expect(posts.map(({ authorization }) => authorization)).toEqual([`Bearer ${rightKey}`, `Bearer ${rightKey}`]);
  const atPictures = heard.filter(({ to }) => to === 'pictures');
  expect(atPictures.map(({ authorization }) => authorization)).toEqual([undefined]);
}

/** Writes the key into log files, in every encoding; returns which encoding is in which file. */
function plantInLogs({ vscode }: Live): [encoding: string, file: string][] {
  const folder = join(vscode.dataDirectory, 'user', 'logs');
  mkdirSync(folder, { recursive: true });
  return Object.entries(encodingsOf(rightKey)).map(([encoding, leak], index) => {
    const file = `planted-${index}.log`;
    writeFileSync(
      join(folder, file),
      Buffer.concat([Buffer.from('[info] sent '), leak, Buffer.from(' to the service\n')]),
    );
    return [encoding, file];
  });
}

async function plantInBrowser({ page }: Code): Promise<void> {
  await page.evaluate((key) => {
    localStorage.setItem('planted', btoa(key));
    document.body.dataset['planted'] = key;
    window.postMessage({ planted: key }, '*');
  }, rightKey);
  await page.waitForTimeout(200); // a message is on its way for a moment
}
