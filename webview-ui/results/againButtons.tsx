import type { JSX } from 'preact';
import type { JobView } from '../../src/core/messages.ts';
import { Button } from '../parts/button.tsx';
import { againPrice } from '../form/price.ts';
import type { WithStudio } from '../state.ts';

/** Runs the request of a job once more: each press is a new paid request, so each button says what it can cost. */
export function AgainButtons({ studio, job }: WithStudio & { job: JobView }): JSX.Element | null {
  const { text: t } = studio;
  const { request } = job;
  const words = againPrice(request, studio.shown);
  // Nobody knows any more what a job asked for whose entry is damaged.
  if (!words || (request.prompt === '' && request.setLines.length === 0)) return null;
  const price = typeof words === 'string' ? words : t(...words);
  const run = (seed: 'same' | 'new'): void => void studio.laterPart.use(({ again }) => again.run(studio, job, seed));
  return (
    <>
      {request.seed === undefined ? (
        <span class="hint">{t('againNoSeed')}</span>
      ) : (
        <Button icon="refresh" title={t('seedFixedText')} onClick={() => run('same')}>
          {t('againSame', price)}
        </Button>
      )}
      <Button icon="sparkle" onClick={() => run('new')}>
        {t('againNew', price)}
      </Button>
    </>
  );
}
