import type { JSX } from 'preact';
import type { JobView, Looking } from '../../src/core/messages.ts';
import { asList } from '../../src/core/joining.ts';
import { formatPrice } from '../../src/core/request.ts';
import { formatMoment } from '../format.ts';
import { Button } from '../parts/button.tsx';
import { Icon } from '../parts/icon.tsx';
import type { WithStudio } from '../state.ts';
import { jobElementId } from './phase.ts';

type Found = Extract<Looking, { state: 'found' }>;
type FoundPicture = Found['pictures'][number];

interface Props extends WithStudio {
  readonly job: JobView;
}

/** Pictures that the account has paid for and no job has, for the user to say which are of this job. */
export function FoundPictures({ studio, job, looking }: Props & { looking: Looking }): JSX.Element {
  const { text: t } = studio;
  const end = (): void => {
    studio.send({ type: 'endLooking', jobId: job.id });
    focusJob(job);
  };
  const isFailed = looking.state === 'failed';
  return (
    <div class={isFailed ? 'found failure stack look-warning' : 'found stack'}>
      {/* One place that speaks, always there: what is put in together with its text is often not said. */}
      <div class="stack" role="status">
        <Said studio={studio} looking={looking} />
      </div>
      {looking.state === 'looking' && looking.of > 0 && (
        <p class="hint numbers">{t('lookingPictures', looking.done, looking.of)}</p>
      )}
      {looking.state === 'found' && <Choice studio={studio} job={job} found={looking} />}
      <div class="row">
        {isFailed &&
          looking.actions.map(({ id, label }) => (
            <Button key={id} onClick={() => studio.act(id, job.id)}>
              {label}
            </Button>
          ))}
        {looking.state === 'found' && looking.hasFurther && (
          <Button icon="layers" onClick={() => studio.send({ type: 'lookFurther', jobId: job.id })}>
            {t('lookFurther')}
          </Button>
        )}
        {looking.state === 'looking' ? (
          <Button icon="stop" onClick={end}>
            {t('lookStop')}
          </Button>
        ) : (
          <Button look="plain" icon="close" onClick={end}>
            {t(looking.state === 'found' && looking.pictures.length > 0 ? 'foundNone' : 'lookClose')}
          </Button>
        )}
      </div>
    </div>
  );
}

/** What has come of the look, for the eyes and for screen readers. */
function Said({ studio, looking }: WithStudio & { looking: Looking }): JSX.Element {
  const { text: t } = studio;
  switch (looking.state) {
    case 'looking':
      return <p>{t('lookingList')}</p>;
    case 'failed':
      return (
        <p class="iconic">
          <Icon name="warning" />
          <span>{looking.sentence}</span>
        </p>
      );
    case 'found': {
      const { pictures, expired, unaddressed } = looking;
      const isNothing = pictures.length === 0 && expired.length === 0;
      return (
        <>
          {pictures.length > 0 && <p>{t('foundText')}</p>}
          {isNothing && unaddressed === 0 && <p>{t('foundNothing')}</p>}
          {unaddressed > 0 && <p>{t('foundUnaddressed', unaddressed)}</p>}
        </>
      );
    }
  }
}

/** The button that was pressed goes away; whoever uses the keyboard is left at the job. */
function focusJob(job: JobView): void {
  document.getElementById(jobElementId(job.id))?.focus();
}

function Choice({ studio, job, found }: Props & { found: Found }): JSX.Element {
  const { text: t } = studio;
  const { pictures, expired, claimed } = found;
  return (
    <>
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
              <li key={index}>
                {t('foundExpired', asList(facts(studio, one), document.documentElement.lang || undefined))}
              </li>
            ))}
          </ul>
          <p>{t('foundExpiredNext')}</p>
        </div>
      )}
      {claimed > 0 && <p class="hint">{claimed === 1 ? t('foundClaimedOne') : t('foundClaimedMany', claimed)}</p>}
    </>
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
          onClick={() => {
            studio.send({ type: 'keepFound', jobId: job.id, foundId: id });
            focusJob(job);
          }}
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
