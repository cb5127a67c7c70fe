import type { PanelMessage, SourceView } from '../../src/core/messages.ts';
import { modelCard } from '../../src/core/modelCard.ts';
import type { Box, ImageRequest, InputImage } from '../../src/core/request.ts';
import type { Size } from '../../src/core/size.ts';
import type { Patch } from '../draft.ts';
import type { WithStudio } from '../state.ts';
import type { Words } from '../words.ts';
import * as geometry from './geometry.ts';
import { History } from './history.ts';
import { Painter } from './painter.ts';
import { pictureAtFirst, whyNoBox } from './shownPicture.ts';
import type { Guide, Surroundings } from './snapping.ts';

/** What the stage needs of the studio. */
export interface Desk {
  readonly request: ImageRequest;
  readonly sources: readonly SourceView[];
  change(patch: Patch): void;
  send(message: PanelMessage): void;
  /** Tells a screen reader. */
  say(words: Words): void;
  redraw(): void;
}

/** What the components of the stage are given. */
export interface WithStage extends WithStudio {
  readonly stage: Stage;
}

/** Lies on every picture that the service takes, whatever its size. */
const smallest: Box = { x1: 0, y1: 0, x2: modelCard.inputs.minSide, y2: modelCard.inputs.minSide };

type Ready = Extract<SourceView['phase'], { state: 'ready' }>;

/** A box while it is being drawn, moved or resized; it becomes the draft's when the button is let go. */
interface Live {
  readonly index: number;
  readonly box: Box;
  /** The lines that it lies on. */
  readonly guides?: readonly Guide[];
}

/** Within how many CSS pixels of a line an edge is brought to it. */
const snapReach = 5;

/**
 * Which picture is shown, how closely, and which of its boxes is chosen. The boxes are the draft's: what is done here to
 * them changes the form, and every change of them, whoever makes it, can be taken back.
 */
export class Stage {
  readonly #desk: Desk;
  readonly #history = new History();
  readonly #painter: Painter;
  /** The views of pictures that are not shown whole. */
  readonly #views = new Map<string, geometry.View>();
  #shownId: string | undefined;
  #chosen: number | undefined;
  #live: Live | undefined;
  #viewport: Size = { width: 0, height: 0 };
  #joining: string | undefined;

  constructor(desk: Desk) {
    this.#desk = desk;
    this.#painter = new Painter(() => desk.redraw());
  }

