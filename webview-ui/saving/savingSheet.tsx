import { render } from 'preact';
import type { SaveOptions, SaveSize } from '../../src/core/saveOptions.ts';
import type { SaveAsk, SavingView } from '../../src/core/saving.ts';
import type { Studio } from '../state.ts';
import { SheetView } from './sheetView.tsx';

/** How long the choices must rest before the host is asked what they come to, in milliseconds. */
const restMs = 250;

/** What the fields hold; sides and widths as they are typed, so that a half written number stays as it is. */
export interface Fields {
  readonly format: SaveOptions['format'];
  readonly quality: number;
  readonly kind: SaveSize['kind'];
  readonly width: string;
  readonly height: string;
  readonly how: 'fit' | 'fill' | 'crop';
  readonly widths: string;
  readonly folder: string | undefined;
  readonly name: string;
  readonly isUsual: boolean;
}

/** The sheet that saves one picture in another form or place. What it comes to is the host's to say. */
export class SavingSheet {
  #studio: Studio | undefined;
  #resultId: string | undefined;
  #fields: Fields | undefined;
  #askId = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #dialog: HTMLDialogElement | undefined;

  open(studio: Studio, resultId: string): void {
    this.#studio = studio;
    this.#resultId = resultId;
    this.#fields = undefined;
    studio.send({ type: 'openSaving', resultId });
  }

  draw(studio: Studio, place: HTMLElement): void {
    this.#studio = studio;
    const view = studio.shown.saving;
    if (view && view.resultId === this.#resultId) this.#begin(view);
    // The host has closed it: the picture is saved.
    else if (this.#fields) this.#end();
    render(
      this.#fields && view ? <SheetView studio={studio} sheet={this} view={view} fields={this.#fields} /> : null,
      place,
    );
  }

  /** What the host has said about the choices as they are now. */
  answerIn(view: SavingView): SavingView['answer'] {
    return view.answer?.askId === this.#askId ? view.answer : undefined;
  }

  change(changes: Partial<Fields>): void {
    if (!this.#fields) return;
    this.#fields = { ...this.#fields, ...changes };
    this.#ask();
    this.#studio?.redraw();
  }

  /** What is asked for, where every number is one that can be. */
  get ask(): SaveAsk | undefined {
    const options = this.#fields && optionsOf(this.#fields);
    if (!this.#fields || !options || this.#resultId === undefined) return undefined;
    const { folder = '', name, isUsual } = this.#fields;
    return { resultId: this.#resultId, askId: this.#askId, options, folder, name, isUsual };
  }

  save(): void {
    const { ask } = this;
    if (!ask) return;
    clearTimeout(this.#timer);
    this.#studio?.send({ type: 'saveSo', ...ask });
  }

  close(): void {
    if (!this.#fields) return;
    this.#end();
    this.#studio?.send({ type: 'closeSaving' });
    this.#studio?.redraw();
  }

  readonly attachDialog = (dialog: HTMLDialogElement | null): void => {
    if (!dialog || dialog.open) return;
    this.#dialog = dialog;
    dialog.showModal();
  };

  #begin({ start }: SavingView): void {
    if (this.#fields) return;
    const { options, folder, name, isUsual } = start;
    const { size } = options;
    const own = this.#sizeOf(start);
    this.#fields = {
      format: options.format,
      quality: options.quality,
      kind: size.kind,
      width: String(own.width),
      height: String(own.height),
      how: size.kind === 'exact' ? size.how : 'crop',
      widths: size.kind === 'widths' ? size.widths.join(', ') : '640, 1280, 1920',
      folder,
      name,
      isUsual,
    };
    this.#ask(0);
  }

  /** The exact size that was chosen last, else that of the picture, to be changed from. */
  #sizeOf({ options: { size } }: SavingView['start']): { width: number | ''; height: number | '' } {
    if (size.kind === 'exact') return size;
    const { jobs, opened } = this.#studio?.shown ?? { jobs: [] };
    const results = [...jobs, ...(opened ? [opened] : [])].flatMap((job) => job.results);
    return results.find(({ id }) => id === this.#resultId) ?? { width: '', height: '' };
  }

  #ask(delay = restMs): void {
    this.#askId = crypto.randomUUID();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const { ask } = this;
      if (ask) this.#studio?.send({ type: 'previewSaving', ...ask });
    }, delay);
  }

  #end(): void {
    clearTimeout(this.#timer);
    // Closed before it is taken away, it gives the keyboard back to the button that opened it.
    this.#dialog?.close();
    this.#dialog = undefined;
    this.#fields = undefined;
    this.#resultId = undefined;
  }
}

function optionsOf({ format, quality, kind, width, height, how, widths }: Fields): SaveOptions | undefined {
  switch (kind) {
    case 'as-is':
      return { format, quality, size: { kind } };
    case 'exact': {
      const [across, down] = [side(width), side(height)];
      if (across === undefined || down === undefined || across * down > mostPixels) return undefined;
      return { format, quality, size: { kind, width: across, height: down, how } };
    }
    case 'widths': {
      const sides = widths
        .split(/[\s,;]+/)
        .filter(Boolean)
        .map(side);
      const known = sides.filter((each) => each !== undefined);
      if (known.length !== sides.length || known.length === 0 || known.length > mostWidths) return undefined;
      return { format, quality, size: { kind, widths: known } };
    }
  }
}

// The limits of saveOptions.ts, which the host holds everything against: zod need not come along for three numbers.
const longestSide = 8192;
const mostPixels = 34_000_000;
const mostWidths = 8;

function side(text: string): number | undefined {
  const value = Number(text);
  return /^\s*\d+\s*$/.test(text) && value >= 1 && value <= longestSide ? value : undefined;
}
