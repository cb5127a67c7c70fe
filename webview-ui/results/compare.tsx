import type { JSX } from 'preact';
import type { JobView, ResultView } from '../../src/core/messages.ts';
import { fileSize } from '../format.ts';
import { Button } from '../parts/button.tsx';
import { Icon } from '../parts/icon.tsx';
import type { WithStudio } from '../state.ts';

/** The picture that the answers of an edit are compared with, with the boxes that were drawn on it; or why it is not there. */
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
  const boxes = job.request.inputs.find(({ id }) => id === source.id)?.boxes ?? [];
  const percent = (part: number, whole: number): string => `${(part / whole) * 100}%`;
  return (
    <figure class="picture stack" aria-label={t('original')}>
      <div class="marked">
        <img src={src} alt={source.name} width={width} height={height} class={facts.hasAlpha ? 'checkered' : ''} />
        {boxes.map(({ x1, y1, x2, y2 }, index) => (
          <span
            class="mark"
            key={index}
            style={{
              left: percent(x1, width),
              top: percent(y1, height),
              width: percent(x2 - x1, width),
              height: percent(y2 - y1, height),
            }}
          />
        ))}
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

/** Shows the original in the place of a result: while it is held, or until it is pressed again. */
export function CompareButton({ studio, result }: WithStudio & { result: ResultView }): JSX.Element {
  const { text: t } = studio;
  return (
    <Button
      look="plain"
      icon="swap"
      aria-pressed={studio.isCompared(result.id)}
      title={t('compareText')}
      {...studio.later?.comparing(studio, result)}
    >
      {t('compare')}
    </Button>
  );
}

/** Puts a result in the place of the picture it was made from, takes that back, or says why it cannot. */
export function ReplaceButtons({ studio, result }: WithStudio & { result: ResultView }): JSX.Element | null {
  const { text: t } = studio;
  const { replace, replaced } = result;
  if (replaced) {
    const { replacementId, name } = replaced;
    return (
      <>
        <span class="iconic replaced">
          <Icon name="replace" /> <span>{t('replaced', name)}</span>
        </span>
        <Button icon="undo" onClick={() => studio.send({ type: 'undoReplace', replacementId })}>
          {t('undoReplace')}
        </Button>
      </>
    );
  }
  if (!replace?.can) return null;
  return (
    <Button icon="replace" onClick={() => studio.send({ type: 'replace', resultId: result.id })}>
      {t('replace', replace.name)}
    </Button>
  );
}
