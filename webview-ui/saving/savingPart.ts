import { loadStyle } from '../laterPart.ts';
import type { Studio } from '../state.ts';
import type { SavingSheet } from './savingSheet.tsx';

/** A part of the panel by itself, which shares no script with the others: it is loaded when it is asked for, or not at all. */
const scriptAddress = new URL('panel-saving.js', import.meta.url).href;
const styleAddress = new URL('panel-saving.css', import.meta.url).href;

/** Loads what shows the sheet for saving a picture in another form or place, when that is asked for. */
export class SavingPart {
  #sheet: SavingSheet | undefined;
  #loading: Promise<void> | undefined;
  #place: HTMLElement | undefined;

  /** Opens the sheet for a picture. Where it cannot be loaded that is said; the button is there to try again. */
  async open(studio: Studio, resultId: string): Promise<void> {
    try {
      await (this.#loading ??= this.#load());
    } catch {
      // The reason is the browser's; the next step is the same for all of them.
      this.#loading = undefined;
      return studio.say(['savingMissing']);
    }
    this.#sheet?.open(studio, resultId);
    this.draw(studio);
  }

  async #load(): Promise<void> {
    const [loaded] = await Promise.all([import(scriptAddress), loadStyle(styleAddress)]);
    this.#sheet = new (loaded as typeof import('./savingSheet.tsx')).SavingSheet();
  }

  /** The element that it may draw in. */
  readonly attach = (place: HTMLElement | null): void => {
    this.#place = place ?? undefined;
  };

  draw(studio: Studio): void {
    if (this.#place) this.#sheet?.draw(studio, this.#place);
  }
}
