import { cpSync, globSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Locator } from '@playwright/test';
import type { JobRecord } from '../../src/jobs/record.ts';
import type { Fault } from '../../src/simulator/faults.ts';
import type { Behaviour } from '../../src/simulator/options.ts';
import { freePort } from '../rig/processes.ts';
import type { Code } from './code.ts';
import { expect, newContext, openWindow, test as base } from './fixtures.ts';
import { type Live, setKey, startLive } from './live.ts';
import type { SimulatorControl } from './simulatorControl.ts';

const goodKey = 'sk-empiriolabs-errors';

interface LiveWindow {
  readonly live: Live;
  readonly code: Code;
}

/** The tests of this file share a window in live mode with a key; each begins in front of the studio. */
const test = base.extend<{ studio: Code }, { liveWindow: LiveWindow }>({
  liveWindow: [
    async ({ browser, rig }, use) => {
      const live = await startLive(rig, rig.simulator.url);
      const context = await newContext(browser);
      const code = await openWindow(context, live.vscode, live.workspace);
      await setKey(code, goodKey);
      await use({ live, code });
      await context.close();
      await live.stop();
    },
    { scope: 'worker', timeout: 240_000 },
  ],
  studio: async ({ liveWindow: { code }, simulator: _ }, use) => {
    if (!(await promptField(code).isVisible())) await code.run('Wan Image: Open Studio');
    await expect(promptField(code)).toBeVisible({ timeout: 40_000 });
    await use(code);
  },
});

const mayBeBilled = 'The request may have been billed, so it was not sent again.';
const lookForPictures = 'Look for My Pictures';
const nothingDelivered = 'No picture was delivered, though the request may have been billed. It was not sent again.';
const notUnderstood = `The service answered in a way that is not understood. ${mayBeBilled}`;
const contentRefused = 'The service refused the prompt, an image or the result because of its content.';
const notAvailable = 'The service is not available right now.';

interface Case {
  /** After "… is told", and the prompt of the request. */
  readonly what: string;
  readonly faults?: readonly Fault[];
  readonly behaviour?: Partial<Behaviour>;
  readonly sentence: string;
  /** The service's own words. */
  readonly detail?: string | RegExp;
  /** The next steps beside those that every ended job has. */
  readonly steps: readonly string[];
  /** Jobs and pictures that were really bought with the one body that was sent; default none. */
  readonly bought?: { readonly accepted: number; readonly imagesBilled: number };
}

const atSubmit = (kind: Fault['kind'], more: Partial<Fault> = {}): readonly Fault[] => [
  { at: 'submit', kind, ...more },
];
const onePicture = { accepted: 1, imagesBilled: 1 };
const noPicture = { accepted: 1, imagesBilled: 0 };

