import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { everything } from '../../src/core/historyQuery.ts';
import { foldText, searchWords } from '../../src/core/search.ts';
import { Gallery } from '../../src/host/history/gallery.ts';
import { findIn } from '../../src/host/history/finding.ts';
import { StorageUse } from '../../src/host/history/storageUse.ts';
import { Thumbnails } from '../../src/host/history/thumbnails.ts';
import type { Log } from '../../src/host/log.ts';
import type { Service } from '../../src/host/services.ts';
import type { JobRecord } from '../../src/jobs/record.ts';
import { type Summary, summaryOf } from '../../src/jobs/summary.ts';
import { emptyRequest } from '../../src/core/request.ts';
import { thumbnailFolder } from '../../src/jobs/deleting.ts';

const silent = { info: () => undefined, error: () => undefined } as unknown as Log;

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'wan-history-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function recordOf(id: string, changes: Partial<JobRecord> = {}): JobRecord {
  return {
    version: 1,
    id,
    draftId: id,
    askedBy: 'test',
    intent: { kind: 'show' },
    request: { ...emptyRequest(), prompt: `Prompt of ${id}` },
    createdAt: 1,
    highestPrice: 75,
    highestCount: 1,
    cancelled: false,
    dismissed: false,
    status: { state: 'done', endedAt: 2, missing: 0 },
    results: [
      { id: `${id}-0`, file: '0.png', width: 4, height: 3, format: 'png', byteLength: 1000, sha256: '0'.repeat(64) },
    ],
    ...changes,
  };
}
const summary = (id: string, changes: Partial<Summary> = {}): Summary => ({ ...summaryOf(recordOf(id)), ...changes });
const idsOf = (found: readonly { readonly id: string }[]): string[] => found.map(({ id }) => id);

test.each([
  ['CAFÉ', 'cafe'],
  ['cafe', 'Café'],
  ['Straße', 'STRASSE'],
  ['ΟΔΟΣ', 'οδός'],
  ['Ｆｕｌｌ', 'full'],
  ['ﬁsh', 'FISH'],
  ['İstanbul ışık', 'istanbul isik'],
])('%s is found by %s', (text, typed) => {
  expect(foldText(text)).toContain(foldText(typed));
});

test('a search finds prompts, lines of sets, boxes, inputs and saved files, by words in any order', () => {
  const edit = recordOf('edit', {
    asked: {
      ...emptyRequest(),
      prompt: 'Ein Löwe am Fluß',
      inputs: [{ id: 'i', name: 'docs/Fotos/zoo.jpg', boxes: [{ x1: 0, y1: 0, x2: 9, y2: 9, label: 'Mähne' }] }],
    },
  });
  const set = recordOf('set', { request: { ...emptyRequest(), imageSet: true, setLines: ['A robot', 'A clock'] } });
  const saved = recordOf('saved');
  const [result] = saved.results;
  const summaries = [
    edit,
    set,
    { ...saved, results: [{ ...result!, savedAs: 'file:///w/b%C3%BCro/wal%20eins.png' }] },
  ].map(summaryOf);
  const find = (text: string): string[] => idsOf(findIn(summaries, { ...everything, text }));
  expect(find('fluss LOWE')).toEqual(['edit']);
  expect(find('mahne zoo')).toEqual(['edit']);
  expect(find('clock')).toEqual(['set']);
  expect(find('Büro wal')).toEqual(['saved']);
  expect(find('prompt lowe')).toEqual([]);
  expect(find('   ')).toHaveLength(3);
  expect(searchWords(' A  b ')).toEqual(['a', 'b']);
});

