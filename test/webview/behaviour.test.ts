import type { Browser, Locator } from '@playwright/test';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { PanelMessage, type Snapshot } from '../../src/core/messages.ts';
import { findProblems } from '../../src/core/preflight.ts';
import { emptyRequest, type ImageRequest } from '../../src/core/request.ts';
import { failures, job, phases, request, result, snapshot, standings } from './fixtures.ts';
import { type BuiltPanel, buildPanel, openBrowser, Panel, type PanelOptions } from './page.ts';

let browser: Browser;
let built: BuiltPanel;
beforeAll(async () => {
  [browser, built] = await Promise.all([openBrowser(), buildPanel()]);
});
afterAll(() => browser.close());

let panel: Panel;
async function open(shown: Snapshot = snapshot(), options: PanelOptions = {}): Promise<Panel> {
  panel = await Panel.open(browser, built, options);
  await panel.show(shown);
  return panel;
}
afterEach(async () => {
  expect(panel.complaints).toEqual([]);
  await panel.page.close();
});

const withRequest = (changes: Partial<ImageRequest> = {}, more: Partial<Snapshot> = {}): Snapshot =>
  snapshot({ draft: { draftId: 'host', request: request(changes) }, ...more });
const prompt = (): Locator => panel.page.getByLabel('What should the picture show?');
const generate = (): Locator => panel.page.getByRole('button', { name: /^Generate/ });
const button = (name: string | RegExp): Locator => panel.page.getByRole('button', { name });
const radio = (name: string | RegExp): Locator =>
  panel.page.getByRole('radio', { name, exact: typeof name === 'string' });
const section = (name: string): Locator => panel.page.locator('summary').filter({ hasText: name });
const lastRun = async () => (await panel.sentOf('run')).at(-1)!;
/** The form as the panel last told the host, which it does soon after a change. */
async function drafted(): Promise<ImageRequest> {
  await expect.poll(async () => (await panel.sentOf('draft')).length).toBeGreaterThan(0);
  await panel.page.waitForTimeout(350);
  return (await panel.sentOf('draft')).at(-1)!.request as ImageRequest;
}