const cases: readonly Case[] = [
  {
    what: 'A key that is refused',
    faults: atSubmit('status', { status: 401 }),
    sentence: 'The service refused the API key.',
    steps: ['Set API Key', 'Use Practice Mode'],
  },
  {
    what: 'An account without credit',
    behaviour: { credit: 0 },
    sentence: 'The account has no credit left for this request.',
    detail: /insufficient_credits/,
    steps: ['About Billing', 'Use Practice Mode'],
  },
  {
    what: 'A prompt refused for its content',
    faults: atSubmit('status', {
      status: 400,
      code: 'invalid_parameter',
      message: 'DataInspectionFailed: Input data may contain inappropriate content.',
    }),
    sentence: contentRefused,
    detail: /Input data may contain inappropriate content/,
    steps: [],
  },
  {
    what: 'A result refused for its content',
    faults: atSubmit('job-failed', { message: 'DataInspectionFailed: Output data may contain inappropriate content.' }),
    sentence: `${contentRefused} ${mayBeBilled}`,
    detail: /Output data may contain inappropriate content/,
    steps: [lookForPictures],
    bought: noPicture,
  },
  {
    what: 'A request that the service does not accept',
    faults: atSubmit('status', { status: 400, code: 'invalid_parameter', message: 'The seed is not to my liking.' }),
    sentence: 'The service did not accept the request.',
    detail: 'invalid_parameter: The seed is not to my liking.',
    steps: ['Show Log'],
  },
  {
    what: 'A model that is not available',
    faults: atSubmit('status', { status: 503, code: 'model_unavailable', message: 'The model is being restarted.' }),
    sentence: notAvailable,
    detail: 'model_unavailable: The model is being restarted.',
    steps: ['Show Log'],
  },
  {
    what: 'A service that fails with 500',
    faults: atSubmit('status', { status: 500 }),
    sentence: `${notAvailable} ${mayBeBilled}`,
    steps: [lookForPictures, 'Show Log'],
  },
  {
    what: 'A gateway that fails with 502 although the request was accepted',
    faults: atSubmit('status', { status: 502, accepted: true }),
    sentence: `${notAvailable} ${mayBeBilled}`,
    steps: [lookForPictures, 'Show Log'],
    bought: onePicture,
  },
  {
    what: 'A connection that ends before the request is accepted',
    faults: atSubmit('drop-before-accept'),
    sentence: `The service could not be reached. ${mayBeBilled}`,
    steps: [lookForPictures, 'Open Settings', 'Show Log'],
  },
  {
    what: 'A connection that ends after the request is accepted',
    faults: atSubmit('drop-after-accept'),
    sentence: `The service could not be reached. ${mayBeBilled}`,
    steps: [lookForPictures, 'Open Settings', 'Show Log'],
    bought: onePicture,
  },
  {
    what: 'A connection that ends inside the answer',
    faults: atSubmit('drop-inside-answer'),
    sentence: `The service could not be reached. ${mayBeBilled}`,
    steps: [lookForPictures, 'Open Settings', 'Show Log'],
    bought: onePicture,
  },
  {
    what: 'A web page instead of an answer',
    faults: atSubmit('html-page'),
    sentence: notUnderstood,
    detail: 'The answer is a web page.',
    steps: [lookForPictures, 'Report a Problem', 'Show Log'],
  },
  {
    what: 'An answer that is broken off in its text',
    faults: atSubmit('malformed-json'),
    sentence: notUnderstood,
    detail: 'The answer is not valid JSON.',
    steps: [lookForPictures, 'Report a Problem', 'Show Log'],
    bought: onePicture,
  },
  {
    what: 'An empty answer',
    faults: atSubmit('empty-body'),
    sentence: notUnderstood,
    detail: 'The answer is empty.',
    steps: [lookForPictures, 'Report a Problem', 'Show Log'],
    bought: onePicture,
  },
  {
    what: 'A job that the provider could not do',
    faults: atSubmit('job-failed'),
    sentence: `${notAvailable} ${mayBeBilled}`,
    detail: 'upstream_error: The provider could not generate the picture.',
    steps: [lookForPictures, 'Show Log'],
    bought: noPicture,
  },
  {
    what: 'A job that ends without a picture',
    faults: atSubmit('empty-data'),
    sentence: nothingDelivered,
    steps: [lookForPictures, 'About Billing', 'Show Log'],
    bought: onePicture,
  },
  {
    what: 'A job that the service has lost',
    faults: atSubmit('job-lost'),
    sentence: nothingDelivered,
    detail: 'The service does not know the job any more.',
    steps: [lookForPictures, 'About Billing', 'Show Log'],
    bought: { accepted: 1, imagesBilled: 1 },
  },
  {
    what: 'A picture that is cut off each time it is fetched',
    faults: [{ at: 'result', kind: 'truncated-image', times: 0 }],
    sentence: nothingDelivered,
    steps: [lookForPictures, 'About Billing', 'Show Log'],
    bought: onePicture,
  },
];

/** One of each sentence; the others differ in what happens on the way to it, which the tests of the service show too. */
const inEveryRun = new Set([
  'A prompt refused for its content',
  'A request that the service does not accept',
  'A gateway that fails with 502 although the request was accepted',
  'A connection that ends after the request is accepted',
  'A web page instead of an answer',
  'A job that the service has lost',
]);

