import type { HistoryEntry, HistoryView } from '../../src/core/history.ts';
import { everything } from '../../src/core/historyQuery.ts';

const subjects = ['A lighthouse on a cliff at dawn, soft watercolour', 'An icon of a fox', 'Four robots at work'];

/** The entry at a place of a history as the host would tell it. */
function entry(place: number, changes: Partial<HistoryEntry> = {}): HistoryEntry {
  const kind = (['single', 'edit', 'set'] as const)[place % 3]!;
  return {
    id: `entry-${place}`,
    title: `${subjects[place % 3]} ${place}`,
    createdAt: Date.UTC(2026, 5, 1) - place * 3_600_000,
    kind,
    state: place % 11 === 7 ? 'failed' : 'done',
    ...(place % 11 !== 7 && { price: 75 }),
    count: place % 11 === 7 ? 0 : kind === 'set' ? 4 : 1,
    unsaved: place % 4 === 0 ? 1 : 0,
    favourite: place % 5 === 1,
    thumbnail:
      place % 11 === 7
        ? { state: 'none' }
        : place % 13 === 5
          ? { state: 'making' }
          : {
              state: 'ready',
              src: `https://studio.test/pictures/entry-${place}.svg?width=256&height=${100 + ((place * 37) % 200)}`,
            },
    ...changes,
  };
}

/** The part of a history of so many entries that the host would tell. */
export function historyOf(total: number, from = 0, count = 60, changes: Partial<HistoryView> = {}): HistoryView {
  const length = Math.max(0, Math.min(count, total - from));
  return {
    query: everything,
    all: total,
    total,
    isWhole: true,
    from,
    entries: Array.from({ length }, (_, index) => entry(from + index)),
    storage: { used: 1_288_490_188, limit: 5_368_709_120 },
    deleted: 0,
    ...changes,
  };
}
