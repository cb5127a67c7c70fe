import type { ComponentChildren, JSX } from 'preact';
import type { InputImage } from '../../src/core/request.ts';
import { Button } from '../parts/button.tsx';
import type { WithStudio } from '../state.ts';
import { whyNoBox } from './shownPicture.ts';

/** The id of the element that shows the picture. */
export const viewportId = 'stage-viewport';

/** A picture that cannot be shown needs no more room than the sentence that says so. */
export const viewportClass = ({ url }: InputImage): string =>
  url === undefined ? 'stage-viewport' : 'stage-viewport stage-unseen';

interface Props extends WithStudio {
  /** The picture shown. */
  readonly input: InputImage;
  readonly tools?: ComponentChildren;
  readonly viewport: JSX.Element;
  /** A list item for each box. */
  readonly boxes: readonly JSX.Element[];
  /** What the keyboard can do. */
  readonly keys?: JSX.Element;
  readonly onKeyDown?: (event: KeyboardEvent) => void;
  readonly onKeyUp?: (event: KeyboardEvent) => void;
}

/** How the stage is laid out; the same before the second part is loaded, so that nothing jumps when it comes. */
export function StageFrame({ studio, input, tools, viewport, boxes, keys, onKeyDown, onKeyUp }: Props): JSX.Element {
  const { text: t, request } = studio;
  const why = whyNoBox(request, input);
  const isReady = studio.source(input.id)?.phase.state === 'ready';
  const hint =
    input.url !== undefined
      ? (why ?? 'boxHintAddress')
      : isReady && (why ?? (input.boxes.length === 0 ? 'boxHintNone' : 'boxHintOne'));
  return (
    <section
      class={studio.shown.jobs.length > 0 ? 'stage' : 'stage stage-alone'}
      aria-label={t('stageLabel', input.name)}
      onKeyDown={onKeyDown}
      onKeyUp={onKeyUp}
    >
      <div class="stage-inside">
        <div class="stage-tools row apart">{tools}</div>
        {viewport}
        <div class="stage-side">
          {boxes.length > 0 && (
            <ol class="boxes stack" aria-label={t('boxesLabel')}>
              {boxes}
            </ol>
          )}
          {hint && <p class="hint">{t(hint)}</p>}
          {why === 'boxInSet' && (
            <Button class="stage-single" onClick={() => studio.change({ imageSet: false })}>
              {t('makeSingle')}
            </Button>
          )}
          <div class="hint stage-keys">{keys}</div>
        </div>
      </div>
    </section>
  );
}
