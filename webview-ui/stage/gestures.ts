import { type Handle, type Point, toPicture, twoOf, type TwoPoints, type View } from './geometry.ts';
import { boxField } from './keys.ts';
import { fieldId, focusFieldSoon } from '../parts/fieldIds.ts';
import { snapDrawn, snapMoved, snapResized } from './snapping.ts';
import type { Stage } from './stage.ts';

/** Fewer CSS pixels than this are a click, not a drag. */
const slack = 3;

/** Called at every move of a drag with the place in the viewport; `isFree` while the key is held that keeps boxes from snapping. */
type Drag = (at: Point, isFree: boolean) => void;

/** What the pointer does on the stage: draws, moves and resizes boxes, and moves the picture; two fingers move and zoom it. */
export class Gestures {
  readonly #stage: Stage;
  /** Undefined while there is none. */
  #drag: Drag | undefined;
  #isPanning = false;
  #isSpaceDown = false;
  /** Where the fingers are that touch the picture, in the viewport. */
  readonly #fingers = new Map<number, Point>();
  /** Where the picture and two fingers were when these began to move it. */
  #pinch: { readonly view: View; readonly from: TwoPoints } | undefined;
  #isPinching = false;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** What the pointer would do with the picture itself: `open` where it would take hold of it, `closed` while it does. */
  get hand(): 'none' | 'open' | 'closed' {
    if (this.#drag && this.#isPanning) return 'closed';
    return this.#isSpaceDown ? 'open' : 'none';
  }

  holdSpace(isDown: boolean): void {
    if (isDown === this.#isSpaceDown) return;
    this.#isSpaceDown = isDown;
    this.#stage.redraw();
  }

  readonly down = (event: PointerEvent): void => {
    const viewport = event.currentTarget as HTMLElement;
    const from = place(event, viewport);
    if (event.pointerType === 'touch') {
      // One that was lifted where nobody was told of it touches nothing any more.
      if (event.isPrimary) this.#fingers.clear();
      this.#fingers.set(event.pointerId, from);
    }
    if (this.#fingers.size > 1) return this.#beginPinch(event, viewport);
    if (this.#drag || event.button > 1) return;
    // The browser would scroll with the middle button, and choose words with the first.
    event.preventDefault();
    const target = event.target as HTMLElement;
    this.#isPanning = event.button === 1 || this.#isSpaceDown;
    this.#drag = this.#isPanning ? this.#pan(from) : this.#boxDrag(target, from, viewport);
    if (this.#drag) viewport.setPointerCapture(event.pointerId);
    if (this.#isPanning) this.#stage.redraw();
  };

  readonly move = (event: PointerEvent): void => {
    const at = place(event, event.currentTarget as HTMLElement);
    if (this.#fingers.has(event.pointerId)) this.#fingers.set(event.pointerId, at);
    const to = twoOf(this.#fingers);
    if (!this.#isPinching) this.#drag?.(at, event.altKey);
    else if (this.#pinch && to) this.#stage.pinch(this.#pinch.view, this.#pinch.from, to);
  };

  readonly up = (event: PointerEvent): void => {
    this.#lift(event);
    if (!this.#drag) return;
    this.#drag = undefined;
    const stage = this.#stage;
    const isLive = stage.isLive;
    stage.keepPreview();
    // The arrows go on from where the pointer has left off.
    if (isLive && stage.chosen !== undefined) focusFieldSoon(boxField(stage, stage.chosen));
  };

  /** Told of a pointer that the browser has taken away. */
  readonly lose = (event: PointerEvent): void => {
    this.#lift(event);
    this.cancel();
  };

  /** Ends a drag as if it had not been. */
  readonly cancel = (): boolean => {
    const wasDragging = this.#drag !== undefined;
    this.#drag = undefined;
    if (wasDragging) this.#stage.preview(undefined);
    return wasDragging;
  };

  readonly wheel = (event: WheelEvent): void => {
    const viewport = event.currentTarget as HTMLElement;
    const isNotch = event.deltaX === 0 && (event.deltaMode !== 0 || Math.abs(event.deltaY) >= 50);
    // Without the keyboard here, or Control, the wheel belongs to the page, lest a long page stop at the picture.
    const isOurs = viewport.contains(document.activeElement) || !canScroll(viewport);
    if (event.ctrlKey || event.metaKey || (isOurs && isNotch && !event.shiftKey)) {
      const delta = event.deltaMode === 0 ? event.deltaY : event.deltaY * 33;
      // A pinch comes as a wheel with Control and small numbers.
      const speed = Math.abs(delta) < 50 ? 0.01 : 0.002;
      this.#stage.zoomTo(this.#stage.view.scale * Math.exp(-delta * speed), place(event, viewport));
    } else if (isOurs && this.#stage.canPan) {
      const isSideways = event.shiftKey && event.deltaX === 0;
      this.#stage.panBy(isSideways ? { x: -event.deltaY, y: 0 } : { x: -event.deltaX, y: -event.deltaY });
    } else return;
    event.preventDefault();
  };

  /** A second finger ends what the first has begun: the two of them move the picture. */
  #beginPinch(event: PointerEvent, viewport: HTMLElement): void {
    event.preventDefault();
    this.cancel();
    this.#isPinching = true;
    const from = twoOf(this.#fingers);
    this.#pinch = from && { view: this.#stage.view, from };
    viewport.setPointerCapture(event.pointerId);
  }

  /** The finger that is left of two draws nothing: it is about to be lifted too. */
  #lift({ pointerId }: PointerEvent): void {
    this.#fingers.delete(pointerId);
    this.#pinch = undefined;
    if (this.#fingers.size === 0) this.#isPinching = false;
  }

  #pan(from: Point): Drag {
    let last = from;
    return (at) => {
      this.#stage.panBy({ x: at.x - last.x, y: at.y - last.y });
      last = at;
    };
  }

  #boxDrag(target: HTMLElement, from: Point, viewport: HTMLElement): Drag | undefined {
    const stage = this.#stage;
    const found = target.closest<HTMLElement>('[data-box]');
    if (!found) {
      viewport.focus();
      return this.#draw(from);
    }
    const index = Number(found.dataset['box']);
    const box = stage.boxes[index];
    if (!box || stage.whyNoBox === 'boxInSet') return undefined;
    stage.choose(index);
    document.getElementById(fieldId(boxField(stage, index)))?.focus();
    const handle = target.dataset['handle'] as Handle | undefined;
    let hasMoved = false;
    return (at, isFree) => {
      hasMoved ||= isFar(from, at);
      if (!hasMoved) return;
      const { scale } = stage.view;
      const by = { x: (at.x - from.x) / scale, y: (at.y - from.y) / scale };
      const around = stage.surroundings(index, isFree);
      const snapped = handle === undefined ? snapMoved(box, by, around) : snapResized(box, handle, by, around);
      stage.preview({ index, ...snapped });
    };
  }

  #draw(from: Point): Drag | undefined {
    const stage = this.#stage;
    stage.choose(undefined);
    if (!stage.ready) return undefined;
    const index = stage.boxes.length;
    const start = toPicture(stage.view, from);
    let hasMoved = false;
    return (at, isFree) => {
      if (!hasMoved && isFar(from, at)) {
        hasMoved = true;
        stage.sayWhyNoBox();
      }
      if (!hasMoved || stage.whyNoBox) return;
      stage.preview({
        index,
        ...snapDrawn(start, toPicture(stage.view, at), stage.surroundings(index, isFree)),
      });
    };
  }
}

function place(event: MouseEvent, viewport: HTMLElement): Point {
  const { left, top } = viewport.getBoundingClientRect();
  return { x: event.clientX - left - viewport.clientLeft, y: event.clientY - top - viewport.clientTop };
}

const isFar = (from: Point, to: Point): boolean => Math.hypot(to.x - from.x, to.y - from.y) >= slack;

/** True when something around the viewport would scroll. */
function canScroll(element: HTMLElement): boolean {
  for (let around = element.parentElement; around; around = around.parentElement) {
    if (around.scrollHeight > around.clientHeight + 1 && getComputedStyle(around).overflowY !== 'visible') return true;
  }
  const page = document.documentElement;
  return page.scrollHeight > page.clientHeight + 1;
}