test('what an agent or an extension asked for is found by who that was', () => {
  const summaries = [
    summaryOf(recordOf('agent', { askedBy: 'agent' })),
    summaryOf(recordOf('other', { askedBy: 'extension me.tool' })),
    summaryOf(recordOf('person', { askedBy: 'studio' })),
  ];
  const callerName = (askedBy: string): string => (askedBy === 'agent' ? 'ein Agent' : 'Märchen');
  const find = (text: string): string[] => idsOf(findIn(summaries, { ...everything, text }, callerName));
  expect(find('EIN agent')).toEqual(['agent']);
  expect(find('me.tool')).toEqual(['other']);
  expect(find('marchen prompt')).toEqual(['other']);
  expect(find('studio')).toEqual([]);
});

test('marks and kinds narrow what is found, newest first', () => {
  const all = [
    summary('a', { createdAt: 3, favourite: true }),
    summary('b', { createdAt: 5, kind: 'edit', pictures: [] }),
    summary('c', { createdAt: 4, kind: 'edit', favourite: true }),
  ];
  expect(idsOf(findIn(all, everything))).toEqual(['b', 'c', 'a']);
  expect(idsOf(findIn(all, { ...everything, favourites: true }))).toEqual(['c', 'a']);
  expect(idsOf(findIn(all, { ...everything, kind: 'edit' }))).toEqual(['b', 'c']);
  expect(idsOf(findIn(all, { ...everything, unsaved: true, kind: 'edit' }))).toEqual(['c']);
});

function serviceOf(summaries: Summary[], folder = '/journal'): Service {
  const jobs = {
    history: () => ({ summaries, isWhole: true }),
    binned: () =>
      Promise.resolve([
        { at: 1, ids: ['x'] },
        { at: 2, ids: ['y', 'z'] },
      ]),
    emptyBin: () => Promise.resolve(),
  };
  return { mode: 'live', folder, jobs } as unknown as Service;
}

test('the gallery gives the part in sight alone, and wants the thumbnails of that', async () => {
  const summaries = Array.from({ length: 500 }, (_, at) => summary(`job${at}`, { createdAt: at, actualPrice: 75 }));
  const want = vi.fn();
  const changed = vi.fn();
  const of = (id: string) => (id === 'job499-0' ? ({ state: 'ready', file: '/t.webp' } as const) : undefined);
  const callerName = (askedBy: string) => `by ${askedBy}`;
  const gallery = new Gallery({ thumbnails: { want, of }, storage: { view: () => undefined }, callerName, changed });
  const view = () => gallery.view(serviceOf(summaries), (file) => `src:${file}`);
  expect(await view()).toBeUndefined();
  gallery.ask({ query: everything, from: 0, count: 2 });
  expect(await view()).toMatchObject({
    all: 500,
    total: 500,
    from: 0,
    deleted: 2,
    entries: [
      {
        id: 'job499',
        price: 75,
        count: 1,
        unsaved: 1,
        askedBy: 'by test',
        thumbnail: { state: 'ready', src: 'src:/t.webp' },
      },
      { id: 'job498', thumbnail: { state: 'making' } },
    ],
  });
  expect(want).toHaveBeenLastCalledWith('/journal', [
    { id: 'job499-0', jobId: 'job499', file: '0.png' },
    { id: 'job498-0', jobId: 'job498', file: '0.png' },
  ]);
  // What was in sight has become fewer.
  gallery.ask({ query: { ...everything, text: 'prompt of job7' }, from: 400, count: 20 });
  const few = await view();
  expect(few?.from).toBe((few?.total ?? 0) - 1);
  expect(few?.entries).toHaveLength(1);
  gallery.show('job3');
  expect(gallery.opened).toBe('job3');
  gallery.close();
  expect(gallery.opened).toBeUndefined();
  expect(await view()).toBeUndefined();
  expect(changed).toHaveBeenCalledTimes(4);
});

