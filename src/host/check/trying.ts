import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ImageRequest } from '../../core/request.ts';
import type { Job } from '../../jobs/engineTypes.ts';
import type { Pixels } from '../../pixels/client.ts';
import type { Announcer } from '../announcer.ts';
import type { Log } from '../log.ts';
import type { Runner } from '../runner.ts';
import type { Service } from '../services.ts';
import { probeBox, probeRequest, probeSize } from './probe.ts';
import type { FormOnTrial, Trial } from './settle.ts';

export interface TryingParts {
  readonly runner: Pick<Runner, 'run'>;
  readonly announcer: Pick<Announcer, 'end' | 'claim'>;
  readonly pixels: Pick<Pixels, 'judgeFill'>;
  readonly startingRequest: () => ImageRequest;
  readonly log: Log;
}

/** One test picture that the user has agreed to. */
export interface Errand {
  /** The test picture, as requests know it. */
  readonly input: { readonly id: string; readonly name: string };
  /** The price that was agreed to, in thousandths of a dollar. */
  readonly shownPrice: number;
  /** Whether requests still go to the service that was meant. */
  readonly isMeant: () => boolean;
  /** Ends the waiting, and nothing else. */
  readonly signal: AbortSignal;
}

/** Sends one test picture by the way of every request, and looks at what comes back. */
export async function tryForm(form: FormOnTrial, errand: Errand, parts: TryingParts): Promise<Trial> {
  const { runner, announcer, startingRequest } = parts;
  const { shownPrice, isMeant, signal } = errand;
  const origin = { draftId: randomUUID(), askedBy: 'check service', intent: { kind: 'show' }, shownPrice } as const;
  // The runner reads the settings as soon as it is called, so that nothing can come between.
  if (!isMeant()) return { kind: 'not-sent', why: 'other-service' };
  const outcome = await runner.run(probeRequest(startingRequest(), errand.input), origin, { boxForm: form });
  if (outcome.kind === 'failed') return { kind: 'failed', failure: outcome.failure };
  if (outcome.kind !== 'started') return { kind: 'not-sent', why: outcome };
  const { service, job } = outcome;
  if ((await announcer.end(service, job.record.id, signal)) === 'given up') return { kind: 'left' };
  await announcer.claim(service, job.record.id);
  return judge(service, service.jobs.get(job.record.id), parts);
}

async function judge(service: Service, job: Job | undefined, { pixels, log }: TryingParts): Promise<Trial> {
  if (job?.record.status.state === 'failed') return { kind: 'failed', failure: job.record.status.failure };
  const [first] = job?.record.results ?? [];
  const found = first && service.jobs.result(first.id);
  if (!found) return { kind: 'left' };
  try {
    return { kind: 'picture', fill: await pixels.judgeFill(await readFile(found.file), probeBox, probeSize) };
  } catch (error) {
    log.error('A test picture could not be looked at.', error);
    return { kind: 'unreadable' };
  }
}
