import type { JSX } from 'preact';
import type { JobView, Looking } from '../../src/core/messages.ts';
import { formatPrice } from '../../src/core/request.ts';
import { formatMoment } from '../format.ts';
import { Button } from '../parts/button.tsx';
import { Icon } from '../parts/icon.tsx';
import type { WithStudio } from '../state.ts';

type Found = Extract<Looking, { state: 'found' }>;
type FoundPicture = Found['pictures'][number];

interface Props extends WithStudio {
  readonly job: JobView;
}

/** Pictures that the account has paid for and no job has, for the user to say which are of this job. */
export function FoundPictures({ studio, job, looking }: Props & { looking: Looking }): JSX.Element {
  const { text: t } = studio;
  const end = (): void => studio.send({ type: 'endLooking', jobId: job.id });
  switch (looking.state) {
    case 'looking':
      return (
        <div class="found stack" role="status">
          <p>{looking.of === 0 ? t('lookingList') : t('lookingPictures', looking.done, looking.of)}</p>
          <div class="row">
            <Button icon="stop" onClick={end}>
              {t('lookStop')}
            </Button>
          </div>
        </div>
      );
    case 'failed':
      return (
        <div class="found failure stack look-warning" role="status">
          <p class="iconic">
            <Icon name="warning" />
            <span>{looking.sentence}</span>
          </p>
          <div class="row">
            {looking.actions.map(({ id, label }) => (
              <Button key={id} onClick={() => studio.act(id, job.id)}>
                {label}
              </Button>
            ))}
            <Button look="plain" onClick={end}>
              {t('lookClose')}
            </Button>
          </div>
        </div>
      );
    case 'found':
      return <Choice studio={studio} job={job} found={looking} end={end} />;
  }
}

function Choice({ studio, job, found, end }: Props & { found: Found; end: () => void }): JSX.Element {
  const { text: t } = studio;
  const { pictures, expired, unaddressed, claimed, hasFurther } = found;
  const isNothing = pictures.length === 0 && expired.length === 0;
  return (
    <div class="found stack">
      <div class="stack" role="status">
        {pictures.length > 0 && <p>{t('foundText')}</p>}
        {isNothing && unaddressed === 0 && <p>{t('foundNothing')}</p>}
        {unaddressed > 0 && <p>{t('foundUnaddressed', unaddressed)}</p>}
      </div>
      {pictures.length > 0 && (
        <div class="pictures">
          {pictures.map((picture, index) => (
            <Candidate
              studio={studio}
              key={picture.id}
              job={job}
              picture={picture}
              label={t('foundNumber', index + 1, pictures.length)}
            />
          ))}
        </div>
      )}
      {expired.length > 0 && (
        <div>
          <ul>
            {expired.map((one, index) => (
              <li key={index}>{t('foundExpired', facts(studio, one).join(', '))}</li>
            ))}
          </ul>
          <p>{t('foundExpiredNext')}</p>
        </div>
      )}
      {claimed > 0 && <p class="hint">{claimed === 1 ? t('foundClaimedOne') : t('foundClaimedMany', claimed)}</p>}
      <div class="row">
        {hasFurther && (
          <Button icon="layers" onClick={() => studio.send({ type: 'lookFurther', jobId: job.id })}>
            {t('lookFurther')}
          </Button>
        )}
        <Button look="plain" icon="close" onClick={end}>
          {t(pictures.length > 0 ? 'foundNone' : 'lookClose')}
        </Button>
      </div>
    </div>
  );
}

function Candidate({ studio, job, picture, label }: Props & { picture: FoundPicture; label: string }): JSX.Element {
  const { text: t } = studio;
  const { id, src, width, height, format } = picture;
  const captionId = `found-${id}`;
  return (
    <figure class="picture stack" aria-label={label}>
      <img src={src} alt={label} width={width} height={height} />
      <figcaption class="small" id={captionId}>
        {facts(studio, picture).map((fact) => (
          <div key={fact}>{fact}</div>
        ))}
        <span class="hint numbers">
          {t('sizeExact', width, height)} · {format.toUpperCase()}
        </span>
      </figcaption>
      <div class="row">
        <Button
          icon="add"
          aria-describedby={captionId}
          onClick={() => studio.send({ type: 'keepFound', jobId: job.id, foundId: id })}
        >
          {t('foundMine')}
        </Button>
      </div>
    </figure>
  );
}

/** When it was made and what it cost, as far as the service tells. */
function facts({ text: t }: Props['studio'], { madeAt, price }: Found['expired'][number]): string[] {
  const made = madeAt === undefined ? t('foundMadeUnknown') : t('foundMade', formatMoment(madeAt, Date.now()));
  return price === undefined ? [made] : [made, t('priceActual', formatPrice(price))];
}
