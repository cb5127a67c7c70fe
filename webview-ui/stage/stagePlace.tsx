import type { JSX } from 'preact';
import { Button } from '../parts/button.tsx';
import { Icon } from '../parts/icon.tsx';
import type { Studio, WithStudio } from '../state.ts';
import { pictureAtFirst } from './shownPicture.ts';
import { StageFrame, viewportClass, viewportId } from './stageFrame.tsx';

/** The picture that is edited, or its place while the second part is being loaded, or why it could not be. */
export function StagePlace({ studio }: WithStudio): JSX.Element | null {
  const { loaded: later, hasFailed } = studio.laterPart;
  const input = pictureAtFirst(studio.request, studio.sources);
  if (!input) return null;
  if (later) return later.drawStage(studio);
  return (
    <StageFrame
      studio={studio}
      input={input}
      viewport={
        <div class={viewportClass(input)} aria-busy={!hasFailed}>
          <div role="alert">{hasFailed && <PartFailure studio={studio} />}</div>
        </div>
      }
      boxes={input.boxes.map((_, index) => (
        <li class="box-item" key={index} />
      ))}
    />
  );
}

/** Says that the part that is loaded later could not be, with a way to try again. */
export function PartFailure({ studio }: WithStudio): JSX.Element {
  const { text: t } = studio;
  return (
    <div class="stage-instead problem-error">
      <Icon name="error" />
      <div class="stack">
        <p>{t('editorFailed')}</p>
        <div>
          <Button icon="refresh" onClick={() => void tryAgain(studio)}>
            {t('tryAgain')}
          </Button>
        </div>
      </div>
    </div>
  );
}

/** Loads it once more; the keyboard goes to the picture, since the button that had it is gone. */
async function tryAgain(studio: Studio): Promise<void> {
  await studio.laterPart.load();
  if (studio.later) document.getElementById(viewportId)?.focus();
}
