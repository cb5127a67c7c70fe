import type { HistoryQuery } from '../../core/history.ts';
import { foldText, searchWords } from '../../core/search.ts';
import type { Summary } from '../../jobs/summary.ts';

/**
 * Those that a query finds, newest first.
 * @param callerName who asked for a job, as people know them
 */
export function findIn(
  summaries: readonly Summary[],
  { text, favourites, unsaved, kind }: HistoryQuery,
  callerName: (askedBy: string) => string = () => '',
): Summary[] {
  const words = searchWords(text);
  const callers = new Map<string, string>();
  const callerOf = (askedBy: string): string => {
    const known = callers.get(askedBy) ?? foldText(`${askedBy} ${callerName(askedBy)}`);
    callers.set(askedBy, known);
    return known;
  };
  return summaries
    .filter(
      (summary) =>
        (!favourites || summary.favourite) &&
        (!unsaved || unsavedIn(summary) > 0) &&
        (kind === 'all' || summary.kind === kind) &&
        words.every(
          (word) =>
            summary.text.includes(word) || (summary.askedBy !== undefined && callerOf(summary.askedBy).includes(word)),
        ),
    )
    .sort((one, other) => other.createdAt - one.createdAt || (one.id < other.id ? 1 : -1));
}

/** How many pictures of a job were not saved anywhere else, as far as is noted. */
export const unsavedIn = ({ pictures }: Summary): number => pictures.filter(({ isSaved }) => !isSaved).length;

/** Bytes of the pictures of a job. */
export const bytesOf = ({ pictures }: Summary): number => pictures.reduce((sum, { byteLength }) => sum + byteLength, 0);
