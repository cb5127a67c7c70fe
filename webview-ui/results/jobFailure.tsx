import type { JSX } from 'preact';
import type { JobPhase, JobView } from '../../src/core/messages.ts';
import { Button } from '../parts/button.tsx';
import { Icon } from '../parts/icon.tsx';
import type { Studio, WithStudio } from '../state.ts';

type Failed = Extract<JobPhase, { state: 'failed' }>;

/** Why a job failed, in the service's words too, and what can be done now. */
export function JobFailure({ studio, job, phase }: WithStudio & { job: JobView; phase: Failed }): JSX.Element {
  const { text: t } = studio;
  const isInlineRefused = phase.kind === 'inline-image-refused' && firstFile(job) !== undefined;
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
      {(phase.actions.length > 0 || isInlineRefused) && (
        <div class="row">
          {phase.actions
            // The foot of every job has this one, and the form is the panel's own.
            .filter((action) => action.id !== 'edit-request')
            .map((action) => (
              <Button key={action.id} onClick={() => studio.act(action.id, job.id)}>
                {action.label}
              </Button>
            ))}
          {isInlineRefused && (
            <Button icon="link" onClick={() => useAddresses(studio, job)}>
              {t('useAddresses')}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

const firstFile = ({ request }: JobView): string | undefined => request.inputs.find(({ url }) => url === undefined)?.id;

/** Puts the request back into the form, at the place where the address of its first file is written. */
function useAddresses(studio: Studio, job: JobView): void {
  const inputId = firstFile(job);
  studio.load(job.request, 'job');
  if (inputId !== undefined) void studio.laterPart.openAddress(inputId);
}
