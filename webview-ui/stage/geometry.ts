import type { Box } from '../../src/core/request.ts';
import type { Size } from '../../src/core/size.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where two fingers are. */
export type TwoPoints = readonly [Point, Point];

/** How a picture lies in the viewport: CSS pixels for each of its own pixels, and where its top left corner is. */
export interface View extends Point {
  readonly scale: number;
}

export type Handle = 'nw' | 'n' | 'ne' | 'e' | 'se' | 's' | 'sw' | 'w';
export type Edge = 'x1' | 'y1' | 'x2' | 'y2';

/** A place of the viewport, in the picture's own pixels and parts of them. */
export function toPicture(view: View, at: Point): Point {
  return { x: (at.x - view.x) / view.scale, y: (at.y - view.y) / view.scale };
}

/** A place of the picture, in the viewport. */
export function toViewport(view: View, at: Point): Point {
  return { x: at.x * view.scale + view.x, y: at.y * view.scale + view.y };
}

/** The box between two places of the picture, in any direction: its edges are the nearest ones between pixels. */
export function boxFromDrag(from: Point, to: Point, picture: Size): Box {
  const [x1, x2] = span(from.x, to.x, picture.width);
  const [y1, y2] = span(from.y, to.y, picture.height);
  return { x1, y1, x2, y2 };
}

/** The box moved, as far as the picture goes; it keeps its size. */
export function moveBox(box: Box, by: Point, picture: Size): Box {
  const x = within(Math.round(by.x), -box.x1, picture.width - box.x2);
  const y = within(Math.round(by.y), -box.y1, picture.height - box.y2);
  return { ...box, x1: box.x1 + x, y1: box.y1 + y, x2: box.x2 + x, y2: box.y2 + y };
}

/** The box with the edges of one handle moved; pulled over the opposite edge, it turns over. */
export function resizeBox(box: Box, handle: Handle, by: Point, picture: Size): Box {
  const [x1, x2] = handle.includes('w')
    ? span(box.x2, box.x1 + by.x, picture.width)
    : span(box.x1, box.x2 + (handle.includes('e') ? by.x : 0), picture.width);
  const [y1, y2] = handle.startsWith('n')
    ? span(box.y2, box.y1 + by.y, picture.height)
    : span(box.y1, box.y2 + (handle.startsWith('s') ? by.y : 0), picture.height);
  return { ...box, x1, y1, x2, y2 };
}

/** The box with one edge put where it was typed, as far as the picture and the opposite edge allow. */
export function setEdge(box: Box, edge: Edge, value: number, picture: Size): Box {
  const [least, most] = edgeRange(box, edge, picture);
  return { ...box, [edge]: within(Math.round(value), least, most) };
}

/** Where an edge may lie while the opposite one stays. */
export function edgeRange(box: Box, edge: Edge, picture: Size): readonly [least: number, most: number] {
  switch (edge) {
    case 'x1':
      return [0, box.x2 - 1];
    case 'y1':
      return [0, box.y2 - 1];
    case 'x2':
      return [box.x1 + 1, picture.width];
    case 'y2':
      return [box.y1 + 1, picture.height];
  }
}

/** A box with whole edges inside the picture, as near as can be. */
export function clampBox(box: Box, picture: Size): Box {
  return { ...box, ...boxFromDrag({ x: box.x1, y: box.y1 }, { x: box.x2, y: box.y2 }, picture) };
}

/** A box in the middle, half as long as the picture; a second one is smaller, so that it does not hide behind the first. */
export function middleBox(picture: Size, others: number): Box {
  const share = others === 0 ? 0.5 : 0.3;
  const reach = { x: (picture.width * share) / 2, y: (picture.height * share) / 2 };
  const [x, y] = [picture.width / 2, picture.height / 2];
  return boxFromDrag({ x: x - reach.x, y: y - reach.y }, { x: x + reach.x, y: y + reach.y }, picture);
}

/**
 * A box as large as this one, a quarter of its size to the right and below, or where there is more room. Beside one that
 * covers the picture it is smaller, so that both are seen.
 */
