import type { JSX } from 'preact';
import type { Box } from '../../src/core/request.ts';
import { fieldId } from '../parts/fieldIds.ts';
import type { Handle } from './geometry.ts';
import { placeStyle } from './placeStyle.ts';
import { boxField } from './keys.ts';
import { boxWords, type WithStage } from './stage.ts';

const corners: readonly Handle[] = ['nw', 'ne', 'se', 'sw'];
const sides: readonly Handle[] = ['n', 'e', 's', 'w'];
/** A box shorter than this on the screen has handles at its corners only, in CSS pixels. */
const roomForSides = 36;

/** A box over the picture, with eight handles when it is chosen. */
export function BoxFrame({ studio, stage, box, index }: WithStage & { box: Box; index: number }): JSX.Element {
  const { text: t } = studio;
  const { view } = stage;
  const [width, height] = [(box.x2 - box.x1) * view.scale, (box.y2 - box.y1) * view.scale];
  const isChosen = stage.chosen === index;
  const handles = Math.min(width, height) < roomForSides ? corners : [...corners, ...sides];
  const words = t(...boxWords(index, box));
  const label = box.label?.trim();
  return (
    <button
      type="button"
      class={`box${isChosen ? ' box-chosen' : ''}${stage.whyNoBox === 'boxInSet' ? ' box-off' : ''}`}
      id={fieldId(boxField(stage, index))}
      data-box={index}
      style={placeStyle(view, box)}
      aria-label={label ? `${words}. ${label}` : words}
      aria-pressed={isChosen}
      aria-describedby="stage-keys"
      onFocus={() => stage.choose(index)}
    >
      <span class="box-tag small numbers">
        {index + 1}
        {isChosen && <span>{t('boxSize', box.x2 - box.x1, box.y2 - box.y1)}</span>}
      </span>
      {isChosen &&
        handles.map((handle) => <span class={`handle handle-${handle}`} data-handle={handle} key={handle} />)}
    </button>
  );
}
