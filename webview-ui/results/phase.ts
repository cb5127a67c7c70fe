import type { JobPhase, JobView } from '../../src/core/messages.ts';
import type { Words } from '../words.ts';

/** True while something may still come of a job. */
export const isActive = (phase: JobPhase): boolean => phase.state !== 'done' && phase.state !== 'failed';

/** The id of the element that shows a job. */
export const jobElementId = (jobId: string): string => `job-${jobId}`;

/** A few words on where a job stands. */
export function phaseWords(job: JobView): Words {
  const { phase, results } = job;
  switch (phase.state) {
    case 'sending':
      return [phase.queue ? (phase.queue.until === undefined ? 'phaseQueued' : 'phaseBusy') : 'phaseSending'];
    case 'waiting':
      if (phase.cancelled) return ['phaseCancelled'];
      return [phase.service === 'queued' ? 'phaseQueued' : 'phaseProcessing'];
    case 'collecting':
      return ['phaseCollecting', phase.kept, phase.of];
    case 'done':
      if (results.length === 0) return ['phaseDoneNone'];
      return results.length === 1 ? ['phaseDoneOne'] : ['phaseDoneMany', results.length];
    case 'failed':
      return ['phaseFailed'];
  }
}

/** What a screen reader is told when a job has moved on; undefined when it has nothing new to hear. */
export function announcement(before: JobView | undefined, after: JobView): Words | undefined {
  const { phase, results } = after;
  const was = before?.phase;
  switch (phase.state) {
    case 'sending': {
      const old = was?.state === 'sending' ? was.queue : undefined;
      if (phase.queue?.until !== undefined) return old?.until === undefined ? ['announceBusy'] : undefined;
      if (phase.queue) return old ? undefined : ['announceTurn'];
      return was ? undefined : ['announceStarted'];
    }
    case 'waiting': {
      const old = was?.state === 'waiting' ? was : undefined;
      if (phase.cancelled && !old?.cancelled) return ['announceCancelled'];
      if (phase.late && !old?.late) return ['announceLate'];
      return phase.service === 'processing' && old?.service !== 'processing' ? ['announceProcessing'] : undefined;
    }
    case 'collecting':
      return undefined;
    case 'done':
      if (was?.state === 'done') return undefined;
      return results.length === 1 ? ['announceDoneOne'] : ['announceDoneMany', results.length];
    case 'failed':
      return was?.state === 'failed' ? undefined : ['announceFailed', phase.sentence];
  }
}
