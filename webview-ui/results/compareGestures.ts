import { type Point, twoOf, type TwoPoints, type View } from '../stage/geometry.ts';
import type { Comparison } from './comparison.ts';

/** Fewer CSS pixels than this are a click, not a drag. */
const slack = 3;
/** How far an arrow moves a picture that is larger than its place, in CSS pixels; and the divider, as a part of the whole. */
const panStep = 40;
const dividerStep = 0.02;
/** How long a press is a look and no longer a click, in milliseconds. */
const look = 300;

const arrows: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** What pointer and keyboard do to two pictures that are compared. */
export class CompareGestures {
  readonly #comparison: Comparison;
  #drag: ((at: Point) => void) | undefined;
  /** Where the fingers are that touch the pictures, in the viewport. */
  readonly #fingers = new Map<number, Point>();
  /** How the pictures and two fingers lay when these began to move them. */
  #pinch: { readonly view: View; readonly from: TwoPoints } | undefined;
  /** When the other picture was called, on the clock of events. */
  #calledAt = 0;

  constructor(comparison: Comparison) {
    this.#comparison = comparison;
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
    event.preventDefault();
    viewport.focus();
    viewport.setPointerCapture(event.pointerId);
    const isDivider = (event.target as HTMLElement).closest('.compare-divider') !== null;
    this.#hasMoved = isDivider;
    this.#drag = isDivider ? ({ x }) => this.#moveDivider(x, viewport) : this.#pan(from);
  };

  readonly move = (event: PointerEvent): void => {
    const at = place(event, event.currentTarget as HTMLElement);
    if (this.#fingers.has(event.pointerId)) this.#fingers.set(event.pointerId, at);
    const to = twoOf(this.#fingers);
    if (this.#pinch && to) this.#comparison.pinch(this.#pinch.view, this.#pinch.from, to);
    else this.#drag?.(at);
  };

  readonly up = (event: PointerEvent): void => {
    this.#lift(event);
    if (!this.#drag) return;
    this.#drag = undefined;
    if (this.#hasMoved) return;
    const comparison = this.#comparison;
    const viewport = event.currentTarget as HTMLElement;
    // A click: what it does is what a drag in this mode would not.
    if (comparison.mode === 'toggle') comparison.isLeftShown = !comparison.isLeftShown;
    if (comparison.mode === 'slider') this.#moveDivider(place(event, viewport).x, viewport);
  };
  #hasMoved = false;

  readonly cancel = (event: PointerEvent): void => {
    this.#lift(event);
    this.#drag = undefined;
  };

  /** A second finger ends what the first has begun: the two of them move the pictures, and the one that is left does nothing. */
  #beginPinch(event: PointerEvent, viewport: HTMLElement): void {
    event.preventDefault();
    viewport.setPointerCapture(event.pointerId);
    this.#drag = undefined;
    const from = twoOf(this.#fingers);
    this.#pinch = from && { view: this.#comparison.view, from };
  }

  #lift({ pointerId }: PointerEvent): void {
    this.#fingers.delete(pointerId);
    this.#pinch = undefined;
  }

  readonly wheel = (event: WheelEvent): void => {
    const comparison = this.#comparison;
    event.preventDefault();
    const isNotch = event.deltaX === 0 && (event.deltaMode !== 0 || Math.abs(event.deltaY) >= 50);
    if (event.ctrlKey || event.metaKey || (isNotch && !event.shiftKey)) {
      const delta = event.deltaMode === 0 ? event.deltaY : event.deltaY * 33;
      // A pinch comes as a wheel with Control and small numbers.
      const speed = Math.abs(delta) < 50 ? 0.01 : 0.002;
      const at = place(event, event.currentTarget as HTMLElement);
      comparison.zoomTo(comparison.view.scale * Math.exp(-delta * speed), at);
    } else if (comparison.canPan) {
      const isSideways = event.shiftKey && event.deltaX === 0;
      comparison.panBy(isSideways ? { x: -event.deltaY, y: 0 } : { x: -event.deltaX, y: -event.deltaY });
    }
  };

  /** Keys anywhere in the view, but where they mean something already. */
  readonly key = (event: KeyboardEvent): void => {
    if (event.isComposing || !this.#act(event)) return;
    event.preventDefault();
    // VS Code would take some of these for its own.
    event.stopPropagation();
  };

  /** Shows the other picture: while it is held, or until it is called again. */
  call(): void {
    this.#calledAt = performance.now();
    this.#comparison.isLeftShown = !this.#comparison.isLeftShown;
  }

  /** Ends a press; a long one was a look, and what was shown before is shown again. */
  endCall(): void {
    if (this.#calledAt > 0 && performance.now() - this.#calledAt > look)
      this.#comparison.isLeftShown = !this.#comparison.isLeftShown;
    this.#calledAt = 0;
  }

  readonly keyUp = (event: KeyboardEvent): void => {
    if (event.key === ' ') this.endCall();
  };

  #act(event: KeyboardEvent): boolean {
    const comparison = this.#comparison;
    if (event.key === 'Escape') {
      comparison.close();
      return true;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLSelectElement) return false;
    switch (event.key) {
      case '+':
      case '=':
        comparison.zoomStep(1);
        return true;
      case '-':
        comparison.zoomStep(-1);
        return true;
      case '0':
        comparison.fit();
        return true;
      case '1':
        comparison.zoomTo(1);
        return true;
      default:
        return event.target === event.currentTarget || isViewport(event.target) ? this.#actOnPictures(event) : false;
    }
  }

  #actOnPictures(event: KeyboardEvent): boolean {
    const comparison = this.#comparison;
    if (event.key === ' ' && comparison.mode === 'toggle') {
      if (!event.repeat) this.call();
      return true;
    }
    const arrow = arrows[event.key];
    if (!arrow || event.shiftKey) return false;
    if (comparison.canPan) comparison.panBy({ x: -arrow.x * panStep, y: -arrow.y * panStep });
    else if (comparison.mode === 'slider') comparison.divider += arrow.x * dividerStep;
    else return false;
    return true;
  }

  #moveDivider(x: number, viewport: HTMLElement): void {
    this.#comparison.divider = x / viewport.clientWidth;
  }

  #pan(from: Point): (at: Point) => void {
    let last = from;
    return (at) => {
      this.#hasMoved ||= Math.hypot(at.x - from.x, at.y - from.y) >= slack;
      if (this.#hasMoved) this.#comparison.panBy({ x: at.x - last.x, y: at.y - last.y });
      last = at;
    };
  }
}

const isViewport = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.matches('.compare-viewport');

function place(event: MouseEvent, viewport: HTMLElement): Point {
  const { left, top } = viewport.getBoundingClientRect();
  return { x: event.clientX - left - viewport.clientLeft, y: event.clientY - top - viewport.clientTop };
}
