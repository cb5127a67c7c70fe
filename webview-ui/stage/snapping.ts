import type { Box } from '../../src/core/request.ts';
import type { Size } from '../../src/core/size.ts';
import { boxFromDrag, type Handle, moveBox, type Point, resizeBox } from './geometry.ts';

type Axis = 'x' | 'y';

/** A line of the picture that a box has been brought to: how far from the left (`x`) or from the top (`y`), in its pixels. */
export interface Guide {
  readonly axis: Axis;
  readonly at: number;
}

export interface Snapped {
  readonly box: Box;
  readonly guides: readonly Guide[];
}

/** What a box can be brought to. */
export interface Surroundings {
  readonly picture: Size;
  /** The other boxes on it. */
  readonly others: readonly Box[];
  /** How near an edge must come to a line to be brought to it, in pixels of the picture; 0 leaves every box where it is put. */
  readonly reach: number;
}

/** The box between two places, its edges brought to the lines that they are near to. */
export function snapDrawn(from: Point, to: Point, around: Surroundings): Snapped {
  const start = nearby(from, around);
  const end = nearby(to, around, start);
  return shown(boxFromDrag(start, end, around.picture), around);
}

/** The box moved; whichever of its edges or its middle is nearest to a line is brought to it. */
export function snapMoved(box: Box, by: Point, around: Surroundings): Snapped {
  const { picture } = around;
  const [x1, x2, y1, y2] = [box.x1 + by.x, box.x2 + by.x, box.y1 + by.y, box.y2 + by.y];
  const across = nearest([x1, x2], linesAcross('x', around), around.reach);
  const down = nearest([y1, y2], linesAcross('y', around), around.reach);
  const middleAcross = nearest([(x1 + x2) / 2], [picture.width / 2], around.reach);
  const middleDown = nearest([(y1 + y2) / 2], [picture.height / 2], around.reach);
  const moved = { x: by.x + smaller(across, middleAcross), y: by.y + smaller(down, middleDown) };
  return shown(moveBox(box, moved, picture), around);
}

/** The box with the edges of one handle moved, and these brought to the lines that they are near to. */
export function snapResized(box: Box, handle: Handle, by: Point, around: Surroundings): Snapped {
  const [isWest, isNorth] = [handle.includes('w'), handle.startsWith('n')];
  const moving = { x: isWest ? box.x1 : box.x2, y: isNorth ? box.y1 : box.y2 };
  const fixed = { x: isWest ? box.x2 : box.x1, y: isNorth ? box.y2 : box.y1 };
  const at = nearby({ x: moving.x + by.x, y: moving.y + by.y }, around, fixed);
  return shown(resizeBox(box, handle, { x: at.x - moving.x, y: at.y - moving.y }, around.picture), around);
}

/** The place brought to the lines that it is near to, but to none on which `but` lies: a box has two sides. */
function nearby(at: Point, around: Surroundings, but?: Point): Point {
  const along = (axis: Axis): number => {
    const lines = linesAcross(axis, around).filter((line) => line !== but?.[axis]);
    return at[axis] + (nearest([at[axis]], lines, around.reach) ?? 0);
  };
  return { x: along('x'), y: along('y') };
}

/** Where edges are brought to: the picture's edges, its middle, and the edges of the other boxes. */
function linesAcross(axis: Axis, { picture, others }: Surroundings): readonly number[] {
  const length = axis === 'x' ? picture.width : picture.height;
  return [0, length, Math.round(length / 2), ...others.flatMap((box) => edgesOf(box, axis))];
}

/** How far the nearest of the places is from the line nearest to it; undefined where none is within reach. */
function nearest(places: readonly number[], lines: readonly number[], reach: number): number | undefined {
  const ways = places.flatMap((place) => lines.map((line) => line - place)).filter((way) => Math.abs(way) < reach);
  return ways.toSorted((one, other) => Math.abs(one) - Math.abs(other))[0];
}

function smaller(one: number | undefined, other: number | undefined): number {
  if (one === undefined || other === undefined) return one ?? other ?? 0;
  return Math.abs(other) < Math.abs(one) ? other : one;
}

/** The box with the lines that it now lies on, which may be others than it was brought to. */
function shown(box: Box, around: Surroundings): Snapped {
  if (around.reach <= 0) return { box, guides: [] };
  const guidesOf = (axis: Axis, length: number): Guide[] => {
    const edges = edgesOf(box, axis);
    const lines = linesAcross(axis, around).filter((line) => edges.includes(line));
    const isInTheMiddle = Math.abs(edges[0] + edges[1] - length) <= 1;
    return [...new Set(isInTheMiddle ? [...lines, length / 2] : lines)].map((at) => ({ axis, at }));
  };
  return { box, guides: [...guidesOf('x', around.picture.width), ...guidesOf('y', around.picture.height)] };
}

const edgesOf = (box: Box, axis: Axis): readonly [number, number] =>
  axis === 'x' ? [box.x1, box.x2] : [box.y1, box.y2];