  /** The picture shown. */
  get input(): InputImage | undefined {
    const { request, sources } = this.#desk;
    return request.inputs.find(({ id }) => id === this.#shownId) ?? pictureAtFirst(request, sources);
  }

  get index(): number {
    return this.#desk.request.inputs.findIndex((input) => input === this.input);
  }

  get source(): SourceView | undefined {
    return this.input && this.#source(this.input.id);
  }

  get ready(): Ready | undefined {
    const phase = this.source?.phase;
    return phase?.state === 'ready' ? phase : undefined;
  }

  /** The true size of the picture shown; more than any picture has while it is not known, so that no box is cut. */
  get size(): Size {
    return this.ready?.facts ?? { width: 100_000, height: 100_000 };
  }

  /** True where boxes can be added: on a picture that is seen, and by numbers on one that the service fetches itself. */
  get takesBoxes(): boolean {
    return this.ready !== undefined || this.input?.url !== undefined;
  }

  get boxes(): readonly Box[] {
    const boxes = this.input?.boxes ?? [];
    const live = this.#live;
    if (!live) return boxes;
    return live.index < boxes.length
      ? boxes.map((box, at) => (at === live.index ? live.box : box))
      : [...boxes, live.box];
  }

  /** The place of the chosen box. */
  get chosen(): number | undefined {
    if (this.#live) return this.#live.index;
    return this.#chosen !== undefined && this.#chosen < this.boxes.length ? this.#chosen : undefined;
  }

  get isLive(): boolean {
    return this.#live !== undefined;
  }

  /** The lines that the box being drawn, moved or resized lies on. */
  get guides(): readonly Guide[] {
    return this.#live?.guides ?? [];
  }

  /** Why no box can be added. */
  get whyNoBox(): ReturnType<typeof whyNoBox> {
    return this.input && whyNoBox(this.#desk.request, this.input);
  }

  get view(): geometry.View {
    const view = this.#views.get(this.input?.id ?? '');
    return view ? geometry.keepInSight(view, this.size, this.#viewport) : geometry.fitView(this.size, this.#viewport);
  }

  get canUndo(): boolean {
    return this.#history.canUndo;
  }

  get canRedo(): boolean {
    return this.#history.canRedo;
  }

  get isBroken(): boolean {
    return this.ready !== undefined && this.#painter.isBroken(this.ready.src);
  }

  show(inputId: string): void {
    this.#shownId = inputId;
    this.#chosen = undefined;
    this.#live = undefined;
    this.#desk.redraw();
  }

  choose(index: number | undefined): void {
    if (index === this.#chosen) return;
    this.#chosen = index;
    this.#desk.redraw();
  }

  /** Adds a box in the middle, and says so, or why not. */
  addBox(): boolean {
    const { ready, takesBoxes, whyNoBox } = this;
    if (!takesBoxes || whyNoBox) {
      if (whyNoBox) this.#desk.say([whyNoBox]);
      return false;
    }
    const count = this.boxes.length;
    this.setBox(count, ready ? geometry.middleBox(this.size, count) : smallest);
    return true;
  }

  /** Adds a box like another, label and all, a little aside of it; says so, or why not. */
  duplicateBox(index: number): boolean {
    const { whyNoBox } = this;
    const box = this.boxes[index];
    if (!box) return false;
    if (whyNoBox) {
      this.#desk.say([whyNoBox]);
      return false;
    }
    const count = this.boxes.length;
    this.setBox(count, geometry.besideBox(box, this.size));
    this.#desk.say(['boxDuplicated', index + 1, count + 1]);
    return true;
  }

  /** Deletes all boxes of the picture shown. */
  clearBoxes(): void {
    this.#setBoxes([]);
    this.#chosen = undefined;
    this.#desk.say(['boxesCleared']);
  }

  deleteBox(index: number): void {
    const boxes = this.input?.boxes ?? [];
    if (!boxes[index]) return;
    this.#setBoxes(boxes.filter((_, at) => at !== index));
    this.#chosen = boxes.length > 1 ? 0 : undefined;
    this.#desk.say(['boxDeleted', index + 1]);
  }

  /** Changes a box, or adds it after the last. Changes in a row with the same `joined` are taken back as one. */
  setBox(index: number, box: Box, joined?: string): void {
    const boxes = this.input?.boxes ?? [];
    // Whoever asks, a box on this picture has whole edges inside it.
    const inside = geometry.clampBox(box, this.size);
    this.#chosen = index;
    this.#joining = joined && `${joined} ${index}`;
    this.#setBoxes(index < boxes.length ? boxes.map((old, at) => (at === index ? inside : old)) : [...boxes, inside]);
    this.#joining = undefined;
  }

  /** Changes a box where it lies, and tells a screen reader where that is. */
  placeBox(index: number, box: Box, joined?: string): void {
    this.setBox(index, box, joined);
    this.#desk.say(boxWords(index, box));
  }

  /** Ends a row of changes that are taken back as one. */
  pause(): void {
    this.#history.pause();
  }

  /** Shows a box as it would be; undefined ends that. */
  preview(live: Live | undefined): void {
    this.#live = live;
    this.#desk.redraw();
  }

  /** What a box can be brought to while the pointer has it. */
  surroundings(index: number, isFree: boolean): Surroundings {
    const others = this.input?.boxes.filter((_, at) => at !== index) ?? [];
    return { picture: this.size, others, reach: isFree ? 0 : snapReach / this.view.scale };
  }

  /** Makes what is shown the box. */
  keepPreview(): void {
    const live = this.#live;
    this.#live = undefined;
    const old = live && this.input?.boxes[live.index];
    if (live && (!old || JSON.stringify(old) !== JSON.stringify(live.box))) this.placeBox(live.index, live.box);
    else this.#desk.redraw();
  }

  /** Tells a screen reader why no box can be added. */
  sayWhyNoBox(): void {
    if (this.whyNoBox) this.#desk.say([this.whyNoBox]);
  }

  travel(direction: 'undo' | 'redo'): void {
    const found = this.#history.travel(direction, this.#desk.request.inputs);
    if (!found) return this.#desk.redraw();
    if (found.inputId !== this.input?.id) this.show(found.inputId);
    this.#isTravelling = true;
    this.#desk.change({ inputs: found.inputs });
    this.#isTravelling = false;
    this.#desk.say([direction === 'undo' ? 'undone' : 'redone', this.boxes.length]);
  }
  #isTravelling = false;

  /** Told of every change of the form. */
  noteChange(before: ImageRequest, after: ImageRequest): void {
    if (!this.#isTravelling) this.#history.note(before.inputs, after.inputs, this.#joining);
  }

  /** Told of a form that was filled from elsewhere. The picture that came last is shown. */
  noteLoad(before: ImageRequest, after: ImageRequest): void {
    const isKnown = (id: string): boolean => before.inputs.some((input) => input.id === id);
    const added = after.inputs.findLast(({ id }) => !isKnown(id));
    if (before.inputs.some(({ id }) => !after.inputs.some((input) => input.id === id))) this.#history.clear();
    if (!added) return;
    this.#shownId = added.id;
    this.#chosen = undefined;
    this.#live = undefined;
  }

  fit(): void {
    this.#views.delete(this.input?.id ?? '');
    this.#desk.redraw();
  }

  /** Shows the picture at a scale, around a place of the viewport or its middle. */
  zoomTo(scale: number, at: geometry.Point = { x: this.#viewport.width / 2, y: this.#viewport.height / 2 }): void {
    this.#setView(geometry.zoomAt(this.view, geometry.clampScale(scale, this.size, this.#viewport), at));
  }

  zoomStep(direction: 1 | -1): void {
    this.zoomTo(geometry.nextScale(this.view.scale, direction));
  }

  /** Shows the picture as two fingers have moved it, which it began to be at `view`. */
  pinch(view: geometry.View, from: geometry.TwoPoints, to: geometry.TwoPoints): void {
    this.#setView(geometry.pinch(view, from, to, this.size, this.#viewport));
  }

  /** Tells a screen reader how large the picture is shown. */
  sayScale(): void {
    if (this.ready) this.#desk.say(['zoomSaid', this.percent]);
  }

  /** How large the picture is shown, in percent of its full size. */
  get percent(): number {
    const { scale } = this.view;
    return scale < 0.1 ? Math.round(scale * 1000) / 10 : Math.round(scale * 100);
  }

  redraw(): void {
    this.#desk.redraw();
  }

  panBy({ x, y }: geometry.Point): void {
    const { view } = this;
    this.#setView({ ...view, x: view.x + x, y: view.y + y });
  }

  /** True when the picture is larger than what shows it. */
  get canPan(): boolean {
    const { scale } = this.view;
    if (!this.ready) return false;
    return this.size.width * scale > this.#viewport.width || this.size.height * scale > this.#viewport.height;
  }

  /** Follows the size of the element that shows the picture, while it is there. */
  readonly attach = (element: HTMLElement | null): void => {
    this.#observer?.disconnect();
    this.#observer = undefined;
    if (!element) return this.#painter.clear();
    this.#observer = new ResizeObserver(([entry]) => {
      if (!entry) return;
      const { width, height } = entry.contentRect;
      this.#viewport = { width, height };
      this.#desk.redraw();
    });
    this.#observer.observe(element);
  };
  #observer: ResizeObserver | undefined;

  paint(canvas: HTMLCanvasElement): void {
    if (this.ready) this.#painter.paint(canvas, this.ready.src, this.view, this.size);
    else this.#painter.clear();
  }

  #setView(view: geometry.View): void {
    // What is not seen has no view to keep.
    if (this.input && this.ready) this.#views.set(this.input.id, geometry.keepInSight(view, this.size, this.#viewport));
    this.#desk.redraw();
  }

  #setBoxes(boxes: readonly Box[]): void {
    const { input } = this;
    const { inputs } = this.#desk.request;
    this.#desk.change({ inputs: inputs.map((other) => (other === input ? { ...other, boxes: [...boxes] } : other)) });
  }

  #source(inputId: string): SourceView | undefined {
    return this.#desk.sources.find(({ id }) => id === inputId);
  }
}

/** A box in words: its number, its edges, its size. */
export function boxWords(index: number, { x1, y1, x2, y2 }: Box): Words {
  return ['boxSpoken', index + 1, x1, y1, x2, y2, x2 - x1, y2 - y1];
}
