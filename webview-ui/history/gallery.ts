import type { HistoryEntry, HistoryQuery, HistoryView } from '../../src/core/history.ts';
import { everything } from '../../src/core/historyQuery.ts';
import type { PanelMessage, Snapshot } from '../../src/core/messages.ts';
import type { Words } from '../words.ts';

/** What the gallery needs of the studio. */
export interface Viewer {
  readonly snapshot: Snapshot | undefined;
  send(message: PanelMessage): void;
  say(words: Words): void;
  redraw(): void;
}

/** How wide a picture is at least, and what lies between two, in CSS pixels. */
const leastWidth = 132;
export const gap = 10;
/** Rows that are drawn above and below those in sight. */
const spareRows = 2;
const mostAsked = 200;
/** Entries that are asked for before it is known how many are in sight. */
const firstCount = 60;
/** How long writing and scrolling must rest before the host is asked, in milliseconds. */
const restMs = 80;

/** The id of the field that is written in to search. */
export const searchId = 'history-search';

/** The id of the element that shows the entry at this place, from 0. */
export const cellId = (place: number): string => `history-cell-${place}`;

/**
 * What of the history is in sight, which entry has the keyboard, and which are chosen. Only the part in sight is here; the
 * host is asked for another as the user goes on.
 */
export class Gallery {
  readonly #viewer: Viewer;
  /** What the user asks for, until the host has answered it. */
  #query: HistoryQuery | undefined;
  /** Ids of chosen entries. */
  readonly #chosen = new Set<string>();
  /** Ids by their place, as far as they were in sight since the last query. */
  readonly #seen = new Map<number, string>();
  #at = 0;
  #anchor = 0;
  #width = 0;
  #fontSize = 13;
  #rows = { first: 0, last: 5 };
  #asked: { readonly from: number; readonly count: number } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #grid: HTMLElement | null = null;
  #observer: ResizeObserver | undefined;
  /** What takes the keyboard when it is drawn. */
  #wantsFocus: 'cell' | 'entry' | undefined;
  /** How many were found when something was deleted or brought back; the keyboard waits for another number. */
  #before: number | undefined;

  constructor(viewer: Viewer) {
    this.#viewer = viewer;
  }

  get view(): HistoryView | undefined {
    return this.#viewer.snapshot?.history;
  }

  get query(): HistoryQuery {
    return this.#query ?? this.view?.query ?? everything;
  }

