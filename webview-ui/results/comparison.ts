import type { Box } from '../../src/core/request.ts';
import type { Size } from '../../src/core/size.ts';
import {
  clampScale,
  fitView,
  keepInSight,
  nextScale,
  pinch,
  type Point,
  type TwoPoints,
  type View,
  zoomAt,
} from '../stage/geometry.ts';
import { Bitmaps } from './bitmaps.ts';
import { differingShare, paintComparison, type Placed, type Rectangle } from './comparisonPainter.ts';

/** A picture that can be compared with another. Sides in its own pixels; what its address brings may be smaller. */
export interface ComparedPicture extends Size {
  readonly id: string;
  readonly src: string;
  /** What the user knows it by. */
  readonly label: string;
  /** Boxes that were drawn on it, in its own pixels. */
  readonly boxes?: readonly Box[];
}

export const compareModes = ['slider', 'toggle', 'beside', 'difference'] as const;
export type CompareMode = (typeof compareModes)[number];

/** What the comparison needs of the studio. */
export interface CompareDesk {
  readonly kept: Readonly<Record<string, unknown>>;
  keep(name: string, value: unknown): void;
  redraw(): void;
}

interface Opened {
  readonly pictures: readonly ComparedPicture[];
  readonly left: string;
  readonly right: string;
}

/** Under these names the last choices are remembered. */
const modeName = 'compareMode';
const boxesName = 'compareBoxes';
/** Narrower than this, two pictures are one above the other, in CSS pixels. */
const roomForTwo = 560;
/** Sides that differ by less than this part are of one shape: a service delivers sizes that are not exact. */
const sameShape = 0.02;

/**
 * Two pictures that are held against each other, in one frame: the size of the larger one, to which the other is scaled.
 * Zoom and place are the frame's, and so the same for both.
 */
export class Comparison {
  readonly #desk: CompareDesk;
  readonly #bitmaps: Bitmaps;
  #opened: Opened | undefined;
  #view: View | undefined;
  #viewport: Size = { width: 0, height: 0 };
  #divider = 0.5;
  #isLeftShown = false;
  #share: { readonly of: string; readonly share: number | undefined } | undefined;
  #observer: ResizeObserver | undefined;
  #dialog: HTMLDialogElement | undefined;

  constructor(desk: CompareDesk) {
    this.#desk = desk;
    this.#bitmaps = new Bitmaps(() => desk.redraw());
  }

  /** Shows two of these pictures; the others can be chosen in their place. */
  open(opened: Opened): void {
    this.#opened = opened;
    this.#view = undefined;
    this.#divider = 0.5;
    this.#isLeftShown = false;
    this.#desk.redraw();
  }

  close(): void {
    // Closed before it is taken away, it gives the keyboard back to the button that opened it.
    this.#dialog?.close();
    this.#dialog = undefined;
    this.#opened = undefined;
    this.#bitmaps.clear();
    this.#desk.redraw();
  }

  get isOpen(): boolean {
    return this.#opened !== undefined;
  }

  get pictures(): readonly ComparedPicture[] {
    return this.#opened?.pictures ?? [];
  }

  get left(): ComparedPicture {
    return this.#picture(this.#opened?.left);
  }

  get right(): ComparedPicture {
    return this.#picture(this.#opened?.right);
  }

