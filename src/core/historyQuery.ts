import type { HistoryQuery } from './history.ts';

/** Finds the whole history. */
export const everything: HistoryQuery = { text: '', favourites: false, unsaved: false, kind: 'all' };
