import { render } from 'preact';
import { findingsOf } from '../../src/core/cutOut.ts';
import type { CutAsk, CuttingView } from '../../src/core/cutting.ts';
import type { Studio } from '../state.ts';
import { CutView } from './cutView.tsx';
import { Picker } from './picker.ts';

/** How long the choices must rest before the host is asked what they come to, in milliseconds. */
const restMs = 150;

/** What a cut is laid on to be looked at; `before` is the picture as it is. */
export type Ground = 'squares' | 'light' | 'dark' | 'before';

/** What the fields hold; the colour as it is typed, so that a half written one stays as it is. */
export interface Fields extends Omit<CutAsk['options'], 'key'> {
  readonly key: string;
  readonly format: CutAsk['format'];
  readonly ground: Ground;
}

/** The sheet in which a background is cut out of a picture. What it comes to is the host's to say. */
export class CutSheet {
  readonly picker = new Picker((key) => this.change({ key }));
  #studio: Studio | undefined;
  #cutId: string | undefined;
  #isClosed = false;
  /** The user says that what looks like a drawn checkerboard is none. */
  #isAccepted = false;
  #fields: Fields | undefined;
  #askId = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #dialog: HTMLDialogElement | undefined;

  draw(studio: Studio, place: HTMLElement): void {
    this.#studio = studio;
    const view = studio.shown.cutting;
    if (view?.cutId !== this.#cutId) this.#end();
    this.#cutId = view?.cutId;
    if (view && !this.#isClosed) this.#begin(view);
    const isShown = view && !this.#isClosed;
    render(
      isShown ? <CutView studio={studio} sheet={this} view={view} fields={this.#fields} key={view.cutId} /> : null,
      place,
    );
  }

  /** What the host has said about the choices as they are now. */
  answerIn(view: CuttingView): CuttingView['answer'] {
    return view.answer?.askId === this.#askId ? view.answer : undefined;
  }

  change(changes: Partial<Fields>): void {
    if (!this.#fields) return;
    const before = this.ask;
    this.#fields = { ...this.#fields, ...changes };
    const { ask } = this;
    if (JSON.stringify(before) !== JSON.stringify(ask)) this.#ask();
    this.#studio?.redraw();
  }

  /** What is asked for, where the colour is one. */
  get ask(): CutAsk | undefined {
    if (!this.#fields || this.#cutId === undefined) return undefined;
    const { key: typed, tolerance, edge, holes, format } = this.#fields;
    const key = colourOf(typed);
    return key === undefined
      ? undefined
      : { cutId: this.#cutId, askId: this.#askId, options: { key, tolerance, edge, holes }, format };
  }

  /** Saves what is shown, also where there is something to be said against it: that has been said. */
  save(answer: NonNullable<CuttingView['answer']>): void {
    const { ask } = this;
    if (!ask) return;
    const evenSo = answer.report !== undefined && findingsOf(answer.report).length > 0;
    this.#studio?.send({ type: 'saveCut', ...ask, evenSo });
  }

  /** It is no checkerboard, or is to be cut out all the same. */
  accept(): void {
    this.#isAccepted = true;
    this.#studio?.redraw();
  }

  askOnPlain({ cutId }: CuttingView): void {
    this.#studio?.send({ type: 'askOnPlain', cutId });
  }

  /** Closes it where it is still shown for this: a dialog tells late that it was closed. */
  close({ cutId }: Pick<CuttingView, 'cutId'>): void {
    if (this.#isClosed || this.#cutId !== cutId) return;
    this.#end();
    this.#isClosed = true;
    this.#studio?.send({ type: 'closeCut', cutId });
    this.#studio?.redraw();
  }

  readonly attachDialog = (dialog: HTMLDialogElement | null): void => {
    if (!dialog || dialog.open) return;
    this.#dialog = dialog;
    dialog.showModal();
  };

  #begin({ picture }: CuttingView): void {
    if (this.#fields || !picture) return;
    if (picture.background.checkerboard !== undefined && !this.#isAccepted) return;
    const { options, format } = picture.start;
    this.#fields = { ...options, format, ground: 'squares' };
    void this.picker.load(picture.src);
    this.#ask(0);
  }

  #ask(delay = restMs): void {
    this.#askId = crypto.randomUUID();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const { ask } = this;
      if (ask) this.#studio?.send({ type: 'previewCut', ...ask });
    }, delay);
  }

  #end(): void {
    clearTimeout(this.#timer);
    const dialog = this.#dialog;
    this.#dialog = undefined;
    this.#fields = undefined;
    this.#isAccepted = false;
    this.picker.end();
    this.#isClosed = false;
    // Closed before it is taken away, it gives the keyboard back to the button that opened it.
    dialog?.close();
  }
}

/** #RRGGBB in capitals; undefined where the text is no colour. */
function colourOf(text: string): string | undefined {
  const hex = /^\s*#?([0-9a-f]{6})\s*$/i.exec(text)?.[1];
  return hex && `#${hex.toUpperCase()}`;
}