describe('the form', () => {
  test('an empty form is not called wrong, and cannot be run', async () => {
    await open();
    expect(await panel.page.locator('.problem-error').count()).toBe(0);
    expect(await generate().getAttribute('aria-disabled')).toBe('true');
    await generate().click({ force: true });
    expect(await panel.sentOf('run')).toEqual([]);
    expect(await panel.page.locator('#problems-prompt').textContent()).toContain('Write what the picture should show.');
    await expect.poll(() => prompt().evaluate((element) => element === document.activeElement)).toBe(true);
  });

  test('typing counts characters as the service does, and shows problems and takes them away', async () => {
    await open();
    await prompt().fill('狐 🦊');
    expect(await panel.page.locator('.counter').textContent()).toBe('3 / 5,000');
    await prompt().fill('a'.repeat(5001));
    expect(await panel.page.locator('#problems-prompt').textContent()).toContain('5001 characters');
    expect(await prompt().getAttribute('aria-invalid')).toBe('true');
    expect(await prompt().getAttribute('aria-describedby')).toContain('problems-prompt');
    await prompt().fill('a fox');
    expect(await panel.page.locator('.problem').count()).toBe(0);
    expect(await generate().getAttribute('aria-disabled')).toBe('false');
  });

  test('a fix changes the request and the problem goes', async () => {
    await open(withRequest({ resolution: '4K', variant: 'wan2.7-image' }));
    expect(await panel.page.locator('#problems-resolution').textContent()).toContain('4K needs the Pro model.');
    await button('Use 2K').click();
    expect(await panel.page.locator('#problems-resolution').textContent()).toBe('');
    expect(await radio(/^2K/).isChecked()).toBe(true);
    expect((await drafted()).resolution).toBe('2K');
  });

  test('a link in the summary leads to its field, also into a closed section', async () => {
    await open(withRequest({ seed: -5, palette: [] }));
    await panel.page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = false)));
    await panel.page.locator('.summary a').click();
    expect(await panel.page.evaluate(() => document.activeElement?.id)).toBe('field-seed');
  });

  test('4K is closed with its reason, and open with Pro', async () => {
    await open(withRequest({ variant: 'wan2.7-image' }));
    expect(await radio(/^4K/).isDisabled()).toBe(true);
    expect(await panel.page.locator('#hint-resolution').textContent()).toContain('4K needs the Pro model.');
    await radio(/Pro/).check();
    expect(await radio(/^4K/).isDisabled()).toBe(false);
    await radio(/^4K/).check();
    expect(await panel.page.locator('#hint-resolution').textContent()).toBe('about 5461 × 3072 px');
  });

  test('an image set turns off what it cannot use', async () => {
    await open(withRequest());
    expect(await panel.page.getByLabel('Think before drawing').count()).toBe(1);
    await radio('Image set').check();
    expect(await panel.page.getByLabel('Think before drawing').count()).toBe(0);
    expect(await section('Colours').count()).toBe(0);
    expect(await panel.page.getByRole('group', { name: 'How many' }).count()).toBe(0);
    expect(await radio(/^4K/).isDisabled()).toBe(true);
  });

  test('a line for each picture of a set: written, added, taken out', async () => {
    await open(withRequest({ imageSet: true, setMaxImages: 2 }));
    await panel.page.getByLabel('Picture 1', { exact: true }).fill('spring');
    await panel.page.getByLabel('Picture 2', { exact: true }).fill('summer');
    await panel.page.keyboard.press('Enter');
    await expect.poll(() => panel.page.evaluate(() => document.activeElement?.id)).toBe('field-setLines-2');
    await panel.page.keyboard.type('autumn');
    expect(await drafted()).toMatchObject({ setMaxImages: 3, setLines: ['spring', 'summer', 'autumn'] });
    await button('Remove picture 2').click();
    expect(await drafted()).toMatchObject({ setMaxImages: 2, setLines: ['spring', 'autumn'] });
    await panel.page.getByLabel('At most').fill('1');
    expect(await panel.page.locator('#problems-setLines').textContent()).toContain('2 descriptions but at most 1');
    await button('Allow 2 pictures').click();
    expect(await panel.page.getByLabel('At most').inputValue()).toBe('2');
  });

  test('an emptied number is a problem in plain words, and what is typed stays as typed', async () => {
    await open(withRequest({ imageSet: true }));
    await panel.page.getByLabel('At most').fill('');
    expect(await panel.page.locator('#problems-setMaxImages').textContent()).toContain('Write a number.');
    await panel.page.getByLabel('At most').pressSequentially('07');
    expect(await panel.page.getByLabel('At most').inputValue()).toBe('07');
    await prompt().or(panel.page.getByLabel('What do all pictures have in common?')).focus();
    expect(await panel.page.getByLabel('At most').inputValue()).toBe('7');
  });

  test('a custom size begins near the preset, replaces it, and knows its limits', async () => {
    await open(withRequest({ aspectRatio: '1:1', variant: 'wan2.7-image' }));
    await panel.page.getByLabel('Exact size in pixels').check();
    expect(await panel.page.getByRole('group', { name: 'Shape' }).count()).toBe(0);
    expect(await drafted()).toMatchObject({ useCustomSize: true, customWidth: 2048, customHeight: 2048 });
    await panel.page.getByLabel('Width').fill('3000');
    expect(await panel.page.locator('#problems-customWidth').textContent()).toContain('768 to 2048');
    await button('Use 2048').click();
    expect(await panel.page.getByLabel('Width').inputValue()).toBe('2048');
    await panel.page.getByLabel('Exact size in pixels').uncheck();
    const left = await drafted();
    expect(left).not.toHaveProperty('customWidth');
    expect(findProblems(left, { images: new Map(), boxForm: 'auto' })).toMatchObject([{ severity: 'note' }]);
  });

  test('a palette is started, added to, shared anew, and taken away', async () => {
    await open(withRequest());
    await section('Colours').click();
    await button('Start a Palette').click();
    expect((await drafted()).palette).toHaveLength(4);
    await button('Add a Colour').click();
    const five = (await drafted()).palette;
    expect(five).toHaveLength(5);
    expect(sum(five)).toBeCloseTo(100, 5);
    await panel.page.getByLabel('Share of colour 1 in percent').fill('33.05');
    expect(await panel.page.getByLabel('Share of colour 1 in percent').inputValue()).toBe('33.05');
    expect(sum((await drafted()).palette)).toBeCloseTo(100, 5);
    await button('Share Evenly').click();
    expect((await drafted()).palette.map(({ ratio }) => ratio)).toEqual(Array(5).fill('20.00%'));
    await panel.page.getByLabel('Colour 2 as text').fill('bluish');
    expect(await panel.page.locator('#problems-palette-1-hex').textContent()).toContain(
      'Colour 2 must be written as #',
    );
    await button('Remove colour 2').click();
    await button('Remove colour 2').click();
    expect(await button('Remove colour 1').isDisabled()).toBe(true);
    await button('Remove the Palette').click();
    expect((await drafted()).palette).toEqual([]);
  });

  test('a seed is random, or drawn and kept', async () => {
    await open(withRequest());
    await section('Seed').click();
    await radio(/Keep one seed/).check();
    const drawn = Number(await panel.page.getByLabel('Seed number').inputValue());
    expect(drawn).toBeGreaterThanOrEqual(0);
    await button('Draw Another').click();
    expect(Number(await panel.page.getByLabel('Seed number').inputValue())).not.toBe(drawn);
    await radio(/Random each time/).check();
    expect(await drafted()).not.toHaveProperty('seed');
  });

  test('an example fills the form and can be undone; what is there afterwards has no problem', async () => {
    await open();
    await prompt().fill('my own words');
    for (const name of [/README/, /square icon/, /that match/]) {
      await button(name).click();
      const filled = await drafted();
      expect(filled.prompt).not.toBe('my own words');
      expect(
        findProblems(filled, { images: new Map(), boxForm: 'auto' }).filter(({ severity }) => severity === 'error'),
      ).toEqual([]);
    }
    await button('Undo').click();
    await button(/README/).click();
    await button('Undo').click();
    expect((await drafted()).imageSet).toBe(false);
  });

  test('inputs are listed with their boxes and can be taken out', async () => {
    const box = { x1: 0, y1: 0, x2: 5, y2: 5 };
    await open(
      withRequest({ inputs: [{ id: 'a', name: 'sign.png', url: 'https://example.com/sign.png', boxes: [box, box] }] }),
    );
    expect(await panel.page.locator('.inputs').textContent()).toContain('2 boxes');
    await button('Remove sign.png').click();
    expect((await drafted()).inputs).toEqual([]);
  });
});

