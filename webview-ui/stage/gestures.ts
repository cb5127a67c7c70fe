import { boxFromDrag, type Handle, moveBox, type Point, resizeBox, toPicture } from './geometry.ts';
import { boxField } from './keys.ts';
import { fieldId, focusFieldSoon } from '../parts/fieldIds.ts';
import type { Stage } from './stage.ts';

/** Fewer CSS pixels than this are a click, not a drag. */
const slack = 3;

/** What the pointer does on the stage: draws, moves and resizes boxes, and moves the picture. */
export class Gestures {
  readonly #stage: Stage;
  /** Called at every move of a drag with the place in the viewport; undefined while there is none. */
  #drag: ((at: Point) => void) | undefined;
  #isSpaceDown = false;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  holdSpace(isDown: boolean): void {
    this.#isSpaceDown = isDown;
  }

  readonly down = (event: PointerEvent): void => {
    const viewport = event.currentTarget as HTMLElement;
    if (this.#drag || event.button > 1) return;
    // The browser would scroll with the middle button, and choose words with the first.
    event.preventDefault();
    const from = place(event, viewport);
    const target = event.target as HTMLElement;
    const isPan = event.button === 1 || this.#isSpaceDown;
    this.#drag = isPan ? this.#pan(from) : this.#boxDrag(target, from, viewport);
    if (this.#drag) viewport.setPointerCapture(event.pointerId);
  };

  readonly move = (event: PointerEvent): void => {
    this.#drag?.(place(event, event.currentTarget as HTMLElement));
  };

  readonly up = (): void => {
    if (!this.#drag) return;
    this.#drag = undefined;
    const stage = this.#stage;
    const isLive = stage.isLive;
    stage.keepPreview();
    // The arrows go on from where the pointer has left off.
    if (isLive && stage.chosen !== undefined) focusFieldSoon(boxField(stage, stage.chosen));
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

  #pan(from: Point): (at: Point) => void {
    let last = from;
    return (at) => {
      this.#stage.panBy({ x: at.x - last.x, y: at.y - last.y });
      last = at;
    };
  }

  #boxDrag(target: HTMLElement, from: Point, viewport: HTMLElement): ((at: Point) => void) | undefined {
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
    const change =
      handle === undefined
        ? moveBox
        : (...[old, by, size]: Parameters<typeof moveBox>) => resizeBox(old, handle, by, size);
    let hasMoved = false;
    return (at) => {
      hasMoved ||= isFar(from, at);
      const { scale } = stage.view;
      const by = { x: (at.x - from.x) / scale, y: (at.y - from.y) / scale };
      if (hasMoved) stage.preview({ index, box: change(box, by, stage.size) });
    };
  }

  #draw(from: Point): ((at: Point) => void) | undefined {
    const stage = this.#stage;
    stage.choose(undefined);
    if (!stage.ready) return undefined;
    const index = stage.boxes.length;
    const start = toPicture(stage.view, from);
    let hasMoved = false;
    return (at) => {
      if (!hasMoved && isFar(from, at)) {
        hasMoved = true;
        stage.sayWhyNoBox();
      }
      if (hasMoved && !stage.whyNoBox)
        stage.preview({ index, box: boxFromDrag(start, toPicture(stage.view, at), stage.size) });
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
