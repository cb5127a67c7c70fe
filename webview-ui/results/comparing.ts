import type { ButtonHTMLAttributes } from 'preact';
import type { ResultView } from '../../src/core/messages.ts';
import type { Studio } from '../state.ts';

/** How long a press is a look and no longer a click, in milliseconds. */
const look = 300;

/** What shows the original in the place of a result: while the button is held, or until it is pressed again. */
export function comparing(studio: Studio, { id }: ResultView): Omit<ButtonHTMLAttributes, 'class' | 'icon' | 'type'> {
  const isShown = studio.isCompared(id);
  const begin = (): void => studio.compare(id, !isShown);
  const end = (event: Event): void => {
    if (isShown && event.timeStamp - studio.comparedAt > look) studio.compare(id, false);
  };
  return {
    onPointerDown: (event) => event.button === 0 && begin(),
    onPointerUp: end,
    onPointerLeave: end,
    onKeyDown: (event) => {
      if (event.key !== ' ' && event.key !== 'Enter') return;
      event.preventDefault();
      if (!event.repeat) begin();
    },
    onKeyUp: end,
    // What assistive technology presses without pointer or key.
    onClick: (event) => event.detail === 0 && begin(),
  };
}