describe('running', () => {
  test('the button says the price, free in practice mode', async () => {
    await open(withRequest());
    expect(await generate().textContent()).toBe('Generate · $0.075');
    await radio('4').check();
    expect(await generate().textContent()).toBe('Generate · up to $0.30');
    await radio('Image set').check();
    await radio(/Standard/).check();
    expect(await generate().textContent()).toBe('Generate · up to $0.12');
    await panel.show(
      withRequest({}, { revision: 2, service: { mode: 'practice', name: 'practice' }, key: 'not-needed' }),
    );
    expect(await generate().textContent()).toBe('Generate · free (practice)');
    expect(await panel.page.locator('.run').textContent()).toContain('this would cost up to $0.12');
  });

  test('what is spent and left today stands below the button, with the balance where it is known', async () => {
    const spending = { state: 'known', today: 1_275, left: 8_725, workspaceLeft: 2_000, balance: 4.2 } as const;
    await open(withRequest({}, { spending }));
    const words = panel.page.locator('#run-text');
    expect(await words.textContent()).toContain(
      'Today: $1.275 spent or set aside, $8.725 left · $2.00 left in this workspace · balance $4.20',
    );
    await panel.show(
      withRequest({}, { revision: 2, spending: { state: 'known', today: 0, left: 10, workspaceLeft: 10 } }),
    );
    await expect.poll(() => words.textContent()).toContain('Today: $0.00 spent or set aside, $0.01 left');
    expect(await words.textContent()).not.toMatch(/workspace|balance/);
  });

  test('in practice mode nothing is said of money that is spent', async () => {
    await open(withRequest({}, { service: { mode: 'practice', name: 'practice' }, key: 'not-needed' }));
    expect(await panel.page.locator('#run-text').textContent()).not.toContain('Today');
  });

  test('a request that does not fit under the limit cannot be run, says why, and can be made smaller', async () => {
    const spending = { state: 'known', today: 9_900, left: 100, workspaceLeft: 2_000 } as const;
    await open(withRequest({ count: 2 }, { spending }));
    await panel.page.getByText('This can cost up to $0.15, but today’s limit leaves $0.10.').waitFor();
    expect(await generate().getAttribute('aria-disabled')).toBe('true');
    await generate().click({ force: true });
    await panel.page.keyboard.press('Control+Enter');
    expect(await panel.sentOf('run')).toEqual([]);
    await button('Open Settings').click();
    await button('Show Spending').click();
    expect((await panel.sentOf('action')).map(({ action }) => action)).toEqual(['open-settings', 'show-spending']);
    await radio(/Standard/).check();
    await expect.poll(() => generate().getAttribute('aria-disabled')).toBe('false');
    await generate().click();
    expect((await lastRun()).highestPrice).toBe(60);
  });

  test('running again is refused as well when it no longer fits', async () => {
    const spending = { state: 'known', today: 9_950, left: 50, workspaceLeft: 50 } as const;
    const done = { ...phases['done with one']!, draftId: 'host' };
    await open(withRequest({}, { spending, jobs: [done] }));
    expect(await button(/^Run Again/).count()).toBe(0);
  });

  test('with a ledger that cannot be read nothing is run', async () => {
    await open(withRequest({}, { spending: { state: 'unreadable' } }));
    await panel.page.getByText('What was spent today cannot be read, so nothing is sent.').waitFor();
    await generate().click({ force: true });
    expect(await panel.sentOf('run')).toEqual([]);
    await button('Show Log').click();
    expect((await panel.sentOf('action')).map(({ action }) => action)).toEqual(['show-log']);
  });

  test('a job says what it cost, or the most that it may have cost', async () => {
    const failedJob = failures['no-credit']!;
    await open(
      snapshot({
        jobs: [
          phases['waiting while it draws']!,
          { ...phases['done with one']!, actualPrice: 75 },
          { ...failedJob, id: 'f1', actualPrice: 0 },
          { ...failures['nothing-delivered']!, id: 'f2' },
        ],
      }),
    );
    const facts = await panel.page.locator('.job-facts').allTextContents();
    expect(facts[0]).toContain('up to $0.225');
    expect(facts[1]).toContain('cost $0.075');
    expect(facts[2]).toContain('not billed');
    expect(facts[3]).toContain('may have cost up to $0.075');
  });

  test('the run names its draft, its request and its highest price, and is a message of the protocol', async () => {
    await open(withRequest({ count: 2 }));
    await prompt().fill('a fox');
    await generate().click();
    const run = await lastRun();
    expect(run).toMatchObject({ type: 'run', highestPrice: 150, request: { prompt: 'a fox', count: 2 } });
    expect(run.request).toEqual(request({ prompt: 'a fox', count: 2 }));
    expect(run.draftId).not.toBe('host');
    for (const message of await panel.sent()) expect(PanelMessage.safeParse(message).error).toBeUndefined();
    // The run carries the form; a draft need not follow it.
    await panel.page.waitForTimeout(400);
    expect((await panel.sent()).at(-1)?.type).toBe('run');
  });

  test('pressed twice, it sends the same draft; changed and changed back, it sends a new one', async () => {
    await open(withRequest());
    await generate().dblclick();
    const [first, second, ...more] = await panel.sentOf('run');
    expect(more).toEqual([]);
    expect(second?.draftId).toBe(first?.draftId);
    await radio('2').check();
    await radio('1').check();
    await generate().click();
    expect((await lastRun()).draftId).not.toBe(first?.draftId);
    expect((await lastRun()).request).toEqual(first?.request);
  });

  test('what has been run is not run again by mistake, and on purpose as a new draft', async () => {
    await open(withRequest());
    await generate().click();
    const { draftId } = await lastRun();
    await panel.show(
      withRequest(
        {},
        { revision: 2, draft: { draftId, request: request() }, jobs: [{ ...phases['sending']!, draftId }] },
      ),
    );
    expect(await generate().getAttribute('aria-disabled')).toBe('true');
    await panel.page.keyboard.press('Control+Enter');
    // A double click that reaches the other button is no second order.
    await button(/^Run Again/).click();
    expect(await panel.sentOf('run')).toHaveLength(1);
    await panel.page.waitForTimeout(1100);
    await button(/^Run Again/).click();
    const runs = await panel.sentOf('run');
    expect(runs).toHaveLength(2);
    expect(runs[1]?.draftId).not.toBe(draftId);
    expect(runs[1]?.request).toEqual(runs[0]?.request);
  });

  test('with the keyboard alone: write, choose, run, cancel', async () => {
    await open();
    await button('Starters').waitFor();
    const { keyboard } = panel.page;
    await keyboard.press('Tab');
    await keyboard.press('Tab');
    await keyboard.type('a paper crane');
    // Starters, earlier prompts, three ways to add images, and the model.
    for (let step = 0; step < 6; step++) await keyboard.press('Tab');
    await keyboard.press('ArrowDown');
    await keyboard.press('Tab');
    await keyboard.press('ArrowRight');
    await keyboard.press('ArrowRight');
    await keyboard.press('Control+Enter');
    const run = await lastRun();
    expect(run.request).toMatchObject({ prompt: 'a paper crane', variant: 'wan2.7-image', aspectRatio: '1:1' });
    await panel.show(
      withRequest(
        {},
        {
          revision: 2,
          draft: { draftId: run.draftId, request: run.request },
          jobs: [{ ...phases['waiting in the queue']!, draftId: run.draftId }],
        },
      ),
    );
    await panel.page.getByRole('link', { name: 'Show' }).focus();
    await keyboard.press('Enter');
    expect(await panel.page.evaluate(() => document.activeElement?.id)).toBe('job-queued');
    await keyboard.press('Tab');
    await keyboard.press('Space');
    expect((await panel.sent()).at(-1)).toEqual({ type: 'cancel', jobId: 'queued' });
  });
});

