import type { JobView, ResultView } from '../../src/core/messages.ts';
import type { Studio } from '../state.ts';
import { slotName } from './slots.ts';

/** How a picture that is dragged from slot to slot is named, so that nothing else takes it. */
const dragType = 'application/x-wan-image-slot';

type Control = 'left' | 'right' | 'swap';

/** Brings the pictures of a set into other slots. The host keeps where they lie; the panel asks, and follows. */
export class SlotMoves {
  /** The picture whose new place is awaited, and what had the keyboard. */
  #awaited: { readonly resultId: string; readonly slot: number; readonly control: Control } | undefined;
  #dragged: { readonly resultId: string; readonly job: Element | null } | undefined;

  /** Listens on the page, since the pictures are drawn before this is there. */
  constructor(send: (resultId: string, slot: number) => void) {
    document.addEventListener('dragstart', (event) => this.#start(event));
    document.addEventListener('dragend', () => this.#end());
    document.addEventListener('dragover', (event) => this.#over(event));
    document.addEventListener('drop', (event) => {
      const found = this.#target(event);
      const dragged = this.#dragged;
      this.#end();
      if (!found || !dragged) return;
      event.preventDefault();
      send(dragged.resultId, Number(found.dataset['slot']));
    });
  }

  /** All slots of a job, from 0. */
  slotsOf({ results, phase }: JobView): readonly number[] {
    const missing = phase.state === 'done' ? phase.missing : 0;
    return Array.from({ length: results.length + missing }, (_, slot) => slot);
  }

  elementId(resultId: string, control: Control): string {
    return `slot-${control}-${resultId}`;
  }

  move(studio: Studio, resultId: string, slot: number, control: Control): void {
    this.#awaited = { resultId, slot, control };
    studio.send({ type: 'moveToSlot', resultId, slot });
  }

  /** To be called when a picture is drawn: one that has arrived gets the keyboard back, and that is said. */
  noteDrawn(studio: Studio, job: JobView, { id, slot }: ResultView): void {
    const awaited = this.#awaited;
    if (awaited?.resultId !== id || awaited.slot !== slot) return;
    this.#awaited = undefined;
    const name = slotName(studio, job, slot);
    setTimeout(() => {
      const control = document.getElementById(this.elementId(id, awaited.control));
      // At the end of the row the button that was pressed rests, and the other one goes on.
      const isResting = control instanceof HTMLButtonElement && control.disabled;
      const other = awaited.control === 'left' ? 'right' : 'left';
      (isResting ? document.getElementById(this.elementId(id, other)) : control)?.focus();
      if (name !== undefined) studio.say(['slotMoved', name]);
    });
  }

  #start({ target, dataTransfer }: DragEvent): void {
    const picture = target instanceof Element ? target.closest<HTMLElement>('[data-result][data-slot]') : null;
    const resultId = picture?.dataset['result'];
    if (!picture || resultId === undefined || !dataTransfer) return;
    this.#dragged = { resultId, job: picture.closest('.job') };
    dataTransfer.setData(dragType, resultId);
    dataTransfer.effectAllowed = 'move';
  }

  #over(event: DragEvent): void {
    const found = this.#target(event);
    this.#mark(found);
    if (!found) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = 'move';
  }

  #end(): void {
    this.#dragged = undefined;
    this.#mark(undefined);
  }

  /** The slot of the same set that the pointer is over. */
  #target({ target }: DragEvent): HTMLElement | undefined {
    const slot = target instanceof Element ? target.closest<HTMLElement>('[data-slot]') : null;
    const isOurs = this.#dragged && slot && slot.closest('.job') === this.#dragged.job;
    return isOurs && slot.dataset['result'] !== this.#dragged?.resultId ? slot : undefined;
  }

  #mark(over: HTMLElement | undefined): void {
    for (const marked of document.querySelectorAll('[data-over]'))
      if (marked !== over) delete (marked as HTMLElement).dataset['over'];
    if (over) over.dataset['over'] = '';
  }
}
