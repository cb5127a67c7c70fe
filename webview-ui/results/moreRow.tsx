import type { JSX } from 'preact';
import type { JobView, ResultView } from '../../src/core/messages.ts';
import { Button } from '../parts/button.tsx';
import type { WithStudio } from '../state.ts';
import type { More } from './more.ts';
import type { SlotMoves } from './slotMoves.ts';
import { slotName } from './slots.ts';

interface Props extends WithStudio {
  readonly more: More;
  readonly moves: SlotMoves;
  readonly job: JobView;
  readonly result: ResultView;
}

const copyWords = {
  no: undefined,
  running: undefined,
  done: 'copied',
  reference: 'referenceCopied',
  failed: 'copyFailed',
} as const;

/** What else can be done with a picture, below its buttons. */
export function MoreRow({ studio, more, moves, job, result }: Props): JSX.Element | null {
  const { text: t } = studio;
  const resultId = result.id;
  if (!more.isOpen(resultId)) return null;
  const words = copyWords[more.copying];
  return (
    <div class="more row" role="group" aria-label={t('more')}>
      <Button look="plain" icon="save" onClick={() => studio.send({ type: 'saveAs', resultId })}>
        {t('saveAs')}
      </Button>
      <Button look="plain" icon="open" onClick={() => studio.send({ type: 'open', resultId })}>
        {t('open')}
      </Button>
      <Button
        look="plain"
        icon="layers"
        aria-disabled={more.copying === 'running'}
        onClick={() => void more.copy(resultId, result.src)}
      >
        {t('copyImage')}
      </Button>
      <Button look="plain" icon="link" onClick={() => more.copyReference(result)}>
        {t('copyReference')}
      </Button>
      {result.savedAs !== undefined && (
        <Button look="plain" icon="link" onClick={() => studio.send({ type: 'copyPath', resultId })}>
          {t('copyPath')}
        </Button>
      )}
      <Button look="plain" icon="layers" onClick={() => studio.send({ type: 'makePacks', resultId })}>
        {t('makePacks')}
      </Button>
      <Button look="plain" icon="layers" onClick={() => studio.send({ type: 'cutOut', resultId })}>
        {t('cutOut')}
      </Button>
      <Button look="plain" icon="layers" onClick={() => studio.send({ type: 'copyAgentCall', jobId: job.id })}>
        {t('copyAgentCall')}
      </Button>
      <Swap studio={studio} moves={moves} job={job} result={result} />
      <p class="more-said" role="status">
        {words && t(words)}
      </p>
    </div>
  );
}

/** The other slots of the set; a list that only tells of them until one is chosen. */
function Swap({ studio, moves, job, result }: Omit<Props, 'more'>): JSX.Element | null {
  const { text: t } = studio;
  if (slotName(studio, job, result.slot) === undefined) return null;
  return (
    <select
      class="swap"
      id={moves.elementId(result.id, 'swap')}
      aria-label={t('swapWith')}
      value=""
      onChange={(event) => {
        const { value } = event.currentTarget;
        event.currentTarget.value = '';
        if (value !== '') moves.move(studio, result.id, Number(value), 'swap');
      }}
    >
      <option value="">{t('swapWith')}</option>
      {moves.slotsOf(job).map((slot) =>
        slot === result.slot ? null : (
          <option value={slot} key={slot}>
            {slotName(studio, job, slot)}
          </option>
        ),
      )}
    </select>
  );
}
