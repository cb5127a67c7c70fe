import type { JSX } from 'preact';
import type { JobPhase, JobView } from '../../src/core/messages.ts';
import { Button } from '../parts/button.tsx';
import { Icon } from '../parts/icon.tsx';
import type { WithStudio } from '../state.ts';

type Failed = Extract<JobPhase, { state: 'failed' }>;

/** Why a job failed, in the service's words too, and what can be done now. */
export function JobFailure({ studio, job, phase }: WithStudio & { job: JobView; phase: Failed }): JSX.Element {
  const { text: t } = studio;
  const look = phase.kind === 'cancelled' ? 'info' : 'error';
  return (
    <div class={`failure stack look-${look}`}>
      <p class="iconic">
        <Icon name={look} />
        <span>{phase.sentence}</span>
      </p>
      {phase.detail !== undefined && (
        <p>
          {t('detailLabel')} <q>{phase.detail}</q>
        </p>
      )}
      {phase.actions.length > 0 && (
        <div class="row">
          {phase.actions
            // The foot of every job has this one, and the form is the panel's own.
            .filter((action) => action.id !== 'edit-request')
            .map((action) => (
              <Button key={action.id} onClick={() => studio.act(action.id, job.id)}>
                {action.label}
              </Button>
            ))}
        </div>
      )}
    </div>
  );
}
