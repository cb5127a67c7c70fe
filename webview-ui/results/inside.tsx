import type { JSX } from 'preact';
import type { ResultVersion, ResultView } from '../../src/core/messages.ts';
import type { PanelStringKey } from '../../src/core/panelStrings.ts';
import { formatNumber } from '../format.ts';
import { Button } from '../parts/button.tsx';
import { Icon } from '../parts/icon.tsx';
import type { Studio, WithStudio } from '../state.ts';

/** The key that switches between the whole answer and what is in its boxes, while the focus is in the result's figure. */
const switchKey = 'i';

type Offer = Extract<NonNullable<ResultView['inside']>, { can: true }>;

interface Props extends WithStudio {
  readonly result: ResultView;
}

/** Which results have the map of what changed outside laid over them. */
export class LeakMaps {
  readonly #shown = new Set<string>();
  readonly #redraw: () => void;

  constructor(redraw: () => void) {
    this.#redraw = redraw;
  }

  isShown(resultId: string): boolean {
    return this.#shown.has(resultId);
  }

  toggle(resultId: string): void {
    if (!this.#shown.delete(resultId)) this.#shown.add(resultId);
    this.#redraw();
  }
}

/** Offers an answer in its boxes alone, and in its crop where it is of one, and says what the whole of it has changed outside; or says why not. */
export function Inside({ studio, result, maps }: Props & { maps: LeakMaps }): JSX.Element | null {
  const { text: t } = studio;
  const { inside } = result;
  if (!inside) return null;
  if (!inside.can) return <p class="small hint">{inside.sentence}</p>;
  return (
    <div class="stack small">
      <Leak studio={studio} result={result} offer={inside} maps={maps} />
      <div class="row" role="group" aria-label={t('insideLabel')}>
        <VersionButton
          studio={studio}
          result={result}
          offer={inside}
          version="inside"
          words={inside.outside === 'identical' ? 'inside' : 'insideNearly'}
          title={inside.outside === 'identical' ? t('insideText') : t('insideNearlyText', inside.format.toUpperCase())}
        />
        {inside.outside === 'nearly' && (
          <VersionButton
            studio={studio}
            result={result}
            offer={inside}
            version={isInside(inside) || !inside.isOfCrop ? 'inside-png' : 'crop-png'}
            words="insidePng"
            title={t('insidePngText')}
          />
        )}
        {inside.isOfCrop && (
          <VersionButton
            studio={studio}
            result={result}
            offer={inside}
            version="whole"
            words="cropAlone"
            title={t('cropAloneText')}
          />
        )}
      </div>
      {/* Always there: what is put in together with its text is often not said. */}
      <p class="hint" role="status">
        {inside.making
          ? t(inside.making.startsWith('crop') ? 'cropMaking' : 'insideMaking')
          : (inside.trouble ?? t(wordsOf(inside)))}
      </p>
    </div>
  );
}

/** What is seen, and what else there is. */
function wordsOf({ shown, outside, isOfCrop }: Offer): PanelStringKey {
  switch (shown) {
    case 'whole':
      return isOfCrop ? 'cropAloneShown' : 'insideHint';
    case 'crop':
      return outside === 'identical' ? 'cropShown' : 'cropNearlyShown';
    case 'crop-png':
      return 'cropShown';
    case 'inside':
    case 'inside-png':
      return 'insideShown';
  }
}

/** What counts where nothing else is chosen: the answer as it came, or in its place in the picture that it is a crop of. */
const usualVersion = ({ isOfCrop }: Offer): ResultVersion => (isOfCrop ? 'crop' : 'whole');

const isInside = ({ shown }: Offer): boolean => shown === 'inside' || shown === 'inside-png';

function Leak({ studio, result, offer, maps }: Props & { offer: Offer; maps: LeakMaps }): JSX.Element {
  const { text: t } = studio;
  const { share } = offer.leak;
  if (share === 0)
    return (
      <p class="iconic">
        <Icon name="info" /> <span>{t('leakNone')}</span>
      </p>
    );
  return (
    <div class="row">
      <p class="iconic">
        <Icon name="info" />
        <span>{share < 0.01 ? t('leakLittle') : t('leakShare', formatNumber(Math.round(share * 100)))}</span>
      </p>
      <Button look="plain" aria-pressed={maps.isShown(result.id)} onClick={() => maps.toggle(result.id)}>
        {t('leakShow')}
      </Button>
    </div>
  );
}

function VersionButton({
  studio,
  result,
  offer,
  version,
  words,
  title,
}: Props & {
  offer: Offer;
  version: ResultVersion;
  words: 'inside' | 'insideNearly' | 'insidePng' | 'cropAlone';
  title: string;
}): JSX.Element {
  const isShown = offer.shown === version;
  return (
    <Button
      icon={version === 'whole' ? 'picture' : 'box'}
      aria-pressed={isShown}
      aria-busy={offer.making === version}
      title={title}
      {...(version === 'inside' && { 'aria-keyshortcuts': switchKey.toUpperCase() })}
      onClick={() => choose(studio, result, isShown ? usualVersion(offer) : version)}
    >
      {studio.text(words)}
    </Button>
  );
}

/** The map over the picture, of the picture's shape. */
export function LeakMap({ studio, result, maps }: Props & { maps: LeakMaps }): JSX.Element | null {
  if (!result.inside?.can || !maps.isShown(result.id)) return null;
  return <img class="leak-map" src={result.inside.leak.src} alt={studio.text('leakAlt')} />;
}

/** Switches between what is in the boxes of an answer and all of it. */
export function pressInFigure(studio: Studio, result: ResultView, event: KeyboardEvent): void {
  const { target, ctrlKey, metaKey, altKey, shiftKey, repeat, key } = event;
  if (key.toLowerCase() !== switchKey || ctrlKey || metaKey || altKey || shiftKey || repeat) return;
  if (target instanceof HTMLElement && target.matches('input, textarea, select')) return;
  const { inside } = result;
  if (!inside?.can) return;
  event.preventDefault();
  choose(studio, result, isInside(inside) ? usualVersion(inside) : 'inside');
}

function choose(studio: Studio, { id }: ResultView, version: ResultVersion): void {
  studio.send({ type: 'showVersion', resultId: id, version });
}
