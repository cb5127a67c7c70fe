import { isEdit } from '../core/request.ts';
import { foldText } from '../core/search.ts';
import { lacksPictures } from './attaching.ts';
import { otherCaller } from './limits.ts';
import type { JobRecord } from './record.ts';

/** What the history shows of a job, and finds it by. It is made from the journal's entry and never stands for it. */
export interface Summary {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** How the prompt begins, or the first line of a set without one. */
  readonly title: string;
  readonly kind: 'single' | 'edit' | 'set';
  readonly state: 'active' | 'done' | 'failed';
  /** Thousandths of a dollar: the most it could cost, and what it did as far as is known. */
  readonly highestPrice: number;
  readonly actualPrice?: number;
  /** Pictures may have been bought that are not there: they can still be looked for. */
  readonly lacks: boolean;
  readonly favourite: boolean;
  /** Who asked for it, as the journal says, where that was no person; lines from before this was noted lack it. */
  readonly askedBy?: string;
  /** Taken out of the list by the user. */
  readonly dismissed: boolean;
  readonly pictures: readonly SummaryPicture[];
  /** What a search looks in, folded. */
  readonly text: string;
}

/** A picture of the vault. */
export interface SummaryPicture {
  /** Of the result. */
  readonly id: string;
  /** File name inside the job's folder. */
  readonly file: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly byteLength: number;
  readonly isSaved: boolean;
}

const titleLength = 160;
/** No request that can be sent has more to find it by, but for many long paths. */
const textLength = 20_000;

/** What the history shows of a job as it stands. */
export function summaryOf(record: JobRecord): Summary {
  const request = record.asked ?? record.request;
  const { status } = record;
  const lines = request.imageSet ? request.setLines.filter((line) => line.trim() !== '') : [];
  const words = [
    request.prompt,
    ...lines,
    ...request.inputs.flatMap(({ name, boxes }) => [name, ...boxes.map(({ label }) => label ?? '')]),
    ...record.results.map(({ savedAs }) => (savedAs === undefined ? '' : pathOf(savedAs))),
  ];
  return {
    id: record.id,
    createdAt: record.createdAt,
    title: [...(request.prompt.trim() || (lines[0] ?? ''))].slice(0, titleLength).join(''),
    kind: isEdit(request) ? 'edit' : request.imageSet ? 'set' : 'single',
    state: status.state === 'done' || status.state === 'failed' ? status.state : 'active',
    highestPrice: record.highestPrice,
    ...(record.actualPrice !== undefined && { actualPrice: record.actualPrice }),
    lacks: lacksPictures(record),
    favourite: record.favourite === true,
    ...(otherCaller(record.askedBy) !== undefined && { askedBy: record.askedBy }),
    dismissed: record.dismissed,
    pictures: record.results.map(({ id, file, width, height, byteLength, savedAs }) => ({
      id,
      file,
      width,
      height,
      byteLength,
      isSaved: savedAs !== undefined,
    })),
    text: foldText(words.filter(Boolean).join('\n')).slice(0, textLength),
  };
}

/** A saved file as people would write it; its address has signs for spaces and accents. */
function pathOf(uri: string): string {
  try {
    return decodeURIComponent(uri.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, ''));
  } catch {
    return uri; // A sign of percent that stands for itself.
  }
}