describe('jobs', () => {
  test('a request that waits for its turn says where it stands, and that cancelling costs nothing', async () => {
    await open(snapshot({ jobs: [phases['sending, after three others']!] }));
    const card = panel.page.getByRole('article');
    await card.getByText('Waiting for its turn, 3 before it: the service takes 50 requests a minute.').waitFor();
    const cancel = card.getByRole('button', { name: 'Cancel' });
    const described = await cancel.getAttribute('aria-describedby');
    expect(await panel.page.locator(`#${described}`).textContent()).toBe(
      'Nothing has been sent yet. Cancelling now costs nothing.',
    );
    const busy = job('turn-after', { state: 'sending', queue: { ahead: 0, until: Date.now() + 99_000 } });
    await panel.show(snapshot({ revision: 2, jobs: [busy] }));
    const wait = card.getByText(/^The service is busy; this is tried again in \d\d s\.$/);
    const seconds = async (): Promise<number> => Number((await wait.textContent())?.match(/\d+/)?.[0]);
    const first = await seconds();
    // Second by second, as long as it is waited for.
    await expect.poll(seconds).toBeLessThan(first);
    await cancel.click();
    expect((await panel.sent()).at(-1)).toEqual({ type: 'cancel', jobId: 'turn-after' });
  });

  test('while pictures could not be kept nothing can be run, and a folder that cannot be saved in is only said', async () => {
    await open(standings['a storage that takes nothing']);
    expect(await generate().getAttribute('aria-disabled')).toBe('true');
    await generate().click({ force: true });
    expect(await panel.sentOf('run')).toEqual([]);
    expect(await panel.page.locator('#run-text').textContent()).toContain('This waits until pictures can be kept');
    await button('Check Again').click();
    expect((await panel.sent()).at(-1)).toEqual({ type: 'action', action: 'check-storage' });
    const { storage } = standings['a save folder that cannot be written']!;
    await panel.show(withRequest({}, { revision: 2, ...(storage && { storage }) }));
    await button('Choose Folder…').click();
    expect((await panel.sent()).at(-1)).toEqual({ type: 'action', action: 'pick-save-folder' });
    await generate().click();
    expect(await panel.sentOf('run')).toHaveLength(1);
  });

  test('a waiting job says how long, how long usually, and what cancelling does not do', async () => {
    await open(withRequest({}, { jobs: [{ ...phases['waiting while it draws']!, createdAt: Date.now() - 75_000 }] }));
    const card = panel.page.locator('.job');
    expect(await card.textContent()).toMatch(/01:1\d so far/);
    expect(await card.textContent()).toContain('usually 10 to 60 seconds');
    expect(await card.getByRole('progressbar').getAttribute('value')).toBe('0.4');
    const cancel = card.getByRole('button', { name: 'Cancel' });
    const described = await cancel.getAttribute('aria-describedby');
    expect(await panel.page.locator(`#${described}`).textContent()).toContain(
      'bills an accepted request whether or not you wait',
    );
    const before = await card.getByRole('timer').textContent();
    await expect.poll(() => card.getByRole('timer').textContent()).not.toBe(before);
  });

  test('each picture sends what its buttons say', async () => {
    const jobs = [
      job(
        'one',
        { state: 'done', missing: 0, endedAt: 0, cancelled: false },
        { results: [result('one-0'), result('one-1', { savedAs: 'images/a.png' })] },
      ),
    ];
    await open(withRequest({}, { jobs, insertTarget: 'docs/guide.md' }));
    const [first, second] = [panel.page.locator('figure').first(), panel.page.locator('figure').last()];
    await first.getByRole('button', { name: 'Save', exact: true }).click();
    await first.getByRole('button', { name: 'More' }).click();
    await first.getByRole('button', { name: 'Save As…' }).click();
    expect(await first.getByRole('button', { name: 'Copy Path' }).count()).toBe(0);
    await first.getByRole('button', { name: 'Insert into docs/guide.md' }).click();
    await second.getByRole('button', { name: 'Reveal' }).click();
    await second.getByRole('button', { name: 'More' }).press('Enter');
    await second.getByRole('button', { name: 'Open' }).press('Enter');
    await second.getByRole('button', { name: 'Copy Path' }).press('Enter');
    await second.getByRole('button', { name: 'Icons and Social Pictures…' }).press('Enter');
    await second.getByRole('button', { name: 'Cut Out Background…' }).press('Enter');
    await second.getByRole('button', { name: 'Copy as Agent Call' }).press('Enter');
    await button('Save All 2').click();
    await button('Take Out of the List').click();
    expect((await panel.sent()).filter(({ type }) => type !== 'ready' && type !== 'draft')).toEqual([
      { type: 'save', resultId: 'one-0' },
      { type: 'saveAs', resultId: 'one-0' },
      { type: 'insert', resultId: 'one-0' },
      { type: 'reveal', resultId: 'one-1' },
      { type: 'open', resultId: 'one-1' },
      { type: 'copyPath', resultId: 'one-1' },
      { type: 'makePacks', resultId: 'one-1' },
      { type: 'cutOut', resultId: 'one-1' },
      { type: 'copyAgentCall', jobId: 'one' },
      { type: 'saveAll', jobId: 'one' },
      { type: 'dismiss', jobId: 'one' },
    ]);
    expect(await first.textContent()).toContain('2731 × 1536 px · PNG · 3.4 MB');
    expect(await second.textContent()).toContain('Saved as images/a.png');
    expect(await panel.page.getByRole('img', { name: /lighthouse/ }).count()).toBe(2);
  });

  test('a job says which agent asked for it, and one without pictures can be copied as a call', async () => {
    const failed = { ...failures['bad-request']!, askedBy: 'an agent' };
    await open(snapshot({ jobs: [failed, { ...failures['key-missing']!, id: 'by-hand' }] }));
    await panel.page.getByText('Asked for by an agent').waitFor();
    expect(await panel.page.getByText('Asked for by').count()).toBe(1);
    expect(await panel.page.locator('.job-head').first().textContent()).toContain('Asked for by an agent');
    await button('Copy as Agent Call').first().click();
    expect((await panel.sent()).at(-1)).toEqual({ type: 'copyAgentCall', jobId: failed.id });
  });

  test('a picture whose file is gone says so', async () => {
    const gone = result('gone', { src: 'https://studio.test/panel.css' });
    await open(
      withRequest(
        {},
        { jobs: [job('gone', { state: 'done', missing: 0, endedAt: 0, cancelled: false }, { results: [gone] })] },
      ),
    );
    await panel.page.getByText('The picture cannot be shown here.').waitFor();
  });

  test('a failure offers its next steps, and its request for another try', async () => {
    await open(snapshot({ jobs: [failures['bad-request']!, failures['key-missing']!] }));
    await button('Set API Key').click();
    expect((await panel.sent()).at(-1)).toEqual({ type: 'action', action: 'set-key', jobId: 'failed-key-missing' });
    expect(await button('Edit the Request').count()).toBe(0);
    await button('Edit and Run Again').first().click();
    expect(await prompt().inputValue()).toContain('lighthouse');
    expect(await drafted()).toMatchObject({ seed: 1912873 });
  });

  test('screen readers hear of what has changed, and not of what was there', async () => {
    const waiting = phases['waiting in the queue']!;
    await open(withRequest({}, { jobs: [waiting] }));
    const said = panel.page.locator('main > .only-spoken[role=status]');
    expect(await said.textContent()).toBe('');
    await panel.show(
      withRequest(
        {},
        {
          revision: 2,
          jobs: [{ ...waiting, phase: { state: 'waiting', service: 'processing', late: false, cancelled: false } }],
        },
      ),
    );
    expect(await said.textContent()).toBe('The service is drawing.');
    await panel.show(
      withRequest(
        {},
        {
          revision: 3,
          jobs: [
            {
              ...waiting,
              phase: { state: 'done', missing: 0, endedAt: 0, cancelled: false },
              results: [result('x'), result('y')],
            },
          ],
        },
      ),
    );
    expect(await said.textContent()).toBe('2 pictures are ready.');
  });
});

