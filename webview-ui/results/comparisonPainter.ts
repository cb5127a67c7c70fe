import type { Size } from '../../src/core/size.ts';
import type { View } from '../stage/geometry.ts';
import type { CompareMode } from './comparison.ts';

export interface Rectangle extends Size {
  readonly x: number;
  readonly y: number;
}

/** A picture and where it lies, in pixels of the frame. */
export interface Placed {
  readonly bitmap: ImageBitmap;
  readonly place: Rectangle;
}

interface Painting {
  readonly mode: CompareMode;
  /** The left picture and the right one; undefined while they are being loaded. */
  readonly placed: readonly [Placed, Placed] | undefined;
  /** Parts of the canvas, in CSS pixels. */
  readonly panes: readonly Rectangle[];
  /** How the frame lies in each pane. */
  readonly view: View;
  readonly frame: Size;
  readonly divider: number;
  readonly isLeftShown: boolean;
}

/** Each doubles what differs: together they make it eight times as bright. */
const doublings = 3;
/** How many times as bright a difference is shown as it is. */
export const brightening = 2 ** doublings;
/** Differences of a colour channel up to this are not seen by anybody, of 255. */
const unseen = 12;

/** Paints two pictures in the manner of a mode. */
export function paintComparison(canvas: HTMLCanvasElement, painting: Painting): void {
  const density = window.devicePixelRatio;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight].map((length) => Math.round(length * density));
  if (width === undefined || height === undefined) return;
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext('2d');
  if (!context) return;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, width, height);
  const { placed, panes, mode } = painting;
  const [pane, second] = panes;
  if (!placed || !pane) return;
  const [left, right] = placed;
  switch (mode) {
    case 'toggle':
      return drawIn(context, pane, painting.isLeftShown ? left : right, painting);
    case 'slider': {
      const at = pane.width * painting.divider;
      drawIn(context, { ...pane, width: at }, left, painting);
      return drawIn(context, { ...pane, x: pane.x + at, width: pane.width - at }, right, painting, pane);
    }
    case 'beside':
      drawIn(context, pane, left, painting);
      if (second) drawIn(context, second, right, painting);
      return;
    case 'difference':
      return drawDifference(context, placed, painting);
  }
}

/** Draws a picture into a part of the canvas; `whole` is the pane that the view is meant for, where that is not the part. */
function drawIn(
  context: CanvasRenderingContext2D,
  part: Rectangle,
  { bitmap, place }: Placed,
  { view }: Painting,
  whole = part,
): void {
  const density = window.devicePixelRatio;
  context.save();
  context.setTransform(density, 0, 0, density, 0, 0);
  context.beginPath();
  context.rect(part.x, part.y, part.width, part.height);
  context.clip();
  context.translate(whole.x + view.x, whole.y + view.y);
  context.scale(view.scale, view.scale);
  drawPlaced(context, bitmap, place, view.scale);
  context.restore();
}

function drawPlaced(
  context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D,
  bitmap: ImageBitmap,
  { x, y, width, height }: Rectangle,
  scale: number,
): void {
  // Where every pixel is at hand, enlarging shows them as they are; a smaller stand-in is better smoothed.
  context.imageSmoothingEnabled = scale <= 1 || bitmap.width < Math.floor(width);
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, x, y, width, height);
}

/** What differs, colour by colour, on black. It is made at the size it is shown in, so that it is as sharp at any zoom. */
function drawDifference(
  context: CanvasRenderingContext2D,
  placed: readonly [Placed, Placed],
  { view, frame }: Painting,
): void {
  const { width, height } = context.canvas;
  if (width === 0 || height === 0) return;
  const density = window.devicePixelRatio;
  const scale = view.scale * density;
  const [x, y] = [view.x * density, view.y * density];
  const apart = differenceOf(placed, { width, height }, { scale, x, y });
  if (!apart) return;
  apart.globalCompositeOperation = 'lighter';
  for (let times = 0; times < doublings; times++) apart.drawImage(apart.canvas, 0, 0);
  context.save();
  context.beginPath();
  context.rect(x, y, frame.width * scale, frame.height * scale);
  context.clip();
  context.drawImage(apart.canvas, 0, 0);
  context.restore();
}

/** The plain difference of two pictures on a canvas of its own, in pixels of that canvas. */
function differenceOf(
  placed: readonly [Placed, Placed],
  { width, height }: Size,
  view: View,
): OffscreenCanvasRenderingContext2D | undefined {
  const apart = new OffscreenCanvas(width, height).getContext('2d');
  if (!apart) return undefined;
  apart.fillRect(0, 0, width, height);
  apart.globalCompositeOperation = 'difference';
  for (const { bitmap, place } of placed) {
    apart.setTransform(view.scale, 0, 0, view.scale, view.x, view.y);
    drawPlaced(apart, bitmap, place, view.scale);
  }
  apart.setTransform(1, 0, 0, 1, 0, 0);
  return apart;
}

/** The part of the frame in which two pictures differ so that it can be seen, from 0 to 1. */
export function differingShare(placed: readonly [Placed, Placed], frame: Size): number | undefined {
  // As many pixels as tell it well enough.
  const scale = Math.min(1, 400 / Math.max(frame.width, frame.height));
  const size = {
    width: Math.max(1, Math.round(frame.width * scale)),
    height: Math.max(1, Math.round(frame.height * scale)),
  };
  const apart = differenceOf(placed, size, { scale, x: 0, y: 0 });
  if (!apart) return undefined;
  const { data } = apart.getImageData(0, 0, size.width, size.height);
  let differing = 0;
  for (let at = 0; at < data.length; at += 4) {
    if (Math.max(data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0) > unseen) differing++;
  }
  return (differing * 4) / data.length;
}
