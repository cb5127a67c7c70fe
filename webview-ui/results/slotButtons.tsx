import type { JSX } from 'preact';
import type { JobView, ResultView } from '../../src/core/messages.ts';
import { Button } from '../parts/button.tsx';
import type { WithStudio } from '../state.ts';
import type { SlotMoves } from './slotMoves.ts';
import { slotName } from './slots.ts';

interface Props extends WithStudio {
  readonly moves: SlotMoves;
  readonly job: JobView;
  readonly result: ResultView;
}

/** Brings a picture of a set to the slot before its own or after it; what lies there takes its place. */
export function SlotButtons({ studio, moves, job, result }: Props): JSX.Element {
  const { slot = 0, id } = result;
  moves.noteDrawn(studio, job, result);
  const { length } = moves.slotsOf(job);
  const button = (control: 'left' | 'right', to: number): JSX.Element => {
    const isBeyond = to < 0 || to >= length;
    return (
      <Button
        look="plain"
        icon="chevron-right"
        class={`slot-${control}`}
        id={moves.elementId(id, control)}
        aria-label={studio.text('slotMove', slotName(studio, job, to) ?? '')}
        // There is no slot to name.
        aria-hidden={isBeyond}
        disabled={isBeyond}
        onClick={() => moves.move(studio, id, to, control)}
      />
    );
  };
  return (
    <span class="slot-buttons">
      {button('left', slot - 1)}
      {button('right', slot + 1)}
    </span>
  );
}