for (const {
  what,
  faults = [],
  behaviour = {},
  sentence,
  detail,
  steps,
  bought = { accepted: 0, imagesBilled: 0 },
} of cases) {
  const title = `${what} is told with what to do next, and nothing is bought twice`;
  test(title, { tag: inEveryRun.has(what) ? [] : '@full' }, async ({ studio, simulator }) => {
    await simulator.behave(behaviour);
    await simulator.faults(...faults);
    await generate(studio, what);
    const failed = card(studio, what);
    await expect(failed.getByText(sentence, { exact: true })).toBeVisible({ timeout: 40_000 });
    if (detail !== undefined) await expect(failed.getByRole('paragraph').locator('q')).toHaveText(detail);
    await expect(failed.getByRole('button')).toHaveText([
      ...steps,
      /^Again, Same Seed · /,
      /^Again, New Seed · /,
      'Edit and Run Again',
      'Copy as Agent Call',
      'Take Out of the List',
    ]);
    await studio.screenshot(`error-${what.toLowerCase().replaceAll(' ', '-')}`);
    await expectBought(simulator, { bodiesReceived: 1, ...bought });
  });
}

test('without a key nothing is sent, and the key that is then set works', async ({ studio, simulator }) => {
  await deleteKey(studio);
  await generate(studio, 'A picture without a key');
  const notice = studio.webview().getByRole('alert').filter({ hasText: 'No API key is set.' });
  await expect(notice.getByRole('button', { name: 'Use Practice Mode' })).toBeVisible();
  await studio.screenshot('error-key-missing');
  await expectBought(simulator, { bodiesReceived: 0, accepted: 0, imagesBilled: 0 });
  await notice.getByRole('button', { name: 'Set API Key' }).click();
  await expect(studio.input()).toHaveAttribute('type', 'password');
  await studio.answer('Set API Key', goodKey);
  await expect(studio.toast('The service accepts the API key.')).toBeVisible();
  await expect(notice).toBeHidden();
  await studio
    .webview()
    .getByRole('button', { name: /^Generate/ })
    .click();
  await expect(studio.webview().getByRole('img', { name: 'A picture without a key' })).toBeVisible({ timeout: 40_000 });
  await expectBought(simulator, { bodiesReceived: 1, ...onePicture });
});

test('a key of an account without credit is told so', async ({ studio, simulator }) => {
  await setKey(studio, 'sk-empiriolabs-broke');
  await generate(studio, 'A picture without money');
  await expect(
    card(studio, 'A picture without money').getByText('The account has no credit left for this request.'),
  ).toBeVisible();
  await expectBought(simulator, { bodiesReceived: 1, accepted: 0, imagesBilled: 0 });
  await setKey(studio, goodKey);
});

test('each next step leads where it says', async ({ studio, simulator }) => {
  await simulator.faults(
    ...atSubmit('status', { status: 401 }),
    ...atSubmit('status', { status: 402 }),
    ...atSubmit('status', { status: 500 }),
  );

  await generate(studio, 'A step to the key');
  await card(studio, 'A step to the key').getByRole('button', { name: 'Set API Key' }).click();
  await expect(studio.input()).toHaveAttribute('type', 'password');
  await studio.page.keyboard.press('Escape');

  await generate(studio, 'A step to the bill');
  await card(studio, 'A step to the bill').getByRole('button', { name: 'About Billing' }).click();
  await expect(studio.modal('open the external website')).toContainText('https://docs.empiriolabs.ai/billing-credits');
  await studio.pressInModal('open the external website', 'Cancel');

  await generate(studio, 'A step to the log');
  await card(studio, 'A step to the log').getByRole('button', { name: 'Show Log' }).click();
  await expect(studio.output()).toContainText('unavailable, status 500, request req_');
  await expect(studio.output()).not.toContainText(goodKey);
  await studio.screenshot('error-log');
  await studio.run('View: Hide Panel');

  await card(studio, 'A step to the key').getByRole('button', { name: 'Edit and Run Again' }).click();
  await expect(promptField(studio)).toHaveValue('A step to the key');
  await expect(promptField(studio)).toBeFocused();
  await expectBought(simulator, { bodiesReceived: 3, accepted: 0, imagesBilled: 0 });
});

test(
  'a service that is not there is told without talk of a bill, and its settings are one step away',
  { tag: '@full' },
  async ({ studio, simulator }) => {
    await studio.changeSettings({ 'wanImage.serviceUrl': `http://127.0.0.1:${await freePort()}` });
    await generate(studio, 'A picture from nowhere');
    const failed = card(studio, 'A picture from nowhere');
    await expect(failed.getByText('The service could not be reached.', { exact: true })).toBeVisible({
      timeout: 40_000,
    });
    await studio.screenshot('error-network');
    await failed.getByRole('button', { name: 'Open Settings' }).click();
    await expect(studio.page.locator('.settings-editor')).toContainText('Service Url');
    await expectBought(simulator, { bodiesReceived: 0, accepted: 0, imagesBilled: 0 });
    await studio.reset();
  },
);

