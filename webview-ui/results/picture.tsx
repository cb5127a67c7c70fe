import type { JSX } from 'preact';
import type { JobView, ResultView } from '../../src/core/messages.ts';
import { fileSize } from '../format.ts';
import { Button } from '../parts/button.tsx';
import { Icon } from '../parts/icon.tsx';
import { ReplaceButtons } from './replaceButtons.tsx';
import { SlotHead } from './slotHead.tsx';
import { slotName } from './slots.ts';
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
  const { width, height, slot } = result;
  const name = slotName(studio, job, slot);
  return (
    <figure
      class="picture stack"
      aria-label={name ?? (of > 1 ? t('resultNumber', number, of) : undefined)}
      // What is dragged from slot to slot.
      draggable={name !== undefined}
      data-slot={name && slot}
      data-result={result.id}
      onKeyDown={(event) => studio.later?.pressInside(studio, result, event)}
    >
      {name && <SlotHead name={name}>{studio.later?.drawSlotButtons(studio, job, result)}</SlotHead>}
      {isBroken ? (
        <div class="frame frame-missing" style={{ aspectRatio: `${width} / ${height}` }}>
          <Icon name="warning" />
          <span>{t('brokenPicture')}</span>
        </div>
      ) : (
        <div class="marked">
          <img
            src={result.src}
            alt={[job.request.prompt.trim(), name].filter(Boolean).join('. ')}
            width={width}
            height={height}
            draggable={name === undefined}
            onError={() => studio.markBroken(result.id)}
          />
          {studio.later?.drawInsideMap(studio, result)}
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
      <PictureButtons studio={studio} job={job} result={result} />
      {studio.later?.drawMore(studio, job, result)}
    </figure>
  );
}

function PictureButtons({ studio, job, result }: Omit<Props, 'number' | 'of'>): JSX.Element {
  const { insertTarget } = studio.shown;
  const { text: t, later, laterPart } = studio;
  const resultId = result.id;
  const hasOriginal = job.source?.phase.state === 'ready';
  return (
    <div class="row">
      <ReplaceButtons studio={studio} result={result} />
      {result.savedAs === undefined ? (
        <Button icon="save" onClick={() => studio.send({ type: 'save', resultId })}>
          {t(hasOriginal ? 'saveBeside' : 'save')}
        </Button>
      ) : (
        <Button icon="folder" onClick={() => studio.send({ type: 'reveal', resultId })}>
          {t('reveal')}
        </Button>
      )}
      <Button onClick={() => void laterPart.use((part) => part.openSaving(studio, resultId))}>{t('savingOpen')}</Button>
      {insertTarget !== undefined && (
        <Button icon="insert" onClick={() => studio.send({ type: 'insert', resultId })}>
          {t('insertInto', insertTarget)}
        </Button>
      )}
      {(hasOriginal || job.results.length > 1) && (
        <Button icon="swap" onClick={() => void laterPart.use((part) => part.compare(studio, job, resultId))}>
          {t('compare')}
        </Button>
      )}
      <Button look="plain" icon="edit" onClick={() => studio.continueFrom(resultId)}>
        {t('continueFrom')}
      </Button>
      <Button
        look="plain"
        icon="more"
        aria-label={t('more')}
        aria-expanded={later?.more.isOpen(resultId) ?? false}
        onClick={() => void laterPart.use(({ more }) => more.toggle(resultId))}
      />
    </div>
  );
}
