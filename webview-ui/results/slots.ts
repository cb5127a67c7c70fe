import type { JobView } from '../../src/core/messages.ts';
import type { Studio } from '../state.ts';

/** What a slot of a set is called; undefined for pictures that have no slots with names. */
export function slotName({ text: t }: Studio, { request }: JobView, slot: number | undefined): string | undefined {
  const { imageSet, setLines } = request;
  if (!imageSet || slot === undefined || setLines.every((line) => line.trim() === '')) return undefined;
  return setLines[slot]?.trim() || t('setLineLabel', slot + 1);
}