describe('what the host says', () => {
  test('banners and notices offer their actions; a notice can be put away until the next', async () => {
    const notice = {
      severity: 'error' as const,
      text: 'The folder cannot be written.',
      actions: [{ id: 'choose-folder' as const, label: 'Choose Another Folder' }],
    };
    await open(snapshot({ key: 'missing', notice }));
    expect(await panel.page.getByRole('alert').textContent()).toContain('The folder cannot be written.');
    await button('Choose Another Folder').click();
    await button('Set API Key').click();
    await button('Practise First').click();
    expect((await panel.sentOf('action')).map(({ action }) => action)).toEqual([
      'choose-folder',
      'set-key',
      'use-practice',
    ]);
    await button('Hide this message').click();
    expect(await panel.page.getByText('The folder cannot be written.').count()).toBe(0);
    await panel.show(snapshot({ revision: 2, key: 'missing', notice }));
    expect(await panel.page.getByText('The folder cannot be written.').count()).toBe(0);
    await panel.show(snapshot({ revision: 3, notice: { ...notice, text: 'Another.' } }));
    expect(await panel.page.getByText('Another.').count()).toBe(1);
    await panel.show(snapshot({ revision: 4, service: { mode: 'practice', name: 'x' } }));
    await button('Use the Real Service').click();
    expect((await panel.sentOf('action')).at(-1)?.action).toBe('leave-practice');
  });

  test('what is no snapshot is dropped, and so is an older one', async () => {
    await open(withRequest({}, { revision: 5 }));
    await panel.page.evaluate(() => {
      window.postMessage({ type: 'snapshot', revision: 9 }, '*');
      window.postMessage('nonsense', '*');
    });
    await panel.show(snapshot({ revision: 4, key: 'missing' }));
    expect(await panel.page.getByText('No API key is set.').count()).toBe(0);
    expect(await prompt().inputValue()).toContain('lighthouse');
  });

  test('sentences come in the language of the host', async () => {
    const shown = snapshot();
    await open({
      ...shown,
      strings: {
        ...shown.strings,
        promptLabel: 'Was soll das Bild zeigen?',
        'problem.prompt-missing': 'Schreiben Sie etwas.',
      },
    });
    await panel.page.getByLabel('Was soll das Bild zeigen?').fill('x');
    await panel.page.getByLabel('Was soll das Bild zeigen?').fill('');
    expect(await panel.page.locator('#problems-prompt').textContent()).toContain('Schreiben Sie etwas.');
  });
});

