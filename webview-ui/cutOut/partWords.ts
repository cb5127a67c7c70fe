import type { Studio } from '../state.ts';

/** A part of a whole, 0 to 1, in percent; never nought where it is not, nor all where something is left. */
export function partWords(t: Studio['text'], part: number): string {
  const percent = part * 100;
  if (percent > 0 && percent < 1) return t('zoomPercent', '< 1');
  if (percent > 99 && percent < 100) return t('zoomPercent', '> 99');
  return t('zoomPercent', Math.round(percent));
}
