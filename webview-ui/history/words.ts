import { fileSize, formatMoment, formatShort } from '../format.ts';
import type { Words } from '../words.ts';

const gigabyte = 1024 ** 3;

/** Bytes as people read them, up to gigabytes of 1024 x 1024 x 1024. */
export function roomSize(text: (...words: Words) => string, bytes: number): string {
  return bytes < gigabyte ? fileSize(text, bytes) : text('historyGigabytes', formatShort(bytes / gigabyte));
}

/** The time of day where that day is today, else the day. */
export function formatDay(ms: number, now: number): string {
  if (new Date(ms).toDateString() === new Date(now).toDateString()) return formatMoment(ms, now);
  return new Intl.DateTimeFormat(document.documentElement.lang || undefined, { dateStyle: 'medium' }).format(ms);
}
