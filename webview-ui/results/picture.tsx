import type { JSX } from 'preact';
import type { JobView, ResultView } from '../../src/core/messages.ts';
import { fileSize } from '../format.ts';
import { Button } from '../parts/button.tsx';
import { Icon } from '../parts/icon.tsx';
import { CompareButton, ReplaceButtons } from './compare.tsx';
import type { WithStudio } from '../state.ts';

interface Props extends WithStudio {
  readonly job: JobView;
  readonly result: ResultView;
  /** Place among the job's pictures, from 1. */
  readonly number: number;
  readonly of: number;
}

/** One picture that came, what it is, and what can be done with it. */
export function Picture({ studio, job, result, number, of }: Props): JSX.Element {
  const { text: t } = studio;
  const isBroken = studio.isBroken(result.id);
  const { width, height } = result;
  const original = job.source?.phase.state === 'ready' ? job.source.phase : undefined;
  const isCompared = original !== undefined && studio.isCompared(result.id);
  return (
    <figure
      class="picture stack"
      aria-label={of > 1 ? t('resultNumber', number, of) : undefined}
      onKeyDown={(event) => studio.later?.pressInside(studio, result, event)}
    >
      {isBroken ? (
        <div class="frame frame-missing" style={{ aspectRatio: `${width} / ${height}` }}>
          <Icon name="warning" />
          <span>{t('brokenPicture')}</span>
        </div>
      ) : (
        <div class="marked">
          <img
            src={result.src}
            alt={altOf(job, number)}
            width={width}
            height={height}
            onError={() => studio.markBroken(result.id)}
          />
          {studio.later?.drawInsideMap(studio, result)}
          {isCompared && <img class="instead" src={original.src} alt={t('original')} />}
        </div>
      )}
      <figcaption class="small">
        <span class="hint numbers">
          {t('resultFacts', width, height, result.format.toUpperCase(), fileSize(t, result.byteLength))}
        </span>
        {result.note !== undefined && (
          <span class="iconic">
            <Icon name="info" /> <span>{result.note}</span>
          </span>
        )}
        {result.savedAs !== undefined && <div>{t('savedAs', result.savedAs)}</div>}
        {result.replace?.can === false && <div class="hint">{result.replace.sentence}</div>}
      </figcaption>
      {result.inside && <div class="inside">{studio.later?.drawInside(studio, result)}</div>}
      <PictureButtons studio={studio} result={result} hasOriginal={original !== undefined} />
    </figure>
  );
}

function PictureButtons({
  studio,
  result,
  hasOriginal,
}: WithStudio & { result: ResultView; hasOriginal: boolean }): JSX.Element {
  const { insertTarget } = studio.shown;
  const { text: t } = studio;
  const resultId = result.id;
  const isSaved = result.savedAs !== undefined;
  return (
    <div class="row">
      <ReplaceButtons studio={studio} result={result} />
      {!isSaved && (
        <Button icon="save" onClick={() => studio.send({ type: 'save', resultId })}>
          {t(hasOriginal ? 'saveBeside' : 'save')}
        </Button>
      )}
      {insertTarget !== undefined && (
        <Button icon="insert" onClick={() => studio.send({ type: 'insert', resultId })}>
          {t('insertInto', insertTarget)}
        </Button>
      )}
      {isSaved && (
        <>
          <Button icon="folder" onClick={() => studio.send({ type: 'reveal', resultId })}>
            {t('reveal')}
          </Button>
          <Button icon="open" onClick={() => studio.send({ type: 'open', resultId })}>
            {t('open')}
          </Button>
        </>
      )}
      <Button look="plain" onClick={() => studio.send({ type: 'saveAs', resultId })}>
        {t('saveAs')}
      </Button>
      <Button look="plain" icon="edit" onClick={() => studio.continueFrom(resultId)}>
        {t('continueFrom')}
      </Button>
      {hasOriginal && <CompareButton studio={studio} result={result} />}
    </div>
  );
}

/** The words for a picture: of a set, those of its own line where all lines came. */
function altOf({ request }: JobView, number: number): string {
  const line = request.imageSet ? request.setLines[number - 1]?.trim() : undefined;
  return [request.prompt.trim(), line].filter(Boolean).join('. ');
}