test(
  'outside the studio a failure is a message with its next steps',
  { tag: '@full' },
  async ({ studio, simulator }) => {
    await simulator.faults(
      ...atSubmit('status', {
        status: 400,
        message: 'DataInspectionFailed: Input data may contain inappropriate content.',
      }),
      ...atSubmit('status', { status: 502 }),
    );
    await insertInto(studio, 'A refused garden');
    await expect(studio.toast(contentRefused)).toBeVisible({ timeout: 40_000 });
    await studio.screenshot('error-message-content');
    await studio.pressInToast(contentRefused, 'Change the Request');
    await expect(promptField(studio)).toHaveValue('A refused garden');

    await insertInto(studio, 'An unavailable garden');
    const told = `${notAvailable} ${mayBeBilled}`;
    await expect(studio.toast(told)).toBeVisible({ timeout: 40_000 });
    await studio.screenshot('error-message-unavailable');
    await studio.pressInToast(told, 'Show Log');
    await expect(studio.output()).toContainText('unavailable, status 502');
    await studio.run('View: Hide Panel');
    await expectBought(simulator, { bodiesReceived: 2, accepted: 0, imagesBilled: 0 });
  },
);

test(
  'trouble after the request was accepted is ridden out, and the picture comes',
  { tag: '@full' },
  async ({ studio, simulator }) => {
    await simulator.faults(
      { at: 'poll', kind: 'status', status: 503 },
      { at: 'poll', kind: 'html-page' },
      { at: 'result', kind: 'drop-inside-answer' },
      { at: 'result', kind: 'truncated-image' },
    );
    await generate(studio, 'A ship through a storm');
    await expect(studio.webview().getByRole('img', { name: 'A ship through a storm' })).toBeVisible({
      timeout: 60_000,
    });
    await expectBought(simulator, { bodiesReceived: 1, ...onePicture });
  },
);

test('a key that is refused while a picture is being made holds it up, and a new key brings it', async ({
  studio,
  simulator,
}) => {
  await simulator.faults({ at: 'poll', kind: 'status', status: 401, times: 0 });
  await generate(studio, 'An owl waiting in old oaks');
  const notice = studio
    .webview()
    .getByRole('status')
    .filter({ hasText: 'The service refused the API key. A picture that was asked for waits for this' });
  await expect(notice).toBeVisible({ timeout: 40_000 });
  await studio.screenshot('error-held-up');
  await simulator.clearFaults();
  await notice.getByRole('button', { name: 'Set API Key' }).click();
  await studio.answer('Set API Key', `${goodKey}-2`);
  await expect(studio.webview().getByRole('img', { name: 'An owl waiting in old oaks' })).toBeVisible({
    timeout: 40_000,
  });
  await expect(notice).toBeHidden();
  await expectBought(simulator, { bodiesReceived: 1, ...onePicture });
});

test('a disk that takes nothing stops a request before it is sent', async ({
  studio,
  simulator,
  liveWindow: { live },
}) => {
  await generate(studio, 'A picture before the disk is full'); // so that there is a journal
  await expect(studio.webview().getByRole('img', { name: 'A picture before the disk is full' })).toBeVisible({
    timeout: 40_000,
  });
  const journal = dirname(dirname(journalEntry(live, 'A picture before the disk is full')));
  renameSync(journal, `${journal}.aside`);
  writeFileSync(journal, 'a file where a folder should be');
  try {
    await generate(studio, 'A picture for a full disk');
    const told = 'The disk did not take what the extension has to keep, so the request was not sent.';
    await expect(studio.webview().getByRole('alert')).toContainText(told);
    await studio.screenshot('error-storage');
    await expect(studio.webview().getByRole('alert').getByRole('button', { name: 'Show Log' })).toBeVisible();
    await expectBought(simulator, { bodiesReceived: 1, ...onePicture });
  } finally {
    rmSync(journal);
    renameSync(`${journal}.aside`, journal);
  }
});

