import { cssColour } from '../../../src/core/cssColour.ts';
import { findColours } from '../../../src/core/foundColours.ts';
import type { FoundColours } from '../../../src/core/messages.ts';
import { modelCard } from '../../../src/core/modelCard.ts';
import { evenShares, paletteOf, setShare, withoutColour } from '../../../src/core/paletteShares.ts';
import type { PaletteColour } from '../../../src/core/request.ts';
import { focusFieldSoon } from '../../parts/fieldIds.ts';
import type { FormDesk } from '../formDesk.ts';
import { startingPalette, withFurtherColour } from './startingColours.ts';

/** Colours that were found somewhere, of which some are chosen. */
export interface Tray {
  readonly colours: FoundColours['colours'];
  readonly chosen: ReadonlySet<number>;
  /** What they were found in; left out for what was pasted. */
  readonly from?: string;
  readonly trouble?: string;
}

/** How many of the found colours are chosen at first, where there are more than a palette takes. */
const firstChosen = 5;
const { min, max } = modelCard.palette;

/** The palette of the form while it is worked on: which shares are locked, and colours that were found elsewhere. */
export class PaletteEditor {
  readonly #desk: FormDesk;
  #locked: readonly boolean[] = [];
  /** The palette as this has last left it; another one has its own locks. */
  #left = '';
  /** The palette before a share was typed, so that a half-typed number does no harm to the others. */
  #before: { readonly index: number; readonly palette: readonly PaletteColour[]; readonly left: string } | undefined;
  #place: 'paste' | 'pictures' | undefined;
  #pasted = '';
  #askId: string | undefined;
  #tray: Tray | undefined;

  constructor(desk: FormDesk) {
    this.#desk = desk;
  }

  get palette(): readonly PaletteColour[] {
    return this.#desk.request.palette;
  }

  isLocked(index: number): boolean {
    return this.#locks[index] === true;
  }

  /** True while colours of another place are asked for and have not come. */
  get isLooking(): boolean {
    return this.#askId !== undefined && this.#desk.shown.colours?.askId !== this.#askId;
  }

  /** What is open below the palette. */
  get place(): 'paste' | 'pictures' | undefined {
    return this.#place;
  }

  get pasted(): string {
    return this.#pasted;
  }

  /** The colours that were found, to choose from. */
  get tray(): Tray | undefined {
    const { colours } = this.#desk.shown;
    if (this.#askId !== undefined && colours?.askId === this.#askId) {
      this.#askId = undefined;
      this.#tray = trayOf(colours.colours, colours);
    }
    return this.#tray;
  }

  start(): void {
    this.#write([...startingPalette], []);
    focusFieldSoon('palette.0.hex');
  }

  add(): void {
    const { length } = this.palette;
    if (length >= max) return;
    this.#write(withFurtherColour(this.palette, this.#locks), [...this.#locks, false]);
    focusFieldSoon(`palette.${length}.hex`);
  }

