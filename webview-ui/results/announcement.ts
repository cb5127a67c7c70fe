import type { JobView } from '../../src/core/messages.ts';
import type { Words } from '../words.ts';

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