test('after a closed window a late job is still awaited, and what was never sent is not sent', async ({
  studio,
  simulator,
  liveWindow: { live },
}) => {
  await simulator.faults(...atSubmit('never-finishes'));
  await generate(studio, 'A picture that is late');
  await expect(card(studio, 'A picture that is late').getByText('Drawing', { exact: true })).toBeVisible({
    timeout: 40_000,
  });
  const address = studio.page.url();
  await studio.page.goto('about:blank');
  await rewriteJournal(live);
  await studio.page.goto(address);
  await studio.loaded();
  await expect(promptField(studio)).toBeVisible({ timeout: 40_000 });

  const late = card(studio, 'A picture that is late');
  await expect(
    late.getByText('This takes longer than usual. The result is still awaited, and will be kept when it comes.'),
  ).toBeVisible({ timeout: 40_000 });
  await late.scrollIntoViewIfNeeded();
  await studio.screenshot('error-late');
  const unsent = card(studio, 'A picture that was never sent');
  await expect(unsent.getByText('Cancelled before the request was sent. Nothing was bought.')).toBeVisible();
  await expect(unsent.getByRole('button')).toHaveText([
    /^Again, Same Seed · /,
    /^Again, New Seed · /,
    'Edit and Run Again',
    'Copy as Agent Call',
    'Take Out of the List',
  ]);
  expect(await simulator.counts()).toMatchObject({ bodiesReceived: 1, accepted: 1, imagesBilled: 0 });
});

const promptField = (code: Code): Locator =>
  code.webview().getByRole('textbox', { name: 'What should the picture show?' });

const card = (code: Code, prompt: string): Locator =>
  code.webview().getByRole('article', { name: prompt, exact: true });

/** Runs a prompt in the studio as a user does. */
async function generate(code: Code, prompt: string): Promise<void> {
  await promptField(code).fill(prompt);
  await code
    .webview()
    .getByRole('button', { name: /^Generate/ })
    .click();
}

async function insertInto(code: Code, prompt: string): Promise<void> {
  await code.open('README.md', 1);
  await code.run('Wan Image: Generate and Insert Here');
  await code.answer('What should the picture show?', prompt);
  await code.pick('Generate · up to $0.075');
}

async function deleteKey(code: Code): Promise<void> {
  await code.run('Wan Image: Delete API Key');
  await code.pressInModal('Delete the API key from this computer?', 'Delete');
  await expect(code.toast('The API key was deleted.')).toBeVisible();
}

/** The pictures of an accepted job are billed when it ends, with or without anybody waiting. */
async function expectBought(
  simulator: SimulatorControl,
  expected: { bodiesReceived: number; accepted: number; imagesBilled: number },
): Promise<void> {
  await expect.poll(() => simulator.counts()).toMatchObject({ ...expected, downloadsWithCredentials: 0 });
}

/** The journal's file about the job with this prompt. */
function journalEntry({ vscode }: Live, prompt: string): string {
  const all = globSync(join(vscode.dataDirectory, '**', 'workspaces', '*', '*', '*', 'job.json'));
  const found = all.find((file) => readRecord(file).request.prompt === prompt);
  if (found === undefined) throw new Error(`The journal has no job "${prompt}".`);
  return found;
}

/**
 * Makes the job that waits one that was sent sixteen minutes ago, and adds one that was written down and never sent: a
 * window closed at that very moment leaves it so.
 */
async function rewriteJournal(live: Live): Promise<void> {
  const entry = journalEntry(live, 'A picture that is late');
  await expect.poll(() => ownersOf(entry), { timeout: 20_000 }).toContain('"released":true');
  const record = readRecord(entry);
  const sentAt = Date.now() - 16 * 60_000;
  const id = `${record.id}x`;
  const copy = join(dirname(dirname(entry)), id);
  cpSync(dirname(entry), copy, { recursive: true });
  const { sentAt: _, ...neverSent } = record;
  const request = { ...record.request, prompt: 'A picture that was never sent' };
  writeFileSync(
    join(copy, 'job.json'),
    JSON.stringify({ ...neverSent, id, draftId: id, request, status: { state: 'prepared' } }),
  );
  writeFileSync(entry, JSON.stringify({ ...record, createdAt: sentAt, sentAt }));
}

const readRecord = (file: string): JobRecord => JSON.parse(readFileSync(file, 'utf8')) as JobRecord;

function ownersOf(entry: string): string {
  return globSync(join(dirname(entry), 'owner.*'))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
}
