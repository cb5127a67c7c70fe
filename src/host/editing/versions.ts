import { insideVerdict } from '../../core/insideBoxes.ts';
import type { ResultVersion } from '../../core/messages.ts';
import type { JobRecord, KeptResult } from '../../jobs/record.ts';
import { editedInput } from './editedInput.ts';

/** Whether an answer can be put into the boxes of its source alone; undefined where that is no question. */
export function verdictOf({ asked, sources = [] }: JobRecord, result: KeptResult): ReturnType<typeof insideVerdict> {
  return insideVerdict({ inputs: asked?.inputs ?? [], sources }, result);
}

/** True where an answer shows a part of its source alone. */
export const isOfPart = (record: JobRecord): boolean => editedInput(record)?.source.crop !== undefined;

/** The version of a result that counts: the one the user chose, else all of the picture that was edited. */
export function shownVersion(record: JobRecord, result: KeptResult): ResultVersion {
  if (result.shown) return result.shown;
  return isOfPart(record) && verdictOf(record, result)?.possible ? 'crop' : 'whole';
}

/** Where the version that counts was saved last, as a URI. */
export function shownSavedAs(record: JobRecord, result: KeptResult): string | undefined {
  const shown = shownVersion(record, result);
  return shown === 'whole' ? result.savedAs : result.versionsSavedAs?.[shown];
}

/**
 * The version of an answer that has, outside the boxes, what was there before, for a file of this format; undefined where
 * there can be none.
 */
export function versionKeepingOutside(
  record: JobRecord,
  result: KeptResult,
  format: string,
): 'inside' | 'inside-png' | undefined {
  if (!verdictOf(record, result)?.possible) return undefined;
  // Written in its own format once; in another one from a copy that has lost nothing.
  return editedInput(record)?.source.facts.format === format ? 'inside' : 'inside-png';
}
