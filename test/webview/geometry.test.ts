import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Box } from '../../src/core/request.ts';
import type { Size } from '../../src/core/size.ts';
import {
  boxFromDrag,
  clampBox,
  clampScale,
  type Edge,
  edgeRange,
  fitView,
  type Handle,
  keepInSight,
  middleBox,
  moveBox,
  nextScale,
  type Point,
  resizeBox,
  setEdge,
  toPicture,
  toViewport,
  zoomAt,
} from '../../webview-ui/stage/geometry.ts';

const side = fc.integer({ min: 1, max: 9000 });
const size: fc.Arbitrary<Size> = fc.record({ width: side, height: side });
const viewport: fc.Arbitrary<Size> = fc.record({
  width: fc.integer({ min: 100, max: 2000 }),
  height: fc.integer({ min: 100, max: 2000 }),
});
const place: fc.Arbitrary<Point> = fc.record({
  x: fc.double({ min: -10_000, max: 20_000, noNaN: true }),
  y: fc.double({ min: -10_000, max: 20_000, noNaN: true }),
});
const handles: readonly Handle[] = ['nw', 'n', 'ne', 'e', 'se', 's', 'sw', 'w'];
const edges: readonly Edge[] = ['x1', 'y1', 'x2', 'y2'];
/** A picture and a box on it. */
const boxed = fc
  .tuple(size, fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })), place)
  .map(([picture, [x, y], to]) => ({
    picture,
    box: boxFromDrag({ x: x * picture.width, y: y * picture.height }, to, picture),
  }));

function expectInside({ x1, y1, x2, y2 }: Box, { width, height }: Size): void {
  for (const edge of [x1, y1, x2, y2]) expect(Number.isInteger(edge)).toBe(true);
  expect(x1).toBeGreaterThanOrEqual(0);
  expect(y1).toBeGreaterThanOrEqual(0);
  expect(x2).toBeGreaterThan(x1);
  expect(y2).toBeGreaterThan(y1);
  expect(x2).toBeLessThanOrEqual(width);
  expect(y2).toBeLessThanOrEqual(height);
}

describe('boxes', () => {
  test('a drag from anywhere to anywhere gives a whole box inside the picture', () => {
    fc.assert(
      fc.property(place, place, size, (from, to, picture) => expectInside(boxFromDrag(from, to, picture), picture)),
    );
  });

  test('a drag in any direction gives the same box', () => {
    const inside = size
      .filter(({ width, height }) => width > 2 && height > 2)
      .chain((picture) =>
        fc.record({
          picture: fc.constant(picture),
          x: fc.uniqueArray(fc.integer({ min: 0, max: picture.width }), { minLength: 2, maxLength: 2 }),
          y: fc.uniqueArray(fc.integer({ min: 0, max: picture.height }), { minLength: 2, maxLength: 2 }),
        }),
      );
    fc.assert(
      fc.property(inside, ({ picture, x, y }) => {
        const [left = 0, right = 0] = x.toSorted((a, b) => a - b);
        const [top = 0, bottom = 0] = y.toSorted((a, b) => a - b);
        for (const [x1, x2] of [[left, right] as const, [right, left] as const])
          for (const [y1, y2] of [[top, bottom] as const, [bottom, top] as const])
            expect(boxFromDrag({ x: x1, y: y1 }, { x: x2, y: y2 }, picture)).toEqual({
              x1: left,
              y1: top,
              x2: right,
              y2: bottom,
            });
      }),
    );
  });

  test('a drag on the screen gives the exact pixels, at every scale that shows them and wherever the picture lies', () => {
    const drag = fc.record({
      scale: fc.double({ min: 0.1, max: 64, noNaN: true }),
      offset: place,
      box: fc.tuple(
        fc.integer({ min: 0, max: 500 }),
        fc.integer({ min: 0, max: 500 }),
        fc.integer({ min: 501, max: 1000 }),
        fc.integer({ min: 501, max: 1000 }),
      ),
    });
    fc.assert(
      fc.property(drag, ({ scale, offset, box: [x1, y1, x2, y2] }) => {
        const view = { scale, ...offset };
        const from = toPicture(view, toViewport(view, { x: x1, y: y1 }));
        const to = toPicture(view, toViewport(view, { x: x2, y: y2 }));
        expect(boxFromDrag(from, to, { width: 1000, height: 1000 })).toEqual({ x1, y1, x2, y2 });
      }),
    );
  });

  test('a moved box keeps its size and stays inside; moved back it is where it was if nothing stopped it', () => {
    fc.assert(
      fc.property(boxed, place, ({ picture, box }, by) => {
        const moved = moveBox({ ...box, label: 'kept' }, by, picture);
        expectInside(moved, picture);
        expect([moved.x2 - moved.x1, moved.y2 - moved.y1, moved.label]).toEqual([
          box.x2 - box.x1,
          box.y2 - box.y1,
          'kept',
        ]);
        const back = moveBox(moved, { x: box.x1 - moved.x1, y: box.y1 - moved.y1 }, picture);
        expect(back).toEqual({ ...box, label: 'kept' });
      }),
    );
  });

  test('a resized box is whole and inside, and only the edges of its handle move unless it turns over', () => {
    fc.assert(
      fc.property(boxed, place, fc.constantFrom(...handles), ({ picture, box }, by, handle) => {
        const resized = resizeBox(box, handle, by, picture);
        expectInside(resized, picture);
        if (!/[ew]/.test(handle)) expect([resized.x1, resized.x2]).toEqual([box.x1, box.x2]);
        if (!/[ns]/.test(handle)) expect([resized.y1, resized.y2]).toEqual([box.y1, box.y2]);
        const fixed = handle.includes('w') ? box.x2 : box.x1;
        expect([resized.x1, resized.x2]).toContain(fixed);
        expect(resizeBox(box, handle, { x: 0, y: 0 }, picture)).toEqual(box);
      }),
    );
  });

  test('a typed edge is put where the others allow, and no other edge moves', () => {
    fc.assert(
      fc.property(
        boxed,
        fc.constantFrom(...edges),
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        ({ picture, box }, edge, value) => {
          const changed = setEdge(box, edge, value, picture);
          expectInside(changed, picture);
          for (const other of edges) if (other !== edge) expect(changed[other]).toBe(box[other]);
          const [least, most] = edgeRange(box, edge, picture);
          if (value >= least && value <= most) expect(changed[edge]).toBe(Math.round(value));
        },
      ),
    );
  });

  test('a box that is right stays; one that is not becomes so', () => {
    const any = fc.record({
      x1: fc.double({ noNaN: true }),
      y1: fc.double({ noNaN: true }),
      x2: place.map(({ x }) => x),
      y2: place.map(({ y }) => y),
    });
    fc.assert(
      fc.property(boxed, ({ picture, box }) => {
        expect(clampBox(box, picture)).toEqual(box);
      }),
    );
    fc.assert(fc.property(any, size, (box, picture) => expectInside(clampBox(box, picture), picture)));
  });

  test('a box in the middle fits every picture, and a second one differs where there is room', () => {
    fc.assert(
      fc.property(size, (picture) => {
        expectInside(middleBox(picture, 0), picture);
        expectInside(middleBox(picture, 1), picture);
      }),
    );
    expect(middleBox({ width: 400, height: 200 }, 0)).toEqual({ x1: 100, y1: 50, x2: 300, y2: 150 });
    expect(middleBox({ width: 400, height: 200 }, 1)).toEqual({ x1: 140, y1: 70, x2: 260, y2: 130 });
  });
});

