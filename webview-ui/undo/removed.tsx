import type { JSX } from 'preact';
import { Button } from '../parts/button.tsx';
import type { WithStudio } from '../state.ts';
import { type Place, type Removals, undoId } from './removals.ts';

interface Props extends WithStudio {
  readonly removals: Removals;
  readonly place: Place;
}

/** Says what was removed here last, and offers to bring it back. */
export function Removed({ studio, removals, place }: Props): JSX.Element | null {
  const removal = removals.last(place);
  if (!removal) return null;
  return (
    <p class="row small">
      <span class="undo">{studio.text(...removal.words)}</span>
      <Button look="link" class="undo" id={undoId(place)} onClick={() => removals.bringBack(place)}>
        {studio.text('undoLoad')}
      </Button>
    </p>
  );
}