test('a thumbnail is made once, on first sight, and only while it is in sight', async () => {
  const journal = await newFolder();
  for (const id of ['a', 'b', 'c', 'broken']) {
    await mkdir(join(journal, id));
    if (id !== 'broken') await writeFile(join(journal, id, '0.png'), `picture ${id}`);
  }
  const made: string[] = [];
  let letGo: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  const thumbnail = async (bytes: Uint8Array) => {
    made.push(Buffer.from(bytes).toString());
    await held;
    return { format: 'webp', width: 1, height: 1, bytes: Buffer.from('small') } as const;
  };
  const changed = vi.fn();
  const thumbnails = new Thumbnails({ pixels: { thumbnail }, changed, log: silent });
  const wanted = (...ids: string[]) => ids.map((jobId) => ({ id: `${jobId}-0`, jobId, file: '0.png' }));
  thumbnails.want(journal, wanted('a', 'b', 'broken'));
  await expect.poll(() => made).toEqual(['picture a']);
  // By the time that a is made, b is out of sight.
  thumbnails.want(journal, wanted('c', 'broken'));
  letGo();
  await expect.poll(() => thumbnails.of('broken-0')).toEqual({ state: 'none' });
  expect(made).toEqual(['picture a', 'picture c']);
  expect(thumbnails.of('b-0')).toBeUndefined();
  const ready = thumbnails.of('a-0');
  expect(ready).toEqual({ state: 'ready', file: join(thumbnailFolder(journal, 'a'), '0.webp') });
  expect(await readFile(join(thumbnailFolder(journal, 'a'), '0.webp'), 'utf8')).toBe('small');
  // A job's own folder stays untouched: it would be read anew.
  expect(await readdir(join(journal, 'a'))).toEqual(['0.png']);
  await expect.poll(() => changed.mock.calls.length).toBeGreaterThan(0);
  const next = new Thumbnails({ pixels: { thumbnail }, changed, log: silent });
  next.want(journal, wanted('a', 'c'));
  await expect.poll(() => next.of('c-0')).toMatchObject({ state: 'ready' });
  expect(made).toHaveLength(2);
});

test('what is kept is counted over all workspaces, and held against the limit', async () => {
  const root = await newFolder();
  const [here, elsewhere] = [join(root, 'all/here/practice'), join(root, 'all/other/practice')];
  for (const [folder, bytes] of [
    [join(here, 'job'), 700_000],
    [join(here, '.bin/1~gone'), 100_000],
    [join(elsewhere, 'job'), 300_000],
    [join(root, 'pictures/here/kept'), 50_000],
  ] as const) {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, '0.png'), Buffer.alloc(bytes));
  }
  // Of the journal in use it is known without looking.
  const service = serviceOf(
    [summary('job', { pictures: [{ ...summary('job').pictures[0]!, byteLength: 700_000 }] })],
    here,
  );
  let limit = 1;
  const use = new StorageUse({
    folders: { all: join(root, 'all'), pictures: join(root, 'pictures/here') },
    current: () => Promise.resolve(service),
    limit: () => limit,
    changed: () => undefined,
    log: silent,
  });
  expect(use.view(service)).toBeUndefined();
  await use.count();
  expect(use.view(service)).toEqual({ used: 1_150_000, limit: 1_048_576 });
  expect(await use.excess()).toBe(1_150_000 - 1_048_576);
  limit = 2;
  expect(await use.excess()).toBe(0);
  limit = 0;
  expect(await use.excess()).toBe(0);
});

test('what cannot be counted is said once in a while, and not over and over', async () => {
  const service = serviceOf([]);
  const failing = vi.fn(() => Promise.reject(new Error('no disk')));
  const errors = vi.fn();
  const use: StorageUse = new StorageUse({
    folders: { all: '/none', pictures: '/none/here' },
    current: failing,
    limit: () => 1,
    // As the studio does, which asks again with each snapshot.
    changed: () => void use.view(service),
    log: { ...silent, error: errors },
  });
  for (let times = 0; times < 5; times++) {
    use.view(service);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(failing).toHaveBeenCalledTimes(1);
  expect(errors).toHaveBeenCalledTimes(1);
});
