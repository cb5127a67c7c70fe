import type { JobView } from '../../src/core/messages.ts';
import { modelCard } from '../../src/core/modelCard.ts';
import { highestCount, type ImageRequest, isEdit } from '../../src/core/request.ts';

/** What took longer was held up, by a closed window or a busy service, and says nothing about the next; in milliseconds. */
const longest = 10 * 60_000;
/** How many jobs of a kind tell what is usual, and how many of the latest are asked. */
const fewest = 3;
const most = 6;

/**
 * How long a job like this one usually takes, in whole seconds: what the latest of its kind have taken, or, where there are
 * too few, what the model page says of all.
 */
export function usualSeconds(job: JobView, jobs: readonly JobView[]): { readonly min: number; readonly max: number } {
  const kind = kindOf(job.request);
  const took = jobs
    .flatMap(({ phase, request, createdAt, results }) =>
      phase.state === 'done' && !phase.cancelled && results.length > 0 && kindOf(request) === kind
        ? [phase.endedAt - createdAt]
        : [],
    )
    .filter((milliseconds) => milliseconds > 0 && milliseconds < longest)
    .slice(0, most);
  if (took.length < fewest) return modelCard.usualSeconds;
  const min = Math.floor(Math.min(...took) / 1000);
  return { min, max: Math.max(min + 1, Math.ceil(Math.max(...took) / 1000)) };
}

/** Requests of one kind take about the same time: same model, size, number of pictures, and work. */
function kindOf(request: ImageRequest): string {
  const { variant, useCustomSize, resolution, imageSet, thinking } = request;
  return JSON.stringify([
    variant,
    useCustomSize ? 'custom' : resolution,
    imageSet,
    highestCount(request),
    isEdit(request),
    thinking && !isEdit(request),
  ]);
}
