import type { JSX } from 'preact';
import type { SourceView } from '../../src/core/messages.ts';
import { Button } from '../parts/button.tsx';
import { Icon } from '../parts/icon.tsx';
import type { WithStudio } from '../state.ts';

interface Props extends WithStudio {
  readonly inputId: string;
  readonly former: NonNullable<SourceView['former']>;
}

/** Says beside a picture that its file is not what was sent when the request was made, with the ways on. */
export function FormerNote({ studio, inputId, former }: Props): JSX.Element {
  const { text: t } = studio;
  const swap = (by: 'file' | 'choice'): void => {
    studio.flush();
    studio.send({ type: 'swapInput', inputId, by });
  };
  return (
    <div class="note iconic small" role="status">
      <Icon name="warning" />
      <div>
        <p>{former.sentence}</p>
        <p class="row">
          {former.canUseFile && (
            <Button look="link" onClick={() => swap('file')}>
              {t('formerUseFile')}
            </Button>
          )}
          <Button look="link" onClick={() => swap('choice')}>
            {t('formerChoose')}
          </Button>
        </p>
      </div>
    </div>
  );
}