  /** The place that has the keyboard, from 0. */
  get at(): number {
    return Math.max(0, Math.min(this.#at, (this.view?.total ?? 0) - 1));
  }

  get columns(): number {
    return Math.max(1, Math.floor((this.#width + gap) / (leastWidth + gap)));
  }

  /** Of a picture, in CSS pixels. */
  get pictureHeight(): number {
    const { columns } = this;
    return Math.round(((this.#width - gap * (columns - 1)) / columns) * 0.75);
  }

  /** From the top of one row to that of the next, in CSS pixels: two lines of words and one of facts lie under a picture. */
  get rowHeight(): number {
    return this.pictureHeight + Math.ceil(this.#fontSize * 4.9) + gap;
  }

  get rowCount(): number {
    return Math.ceil((this.view?.total ?? 0) / this.columns);
  }

  /** The rows to draw, from 0: those in sight, and that of the keyboard. */
  get rows(): number[] {
    const first = Math.max(0, this.#rows.first - spareRows);
    const last = Math.min(this.rowCount - 1, this.#rows.last + spareRows);
    const rows = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
    const ofKeyboard = Math.floor(this.at / this.columns);
    return rows.includes(ofKeyboard) || this.rowCount === 0 ? rows : [...rows, ofKeyboard].sort((a, b) => a - b);
  }

  /** The entry at a place; undefined while it is being read. */
  entry(place: number): HistoryEntry | undefined {
    const { view } = this;
    return this.#query || !view ? undefined : view.entries[place - view.from];
  }

  get chosen(): readonly string[] {
    return [...this.#chosen];
  }

  isChosen(id: string): boolean {
    return this.#chosen.has(id);
  }

  /** To be called with every drawing: takes in what the host has answered. */
  take(view: HistoryView): void {
    if (this.#query && sameQuery(this.#query, view.query)) this.#query = undefined;
    if (this.#query) return;
    for (const [index, { id }] of view.entries.entries()) this.#seen.set(view.from + index, id);
    // What is in sight may have become something else.
    if (this.#grid && this.#part()) this.#askSoon();
  }

  /** Opens the whole history. */
  show(): void {
    this.#viewer.send({ type: 'history', query: everything, from: 0, count: firstCount });
  }

  /** Asks for other entries; what is written is asked for when it rests. */
  find(change: Partial<HistoryQuery>): void {
    this.#query = { ...this.query, ...change };
    this.#at = 0;
    this.#anchor = 0;
    this.#seen.clear();
    this.#chosen.clear();
    this.#asked = undefined;
    this.#askSoon();
    this.#viewer.redraw();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#query = undefined;
    this.#chosen.clear();
    this.#seen.clear();
    this.#at = 0;
    this.#viewer.send({ type: 'closeHistory' });
  }

  /** Shows an entry whole. */
  open(place: number): void {
    const entry = this.entry(place);
    if (!entry) return;
    this.#at = place;
    this.#wantsFocus = 'entry';
    this.#viewer.send({ type: 'showEntry', jobId: entry.id });
  }

  /** Shows the gallery again, where it was. */
  back(): void {
    this.#wantsFocus = 'cell';
    this.#viewer.send({ type: 'closeEntry' });
  }

  star(place: number): void {
    const entry = this.entry(place);
    if (!entry) return;
    this.#viewer.send({ type: 'markFavourite', jobId: entry.id, isFavourite: !entry.favourite });
    this.#viewer.say([entry.favourite ? 'historyUnstarred' : 'historyStarred']);
  }

  starChosen(): void {
    for (const jobId of this.#chosen) this.#viewer.send({ type: 'markFavourite', jobId, isFavourite: true });
    this.#viewer.say(['historyStarred']);
  }

  /** Deletes what is chosen, else the entry that has the keyboard. The host asks where something could be lost. */
  delete(jobIds: readonly string[]): void {
    if (jobIds.length === 0) return;
    this.#wantCellSoon();
    this.#viewer.send({ type: 'deleteEntries', jobIds: jobIds.slice(0, 500) });
    this.#chosen.clear();
    this.#seen.clear();
    this.#viewer.redraw();
  }

  deleteAtKeyboard(): void {
    const entry = this.entry(this.at);
    this.delete(this.#chosen.size > 0 ? this.chosen : entry ? [entry.id] : []);
  }

  undoDelete(): void {
    this.#wantCellSoon();
    this.#viewer.send({ type: 'undoDelete' });
  }

  /** Chooses an entry or lets go of it. */
  toggle(place: number): void {
    const entry = this.entry(place);
    if (!entry) return;
    this.#at = place;
    this.#anchor = place;
    if (!this.#chosen.delete(entry.id)) this.#chosen.add(entry.id);
    this.#sayChosen();
  }

  /** Chooses everything from the last that was chosen to this one, as far as it was in sight. */
  chooseTo(place: number): void {
    this.#chosen.clear();
    const [first, last] = [Math.min(this.#anchor, place), Math.max(this.#anchor, place)];
    for (let each = first; each <= last; each++) {
      const id = this.#seen.get(each);
      if (id !== undefined) this.#chosen.add(id);
    }
    this.#at = place;
    this.#sayChosen();
  }

  /** Chooses everything that is found, as far as it was in sight. */
  chooseAll(): void {
    for (const id of this.#seen.values()) this.#chosen.add(id);
    this.#sayChosen();
  }

  chooseNone(): void {
    if (this.#chosen.size === 0) return;
    this.#chosen.clear();
    this.#viewer.say(['historyChosenNone']);
  }

  /** Brings the keyboard to another entry, and with `extends` chooses on the way. */
  move(place: number, isChoosing: boolean): void {
    const to = Math.max(0, Math.min(place, (this.view?.total ?? 0) - 1));
    if (isChoosing) this.chooseTo(to);
    else this.#anchor = to;
    this.#at = to;
    this.#viewer.redraw();
    document.getElementById(cellId(to))?.focus();
  }

  /** How many rows are in sight. */
  get page(): number {
    return Math.max(1, this.#rows.last - this.#rows.first);
  }

  noteFocus(place: number): void {
    if (this.#at === place) return;
    this.#at = place;
    this.#viewer.redraw();
  }

  /** Gives the keyboard to what was just drawn, where it was meant for it. */
  readonly takeFocus = (what: 'cell' | 'entry', element: HTMLElement | null): void => {
    if (!element || this.#wantsFocus !== what || this.view?.total === this.#before) return;
    this.#wantsFocus = undefined;
    this.#before = undefined;
    setTimeout(() => {
      const { activeElement } = document;
      // Whoever writes elsewhere by now is left alone.
      if (activeElement === document.body || activeElement?.closest('.history')) element.focus();
    }, 0);
  };

  /** What has the keyboard may go: then the entry in its place takes it, as soon as the host has answered. */
  #wantCellSoon(): void {
    this.#wantsFocus = 'cell';
    this.#before = this.view?.total;
  }

  /** Takes the keyboard when it comes in the place of the pictures, and gives it back to what brought it. */
  readonly mount = (element: HTMLElement | null): void => {
    const next = element
      ? () => document.getElementById(searchId)
      : () => document.querySelector<HTMLElement>('.results-history');
    setTimeout(() => next()?.focus(), 0);
  };

  /** Follows the size and the place of the grid while it is there. */
  readonly attach = (element: HTMLElement | null): void => {
    if (element === this.#grid) return;
    this.#observer?.disconnect();
    document.removeEventListener('scroll', this.#onScroll, { capture: true });
    this.#grid = element;
    if (!element) return;
    this.#observer = new ResizeObserver(this.#onScroll);
    this.#observer.observe(element);
    document.addEventListener('scroll', this.#onScroll, { capture: true, passive: true });
    this.#measure();
  };

  readonly #onScroll = (): void => this.#measure();

  #measure(): void {
    const grid = this.#grid;
    if (!grid) return;
    const { top, width } = grid.getBoundingClientRect();
    const fontSize = Number.parseFloat(getComputedStyle(grid).fontSize);
    const isOther = width !== this.#width || fontSize !== this.#fontSize;
    this.#width = width;
    this.#fontSize = fontSize;
    const { rowHeight } = this;
    const first = Math.max(0, Math.floor(-top / rowHeight));
    const last = Math.max(first, Math.floor((window.innerHeight - top) / rowHeight));
    if (!isOther && first === this.#rows.first && last === this.#rows.last) return;
    this.#rows = { first, last };
    // Tab leads to what is in sight.
    const row = Math.floor(this.at / this.columns);
    if (!grid.contains(document.activeElement) && (row < first || row > last)) this.#at = first * this.columns;
    this.#askSoon();
    // Not while it is being drawn.
    setTimeout(() => this.#viewer.redraw(), 0);
  }

  /** Asks for what is in sight and not here. */
  #askSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), restMs);
  }

  #ask(): void {
    const part = this.#part();
    if (!part) return;
    this.#asked = part;
    this.#viewer.send({ type: 'history', query: this.query, ...part });
  }

  /** What has to be asked for so that all that is in sight is here; undefined where it is, or was asked for. */
  #part(): { readonly from: number; readonly count: number } | undefined {
    const { view, columns } = this;
    if (!view) return undefined;
    const total = this.#query ? Number.POSITIVE_INFINITY : view.total;
    const from = this.#query ? 0 : Math.max(0, (this.#rows.first - spareRows) * columns);
    const count = Math.min(mostAsked, (this.#rows.last - this.#rows.first + 1 + 2 * spareRows) * columns);
    const isHere =
      !this.#query && view.from <= from && view.from + view.entries.length >= Math.min(total, from + count);
    const isAsked = !this.#query && this.#asked?.from === from && this.#asked.count === count;
    return isHere || isAsked ? undefined : { from, count };
  }

  #sayChosen(): void {
    this.#viewer.say(['historyChosen', this.#chosen.size]);
  }
}

const sameQuery = (one: HistoryQuery, other: HistoryQuery): boolean =>
  one.text === other.text &&
  one.favourites === other.favourites &&
  one.unsaved === other.unsaved &&
  one.kind === other.kind;
