import { modelCard } from '../../src/core/modelCard.ts';
import type { ImageRequest } from '../../src/core/request.ts';

/** How many lines to draw: one for each picture that may come, and none with words in it left out. */
export function rowCount(request: Pick<ImageRequest, 'setLines' | 'setMaxImages'>): number {
  const { min, max } = modelCard.setMaxImages;
  const asked = Number.isInteger(request.setMaxImages) ? Math.min(max, Math.max(min, request.setMaxImages)) : min;
  return Math.max(asked, request.setLines.length);
}

/** The lines with one changed; blank ones at the end are not kept. */
export function setLine(lines: readonly string[], index: number, line: string): string[] {
  return withoutBlankEnd(
    Array.from({ length: Math.max(lines.length, index + 1) }, (_, at) => (at === index ? line : (lines[at] ?? ''))),
  );
}

/** The lines without one; those below it move up. */
export function removeLine(lines: readonly string[], index: number): string[] {
  return withoutBlankEnd(lines.filter((_, at) => at !== index));
}

function withoutBlankEnd(lines: readonly string[]): string[] {
  const last = lines.findLastIndex((line) => line.trim() !== '');
  return lines.slice(0, last + 1);
}
