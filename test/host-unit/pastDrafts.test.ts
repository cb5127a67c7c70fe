import { expect, test } from 'vitest';
import { PastDrafts } from '../../src/host/pastDrafts.ts';

type Store = ConstructorParameters<typeof PastDrafts>[0];

function store(): Store {
  const stored = new Map<string, unknown>();
  return {
    get: (key: string) => stored.get(key),
    update: async (key: string, value: unknown) => {
      if (value === undefined) stored.delete(key);
      else stored.set(key, JSON.parse(JSON.stringify(value)));
    },
  } as Store;
}

const draft = (id: number) => ({ draftId: `draft-${id}`, request: { prompt: `Idea ${id}`, count: id } });
const ids = (drafts: PastDrafts): string[] => drafts.list().map(({ draftId }) => draftId);

test('the last ten are there, newest first, also in the next session', async () => {
  const memento = store();
  const drafts = new PastDrafts(memento, () => 5);
  for (let id = 1; id <= 14; id++) await drafts.keep(draft(id));
  const newest = Array.from({ length: 10 }, (_, index) => `draft-${14 - index}`);
  expect(ids(drafts)).toEqual(newest);
  expect(ids(new PastDrafts(memento, () => 6))).toEqual(newest);
});

test('a draft that was run is none any more, also when it is put aside later and in the next session', async () => {
  const memento = store();
  const drafts = new PastDrafts(memento, () => 5);
  await drafts.keep(draft(1));
  await drafts.noteRun('draft-1');
  await drafts.noteRun('draft-2');
  await drafts.keep(draft(2));
  expect(ids(drafts)).toEqual([]);
  const later = new PastDrafts(memento, () => 6);
  await later.keep(draft(1));
  await later.keep(draft(3));
  expect(ids(later)).toEqual(['draft-3']);
});

test('the same draft, and the same request, are there once', async () => {
  const drafts = new PastDrafts(store(), () => 5);
  await drafts.keep(draft(1));
  await drafts.keep({ draftId: 'draft-1', request: { prompt: 'Idea 1, longer' } });
  await drafts.keep({ draftId: 'other', request: { prompt: 'Idea 1, longer' } });
  expect(ids(drafts)).toEqual(['other']);
});

test('nothing written is nothing to keep, and far too much is not kept', async () => {
  const drafts = new PastDrafts(store(), () => 5);
  for (const request of [{ prompt: ' ' }, {}, null, 'text', { prompt: 5 }, { prompt: 'x'.repeat(60_000) }])
    await drafts.keep({ draftId: 'a', request });
  expect(drafts.count).toBe(0);
});

test('what is forgotten is gone from the disk, and a store that holds something else does no harm', async () => {
  const memento = store();
  const drafts = new PastDrafts(memento, () => 5);
  await drafts.keep(draft(1));
  await drafts.forget();
  expect(ids(new PastDrafts(memento, () => 5))).toEqual([]);
  await memento.update('pastDrafts', [null, 5, { draftId: 'a' }, { ...draft(2), keptAt: 'now' }]);
  expect(ids(new PastDrafts(memento, () => 5))).toEqual([]);
});