  /** Puts another picture in the place of one; chosen on both sides, the two change places. */
  choose(side: 'left' | 'right', id: string): void {
    if (!this.#opened) return;
    const other = side === 'left' ? 'right' : 'left';
    const isTaken = this.#opened[other] === id;
    this.#opened = { ...this.#opened, [side]: id, ...(isTaken && { [other]: this.#opened[side] }) };
    this.#desk.redraw();
  }

  get mode(): CompareMode {
    const kept = this.#desk.kept[modeName];
    return compareModes.find((mode) => mode === kept) ?? 'slider';
  }

  set mode(mode: CompareMode) {
    this.#desk.keep(modeName, mode);
    this.#isLeftShown = false;
    this.#desk.redraw();
  }

  get hasBoxes(): boolean {
    return [this.left, this.right].some(({ boxes = [] }) => boxes.length > 0);
  }

  get areBoxesShown(): boolean {
    return this.#desk.kept[boxesName] !== false;
  }

  set areBoxesShown(areShown: boolean) {
    this.#desk.keep(boxesName, areShown);
    this.#desk.redraw();
  }

  /** The boxes of both pictures in pixels of the frame. */
  get boxes(): readonly Box[] {
    if (!this.areBoxesShown) return [];
    return [this.left, this.right].flatMap((picture) => {
      const { x, y, width, height } = this.#place(picture);
      const [across, down] = [width / picture.width, height / picture.height];
      return (picture.boxes ?? []).map((box) => ({
        x1: x + box.x1 * across,
        y1: y + box.y1 * down,
        x2: x + box.x2 * across,
        y2: y + box.y2 * down,
      }));
    });
  }

  /** Where the divider of the slider is: the part of the viewport that is left of it. */
  get divider(): number {
    return this.#divider;
  }

  set divider(part: number) {
    this.#divider = Math.min(1, Math.max(0, part));
    this.#desk.redraw();
  }

  /** In toggle mode: true while the left picture is shown instead of the right one. */
  get isLeftShown(): boolean {
    return this.#isLeftShown;
  }

  set isLeftShown(isShown: boolean) {
    this.#isLeftShown = isShown;
    this.#desk.redraw();
  }

  /** The frame that both pictures are scaled to. */
  get frame(): Size {
    const [left, right] = [this.left, this.right];
    const { width, height } = left.width * left.height > right.width * right.height ? left : right;
    return { width, height };
  }

  /** True where the pictures are of different shapes, so that one of them does not fill the frame. */
  get haveDifferentShapes(): boolean {
    return [this.left, this.right].some((picture) => !this.#fills(picture));
  }

  /** The parts of the viewport that show something, from left to right or from top to bottom. */
  get panes(): readonly Rectangle[] {
    const { width, height } = this.#viewport;
    if (this.mode !== 'beside') return [{ x: 0, y: 0, width, height }];
    const gap = 2;
    if (width >= roomForTwo) {
      const half = (width - gap) / 2;
      return [0, half + gap].map((x) => ({ x, y: 0, width: half, height }));
    }
    const half = (height - gap) / 2;
    return [0, half + gap].map((y) => ({ x: 0, y, width, height: half }));
  }

  /** How the frame lies in each pane. */
  get view(): View {
    const pane = this.#pane;
    return this.#view ? keepInSight(this.#view, this.frame, pane) : fitView(this.frame, pane);
  }

  get canPan(): boolean {
    const { scale } = this.view;
    return this.frame.width * scale > this.#pane.width || this.frame.height * scale > this.#pane.height;
  }

  fit(): void {
    this.#setView(undefined);
  }

  /** Zooms around a place of the viewport, or the middle of a pane. */
  zoomTo(scale: number, at?: Point): void {
    const inPane = at ? this.#inPane(at, at) : middle(this.#pane);
    this.#setView(zoomAt(this.view, clampScale(scale, this.frame, this.#pane), inPane));
  }

  /** Shows the pictures as two fingers have moved them, which began to be at `view`. Places of the viewport. */
  pinch(view: View, from: TwoPoints, to: TwoPoints): void {
    const [first] = from;
    const inPane = ([one, other]: TwoPoints): TwoPoints => [this.#inPane(one, first), this.#inPane(other, first)];
    this.#setView(pinch(view, inPane(from), inPane(to), this.frame, this.#pane));
  }

  /** A place of the viewport in the pane in which `within` lies. */
  #inPane(at: Point, within: Point): Point {
    const pane = this.panes.findLast(({ x, y }) => within.x >= x && within.y >= y);
    return { x: at.x - (pane?.x ?? 0), y: at.y - (pane?.y ?? 0) };
  }

  zoomStep(direction: 1 | -1): void {
    this.zoomTo(nextScale(this.view.scale, direction));
  }

  panBy({ x, y }: Point): void {
    const { view } = this;
    this.#setView({ ...view, x: view.x + x, y: view.y + y });
  }

  /** `broken` where one of the pictures cannot be shown. */
  get state(): 'loading' | 'ready' | 'broken' {
    const bitmaps = [this.left, this.right].map(({ src }) => this.#bitmaps.get(src));
    if (bitmaps.includes('broken')) return 'broken';
    return bitmaps.includes(undefined) ? 'loading' : 'ready';
  }

  /** The part of the frame in which the pictures differ so that it can be seen, from 0 to 1; undefined while it is not known. */
  get share(): number | undefined {
    const placed = this.#placed();
    if (!placed) return undefined;
    const of = `${this.left.src} ${this.right.src}`;
    if (this.#share?.of !== of) this.#share = { of, share: differingShare(placed, this.frame) };
    return this.#share.share;
  }

  paint(canvas: HTMLCanvasElement): void {
    paintComparison(canvas, {
      mode: this.mode,
      placed: this.#placed(),
      panes: this.panes,
      view: this.view,
      frame: this.frame,
      divider: this.#divider,
      isLeftShown: this.#isLeftShown,
    });
  }

  /** Opens the dialog once it is in the page. */
  readonly attachDialog = (dialog: HTMLDialogElement | null): void => {
    if (!dialog || dialog.open) return;
    this.#dialog = dialog;
    dialog.showModal();
  };

  /** Follows the size of the element that shows the pictures, and gives it the keyboard. */
  readonly attach = (element: HTMLElement | null): void => {
    this.#observer?.disconnect();
    if (!element) return;
    this.#observer = new ResizeObserver(([entry]) => {
      if (!entry) return;
      const { width, height } = entry.contentRect;
      this.#viewport = { width, height };
      this.#desk.redraw();
    });
    this.#observer.observe(element);
  };

  get #pane(): Size {
    return this.panes[0] ?? this.#viewport;
  }

  #picture(id: string | undefined): ComparedPicture {
    const found = this.pictures.find((picture) => picture.id === id);
    if (!found) throw new Error('A picture is compared that was not given.');
    return found;
  }

  #placed(): readonly [Placed, Placed] | undefined {
    const [left, right] = [this.#bitmaps.get(this.left.src), this.#bitmaps.get(this.right.src)];
    if (typeof left !== 'object' || typeof right !== 'object') return undefined;
    return [
      { bitmap: left, place: this.#place(this.left) },
      { bitmap: right, place: this.#place(this.right) },
    ];
  }

  /** Where a picture lies in the frame: it fills one of its own shape, and is whole and in the middle of another. */
  #place(picture: ComparedPicture): Rectangle {
    const { frame } = this;
    if (this.#fills(picture)) return { x: 0, y: 0, ...frame };
    const scale = Math.min(frame.width / picture.width, frame.height / picture.height);
    const [width, height] = [picture.width * scale, picture.height * scale];
    return { x: (frame.width - width) / 2, y: (frame.height - height) / 2, width, height };
  }

  #fills({ width, height }: Size): boolean {
    const { frame } = this;
    return Math.abs((width * frame.height) / (height * frame.width) - 1) <= sameShape;
  }

  #setView(view: View | undefined): void {
    this.#view = view && keepInSight(view, this.frame, this.#pane);
    this.#desk.redraw();
  }
}

const middle = ({ width, height }: Size): Point => ({ x: width / 2, y: height / 2 });