describe('drafts', () => {
  test('a draft of the host is taken once; an echo of an own one does not overwrite what was typed since', async () => {
    await open(withRequest());
    await prompt().fill('first');
    await expect.poll(async () => (await panel.sentOf('draft')).length).toBe(1);
    const [first] = await panel.sentOf('draft');
    await prompt().fill('second');
    await panel.show(snapshot({ revision: 2, draft: { draftId: first!.draftId, request: first!.request } }));
    expect(await prompt().inputValue()).toBe('second');
    await panel.show(
      snapshot({ revision: 3, draft: { draftId: 'from elsewhere', request: request({ prompt: 'third' }) } }),
    );
    expect(await prompt().inputValue()).toBe('third');
    await button('Undo').click();
    expect(await prompt().inputValue()).toBe('second');
  });

  test('a draft that cannot be read whole is taken as far as it can', async () => {
    await open(
      snapshot({ draft: { draftId: 'odd', request: { prompt: 'kept', count: null, resolution: '9K', future: true } } }),
    );
    expect(await prompt().inputValue()).toBe('kept');
    expect(await generate().getAttribute('aria-disabled')).toBe('false');
  });

  test('a reloaded panel is as it was: words, options, open sections, place', async () => {
    await open(withRequest({}, { jobs: Object.values(phases) }), { height: 500 });
    await panel.whole();
    await prompt().fill('kept over the reload');
    await section('Advanced').click();
    await panel.page.getByLabel('Watermark').check();
    await panel.page.locator('#form-scroll').evaluate((element) => element.scrollTo(0, 333));
    await panel.page.locator('#results-scroll').evaluate((element) => element.scrollTo(0, 444));
    await expect.poll(() => panel.saved()).toMatchObject({ scroll: { form: 333, results: 444 } });
    const saved = await panel.saved();
    await panel.page.close();
    // The host still has the draft from before the last change.
    await open(withRequest({}, { jobs: Object.values(phases) }), { height: 500, saved });
    expect(await prompt().inputValue()).toBe('kept over the reload');
    expect(await panel.page.getByLabel('Watermark').isChecked()).toBe(true);
    expect(await panel.page.locator('#form-scroll').evaluate((element) => element.scrollTop)).toBe(333);
    expect(await panel.page.locator('#results-scroll').evaluate((element) => element.scrollTop)).toBe(444);
    expect((await panel.sentOf('draft')).at(-1)?.request).toMatchObject({
      prompt: 'kept over the reload',
      watermark: true,
    });
  });

  test('a saved state of another version is no trouble', async () => {
    await open(withRequest(), { saved: { version: 7, draft: 'x' } });
    expect(await prompt().inputValue()).toContain('lighthouse');
    expect((await panel.saved()) as object).toMatchObject({ version: 1 });
  });

  test('a new form of the host is empty and ready', async () => {
    await open(snapshot({ draft: { draftId: '', request: emptyRequest() } }));
    expect(await prompt().inputValue()).toBe('');
  });
});

const sum = (palette: ImageRequest['palette']): number =>
  palette.reduce((total, { ratio }) => total + Number(ratio.slice(0, -1)), 0);

test('until the host has spoken there is a sign in the middle, without a word of script, and then nothing of it', async () => {
  panel = await Panel.open(browser, built);
  const splash = panel.page.locator('main', { has: panel.page.getByRole('heading', { name: 'Wan Image Studio' }) });
  expect(await splash.getAttribute('aria-busy')).toBe('true');
  const [{ x, width }, view] = [(await splash.locator('svg').boundingBox())!, panel.page.viewportSize()!];
  expect(Math.abs(x + width / 2 - view.width / 2)).toBeLessThan(10);
  expect(await panel.violations()).toEqual([]);
  await panel.show(snapshot());
  expect(await panel.page.locator('.splash, [aria-busy=true]').count()).toBe(0);
  expect(await panel.page.getByRole('main').count()).toBe(1);
});
