import type { JSX } from 'preact';
import type { JobView } from '../../src/core/messages.ts';
import { formatPrice } from '../../src/core/request.ts';
import { formatMoment } from '../format.ts';
import { Button } from '../parts/button.tsx';
import { focusFieldSoon } from '../parts/fieldIds.ts';
import { AgainButtons } from './againButtons.tsx';
import { JobChips } from './jobChips.tsx';
import { JobFailure } from './jobFailure.tsx';
import { JobProgress } from './jobProgress.tsx';
import { isActive, jobElementId, phaseWords } from './phase.ts';
import { Pictures } from './pictures.tsx';
import type { WithStudio } from '../state.ts';

/** One job: what was asked, where it stands, what came of it. */
export function JobCard({ studio, job }: WithStudio & { job: JobView }): JSX.Element {
  const { text: t } = studio;
  const titleId = `${jobElementId(job.id)}-title`;
  return (
    <article class="job stack" id={jobElementId(job.id)} tabIndex={-1} aria-labelledby={titleId}>
      <header class="job-head">
        <JobPrompt studio={studio} job={job} titleId={titleId} />
        <p class="job-facts row hint">
          <span class="job-state">{t(...phaseWords(job))}</span>
          <Price studio={studio} job={job} />
          <time dateTime={new Date(job.createdAt).toISOString()}>{formatMoment(job.createdAt, Date.now())}</time>
          {studio.later?.drawCaller(studio, job)}
        </p>
      </header>
      <JobChips studio={studio} request={job.request} />
      {isActive(job.phase) && <JobProgress studio={studio} job={job} />}
      {job.phase.state === 'failed' && <JobFailure studio={studio} job={job} phase={job.phase} />}
      <Pictures studio={studio} job={job} />
      {job.looking && studio.later?.drawFound(studio, job, job.looking)}
      {!isActive(job.phase) && <Foot studio={studio} job={job} />}
    </article>
  );
}

/** The prompt as a heading. A long one shows its beginning, and the rest when asked. */
function JobPrompt({ studio, job, titleId }: WithStudio & { job: JobView; titleId: string }): JSX.Element {
  const { text: t } = studio;
  const { prompt, imageSet, setLines } = job.request;
  const lines = imageSet ? setLines.filter((line) => line.trim() !== '') : [];
  const isLong = prompt.length > 220 || lines.length > 0;
  return (
    <div class="job-prompt">
      <h3 id={titleId} class={isLong ? 'job-title-long' : ''}>
        {prompt.trim() || lines[0]}
      </h3>
      {isLong && (
        <details class="job-more small">
          <summary>{t('promptMore')}</summary>
          <p>{prompt}</p>
          {lines.length > 0 && (
            <ol>
              {lines.map((line, index) => (
                <li key={index}>{line}</li>
              ))}
            </ol>
          )}
        </details>
      )}
    </div>
  );
}

/** What a job costs. Nothing is said while practising, where nothing does. */
function Price({ studio, job }: WithStudio & { job: JobView }): JSX.Element | null {
  const { service } = studio.shown;
  const { text: t } = studio;
  const { actualPrice, phase } = job;
  const hasEnded = !isActive(phase);
  if (service.mode === 'practice') return hasEnded && phase.state !== 'failed' ? <span>{t('priceFree')}</span> : null;
  if (actualPrice !== undefined)
    return <span>{actualPrice === 0 ? t('priceNone') : t('priceActual', formatPrice(actualPrice))}</span>;
  return <span>{t(hasEnded ? 'priceUnknown' : 'priceUpTo', formatPrice(job.highestPrice))}</span>;
}

/** What can be done with a job that has ended. */
function Foot({ studio, job }: WithStudio & { job: JobView }): JSX.Element {
  const { text: t } = studio;
  const edit = (): void => {
    if (!studio.later?.reopensFiles(studio, job)) studio.load(job.request, 'job');
    focusFieldSoon('prompt');
  };
  const dismissTextId = `${jobElementId(job.id)}-dismiss`;
  return (
    <footer class="row">
      {job.results.length > 1 && (
        <Button icon="save" onClick={() => studio.send({ type: 'saveAll', jobId: job.id })}>
          {t('saveAll', job.results.length)}
        </Button>
      )}
      <AgainButtons studio={studio} job={job} />
      <Button look={job.phase.state === 'failed' ? 'secondary' : 'plain'} icon="edit" onClick={edit}>
        {t('editAndRun')}
      </Button>
      {studio.later?.drawFoot(studio, job)}
      <Button
        look="plain"
        icon="close"
        aria-describedby={job.results.length > 0 ? dismissTextId : undefined}
        onClick={() => {
          studio.send({ type: 'dismiss', jobId: job.id });
          studio.later?.removals.noteDismissed(job);
        }}
      >
        {t('dismiss')}
      </Button>
      {job.results.length > 0 && (
        <span class="only-spoken" id={dismissTextId}>
          {t('dismissText')}
        </span>
      )}
    </footer>
  );
}
