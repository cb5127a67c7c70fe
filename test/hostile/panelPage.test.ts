import type { Browser } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JobView, Snapshot } from '../../src/core/messages.ts';
import { failures, job, phases, request, result, snapshot, source, standings } from '../webview/fixtures.ts';
import { type BuiltPanel, buildPanel, openBrowser, Panel } from '../webview/page.ts';
import { words } from './harm.ts';

let browser: Browser;
let built: BuiltPanel;
beforeAll(async () => {
  [browser, built] = await Promise.all([openBrowser(), buildPanel()]);
});
afterAll(() => browser.close());

/** A panel whose page notes when a script of somebody else runs, and every request that leaves for another host. */
async function open(): Promise<{ panel: Panel; asked: string[] }> {
  const asked: string[] = [];
  const panel = await Panel.open(browser, built, {
    before: async (page) => {
      // Only what the page's policy has let through comes here.
      await page.route(/^(?!https:\/\/studio\.test\/)[a-z]+:/, (route) => {
        asked.push(route.request().url());
        return route.abort();
      });
      await page.addInitScript(() => Object.assign(window, { pwned: () => Object.assign(window, { isPwned: true }) }));
    },
  });
  return { panel, asked };
}

/** Everything that a repository, a service or a user can put into a sentence, with this word in it. */
function snapshotOf(word: string): Snapshot {
  const asked = request({
    prompt: word,
    setLines: [word],
    inputs: [
      { id: 'photo', name: word, boxes: [{ x1: 130, y1: 420, x2: 520, y2: 700, label: word.slice(0, 80) }] },
      { id: 'broken', name: word, boxes: [] },
    ],
  });
  const photo = { ...source('photo', word), name: word };
  const jobs: JobView[] = [
    job(
      'one',
      { state: 'done', missing: 0, endedAt: Date.now(), cancelled: false },
      {
        request: asked,
        source: photo,
        change: 'everywhere',
        results: [
          result('one', {
            format: word.slice(0, 20),
            note: word,
            savedAs: word,
            replace: { can: true, name: word },
            replaced: { replacementId: 'old', name: word },
          }),
          result('two', { replace: { can: false, sentence: word } }),
        ],
      },
    ),
    job('two', {
      state: 'failed',
      kind: 'bad-request',
      sentence: word,
      detail: word,
      actions: [{ id: 'show-log', label: word }],
      endedAt: Date.now(),
    }),
  ];
  return snapshot({
    service: { mode: 'live', name: word },
    key: 'missing',
    workspace: { trusted: false, hasFolder: true, saveFolder: word },
    insertTarget: word,
    colourDocument: word,
    pastDrafts: [{ draftId: 'old', keptAt: 1, request: asked }],
    draft: { draftId: `draft ${word}`, request: asked },
    sources: [photo, { id: 'broken', name: word, phase: { state: 'refused', sentence: word } }],
    notice: { severity: 'error', text: word, actions: [{ id: 'show-log', label: word }] },
    jobs,
  });
}

/** Every element with the names of its attributes, and the addresses and handlers among them. */
async function pageOf(panel: Panel): Promise<{ elements: string[]; risky: string[]; text: string; isPwned: boolean }> {
  await panel.page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
  });
  return panel.page.evaluate(() => {
    const all = [...document.body.querySelectorAll('*')];
    return {
      elements: all.map(({ tagName, parentElement }) => `${parentElement?.tagName} > ${tagName}`),
      risky: all.flatMap((element) =>
        element
          .getAttributeNames()
          .filter((name) => /^(on|href|src|srcdoc|action|formaction|data|xlink)/.test(name))
          .map((name) => `${name}=${element.getAttribute(name)}`),
      ),
      text: document.body.textContent,
      isPwned: 'isPwned' in window,
    };
  });
}

