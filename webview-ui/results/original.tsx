import type { JSX } from 'preact';
import type { JobView } from '../../src/core/messages.ts';
import { fileSize } from '../format.ts';
import type { WithStudio } from '../state.ts';

/** The picture that the answers of an edit are compared with; or why it is not there. */
export function Original({ studio, job }: WithStudio & { job: JobView }): JSX.Element | null {
  const { text: t } = studio;
  const { source, results } = job;
  if (!source) return null;
  if (source.phase.state !== 'ready') {
    const { width = 1, height = 1 } = results[0] ?? {};
    const isRead = source.phase.state === 'reading';
    return (
      <figure class="picture stack" aria-label={t('original')} aria-busy={isRead}>
        <div
          class={isRead ? 'frame frame-awaited' : 'frame frame-missing'}
          style={{ aspectRatio: `${width} / ${height}` }}
        >
          {source.phase.state === 'refused' && source.phase.sentence}
        </div>
        <figcaption class="small">
          <strong>{t('original')}</strong> {source.name}
        </figcaption>
      </figure>
    );
  }
  const { src, facts } = source.phase;
  const { width, height } = facts;
  return (
    <figure class="picture stack" aria-label={t('original')}>
      <div class="marked">
        <img src={src} alt={source.name} width={width} height={height} class={facts.hasAlpha ? 'checkered' : ''} />
        {studio.later?.drawBoxesOf(job)}
      </div>
      <figcaption class="small">
        <strong>{t('original')}</strong> {source.name}
        <br />
        <span class="hint numbers">
          {t('resultFacts', width, height, facts.format.toUpperCase(), fileSize(t, facts.byteLength))}
        </span>
      </figcaption>
    </figure>
  );
}
