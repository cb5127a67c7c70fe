import type { JSX } from 'preact';
import { loadStyle } from '../laterPart.ts';
import type { Studio, WithStudio } from '../state.ts';
import type { CutSheet } from './cutSheet.tsx';

/** A part of the panel by itself, which shares no script with the others: it is loaded when it is asked for, or not at all. */
const scriptAddress = new URL('panel-cut-out.js', import.meta.url).href;
const styleAddress = new URL('panel-cut-out.css', import.meta.url).href;

/** Loads what cuts a background out, as soon as the host says that this is wanted. */
export class CutOutPart {
  #sheet: CutSheet | undefined;
  #isLoading = false;
  #place: HTMLElement | undefined;

  /** The element that it may draw in. */
  readonly attach = (place: HTMLElement | null): void => {
    this.#place = place ?? undefined;
  };

  draw(studio: Studio): void {
    const { cutting } = studio.shown;
    if (!this.#place) return;
    if (this.#sheet) this.#sheet.draw(studio, this.#place);
    else if (cutting && !this.#isLoading) void this.#load(studio, cutting.cutId);
  }

  async #load(studio: Studio, cutId: string): Promise<void> {
    this.#isLoading = true;
    try {
      const [loaded] = await Promise.all([import(scriptAddress), loadStyle(styleAddress)]);
      this.#sheet = new (loaded as typeof import('./cutSheet.tsx')).CutSheet();
      studio.redraw();
    } catch {
      // The reason is the browser's; the next step is the same for all of them.
      studio.send({ type: 'closeCut', cutId });
      studio.say(['cutMissing']);
    }
    this.#isLoading = false;
  }
}

/** Where it draws itself, at every change. */
export function CutOutPlace({ studio, part }: WithStudio & { part: CutOutPart }): JSX.Element {
  return (
    <div
      ref={(place) => {
        part.attach(place);
        part.draw(studio);
      }}
    />
  );
}
