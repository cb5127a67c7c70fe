import type { JSX } from 'preact';
import type { JobPhase, JobView } from '../../src/core/messages.ts';
import { modelCard } from '../../src/core/modelCard.ts';
import { formatElapsed } from '../format.ts';
import { Button } from '../parts/button.tsx';
import { Icon } from '../parts/icon.tsx';
import { jobElementId, phaseWords } from './phase.ts';
import type { WithStudio } from '../state.ts';
import type { Words } from '../words.ts';

type Queue = NonNullable<Extract<JobPhase, { state: 'sending' }>['queue']>;

/** How far a job is, how long it has taken, and a way to stop waiting for it. */
export function JobProgress({ studio, job }: WithStudio & { job: JobView }): JSX.Element {
  const { text: t } = studio;
  const { phase } = job;
  const isCancelled = 'cancelled' in phase && phase.cancelled;
  const queue = phase.state === 'sending' ? phase.queue : undefined;
  const isLate = phase.state === 'waiting' && phase.late;
  const textId = `${jobElementId(job.id)}-cancel`;
  const { min, max } = studio.later?.usualSeconds(studio, job) ?? modelCard.usualSeconds;
  return (
    <div class="stack">
      <progress class="bar" aria-label={t(...phaseWords(job))} {...progressOf(phase)} />
      <div class="row apart">
        <p class="row">
          <Elapsed studio={studio} since={job.createdAt} />
          {!isLate && !queue && <span class="hint">{t('usualTime', min, max)}</span>}
        </p>
        {!isCancelled && (
          <Button icon="stop" aria-describedby={textId} onClick={() => studio.send({ type: 'cancel', jobId: job.id })}>
            {t('cancel')}
          </Button>
        )}
      </div>
      {queue && (
        <p class="iconic">
          <Icon name="info" /> <span>{t(...queueWords(queue))}</span>
        </p>
      )}
      {isLate && (
        <p class="iconic">
          <Icon name="info" /> <span>{t('late')}</span>
        </p>
      )}
      <p class="hint" id={textId}>
        {t(isCancelled ? 'cancelledText' : queue ? 'cancelUnsentText' : 'cancelText')}
      </p>
    </div>
  );
}

/** The part of the way that is known; without one the bar only shows that something is going on. */
function progressOf(phase: JobPhase): { value: number; max: number } | undefined {
  if (phase.state === 'collecting') return { value: phase.kept, max: Math.max(1, phase.of) };
  return phase.state === 'waiting' && phase.progress !== undefined ? { value: phase.progress, max: 1 } : undefined;
}

/** What a request that has not been sent waits for. */
function queueWords({ ahead, until }: Queue): Words {
  if (until !== undefined) return ['busyUntil', Math.max(1, Math.ceil((until - Date.now()) / 1000))];
  const { requestsPerMinute } = modelCard;
  return ahead === 0 ? ['turnNext', requestsPerMinute] : ['turnAfter', ahead, requestsPerMinute];
}

/** The time since the job began, second by second. A timer is not read out as it goes. */
function Elapsed({ studio, since }: WithStudio & { since: number }): JSX.Element {
  return (
    <span class="numbers" role="timer">
      {studio.text('elapsed', formatElapsed(Date.now() - since))}
    </span>
  );
}
