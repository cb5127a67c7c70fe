import type { JobView } from '../../src/core/messages.ts';
import type { Studio } from '../state.ts';
import type { ComparedPicture } from './comparison.ts';
import { slotName } from './slots.ts';

const original = 'original';

/** A picture of a job with what it is compared with at first, its original or the picture next to it; and all that can be chosen. */
export function pairOf(
  studio: Studio,
  job: JobView,
  resultId: string,
): { readonly pictures: readonly ComparedPicture[]; readonly left: string; readonly right: string } {
  const { text: t } = studio;
  const { source, request, results } = job;
  const made = results.map(({ id, src, width, height, slot }, index): ComparedPicture => {
    const single = results.length === 1 ? t('compareResult') : t('resultNumber', index + 1, results.length);
    return { id, src, width, height, label: slotName(studio, job, slot) ?? single };
  });
  const boxes = request.inputs.find(({ id }) => id === source?.id)?.boxes ?? [];
  const edited: ComparedPicture[] =
    source?.phase.state === 'ready'
      ? [{ ...source.phase.facts, id: original, src: source.phase.src, label: t('original'), boxes }]
      : [];
  const pictures = [...edited, ...made];
  const at = pictures.findIndex(({ id }) => id === resultId);
  const other = edited[0] ?? pictures[at === 0 ? 1 : at - 1];
  return { pictures, left: other?.id ?? resultId, right: resultId };
}
