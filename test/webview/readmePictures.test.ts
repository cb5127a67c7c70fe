// Takes the pictures that the README shows from the very panel, and says when the panel looks otherwise by now.
import type { Browser } from '@playwright/test';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { HistoryEntry, HistoryView } from '../../src/core/history.ts';
import type { Snapshot } from '../../src/core/messages.ts';
import { job, request, result, snapshot, source } from './fixtures.ts';
import { historyOf } from './historyFixtures.ts';
import { differentReadmePicture, readmeFolder } from './looks.ts';
import { type BuiltPanel, buildPanel, openBrowser, Panel } from './page.ts';

const root = join(import.meta.dirname, '../..');

/** Elapsed times and dates stand still in pictures: here before the fixtures are made, and in the pages below. */
const time = vi.hoisted(() => {
  process.env['TZ'] = 'UTC';
  const time = new Date('2026-11-20T12:00:00Z');
  vi.setSystemTime(time);
  return time;
});

/** The photo of the sample workspace, and what an edit in its two boxes could have come to. */
const photo = join(root, 'test/rig/sample/images/photo.jpg');
const answer = `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="800">
  <path d="M876 371 a62 62 0 1 0 42 86 a50 50 0 1 1 -42 -86 z" fill="#f4f1e6"/>
  <path d="M150 150 l70 -60 l50 90 l-60 70 z" fill="#c8393b"/><path d="M150 150 l120 30 M220 90 l-10 160" stroke="#7d1f22" stroke-width="4"/>
  <path d="M210 250 q 30 60 -10 100 t 20 110" fill="none" stroke="#f3e6d4" stroke-width="4"/>
</svg>`;
const pictures = new Map<string, Buffer>();

const edit = request({
  prompt: 'A red kite in the sky, and the sun becomes a crescent moon',
  seed: 4711,
  inputs: [
    {
      id: 'photo',
      name: 'images/photo.jpg',
      boxes: [
        { x1: 100, y1: 60, x2: 340, y2: 480, label: 'a red kite' },
        { x1: 770, y1: 340, x2: 950, y2: 520, label: 'a crescent moon' },
      ],
    },
  ],
});
const shownPhoto = { ...source('photo', 'images/photo.jpg'), phase: ready('photo.jpg') };
const edited = job(
  'edit',
  { state: 'done', missing: 0, endedAt: time.getTime(), cancelled: false },
  {
    request: edit,
    source: shownPhoto,
    actualPrice: 75,
    results: [
      {
        ...result('edit-0', { width: 1200, height: 800, byteLength: 912_000 }),
        src: 'https://studio.test/pictures/readme/answer.png',
      },
    ],
  },
);

function ready(name: string) {
  const { phase } = source('photo', 'images/photo.jpg');
  return { ...phase, src: `https://studio.test/pictures/readme/${name}` } as typeof phase;
}

interface Shown {
  readonly theme: string;
  readonly snapshot: Snapshot;
  readonly open?: (panel: Panel) => Promise<unknown>;
}

/** By the names of their files in media/readme. */
const shown: Readonly<Record<string, Shown>> = {
  edit: {
    theme: 'light-modern',
    snapshot: snapshot({ draft: { draftId: 'readme', request: edit }, sources: [shownPhoto], jobs: [edited] }),
  },
  compare: {
    theme: 'dark-modern',
    snapshot: snapshot({ jobs: [edited] }),
    open: async ({ page }) => {
      await page.getByRole('button', { name: 'Compare', exact: true }).click();
      await page.locator('.compare-viewport[aria-busy=false]').waitFor();
    },
  },
  history: { theme: 'light-modern', snapshot: snapshot({ history: history() }) },
};

function history(): HistoryView {
  const titles = [
    'A lighthouse on a cliff at dawn, soft watercolour',
    'App icon of a paper boat',
    'A robot at work, four illustrations',
    'A calm lake at sunrise, for the README',
    'A red kite in the sky',
    'Four seasons in a small park',
  ];
  const view = historyOf(20);
  const entries = view.entries.map((entry, place): HistoryEntry => {
    const { kind, count } = entry;
    return {
      ...entry,
      title: titles[place % titles.length] ?? '',
      createdAt: time.getTime() - (place + 1) * 7_200_000,
      state: 'done',
      count: Math.max(1, count),
      price: 75 * (kind === 'set' ? 4 : 1),
      thumbnail: {
        state: 'ready',
        src: `https://studio.test/pictures/readme-${place}.svg?width=256&height=${[144, 256, 192][place % 3]}`,
      },
    };
  });
  return { ...view, entries };
}

let browser: Browser | undefined;
let built: BuiltPanel;
beforeAll(async () => {
  if (process.env['WAN_FULL'] !== '1') return;
  pictures.set('photo.jpg', readFileSync(photo));
  // The sky beside the sun takes its place.
  const strip = sharp(photo).extract({ left: 700, top: 345, width: 1, height: 160 });
  const sky = await strip.resize(180, 160, { fit: 'fill' }).png().toBuffer();
  const drawn = sharp(photo).composite([{ input: sky, left: 770, top: 345 }, { input: Buffer.from(answer) }]);
  pictures.set('answer.png', await drawn.png().toBuffer());
  [browser, built] = await Promise.all([openBrowser(), buildPanel()]);
});
afterAll(() => browser?.close());

test('every picture that the README shows is one of those that are taken here', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const named = [...readme.matchAll(/(?:!\[[^\]]*\]\(|src(?:set)?=")(?!https:)([^)"\s]+)/g)].map(([, path]) => path);
  const taken = Object.keys(shown).map((name) => `media/readme/${name}.webp`);
  expect(named.filter((path) => !taken.includes(path ?? ''))).toEqual([]);
  expect(taken.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  for (const path of taken) expect(readFileSync(join(root, path)).length, path).toBeLessThan(120_000);
  expect(readmeFolder).toBe(join(root, 'media/readme'));
});

test.runIf(process.env['WAN_FULL'] === '1').each(Object.entries(shown))(
  'the picture %s shows what the panel looks like',
  async (name, { theme, snapshot: what, open }) => {
    if (!browser) throw new Error('There is no browser.');
    const panel = await Panel.open(browser, built, {
      theme,
      width: 1280,
      height: 860,
      before: async (page) => {
        await page.clock.setFixedTime(time);
        await page.route('**/pictures/readme/*', (route) => {
          const file = new URL(route.request().url()).pathname.split('/').at(-1) ?? '';
          return route.fulfill({ contentType: `image/${file.split('.').at(-1)}`, body: pictures.get(file) ?? '' });
        });
      },
    });
    await panel.show(what);
    await panel.whole();
    await open?.(panel);
    await panel.page.waitForFunction(() => [...document.images].every(({ complete }) => complete));
    await panel.page.waitForTimeout(300); // the stage draws a moment after its picture is there
    expect(await differentReadmePicture(name, await panel.page.screenshot())).toBeUndefined();
    expect(panel.complaints).toEqual([]);
    await panel.page.close();
  },
);
