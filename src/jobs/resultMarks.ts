import type { ResultVersion } from '../core/messages.ts';
import type { KeptResult } from './record.ts';

/** Where a version of a picture was saved. */
export interface Saved {
  readonly resultId: string;
  readonly uri: string;
  readonly version: ResultVersion;
}

/** What people add to a picture, which no state of its job may lose. */
type ResultMarks = Partial<Pick<KeptResult, 'savedAs' | 'shown' | 'versionsSavedAs'>>;

/** A picture, or what is marked of it, with one more place where it was saved. */
export function withSaved<Kept extends ResultMarks>(kept: Kept, { uri, version }: Omit<Saved, 'resultId'>): Kept {
  if (version === 'whole') return { ...kept, savedAs: uri };
  return { ...kept, versionsSavedAs: { ...kept.versionsSavedAs, [version]: uri } };
}

/** Where any version of a picture was saved last, as URIs. */
export const placesOf = ({ savedAs, versionsSavedAs = {} }: ResultMarks): string[] => [
  ...(savedAs === undefined ? [] : [savedAs]),
  ...Object.values(versionsSavedAs),
];

/** What is marked of a picture, without what is not. */
export function resultMarksOf({ savedAs, shown, versionsSavedAs }: ResultMarks = {}): ResultMarks {
  return {
    ...(savedAs !== undefined && { savedAs }),
    ...(shown && { shown }),
    ...(versionsSavedAs && { versionsSavedAs }),
  };
}
