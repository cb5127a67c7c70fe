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