export function besideBox(box: Box, picture: Size): Box {
  const aside = (least: number, most: number, length: number): number => {
    const step = Math.max(1, Math.round((most - least) / 4));
    const [after, before] = [Math.min(step, length - most), Math.min(step, least)];
    return after >= before ? after : -before;
  };
  const by = { x: aside(box.x1, box.x2, picture.width), y: aside(box.y1, box.y2, picture.height) };
  return by.x === 0 && by.y === 0 ? { ...box, ...middleBox(picture, 1) } : moveBox(box, by, picture);
}

/** Room between a picture that is shown whole and the edge of the viewport, in CSS pixels. */
const margin = 16;
const largestScale = 64;

/** The view that shows the whole picture in the middle. A small one is enlarged by a whole factor, which keeps it crisp. */
export function fitView(picture: Size, viewport: Size): View {
  const room = Math.min(
    Math.max(1, viewport.width - 2 * margin) / picture.width,
    Math.max(1, viewport.height - 2 * margin) / picture.height,
  );
  const scale = room > 1 ? Math.min(largestScale, Math.floor(room)) : room;
  return keepInSight({ scale, x: 0, y: 0 }, picture, viewport);
}

/** The view at another scale, with the same place of the picture under the given place of the viewport. */
export function zoomAt(view: View, scale: number, at: Point): View {
  const factor = scale / view.scale;
  return { scale, x: at.x - (at.x - view.x) * factor, y: at.y - (at.y - view.y) * factor };
}

/** The places of the first two fingers that touch something; undefined where there is but one. */
export function twoOf(fingers: ReadonlyMap<number, Point>): TwoPoints | undefined {
  const [one, other] = fingers.values();
  return one && other && [one, other];
}

/** The view after two fingers have gone from two places to two others: what was in their middle still is. */
export function pinch(view: View, from: TwoPoints, to: TwoPoints, picture: Size, viewport: Size): View {
  const [before, after] = [middleOf(from), middleOf(to)];
  // Fingers that touch each other would give no scale at all.
  const factor = Math.max(1, distance(to)) / Math.max(1, distance(from));
  const zoomed = zoomAt(view, clampScale(view.scale * factor, picture, viewport), before);
  return { ...zoomed, x: zoomed.x + after.x - before.x, y: zoomed.y + after.y - before.y };
}

const middleOf = ([one, other]: TwoPoints): Point => ({
  x: (one.x + other.x) / 2,
  y: (one.y + other.y) / 2,
});
const distance = ([one, other]: TwoPoints): number => Math.hypot(one.x - other.x, one.y - other.y);

/** The scale within what makes sense: from half of what shows everything to pixels as large as a thumb. */
export function clampScale(scale: number, picture: Size, viewport: Size): number {
  return within(scale, Math.min(1, fitView(picture, viewport).scale) / 2, largestScale);
}

/** The view with the picture in sight: in the middle where it is smaller than the viewport, otherwise without idle room. */
export function keepInSight(view: View, picture: Size, viewport: Size): View {
  const place = (offset: number, length: number, room: number): number =>
    length <= room - 2 * margin ? (room - length) / 2 : within(offset, room - length - margin, margin);
  return {
    scale: view.scale,
    x: place(view.x, picture.width * view.scale, viewport.width),
    y: place(view.y, picture.height * view.scale, viewport.height),
  };
}

const steps = [0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.25, 0.33, 0.5, 0.67, 1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64];

/** The next round scale above or below. */
export function nextScale(scale: number, direction: 1 | -1): number {
  const near = 1.01;
  const found =
    direction > 0 ? steps.find((step) => step > scale * near) : steps.findLast((step) => step < scale / near);
  return found ?? scale;
}

/** Two edges in order, whole, inside, and at least a pixel apart: `from` stays where it is, `to` gives way. */
function span(from: number, to: number, most: number): readonly [least: number, most: number] {
  const fixed = within(Math.round(from), 0, most);
  const moved = within(Math.round(to), 0, most);
  if (fixed !== moved) return fixed < moved ? [fixed, moved] : [moved, fixed];
  const isBefore = fixed > 0 && (to < from || fixed === most);
  return isBefore ? [fixed - 1, fixed] : [fixed, fixed + 1];
}

const within = (value: number, least: number, most: number): number => Math.min(Math.max(value, least), most);
