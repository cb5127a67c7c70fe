import type { JSX } from 'preact';
import { Button } from '../parts/button.tsx';
import { EmptyState } from './emptyState.tsx';
import { JobCard } from './jobCard.tsx';
import { PartFailure } from '../stage/stagePlace.tsx';
import type { WithStudio } from '../state.ts';

/** What has been made and what is being made, newest first. */
export function Results({ studio }: WithStudio): JSX.Element {
  const { jobs, workspace, history } = studio.shown;
  const { text: t } = studio;
  const where = workspace.hasFolder ? workspace.saveFolder && t('saveFolder', workspace.saveFolder) : t('noFolder');
  if (history && studio.later) return studio.later.drawHistory(studio, JobCard);
  return (
    <section class="results" aria-labelledby="results-heading">
      <div class="results-inside">
        <header class="row apart head">
          <h2 id="results-heading" class={jobs.length === 0 ? 'only-spoken' : ''}>
            {t('resultsHeading')}
          </h2>
          {jobs.length > 0 && <span class="hint">{where}</span>}
          <Button look="plain" class="results-history" onClick={() => studio.later?.openHistory()}>
            {t('history')}
          </Button>
        </header>
        {/* The stage says it where there is one. */}
        {studio.laterPart.hasFailed && jobs.length > 0 && studio.request.inputs.length === 0 && (
          <PartFailure studio={studio} />
        )}
        {studio.later?.drawRemoved(studio, 'jobs')}
        {jobs.length === 0 ? (
          studio.request.inputs.length > 0 ? (
            <p class="hint awaiting">{studio.text('emptyEdit')}</p>
          ) : (
            <EmptyState studio={studio} />
          )
        ) : (
          jobs.map((job) => <JobCard studio={studio} job={job} key={job.id} />)
        )}
      </div>
    </section>
  );
}