describe('views', () => {
  test('a place goes to the screen and back', () => {
    fc.assert(
      fc.property(place, place, fc.double({ min: 0.01, max: 64, noNaN: true }), (at, offset, scale) => {
        const back = toPicture({ scale, ...offset }, toViewport({ scale, ...offset }, at));
        expect(back.x).toBeCloseTo(at.x, 4);
        expect(back.y).toBeCloseTo(at.y, 4);
      }),
    );
  });

  test('what fits is seen whole in the middle, and enlarged by whole factors only', () => {
    fc.assert(
      fc.property(size, viewport, (picture, room) => {
        const { scale, x, y } = fitView(picture, room);
        expect(x).toBeGreaterThanOrEqual(-1e-6);
        expect(y).toBeGreaterThanOrEqual(-1e-6);
        expect(x * 2 + picture.width * scale).toBeCloseTo(room.width, 4);
        expect(y * 2 + picture.height * scale).toBeCloseTo(room.height, 4);
        if (scale > 1) expect(Number.isInteger(scale)).toBe(true);
      }),
    );
  });

  test('zooming keeps the place under the pointer', () => {
    fc.assert(
      fc.property(
        place,
        place,
        fc.double({ min: 0.05, max: 20, noNaN: true }),
        fc.double({ min: 0.05, max: 64, noNaN: true }),
        (at, offset, before, after) => {
          const view = { scale: before, ...offset };
          const under = toPicture(view, at);
          const then = toViewport(zoomAt(view, after, at), under);
          expect(then.x).toBeCloseTo(at.x, 3);
          expect(then.y).toBeCloseTo(at.y, 3);
        },
      ),
    );
  });

  test('a picture cannot be lost from sight', () => {
    fc.assert(
      fc.property(
        size,
        viewport,
        place,
        fc.double({ min: 0.05, max: 64, noNaN: true }),
        (picture, room, offset, scale) => {
          const { x, y } = keepInSight({ scale, ...offset }, picture, room);
          expect(x).toBeLessThan(room.width / 2);
          expect(y).toBeLessThan(room.height / 2);
          expect(x + picture.width * scale).toBeGreaterThan(room.width / 2);
          expect(y + picture.height * scale).toBeGreaterThan(room.height / 2);
        },
      ),
    );
  });

  test('scales go up and down by round steps and end', () => {
    expect(nextScale(0.44, 1)).toBe(0.5);
    expect(nextScale(1, 1)).toBe(1.5);
    expect(nextScale(1, -1)).toBe(0.67);
    expect(nextScale(64, 1)).toBe(64);
    const [picture, room] = [
      { width: 100, height: 100 },
      { width: 500, height: 500 },
    ];
    expect(clampScale(1000, picture, room)).toBe(64);
    expect(clampScale(0.001, picture, room)).toBe(0.5);
  });
});
