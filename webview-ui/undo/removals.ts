import type { JobView } from '../../src/core/messages.ts';
import type { ImageRequest, InputImage, PaletteColour } from '../../src/core/request.ts';
import { fieldId } from '../parts/fieldIds.ts';
import { jobElementId } from '../results/phase.ts';
import type { Desk } from '../stage/stage.ts';
import type { Words } from '../words.ts';

/** Where something can be removed, and brought back. */
export type Place = 'inputs' | 'palette' | 'setLines' | 'seed' | 'jobs';

/** Something that was removed: what to say of it, how it comes back, and the element that it then is. */
interface Removal {
  readonly words: Words;
  readonly bringBack: () => void;
  readonly elementId: string;
}

/** The longest piece of a prompt that a removal is told by, in characters. */
const longestExcerpt = 60;

/** The id of the button that brings back what was removed at a place. */
export const undoId = (place: Place): string => `undo-${place}`;

/**
 * What was removed from the form or the list, whoever did it: a button, a fix, a key. It can be brought back until its place
 * is changed in another way, or the whole form is filled anew.
 */
export class Removals {
  readonly #desk: Desk;
  readonly #removed = new Map<Place, readonly Removal[]>();
  #isBringingBack = false;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** What was removed last at a place, and can come back. */
  last(place: Place): Removal | undefined {
    return this.#removed.get(place)?.at(-1);
  }

  /** Told of every change of the form. */
  noteChange(before: ImageRequest, after: ImageRequest): void {
    if (this.#isBringingBack) return;
    this.#removed.delete('jobs'); // The user has gone on to something else.
    this.#noteInputs(before.inputs, after.inputs);
    this.#notePalette(before, after);
    this.#noteLines(before, after);
    this.#noteSeed(before.seed, after.seed);
  }

  /** Told of a job that is taken out of the list. */
  noteDismissed({ id, request }: JobView): void {
    this.#add('jobs', {
      words: ['jobDismissed', excerpt(request.prompt)],
      bringBack: () => this.#desk.send({ type: 'putBack', jobId: id }),
      elementId: jobElementId(id),
    });
  }

  /** The form holds something else: what was removed belonged to what was there before. */
  forget(): void {
    this.#removed.clear();
  }

  bringBack(place: Place): void {
    const removals = this.#removed.get(place) ?? [];
    const removal = removals.at(-1);
    if (!removal) return;
    this.#removed.set(place, removals.slice(0, -1));
    this.#isBringingBack = true;
    try {
      removal.bringBack();
    } finally {
      this.#isBringingBack = false;
    }
    this.#desk.redraw();
    setTimeout(() => focusInside(removal.elementId), 0);
  }

  /** A picture comes back to its place among the others, whatever has become of those. */
  #noteInputs(before: readonly InputImage[], after: readonly InputImage[]): void {
    if (after.length >= before.length) return;
    const gone = before.filter(({ id }) => !after.some((input) => input.id === id));
    const [first] = gone;
    if (!first) return;
    this.#add('inputs', {
      words: gone.length === 1 ? ['inputRemoved', first.name] : ['inputsRemoved', gone.length],
      bringBack: () => {
        const inputs = [...this.#desk.request.inputs];
        for (const input of gone)
          if (inputs.every(({ id }) => id !== input.id)) inputs.splice(before.indexOf(input), 0, input);
        this.#desk.change({ inputs });
      },
      elementId: fieldId(`inputs.${before.indexOf(first)}`),
    });
  }

  #notePalette({ palette }: ImageRequest, { palette: after }: ImageRequest): void {
    if (after === palette) return;
    if (after.length >= palette.length) return void this.#removed.delete('palette');
    this.#add('palette', {
      words: paletteWords(palette, after),
      bringBack: () => this.#desk.change({ palette }),
      elementId: fieldId('palette'),
    });
  }

  /** A line that said nothing is not missed. */
  #noteLines({ setLines, setMaxImages }: ImageRequest, after: ImageRequest): void {
    if (after.setLines === setLines) return;
    const index = setLines.findIndex((line, at) => line.trim() !== '' && after.setLines[at] !== line);
    const isRemoved = after.setMaxImages < setMaxImages && count(after.setLines) < count(setLines);
    if (!isRemoved) return void this.#removed.delete('setLines');
    this.#add('setLines', {
      words: ['setLineRemoved', excerpt(setLines[index] ?? '')],
      bringBack: () => this.#desk.change({ setLines, setMaxImages }),
      elementId: fieldId(`setLines.${index}`),
    });
  }

  /** A number that somebody may have kept on purpose. What is typed anew in its place is no loss. */
  #noteSeed(seed: number | undefined, after: number | undefined): void {
    if (after === seed) return;
    if (!Number.isInteger(seed) || seed === undefined || after !== undefined) return void this.#removed.delete('seed');
    this.#add('seed', {
      words: ['seedRemoved', seed],
      bringBack: () => this.#desk.change({ seed }),
      elementId: fieldId('seed'),
    });
  }

  #add(place: Place, removal: Removal): void {
    this.#removed.set(place, [...(this.#removed.get(place) ?? []), removal]);
    // The form is in the middle of its change; and the button that was pressed goes away with the keyboard on it.
    setTimeout(() => {
      this.#desk.say(removal.words);
      if (document.activeElement === document.body) document.getElementById(undoId(place))?.focus();
    }, 0);
  }
}

function paletteWords(before: readonly PaletteColour[], after: readonly PaletteColour[]): Words {
  if (after.length === 0) return ['paletteRemoved'];
  // The others have taken over its share, so that they are known by their colours alone.
  const gone = before.find(({ hex }, index) => after[index]?.hex !== hex);
  return before.length - after.length === 1 && gone
    ? ['colourRemoved', gone.hex]
    : ['coloursRemoved', before.length - after.length];
}

const count = (lines: readonly string[]): number => lines.filter((line) => line.trim() !== '').length;

function excerpt(text: string): string {
  const line = text.trim().split('\n')[0] ?? '';
  return line.length > longestExcerpt ? `${line.slice(0, longestExcerpt)}…` : line;
}

function focusInside(elementId: string): void {
  const element = document.getElementById(elementId);
  const target = element?.matches('input, [tabindex]') ? element : element?.querySelector<HTMLElement>('button, input');
  target?.focus();
}
