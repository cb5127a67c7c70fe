import type { HistoryQuery } from '../../core/history.ts';
import { searchWords } from '../../core/search.ts';
import type { Summary } from '../../jobs/summary.ts';

/** Those that a query finds, newest first. */
export function findIn(summaries: readonly Summary[], { text, favourites, unsaved, kind }: HistoryQuery): Summary[] {
  const words = searchWords(text);
  return summaries
    .filter(
      (summary) =>
        (!favourites || summary.favourite) &&
        (!unsaved || unsavedIn(summary) > 0) &&
        (kind === 'all' || summary.kind === kind) &&
        words.every((word) => summary.text.includes(word)),
    )
    .sort((one, other) => other.createdAt - one.createdAt || (one.id < other.id ? 1 : -1));
}

/** How many pictures of a job were not saved anywhere else, as far as is noted. */
export const unsavedIn = ({ pictures }: Summary): number => pictures.filter(({ isSaved }) => !isSaved).length;

/** Bytes of the pictures of a job. */
export const bytesOf = ({ pictures }: Summary): number => pictures.reduce((sum, { byteLength }) => sum + byteLength, 0);
