import type { JSX } from 'preact';
import type { ResultView } from '../../src/core/messages.ts';
import { Button } from '../parts/button.tsx';
import { Icon } from '../parts/icon.tsx';
import type { WithStudio } from '../state.ts';

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