describe('words that are code elsewhere', () => {
  test('are words in the panel, wherever they stand: no element, no script, no request comes of them', async () => {
    const { panel, asked } = await open();
    // The form says that it was filled anew: that is the same for all but the first.
    await panel.show(snapshotOf('a word'));
    await panel.show(snapshotOf('a plain word'));
    const plain = await pageOf(panel);
    expect(plain.text.match(/a plain word/g)?.length).toBeGreaterThan(8);
    for (const word of words) {
      await panel.show(snapshotOf(word));
      const page = await pageOf(panel);
      expect(page.elements, word).toEqual(plain.elements);
      expect(page.risky, word).toEqual(plain.risky);
      expect(page.isPwned, word).toBe(false);
      if (!/\s{2}|[\r\n\0]/.test(word)) expect(page.text, word).toContain(word);
    }
    expect(asked).toEqual([]);
    expect(panel.complaints).toEqual([]);
    await panel.page.close();
  });

  test('would be seen if they were more than words', async () => {
    const { panel, asked } = await open();
    await panel.show(snapshotOf('a plain word'));
    const plain = await pageOf(panel);
    await panel.page.evaluate((word) => (document.querySelector('.banners')!.innerHTML += word), words[2]!);
    const page = await pageOf(panel);
    expect(page.elements).not.toEqual(plain.elements);
    expect(page.risky).not.toEqual(plain.risky);
    // The policy of the page holds all the same: nothing has run and nothing was asked for.
    expect(page.isPwned).toBe(false);
    expect(asked).toEqual([]);
    await expect.poll(() => panel.complaints.join()).toMatch(/Content Security Policy/);
    await panel.page.close();
  });
});

describe('what the policy keeps out of the page', () => {
  test.each<[string, string]>([
    ['a picture of another host', 'https://evil.test/a.png'],
    ['a picture in its address', 'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['a script as a picture', 'javascript:pwned()'],
  ])('%s', async (_, src) => {
    const { panel, asked } = await open();
    const done = job(
      'one',
      { state: 'done', missing: 0, endedAt: Date.now(), cancelled: false },
      { results: [result('one', { src })] },
    );
    await panel.show(snapshot({ jobs: [done] }));
    await panel.page.waitForTimeout(200);
    expect(asked).toEqual([]);
    expect(await panel.page.evaluate(() => 'isPwned' in window)).toBe(false);
    expect(await panel.page.evaluate(() => [...document.images].every(({ naturalWidth }) => naturalWidth === 0))).toBe(
      true,
    );
    await panel.page.close();
  });
});

describe('messages that are no snapshots', () => {
  const whole = snapshot({ jobs: Object.values(phases) });
  const junk: unknown[] = [
    undefined,
    null,
    0,
    'snapshot',
    [],
    {},
    { type: 'ready' },
    { type: 'run', draftId: 'a', request: {}, highestPrice: 1 },
    { type: 'action', action: 'set-key' },
    { type: 'snapshot' },
    { type: 'snapshot', jobs: null },
    { type: 'snapshot', jobs: 'x' },
    { type: 'snapshot', jobs: [] },
    { type: 'snapshot', revision: 99, jobs: [], sources: [] },
    { ...whole, type: 'Snapshot', revision: 99 },
    { ...whole, revision: '99' },
    { ...whole, revision: 99, jobs: { length: 1, 0: failures['unexpected'] } },
    { ...whole, revision: 99, sources: null },
    { ...whole, revision: 99, strings: null },
    [whole],
    { data: whole },
    JSON.stringify(whole),
  ];

  test('change nothing, send nothing, and break nothing', async () => {
    const { panel } = await open();
    await panel.show(standings['a form that is running']!);
    await panel.whole();
    const before = await panel.page.locator('body').innerHTML();
    const sent = (await panel.sent()).length;
    for (const message of junk) {
      await panel.page.evaluate((data) => window.postMessage(data, '*'), message);
    }
    await panel.page.waitForTimeout(100);
    const withoutClock = (html: string): string => html.replaceAll(/\d+ s\b|\d+:\d\d\b/g, 'now');
    expect(withoutClock(await panel.page.locator('body').innerHTML())).toBe(withoutClock(before));
    expect(await panel.sent()).toHaveLength(sent);
    expect(panel.complaints).toEqual([]);
    // It still listens.
    await panel.show(snapshot({ revision: 2 }));
    await expect.poll(() => panel.page.locator('.job').count()).toBe(0);
    await panel.page.close();
  });
});
