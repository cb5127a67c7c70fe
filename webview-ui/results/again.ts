import type { JobView } from '../../src/core/messages.ts';
import { highestPrice } from '../../src/core/request.ts';
import type { Studio } from '../state.ts';

/** How long after a press the next one may be a new order, in milliseconds: a double click is not two. */
const rest = 1000;

interface Press {
  readonly draftId: string;
  /** On the clock of events. */
  readonly at: number;
}

/**
 * Asks for the request of a job once more. Each button has a draft id, which is one job however often it is sent; it gets
 * a new one when that job is there and the button has rested.
 */
export class Again {
  /** The last press of each button. */
  readonly #presses = new Map<string, Press>();

  run(studio: Studio, { id: jobId, request }: JobView, seed: 'same' | 'new'): void {
    const { jobs, known } = studio.shown;
    const button = `${jobId} ${seed}`;
    const last = this.#presses.get(button);
    const now = performance.now();
    const isMade = last !== undefined && jobs.some((job) => job.draftId === last.draftId);
    const isNew = !last || (isMade && now - last.at >= rest);
    const draftId = isNew ? crypto.randomUUID() : last.draftId;
    this.#presses.set(button, { draftId, at: now });
    studio.send({ type: 'again', jobId, seed, draftId, highestPrice: highestPrice(request, known?.prices) ?? 0 });
  }
}
