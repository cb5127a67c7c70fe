import type { Drawing } from './drawing.ts';
import type { FaultQueue } from './faults.ts';
import type { ImageFacts } from './imageFacts.ts';
import type { JobStore } from './jobStore.ts';
import type { Behaviour } from './options.ts';
import type { RateLimit } from './rateLimit.ts';
import type { SimulatedJob } from './simulatedJob.ts';
import type { Tally } from './tally.ts';

/** The parts of one running simulator, as its request handlers see them. */
export interface Twin {
  behaviour: Behaviour;
  tally: Tally;
  readonly store: JobStore;
  readonly faults: FaultQueue;
  readonly drawing: Drawing;
  readonly rateLimit: RateLimit;
  readonly secret: Buffer;
  readonly clock: () => number;
  readonly factsOfUrl: ((url: string) => ImageFacts | undefined) | undefined;
  readonly onError: (error: unknown) => void;
  /** Jobs whose input pictures are still being decoded, by id. */
  readonly checks: Map<string, Promise<void>>;
  /** Jobs that are no longer kept, oldest first: the account's list still has them. */
  past: SimulatedJob[];
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
}