  remove(index: number): void {
    if (this.palette.length <= min) return;
    const locks = this.#locks;
    this.#write(
      withoutColour(this.palette, index, locks),
      locks.filter((_, at) => at !== index),
    );
    focusFieldSoon(`palette.${Math.min(index, this.palette.length - 1)}.hex`);
  }

  removeAll(): void {
    this.#write([], []);
    focusFieldSoon('palette');
  }

  even(): void {
    this.#write(evenShares(this.palette, this.#locks), this.#locks);
  }

  lock(index: number): void {
    const locks = this.palette.map((_, at) => (at === index ? !this.isLocked(at) : this.isLocked(at)));
    this.#locked = locks;
    this.#left = JSON.stringify(this.palette);
    this.#desk.redraw();
  }

  setHex(index: number, hex: string): void {
    const palette = this.palette.map((colour, at) => (at === index ? { ...colour, hex } : colour));
    this.#write(palette, this.#locks);
  }

  /** Writes a colour the way the service does, if CSS can read it. */
  tidyHex(index: number): void {
    const written = this.palette[index]?.hex ?? '';
    const hex = cssColour(written);
    if (hex !== undefined && hex !== written.toUpperCase()) this.setHex(index, hex);
  }

  /** Sets a share as it is typed, in percent. What is no number changes nothing. */
  typeShare(index: number, typed: string): void {
    const percent = Number(typed);
    if (typed === '' || !Number.isFinite(percent)) return;
    const now = JSON.stringify(this.palette);
    if (this.#before?.index !== index || this.#before.left !== now)
      this.#before = { index, palette: this.palette, left: now };
    const { palette } = this.#before;
    const locks = this.#locks;
    this.#write(setShare(palette, index, percent * 100, locks), locks);
    this.#before = { index, palette, left: this.#left };
  }

  /** Takes colours that were pasted into the field of one. Answers whether it did: plain text is the field's own. */
  pasteInto(index: number, text: string): boolean {
    const found = findColours(text);
    if (found.length > 1) {
      this.#open({ tray: trayOf(found) });
      return true;
    }
    const [only] = found;
    if (!only) return false;
    this.setHex(index, only.hex);
    return true;
  }

  toggle(place: 'paste' | 'pictures'): void {
    const isClosed = this.#place !== place;
    this.#open({ ...(isClosed && { place }) });
    if (isClosed && place === 'paste') focusFieldSoon('paletteText');
  }

  /** Takes what is written or pasted into the large field. */
  paste(text: string): void {
    this.#pasted = text;
    const found = findColours(text);
    this.#tray = text.trim() === '' ? undefined : trayOf(found);
    this.#desk.redraw();
  }

  /** Asks for the colours of a picture, or of the document that was edited last. */
  find(pictureId?: string): void {
    this.#open({});
    this.#askId = crypto.randomUUID();
    this.#desk.send({ type: 'findColours', askId: this.#askId, ...(pictureId !== undefined && { pictureId }) });
    this.#desk.redraw();
  }

  choose(index: number, isChosen: boolean): void {
    if (!this.#tray) return;
    const others = [...this.#tray.chosen].filter((one) => one !== index);
    this.#tray = { ...this.#tray, chosen: new Set(isChosen ? [...others, index] : others) };
    this.#desk.redraw();
  }

  /** True when a palette can be made of those that are chosen. */
  get canUse(): boolean {
    const size = this.#tray?.chosen.size ?? 0;
    return size >= min && size <= max;
  }

  use(): void {
    const tray = this.#tray;
    if (!tray || !this.canUse) return;
    const colours = tray.colours.filter((_, index) => tray.chosen.has(index));
    this.#open({});
    this.#write(paletteOf(colours), []);
    this.#desk.say(['paletteTaken', colours.length]);
    focusFieldSoon('palette.0.hex');
  }

  /** Puts away what was found. */
  close(): void {
    this.#open({});
    focusFieldSoon('palette');
  }

  #open({ place, tray }: { readonly place?: 'paste' | 'pictures'; readonly tray?: Tray }): void {
    this.#place = place;
    this.#tray = tray;
    this.#pasted = '';
    this.#askId = undefined;
    this.#desk.redraw();
  }

  get #locks(): readonly boolean[] {
    return this.#left === JSON.stringify(this.palette) ? this.#locked : [];
  }

  #write(palette: PaletteColour[], locks: readonly boolean[]): void {
    this.#locked = palette.map((_, at) => locks[at] === true);
    this.#left = JSON.stringify(palette);
    this.#desk.change({ palette });
  }
}

function trayOf(colours: Tray['colours'], found?: Pick<FoundColours, 'from' | 'trouble'>): Tray {
  const count = colours.length <= max ? colours.length : firstChosen;
  return {
    colours,
    chosen: new Set(colours.slice(0, count).keys()),
    ...(found && { from: found.from }),
    ...(found?.trouble !== undefined && { trouble: found.trouble }),
  };
}
