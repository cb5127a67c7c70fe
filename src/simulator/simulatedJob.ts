import { hashNumbers, hashText } from './draw/random.ts';
import type { NormalisedJob } from './job.ts';
import { outputSize } from './sizes.ts';
import type { Size } from './sizes.ts';

/** How a job ends. */
export type Fate =
  | { kind: 'completes' }
  | { kind: 'fails'; message: string; code: string }
  | { kind: 'delivers-nothing'; isBilled: boolean }
  | { kind: 'is-lost' }
  | { kind: 'never-ends' };

/** A job that was accepted. Its state is never stored: it follows from these times and the clock. */
export interface SimulatedJob {
  id: string;
  requestId: string;
  /** The body that was accepted, word for word. */
  body: unknown;
  job: NormalisedJob & { seed: number };
  /** Milliseconds since 1970, and how long each phase takes. */
  acceptedAt: number;
  queueMs: number;
  renderMs: number;
  /** How many pictures come. */
  delivers: number;
  pixelsOff: number;
  fate: Fate;
}

export type JobState =
  | { status: 'queued'; progress: 0 }
  | { status: 'processing'; progress: number }
  | { status: 'completed' | 'failed'; progress: 1; endedAt: number };

export function stateOf(job: SimulatedJob, now: number): JobState {
  const startsAt = job.acceptedAt + job.queueMs;
  const endsAt = startsAt + job.renderMs;
  if (now < startsAt) return { status: 'queued', progress: 0 };
  if (now < endsAt || job.fate.kind === 'never-ends') {
    const done = job.renderMs === 0 ? 1 : (now - startsAt) / job.renderMs;
    return { status: 'processing', progress: Math.min(0.95, Math.round(done * 100) / 100) };
  }
  return { status: job.fate.kind === 'fails' ? 'failed' : 'completed', progress: 1, endedAt: endsAt };
}

/** How many pictures are billed once the job has ended: those that came; none for a failed job. */
export function billedImages({ fate, delivers }: SimulatedJob): number {
  if (fate.kind === 'fails' || fate.kind === 'never-ends') return 0;
  return fate.kind === 'delivers-nothing' && !fate.isBilled ? 0 : delivers;
}

/** How many pictures a job brings: what was asked for, but in a set of three or more now and then one fewer, as the seed has it. */
export function deliveredCount(
  { prompt, seed, isSet, count }: NormalisedJob & { seed: number },
  forced: number | null,
): number {
  if (!isSet) return count;
  if (forced !== null) return Math.min(count, forced);
  return count >= 3 && hashNumbers(hashText(prompt), seed, 23) % 3 === 0 ? count - 1 : count;
}

/** The size of one picture: what was asked for, give or take the pixels that real models are off by. */
export function deliveredSize({ job, pixelsOff }: SimulatedJob, index: number): Size {
  const { width, height } = outputSize(job);
  const off = (axis: number): number => (hashNumbers(job.seed, index, axis) % (2 * pixelsOff + 1)) - pixelsOff;
  return pixelsOff === 0 ? { width, height } : { width: width + off(1), height: height + off(2) };
}
