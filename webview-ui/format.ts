import type { Words } from './words.ts';

/** Minutes and seconds of a duration in milliseconds: 75 000 is "01:15". */
export function formatElapsed(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`;
}

/** A whole number with the separators of the user's language: 5000 is "5,000". */
export function formatNumber(value: number): string {
  return new Intl.NumberFormat(language()).format(value);
}

/** A number with at most one digit after the point. */
export function formatShort(value: number): string {
  return new Intl.NumberFormat(language(), { maximumFractionDigits: 1 }).format(value);
}

/** The time of day, with the date in front when that day is not today. */
export function formatMoment(ms: number, now: number): string {
  const isToday = new Date(ms).toDateString() === new Date(now).toDateString();
  return new Intl.DateTimeFormat(
    language(),
    isToday ? { timeStyle: 'short' } : { dateStyle: 'medium', timeStyle: 'short' },
  ).format(ms);
}

/** Bytes as people read them; a megabyte is 1024 x 1024, as in the limits of the service. */
export function fileSize(text: (...words: Words) => string, bytes: number): string {
  const kilobytes = bytes / 1024;
  return kilobytes < 1000
    ? text('kilobytes', formatNumber(Math.max(1, Math.round(kilobytes))))
    : text('megabytes', formatShort(kilobytes / 1024));
}

/** The host writes the language of VS Code into the page; without one the browser's counts. */
const language = (): string | undefined => document.documentElement.lang || undefined;
